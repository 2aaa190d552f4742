"""Answers put aside and given back: a score as if they had never been there, then to the digit."""

from __future__ import annotations

import datetime
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import ledger
from feedback.models import Case, LedgerEntry, Rating, Rollup
from feedback.models.ratings import ITEMS
from feedback.recounting import recount
from feedback.rollups import CountsMissing
from feedback.snapshots import live_figures
from feedback.trust.cases import NotAllowed, NotNow, contest, decide, open_case, why_not
from tests.factories import make_counter, make_office
from tests.feedback.trusted import DAY, person, rate

pytestmark = pytest.mark.django_db


def stored():
    fields = ("counter_id", "item", "channel", "day", "level", "count")
    return sorted(Rollup.objects.filter(count__gt=0).values_list(*fields))


def open_burst(counter, answers, **changes):
    facts = {
        "counter": counter,
        "signal": "burst",
        "first_day": DAY,
        "last_day": DAY,
        "answers": answers,
        "evidence": {"answers": len(answers)},
        "automatic": True,
    }
    return open_case(**{**facts, **changes})


def said(case, user, state):
    return decide(case=case, user=user, state=state, note="Đã xem.", public_note="Đã xem xét.")


@pytest.fixture
def counter():
    return make_counter(make_office())


@pytest.fixture
def two(db):
    return [person(name, "change_case") for name in ("mot", "hai")]


def test_a_stuffed_counter_scores_as_if_nothing_had_been_stuffed(counter, two):
    for number in range(40):
        rate(counter, channel="receipt", level=1 + number % 4)
    before = live_figures(as_of=DAY).counters[counter.pk]
    answers = [rate(counter) for _ in range(30)]
    stuffed = live_figures(as_of=DAY).counters[counter.pk]
    assert stuffed["score"] > before["score"]
    case = open_burst(counter, answers)
    after = live_figures(as_of=DAY).counters[counter.pk]
    assert {k: v for k, v in after.items() if "quarantined" not in k and k != "by_item"} == {
        k: v for k, v in before.items() if "quarantined" not in k and k != "by_item"
    }
    assert after["quarantined_why"] == {"burst": 30}
    said(case, two[0], "released")
    assert live_figures(as_of=DAY).counters[counter.pk] == after  # one person is not enough
    case = said(case, two[1], "released")
    assert case.state == "released"
    assert live_figures(as_of=DAY).counters[counter.pk] == stuffed
    assert recount().differences == []


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_any_order_of_putting_aside_and_giving_back_leaves_the_counts_right(counter, two, seed):
    source = random.Random(seed)
    channels = ["poster", "poster", "receipt", "display"]
    answers = [rate(counter, channel=source.choice(channels), level=source.randint(1, 5))
               for _ in range(12)]  # fmt: skip
    at_first = stored()
    opened = []
    for step in range(10):
        if source.random() < 0.5:
            few = source.sample(answers, source.randint(1, 6))
            posters = set(
                Rating.objects.filter(pk__in=few, channel="poster").values_list("pk", flat=True)
            )
            day = DAY + datetime.timedelta(days=step)
            if case := open_burst(counter, posters, first_day=day, last_day=day):
                opened.append(case)
        elif opened:
            case = opened.pop(source.randrange(len(opened)))
            said(case, two[0], "released")
            said(case, two[1], "released")
        assert recount().differences == []
    for case in opened:
        said(case, two[1], "released")
        said(case, two[0], "released")
    assert stored() == at_first
    assert recount().differences == []
    assert ledger.check().whole


def test_released_answers_are_not_put_aside_again_by_the_same_day(counter, two):
    answers = [rate(counter) for _ in range(8)]
    case = open_burst(counter, answers)
    for user in two:
        said(case, user, "released")
    assert open_burst(counter, [*answers, rate(counter)]) is None
    assert not Rating.objects.filter(standing="quarantined").exists()


def test_a_round_that_runs_again_adds_only_what_is_new(counter):
    answers = [rate(counter) for _ in range(8)]
    case = open_burst(counter, answers)
    assert open_burst(counter, answers) is None
    more = [*answers, rate(counter)]
    assert open_burst(counter, more) == case
    assert [row.content["count"] for row in LedgerEntry.objects.all()] == [8, 1]
    assert case.ratings.filter(standing="quarantined").count() == 9


def test_only_poster_answers_are_put_aside_by_themselves(counter):
    with pytest.raises(ValueError, match="poster"):
        open_burst(counter, [rate(counter, channel="receipt")])
    assert not Case.objects.exists()


def test_a_case_for_a_person_takes_nothing_away_until_somebody_upholds_it(counter, two):
    answers = [rate(counter) for _ in range(5)] + [rate(counter, channel="display")]
    before = stored()
    case = open_burst(counter, answers, signal="too_fast", automatic=False)
    assert stored() == before
    said(case, two[0], "upheld")
    assert Rating.objects.filter(standing="quarantined").count() == 6
    assert not stored()
    said(case, two[0], "released")
    said(case, two[1], "released")
    assert stored() == before


def test_a_case_without_anything_wrong_is_dismissed_by_one(counter, two):
    before = [rate(counter) for _ in range(5)] and stored()
    answers = list(Rating.objects.values_list("pk", flat=True))
    case = open_burst(counter, answers, signal="divergence", automatic=False)
    assert said(case, two[0], "dismissed").state == "dismissed"
    assert stored() == before
    with pytest.raises(NotNow):
        said(case, two[1], "upheld")


def test_one_person_cannot_release_alone(counter, two):
    case = open_burst(counter, [rate(counter) for _ in range(8)])
    said(case, two[0], "released")
    with pytest.raises(NotAllowed, match="người khác"):
        said(case, two[0], "released")
    assert not stored()


def test_upholding_between_two_releases_starts_anew(counter, two):
    case = open_burst(counter, [rate(counter) for _ in range(8)])
    said(case, two[0], "released")
    said(case, two[1], "upheld")
    said(case, two[1], "released")
    case.refresh_from_db()
    assert case.state == "upheld"
    said(case, two[0], "released")
    case.refresh_from_db()
    assert case.state == "released"


def test_automatic_quarantine_is_not_dismissed_by_one(counter, two):
    case = open_burst(counter, [rate(counter) for _ in range(8)])
    with pytest.raises(NotNow):
        said(case, two[0], "dismissed")


def test_nobody_decides_on_the_own_office_or_another_one_s_or_without_the_right(counter):
    case = open_burst(counter, [rate(counter) for _ in range(8)])
    own = person("own", "change_case", office=counter.office)
    other = person("other", "change_case", office=make_office("Chi nhánh khác"))
    for user, words in ((own, "cơ quan của bạn"), (other, "Phạm vi"), (person("x"), "quyền")):
        assert words in why_not(case=case, user=user)
        with pytest.raises(NotAllowed):
            said(case, user, "upheld")
    assert not case.decisions.exists()


def test_who_typed_the_answers_does_not_decide_about_them(counter, two):
    from feedback.models import PaperBatch

    batch = PaperBatch.objects.create(counter=counter, day=DAY, slips=1, second_by=two[0])
    answers = [rate(counter) for _ in range(8)]
    Rating.objects.filter(pk=answers[0]).update(paper_batch=batch)
    case = open_burst(counter, answers)
    assert "nhập" in why_not(case=case, user=two[0])
    assert why_not(case=case, user=two[1]) == ""


def test_the_office_contests_and_somebody_else_looks_again(counter, two):
    case = open_burst(counter, [rate(counter) for _ in range(8)])
    with pytest.raises(NotAllowed):
        contest(case=case, user=two[0], text="Không đúng.")
    said(case, two[0], "upheld")
    own = person("own", office=counter.office)
    with pytest.raises(ValueError, match="lý do"):
        contest(case=case, user=own, text=" ")
    contest(case=case, user=own, text="Hôm đó có đoàn 8 người cùng đến.")
    with pytest.raises(NotNow):
        contest(case=case, user=own, text="Lần nữa.")
    with pytest.raises(NotAllowed, match="người khác xem lại"):
        said(case, two[0], "upheld")
    assert said(case, two[1], "upheld").state == "upheld"
    events = [row.content["event"] for row in LedgerEntry.objects.all()]
    assert events == ["quarantined", "upheld", "contested", "upheld"]


def test_a_decision_needs_grounds_and_a_public_note(counter, two):
    case = open_burst(counter, [rate(counter) for _ in range(8)])
    with pytest.raises(ValueError, match="căn cứ"):
        decide(case=case, user=two[0], state="upheld", note="Có.", public_note=" ")


def test_nothing_changes_when_a_count_is_missing(counter):
    answers = [rate(counter) for _ in range(8)]
    Rollup.objects.filter(item=ITEMS[0]).delete()
    from django.db import transaction

    with pytest.raises(CountsMissing), transaction.atomic():
        open_burst(counter, answers)
    assert not Case.objects.exists()
    assert not Rating.objects.filter(standing="quarantined").exists()
