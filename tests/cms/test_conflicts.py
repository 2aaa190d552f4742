"""Re-imports over an editor's work: every version keeps its own, conflicts are kept and solved."""

from __future__ import annotations

import json
from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import GroupPagePermission, Revision, WorkflowState

from cms import conflicts
from cms.conflict_texts import ABSENT, Run, marked, part_text
from cms.groups import EDITORS
from cms.importing import import_records
from cms.importing.sources import Row
from cms.importing.values import page_values
from cms.merging import find, plain, split
from cms.models import ImportConflict, NationalRecord, ProcedurePage
from tests.cms.test_importing_parsing import raw
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db


def record(**values):
    fee = values.pop("fee", 20000)
    channels = [
        {
            "channel": "Trực tiếp",
            "time_value": values.pop("time", 7),
            "time_unit": "ngày",
            "time_limit": "",
            "fees": [{"amount": fee, "currency": "VND"}],
            "note": values.pop("note", ""),
        }
    ]
    documents = [
        {"name": name, "originals": 1, "copies": 0}
        for name in values.pop("papers", ["Tờ khai", "Giấy chứng sinh"])
    ]
    return raw(channels=channels, documents=documents, **values)


def load(*records, publish=True, **options):
    found = import_records(
        [Row("/kho/tthc.jsonl", number, one) for number, one in enumerate(records, 1)],
        publish=publish,
        **options,
    )
    assert found.rejected == 0, found.problems
    return found


def page(code="1.234567") -> ProcedurePage:
    return ProcedurePage.objects.get(code=code)


def draft():
    return page().get_latest_revision_as_object()


def fee_of(one):
    return one.channels.raw_data[0]["value"]["fees"][0]["value"]["amount"]


def time_of(one):
    return one.channels.raw_data[0]["value"]["time_value"]


def with_fee(one, amount):
    channels = json.loads(json.dumps(list(one.channels.raw_data)))
    channels[0]["value"]["fees"][0]["value"]["amount"] = amount
    one.channels = channels
    return one


def edit(*, fee=None, publish=True, user=None, **values):
    one = draft()
    if fee:
        with_fee(one, fee)
    for name, value in values.items():
        setattr(one, name, value)
    revision = one.save_revision(user=user)
    if publish:
        revision.publish()
    return revision


def the_conflict(**values) -> ImportConflict:
    return ImportConflict.objects.get(**values)


@pytest.fixture
def boss():
    return User.objects.create_superuser("truong-phong", "", "x")


@pytest.fixture
def editor():
    user = User.objects.create_user("bien-tap", password="x")
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


class TestImportOverEdits:
    """What becomes of each version of the page."""

    def test_a_local_fee_stays_and_the_national_time_comes(self):
        load(record())
        edit(fee="10000")
        result = load(record(time=5, fee=15000))
        assert result.warnings["conflict"] == 1
        assert (fee_of(page()), time_of(page())) == ("10000", "5")
        assert not page().has_unpublished_changes
        one = the_conflict()
        assert (one.part, one.name) == ("channels/direct/fees", "phí, lệ phí (Trực tiếp)")
        amounts = [side["fees"][0]["value"]["amount"] for side in (one.base, one.ours, one.theirs)]
        assert amounts == ["20000", "10000", "15000"]
        national = page().national
        assert (national.source, national.values["channels"][0]["value"]["time_value"]) == (
            "tthc.jsonl",
            "5",
        )

    def test_the_same_file_again_changes_nothing(self):
        load(record())
        edit(fee="10000")
        edit(result="Bản nháp", publish=False)
        load(record(time=5, fee=15000))
        before = (Revision.objects.count(), list(ImportConflict.objects.values()))
        result = load(record(time=5, fee=15000))
        assert (result.unchanged, result.changed) == (1, 0)
        assert (Revision.objects.count(), list(ImportConflict.objects.values())) == before

    def test_a_draft_stays_a_draft_and_gets_the_update(self):
        load(record())
        edit(fee="10000", publish=False)
        result = load(record(time=5))
        assert result.warnings["draft_kept"] == 1
        assert (fee_of(page()), time_of(page())) == ("20000", "5")
        assert page().has_unpublished_changes
        assert (fee_of(draft()), time_of(draft())) == ("10000", "5")
        assert not ImportConflict.objects.exists()

    def test_a_conflict_with_a_draft_lets_the_live_page_take_the_record(self):
        load(record())
        edit(fee="10000", publish=False)
        load(record(fee=15000))
        assert (fee_of(page()), fee_of(draft())) == ("15000", "10000")
        assert the_conflict().ours["fees"][0]["value"]["amount"] == "10000"

    def test_without_publish_nothing_goes_live_and_later_it_does(self):
        load(record())
        edit(fee="10000")
        load(record(time=5, fee=15000), publish=False)
        assert (fee_of(page()), time_of(page())) == ("10000", "7")
        assert (fee_of(draft()), time_of(draft())) == ("10000", "5")
        assert load(record(time=5, fee=15000), publish=False).unchanged == 1
        load(record(time=4, fee=15000), publish=False)
        assert load(record(time=4, fee=15000)).changed == 1
        assert (fee_of(page()), time_of(page())) == ("10000", "4")
        assert not page().has_unpublished_changes
        assert ImportConflict.objects.count() == 1
        assert load(record(time=4, fee=15000)).unchanged == 1

    def test_a_draft_made_by_an_import_and_published_by_hand_is_the_new_base(self):
        load(record())
        load(record(time=5), publish=False)
        page().get_latest_revision().publish()
        load(record(time=6))
        assert time_of(page()) == "6"
        assert not ImportConflict.objects.exists()

    def test_an_approved_date_stays_approved_with_the_update(self):
        load(record())
        later = timezone.now() + timedelta(days=3)
        one = draft()
        one.go_live_at = later
        with_fee(one, "10000").save_revision().publish()
        assert page().scheduled_revision is not None
        load(record(time=5))
        assert (fee_of(page()), time_of(page())) == ("20000", "5")
        scheduled = page().scheduled_revision
        assert scheduled.approved_go_live_at == later
        version = scheduled.as_object()
        assert (fee_of(version), time_of(version)) == ("10000", "5")
        assert page().get_latest_revision() == scheduled
        with mock.patch("django.utils.timezone.now", return_value=later + timedelta(minutes=1)):
            call_command("publish_scheduled")
        assert (fee_of(page()), time_of(page())) == ("10000", "5")

    def test_a_review_goes_on_with_the_updated_draft(self, editor):
        load(record())
        edit(fee="10000", publish=False, user=editor)
        state = page().get_workflow().start(page(), editor)
        load(record(time=5))
        state.refresh_from_db()
        assert state.status == WorkflowState.STATUS_IN_PROGRESS
        version = state.current_task_state.revision.as_object()
        assert (fee_of(version), time_of(version)) == ("10000", "5")

    def test_a_page_taken_offline_gets_the_update_as_a_draft(self):
        load(record())
        edit(fee="10000")
        page().unpublish()
        assert load(record(time=5)).warnings["saved_as_draft"] == 1
        assert not page().live
        assert (fee_of(draft()), time_of(draft())) == ("10000", "5")

    def test_a_draft_that_never_was_public_is_the_editors_to_publish(self):
        load(record(), publish=False)
        edit(fee="10000", publish=False)
        result = load(record(time=5))
        assert result.warnings["saved_as_draft"] == 1
        assert not page().live
        assert (fee_of(draft()), time_of(draft())) == ("10000", "5")
        assert load(record(time=5)).changed == 0

    def test_rules_of_the_city_alone_make_a_draft_the_editors(self):
        load(record(), publish=False)
        edit(publish=False, applied="yes")
        load(record())
        assert not page().live

    def test_a_page_made_by_hand_keeps_what_it_says(self):
        make_procedure("1.234567", title="Tên của thành phố", result="")
        load(record(result="Giấy"))
        assert (page().title, page().result) == ("Tên của thành phố", "Giấy")
        assert the_conflict().part == "name"
        assert the_conflict().base == {"title": None, "full_name": None}

    def test_a_page_made_by_hand_is_filled_also_when_the_first_import_was_a_draft(self):
        make_procedure("1.234567", title="Thủ tục ví dụ", result="")
        load(record(result="Giấy"), publish=False)
        assert page().result == ""
        assert draft().result == "Giấy"
        load(record(result="Giấy"))
        assert page().result == "Giấy"

    def test_the_everyday_name_is_never_unsaid(self):
        load(record(plain_name="làm khai sinh"))
        load(record(time=5))
        assert page().plain_name == "làm khai sinh"
        load(record(time=6, plain_name="khai sinh cho con"))
        assert page().plain_name == "khai sinh cho con"
        edit(plain_name="đẻ con")
        load(record(time=8, plain_name="khai sinh cho bé"))
        assert page().plain_name == "đẻ con"
        assert the_conflict().part == "plain_name"


class TestDemo:
    """An import over a demo page takes it out of the demo."""

    def test_demo_content_is_no_editors_edit(self):
        load(record(fee=1000), demo=True)
        edit(fee="2000", applied="yes")  # the demo loader's own finishing, by nobody
        load(record(fee=15000))
        assert (page().is_demo, fee_of(page()), page().applied) == (False, "15000", "")
        assert not ImportConflict.objects.exists()

    def test_an_equal_record_takes_the_demos_own_layer_away(self):
        load(record(), demo=True)
        edit(applied="yes")
        load(record())
        assert (page().is_demo, page().applied) == (False, "")

    def test_what_a_person_edited_in_the_demo_stays(self, editor):
        load(record(fee=1000), demo=True)
        edit(fee="2000", user=editor)
        load(record(fee=15000, time=5))
        assert (page().is_demo, fee_of(page()), time_of(page())) == (False, "2000", "5")
        assert the_conflict().part == "channels/direct/fees"


class TestBookkeeping:
    """One open conflict a part, with all it went through."""

    def test_a_newer_record_renews_theirs_and_keeps_the_base(self):
        load(record())
        edit(fee="10000")
        load(record(fee=15000))
        load(record(fee=16000))
        one = the_conflict()
        amounts = [side["fees"][0]["value"]["amount"] for side in (one.base, one.ours, one.theirs)]
        assert amounts == ["20000", "10000", "16000"]
        assert one.earlier[0]["theirs"]["fees"][0]["value"]["amount"] == "15000"

    def test_a_record_that_goes_back_withdraws_it(self):
        load(record())
        edit(fee="10000")
        load(record(fee=15000))
        load(record(fee=20000))
        assert the_conflict().solution == "withdrawn"
        assert fee_of(page()) == "10000"

    def test_a_record_that_comes_to_say_the_same_settles_it(self):
        load(record())
        edit(fee="10000")
        load(record(fee=15000))
        load(record(fee=10000))
        assert the_conflict().solution == "same"

    def test_a_solved_part_is_asked_again_only_when_the_record_changes_again(self, boss):
        load(record())
        edit(fee="10000")
        load(record(fee=15000))
        conflicts.keep(conflict_id=the_conflict().pk, user=boss)
        load(record(fee=15000, time=5))
        assert not ImportConflict.objects.filter(solved_at=None).exists()
        load(record(fee=16000, time=5))
        assert the_conflict(solved_at=None).theirs["fees"][0]["value"]["amount"] == "16000"


RULE = {
    "type": "fees",
    "id": "0a0a0a0a-0000-4000-8000-000000000001",
    "value": {
        "channel": "direct",
        "adds": False,
        "fees": [
            {
                "type": "item",
                "id": "0a0a0a0a-0000-4000-8000-000000000002",
                "value": {"amount": "5000", "currency": "VND", "condition": "", "text": ""},
            }
        ],
        "origin": "city",
        "decision": "NQ 12/2025",
        "valid_from": None,
        "valid_until": None,
    },
}


class TestRules:
    """Rules of the city over a national part that changes."""

    def _rules(self, *rules):
        edit(local_rules=list(rules))

    def test_the_rule_stays_and_the_editor_is_told(self, boss):
        load(record())
        self._rules(RULE)
        assert "conflict" not in load(record(time=5)).warnings
        assert load(record(time=5, fee=15000)).warnings["conflict"] == 1
        assert fee_of(page()) == "15000"
        assert page().local_rules.raw_data[0]["value"]["decision"] == "NQ 12/2025"
        one = the_conflict()
        assert one.part == f"local_rules/{RULE['id']}"
        load(record(time=5, fee=16000))
        one.refresh_from_db()
        changed = one.theirs["channels/direct/fees"]["fees"][0]["value"]["amount"]
        first = one.base["channels/direct/fees"]["fees"][0]["value"]["amount"]
        assert (first, changed) == ("20000", "16000")
        conflicts.take_national(conflict_id=one.pk, user=boss)
        assert len(draft().local_rules.raw_data) == 0
        assert len(page().local_rules.raw_data) == 1

    def test_a_record_that_goes_back_leaves_the_rule_in_peace(self):
        load(record())
        self._rules(RULE)
        load(record(fee=15000))
        load(record())
        assert the_conflict().solution == "withdrawn"

    def test_a_waived_paper_that_is_renamed(self):
        load(record())
        rule = {
            "type": "waived_paper",
            "id": "0a0a0a0a-0000-4000-8000-000000000003",
            "value": {"paper": "Giấy chứng sinh", "reason": "", "origin": "city"},
        }
        self._rules(rule)
        load(record(papers=["Tờ khai", "Giấy chứng sinh điện tử"]))
        one = the_conflict()
        assert one.name == "giấy tờ thành phố không yêu cầu nộp"
        assert "Giấy chứng sinh" in part_text(one.part, one.ours)
        assert ABSENT in part_text(one.part, one.theirs)


class TestSolving:
    """Keep, take, edit."""

    @pytest.fixture
    def conflict(self):
        load(record())
        edit(fee="10000")
        load(record(fee=15000, time=5))
        return the_conflict()

    def test_keep_writes_no_revision(self, conflict, boss):
        before = Revision.objects.count()
        conflicts.keep(conflict_id=conflict.pk, user=boss)
        conflict.refresh_from_db()
        assert (conflict.solution, conflict.solved_by) == ("keep", boss)
        assert Revision.objects.count() == before
        with pytest.raises(conflicts.AlreadySolved):
            conflicts.take_national(conflict_id=conflict.pk, user=boss)

    def test_take_makes_a_draft(self, conflict, boss):
        conflicts.take_national(conflict_id=conflict.pk, user=boss)
        assert (fee_of(page()), fee_of(draft())) == ("10000", "15000")
        assert page().get_latest_revision().user == boss
        conflict.refresh_from_db()
        assert conflict.solution == "take"
        assert conflict.ours["fees"][0]["value"]["amount"] == "10000"

    def test_take_and_publish_publishes_that_part_only(self, conflict, boss):
        edit(result="Chưa xong", publish=False)
        with mock.patch("cms.publishing.examine", return_value={}):
            conflicts.take_national(conflict_id=conflict.pk, user=boss, publish=True)
        assert (fee_of(page()), page().result) == ("15000", "")
        assert (fee_of(draft()), draft().result) == ("15000", "Chưa xong")
        assert page().has_unpublished_changes

    def test_an_editor_cannot_publish_by_taking(self, conflict, editor):
        with pytest.raises(conflicts.PermissionDenied):
            conflicts.take_national(conflict_id=conflict.pk, user=editor, publish=True)
        conflicts.take_national(conflict_id=conflict.pk, user=editor)
        assert (fee_of(page()), fee_of(draft())) == ("10000", "15000")

    def test_a_locked_page_can_be_decided_about_but_not_changed(self, conflict, boss, client):
        other = User.objects.create_superuser("khac", "", "x")
        ProcedurePage.objects.update(locked=True, locked_by=other)
        client.force_login(boss)
        with pytest.raises(conflicts.PageLocked):
            conflicts.take_national(conflict_id=conflict.pk, user=boss)
        url = reverse("conflicts:solve", args=[conflict.pk])
        text = client.post(url, {"answer": "take"}, follow=True).content.decode()
        assert "Trang đang bị khoá" in text
        conflicts.keep(conflict_id=conflict.pk, user=boss)
        assert the_conflict().solution == "keep"

    def test_editing_answers_it_only_when_the_part_changed(self, conflict, boss):
        edit(result="Khác", publish=False)
        assert conflicts.settle(page=page(), user=boss, editing=[conflict.pk]) == []
        edit(fee="12000", publish=False)
        assert conflicts.settle(page=page(), user=boss) == []
        assert conflicts.settle(page=page(), user=boss, editing=[conflict.pk]) == [conflict]
        conflict.refresh_from_db()
        assert conflict.solution == "edit"
        assert load(record(fee=15000, time=5)).unchanged == 1

    def test_typing_the_national_text_answers_it_too(self, conflict, boss):
        edit(fee="15000", publish=False)
        assert conflicts.settle(page=page(), user=boss) == [conflict]


class TestScreens:
    """The list, the comparison, the warning in the form."""

    @pytest.fixture
    def conflict(self):
        load(record(), raw(code="1.000002"))
        edit(fee="10000")
        load(record(fee=15000))
        return the_conflict()

    def test_list_and_comparison(self, client, boss, conflict):
        client.force_login(boss)
        text = client.get(reverse("conflicts:index")).content.decode()
        assert "1.234567" in text
        assert "phí, lệ phí (Trực tiếp)" in text
        # The menu is JSON for Wagtail's script.
        home = client.get("/admin/").content.decode()
        assert json.dumps("Xung đột (1)")[1:-1] in home
        text = client.get(reverse("conflicts:page", args=[page().pk])).content.decode()
        assert "20.000 đồng" in text
        assert "<mark>10" in text
        assert "<mark>15" in text
        assert client.get(reverse("conflicts:index") + "?q=khong-co").status_code == 200

    def test_the_form_warns_and_says_what_differs(self, client, boss, conflict):
        client.force_login(boss)
        url = reverse("wagtailadmin_pages:edit", args=[page().pk])
        text = client.get(url).content.decode()
        assert reverse("conflicts:page", args=[page().pk]) in text
        assert "Khác với bản quốc gia: phí, lệ phí (Trực tiếp)." in text
        assert "tthc.jsonl" in text
        client.post(reverse("conflicts:solve", args=[conflict.pk]), {"answer": "take"})
        assert "Giống bản quốc gia." in client.get(url).content.decode()

    def test_the_three_answers(self, client, boss, conflict):
        client.force_login(boss)
        url = reverse("conflicts:solve", args=[conflict.pk])
        assert client.post(url, {"answer": "?"}).status_code == 302
        assert the_conflict().solved_at is None
        answer = client.post(url, {"answer": "edit"})
        assert answer["Location"].endswith(f"/pages/{page().pk}/edit/#truong-channels")
        assert the_conflict().solved_at is None
        client.post(url, {"answer": "keep"})
        assert the_conflict().solution == "keep"
        text = client.post(url, {"answer": "take"}, follow=True).content.decode()
        assert "Đã có người giải quyết trước" in text
        assert "Đã giải quyết" in text

    def test_take_and_publish_an_incomplete_page_is_refused_whole(self, client, boss, conflict):
        client.force_login(boss)
        url = reverse("conflicts:solve", args=[conflict.pk])
        text = client.post(url, {"answer": "take", "publish": "1"}, follow=True).content.decode()
        assert "trang chưa đủ để đăng" in text
        assert the_conflict().solved_at is None
        assert fee_of(draft()) == "10000"

    def test_who_may_not_edit_sees_and_does_nothing(self, client, editor, conflict):
        GroupPagePermission.objects.filter(group__name=EDITORS).delete()
        client.force_login(editor)
        assert "1.234567" not in client.get(reverse("conflicts:index")).content.decode()
        answer = client.get(reverse("conflicts:page", args=[page().pk]))
        assert answer.status_code in (302, 403)
        client.post(reverse("conflicts:solve", args=[conflict.pk]), {"answer": "keep"})
        assert the_conflict().solved_at is None
        client.logout()
        assert client.get(reverse("conflicts:index")).status_code == 302

    def test_queries_do_not_grow_with_the_list(self, client, boss, django_assert_max_num_queries):
        many = [record(code=f"1.{n:06d}", name=f"Việc {n}") for n in range(12)]
        load(*many)
        for one in ProcedurePage.objects.exclude(code="1.234567"):
            one.result = "Sửa"
            one.save_revision().publish()
        load(*[{**one, "result": "Nguồn"} for one in many])
        assert ImportConflict.objects.count() == 12
        client.force_login(boss)
        url = reverse("conflicts:index")
        client.get(url)
        with django_assert_max_num_queries(25):
            client.get(url)


class TestDecidedOnWhatWasRead:
    """An answer given to texts that have changed since is asked again."""

    @staticmethod
    def seen(client):
        response = client.get(reverse("conflicts:page", args=[page().pk]))
        return response.context["rows"][0].seen

    @pytest.mark.parametrize("answer", ["take", "keep"])
    def test_record_changed_since(self, admin_client, answer):
        load(record())
        edit(fee="10000")
        load(record(fee=15000))
        seen = self.seen(admin_client)
        load(record(fee=99000))
        url = reverse("conflicts:solve", args=[the_conflict().pk])
        text = admin_client.post(url, {"answer": answer, "seen": seen}, follow=True)
        assert "vừa đổi" in text.content.decode()
        assert fee_of(draft()) == "10000"
        assert the_conflict().solved_at is None
        admin_client.post(url, {"answer": answer, "seen": self.seen(admin_client)})
        assert the_conflict().solution == answer

    def test_city_text_changed_since(self, admin_client):
        load(record())
        edit(fee="10000")
        load(record(fee=15000))
        seen = self.seen(admin_client)
        edit(fee="12000", publish=False)
        url = reverse("conflicts:solve", args=[the_conflict().pk])
        admin_client.post(url, {"answer": "take", "seen": seen})
        assert fee_of(draft()) == "12000"
        assert the_conflict().solved_at is None


class TestWholeList:
    """Records a whole list no longer holds."""

    def _file(self, tmp_path, *lines):
        path = tmp_path / "tthc.jsonl"
        path.write_text(
            "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
        )
        return str(path)

    def _missing(self):
        found = NationalRecord.objects.exclude(missing_since=None)
        return set(found.values_list("page__code", flat=True))

    def test_flagged_shown_and_cleared(self, tmp_path, client, boss, capsys):
        one, two = raw(code="1.000001"), raw(code="1.000002", name="Việc hai")
        load(one, two)
        make_procedure("9.000001")
        path = self._file(tmp_path, one)
        call_command("import_procedures", path)
        assert self._missing() == set()
        call_command("import_procedures", path, "--whole", "--dry-run")
        assert self._missing() == set()
        report = tmp_path / "r.csv"
        call_command("import_procedures", path, "--whole", "--report", str(report))
        assert self._missing() == {"1.000002"}
        assert page("1.000002").national.missing_since == timezone.localdate()
        assert page("1.000002").live
        assert "missing: 1 (1 since now)" in capsys.readouterr().out
        assert "1.000002,missing" in report.read_text(encoding="utf-8-sig")
        client.force_login(boss)
        assert "1.000002" in client.get(reverse("conflicts:index")).content.decode()
        call_command("import_procedures", self._file(tmp_path, one, two), "--whole")
        assert self._missing() == set()
        assert page("1.000002").revisions.count() == 1

    def test_a_list_with_unreadable_rows_flags_nothing(self, tmp_path, capsys):
        load(raw(code="1.000001"), raw(code="1.000002", name="Việc hai"))
        with pytest.raises(SystemExit):
            call_command(
                "import_procedures", self._file(tmp_path, raw(code="1.000001"), "{"), "--whole"
            )
        assert self._missing() == set()
        assert "no page was flagged" in capsys.readouterr().err

    def test_a_rejected_record_is_still_in_the_list(self, tmp_path):
        load(raw(code="1.000001"), raw(code="1.000002", name="Việc hai"))
        path = self._file(tmp_path, raw(code="1.000001"), raw(code="1.000002", name=""))
        with pytest.raises(SystemExit):
            call_command("import_procedures", path, "--whole")
        assert self._missing() == set()

    def test_a_record_marked_as_deleted_flags_its_page_in_any_file(self, tmp_path):
        load(raw(code="1.000001"), raw(code="1.000002", name="Việc hai"))
        with pytest.raises(SystemExit):
            call_command("import_procedures", self._file(tmp_path, raw(code="1.000001-Xoa")))
        assert self._missing() == {"1.000001"}


class TestTexts:
    """What the comparison says and marks."""

    def test_words_are_marked_not_whole_texts(self):
        runs = marked("Nộp tại quầy số 1", "Nộp tại quầy số 2")
        assert runs == [Run("Nộp tại quầy số "), Run("2", True)]
        assert marked("a\nb\nc", "a\nx y\nc") == [Run("a\n"), Run("x y", True), Run("\nc")]

    def test_texts_lose_nothing_when_marked(self):
        for one, other in (("a b", "b c"), ("", "x"), ("x\ny", "y\nx"), ("1.000", "10.000")):
            assert "".join(run.text for run in marked(one, other)) == other

    def test_all_kinds_of_parts_read_well(self):
        load(record(note="Nộp hồ sơ", requirements="Có hộ khẩu"))
        root = split(page_values(page()))
        said = {
            part: part_text(part, find(root, part).stored)
            for part in (
                "channels/direct",
                "channels/direct/time",
                "cases/(không tên)",
                "cases/(không tên)/tờ khai",
                "steps",
                "levels",
                "name",
                "requirements",
                "result",
            )
        }
        assert said["channels/direct"].splitlines()[:2] == [
            "Thời hạn: 7 ngày",
            "Phí, lệ phí: 20.000 đồng",
        ]
        assert said["channels/direct/time"] == "7 ngày"
        assert said["cases/(không tên)/tờ khai"] == "Tờ khai\nbản chính: 1, bản sao: 0"
        assert "Giấy chứng sinh" in said["cases/(không tên)"]
        assert said["steps"].startswith("1. ")
        assert said["requirements"] == "Có hộ khẩu"
        assert said["result"] == "(để trống)"
        assert part_text("channels/direct", None) == ABSENT


# Any order, through the database --------------------------------------------------------------

_amounts = st.sampled_from(["10000", "15000", "20000"])
_actions = st.one_of(
    st.tuples(st.just("load"), _amounts, st.booleans()),
    st.tuples(st.just("load"), _amounts, st.booleans()),
    st.tuples(st.just("edit"), _amounts, st.booleans()),
    st.tuples(st.just("solve"), st.sampled_from(["keep", "take"]), st.booleans()),
)


@settings(
    max_examples=settings.default.max_examples // 8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(script=st.lists(_actions, min_size=2, max_size=6))
def test_no_order_of_imports_and_edits_loses_anything(script, boss):
    with transaction.atomic():
        _play(script, boss)
        transaction.set_rollback(True)


def _play(script, boss):
    load(record(fee=20000))
    typed = None
    for action, value, publish in script:
        live_before = fee_of(page())
        if action == "edit":
            edit(fee=value, publish=publish, user=boss)
            typed = value
        elif action == "solve":
            one = ImportConflict.objects.filter(solved_at=None).first()
            if one is None:
                continue
            mine = fee_of(draft())
            if value == "keep":
                conflicts.keep(conflict_id=one.pk, user=boss)
            else:
                conflicts.take_national(conflict_id=one.pk, user=boss)
                national = page().national.values["channels"][0]["value"]["fees"][0]["value"]
                assert fee_of(draft()) == national["amount"]
                typed = None
            one.refresh_from_db()
            assert one.ours["fees"][0]["value"]["amount"] == mine
            assert fee_of(page()) == live_before
        else:
            load(record(fee=int(value)), publish=publish)
            kept = (Revision.objects.count(), ImportConflict.objects.count())
            again = load(record(fee=int(value)), publish=publish)
            assert (Revision.objects.count(), ImportConflict.objects.count()) == kept
            assert again.unchanged == 1
            if not publish:
                assert fee_of(page()) == live_before
            asked = ImportConflict.objects.filter(solved_at=None).first()
            if fee_of(draft()) != value:
                # The record is not in the newest text: then an editor's is, and nothing else.
                assert fee_of(draft()) == typed
                assert asked is None or plain(asked.theirs) == plain(
                    find(split(page().national.values), asked.part).stored
                )
