"""The gate: every way to publish asks the same, and what went out incomplete is told."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import get_edit_handler
from wagtail.models import PageLogEntry, TaskState

from cms import publishing
from cms.groups import EDITORS, HEADS, OFFICE_EDITORS, REVIEWERS
from cms.models import (
    EditorScope,
    Field,
    Handling,
    IncompletePublication,
    Officer,
    ProcedureIndexPage,
    ProcedurePage,
)
from cms.publishing import PublishingRefused, missing, record_import
from tests.cms.test_admin import _procedure_form
from tests.factories import make_counter, make_field, make_office, make_procedure

pytestmark = pytest.mark.django_db

STEPS = [{"type": "step", "value": "Nộp hồ sơ."}]
CHANNELS = [
    {
        "type": "channel",
        "value": {
            "kind": "direct",
            "time_value": "3",
            "time_unit": "working_day",
            "fees": [{"type": "item", "value": {"amount": "8000", "currency": "VND"}}],
        },
    }
]
CASES = [
    {
        "type": "case",
        "value": {"items": [{"type": "item", "value": {"name": "Tờ khai", "originals": 1}}]},
    }
]
COMPLETE = {"steps": STEPS, "channels": CHANNELS, "cases": CASES, "decision_number": "1/QĐ"}


def _handled(field: Field) -> None:
    office = make_office()
    officer = Officer.objects.create(office=office, name="Trần Mẫu", title="Chuyên viên")
    Handling.objects.create(counter=make_counter(office), officer=officer, field=field)


def _draft(code: str = "1.234567", **values) -> ProcedurePage:
    page = make_procedure(code, live=False, has_unpublished_changes=True, **values)
    page.save_revision()
    return page


def _complete_draft(code: str = "1.234567") -> ProcedurePage:
    page = _draft(code, **COMPLETE)
    _handled(page.field)
    return page


def _person(group: str, name: str = "", *, fields=(), offices=()) -> User:
    user = User.objects.create_user(name or f"u{User.objects.count()}", f"{name}@example.org", "x")
    user.groups.add(Group.objects.get(name=group))
    if fields or offices:
        scope = EditorScope.objects.create(user=user)
        scope.fields.set(fields)
        scope.offices.set(offices)
    return user


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _post(client: Client, page: ProcedurePage, *, follow: bool = True, **values: str):
    data = _procedure_form(code=page.code, field=str(page.field_id), title=page.title, **values)
    for name in ("steps", "cases", "channels"):
        for number, block in enumerate(getattr(page, name).raw_data):
            data[f"{name}-count"] = str(number + 1)
            data.update(_block(f"{name}-{number}", block))
    data.setdefault("decision_number", page.decision_number)
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=follow)


def _block(prefix: str, block: dict) -> dict[str, str]:
    """A stored block as the form's fields."""
    data = {f"{prefix}-type": block["type"], f"{prefix}-order": "0", f"{prefix}-deleted": ""}
    return {**data, **_value(f"{prefix}-value", block["value"])}


def _value(prefix: str, value) -> dict[str, str]:
    if isinstance(value, dict):
        data: dict[str, str] = {}
        for name in {"fees": [], "forms": [], **value}:
            data.update(_value(f"{prefix}-{name}", value.get(name, [])))
        return data
    if isinstance(value, list):
        data = {f"{prefix}-count": str(len(value))}
        for number, item in enumerate(value):
            data.update({f"{prefix}-{number}-order": str(number), f"{prefix}-{number}-deleted": ""})
            data.update(_value(f"{prefix}-{number}-value", item["value"]))
        return data
    return {prefix: str(value)}


def _live(page: ProcedurePage) -> bool:
    return ProcedurePage.objects.get(pk=page.pk).live


class TestMissing:
    """What is asked of the database."""

    def test_complete(self):
        assert missing(_complete_draft()) == {}

    def test_nobody_handles_it(self):
        assert list(missing(_draft(**COMPLETE))) == ["people"]

    def test_an_officer_who_left_handles_nothing(self):
        page = _complete_draft()
        Officer.objects.update(active=False)
        assert list(missing(page)) == ["people"]

    def test_a_counter_without_a_person_is_not_enough(self):
        page = _complete_draft()
        Handling.objects.update(officer=None)
        assert list(missing(page)) == ["people"]

    def test_an_office_nobody_sees_is_not_enough(self):
        page = _complete_draft()
        Handling.objects.get().counter.office.unpublish()
        assert list(missing(page)) == ["people"]

    def test_an_assignment_by_code_counts(self):
        page = _complete_draft()
        Handling.objects.update(field=None, procedure_code=page.code)
        assert missing(page) == {}

    def test_a_fee_of_the_city_counts_on_its_days_only(self):
        page = _complete_draft()
        today = timezone.localdate()
        bare = [{"type": "channel", "value": {"kind": "online", "time_text": "Ngay"}}]
        rule = {"channel": "online", "fees": [{"type": "item", "value": {"text": "Miễn"}}]}
        page.channels = bare
        assert list(missing(page)) == ["fees"]
        page.local_rules = [{"type": "fees", "value": rule}]
        assert missing(page) == {}
        later = {**rule, "valid_from": str(today + timedelta(days=1))}
        page.local_rules = [{"type": "fees", "value": later}]
        assert list(missing(page)) == ["fees"]
        page.go_live_at = timezone.now() + timedelta(days=2)  # asked for the day it goes live
        assert missing(page) == {}
        page.local_rules = [{"type": "fees", "value": {**rule, "adds": True}}]
        assert list(missing(page)) == ["fees"]


class TestEveryWay:
    """A reviewer without the right gets nowhere; nothing she typed is lost."""

    @pytest.fixture
    def reviewer(self) -> User:
        return _person(REVIEWERS, "duyet")

    def test_the_edit_form(self, reviewer):
        page = _draft()
        typed = {"action-publish": "1", "result": "Vừa gõ"}
        response = _post(_client(reviewer), page, **typed)
        assert not _live(page)
        assert page.get_latest_revision_as_object().result == ""  # the first revision object
        page = ProcedurePage.objects.get(pk=page.pk)
        assert page.get_latest_revision_as_object().result == "Vừa gõ"
        text = response.content.decode()
        assert "bản nháp đã lưu" in text
        assert "Chưa có bước nào." in text
        assert response.redirect_chain[-1][0].endswith(f"/admin/pages/{page.pk}/edit/")

    def test_the_add_form(self, reviewer):
        client = _client(reviewer)
        parent = ProcedureIndexPage.objects.get().pk
        response = client.post(
            reverse("wagtailadmin_pages:add", args=["cms", "procedurepage", parent]),
            {**_procedure_form(), "action-publish": "1"},
            follow=True,
        )
        page = ProcedurePage.objects.get(code="1.234567")
        assert not page.live
        assert "bản nháp đã lưu" in response.content.decode()

    def test_a_date_to_come(self, reviewer):
        page = _draft()
        moment = timezone.localtime() + timedelta(days=3)
        _post(
            _client(reviewer),
            page,
            follow=False,
            **{"action-publish": "1", "go_live_at": moment.strftime("%Y-%m-%d %H:%M")},
        )
        assert not page.revisions.filter(approved_go_live_at__isnull=False).exists()

    def test_the_bulk_action_names_them_and_publishes_none(self, reviewer):
        good, bad = _complete_draft("1.000001"), _draft("1.000002", title="Thiếu đủ thứ")
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        query = f"?id={good.pk}&id={bad.pk}&next=/admin/"
        text = _client(reviewer).post(url + query, {}, follow=True).content.decode()
        assert "1 trong 2 thủ tục còn thiếu" in text
        assert "Thiếu đủ thứ" in text
        assert not _live(good)
        assert not _live(bad)
        _client(reviewer).post(f"{url}?id={good.pk}&next=/admin/", {})
        assert _live(good)

    def test_this_version_again(self, reviewer):
        page = _draft()
        first = page.get_latest_revision()
        url = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk])
        assert _client(reviewer).get(url).status_code == 200
        again = {"action-publish": "1", "revision": first.pk}
        response = _post(_client(reviewer), page, **again)
        assert "Chưa có bước nào." in response.content.decode()
        assert not _live(page)

    def test_the_admins_own_api(self, reviewer):
        page = _draft()
        url = f"/admin/api/main/pages/{page.pk}/action/publish/"
        response = _client(reviewer).post(url)
        assert response.status_code == 422
        assert "steps" in response.json()["missing"]
        assert not _live(page)

    def test_taken_down_and_published_again(self, reviewer):
        page = make_procedure("1.234567")
        page.save_revision().publish()
        page = ProcedurePage.objects.get(pk=page.pk)
        page.unpublish()
        _post(_client(reviewer), page, follow=False, **{"action-publish": "1"})
        assert not _live(page)

    def test_a_copy(self, reviewer):
        page = make_procedure("1.234567")
        url = reverse("wagtailadmin_pages:copy", args=[page.pk])
        data = {
            "new_title": "Bản sao",
            "new_slug": "ban-sao",
            "new_parent_page": page.get_parent().pk,
            "publish_copies": "on",
        }
        _client(reviewer).post(url, data)
        assert ProcedurePage.objects.count() == 1

    def test_code_that_publishes_for_a_person(self, reviewer):
        with pytest.raises(PublishingRefused):
            _draft().get_latest_revision().publish(user=reviewer)

    def test_a_complete_page_goes_through(self, reviewer):
        page = _complete_draft()
        _post(_client(reviewer), page, follow=False, **{"action-publish": "1"})
        assert _live(page)
        assert not IncompletePublication.objects.exists()


class TestReason:
    """With the right, and a reason."""

    @pytest.fixture
    def head(self) -> User:
        user = _person(REVIEWERS, "truong-phong")
        user.groups.add(Group.objects.get(name=HEADS))
        return user

    def test_a_reason_opens_and_is_kept(self, head):
        page = _draft()
        _post(
            _client(head),
            page,
            follow=False,
            **{"action-publish": "1", "publish_anyway_reason": " Dân cần ngay "},
        )
        assert _live(page)
        row = IncompletePublication.objects.get()
        assert (row.reason, row.user, row.page_id) == ("Dân cần ngay", head, page.pk)
        assert {"steps", "papers", "channels", "decision", "people"} == set(row.missing)
        assert row.revision == ProcedurePage.objects.get(pk=page.pk).live_revision
        assert "publish_anyway_reason" not in row.revision.content
        entry = PageLogEntry.objects.get(action=publishing.LOG_ACTION)
        assert "Dân cần ngay" in str(entry.message)

    def test_no_reason_no_publication(self, head):
        page = _draft()
        response = _post(_client(head), page, **{"action-publish": "1"})
        assert not _live(page)
        assert "ghi lý do" in response.content.decode()

    def test_the_reason_of_one_request_does_not_open_the_next(self, head):
        client = _client(head)
        _post(client, _draft("1.000001"), publish_anyway_reason="Để dành", follow=False)
        page = _draft("1.000002")
        _post(client, page, follow=False, **{"action-publish": "1"})
        assert not _live(page)

    def test_the_reason_without_the_right(self):
        page = _draft()
        client = _client(_person(REVIEWERS))
        _post(
            client,
            page,
            follow=False,
            **{"action-publish": "1", "publish_anyway_reason": "Tôi muốn"},
        )
        assert not _live(page)

    def test_a_superuser_gives_a_reason_too(self):
        page = _draft()
        client = _client(User.objects.create_superuser("goc", "", "x"))
        _post(client, page, follow=False, **{"action-publish": "1"})
        assert not _live(page)
        _post(client, page, follow=False, **{"action-publish": "1", "publish_anyway_reason": "Thử"})
        assert _live(page)

    def test_a_date_is_checked_when_set_and_not_again(self, head):
        page = _draft()
        moment = timezone.localtime() + timedelta(hours=1)
        _post(
            _client(head),
            page,
            follow=False,
            **{
                "action-publish": "1",
                "publish_anyway_reason": "Theo lịch",
                "go_live_at": moment.strftime("%Y-%m-%d %H:%M"),
            },
        )
        assert not _live(page)
        revision = page.revisions.get(approved_go_live_at__isnull=False)
        page.revisions.filter(pk=revision.pk).update(
            approved_go_live_at=timezone.now() - timedelta(minutes=1)
        )
        content = {**revision.content, "go_live_at": str(timezone.now() - timedelta(minutes=1))}
        page.revisions.filter(pk=revision.pk).update(content=content)
        call_command("publish_scheduled")
        assert _live(page)
        assert IncompletePublication.objects.get().reason == "Theo lịch"

    def test_report_and_csv(self, head):
        page = _draft()
        _post(
            _client(head),
            page,
            follow=False,
            **{"action-publish": "1", "publish_anyway_reason": "Vì mưa"},
        )
        client = _client(head)
        text = client.get(reverse("incomplete_publications")).content.decode()
        assert "Vì mưa" in text
        assert "Có các bước thực hiện" in text
        file = client.get(reverse("incomplete_publications") + "?export=csv")
        assert "Vì mưa" in b"".join(file.streaming_content).decode()


class TestPrograms:
    """Programs are not stopped; what was missing is told."""

    def test_bulk_import_writes_one_row_a_page_in_few_queries(self, django_assert_max_num_queries):
        pages = []
        for number in range(5):
            page = make_procedure(f"1.00000{number}")
            page.save_revision().publish()
            pages.append(ProcedurePage.objects.get(pk=page.pk))
        IncompletePublication.objects.all().delete()
        with django_assert_max_num_queries(7):
            record_import(pages)
        rows = IncompletePublication.objects.all()
        assert len(rows) == 5
        assert {row.reason for row in rows} == {"nhập từ CSDL quốc gia"}
        assert {row.revision_id for row in rows} == {page.live_revision_id for page in pages}
        assert all(row.user is None and "steps" in row.missing for row in rows)

    def test_a_program_gives_its_reason(self):
        page = _draft()
        with publishing.because("chạy thử"):
            page.get_latest_revision().publish()
        assert _live(page)
        assert IncompletePublication.objects.get().reason == "chạy thử"


class TestReview:
    """Author → reviewer of the field → published."""

    @pytest.fixture
    def land(self) -> Field:
        return make_field("Đất đai")

    def _submit(self, page: ProcedurePage, author: User) -> TaskState:
        _post(_client(author), page, follow=False, **{"action-submit": "1"})
        return ProcedurePage.objects.get(pk=page.pk).current_workflow_task_state

    def _act(
        self,
        user: User,
        page: ProcedurePage,
        state: TaskState,
        action: str,
        *,
        follow: bool = True,
        **data,
    ):
        url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
        return _client(user).post(url, data, follow=follow)

    def test_only_reviewers_of_the_field_see_hear_and_approve(self, land):
        page = _complete_draft()
        ours = _person(REVIEWERS, "ho-tich", fields=[page.field])
        other = _person(REVIEWERS, "dat-dai", fields=[land])
        everywhere = _person(REVIEWERS, "moi-noi")
        mail.outbox.clear()
        state = self._submit(page, _person(EDITORS, "tac-gia", fields=[page.field]))
        assert {one.to[0] for one in mail.outbox} == {ours.email, everywhere.email}
        assert TaskState.objects.reviewable_by(ours).count() == 1
        assert TaskState.objects.reviewable_by(everywhere).count() == 1
        assert TaskState.objects.reviewable_by(other).count() == 0
        self._act(other, page, state, "approve", follow=False)
        assert not _live(page)
        self._act(ours, page, state, "approve", follow=False)
        assert _live(page)

    def test_approval_from_the_edit_form_is_of_what_it_saved(self):
        """Rows with numbers count as changed, so the form saves a version of the reviewer's."""
        page = _complete_draft()
        reviewer = _person(REVIEWERS, "ho-tich")
        state = self._submit(page, _person(EDITORS, "tac-gia"))
        approve = {"action-workflow-action": "1", "workflow-action-name": "approve"}
        text = _post(_client(reviewer), page, **approve).content.decode()
        assert re.search(r"Đã duyệt. “[^”]+” đang công khai, bản 1\.", html.unescape(text))
        assert 'href="/thu-tuc/1.234567/"' in text
        assert "Đã lưu bản nháp" not in text
        newest = ProcedurePage.objects.get(pk=page.pk)
        assert newest.latest_revision.user == reviewer
        assert newest.live_revision == newest.latest_revision
        state.refresh_from_db()
        assert state.status == TaskState.STATUS_APPROVED
        assert not newest.workflow_in_progress

    def test_what_the_author_saved_since_is_not_approved_unseen(self):
        page = _complete_draft()
        author, reviewer = _person(EDITORS, "tac-gia"), _person(REVIEWERS, "ho-tich")
        state = self._submit(page, author)
        ProcedurePage.objects.get(pk=page.pk).save_revision(user=author)
        answer = self._act(reviewer, page, state, "approve").content.decode()
        assert not _live(page)
        assert "còn chờ duyệt, chưa đăng" in answer

    @pytest.mark.parametrize(
        ("action", "words"),
        [("approve", "đang công khai, bản 1."), ("reject", "về cho người viết sửa.")],
    )
    def test_the_dialog_says_what_became_of_the_page(self, action, words):
        page = _complete_draft()
        state = self._submit(page, _person(EDITORS, "tac-gia"))
        answer = self._act(_person(REVIEWERS, "duyet"), page, state, action, comment="Xem lại")
        assert words in answer.content.decode()

    def test_an_approval_for_later_says_when(self):
        page = _complete_draft()
        page.go_live_at = timezone.make_aware(datetime(2099, 1, 2, 8, 30))
        page.save_revision()
        state = self._submit_as_it_is(page)
        answer = self._act(_person(REVIEWERS, "duyet"), page, state, "approve").content.decode()
        assert "sẽ tự đăng lúc 08:30 ngày 02/01/2099" in answer
        assert not _live(page)

    def _submit_as_it_is(self, page: ProcedurePage) -> TaskState:
        page = ProcedurePage.objects.get(pk=page.pk)
        page.get_workflow().start(page, _person(EDITORS, "tac-gia"))
        return ProcedurePage.objects.get(pk=page.pk).current_workflow_task_state

    def test_an_incomplete_page_stays_under_review(self):
        page = _draft()
        reviewer = _person(REVIEWERS, "ho-tich")
        state = self._submit(page, _person(EDITORS, "tac-gia"))
        text = self._act(reviewer, page, state, "approve").content.decode()
        assert "Chưa có bước nào." in text
        assert not _live(page)
        state.refresh_from_db()
        assert state.status == TaskState.STATUS_IN_PROGRESS
        assert ProcedurePage.objects.get(pk=page.pk).workflow_in_progress

    def test_the_head_approves_it_with_a_reason(self):
        page = _draft()
        head = _person(HEADS, "lanh-dao")
        state = self._submit(page, _person(EDITORS, "tac-gia"))
        self._act(head, page, state, "approve_incomplete", comment="", follow=False)
        assert not _live(page)
        self._act(head, page, state, "approve_incomplete", comment="Lũ lụt", follow=False)
        assert _live(page)
        assert IncompletePublication.objects.get().reason == "Lũ lụt"
        assert IncompletePublication.objects.get().user == head

    def test_a_reviewer_has_no_such_action(self):
        page = _draft()
        state = self._submit(page, _person(EDITORS, "tac-gia"))
        self._act(
            _person(REVIEWERS), page, state, "approve_incomplete", comment="Cứ đăng", follow=False
        )
        assert not _live(page)


class TestEditor:
    """The checklist in the form, and the way to compare."""

    def test_the_list_stands_on_the_first_tab_of_a_new_page_too(self):
        client = _client(_person(EDITORS))
        parent = ProcedureIndexPage.objects.get().pk
        url = reverse("wagtailadmin_pages:add", args=["cms", "procedurepage", parent])
        text = client.get(url).content.decode()
        assert "Cần gì để đăng" in text
        assert 'data-bck-goto="steps"' in text
        assert "publish_anyway_reason" not in text

    def test_it_follows_the_saved_draft(self):
        page = _complete_draft()
        client = _client(_person(EDITORS))
        url = reverse("procedure_checklist", args=[page.pk])
        assert "Đã đủ để đăng." in client.get(url).content.decode()
        page.decision_number = ""
        page.save_revision()
        assert "Còn thiếu 1 điều" in client.get(url).content.decode()
        assert 'data-bck-goto="decision_number"' in client.get(url).content.decode()

    def test_who_may_gets_a_field_for_the_reason(self):
        page = _draft()
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        assert (
            "publish_anyway_reason"
            in _client(User.objects.create_superuser("goc", "", "x")).get(url).content.decode()
        )
        assert "publish_anyway_reason" not in _client(_person(REVIEWERS)).get(url).content.decode()

    def test_every_link_leads_to_a_field_of_the_form(self):
        panels = get_edit_handler(ProcedurePage)
        names = {panel.field_name for panel in _fields(panels)}
        assert {one.field for one in publishing.REQUIREMENTS} <= names

    def test_compare_with_live_in_one_click(self):
        page = make_procedure("1.234567")
        page.save_revision().publish()
        page.result = "Bản mới"
        revision = page.save_revision()
        url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "live", revision.pk])
        client = _client(_person(EDITORS))
        assert (
            url in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        )
        assert url in client.get(reverse("thu-tuc:index")).content.decode()
        assert "Bản mới" in client.get(url).content.decode()


def _fields(panel):
    for child in getattr(panel, "children", ()):
        if hasattr(child, "field_name"):
            yield child
        yield from _fields(child)


def test_groups_have_what_the_decision_says():
    def may(group: str, permission: str) -> bool:
        return Group.objects.get(name=group).permissions.filter(codename=permission).exists()

    assert may(HEADS, "publish_incomplete")
    for group in (EDITORS, REVIEWERS, OFFICE_EDITORS):
        assert not may(group, "publish_incomplete")
    assert may(OFFICE_EDITORS, "change_counter")
    assert not may(OFFICE_EDITORS, "change_field")
    assert not may(HEADS, "change_counter")
