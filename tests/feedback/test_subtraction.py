"""Nothing hidden comes out by subtraction: with all files and pages of several months.

Two ways. The attacker of :mod:`tests.feedback.attacker` does the sums that are known to work
elsewhere. And two cities that differ in nothing but what is hidden publish the same, byte for
byte: then no arithmetic, known or not, can tell one from the other.
"""

from __future__ import annotations

import datetime
import json

import pytest
from django.db import transaction
from django.utils import timezone

from feedback import binning, figures, scoring, snapshots
from feedback.models import Snapshot
from feedback.snapshots import publish_month
from tests.feedback.attacker import files, leaks, pages
from tests.feedback.secrets_city import APRIL, JULY, JUNE, MAY, SecretCity

SEEDS = (1, 2, 3)
PUBLISHED = timezone.make_aware(datetime.datetime(2026, 8, 3, 6))


def kept(city, client, secret, *, with_pages=False):
    """Everything that was public of this city at any time; it is all undone afterwards."""
    with transaction.atomic():
        city.fill(secret)
        for month in (APRIL, MAY):
            publish_month(month=month)
        found = keep(city, client, "May", with_pages)
        city.close_and_move()
        publish_month(month=JUNE)
        city.arrive_late()
        publish_month(month=MAY, reason="Nhập bổ sung phiếu giấy.")
        publish_month(month=JUNE, reason="Nhập bổ sung phiếu giấy của tháng 5.")
        publish_month(month=JULY)
        found |= keep(city, client, "July", with_pages)
        transaction.set_rollback(True)
    return found


def keep(city, client, when, with_pages):
    Snapshot.objects.update(published_at=PUBLISHED)
    found = files(client)
    if with_pages:
        found |= {f"{when} {where}": text for where, text in pages(client, city).items()}
    return found


def late(city):
    return frozenset({city.counters[city.late].code})


@pytest.fixture(params=SEEDS)
def city(request, db):
    return SecretCity(request.param)


def test_the_city_has_what_shall_be_hidden(city, client):
    found = kept(city, client, 1)
    shown = {
        where[where.index("?") :]: {
            one["counter"]: one["figures"] for one in json.loads(text)["counters"]
        }
        for where, text in found.items()
        if "scores.json" in where
    }
    assert len(shown) == 6
    code = {name: counter.code for name, counter in city.counters.items()}
    april, may, june, july = (shown[f"?month=2026-0{number}&number=1"] for number in (4, 5, 6, 7))
    for edition in shown.values():
        assert not edition.keys() & {code["small"], code["single"], code["alone"]}
        assert edition[code["half"]]["by_item"]["fees"]["status"] == "hidden"
    assert code["crossing"] not in april
    assert code["crossing"] in may
    assert code["falling"] in april
    assert code["falling"] not in may
    assert code["june"] in may
    assert code["june"] not in june
    assert code["june"] in july


def test_subtraction_gives_nothing(city, client):
    assert leaks(kept(city, client, 1), late=late(city)) == []


def test_cities_that_differ_in_what_is_hidden_publish_the_same(city, client):
    one, other = (kept(city, client, secret) for secret in (1, 2))
    assert [where for where in one if one[where] != other.get(where)] == []
    assert one.keys() == other.keys()


def test_and_so_do_their_pages(db, client):
    city = SecretCity(5)
    one, other = (kept(city, client, secret, with_pages=True) for secret in (1, 2))
    assert len(one) > 90
    assert [where for where in one if one[where] != other[where]] == []


def few_are_shown(monkeypatch):
    for module in (figures, scoring):
        monkeypatch.setattr(module, "is_shown", lambda n, method=None: n > 0)


def small_bins(monkeypatch):
    monkeypatch.setattr(binning, "SMALLEST", 1)


def no_single_officer_rule(monkeypatch):
    monkeypatch.setattr(snapshots, "counters_of_one", lambda months: set())


def single_officer_rule_of_this_month_alone(monkeypatch):
    whole = snapshots._months_of_one

    def this_month(month):
        return {pair for pair in whole(month) if pair[1] == month}

    monkeypatch.setattr(snapshots, "_months_of_one", this_month)


def rates_of_all_answers(monkeypatch):
    whole = snapshots.responses_to

    def of_rollups(as_of, *, answered=None, without=()):
        return whole(as_of, without=without)

    monkeypatch.setattr(snapshots, "responses_to", of_rollups)


def codes_of_hidden_months(monkeypatch):
    whole = snapshots.responses_to

    def of_all(as_of, *, answered=None, without=()):
        return whole(as_of, answered=answered)

    monkeypatch.setattr(snapshots, "responses_to", of_all)


def doubts_of_hidden_months(monkeypatch):
    whole = snapshots._uncounted
    monkeypatch.setattr(snapshots, "_uncounted", lambda as_of, without=(): whole(as_of))


def the_city_of_all_counters(monkeypatch):
    whole = figures._city_body

    def of_all(shown, strengths, uncounted, responses, *rest):
        body = whole(shown, strengths, uncounted, responses, *rest)
        return {**body, "minted": sum(one.minted for one in responses.values())}

    monkeypatch.setattr(figures, "_city_body", of_all)


def pools_of_all_counters(monkeypatch):
    """A pool that knows those with one officer too."""
    whole = figures.figures_of

    def of_all(summaries, fields, uncounted, as_of, *, responses, of_one):
        right = whole(summaries, fields, uncounted, as_of, responses=responses, of_one=of_one)
        wrong = whole(summaries, fields, uncounted, as_of, responses=responses)
        for counter, body in right.counters.items():
            if body["status"] != "hidden":
                body["prior"] = wrong.counters[counter]["prior"]
        return right

    monkeypatch.setattr(snapshots, "figures_of", of_all)


UNPROTECTED = [
    few_are_shown,
    small_bins,
    no_single_officer_rule,
    single_officer_rule_of_this_month_alone,
    rates_of_all_answers,
    codes_of_hidden_months,
    doubts_of_hidden_months,
    the_city_of_all_counters,
    pools_of_all_counters,
]
#: What the known sums alone give away; the others show between two cities only.
KNOWN = {small_bins, rates_of_all_answers, the_city_of_all_counters, pools_of_all_counters}


@pytest.mark.parametrize("without", UNPROTECTED, ids=lambda one: one.__name__)
def test_each_protection_is_missed(db, client, monkeypatch, without):
    city = SecretCity(1)
    without(monkeypatch)
    one, other = (kept(city, client, secret) for secret in (1, 2))
    assert one != other
    assert bool(leaks(one, late=late(city))) == (without in KNOWN)
