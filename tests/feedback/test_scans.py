"""Scans of printed codes: counted beside the form, and what is odd about them on made-up days."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cms.models import WorkingDayChange
from cms.scopes import Scope
from feedback import poster_codes, scan_alarms, scan_watch, scans
from feedback.models import CodeScans, PosterCode
from tests.factories import make_counter, make_office

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _nothing_waits():
    scans.keeper.forget()
    yield
    scans.keeper.forget()


def at(day: date, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


# Counting


@pytest.mark.django_db
def test_a_scan_is_counted_by_day_and_hours(django_assert_num_queries):
    poster = poster_codes.find(make_counter(code="ABC0123").code)
    with django_assert_num_queries(0):
        for clock in ("6:55", "7:00", "8:30", "12:30", "17:59", "18:00", "23:59"):
            scans.note(poster, at(MONDAY, clock))
        scans.note(poster, at(MONDAY + timedelta(days=6), "9:00"))  # a Sunday
        scans.note(None, at(MONDAY, "9:00"))
    assert not PosterCode.objects.exists()
    assert scans.keeper.flush() == 8
    rows = CodeScans.objects.order_by("day", "in_hours").values_list("day", "in_hours", "count")
    sunday = MONDAY + timedelta(days=6)
    assert list(rows) == [(MONDAY, False, 3), (MONDAY, True, 4), (sunday, False, 1)]
    stored = PosterCode.objects.get()
    assert (stored.code, stored.last_scan_on) == ("ABC0123", sunday)
    scans.note(stored, at(MONDAY, "9:00"))
    scans.keeper.flush()
    assert CodeScans.objects.get(day=MONDAY, in_hours=True).count == 5
    stored.refresh_from_db()
    assert stored.last_scan_on == sunday


@pytest.mark.django_db
def test_holidays_and_worked_saturdays_are_known():
    counter = make_counter()
    saturday = MONDAY + timedelta(days=5)
    WorkingDayChange.objects.create(
        date=saturday, kind=WorkingDayChange.Kind.WORKS, name="làm bù", like_weekday=0
    )
    WorkingDayChange.objects.create(
        date=MONDAY, kind=WorkingDayChange.Kind.OFF, name="mất điện", office=counter.office
    )
    poster = poster_codes.current(counter)
    for day in (MONDAY, saturday):
        scans.note(poster, at(day, "9:00"))
    scans.keeper.flush()
    assert dict(CodeScans.objects.values_list("day", "in_hours")) == {MONDAY: False, saturday: True}


@pytest.mark.django_db
def test_a_database_that_does_not_answer_costs_no_scan(monkeypatch, caplog):
    poster = poster_codes.current(make_counter())
    scans.note(poster, at(MONDAY, "9:00"))
    with monkeypatch.context() as broken:
        broken.setattr(
            scans, "insert_or_add", lambda *_, **__: (_ for _ in ()).throw(OperationalError)
        )
        assert scans.keeper.flush() == scans.keeper.flush() == 0
    assert [record.message for record in caplog.records] == [
        "scans are not counted: OperationalError"
    ]
    assert scans.keeper.flush() == 1
    assert CodeScans.objects.get().count == 1


@pytest.mark.django_db
def test_what_is_wrong_with_the_count_never_reaches_the_form(monkeypatch, caplog):
    poster = poster_codes.find(make_counter().code)
    monkeypatch.setattr(scans.keeper, "add", lambda *_: 1 / 0)
    scans.note(poster)
    assert "ZeroDivisionError" in caplog.text


def test_what_waits_is_bounded(monkeypatch):
    monkeypatch.setattr(scans, "WAITING", 3)
    keeper = scans.Keeper()
    for quarter in range(5):
        keeper.add(scans.Scan(1, "ABC0123", MONDAY, quarter))
    keeper.add(scans.Scan(1, "ABC0123", MONDAY, 0))
    assert keeper._waiting.total() == 4


@pytest.mark.django_db
def test_opening_the_form_is_a_scan_and_sending_it_is_not(client):
    counter = make_counter()
    address = reverse("rate", args=[counter.code])
    client.get(address)
    client.head(address)
    client.post(address, {})
    assert scans.keeper.flush() == 1


# The rules, on made-up days


def days(number: int, last: date = MONDAY) -> list[date]:
    """Open days, Monday to Friday, the latest last."""
    found, day = [], last
    while len(found) < number:
        if day.weekday() < 5:
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def test_a_busy_code_falls_silent_after_a_day_a_quiet_one_after_a_week():
    thirty = days(40)
    busy = dict.fromkeys(thirty[:-1], 30)
    found = scan_watch.silence(thirty, busy)
    assert found == scan_watch.Silence(1, 30.0, thirty[-1])
    slow = dict.fromkeys(thirty, 2)
    lengths = []
    for quiet in range(1, 12):
        slow.pop(thirty[-quiet])
        if scan_watch.silence(thirty, slow):
            lengths.append(quiet)
    assert lengths[0] == 6


@pytest.mark.parametrize("usual", [0, 0.05])
def test_a_code_hardly_ever_scanned_is_never_silent(usual):
    open_days = days(60)
    counts = {day: 1 for n, day in enumerate(open_days[:-20]) if usual and n % 20 == 0}
    assert scan_watch.silence(open_days, counts) is None


def test_a_new_sheet_has_no_usual_yet():
    open_days = days(10)
    assert scan_watch.silence(open_days, dict.fromkeys(open_days[:9], 50)) is None
    assert scan_watch.silence([], {}) is None


@pytest.mark.parametrize("mean", [1, 3, 8, 20])
def test_honest_codes_are_hardly_ever_called_silent(mean):
    """A year of a city's codes whose days clump (one in ten has a third, one in ten three times
    the visitors): at most one false alarm in two thousand code-days."""
    dice = random.Random(5 + mean)
    open_days = days(250)
    false = looked = 0
    for _ in range(8):
        counts = {
            day: poisson(dice, mean * dice.choice([1 / 3, 1, 1, 1, 1, 1, 1, 1, 1, 3]))
            for day in open_days
        }
        for end in range(20, len(open_days), 3):
            looked += 1
            false += scan_watch.silence(open_days[:end], counts) is not None
    assert false <= looked / 2000 + 1


def poisson(dice: random.Random, mean: float) -> int:
    left, count = 1.0, -1
    while left > 2.718281828**-mean:
        left *= dice.random()
        count += 1
    return count


@given(st.lists(st.integers(0, 60), min_size=0, max_size=60))
def test_any_counts_are_looked_at(counts):
    open_days = days(len(counts)) if counts else []
    found = scan_watch.silence(open_days, dict(zip(open_days, counts, strict=True)))
    if found:
        assert set(counts[-found.days :]) == {0}
        assert counts[-found.days - 1] > 0


@pytest.mark.parametrize(
    ("inside", "outside", "odd"),
    [
        (0, 19, False),
        (0, 20, True),
        (10, 10, False),
        (40, 60, True),
        (90, 110, False),
        (0, 0, False),
    ],
)
def test_mostly_outside_hours_is_more_than_half_beyond_chance(inside, outside, odd):
    found = scan_watch.out_of_hours(inside, outside)
    assert bool(found) is odd
    if found:
        assert (found.outside, found.total) == (outside, inside + outside)


# The list


def fill(poster: PosterCode, counts: dict[date, int], *, inside: bool = True) -> None:
    CodeScans.objects.bulk_create(
        CodeScans(code=poster, day=day, in_hours=inside, count=count)
        for day, count in counts.items()
    )
    poster.last_scan_on = max(max(counts), poster.last_scan_on or date.min)
    poster.save()


@pytest.mark.django_db
def test_the_list_names_codes_to_look_at_and_no_others(django_assert_max_num_queries):
    office = make_office()
    today = MONDAY + timedelta(days=1)
    usual = days(35)
    quiet, fine, night, fresh = (
        poster_codes.current(make_counter(office, name=name)) for name in ("A", "B", "C", "D")
    )
    fill(quiet, dict.fromkeys(usual[:-2], 12))
    fill(fine, dict.fromkeys(usual, 12))
    fill(night, dict.fromkeys(usual, 1))
    fill(night, dict.fromkeys(usual, 5), inside=False)
    with django_assert_max_num_queries(10):
        found = scan_alarms.alarms(Scope(), today)
    assert [one.poster for one in found] == [quiet, night]
    assert found[0].silence == scan_watch.Silence(2, 12.0, usual[-2])
    assert found[0].hours is None
    assert found[1].silence is None
    assert found[1].hours.outside == 5 * sum(day > today - timedelta(days=28) for day in usual)
    elsewhere = Scope(offices=frozenset([make_office().pk]))
    assert scan_alarms.alarms(elsewhere, today) == []
    assert fresh not in [one.poster for one in found]


@pytest.mark.django_db
def test_a_new_sheet_nobody_hung_up_and_an_old_one_still_hanging_are_told():
    counter = make_counter()
    today = MONDAY + timedelta(days=1)
    usual = days(35)
    old = poster_codes.current(counter)
    fill(old, dict.fromkeys(usual[:-2], 12))
    new = poster_codes.replace(
        counter=counter, edition=1, reason="Tờ rách", user=None, today=usual[-3]
    )
    fill(PosterCode.objects.get(pk=old.pk), {usual[-1]: 7})
    found = scan_alarms.alarms(Scope(), today)
    assert [(one.poster.pk, one.old) for one in found] == [(old.pk, 7), (new.pk, 0)]
    assert found[1].silence.days == 2


@pytest.mark.django_db
def test_the_editor_sees_numbers_and_alarms(admin_client, django_assert_max_num_queries):
    cache.clear()  # the number on the home panel may be ten minutes old
    counter = make_counter(name="Quầy 7", code="ABC0123")
    poster = poster_codes.current(counter)
    today = datetime.now(VIETNAM).date()
    fill(poster, {today - timedelta(days=n): 3 for n in range(20)}, inside=False)
    page = admin_client.get(reverse("poster_codes"))
    text = " ".join(page.content.decode().split())
    assert "Quét chủ yếu ngoài giờ làm việc: 60 trong 60 lượt" in text
    assert poster.serial in text
    home = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "mã QR tại quầy cần xem lại" in home
    for n in range(8):
        make_counter(counter.office, name=f"Quầy khác {n}")
    with django_assert_max_num_queries(40):
        admin_client.get(reverse("poster_codes"))
    assert (
        "Không có quầy nào khớp"
        in admin_client.get(reverse("poster_codes"), {"q": "không có đâu"}).content.decode()
    )


@pytest.mark.django_db
def test_old_scans_are_forgotten():
    poster = poster_codes.current(make_counter())
    fill(poster, {MONDAY: 1, MONDAY - timedelta(days=500): 1})
    assert scan_alarms.forget_old(MONDAY) == 1
    assert CodeScans.objects.get().day == MONDAY
