"""Measures, the command that prints them, the nightly run, what a draft would change."""

from __future__ import annotations

import datetime
import json
from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from search import evaluating
from search.evaluation import Asked, Measures, Outcome, by_kind, changes, failed, measure
from search.files import read_questions, shipped_questions, write_questions
from search.language import Entry
from search.models import EvaluationQuestion, EvaluationRun, LanguageEntry
from tests.factories import make_procedure


def outcome(right: str, first: str, kind: str = "") -> Outcome:
    """Codes as single letters."""
    return Outcome(Asked(f"hỏi {right} {first}", frozenset(right), kind), tuple(first))


class TestMeasures:
    def test_by_hand(self):
        some = [outcome("a", "abc"), outcome("b", "abc"), outcome("d", "abcd"), outcome("x", "abc")]
        assert [one.rank for one in some] == [1, 2, 4, 0]
        assert measure(some) == Measures(4, 0.25, 0.5, (1 + 1 / 2 + 1 / 4) / 4)
        assert failed(some) == some[2:]

    def test_nonsense_is_right_when_nothing_is_found(self):
        assert outcome("", "").rank == 1
        assert outcome("", "a").rank == 0

    def test_any_of_several_right_codes(self):
        assert outcome("yz", "abz").rank == 3

    def test_only_the_first_ten_count(self):
        assert outcome("k", "abcdefghijk").rank == 0

    def test_no_question(self):
        assert measure([]) == Measures(0, 0.0, 0.0, 0.0)

    def test_kinds(self):
        kinds = by_kind([outcome("a", "a", "x"), outcome("a", "", "x"), outcome("a", "a")])
        assert {kind: one.hit1 for kind, one in kinds.items()} == {"x": 0.5, "khác": 1.0}

    def test_changes_tell_better_from_worse(self):
        before = [outcome("a", "abc"), outcome("a", "bca"), outcome("a", "bcd"), outcome("a", "a")]
        after = [outcome("a", "bac"), outcome("a", "abc"), outcome("a", "dcb"), outcome("a", "a")]
        found = changes(before, after)
        assert [(one.worse, one.better) for one in found] == [
            (True, False),
            (False, True),
            (False, False),
        ]


class TestFiles:
    def test_round_trip(self):
        text = '{"query": "lam khai sinh", "codes": ["1.001193"], "kind": "no_marks"}\n'
        rows, errors = read_questions(text)
        assert not errors
        assert write_questions(rows) == text

    def test_every_wrong_line_is_told(self):
        lines = [
            "{",
            '{"query": "a", "codes": ["1.001193"]}',
            '{"codes": []}',
            '{"query": "a", "codes": "1.001193"}',
            '{"query": "a", "codes": ["abc"]}',
            json.dumps({"query": "x" * 201, "codes": []}),
        ]
        rows, errors = read_questions("\n".join(lines))
        assert [one.line for one in errors] == [1, 3, 4, 5, 6]
        assert len(rows) == 1

    def test_the_shipped_ones_are_whole(self):
        rows = shipped_questions()
        assert len(rows) == len({row.key for row in rows})
        assert all(row.right or row.kind == "nonsense" for row in rows)


@pytest.fixture
def city(index, words):
    make_procedure("9.100001", title="Đăng ký kết hôn")
    make_procedure("9.100002", title="Cấp giấy phép xây dựng")
    index()
    for query, codes, kind in (
        ("đăng ký kết hôn", "9.100001", "keywords"),
        ("giấy phép xây dựng", "9.100002", "keywords"),
        ("lắp bê", "9.100001", "slang"),
        ("cấp hộ chiếu", "9.999999", "keywords"),
        ("qwrtpsd", "", "nonsense"),
    ):
        EvaluationQuestion(query=query, codes=codes, kind=kind).save()
    for line in ("ơi", "à"):
        LanguageEntry.of(Entry("ignored", line)).save()
    words.forget()


@pytest.mark.django_db
class TestRuns:
    def test_questions_about_procedures_of_other_places_are_left_out(self, city):
        done, outcomes = evaluating.run(evaluating.active_questions(), keep=True)
        assert (done.n, done.left_out) == (4, 1)
        assert done.hit3 == pytest.approx(3 / 4)
        assert [one.asked.query for one in failed(outcomes)] == ["lắp bê"]
        assert done.by_kind["slang"] == {"n": 1, "hit1": 0.0, "hit3": 0.0, "mrr": 0.0}
        assert EvaluationRun.objects.get().failed[0]["query"] == "lắp bê"

    def test_what_failed_is_kept_of_the_newest_only(self, city, monkeypatch):
        monkeypatch.setattr(evaluating, "FAILED_KEPT", 1)
        for _ in range(2):
            evaluating.run(evaluating.active_questions(), keep=True)
        assert [bool(one.failed) for one in EvaluationRun.objects.order_by("-at")] == [True, False]

    def test_the_command(self, city, tmp_path):
        out = StringIO()
        call_command("evaluate_search", "--failing", "--at-least", "hit3=0.75", stdout=out)
        text = out.getvalue()
        assert "all" in text
        assert "left out" in text
        assert "'lắp bê': wants 9.100001; got nothing" in text
        assert not EvaluationRun.objects.exists()
        with pytest.raises(CommandError, match=r"hit3 0\.750 is below 0\.9"):
            call_command("evaluate_search", "--at-least", "hit3=0.9", stdout=StringIO())
        with pytest.raises(CommandError, match="write hit1"):
            call_command("evaluate_search", "--at-least", "hit5=1", stdout=StringIO())
        path = tmp_path / "mine.jsonl"
        path.write_text('{"query": "kết hôn", "codes": ["9.100001"]}\n')
        out = StringIO()
        call_command("evaluate_search", "--file", str(path), "--at-least", "hit1=1", stdout=out)
        assert "1.000" in out.getvalue()
        path.write_text("{\n")
        with pytest.raises(CommandError, match=r"mine\.jsonl:1"):
            call_command("evaluate_search", "--file", str(path), stdout=StringIO())

    @pytest.mark.parametrize(("hour", "due"), [(1, False), (2, True), (23, True)])
    def test_once_a_night(self, city, hour, due):
        hanoi = timezone.get_default_timezone()
        now = datetime.datetime(2026, 11, 24, hour, 30, tzinfo=hanoi)
        with mock.patch.object(timezone, "now", return_value=now):
            assert evaluating.due() is due
            evaluating.run([Asked("kết hôn", frozenset({"9.100001"}))], keep=True)
            assert evaluating.due() is False
        tomorrow = now + datetime.timedelta(days=1)
        with mock.patch.object(timezone, "now", return_value=tomorrow):
            assert evaluating.due() is due

    @pytest.fixture
    def started(self, city, monkeypatch):
        """Commands the worker starts; ``clock[0]`` is its time."""
        commands: list[str] = []

        class Child:
            returncode = 0

            def poll(self):
                return 0

        def popen(command, **kwargs):
            commands.append(command[2])
            return Child()

        monkeypatch.setattr(evaluating.subprocess, "Popen", popen)
        for name, value in (("began", 0.0), ("looked", 0.0), ("wanted", None), ("child", None)):
            monkeypatch.setattr(evaluating._Night, name, value)
        return commands

    def test_the_worker_starts_it_in_a_process_of_its_own(self, started, monkeypatch):
        monkeypatch.setattr(evaluating, "due", lambda: True)
        clock = [1000.0]
        monkeypatch.setattr(evaluating.time, "monotonic", lambda: clock[0])
        for seconds in (0, 5):
            clock[0] += seconds
            evaluating.tend()
            assert started == []  # the worker has just begun
        clock[0] += evaluating.LOOK_EVERY
        evaluating.tend()
        assert started == ["evaluate_search"]

    def test_or_when_an_editor_wants_it(self, started, monkeypatch):
        monkeypatch.setattr(evaluating, "due", lambda: False)
        evaluating.want_now()
        evaluating.tend()
        assert started == []  # wanted before this worker began
        evaluating.want_now()
        evaluating.tend()
        evaluating.tend()
        assert started == ["evaluate_search"]


@pytest.mark.django_db
class TestEffect:
    def test_a_draft_lifts_a_failing_question(self, city):
        draft = LanguageEntry.of(Entry("one_way", "lắp bê", ("đăng ký kết hôn",)))
        effect = evaluating.effect_of(draft, ["tôi lắp bê"])
        assert (effect.asked, effect.total) == (4, 4)
        assert effect.before.hit3 == pytest.approx(3 / 4)
        assert effect.after.hit3 == 1.0
        (change,) = effect.changes
        assert change.better
        assert (change.before, change.after) == ((), ("9.100001",))
        assert effect.tries == [("tôi lắp bê", (), ("9.100001",))]
        assert effect.names["9.100001"] == "Đăng ký kết hôn"
        assert not LanguageEntry.objects.filter(said="lắp bê").exists()

    def test_switching_a_stored_entry_off(self, city, words):
        row = LanguageEntry.of(Entry("one_way", "lắp bê", ("đăng ký kết hôn",)))
        row.save()
        words.forget()
        row.active = False
        effect = evaluating.effect_of(row)
        (change,) = effect.changes
        assert change.worse
        assert effect.after.hit3 < effect.before.hit3

    def test_it_stops_in_time_with_the_nearest_questions_asked(self, city, monkeypatch):
        monkeypatch.setattr(evaluating, "PREVIEW_SECONDS", 0.0)
        draft = LanguageEntry.of(Entry("one_way", "lắp bê", ("đăng ký kết hôn",)))
        effect = evaluating.effect_of(draft)
        assert effect.asked == 1
        assert effect.total == 4
