"""A counter moves to another office: what it gave out before still works, and counts for it."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone

from feedback import poster_codes, slips
from feedback.display_codes import code_at, step_of
from feedback.minting import Outcome, Wanted, mint, mint_all, mint_roll
from feedback.models import Minted, Rating, SlipRoll
from feedback.ways import Refusal, resolve
from tests.factories import make_counter, make_office
from tests.feedback.filling import GOOD, opened, send
from tests.feedback.test_display_codes import make_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter():
    cache.clear()
    return make_counter(make_office("Nơi cũ"), code="ABC0123")


def move(counter) -> None:
    counter.office = make_office("Nơi mới")
    counter.save()


def test_every_code_that_is_out_opens_the_form_and_counts_for_the_counter(client, counter):
    today = timezone.localdate()
    receipt = mint(counter=counter, kind="receipt", day=today, outside_id="H1")
    roll = slips.make_roll(counter=counter, day=today, slips=3, user=None, today=today)
    slip = mint_roll(roll)[0]
    poster = poster_codes.current(counter).code
    screen = code_at(make_device(counter=counter), step_of(timezone.now()))
    move(counter)
    for code, channel in (
        (receipt, "receipt"),
        (slip, "receipt"),
        (poster, "poster"),
        (screen, "display"),
    ):
        page = opened(client, f"/r/{code}")
        assert "Nơi mới" in page.text
        assert send(client, page, **GOOD).status_code == 303
        assert Rating.objects.filter(counter=counter, channel=channel).exists()
    assert Rating.objects.count() == 4


def test_the_same_receipt_sent_again_has_its_code_and_is_not_counted_twice(counter):
    today = timezone.localdate()
    wanted = Wanted(counter, "receipt", today, "H1")
    first = mint_all([wanted])[0]
    move(counter)
    again = mint_all([wanted])[0]
    assert (again.outcome, again.code) == (Outcome.REPEATED, first.code)
    assert Minted.objects.get().count == 1


def test_a_roll_is_printed_again_and_handed_back(counter):
    today = timezone.localdate()
    roll = slips.make_roll(counter=counter, day=today, slips=4, user=None, today=today)
    codes = mint_roll(roll)
    move(counter)
    roll = SlipRoll.objects.select_related("counter").get()
    assert mint_roll(roll) == codes
    assert slips.hand_back(roll=roll, first=3, user=None) == (2, 0)
    ways = [resolve(code) for code in codes]
    kinds = [way.kind if isinstance(way, Refusal) else "" for way in ways]
    assert kinds == ["", "", "void", "void"]
