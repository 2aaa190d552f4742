"""Every admin address as every role: what each may open and change, by one declared table.

The addresses come from the URL resolver, so a new one is walked on the day it is added. They are
filled with real objects twice: those of the roles' own field and office (A), and others (B). A
POST sends what a superuser's form at that address would send; every write is rolled back.

- nobody meets a server error;
- a role writes only where MAY says so;
- within a scope, no address of B opens, but for those in OPEN_TO_READ.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Site, Workflow
from wagtail.snippets.models import get_snippet_models

from cms.groups import EDITORS, HEADS, INSPECTORS, OFFICE_EDITORS, REVIEWERS
from cms.models import (
    CitySettings,
    EditorScope,
    Field,
    Handling,
    LifeEvent,
    Office,
    Officer,
    ProcedureIndexPage,
    ProcedurePage,
    WorkingDayChange,
)
from tests.cms.test_publishing import COMPLETE
from tests.cms.walk import Address, Objects, addresses, form_data, written
from tests.factories import make_counter, make_field, make_office, make_procedure
from tests.shared import shared_rows

pytestmark = pytest.mark.django_db

#: role → (group, scoped to field A, scoped to office A)
ROLES: dict[str, tuple[str | None, bool, bool]] = {
    "visitor": (None, False, False),
    "author": (EDITORS, True, False),
    "office_editor": (OFFICE_EDITORS, False, True),
    "reviewer": (REVIEWERS, True, False),
    "head": (HEADS, False, False),
    "inspector": (INSPECTORS, False, False),
    "office_head": (HEADS, False, True),
    "counter_staff": (None, False, False),
}
REPORTED = date(2026, 11, 2)
SCOPED = ("author", "office_editor", "reviewer", "office_head")
#: Addresses of figures about ratings: nobody but those who work there opens B's, and who works at
#: a counter opens that counter's.
FIGURES = re.compile(r"office_report|staff_(batches|counters)|trust_case")

_FILES = r"wagtail(images|docs)[_:]"
_ACCOUNT = r"wagtailadmin_(account|dismissibles|logout)|jobs:"
_OF_OFFICE = r"wagtailsnippet(choosers)?s_cms_(counter|officer|handling|workingdaychange):"
_WORDS = r"(tu-ngu-tim-kiem|cau-hoi-mau):|search_quality"
_REVIEW = r"wagtailadmin_pages:(workflow_action|collect_workflow_action_data)"
#: role → where it may write, as expressions over "<name> <whose>"; everywhere else it may not.
MAY: dict[str, str] = {
    "anonymous": r"(?!)",
    "visitor": r"(?!)",
    "author": rf"{_FILES}|{_ACCOUNT}|wagtailadmin_pages:.* A|wagtailadmin_pages:add "
    rf"|wagtailadmin_api:pages:action A|wagtail_bulk_action A"
    r"|wagtailsnippets_feedback_pagereport:edit A|conflicts:.* A",
    "office_editor": rf"{_FILES}|{_ACCOUNT}|wagtailadmin_pages:.* A|{_OF_OFFICE}.* A?$"
    r"|wagtailadmin_api:pages:action A|wagtail_bulk_action A|notice_|.*office.*|comment_step A"
    r"|counter_qr(_file|_replace)? A|poster_codes_print A",
    "reviewer": rf"{_FILES}|{_ACCOUNT}|{_WORDS}|wagtailadmin_pages:.* A|wagtailadmin_pages:add "
    r"|wagtailadmin_api:pages:action A|wagtail_bulk_action A|wagtailsettings:"
    r"|wagtailsnippets_feedback_pagereport:edit A|conflicts:.* A",
    # A head's rights reach everywhere, but to publish and take down only, and to import.
    "head": rf"{_ACCOUNT}|{_REVIEW}|{_WORDS}|wagtailadmin_pages:(edit|preview_on_edit|unpublish"
    r"|set_privacy|revisions_(unschedule|revert)|add|lock|unlock) |import_procedures:"
    r"|wagtailadmin_pages:confirm_workflow_cancellation|wagtailadmin_pages:preview_on_add"
    r"|wagtailadmin_api:pages:action|wagtail_bulk_action|conflicts:"
    r"|comment_step",
    # The same within the own office.
    "office_head": rf"{_ACCOUNT}|{_WORDS}|comment_step A|wagtailadmin_pages:.* A|import_procedures:"
    r"|wagtailadmin_api:pages:action A|wagtail_bulk_action A",
    "counter_staff": rf"{_ACCOUNT}",
    # What is grave is in neither A nor B of the walk: an inspector reads no office's comments.
    "inspector": rf"{_ACCOUNT}",
}
#: role → what must work, or the table above would be met by a site that refuses everybody.
MUST: dict[str, list[tuple[str, str]]] = {
    "author": [("wagtailadmin_pages:edit", "A")],
    "office_editor": [
        ("wagtailadmin_pages:edit", "A"),
        ("wagtailsnippets_cms_counter:edit", "A"),
        ("wagtailsnippets_cms_officer:edit", "A"),
        ("wagtailsnippets_cms_handling:edit", "A"),
        ("wagtailsnippets_cms_handling:delete", "A"),
        ("wagtailsnippets_cms_workingdaychange:edit", "A"),
        ("wagtailsnippets_cms_workingdaychange:delete", "A"),
        ("comment_step", "A"),
    ],
    # The words of the search belong to no field: who may keep them keeps them all.
    "reviewer": [
        ("wagtailadmin_pages:edit", "A"),
        ("wagtailadmin_pages:unpublish", "A"),
        ("tu-ngu-tim-kiem:delete", "B"),
        ("cau-hoi-mau:delete", "B"),
    ],
    "head": [
        ("wagtailadmin_pages:unpublish", "A"),
        ("wagtailadmin_pages:unpublish", "B"),
        ("tu-ngu-tim-kiem:delete", "A"),
        ("comment_step", "A"),
        ("comment_step", "B"),
    ],
}
#: Addresses of B that a scoped person may open: they show what is public, or choose.
OPEN_TO_READ = re.compile(
    r"wagtailsnippetchoosers_|wagtail(images|docs|admin_explore|admin_choose|settings|sites)"
    r"|counter_qr|office_qr|notice_|cms_report|wagtailadmin_(api|tag|editing|pages:(add|type_use"
    r"|choose_parent|preview_on_add))|jobs:|wagtail_bulk_action|tu-ngu-tim-kiem:|cau-hoi-mau:"
)


def _comment(counter: Any, text: str) -> Any:
    """A comment on the counter, sorted into the queue of its office."""
    from tests.feedback.commented import write

    return write(counter, text)


def _side(whose: str) -> Objects:
    """A field with a procedure, an office with all that belongs to it."""
    a_field = make_field(f"Lĩnh vực {whose}")
    live = make_procedure(field=a_field, title=f"Thủ tục {whose}", **COMPLETE)
    live.save_revision().publish()
    live = ProcedurePage.objects.get(pk=live.pk)
    live.result = "Bản nháp"
    revision = live.save_revision()
    waiting = make_procedure(field=a_field, title=f"Chờ duyệt {whose}", live=False, **COMPLETE)
    waiting.save_revision()
    starter = User.objects.create_user(f"gui-{whose}")
    state = waiting.get_workflow().start(waiting, starter)
    office = make_office(f"Cơ quan {whose}")
    office.save_revision().publish()
    counter = make_counter(office, main_field=a_field)
    officer = Officer.objects.create(office=office, name=f"Người {whose}", title="Chuyên viên")
    handling = Handling.objects.create(counter=counter, officer=officer, field=a_field)
    day = WorkingDayChange.objects.create(
        date=date(2027, 1, 4), kind="off", name="Nghỉ", office=office
    )
    report_model = apps.get_model("feedback", "PageReport")
    report = report_model.objects.create(
        page=live,
        part="fees",
        text=f"Sai {whose}",
        received_on=date(2026, 11, 2),
        follow_up=f"TEST{whose}",
    )
    comment = _comment(counter, f"Chờ lâu {whose}")
    own: dict[type, Any] = {
        type(one): one for one in (a_field, counter, officer, handling, day, report)
    }
    own[LifeEvent] = LifeEvent.objects.create(name=f"Việc {whose}", slug=f"viec-{whose.lower()}")
    spaces: dict[tuple[str, str], Any] = {}
    for model in get_snippet_models():
        views = model.snippet_viewset
        for space in (views.get_admin_url_namespace(), views.chooser_viewset.name):
            spaces[space, "pk"] = own[model].pk if model in own else 1
    spaces["wagtailadmin_api:pages", "pk"] = live.pk
    words = apps.get_model("search", "LanguageEntry")(kind="weak", said=f"chữ {whose}")
    asked = apps.get_model("search", "EvaluationQuestion")(query=f"hỏi {whose}", codes="9.999999")
    of_staff = apps.get_model("feedback", "CounterStaff")(user=starter, counter=counter)
    for space, row in (
        ("tu-ngu-tim-kiem", words),
        ("cau-hoi-mau", asked),
        ("nguoi-cua-quay", of_staff),
    ):
        row.save()
        spaces[space, "pk"] = row.pk
    bulk = "wagtail_bulk_action"
    page_actions = ("publish", "unpublish", "delete", "move")
    page = {"app_label": "wagtailcore", "model_name": "page"}
    offices = {"page_id": office.pk}
    choices: dict[str, list[tuple[dict[str, Any], str]]] = {
        bulk: [({**page, "action": one}, f"?id={live.pk}&next=/admin/") for one in page_actions]
        + [
            (
                {"app_label": "cms", "model_name": one._meta.model_name, "action": "delete"},
                f"?id={own[one].pk}&next=/admin/",
            )
            for one in own
            if one._meta.app_label == "cms"
        ],
        "wagtailadmin_api:pages:action": [
            ({"action_name": one}, "")
            for one in ("publish", "unpublish", "delete", "copy", "move", "create_alias")
        ],
        "comment_step": [
            ({"action": one}, "")
            for one in (
                "giao",
                "tra-loi",
                "che",
                "cong-khai",
                "dong",
                "da-sua",
                "chuyen",
                "nguyen-van",
            )
        ],
        "wagtailadmin_pages:workflow_action": [
            ({"page_id": waiting.pk, "action_name": one}, "") for one in ("approve", "reject")
        ],
        "wagtailadmin_pages:add": [
            ({"content_type_model_name": "procedurepage"}, ""),
            (
                {
                    "content_type_model_name": "office",
                    "parent_page_id": office.get_parent().pk,
                },
                "",
            ),
        ],
    }
    for name in ("edit", "delete", "unpublish", "copy", "lock", "set_privacy", "history"):
        choices[f"wagtailadmin_pages:{name}"] = [({}, ""), (offices, "")]
    return Objects(
        whose,
        by_name={
            "page_id": live.pk,
            "page_pk": live.pk,
            "page_to_move_id": live.pk,
            "destination_id": live.get_parent().pk,
            "parent_page_id": ProcedureIndexPage.objects.get().pk,
            "revision_id": revision.pk,
            "task_state_id": state.current_task_state_id,
            "task_id": state.current_task_state.task_id,
            "workflow_state_id": state.pk,
            "workflow_pk": state.workflow_id,
            "content_type_app_name": "cms",
            "content_type_model_name": "procedurepage",
            "app_label": "cms",
            "model_name": "procedurepage",
            "app_name": "cms",
            "action_name": "approve",
            "object_id": str(live.pk),
            "office_id": office.pk,
            "comment_id": comment.pk,
            "counter_id": counter.pk,
            "filter_spec": "max-100x100",
            "size": "A5",
            "kind": "svg",
            "slug": "thieu",
            "uidb64": "MQ",
            "token": "x",
            "0": live.pk,
            "1": "live",
            "2": "latest",
        },
        by_namespace={
            **spaces,
            ("wagtailsettings", "model_name"): "citysettings",
            ("wagtailadmin_workflows", "pk"): Workflow.objects.get().pk,
            ("wagtailadmin_collections", "pk"): Collection.get_first_root_node().pk,
            ("wagtailsites", "pk"): Site.objects.get().pk,
            ("wagtailusers_users", "pk"): starter.pk,
            ("wagtailusers_groups", "pk"): Group.objects.get(name=EDITORS).pk,
            ("pham-vi", "pk"): EditorScope.objects.get_or_create(user=starter)[0].pk,
            ("wagtaildocs", "document_id"): Document.objects.get().pk,
            ("wagtaildocs", "doc_id"): Document.objects.get().pk,
            ("wagtaildocs_chooser", "pk"): Document.objects.get().pk,
            ("wagtailimages", "image_id"): Image.objects.get().pk,
            ("wagtailimages_chooser", "pk"): Image.objects.get().pk,
            ("wagtailimages_chooser", "image_id"): Image.objects.get().pk,
        },
        choices=choices,
    )


@shared_rows
def sides() -> tuple[Objects, Objects]:
    """A and B."""
    Document.objects.create(title="Mẫu", file=ContentFile(b"x", "mau.pdf"))
    Image.objects.create(title="Ảnh", file=get_test_image_file())
    return _side("A"), _side("B")


def _user(role: str) -> User:
    group, by_field, by_office = ROLES[role]
    user = User.objects.create_user(role)
    if role == "counter_staff":
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        user.counter_staff.create(counter=Office.objects.get(title="Cơ quan A").counters.get())
    if group:
        user.groups.add(Group.objects.get(name=group))
    if by_field or by_office:
        scope = EditorScope.objects.create(user=user)
        scope.fields.set(Field.objects.filter(name="Lĩnh vực A") if by_field else [])
        scope.offices.set(Office.objects.filter(title="Cơ quan A") if by_office else [])
    return user


#: Left out: it fails on purpose, and it ends the walk.
SKIPPED = {"wagtailadmin_error_test", "wagtailadmin_logout"}
#: Drawn for the narrowest role too; every page is drawn for the superuser.
FRONT = re.compile(r"(wagtailadmin_home|explore|explore_root|:index|:list|cms_report) ?$")
#: Dialogs of Wagtail that answer JSON and fail without these fields.
FIELDS: dict[str, dict[str, str]] = {
    "wagtailadmin_choose_page_external_link": {
        "external-link-chooser-url": "https://example.org",
        "external-link-chooser-link_text": "x",
    },
    "wagtaildocs:edit_multiple": {"doc-1-title": "x", "doc-1-tags": ""},
    # Steps of a comment are sent from its page; these fields suffice for most of them.
    "comment_step": {"text": "Cảm ơn.", "reason": "Thử.", "note": "Thử."},
}


def _client(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def _ask(client: Client, method: str, one: Address, data: Any = None) -> tuple[int, set[str]]:
    """Status and tables written; everything is rolled back."""
    with transaction.atomic(), written() as tables:
        response = getattr(client, method)(one.path, data)
        transaction.set_rollback(True)
    return response.status_code, tables


def _sent(one: Address, html: str) -> dict[str, Any]:
    """What a form there sends, with the rows that scripts would add, and the wish to publish."""
    data: dict[str, Any] = form_data(html) if html.lstrip().startswith("<") else {}
    data.update(FIELDS.get(one.name, {}))
    if one.name.startswith("wagtailadmin_pages:") and "title" in data:
        data.update({f"{row.name}-count": ["0"] for row in _streams()})
        data["action-publish"] = ["1"]
    return data


def _streams() -> list[Any]:
    return [one for one in ProcedurePage._meta.get_fields() if isinstance(one, StreamField)]


def _forms(walked: list[Address], wrong: list[str]) -> dict[Address, Any]:
    """Every address opened by a superuser, with its templates; B is sent what A's form sends."""
    root = _client(User.objects.create_superuser("goc", "", "x"))
    by_place: dict[Any, Any] = {}
    forms: dict[Address, Any] = {}
    for one in walked:
        place = (one.name, one.choice, one.path.count("/"))
        if place not in by_place:
            with transaction.atomic():
                response = root.get(one.path)
                transaction.set_rollback(True)
            if response.status_code >= 500:
                wrong.append(f"superuser GET {one.path}: {response.status_code}")
            html = "" if response.streaming else response.content.decode(errors="replace")
            by_place[place] = _sent(one, html)
        forms[one] = by_place[place]
    return forms


@pytest.mark.walks
def test_every_address_as_every_role(sides):
    CitySettings.load()  # made on first use; reading it is no change
    walked = [one for one in addresses(sides) if one.name not in SKIPPED]
    assert len(walked) > 300
    wrong: list[str] = []
    forms = _forms(walked, wrong)
    clients = {"anonymous": Client(raise_request_exception=False)}
    clients.update({role: _client(_user(role)) for role in ROLES})
    done: dict[str, set[tuple[str, str]]] = {role: set() for role in clients}
    for role, client in clients.items():
        allowed = re.compile(MAY[role])
        for one in walked:
            key = f"{one.name} {one.whose}"
            closed = role in SCOPED and one.whose == "B" and not OPEN_TO_READ.match(one.name)
            if FIGURES.match(one.name) and role in ("visitor", "counter_staff", "anonymous"):
                closed = key != "staff_batches A" or role != "counter_staff"
                # The list of one goes on to the counter; no other page of figures opens.
            asked = [("post", forms[one])]
            if closed or (role == "office_editor" and FRONT.search(key)):
                asked.append(("get", None))
            for method, data in asked:
                # Who may do what is decided before a page is drawn.
                with mock.patch.object(Template, "render", _drawn(method == "get" and not closed)):
                    status, tables = _ask(client, method, one, data)
                if status >= 500:
                    wrong.append(f"{role} {method} {one.path}: {status}")
                if tables and not allowed.search(key):
                    wrong.append(f"{role} {method} {key} {one.path} writes {sorted(tables)}")
                if method == "get" and closed and status == 200:
                    wrong.append(f"{role} opens {key} {one.path}")
                if tables:
                    done[role].add((one.name, one.whose))
    for role, wanted in MUST.items():
        wrong += [f"{role} could not {name} {whose}" for name, whose in set(wanted) - done[role]]
    assert not wrong, "\n".join(wrong)


_RENDER = Template.render


def _drawn(really: bool) -> Any:
    """Templates as they are, or none at all: drawing pages is most of the time of a walk."""
    return _RENDER if really else lambda self, context: ""


class TestScopes:
    """What the walk cannot say: lists, choices, and moving something across."""

    @pytest.fixture
    def world(self, sides):
        return {role: _client(_user(role)) for role in SCOPED}

    def test_lists_show_what_is_hers(self, world):
        text = world["author"].get(reverse("thu-tuc:index")).content.decode()
        assert "Thủ tục A" in text
        assert "Thủ tục B" not in text
        counters = reverse("wagtailsnippets_cms_counter:list")
        ours, theirs = Office.objects.get(title="Cơ quan A"), Office.objects.get(title="Cơ quan B")
        text = world["office_editor"].get(counters).content.decode()
        assert ours.counters.get().code in text
        assert theirs.counters.get().code not in text
        folder = ours.get_parent().pk
        text = world["office_editor"].get(reverse("wagtailadmin_explore", args=[folder]))
        assert "Cơ quan B" not in text.content.decode()

    def test_choosers_and_forms_offer_what_is_hers(self, world):
        client = world["office_editor"]
        dialog = client.get(reverse("wagtailsnippetchoosers_cms_counter:choose_results"))
        assert "Cơ quan A" in dialog.content.decode()
        assert "Cơ quan B" not in dialog.content.decode()
        form = client.get(reverse("wagtailsnippets_cms_officer:add")).content.decode()
        assert "Cơ quan B" not in form

    def test_nothing_is_moved_to_another_office(self, world):
        theirs = Office.objects.get(title="Cơ quan B")
        ours = Office.objects.get(title="Cơ quan A").officers.get()
        url = reverse("wagtailsnippets_cms_officer:edit", args=[ours.pk])
        data = form_data(world["office_editor"].get(url).content.decode())
        data["office"] = [str(theirs.pk)]
        assert world["office_editor"].post(url, data).status_code == 200
        ours.refresh_from_db()
        assert ours.office.title == "Cơ quan A"

    def test_a_day_off_is_never_for_the_whole_city(self, world):
        url = reverse("wagtailsnippets_cms_workingdaychange:add")
        data = {"date": "2027-02-01", "kind": "off", "name": "Nghỉ", "office": ""}
        world["office_editor"].post(url, data)
        assert not WorkingDayChange.objects.filter(date=date(2027, 2, 1)).exists()
        data["office"] = str(Office.objects.get(title="Cơ quan A").pk)
        assert world["office_editor"].post(url, data).status_code == 302
        assert WorkingDayChange.objects.filter(date=date(2027, 2, 1)).exists()

    def test_no_procedure_changes_its_field_across(self, world):
        page = ProcedurePage.objects.get(title="Thủ tục A")
        other = Field.objects.get(name="Lĩnh vực B")
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        data = form_data(world["author"].get(url).content.decode())
        data.update({f"{row.name}-count": ["0"] for row in _streams()})
        data["field"] = [str(other.pk)]
        assert world["author"].post(url, data).status_code == 200
        page = ProcedurePage.objects.get(pk=page.pk)
        assert page.get_latest_revision_as_object().field_id == page.field_id != other.pk

    @pytest.mark.parametrize(("whose", "changed"), [("A", True), ("B", False)])
    def test_forms_of_other_fields_are_not_replaced(self, world, whose, changed):
        form = Document.objects.create(title="Tờ khai", file=ContentFile(b"1", "to-khai.docx"))
        page = ProcedurePage.objects.get(title=f"Thủ tục {whose}")
        value = {"name": "Tờ khai", "document": form.pk}
        page.form_files = [{"type": "file", "value": value, "id": "f"}]
        page.save()
        url = reverse("wagtaildocs:edit", args=[form.pk])
        data = {"title": "Đã đổi", "collection": str(form.collection_id)}
        for role in ("author", "reviewer"):
            world[role].post(url, data)
            form.refresh_from_db()
            assert (form.title == "Đã đổi") is changed, role
        several = reverse("wagtaildocs:edit_multiple", args=[form.pk])
        post = {f"doc-{form.pk}-title": "Nữa", f"doc-{form.pk}-collection": form.collection_id}
        world["author"].post(several, post, headers={"x-requested-with": "XMLHttpRequest"})
        form.refresh_from_db()
        assert (form.title == "Nữa") is changed

    def test_an_empty_scope_narrows_nothing(self, sides):
        user = User.objects.create_user("tu-do")
        user.groups.add(Group.objects.get(name=EDITORS))
        EditorScope.objects.create(user=user)
        for page in ProcedurePage.objects.all():
            assert page.permissions_for_user(user).can_edit()

    def test_an_inactive_person_has_no_rights(self, sides):
        user = User.objects.create_user("nghi", is_active=False)
        user.groups.add(Group.objects.get(name=EDITORS))
        page = ProcedurePage.objects.first()
        assert not page.permissions_for_user(user).can_edit()

    def test_scopes_are_given_in_the_settings_menu(self, sides):
        root = _client(User.objects.create_superuser("goc", "", "x"))
        user, one = User.objects.create_user("moi"), Field.objects.first()
        response = root.post(
            reverse("pham-vi:add"), {"user": user.pk, "fields": [one.pk], "offices": []}
        )
        assert response.status_code == 302
        assert list(user.editor_scope.fields.all()) == [one]
        assert one.name in root.get(reverse("pham-vi:index")).content.decode()
