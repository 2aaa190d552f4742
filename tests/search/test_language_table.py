"""The curated language in its table: what is let in, what a new version of the product brings,
how files come and go, how every process follows."""

from __future__ import annotations

import threading
import time

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from search import curated
from search.curated import Keeper, current_language, speaking
from search.curation import (
    apply,
    load_shipped,
    plan,
    remove_by_hand,
    save_by_hand,
)
from search.files import (
    FileError,
    read_language,
    shipped_entries,
    text_of,
    write_language,
)
from search.finder import find
from search.kind_words import WORDS
from search.language import KINDS, Entry, Language, parse
from search.models import EvaluationQuestion, LanguageEntry
from search.models.language import entry_key
from tests.factories import make_procedure


def make_entry(line: str, **values: object) -> LanguageEntry:
    """A stored row from a line of the format."""
    (entry,) = parse(line)
    row = LanguageEntry.of(entry)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def rows_of(text: str) -> list[LanguageEntry]:
    """Rows of a file, not saved."""
    rows, errors = read_language(text)
    assert not errors
    return list(rows)


def table() -> dict[str, str]:
    """Active rows: key → text."""
    return {row.key: row.as_text() for row in LanguageEntry.objects.filter(active=True)}


def _meant(known) -> set[str]:
    return {one for _, means in known for one in means}


def load(text: str):
    return load_shipped(rows_of(text), model=LanguageEntry)


@pytest.mark.django_db
class TestRow:
    @pytest.mark.parametrize(
        ("kind", "said", "means", "box", "words"),
        [
            ("one_way", "   ", "khai sinh", "said", "Thiếu chữ"),
            ("one_way", "sổ đỏ", "", "means", "ít nhất một"),
            ("one_way", "sổ đỏ", "giấy\n???", "means", "Thiếu chữ"),
            ("one_way", "sổ > đỏ", "giấy", "said", "dấu"),
            ("one_way", "sổ đỏ", "giấy | tờ", "means", "dấu"),
            ("best_bet", "cấp đổi thẻ", "abc", "means", "mã thủ tục"),
            ("hidden", "1.001193", "", "means", "ít nhất một cách gọi"),
            ("hidden", "1.001193", "làm giấy\n...", "means", "Dòng 2"),
            ("hidden", "khai sinh", "làm giấy", "said", "mã thủ tục"),
            ("???", "khai sinh", "làm giấy", "kind", "loại"),
            ("ignored", "x" * 121, "", "said", "dài"),
        ],
    )
    def test_bad_lines_are_told_beside_their_box(self, kind, said, means, box, words):
        row = LanguageEntry(kind=kind, said=said, means=means)
        with pytest.raises(ValidationError) as caught:
            row.clean()
        assert words in " ".join(caught.value.message_dict[box])

    def test_one_entry_of_a_kind_however_spelt(self):
        make_entry("hoà giải > hoà giải ở cơ sở")
        with pytest.raises(ValidationError, match="Đã có"):
            LanguageEntry(kind="one_way", said="HÒA  GIẢI", means="xin").clean()
        LanguageEntry(kind="both_ways", said="hòa giải", means="xin").clean()
        # Without marks it may be other words.
        LanguageEntry(kind="one_way", said="hoa giai", means="xin").clean()

    def test_what_passes_reads_back_the_same(self):
        row = LanguageEntry(kind="hidden", said="1.001193", means=" làm  giấy \n\n con mới đẻ")
        row.clean()
        assert parse(row.as_text()) == [Entry("hidden", "1.001193", ("làm giấy", "con mới đẻ"))]


def test_every_kind_has_its_words():
    assert set(WORDS) == set(KINDS)


@pytest.mark.django_db
class TestShipped:
    FIRST = "cccd := căn cước\nsổ đỏ > giấy chứng nhận\n1.000001 Tên\n  làm giấy\n"

    def test_loading_twice_changes_nothing(self):
        assert load(self.FIRST).added == 3
        before = list(LanguageEntry.objects.values())
        assert load(self.FIRST).nothing
        assert list(LanguageEntry.objects.values()) == before

    def test_unedited_rows_follow_and_go_with_the_files(self):
        load(self.FIRST)
        loaded = load("cccd := căn cước công dân\n1.000001 Tên\n  làm giấy\n- ơi\n")
        assert (loaded.added, loaded.updated, loaded.removed, loaded.kept) == (1, 1, 1, 0)
        assert table() == {
            "short:cccd": "cccd := căn cước công dân",
            "hidden:1.000001": "1.000001 Tên\n  làm giấy",
            "ignored:ơi": "- ơi",
        }

    def test_what_an_editor_did_is_never_overwritten(self, admin_user):
        load(self.FIRST)
        edited = LanguageEntry.objects.get(said="cccd")
        edited.means = "thẻ của tôi"
        save_by_hand(edited, user=admin_user)
        off = LanguageEntry.objects.get(said="sổ đỏ")
        assert remove_by_hand(off, user=admin_user) is False
        make_entry("- ơi")
        loaded = load("cccd := căn cước công dân\nsổ đỏ > giấy hồng\n- ơi\n1.000001 Tên\n  làm\n")
        assert (loaded.added, loaded.updated, loaded.kept) == (0, 1, 3)
        assert LanguageEntry.objects.get(said="cccd").means == "thẻ của tôi"
        assert LanguageEntry.objects.get(said="sổ đỏ").active is False
        assert LanguageEntry.objects.get(said="ơi").origin == "own"

    def test_an_edited_row_that_leaves_the_files_stays_as_the_citys_own(self, admin_user):
        load(self.FIRST)
        edited = LanguageEntry.objects.get(said="cccd")
        edited.means = "thẻ của tôi"
        save_by_hand(edited, user=admin_user)
        assert load("- ơi\n").removed == 2
        assert LanguageEntry.objects.get(said="cccd").origin == "own"
        assert load("- ơi\n").nothing

    def test_edited_back_it_follows_again(self, admin_user):
        load(self.FIRST)
        row = LanguageEntry.objects.get(said="cccd")
        for means in ("khác", "căn cước"):
            row.means = means
            save_by_hand(row, user=admin_user)
        assert load("cccd := căn cước công dân\n").updated == 1

    def test_the_product_itself(self):
        call_command("load_language", verbosity=0)
        stored = LanguageEntry.objects.count()
        assert stored > 2000
        assert not LanguageEntry.objects.exclude(origin="shipped").exists()
        call_command("load_language", verbosity=0)
        assert load_shipped(shipped_entries(), model=LanguageEntry).nothing
        assert LanguageEntry.objects.count() == stored

    def test_what_was_loaded_means_what_the_files_mean(self):
        load_shipped(shipped_entries(), model=LanguageEntry)
        ours, files = curated.language_of_table(), curated._shipped()
        for name in ("short", "synonyms", "ignored", "weak", "english", "best_bets"):
            one, other = getattr(ours, name).by_words, getattr(files, name).by_words
            assert one.keys() == other.keys(), name
            for words, known in other.items():
                # Two lines of one phrase are one row, so its meanings may have become more.
                assert _meant(known) <= _meant(one[words])
        assert {code: set(some) for code, some in ours.hidden.items()} == {
            code: set(some) for code, some in files.hidden.items()
        }


@pytest.mark.django_db
class TestFiles:
    TEXT = "cccd := căn cước\nbhyt = bảo hiểm y tế | thẻ bảo hiểm\n- ơi\n! đổi thẻ > 1.000001\n"

    def test_export_and_import_change_nothing(self, admin_user):
        load_shipped(shipped_entries(), model=LanguageEntry)
        text = write_language(LanguageEntry.objects.all())
        for whole in (False, True):
            found = plan(rows_of(text), model=LanguageEntry, whole=whole)
            assert found.empty
            assert found.same == LanguageEntry.objects.count()

    def test_plan_and_apply(self, admin_user):
        for line in self.TEXT.splitlines():
            make_entry(line)
        LanguageEntry.objects.filter(said="ơi").update(active=False)
        text = "cccd := thẻ căn cước\n- ơi\n- nhé\nvneid := định danh\n"
        found = plan(rows_of(text), model=LanguageEntry, whole=True)
        assert [row.said for row in found.added] == ["nhé", "vneid"]
        assert [old.said for old, _ in found.changed] == ["cccd"]
        assert [row.said for row in found.switched_on] == ["ơi"]
        # Only kinds that the file has lose what it does not have.
        assert found.removed == []
        apply(found, model=LanguageEntry, user=admin_user)
        assert plan(rows_of(text), model=LanguageEntry, whole=True).empty
        assert LanguageEntry.objects.filter(kind="both_ways").exists()
        assert LanguageEntry.objects.get(said="cccd").changed_by == admin_user

    def test_a_whole_file_takes_away_what_it_does_not_have(self, admin_user):
        load("- ơi\n- à\n")
        make_entry("- nhé")
        found = plan(rows_of("- ơi\n"), model=LanguageEntry, whole=True)
        apply(found, model=LanguageEntry, user=admin_user)
        # What the product brings is only switched off, or the next start would bring it back.
        assert LanguageEntry.objects.get(said="à").active is False
        assert not LanguageEntry.objects.filter(said="nhé").exists()

    def test_every_wrong_line_is_told(self):
        text = "- ơi\n???\n1.000001 Tên\n  làm giấy\n  ...\n! đổi > abc\n  lạc\n# xong\n- à\n"
        rows, errors = read_language(text)
        assert [one.line for one in errors] == [2, 5, 6]
        assert [row.said for row in rows] == ["ơi", "à"] or len(rows) == 3

    def test_a_code_without_phrases_is_an_error(self):
        _, errors = read_language("- ơi\n1.000001 Tên\n- à\n")
        assert [one.line for one in errors] == [2]

    def test_a_sign_is_no_entry(self):
        assert [one.line for one in read_language("- ơi\nx=0\n")[1]] == [2]

    def test_not_text(self):
        with pytest.raises(FileError, match="UTF-8"):
            text_of("khai sinh".encode("utf-16"))
        assert text_of("\ufeff- ơi".encode()) == "- ơi"

    @given(st.text(alphabet="abcđêơ >=|:#!?-~x\n 1.0", max_size=80))
    def test_any_text_is_read_or_told(self, text):
        rows, errors = read_language(text)
        if not errors:
            again, none = read_language(write_language(rows))
            assert not none
            assert [row.content for row in again] == [row.content for row in rows]


@pytest.mark.django_db
class TestHistory:
    def test_who_when_before_after(self, admin_user):
        row = LanguageEntry.of(Entry("short", "cccd", ("căn cước",)))
        save_by_hand(row, user=admin_user)
        row.means = "thẻ căn cước"
        save_by_hand(row, user=admin_user)
        assert save_by_hand(row, user=admin_user) is False
        key = str(row.pk)
        remove_by_hand(row, user=admin_user)
        logs = ModelLogEntry.objects.filter(object_id=key, action="search.curated").order_by("pk")
        assert [(one.data["did"], one.data["before"], one.data["after"]) for one in logs] == [
            ("Thêm", "", "cccd := căn cước"),
            ("Sửa", "cccd := căn cước", "cccd := thẻ căn cước"),
            ("Xoá", "cccd := thẻ căn cước", ""),
        ]
        assert {one.user for one in logs} == {admin_user}


class _Clock:
    def __init__(self, monkeypatch):
        self.now = 1000.0
        monkeypatch.setattr(curated.time, "monotonic", lambda: self.now)


def at_once(work):
    work()


@pytest.mark.django_db
class TestFreshness:
    def test_without_rows_it_is_what_the_product_ships(self, words):
        assert current_language().version == "shipped"

    def test_two_processes_follow_within_two_seconds(self, words, monkeypatch, admin_user):
        clock = _Clock(monkeypatch)
        make_entry("- ơi")
        one, other = Keeper(at_once), Keeper(at_once)
        before = one.language()
        assert other.language().version == before.version
        row = LanguageEntry.of(Entry("short", "cccd", ("căn cước",)))
        save_by_hand(row, user=admin_user)
        clock.now += 1.1
        for keeper in (one, other):
            assert ("cccd",) in keeper.language().short.by_words
        LanguageEntry.objects.get(said="cccd").delete()
        clock.now += 1.1
        assert ("cccd",) not in one.language().short.by_words

    def test_the_same_object_and_one_query_a_second(
        self, words, monkeypatch, django_assert_num_queries
    ):
        clock = _Clock(monkeypatch)
        make_entry("- ơi")
        keeper = Keeper(at_once)
        first = keeper.language()
        with django_assert_num_queries(0):
            assert keeper.language() is first
        clock.now += 1.1
        with django_assert_num_queries(1):
            assert keeper.language() is first
            assert keeper.language() is first

    def test_the_old_one_serves_while_the_new_one_is_made_but_not_for_long(
        self, words, monkeypatch
    ):
        clock = _Clock(monkeypatch)
        waiting: list = []

        class Builder:
            def __init__(self, work):
                self.work = work
                waiting.append(self)

            def is_alive(self):
                return self in waiting

            def join(self, seconds):
                if self in waiting:
                    waiting.remove(self)
                    self.work()

        make_entry("- ơi")
        keeper = Keeper(Builder)
        first = keeper.language()
        make_entry("- nhé")
        clock.now += 1.05
        assert keeper.language() is first
        assert len(waiting) == 1
        clock.now += 0.2
        assert keeper.language() is first
        clock.now += 0.3  # 1.55 s after it was last known to be right
        assert ("nhe",) in keeper.language().ignored.by_words

    def test_an_idle_process_does_not_answer_with_yesterdays_words(self, words, monkeypatch):
        clock = _Clock(monkeypatch)
        make_entry("- ơi")
        keeper = Keeper(at_once)
        keeper.language()
        make_entry("- nhé")
        clock.now += 3600
        assert ("nhe",) in keeper.language().ignored.by_words

    def test_another_language_only_in_this_thread(self, words):
        here = Language([Entry("short", "cccd", ("căn cước",))], "draft")
        seen = []
        with speaking(here):
            assert current_language() is here
            thread = threading.Thread(target=lambda: seen.append(curated._instead.get()))
            thread.start()
            thread.join()
        assert seen == [None]
        assert current_language() is not here

    def test_a_lost_database_keeps_what_there_is(self, words, monkeypatch):
        clock = _Clock(monkeypatch)
        make_entry("- ơi")
        keeper = Keeper(at_once)
        first = keeper.language()

        def lost():
            raise curated.DatabaseError

        monkeypatch.setattr(curated, "_stamp", lost)
        clock.now += 5
        assert keeper.language() is first
        assert Keeper(at_once).language().version == "shipped"


@pytest.mark.django_db(transaction=True)
def test_a_real_thread_makes_the_new_one(words):
    make_entry("- ơi")
    keeper = Keeper()
    keeper.language()
    make_entry("- nhé")
    until = time.monotonic() + 20
    while ("nhe",) not in keeper.language().ignored.by_words:
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.django_db
def test_a_synonym_lifts_a_failing_question_at_once(index, words, monkeypatch, admin_user):
    make_procedure("9.100001", title="Đăng ký kết hôn")
    make_procedure("9.100002", title="Cấp giấy phép xây dựng")
    index()
    monkeypatch.setattr(curated, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(curated._keeper, "_aside", at_once)
    load("- muốn\n- tôi\n")
    assert not find("tôi muốn lắp bê").results
    row = LanguageEntry.of(Entry("one_way", "lắp bê", ("đăng ký kết hôn",)))
    save_by_hand(row, user=admin_user)
    assert [one.code for one in find("tôi muốn lắp bê").results] == ["9.100001"]
    row.active = False
    save_by_hand(row, user=admin_user)
    assert not find("tôi muốn lắp bê").results


def test_keys():
    assert entry_key("one_way", "Hoà Giải") == entry_key("one_way", "hòa  giải")
    assert entry_key("hidden", "1.000001-H50") == "hidden:1.000001-h50"


@pytest.mark.django_db
def test_changed_by_survives_the_person(admin_user):
    person = User.objects.create_user("nguoi-cu")
    row = EvaluationQuestion(query="khai sinh", codes="9.100001")
    save_by_hand(row, user=person)
    person.delete()
    row.refresh_from_db()
    assert row.changed_by is None
