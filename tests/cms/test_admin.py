"""The editor's side: lists, forms, groups, first sign-in. The whole story is in tests/browser."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.models import GroupPagePermission, Workflow

from cms.groups import (
    EDITORS,
    HEADS,
    INSPECTORS,
    OFFICE_EDITORS,
    REVIEWERS,
    WORKFLOW,
    ensure_groups,
)
from cms.lookup import matching_procedures
from cms.models import (
    Counter,
    Field,
    Handling,
    Office,
    OfficeIndexPage,
    Officer,
    ProcedureIndexPage,
    ProcedurePage,
)
from portal.accounts import ensure_admin
from tests.factories import make_counter, make_field, make_office, make_procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    """Signed in as superuser."""
    client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
    return client


def _member(client: Client, group: str) -> Client:
    user = User.objects.create_user(f"nguoi-{Group.objects.get(name=group).pk}")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


def _procedure_form(**values: str) -> dict[str, str]:
    """What the browser sends for a procedure without rows."""
    data = {
        "title": "Đăng ký thử",
        "code": "1.234567",
        "field": str(make_field().pk),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }
    for one in ProcedurePage._meta.get_fields():
        if isinstance(one, StreamField):
            data[f"{one.name}-count"] = "0"
    data["standing"] = "active"
    return {**data, **values}


def _add(client: Client, **values: str):
    parent = ProcedureIndexPage.objects.get().pk
    return client.post(
        reverse("wagtailadmin_pages:add", args=["cms", "procedurepage", parent]),
        _procedure_form(**values),
    )


class TestLookup:
    """Finding procedures without typing marks."""

    @pytest.mark.parametrize(
        "query",
        [
            "dang ky khai sinh",
            "ĐĂNG KÝ KHAI SINH",
            "sinh khai",
            "1.001193",
            "1001193",
            "con moi de",
            "đăng ký khai sinh",
        ],
    )
    def test_finds(self, query):
        page = make_procedure("1.001193", title="Đăng ký khai sinh", plain_name="con mới đẻ")
        make_procedure("1.000894", title="Đăng ký kết hôn")
        assert matching_procedures(query) == [page.pk]

    def test_every_word_must_match(self):
        make_procedure("1.001193", title="Đăng ký khai sinh")
        assert matching_procedures("khai sinh ket hon") == []
        assert matching_procedures("   ") == []


class TestProcedureList:
    """The list *Thủ tục*."""

    def test_columns_filters_and_search(self, admin):
        land = make_field("Đất đai")
        make_procedure("1.001193", title="Đăng ký khai sinh", levels=["commune"])
        make_procedure("1.000002", title="Đăng ký biến động", field=land, levels=["province"])
        url = reverse("thu-tuc:index")

        everything = admin.get(url).content.decode()
        assert "1.001193" in everything
        assert "1.000002" in everything
        for query, hit, miss in (
            ("q=bien+dong", "1.000002", "1.001193"),
            (f"field={land.pk}", "1.000002", "1.001193"),
            ("level=commune", "1.001193", "1.000002"),
            ("q=khai+sinh&level=commune&live=True", "1.001193", "1.000002"),
        ):
            found = admin.get(f"{url}?{query}").content.decode()
            assert hit in found, query
            assert f">{miss}<" not in found.replace(" ", "").replace("\n", ""), query
        assert "1.001193" not in admin.get(f"{url}?live=False").content.decode()

    def test_queries_do_not_grow_with_the_list(self, admin, django_assert_max_num_queries):
        for _ in range(3):
            make_procedure()
        url = reverse("thu-tuc:index")
        admin.get(url)
        with django_assert_max_num_queries(17):
            admin.get(url)
        for _ in range(20):
            make_procedure()
        with django_assert_max_num_queries(17):
            admin.get(url)

    def test_explorer_shows_codes_too(self, admin):
        make_procedure("1.001193")
        parent = ProcedureIndexPage.objects.get().pk
        page = admin.get(reverse("wagtailadmin_explore", args=[parent]) + "?q=khai+sinh")
        assert "1.001193" in page.content.decode()


class TestProcedureForm:
    """What an editor meets in the form."""

    def test_draft_needs_only_name_code_and_field_and_makes_its_own_slug(self, admin):
        response = _add(admin)
        assert response.status_code == 302
        page = ProcedurePage.objects.get(code="1.234567")
        assert page.slug == "1-234567"
        assert not page.live
        assert page.get_url() == "/thu-tuc/1.234567/"

    def test_publish_makes_a_live_page(self, admin):
        values = {"action-publish": "1", "publish_anyway_reason": "Thử"}
        assert _add(admin, **values).status_code == 302
        assert ProcedurePage.objects.get(code="1.234567").live

    def test_duplicate_code_says_so_and_keeps_what_was_typed(self, admin):
        make_procedure("1.234567")
        text = _add(admin, title="Tên vừa gõ").content.decode()
        assert "Đã có thủ tục mang mã 1.234567" in text
        assert "Tên vừa gõ" in text
        assert ProcedurePage.objects.count() == 1

    def test_code_that_would_share_a_slug_says_so(self, admin):
        make_procedure("1.234567")
        assert "Đã có thủ tục mang mã 1.234567" in _add(admin, code="1-234567").content.decode()

    def test_missing_code_is_asked_for_in_vietnamese(self, admin):
        text = _add(admin, code="").content.decode()
        assert "Những gì bạn nhập vẫn còn nguyên" in text
        assert "This field is required" not in text

    def test_wrong_code_is_explained(self, admin):
        assert "Mã có dạng 1.001193." in _add(admin, code="mã lạ").content.decode()

    def test_no_slug_is_asked_for(self, admin):
        page = make_procedure()
        text = admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert 'name="slug"' not in text
        assert "4 công khai" in text

    def test_slug_follows_a_corrected_code(self):
        page = make_procedure("1.111111")
        page.code = "1.222222"
        page.save()
        assert ProcedurePage.objects.get().slug == "1-222222"

    def test_full_address_is_the_public_one(self, settings):
        page = make_procedure("1.001193")
        assert page.full_url == f"{settings.PUBLIC_URL}/thu-tuc/1.001193/"


class TestOneStopShop:
    """Offices, counters, officers, assignments, fields."""

    @pytest.mark.parametrize("model", [Counter, Officer, Handling, Field])
    def test_lists_and_forms_open(self, admin, model):
        office = make_office()
        counter = make_counter(office)
        officer = Officer.objects.create(office=office, name="Trần Thị Mẫu", title="Chuyên viên")
        Handling.objects.create(counter=counter, officer=officer, field=make_field())
        views = model.snippet_viewset
        listing = admin.get(reverse(views.get_url_name("list")) + "?q=a")
        assert listing.status_code == 200
        assert admin.get(reverse(views.get_url_name("add"))).status_code == 200
        edit = reverse(views.get_url_name("edit"), args=[model.objects.first().pk])
        assert admin.get(edit).status_code == 200

    def test_counters_narrow_by_office(self, admin):
        first, second = make_office("Chi nhánh Một"), make_office("Chi nhánh Hai")
        mine, other = make_counter(first, name="Quầy A"), make_counter(second, name="Quầy B")
        url = reverse(Counter.snippet_viewset.get_url_name("list"))
        text = admin.get(f"{url}?office={first.pk}").content.decode()
        assert mine.code in text
        assert other.code not in text

    def test_assignment_to_an_unknown_code_is_refused(self, admin):
        counter = make_counter()
        url = reverse(Handling.snippet_viewset.get_url_name("add"))
        data = {"counter": counter.pk, "procedure_code": "9.999999", "rank": "0"}
        assert "Không có thủ tục nào mang mã 9.999999" in admin.post(url, data).content.decode()
        make_procedure("9.999999")
        assert admin.post(url, data).status_code == 302
        assert Handling.objects.get().procedure_code == "9.999999"

    def test_assignment_without_a_counter_is_an_error_not_a_crash(self, admin):
        officer = Officer.objects.create(office=make_office(), name="A", title="B")
        url = reverse(Handling.snippet_viewset.get_url_name("add"))
        response = admin.post(url, {"officer": officer.pk, "rank": "0"})
        assert response.status_code == 200
        assert "Ô này bắt buộc" in response.content.decode()

    def test_new_office_gets_an_address_without_marks(self):
        parent = OfficeIndexPage.objects.get()
        slugs = []
        for _ in range(2):
            office = Office(title="Chi nhánh Đống Đa", address="1 Phố Minh Hoạ")
            parent.add_child(instance=office)
            slugs.append(office.slug)
        assert slugs == ["chi-nhanh-dong-da", "chi-nhanh-dong-da-2"]

    def test_office_keeps_its_address_when_renamed(self):
        office = make_office("Chi nhánh Một")
        slug = office.slug
        office.title = "Trung tâm Một"
        office.save()
        assert Office.objects.get().slug == slug

    def test_new_field_gets_a_slug_and_a_second_one_is_refused(self, admin):
        url = reverse(Field.snippet_viewset.get_url_name("add"))
        assert admin.post(url, {"name": "Đất đai"}).status_code == 302
        assert Field.objects.get().slug == "dat-dai"
        assert (
            "Đã có lĩnh vực mang tên này" in admin.post(url, {"name": "Đất Đai"}).content.decode()
        )


class TestMenuAndLanguage:
    """What stands around the work."""

    def test_dashboard_speaks_vietnamese_whatever_the_browser_asks(self, admin):
        text = admin.get("/admin/", headers={"accept-language": "en-US"}).content.decode()
        assert "thủ tục đã đăng" in text
        assert "Cài đặt" in text or "C\\u00e0i" in text

    def test_unused_menus_are_gone(self, admin):
        text = admin.get("/admin/").content.decode()
        assert "/admin/redirects/" not in text
        assert "/admin/documents/" in text
        assert "/admin/settings/cms/citysettings/" in text

    def test_sign_in_names_the_product(self, client):
        text = client.get("/admin/login/").content.decode()
        assert "Bốn Công Khai" in text
        assert "Mật khẩu" in text
        assert "Sign in" not in text


class TestGroups:
    """Biên tập viên edits, Người duyệt publishes."""

    def test_a_new_site_has_both_and_the_review(self):
        assert set(Group.objects.values_list("name", flat=True)) == {
            EDITORS,
            REVIEWERS,
            OFFICE_EDITORS,
            HEADS,
            INSPECTORS,
        }
        assert Workflow.objects.get().name == WORKFLOW

    def test_editor_writes_a_draft_but_cannot_publish(self, client):
        client = _member(client, EDITORS)
        _add(client, **{"action-publish": "1"})
        assert not ProcedurePage.objects.get(code="1.234567").live

    def test_editor_may_not_touch_the_settings_of_the_site(self, client):
        client = _member(client, EDITORS)
        assert client.get(reverse("wagtailusers_users:index")).status_code == 302
        assert client.get(reverse("wagtailsnippets_cms_counter:add")).status_code == 200

    def test_what_an_administrator_changed_stays(self):
        editors = Group.objects.get(name=EDITORS)
        editors.name = "Nhóm của tôi"
        editors.save()
        editors.permissions.clear()
        GroupPagePermission.objects.filter(group=editors).delete()
        Group.objects.exclude(pk=editors.pk).delete()
        assert ensure_groups() is False
        assert list(Group.objects.values_list("name", flat=True)) == ["Nhóm của tôi"]
        assert not editors.permissions.exists()

    def test_no_groups_come_back_where_people_work(self):
        User.objects.create_user("ai-do")
        Group.objects.all().delete()
        assert ensure_groups() is False
        assert not Group.objects.exists()

    def test_an_emptied_database_gets_them_again(self):
        Group.objects.all().delete()
        Workflow.objects.all().delete()
        Permission.objects.filter(codename="change_counter").delete()
        assert ensure_groups() is True
        task = Workflow.objects.get(name=WORKFLOW).tasks.get().specific
        assert [group.name for group in task.groups.all()] == [REVIEWERS, HEADS]
        # Three of publishing, the administrators' and the inspectorate's.
        assert Group.objects.count() == 5
        editors = Group.objects.get(name=EDITORS)
        assert editors.permissions.filter(codename="change_counter").exists()


class TestFirstSignIn:
    """``ensure_admin``."""

    def test_random_password_is_returned_once_and_works(self, client):
        password = ensure_admin(None)
        assert password is not None
        assert len(password) >= 16
        assert client.login(username="admin", password=password)
        assert ensure_admin(None) is None

    def test_given_password_is_not_repeated(self, client):
        assert ensure_admin("mat-khau-cua-toi") is None
        assert client.login(username="admin", password="mat-khau-cua-toi")

    def test_an_existing_superuser_is_left_alone(self):
        User.objects.create_superuser("giam-doc", "", "x")
        assert ensure_admin("khac-hoan-toan") is None
        assert list(User.objects.values_list("username", flat=True)) == ["giam-doc"]

    def test_an_ordinary_admin_account_is_not_promoted(self):
        User.objects.create_user("admin", password="x")
        assert ensure_admin(None)
        assert not User.objects.get(username="admin").is_superuser
        assert User.objects.get(username="admin2").is_superuser
