"""Traces: what is kept of an arrival, and for how long."""

import datetime
import uuid

import pytest

from feedback import traces
from feedback.arrivals import Levels, Trail
from feedback.intake import submit_rating
from feedback.models import Trace
from tests.factories import make_counter, make_office

TODAY = datetime.date(2026, 6, 10)

pytestmark = pytest.mark.django_db


def rating(counter):
    submission = uuid.uuid4()
    submit_rating(
        submission=submission,
        counter=counter,
        channel="poster",
        service_day=TODAY,
        levels=Levels(5),
    )
    return submission


def note(submission, **changes):
    facts = {"day": TODAY, "window": 55, "seconds": 12, "network": b"n" * 16, "browser": None}
    traces.note_arrivals([(submission, Trail(**{**facts, **changes}))])


def test_an_arrival_is_noted_once():
    one = rating(make_counter(make_office()))
    note(one)
    note(one, window=60)
    trace = Trace.objects.get()
    assert (trace.window, trace.seconds, bytes(trace.network)) == (55, 12, b"n" * 16)


@pytest.mark.parametrize("wrong", [{"window": 144}, {"window": -1}, {"network": b"short"}])
def test_what_no_intake_can_mean_is_refused(wrong):
    with pytest.raises(ValueError, match=r"window|16 bytes"):
        note(uuid.uuid4(), **wrong)


def test_traces_live_for_two_days():
    counter = make_counter(make_office())
    for ago in range(4):
        note(rating(counter), day=TODAY - datetime.timedelta(days=ago))
    assert traces.forget_old(TODAY) == 2
    assert traces.forget_old(TODAY) == 0
    assert {trace.day for trace in Trace.objects.all()} == {TODAY, datetime.date(2026, 6, 9)}


def test_windows_of_a_day():
    assert traces.window_of(datetime.datetime(2026, 6, 10, 0, 0)) == 0
    assert traces.window_of(datetime.datetime(2026, 6, 10, 23, 59)) == 143


def test_a_browser_is_the_same_at_every_counter_and_another_tomorrow(monkeypatch):
    monkeypatch.setattr(traces, "salt_of", lambda day: day.isoformat().encode())
    today = traces.browser_trace(cookie="c", day=TODAY)
    assert today == traces.browser_trace(cookie="c", day=TODAY)
    assert len(today) == 16
    assert today != traces.browser_trace(cookie="c", day=TODAY + datetime.timedelta(days=1))
    assert traces.browser_trace(cookie="", day=TODAY) is None
