"""The tablet at a counter: forms ahead of time, an hour without a network, one-time codes."""

from __future__ import annotations

import datetime
import json
import re
import time

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback import pairing
from feedback.devices import destroy_old_salts
from feedback.kiosk import FORMS_A_DAY, give_forms
from feedback.minting import mint
from feedback.models import Device, DeviceDay, MonthSecret, Rating, Rollup, SpentCode
from feedback.ways import resolve
from tests.factories import make_counter
from tests.feedback.test_display import paired
from tests.feedback.test_display_codes import make_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def device():
    cache.clear()  # a new device may have the number of another test's
    return make_device(kind="kiosk")


@pytest.fixture
def tablet(device):
    return paired(device)


def post(tablet: Client, name: str, body) -> object:
    return tablet.post(reverse(name), json.dumps(body), content_type="application/json")


def forms(tablet: Client, number: int) -> list[str]:
    given = post(tablet, "kiosk_forms", {"wanted": [number, 0]}).json()["forms"]
    return given[timezone.localdate().isoformat()]


def rating(token: str, *, at: float | None = None, attitude: int = 5, **more) -> dict:
    levels = {"attitude": attitude, "time": 4, "clarity": 0}
    moment = int(time.time() if at is None else at)
    return {"token": token, "at": moment, "levels": levels, "drivers": 0, "code": "", **more}


def send(tablet: Client, *ratings: dict) -> dict[str, str]:
    answer = post(tablet, "kiosk_send", {"ratings": list(ratings)})
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def at_noon(seconds: int = 0) -> int:
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return int(noon.timestamp()) + seconds


def test_an_hour_in_the_outbox_arrives_once_whatever_is_sent_again(device, tablet):
    waiting = [
        rating(token, at=at_noon(60 * place), attitude=1 + place % 5)
        for place, token in enumerate(forms(tablet, 60))
    ]
    for start in (0, 20, 40):
        part = waiting[start : start + 20]
        assert set(send(tablet, *part).values()) == {"stored"}
        assert set(send(tablet, *part).values()) == {"known"}  # the answer was lost on the way
    assert Rating.objects.count() == 60
    assert set(Rating.objects.values_list("channel", "standing", "counter")) == {
        ("poster", "counted", device.counter.pk)
    }
    counted = Rollup.objects.filter(item="attitude", day=timezone.localdate())
    assert sum(counted.values_list("count", flat=True)) == 60


def test_two_within_ten_seconds_count_as_one(tablet):
    first, second, third = forms(tablet, 3)
    send(
        tablet,
        rating(first, at=at_noon(1)),
        rating(second, at=at_noon(8), attitude=1),
        rating(third, at=at_noon(11)),
    )
    assert Rating.objects.count() == 3
    assert sorted(Rating.objects.values_list("standing", "attitude")) == [
        ("counted", 5),
        ("counted", 5),
        ("duplicate", 1),
    ]
    assert DeviceDay.objects.count() == 2


def test_a_second_tablet_has_tens_of_seconds_of_its_own(device, tablet):
    other = paired(make_device(kind="kiosk", counter=device.counter))
    send(tablet, rating(*forms(tablet, 1), at=at_noon()))
    send(other, rating(*forms(other, 1), at=at_noon()))
    assert Rating.objects.filter(standing="counted").count() == 2


def test_the_form_fixes_the_day(device, tablet):
    today = timezone.localdate()
    yesterday = give_forms(device, day=today - datetime.timedelta(days=1), number=1)
    tomorrow = give_forms(device, day=today + datetime.timedelta(days=1), number=1)
    send(tablet, rating(*yesterday), rating(*tomorrow))
    days = sorted(Rating.objects.values_list("service_day", flat=True))
    assert days == [today - datetime.timedelta(days=1), today]  # never a day to come


def test_an_outbox_of_days_counts_after_its_salt_is_gone(device, tablet):
    day = timezone.localdate() - datetime.timedelta(days=4)
    destroy_old_salts()
    old = give_forms(device, day=day, number=2)
    assert set(send(tablet, *(rating(token) for token in old)).values()) == {"stored"}
    assert Rating.objects.filter(standing="counted", service_day=day).count() == 2


def test_what_is_not_this_tablets_own_is_refused(device, tablet, monkeypatch):
    today = timezone.localdate()
    others = give_forms(make_device(kind="kiosk"), day=today, number=1)
    mine = give_forms(device, day=today, number=2)
    altered = mine[0][:-1] + ("A" if mine[0][-1] != "A" else "B")
    wrong = rating(mine[1])
    wrong["levels"]["attitude"] = 6
    results = send(tablet, rating(*others), rating(altered), wrong)
    assert set(results.values()) == {"refused"}
    assert not Rating.objects.exists()
    # A form is good for a week.
    real = time.time
    monkeypatch.setattr("django.core.signing.time.time", lambda: real() + 8 * 86400)
    assert send(tablet, rating(mine[1])) == {mine[1]: "refused"}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"ratings": 1},
        {"ratings": [{}] * 21},
        {"wanted": "1"},
        {"wanted": [-1]},
        {"wanted": [True]},
    ],
)
def test_damaged_sendings_are_400_and_store_nothing(tablet, body):
    assert post(tablet, "kiosk_send", body).status_code == 400
    assert post(tablet, "kiosk_forms", body).status_code == 400
    broken = tablet.post(reverse("kiosk_send"), "{" * 9, content_type="application/json")
    assert broken.status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"levels": None},
        {"levels": {}},
        {"levels": {"attitude": "5"}},
        {"at": "now"},
        {"at": True},
        {"drivers": 128},
        {"code": 7},
    ],
)
def test_a_damaged_rating_is_refused_and_the_others_stored(tablet, change):
    good, bad = forms(tablet, 2)
    assert send(tablet, rating(bad) | change, rating(good)) == {bad: "refused", good: "stored"}
    assert Rating.objects.count() == 1


def test_a_moment_that_is_none_stores_all_the_same(tablet):
    one, other = forms(tablet, 2)
    assert set(send(tablet, rating(one, at=10**15), rating(other, at=-5)).values()) == {"stored"}


def test_a_form_of_another_site_sends_nothing(tablet):
    (token,) = forms(tablet, 1)
    sent = tablet.post(reverse("kiosk_send"), {"ratings": json.dumps([rating(token)])})
    assert sent.status_code == 400
    assert not Rating.objects.exists()


def test_a_one_time_code_makes_it_a_receipt_rating_of_its_counter(device, tablet):
    served = make_counter(device.counter.office, name="Quầy phục vụ")
    code = mint(counter=served, kind="receipt", day=timezone.localdate(), outside_id="H01-0001")
    one, other = forms(tablet, 2)
    first = rating(one, code=code)
    assert send(tablet, first) == {one: "stored"}
    assert send(tablet, first) == {one: "known"}  # though the code is spent by now
    stored = Rating.objects.get()
    assert (stored.channel, stored.counter) == ("receipt", served)
    assert SpentCode.objects.count() == 1
    # Somebody else with the same slip is an answer at the kiosk, no more.
    assert send(tablet, rating(other, code=code)) == {other: "stored"}
    assert Rating.objects.filter(channel="poster", counter=device.counter).count() == 1


@pytest.mark.parametrize("code", ["0" * 26, "ABC", "ABC0123", "!" * 26])
def test_a_code_that_is_no_good_loses_no_answer(tablet, code):
    (token,) = forms(tablet, 1)
    assert send(tablet, rating(token, code=code)) == {token: "stored"}
    assert Rating.objects.get().channel == "poster"
    assert not SpentCode.objects.exists()


def test_a_code_whose_keys_are_destroyed_as_it_arrives_loses_no_answer(device, tablet, monkeypatch):
    code = mint(
        counter=device.counter, kind="receipt", day=timezone.localdate(), outside_id="H01-0001"
    )
    way = resolve(code)
    MonthSecret.objects.all().delete()
    monkeypatch.setattr("feedback.kiosk.resolve", lambda _: way)  # looked at a moment before
    one, other = forms(tablet, 2)
    sent = [rating(one, code=code, at=at_noon()), rating(other, at=at_noon(60))]
    assert send(tablet, *sent) == {one: "stored", other: "stored"}
    assert send(tablet, *sent) == {one: "known", other: "known"}
    assert list(Rating.objects.values_list("channel", flat=True)) == ["poster"] * 2


def test_a_revoked_tablet_is_refused_with_its_outbox(device, tablet):
    tokens = forms(tablet, 2)
    send(tablet, rating(tokens[0]))
    pairing.revoke(device, today=timezone.localdate())
    for name, body in (
        ("kiosk_send", {"ratings": [rating(tokens[1])]}),
        ("kiosk_forms", {"wanted": [1, 0]}),
    ):
        answer = post(tablet, name, body)
        assert answer.status_code == 403
        assert answer.json() == {"refused": "revoked"}
    page = tablet.get(reverse("kiosk"))
    assert page.status_code == 403
    assert "đã bị thu hồi" in page.content.decode()
    assert Rating.objects.count() == 1


def test_sendings_of_one_tablet_are_limited(tablet, settings, monkeypatch):
    monkeypatch.setattr("feedback.limits.PER_KIOSK_MINUTE", 2)
    answers = [post(tablet, "kiosk_send", {"ratings": []}) for _ in range(4)]
    assert {answer.status_code for answer in answers[-1:]} == {429}
    assert int(answers[-1]["Retry-After"]) > 0


def test_forms_are_given_within_bounds(tablet):
    given = post(tablet, "kiosk_forms", {"wanted": [10**6, 3, 50]}).json()["forms"]
    assert [len(each) for each in given.values()] == [FORMS_A_DAY, 3]


def test_the_page_speaks_both_languages_and_holds_no_key(device, tablet, settings):
    page = tablet.get(reverse("kiosk"))
    text = page.content.decode()
    known = json.loads(re.search(r'<script id="known"[^>]*>(.*?)</script>', text, re.S)[1])
    assert set(known["texts"]) == {"vi", "en"}
    assert known["texts"]["vi"]["unknown"] == "Chưa biết"
    assert known["texts"]["en"]["unknown"] != "Chưa biết"
    assert settings.SECRET_KEY not in text
    assert "<noscript>" in text
    assert f"testserver/r/{device.counter.code}" in text


def test_strangers_get_nothing(device):
    browser = Client()
    assert browser.get(reverse("kiosk")).status_code == 403
    assert post(browser, "kiosk_forms", {"wanted": [1, 0]}).status_code == 403
    assert post(browser, "kiosk_send", {"ratings": []}).status_code == 403
    assert Device.objects.get().last_seen_on is None
