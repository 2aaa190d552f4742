"""Intake: once, whole, durable; also from two processes and when one is killed."""

from __future__ import annotations

import datetime
import os
import signal
import sqlite3
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction

from feedback import intake, storing
from feedback.arrivals import Arrival, Levels, Outcome
from feedback.devices import destroy_old_salts, device_mark, salt_of
from feedback.intake import bulk_submit, submit_rating
from feedback.models import Comment, DailySalt, DeviceDay, Rating, Rollup
from tests.factories import make_counter

DAY = datetime.date(2026, 3, 5)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def counter(db):
    return make_counter()


def arrival(counter, **values) -> Arrival:
    values.setdefault("submission", uuid.uuid4())
    values.setdefault("channel", "poster")
    values.setdefault("service_day", DAY)
    values.setdefault("levels", Levels(attitude=4, time=5, clarity=0))
    return Arrival(counter=counter, **values)


def send(given: Arrival):
    return submit_rating(**{name: getattr(given, name) for name in given.__dataclass_fields__})


def counted() -> dict[tuple[str, int], int]:
    return {(row.item, row.level): row.count for row in Rollup.objects.all()}


def test_stores_the_event_and_its_counts(counter):
    assert send(arrival(counter)).outcome is Outcome.ACCEPTED
    rating = Rating.objects.get()
    assert (rating.attitude, rating.time, rating.clarity, rating.fees) == (4, 5, 0, None)
    # Level 0 is counted as what it is; an item without an answer is not counted at all.
    assert counted() == {("attitude", 4): 1, ("time", 5): 1, ("clarity", 0): 1}
    send(arrival(counter, levels=Levels(attitude=4)))
    assert counted()["attitude", 4] == 2


def test_the_same_submission_again_changes_nothing(counter):
    given = arrival(counter, comment="  Cảm ơn chị\r\nở quầy. ")
    first = send(given)
    again = send(given)
    assert again.outcome is Outcome.REPEATED
    assert again.follow_up == first.follow_up != ""
    assert Comment.objects.get().text == "Cảm ơn chị\nở quầy."
    assert (Rating.objects.count(), counted()["attitude", 4]) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"levels": Levels(attitude=1, time=5, clarity=0)},
        {"levels": Levels(attitude=4, time=5, clarity=None)},
        {"comment": "khác"},
        {"channel": "receipt"},
    ],
)
def test_the_same_submission_with_other_answers_is_a_conflict(counter, change):
    given = arrival(counter)
    send(given)
    assert send(replace(given, **change)).outcome is Outcome.CONFLICT
    assert counted() == {("attitude", 4): 1, ("time", 5): 1, ("clarity", 0): 1}


def test_the_same_submission_at_another_counter_is_a_conflict(counter):
    given = arrival(counter)
    send(given)
    assert send(replace(given, counter=make_counter())).outcome is Outcome.CONFLICT


def test_a_browser_counts_once_a_day_and_its_later_words_are_kept(counter):
    mark = b"m" * 16
    assert send(arrival(counter, device_mark=mark)).outcome is Outcome.ACCEPTED
    second = arrival(counter, device_mark=mark, comment="quên nói")
    result = send(second)
    assert result.outcome is Outcome.DUPLICATE
    assert result.follow_up
    assert Rating.objects.get(pk=second.submission).standing == "duplicate"
    assert counted()["attitude", 4] == 1
    assert send(second).outcome is Outcome.REPEATED
    assert send(arrival(counter, device_mark=b"n" * 16)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("wrong", [0, 6, -1, None, "5", 4.0, True])
def test_attitude_out_of_range_is_refused(counter, wrong):
    with pytest.raises(ValueError, match="attitude"):
        send(arrival(counter, levels=Levels(attitude=wrong)))
    assert not Rating.objects.exists()


@pytest.mark.parametrize("wrong", [6, -1, "1", True, 2.5])
def test_other_levels_out_of_range_are_refused(counter, wrong):
    with pytest.raises(ValueError, match="fees"):
        send(arrival(counter, levels=Levels(attitude=3, fees=wrong)))


@pytest.mark.parametrize(
    "values",
    [
        {"channel": "phone"},
        {"channel": "receipt", "device_mark": b"x" * 16},
        {"device_mark": b"short"},
        {"service_day": datetime.datetime(2026, 3, 5, 9)},
        {"comment": "a" * 100_000},
    ],
)
def test_arguments_no_form_sends_are_refused_and_nothing_is_stored(counter, values):
    with pytest.raises(ValueError, match=r"."):
        send(arrival(counter, **values))
    assert not Rating.objects.exists()
    assert not DeviceDay.objects.exists()


def test_characters_the_databases_refuse_do_not_lose_a_rating(counter):
    send(arrival(counter, comment="a\x00b \ud800 ơ"))
    assert Comment.objects.get().text == "ab ? ơ"


def test_follow_up_codes_are_long_and_drawn_again_when_taken(counter, monkeypatch):
    codes = iter(["A" * 12, "A" * 12, "B" * 12])
    monkeypatch.setattr(storing, "new_follow_up_code", lambda: next(codes))
    assert send(arrival(counter, comment="một")).follow_up == "A" * 12
    assert send(arrival(counter, comment="hai")).follow_up == "B" * 12
    monkeypatch.undo()
    drawn = {storing.new_follow_up_code() for _ in range(500)}
    assert len(drawn) == 500
    assert all(len(code) == 12 and not set(code) & set("ILOU") for code in drawn)


def test_bulk_gives_what_one_by_one_gives(counter):
    mark = b"d" * 16
    first = arrival(counter, device_mark=mark)
    batch = [
        first,
        first,
        replace(first, levels=Levels(attitude=1)),
        arrival(counter, device_mark=mark),
        *[arrival(counter, channel="receipt") for _ in range(250)],
    ]
    results = [result.outcome for result in bulk_submit(iter(batch), batch=100)]
    assert results[:4] == [
        Outcome.ACCEPTED,
        Outcome.REPEATED,
        Outcome.CONFLICT,
        Outcome.DUPLICATE,
    ]
    assert set(results[4:]) == {Outcome.ACCEPTED}
    assert Rating.objects.count() == 252
    rows = Rollup.objects.filter(item="attitude").values_list("channel", "count")
    assert dict(rows) == {"poster": 1, "receipt": 250}
    assert {r.outcome for r in bulk_submit(batch[4:])} == {Outcome.REPEATED}


def test_a_wrong_arrival_stops_its_batch_and_keeps_those_before(counter):
    batch = [arrival(counter, channel="receipt") for _ in range(3)]
    batch.append(arrival(counter, levels=Levels(attitude=9)))
    with pytest.raises(ValueError, match="attitude"):
        bulk_submit(batch, batch=2)
    assert Rating.objects.count() == 2


def test_a_failure_after_the_event_leaves_nothing(counter, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("power")

    monkeypatch.setattr(storing, "add_to_rollups", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        send(arrival(counter, device_mark=b"z" * 16, comment="mất"))
    for model in (Rating, Rollup, DeviceDay, Comment):
        assert not model.objects.exists()


def test_a_lock_is_waited_for_a_bounded_number_of_times(monkeypatch):
    calls: list[int] = []
    fails = 2

    def store(arrivals):
        calls.append(1)
        if len(calls) <= fails:
            raise OperationalError("database is locked")
        return ["stored"]

    monkeypatch.setattr(intake, "store", store)
    monkeypatch.setattr(intake, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(intake.transaction, "atomic", nullcontext)
    assert intake._store_safely([]) == ["stored"]
    assert len(calls) == 3
    calls.clear()
    fails = 100
    with pytest.raises(OperationalError):
        intake._store_safely([])
    assert len(calls) == intake.RETRIES + 1
    # Inside a caller's transaction only the caller can begin again.
    calls.clear()
    intake.connection.in_atomic_block = True
    with pytest.raises(OperationalError):
        intake._store_safely([])
    assert len(calls) == 1


def test_salts_are_made_once_and_destroyed_after_48_hours(db):
    from django.utils import timezone

    today = timezone.localdate()
    salt = salt_of(today)
    assert salt == salt_of(today)
    assert salt
    assert len(salt) == 32
    mark = device_mark(cookie="c", counter_id=1, day=today)
    assert mark == device_mark(cookie="c", counter_id=1, day=today)
    others = {
        device_mark(cookie="d", counter_id=1, day=today),
        device_mark(cookie="c", counter_id=2, day=today),
        device_mark(cookie="c", counter_id=1, day=today - datetime.timedelta(days=1)),
    }
    assert len(others | {mark}) == 4
    assert device_mark(cookie="c", counter_id=1, day=today - datetime.timedelta(days=2)) is None
    DeviceDay.objects.create(day=today, mark=mark)
    assert destroy_old_salts(today=today + datetime.timedelta(days=1)) == 1  # yesterday's salt
    assert destroy_old_salts(today=today + datetime.timedelta(days=2)) == 2
    assert not DailySalt.objects.exists()
    assert not DeviceDay.objects.exists()


WORKER = """
import sys, json, uuid, datetime
sys.path[:0] = [{root!r}, {root!r} + "/site"]
import django; django.setup()
from cms.models import Counter
from feedback.arrivals import Levels
from feedback.intake import submit_rating
counter = Counter.objects.get(pk={counter})
print("ready", flush=True)
for line in sys.stdin:
    name = uuid.UUID(line.strip())
    result = submit_rating(submission=name, counter=counter, channel="poster",
        service_day=datetime.date(2026, 3, 5), levels=Levels(attitude=4, time=5, clarity=0, fees=2),
        comment="hai lần", device_mark=name.bytes)
    print(result.outcome.value, name, flush=True)
"""


@pytest.fixture
def database_file(counter, tmp_path):
    """A copy of the test database, the counter included, as a WAL file of its own."""
    path = tmp_path / "db.sqlite3"
    # serialize() sees the open transaction of this test; backup() would wait for its end.
    path.write_bytes(connection.connection.serialize())
    copy = sqlite3.connect(path)
    copy.execute("PRAGMA journal_mode=WAL")
    copy.close()
    return path


@pytest.fixture
def start_worker(counter, database_file, tmp_path):
    """Starts processes that submit the UUIDs they read, each with a connection of its own."""
    workers = []

    def start():
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER.format(root=str(ROOT), counter=counter.pk)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "portal.settings",
                "DATA_DIR": str(tmp_path),
                "DATABASE_URL": f"sqlite:///{database_file}",
            },
        )
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def table(database_file, statement):
    with sqlite3.connect(database_file) as database:
        return database.execute(statement).fetchall()


@pytest.mark.sqlite
@pytest.mark.processes
def test_sent_twice_at_once_from_two_processes_counts_once(start_worker, database_file):
    workers = [start_worker(), start_worker()]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    names = [str(uuid.uuid4()) for _ in range(20)]
    for worker in workers:
        worker.stdin.write("\n".join(names) + "\n")
        worker.stdin.flush()
    answers = [worker.communicate(timeout=60)[0].split() for worker in workers]
    for index, name in enumerate(names):
        assert {answer[2 * index] for answer in answers} == {"accepted", "repeated"}
        assert {answer[2 * index + 1] for answer in answers} == {name}
    rows = table(database_file, "SELECT item, level, count FROM feedback_rollup ORDER BY item")
    assert rows == [("attitude", 4, 20), ("clarity", 0, 20), ("fees", 2, 20), ("time", 5, 20)]
    assert table(database_file, "SELECT count(*) FROM feedback_comment") == [(20,)]


@pytest.mark.sqlite
@pytest.mark.processes
def test_killed_in_the_middle_keeps_what_was_acknowledged_and_nothing_half(
    start_worker, database_file
):
    worker = start_worker()
    assert worker.stdout.readline() == "ready\n"
    worker.stdin.write("\n".join(str(uuid.uuid4()) for _ in range(1000)) + "\n")
    worker.stdin.flush()
    acknowledged = [worker.stdout.readline().split()[1] for _ in range(40)]
    worker.send_signal(signal.SIGKILL)
    rest = worker.stdout.read().splitlines()
    acknowledged += [line.split()[1] for line in rest if len(line.split()) == 2]
    worker.wait()
    stored = {row[0] for row in table(database_file, "SELECT id FROM feedback_rating")}
    assert {uuid.UUID(name).hex for name in acknowledged if len(name) == 36} <= stored
    assert len(stored) < 1000
    rows = table(database_file, "SELECT item, count FROM feedback_rollup")
    assert len(rows) == 4
    assert {count for _, count in rows} == {len(stored)}
    assert table(database_file, "SELECT count(*) FROM feedback_deviceday") == [(len(stored),)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_sent_at_once_over_many_connections_counts_once():
    """PostgreSQL writes at the same time; the unique key and the upsert must hold by themselves."""
    counter = make_counter()
    names = [uuid.uuid4() for _ in range(25)]

    def send_all(_):
        try:
            return [
                submit_rating(
                    submission=name,
                    counter=counter,
                    channel="poster",
                    service_day=datetime.date(2026, 11, 2),
                    levels=Levels(attitude=4, time=0),
                ).outcome
                for name in names
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(zip(*pool.map(send_all, range(4)), strict=True))
    for one in outcomes:
        assert sorted(outcome.value for outcome in one) == ["accepted"] + ["repeated"] * 3
    assert Rating.objects.count() == 25
    assert list(Rollup.objects.order_by("item").values_list("item", "level", "count")) == [
        ("attitude", 4, 25),
        ("time", 0, 25),
    ]
