"""The demo city: its texts, its ratings on every possible day, loading and removing."""

from __future__ import annotations

import datetime
import gzip
import json
import unicodedata
import uuid
from collections import Counter as Tally
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

from cms.importing import import_records
from cms.importing.sources import Row
from cms.models import (
    CitySettings,
    Counter,
    Field,
    Handling,
    Office,
    Officer,
    ProcedurePage,
)
from feedback.arrivals import Levels
from feedback.binning import binned
from feedback.intake import submit_rating
from feedback.models import (
    Comment,
    Minted,
    Rating,
    ReceiptMark,
    Rollup,
    Snapshot,
    SnapshotScore,
)
from feedback.scoring import summarise
from portal.demo import data
from portal.demo.loading import database_is_empty, load_demo
from portal.demo.places import CITY, PLACES
from portal.demo.profiles import COMMENTS, PROFILES, SPARSE
from portal.demo.ratings import (
    drafts,
    finished_months,
    months_before,
    today,
    working_days,
)
from portal.demo.removing import remove_demo
from tests.factories import make_counter

REAL = Path(__file__).parents[3] / "shared" / "data" / "procedures.jsonl.gz"
#: A first of a month that has begun: the month before it is finished, whatever today is.
DAY = today().replace(day=1)
LAST_MONTH = months_before(DAY, 1)
ONE_DAY = datetime.timedelta(days=1)
#: Ordinary days, first and last days of months, leap day, and months with Tết in them.
DATES = [
    datetime.date(2026, 11, 1),
    datetime.date(2026, 11, 23),
    datetime.date(2026, 12, 31),
    datetime.date(2027, 2, 15),
    datetime.date(2027, 3, 1),
    datetime.date(2028, 2, 29),
    datetime.date(2029, 3, 15),
    datetime.date(2030, 1, 2),
]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _texts(inner)]
    return []


class TestProcedures:
    def test_there_are_enough_and_each_says_the_four_things(self) -> None:
        records = data.records()
        assert len({record["code"] for record in records}) == len(records) >= 40
        for record in records:
            assert record["plain_name"]
            assert record["keywords"]
            assert record["result"]
            assert 3 <= len(record["steps"]) <= 6, record["code"]
            assert record["channels"]
            assert record["documents"]
            assert record["legal_basis"]
            assert record["level"]
            assert record["audience"]
            assert record["agency"]
            assert all(paper["originals"] or paper["copies"] for paper in record["documents"])

    def test_nothing_is_free_by_a_zero(self) -> None:
        for record in data.records():
            for channel in record["channels"]:
                for fee in channel["fees"]:
                    assert fee.get("amount", 1) > 0, record["code"]
                    assert fee["note"] or fee.get("amount"), record["code"]
            assert "Miễn phí" not in json.dumps(record, ensure_ascii=False), record["code"]

    def test_texts_are_nfc_vietnamese_sentences(self) -> None:
        for record in data.records():
            for text in _texts(record):
                assert text == unicodedata.normalize("NFC", text).strip(), text
            for step in record["steps"]:
                assert step[0].isupper(), step
                assert step.endswith((".", "…")), step
                assert "đ" in step or unicodedata.normalize("NFD", step) != step, step

    def test_papers_of_one_case_stand_together(self) -> None:
        for record in data.records():
            cases = [paper.get("group", "") for paper in record["documents"]]
            starts = [case for n, case in enumerate(cases) if n == 0 or cases[n - 1] != case]
            assert len(starts) == len(set(starts)), record["code"]

    @pytest.mark.realdata
    def test_facts_agree_with_the_national_record_and_texts_are_our_own(self) -> None:
        if not REAL.exists():
            pytest.skip("../shared/data/procedures.jsonl.gz is not there")
        ours = {record["code"]: record for record in data.records()}
        with gzip.open(REAL, "rt", encoding="utf-8") as file:
            real = {row["code"]: row for row in map(json.loads, file) if row["code"] in ours}
        assert real.keys() == ours.keys()

        def times(row: dict) -> set:
            return {(one["channel"], one.get("time_limit")) for one in row["channels"]}

        def sums(row: dict) -> set:
            return {
                (one["channel"], fee["amount"], fee.get("currency"))
                for one in row["channels"]
                for fee in one.get("fees", [])
                if fee.get("amount")
            }

        for code, record in ours.items():
            source = real[code]
            for name in ("name", "field", "decision_number", "issuing_body", "source_url"):
                assert record[name] == source[name], (code, name)
            assert set(record["level"]) == set(source["level"]), code
            assert set(record["audience"]) <= set(source["audience"]), code
            assert times(record) == times(source), code
            # The fee for a lost passport stands in a note of the source, not in its amounts.
            in_a_note = {("Trực tiếp", 400000, "VND")} if code == "1.001456" else set()
            assert sums(record) == sums(source) | in_a_note, code
            numbers = {one["number"] for one in source["legal_basis"]}
            assert {one["number"] for one in record["legal_basis"]} <= numbers, code
            for step in record["steps"]:
                assert step not in source["steps"], (code, step)


class TestPlaces:
    def test_three_offices_twelve_counters_twenty_four_people(self) -> None:
        people = [person for place in PLACES for person in place.people]
        assert len(PLACES) == 3
        assert sum(len(place.desks) for place in PLACES) == 12
        assert len({person.name for person in people}) == len(people) == 24
        assert len({person.phone for person in people}) == 24
        assert all(person.phone.startswith("024 0000 01") for person in people)

    def test_every_counter_is_rated_and_has_two_people(self) -> None:
        codes = {desk.code for place in PLACES for desk in place.desks}
        assert codes == PROFILES.keys() | SPARSE.keys()
        for place in PLACES:
            assert place.people[0].role == Officer.Role.HEAD
            at_work = Tally(name for person in place.people for name in person.counters)
            assert all(at_work[desk.name] >= 2 for desk in place.desks), place.title


def _weight(code: str, first: datetime.date, as_of: datetime.date) -> tuple[int, float]:
    """n and n_eff of a counter's attitude as the snapshot of ``as_of`` publishes them."""
    answers = Tally(
        (draft.channel, draft.day, draft.levels.attitude)
        for draft in drafts(first, as_of, codes={code})
    )
    summary = summarise(binned(answers, as_of), as_of)
    return summary.n, summary.n_eff


class TestRatings:
    def test_a_day_is_the_same_whenever_it_is_generated(self) -> None:
        first, last = datetime.date(2026, 9, 1), datetime.date(2026, 9, 30)
        whole = list(drafts(first, last))
        middle = [draft for draft in whole if draft.day >= datetime.date(2026, 9, 14)]
        assert list(drafts(datetime.date(2026, 9, 14), last)) == middle
        assert len({draft.submission for draft in whole}) == len(whole) > 1000

    def test_only_working_days(self) -> None:
        days = set(working_days(datetime.date(2027, 2, 1), datetime.date(2027, 2, 28)))
        assert datetime.date(2027, 2, 5) not in days  # the day before Tết
        assert datetime.date(2027, 2, 1) in days
        assert all(day.weekday() < 5 for day in days)
        assert {draft.day for draft in drafts(min(days), max(days))} <= days

    def test_months_before_and_finished_months(self) -> None:
        assert months_before(datetime.date(2026, 8, 31), 6) == datetime.date(2026, 2, 28)
        assert months_before(datetime.date(2026, 12, 1), -1) == datetime.date(2027, 1, 1)
        whole = finished_months(datetime.date(2026, 5, 1), datetime.date(2026, 10, 31))
        assert [month.month for month in whole] == [5, 6, 7, 8, 9, 10]
        part = finished_months(datetime.date(2026, 5, 2), datetime.date(2026, 10, 30))
        assert [month.month for month in part] == [6, 7, 8, 9]

    @pytest.mark.parametrize("day", DATES, ids=str)
    def test_one_few_one_hidden_the_rest_published(self, day: datetime.date) -> None:
        first = months_before(day, 6)
        newest = finished_months(first, day - ONE_DAY)[-1]
        as_of = months_before(newest, -1) - ONE_DAY
        number, weight = _weight("DEMHT31", first, as_of)
        assert number >= 10
        assert weight < 34
        assert _weight("DEMBT32", first, as_of)[0] < 10
        for code in PROFILES:  # the newest month alone is enough
            assert _weight(code, newest, as_of)[1] > 40, code

    def test_the_thin_counters_stay_thin_when_the_demo_goes_on_for_years(self) -> None:
        first, as_of = datetime.date(2026, 5, 1), datetime.date(2028, 4, 30)
        number, weight = _weight("DEMHT31", first, as_of)
        assert number >= 10
        assert weight < 35
        assert _weight("DEMBT32", first, as_of)[0] < 10

    def test_counters_differ_as_their_profiles_say(self) -> None:
        levels: dict[str, list[int]] = {}
        for draft in drafts(datetime.date(2026, 9, 1), datetime.date(2026, 9, 30)):
            levels.setdefault(draft.code, []).append(draft.levels.attitude)
        means = {code: sum(each) / len(each) for code, each in levels.items()}
        assert means["DEMCT02"] - means["DEMDD03"] > 0.6
        assert all(len(set(levels[code])) >= 4 for code in PROFILES)

    def test_comments_name_nobody(self) -> None:
        words = {person.name for place in PLACES for person in place.people}
        for text in _texts(COMMENTS):
            assert not any(name in text for name in words)
            assert not any(char.isdigit() for char in text)


def _state() -> list[int]:
    models = (ProcedurePage, Office, Counter, Officer, Handling, Field)
    figures = (Rating, Rollup, Comment, Snapshot, SnapshotScore, Minted, ReceiptMark)
    return [model.objects.count() for model in models + figures]


def few_procedures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first subject: enough where the number does not matter, and quick."""
    monkeypatch.setattr("portal.demo.data.SUBJECTS", data.SUBJECTS[:1])


@pytest.mark.django_db
@pytest.mark.walks
class TestLoading:
    def test_load_twice_then_remove(self, monkeypatch: pytest.MonkeyPatch) -> None:
        quieter = {
            code: replace(profile, per_day=0.6 * profile.per_day)
            for code, profile in PROFILES.items()
        }
        monkeypatch.setattr("portal.demo.ratings.PROFILES", quieter)
        assert database_is_empty()
        loaded = load_demo(day=DAY, days=31)
        assert (loaded.offices, loaded.counters, loaded.officers) == (3, 12, 24)
        assert loaded.procedures == ProcedurePage.objects.live().count() >= 40
        assert loaded.ratings == Rating.objects.count() > 800
        assert loaded.months == [LAST_MONTH]
        assert Comment.objects.exists()
        assert loaded.receipts == Minted.objects.aggregate(all=Sum("count"))["all"]
        assert not database_is_empty()
        assert CitySettings.load().city == CITY

        scores = SnapshotScore.objects.all()
        assert Tally(score.status for score in scores) == {"published": 10, "few": 1, "hidden": 1}
        rates = [score.figures.get("response_rate") for score in scores.exclude(status="hidden")]
        assert all(rate and 0.08 < rate < 0.6 for rate in rates)
        for page in ProcedurePage.objects.all():
            assert page.is_demo
            assert page.plain_name
            assert page.source_url
            assert 3 <= len(page.step_rows) <= 6, page.code
            draft = page.get_latest_revision_as_object()
            assert draft.plain_name == page.plain_name
            handled = {
                row.counter.office_id
                for office in Office.objects.all()
                for row in Handling.objects.for_procedures([page.code], [page.field_id], office.pk)
                if row.officer is not None
            }
            assert handled, page.code

        before = _state()
        again = load_demo(day=DAY, days=31)
        assert (again.procedures, again.offices, again.ratings, again.months) == (0, 0, 0, [])
        assert again.receipts == 0
        assert _state() == before

        removed = remove_demo()
        assert removed.procedures == loaded.procedures
        assert (removed.offices, removed.counters, removed.officers) == (3, 12, 24)
        assert (removed.ratings, removed.snapshots) == (loaded.ratings, 1)
        assert not any(_state())
        assert CitySettings.load().city != CITY
        assert database_is_empty()

    def test_what_is_the_citys_own_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        few_procedures(monkeypatch)
        monkeypatch.setattr("portal.demo.ratings.PROFILES", {})  # the thin counters alone
        real = data.records()[0] | {"plain_name": "", "name": "Tên của thành phố thật"}
        import_records([Row("x", 1, real)], publish=True)
        own = make_counter(name="Quầy thật")
        submit_rating(
            submission=uuid.uuid4(),
            counter=own,
            channel="receipt",
            service_day=LAST_MONTH,
            levels=Levels(5),
        )
        city = CitySettings.load()
        city.city = "Thành phố có thật"
        city.save()

        loaded = load_demo(day=DAY, days=31)
        page = ProcedurePage.objects.get(code=real["code"])
        assert page.title == "Tên của thành phố thật"
        assert not page.is_demo
        assert loaded.kept == 1
        assert loaded.months == []
        assert "real ratings" in loaded.reason
        assert CitySettings.load().city == "Thành phố có thật"

        taken = data.records()[1]
        import_records([Row("x", 1, taken)], publish=True)  # a real import takes it over
        helper = Officer.objects.create(
            office=Office.objects.get(slug=PLACES[1].slug), name="Người thật", title="Công chức"
        )
        removed = remove_demo()
        assert removed.kept == [PLACES[1].title]
        assert not Office.objects.get(pk=helper.office_id).is_demo
        assert set(ProcedurePage.objects.values_list("code", flat=True)) == {
            real["code"],
            taken["code"],
        }
        assert Rating.objects.get().counter == own
        assert Rollup.objects.filter(counter=own).exists()
        assert list(Field.objects.values_list("name", flat=True)) == ["Hộ tịch"]
        assert CitySettings.load().city == "Thành phố có thật"

    def test_a_mixed_snapshot_stays_without_the_demos_scores(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few_procedures(monkeypatch)
        load_demo(day=DAY, days=0)
        demo, own = Counter.objects.filter(is_demo=True)[0], make_counter()
        values = {"as_of": DAY, "method": "1", "open_data": b""}
        mixed = Snapshot.objects.create(month=datetime.date(2026, 9, 1), **values)
        alone = Snapshot.objects.create(month=datetime.date(2026, 8, 1), **values)
        for snapshot, counter in ((mixed, demo), (mixed, own), (alone, demo)):
            SnapshotScore.objects.create(
                snapshot=snapshot,
                counter=counter,
                status="hidden",
                main_field="ho-tich",
                figures={},
            )
        removed = remove_demo()
        assert removed.mixed == ["2026-09"]
        assert list(Snapshot.objects.all()) == [mixed]
        assert SnapshotScore.objects.get().counter == own

    def test_an_interrupted_first_load_is_finished_by_the_next_start(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def power_cut(*args: object, **options: object) -> None:
            raise KeyboardInterrupt

        few_procedures(monkeypatch)
        with monkeypatch.context() as patched:
            patched.setattr("portal.demo.loading.bulk_submit", power_cut)
            with pytest.raises(KeyboardInterrupt):
                load_demo(day=DAY, days=31)
        assert ProcedurePage.objects.exists()
        assert database_is_empty()

    def test_the_command_counts(self, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("demo", "remove")
        assert capsys.readouterr().out.splitlines()[-1] == (
            "removed procedures: 0, offices: 0, counters: 0, officers: 0, ratings: 0, snapshots: 0"
        )
