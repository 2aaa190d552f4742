"""The worker's round: what it puts aside, what it leaves to a person, what it leaves alone."""

from __future__ import annotations

import datetime
import random

import pytest

from feedback.models import Case, Minted, Rating, Trace
from feedback.models.receipts import MintedKind
from feedback.recounting import recount
from feedback.trust import watching
from tests.factories import make_counter, make_office
from tests.feedback.trusted import DAY, rate

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 6, 10, 16, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


@pytest.fixture
def counter():
    return make_counter(make_office())


def tickets(counter, number, day=DAY):
    Minted.objects.create(counter=counter, day=day, kind=MintedKind.SLIP, count=number)


def found():
    return sorted(Case.objects.values_list("signal", "automatic", "evidence__answers"))


def test_a_burst_is_put_aside_and_quiet_answers_go_on_counting(counter):
    tickets(counter, 45)
    quiet = [rate(counter, window=window) for window in (50, 58, 85)]
    stuffed = [rate(counter, window=90 + number % 2) for number in range(8)]
    watching.look(NOW)
    aside = set(Rating.objects.filter(standing="quarantined").values_list("pk", flat=True))
    assert aside == set(stuffed)
    assert not aside & set(quiet)
    assert found() == [("burst", True, 8)]
    assert recount().differences == []
    assert watching.look(NOW) == 0  # a second round finds nothing new


def test_a_campaign_that_asks_everybody_is_no_burst(counter):
    tickets(counter, 100)
    source = random.Random(3)
    for _ in range(60):
        rate(counter, window=source.choice([*range(48, 69), *range(81, 102)]))
    watching.look(NOW)
    assert found() == []


def test_more_answers_than_tickets_are_put_aside_whole(counter):
    tickets(counter, 10)
    for number in range(20):
        rate(counter, window=48 + number)
    rate(counter, channel="receipt")
    watching.look(NOW)
    assert found() == [("excess", True, 20)]
    assert Rating.objects.filter(standing="counted").count() == 1


def test_one_browser_through_many_counters(counter):
    others = [make_counter(counter.office) for _ in range(5)]
    for number, one in enumerate([counter, *others]):
        rate(one, window=60 + number // 3, browser=b"b" * 16)
    for number, one in enumerate(others[:3]):  # a person at three counters
        rate(one, window=60 + number, browser=b"c" * 16)
    watching.look(NOW)
    assert found() == [("device", True, 1)] * 6
    assert Rating.objects.filter(standing="counted").count() == 3


def test_one_network_is_no_reason(counter):
    tickets(counter, 60)
    for number in range(12):
        rate(counter, window=48 + 4 * number)  # all from one office's network
    watching.look(NOW)
    assert found() == []


def test_fast_answers_and_answers_at_night_go_to_a_person(counter):
    tickets(counter, 80)
    for number in range(6):
        rate(counter, window=48 + 3 * number, seconds=1)
    for number in range(10):
        rate(counter, channel="display", window=4 * number)
    watching.look(NOW)
    assert found() == [("after_hours", False, 10), ("too_fast", False, 6)]
    assert not Rating.objects.filter(standing="quarantined").exists()


def test_many_ratings_by_a_screen_in_ten_minutes_go_to_a_person(counter):
    tickets(counter, 80)
    for window in (50, 60, 84):
        rate(counter, channel="display", window=window)
    for _ in range(12):
        rate(counter, channel="display", window=90)
    watching.look(NOW)
    assert found() == [("screen", False, 12)]
    assert not Rating.objects.filter(standing="quarantined").exists()
    assert watching.look(NOW) == 0


def test_a_roll_that_is_used_up_in_a_day_goes_to_a_person(counter):
    for ago in range(10, 0, -1):
        day = DAY - datetime.timedelta(days=ago)
        tickets(counter, 60, day)
        for _ in range(6 if ago > 1 else 45):
            rate(counter, channel="receipt", day=day)
    assert watching.look_daily(NOW)
    case = Case.objects.get()
    assert (case.signal, case.automatic, case.first_day) == (
        "slips",
        False,
        DAY - datetime.timedelta(days=1),
    )
    assert not Rating.objects.filter(standing="quarantined").exists()
    assert watching.look_daily(NOW) == 0


def test_a_city_that_asks_everybody_is_no_surge(counter):
    for one in [counter, *(make_counter(counter.office) for _ in range(8))]:
        for ago in (4, 3, 2, 1):
            day = DAY - datetime.timedelta(days=ago)
            tickets(one, 60, day)
            for _ in range(3 if ago > 1 else 24):
                rate(one, channel="receipt", day=day)
    watching.look_daily(NOW)
    assert found() == []


def test_traces_are_forgotten_by_the_round(counter):
    rate(counter, window=60, day=DAY - datetime.timedelta(days=2))
    rate(counter, window=60, day=DAY - datetime.timedelta(days=1))
    watching.look(NOW)
    assert Trace.objects.count() == 1


def test_poster_fives_against_poor_receipts_open_a_case_after_the_month(counter):
    counters = [counter, *(make_counter(counter.office) for _ in range(9))]
    source = random.Random(5)
    for one in counters:
        for number in range(30):
            day = datetime.date(2026, 5, 4) + datetime.timedelta(days=number % 25)
            rate(one, channel="receipt", day=day, level=source.choice([2, 3, 3, 4]))
            level = 5 if one == counter else source.choice([2, 3, 3, 4])
            if number % 2:
                rate(one, day=day, level=level)
    watching.look_daily(NOW)
    assert list(Case.objects.values_list("counter", "signal", "automatic")) == [
        (counter.pk, "divergence", False)
    ]
    case = Case.objects.get()
    assert (case.first_day, case.last_day) == (
        datetime.date(2026, 5, 1),
        datetime.date(2026, 5, 31),
    )
    assert case.ratings.count() == 15


def test_screen_fives_against_poor_receipts_open_a_case_after_the_month(counter):
    counters = [counter, *(make_counter(counter.office) for _ in range(9))]
    source = random.Random(6)
    for one in counters:
        for number in range(20):
            day = datetime.date(2026, 5, 4) + datetime.timedelta(days=number)
            rate(one, channel="receipt", day=day, level=source.choice([2, 3, 3, 4]))
            level = 5 if one == counter else source.choice([2, 3, 3, 4])
            rate(one, channel="display", day=day, level=level)
    watching.look_daily(NOW)
    assert list(Case.objects.values_list("counter", "signal", "automatic")) == [
        (counter.pk, "screen", False)
    ]
    assert Case.objects.get().ratings.count() == 20


def test_comments_that_are_nearly_the_same_open_a_case(counter):
    from feedback.models import Comment

    words = "cán bộ ở quầy này rất nhiệt tình và chu đáo với người dân"
    for number, text in enumerate(
        [words, words + "!", words.upper(), "Tôi phải chờ hai tiếng liền"]
    ):
        Comment.objects.create(
            rating_id=rate(counter),
            counter=counter,
            follow_up=f"CODE{number}",
            text=text,
            received_on=DAY,
        )
    watching.look_daily(NOW)
    assert found() == [("same_text", False, 3)]


def test_a_round_asks_as_often_for_one_counter_as_for_many(counter, django_assert_max_num_queries):
    for number in range(6):
        one = make_counter(counter.office)
        tickets(one, 60)
        for window in range(50, 57):
            rate(one, window=window + number)
    with django_assert_max_num_queries(60):
        watching.look(NOW)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_database_puts_aside_what_the_simulator_judges(number):
    from bench.trust_replay import SAMPLE, judged_places, replay, sampled

    world = sampled()[number]
    office = make_office()
    counters = [make_counter(office) for _ in range(SAMPLE["counters"])]
    stored = replay(world, counters)
    assert stored
    assert stored == judged_places(world)
    assert recount().differences == []
