"""Snapshots: fixed figures, nothing hidden in them, and recomputable by a stranger."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import uuid
from collections import defaultdict
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from feedback.arrivals import Levels
from feedback.intake import submit_rating
from feedback.models import Minted, Rating, Rollup, Snapshot, SnapshotScore
from feedback.snapshots import (
    MonthNotFinished,
    NothingYet,
    ReasonNeeded,
    csv_of,
    last_finished_month,
    publish_month,
)
from tests.factories import make_counter
from tests.feedback.city import AS_OF, MONTH, make_city, rate
from tests.shared import shared_rows

HIDDEN = {"status": "hidden", "method": "v1.0", "as_of": "2026-06-30"}
WEIGHTS = {"receipt": 1.0, "display": 0.7, "poster": 0.3}


@shared_rows
def rated_city():
    return make_city()


@pytest.fixture
def city(rated_city):
    return rated_city


def figures(snapshot):
    scores = SnapshotScore.objects.filter(snapshot=snapshot).select_related("counter")
    return {score.counter.code: score.figures for score in scores}


def rows_of(snapshot):
    return list(csv.DictReader(io.StringIO(csv_of(snapshot).decode("utf-8"))))


def stranger(rows, body):
    """Score, SD, n and n_eff from the CSV rows of one item and the published prior, m, as_of:
    written from the method page, without the product's own functions."""
    as_of = datetime.date.fromisoformat(body["as_of"])
    verified, posters, n = [0.0] * 5, [0.0] * 5, 0
    for row in rows:
        age = (as_of - datetime.date.fromisoformat(row["day"])).days
        weight = WEIGHTS[row["channel"]] * 0.5 ** (age / 90) * int(row["count"])
        target = posters if row["channel"] == "poster" else verified
        target[int(row["level"]) - 1] += weight
        n += int(row["count"])
    cap = max(5, sum(verified) / 4)
    scale = min(1, cap / sum(posters)) if sum(posters) else 0
    weights = [v + scale * p for v, p in zip(verified, posters, strict=True)]
    alpha = [body["m"] * p + w for p, w in zip(body["prior"], weights, strict=True)]
    total = sum(alpha)
    score = sum(25 * k * a for k, a in enumerate(alpha)) / total
    variance = (sum((25 * k) ** 2 * a for k, a in enumerate(alpha)) / total - score**2) / (
        total + 1
    )
    return score, variance**0.5, n, sum(weights), (alpha[3] + alpha[4]) / total


def test_a_stranger_recomputes_every_published_score(city):
    snapshot = publish_month(month=MONTH).snapshot
    by_key = defaultdict(list)
    for row in rows_of(snapshot):
        by_key[row["counter"], row["item"]].append(row)
    compared = 0
    for code, body in figures(snapshot).items():
        if body["status"] == "hidden":
            assert body == HIDDEN
            assert not any(counter == code for counter, _ in by_key)
            continue
        for item, part in {"attitude": body, **body["by_item"]}.items():
            if part["status"] == "hidden":
                assert part == HIDDEN
                assert (code, item) not in by_key
                continue
            score, sd, n, n_eff, satisfied = stranger(by_key[code, item], part)
            assert part["score"] == pytest.approx(score, abs=1e-6)
            low, high = part["interval"]
            assert low == pytest.approx(max(0, score - 1.645 * sd), abs=1e-6)
            assert high == pytest.approx(min(100, score + 1.645 * sd), abs=1e-6)
            assert part["n_eff"] == pytest.approx(n_eff, abs=1e-6)
            assert part["satisfied"] == pytest.approx(satisfied, abs=1e-6)
            assert part["n"] == n
            assert sum(part["prior"]) == pytest.approx(1)
            compared += 1
    assert compared > 30


def test_response_rate_is_answers_by_receipt_of_codes_given_out(city):
    counter, other = city["big0"], city["big1"]
    answered = Rollup.objects.filter(counter=counter, channel="receipt", item="attitude")
    number = sum(answered.values_list("count", flat=True))
    rows = [(counter, AS_OF, 150), (counter, AS_OF - datetime.timedelta(days=40), 50)]
    rows += [(counter, AS_OF - datetime.timedelta(days=400), 9), (other, AS_OF, 1)]
    for whose, day, minted in rows:
        Minted.objects.create(counter=whose, day=day, kind="receipt", count=minted)
    snapshot = publish_month(month=MONTH).snapshot
    bodies = figures(snapshot)
    assert bodies[counter.code]["response_rate"] == number / 200
    assert 0 < bodies[counter.code]["by_item"]["clarity"]["response_rate"] <= number / 200
    assert bodies[other.code]["response_rate"] == 1
    assert bodies[city["big2"].code]["response_rate"] is None
    assert 0 < snapshot.figures["response_rate"] <= 1


def test_statuses_and_bodies(city):
    snapshot = publish_month(month=MONTH).snapshot
    bodies = figures(snapshot)
    assert bodies[city["hidden"].code] == bodies[city["empty"].code] == HIDDEN
    few = bodies[city["few"].code]
    assert (few["status"], few["tier"]) == ("few", None)
    big = [bodies[city[f"big{i}"].code] for i in range(9)]
    assert {body["status"] for body in big} == {"published"}
    for body in big:
        assert body["tier"] in {"cao hơn", "tương đương", "thấp hơn"}
        assert body["interval"][0] <= body["score"] <= body["interval"][1]
        assert body["response_rate"] is None
        assert body["quarantined"] == 0
        assert set(body["by_item"]) == {"time", "clarity", "fees"}
        assert body["composite_interval"][0] <= body["composite"]
    # Ten counters are shown: enough to estimate m, one value for all.
    assert len({body["m"] for body in big}) == 1
    assert {body["prior_source"] for body in big} == {"field"}
    assert snapshot.figures["status"] == "published"
    assert snapshot.figures["counters_shown"] == 10
    assert snapshot.figures["n"] == sum(
        int(row["count"]) for row in rows_of(snapshot) if row["item"] == "attitude"
    )
    hidden = SnapshotScore.objects.get(snapshot=snapshot, counter=city["hidden"])
    assert hidden.distribution == {}


def test_hidden_counters_change_nothing_that_is_public(city):
    first = publish_month(month=MONTH).snapshot
    rate(city["empty"], 9, seed=77, channel="receipt", quality=0.0, days=20)
    again = publish_month(month=MONTH)
    assert not again.created
    assert again.snapshot == first


def test_every_bin_of_the_open_data_has_five_answers(city):
    bins = defaultdict(int)
    for row in rows_of(publish_month(month=MONTH).snapshot):
        bins[row["counter"], row["item"], row["channel"], row["day"]] += int(row["count"])
    assert bins
    assert min(bins.values()) >= 5


def test_a_remainder_that_waits_counts_nowhere(db):
    counter = make_counter()
    rate(counter, 6, seed=1, channel="receipt", days=30, until=datetime.date(2026, 5, 30))
    rate(counter, 4, seed=2, channel="receipt", days=30)
    # Ten answers came in, six can be shown in bins of five: the counter stays hidden.
    assert figures(publish_month(month=MONTH).snapshot)[counter.code] == HIDDEN


def test_an_item_with_few_answers_is_hidden_alone(db):
    counter = make_counter()
    rate(counter, 60, channel="receipt", days=20, others=False)
    snapshot = publish_month(month=MONTH).snapshot
    body = figures(snapshot)[counter.code]
    assert body["status"] == "published"
    assert body["by_item"] == {"time": HIDDEN, "clarity": HIDDEN, "fees": HIDDEN}
    assert body["composite"] is None
    assert {row["item"] for row in rows_of(snapshot)} == {"attitude"}


def test_what_does_not_count_is_told(db):
    counter = make_counter()
    rate(counter, 40, channel="receipt", days=20)
    for index in range(3):
        submit_rating(
            submission=uuid.uuid4(),
            counter=counter,
            channel="poster",
            service_day=AS_OF,
            levels=Levels(5, time=0),
            device_mark=b"x" * 16,
        )
        assert Rating.objects.filter(standing="duplicate").count() == index
    body = figures(publish_month(month=MONTH).snapshot)[counter.code]
    assert body["quarantined"] == 2
    assert body["quarantined_why"] == {"duplicate": 2}
    assert body["by_item"]["time"]["quarantined"] == 0
    assert body["n"] == 40


def test_again_is_unchanged_and_a_correction_is_numbered(city):
    first = publish_month(month=MONTH)
    assert first.created
    assert not publish_month(month=MONTH.replace(day=17)).created
    before = (figures(first.snapshot), csv_of(first.snapshot))
    rate(city["big0"], 30, seed=55, channel="receipt", days=25)
    with pytest.raises(ReasonNeeded):
        publish_month(month=MONTH)
    second = publish_month(month=MONTH, reason=" Nhập bổ sung phiếu giấy ")
    assert (second.created, second.snapshot.number) == (True, 2)
    assert second.snapshot.reason == "Nhập bổ sung phiếu giấy"
    assert Snapshot.objects.newest() == second.snapshot
    first.snapshot.refresh_from_db()
    assert (figures(first.snapshot), csv_of(first.snapshot)) == before
    assert figures(second.snapshot) != before[0]


def test_open_data_is_the_same_bytes_every_time(city):
    snapshot = publish_month(month=MONTH).snapshot
    data = bytes(snapshot.open_data)
    assert data == gzip.compress(csv_of(snapshot), mtime=0)
    text = csv_of(snapshot).decode("ascii")
    assert text.startswith("counter,item,channel,day,level,count\n")
    assert "\r" not in text
    assert {row["item"] for row in rows_of(snapshot)} == {"attitude", "time", "clarity", "fees"}
    assert {row["day"][-2:] for row in rows_of(snapshot)} <= {"28", "30", "31"}


def test_a_month_before_the_first_answer_is_refused(city):
    with pytest.raises(NothingYet):
        publish_month(month=datetime.date(1950, 1, 1))
    with pytest.raises(CommandError, match="1950-01 is before the first answer"):
        call_command("publish_snapshot", "--month", "1950-01")
    assert not Snapshot.objects.exists()


def test_a_closed_counter_leaves_when_it_has_nothing_to_show(city):
    for name in ("big0", "hidden"):
        city[name].active = False
        city[name].save()
    bodies = figures(publish_month(month=MONTH).snapshot)
    assert bodies[city["big0"].code]["status"] == "published"
    assert city["hidden"].code not in bodies


def test_only_finished_months(db):
    today = timezone.localdate()
    for month in (today, today.replace(day=1), today + datetime.timedelta(days=40)):
        with pytest.raises(MonthNotFinished):
            publish_month(month=month)
    with pytest.raises(NothingYet):  # finished, and nobody has answered yet
        publish_month(month=last_finished_month())
    assert last_finished_month(datetime.date(2026, 3, 1)) == datetime.date(2026, 2, 1)
    assert last_finished_month(datetime.date(2026, 1, 31)) == datetime.date(2025, 12, 1)


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue().strip()


def test_publish_command(city):
    done = run("publish_snapshot", "--month", "2026-06")
    assert done == "2026-06 published, number 1: 9 published, 1 few, 2 hidden"
    assert run("publish_snapshot", "--month", "2026-06") == "2026-06 unchanged (number 1)"
    rate(city["big1"], 30, seed=56, channel="receipt", days=25)
    with pytest.raises(CommandError, match="--reason"):
        run("publish_snapshot", "--month", "2026-06")
    done = run("publish_snapshot", "--month", "2026-06", "--reason", "bổ sung")
    assert "number 2" in done
    with pytest.raises(CommandError, match="not finished"):
        run("publish_snapshot", "--month", f"{timezone.localdate():%Y-%m}")
    for wrong in ("2026-13", "2026", "x", "2026-6"):
        with pytest.raises(CommandError, match="not a month"):
            run("publish_snapshot", "--month", wrong)


def test_live_score_moves_by_what_the_formula_says(city):
    code = city["big2"].code
    before = json.loads(run("score", code.lower(), "--as-of", "2026-06-30"))
    for _ in range(3):
        submit_rating(
            submission=uuid.uuid4(),
            counter=city["big2"],
            channel="receipt",
            service_day=AS_OF,
            levels=Levels(1),
        )
    after = json.loads(run("score", code, "--as-of", "2026-06-30"))
    assert after["n"] == before["n"] + 3
    assert after["prior"] == before["prior"]  # a counter is not its own peer
    assert after["n_eff"] == pytest.approx(before["n_eff"] + 3, abs=0.8)  # the cap may move
    assert after["score"] < before["score"]
    assert json.loads(run("score", city["empty"].code, "--as-of", "2026-06-30")) == HIDDEN
    earlier = json.loads(run("score", code, "--as-of", "2026-06-29"))
    assert earlier["n"] <= before["n"]
    with pytest.raises(CommandError, match="no counter"):
        run("score", "0000000")
    with pytest.raises(CommandError, match="not a date"):
        run("score", code, "--as-of", "30/6/2026")
    with pytest.raises(CommandError, match="not a date"):
        run("score", code, "--as-of", "0001-01-01")


def test_publishing_costs_a_constant_number_of_queries(city, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        publish_month(month=MONTH)
