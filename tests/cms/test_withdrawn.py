"""A procedure that was public and is so no more: gone from every list, never from memory."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.history import EXPIRED, FOR_DEMO, FROM_NATIONAL
from cms.importing import import_records
from cms.importing.sources import Row
from cms.models import ProcedureIndexPage, ProcedurePage, PublicVersion
from cms.tree import ensure_tree
from tests.cms.test_history import CODE, channels, publish, published, text_of, versions
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db
PAGE, API = f"/thu-tuc/{CODE}/", f"/api/v1/procedures/{CODE}/"
HISTORY = ("lich-su/", "lich-su/1/", "lich-su/2/", "lich-su/so-sanh/?tu=1&den=2")


def two_versions(**values: Any) -> ProcedurePage:
    page = published(title="Đăng ký việc cũ", **values)
    page.public_versions.update(published_at=timezone.now() - timedelta(days=10))
    return publish(page, channels=channels(10000), decision_number="2/QĐ", change_note="Giảm phí")


def take_off(page: ProcedurePage, reason: str = "Trùng với thủ tục khác") -> None:
    page.withdrawal_reason = reason  # type: ignore[attr-defined]
    page.unpublish()


@pytest.fixture(params=["taken off", "deleted", "deleted with all others"])
def gone(request: Any) -> None:
    page = two_versions()
    if request.param == "taken off":
        take_off(page)
    elif request.param == "deleted":
        page.delete()
    else:
        Page.objects.get(pk=ProcedureIndexPage.objects.get().pk).delete()


class TestPages:
    @pytest.mark.usefixtures("gone")
    def test_the_page_says_so_with_410(self, client: Client) -> None:
        for address in (PAGE, f"/en{PAGE}"):
            response = client.get(address)
            assert response.status_code == 410
            text = response.content.decode()
            assert "Đăng ký việc cũ" in text
            assert f'href="{address}lich-su/"' in text
            assert 'name="q"' in text
        assert (
            f"đã được gỡ ngày {timezone.localdate():%d/%m/%Y}" in client.get(PAGE).content.decode()
        )

    @pytest.mark.usefixtures("gone")
    def test_every_address_of_it_is_gone(self, client: Client) -> None:
        for path in ("giay-to/", "niem-yet.pdf", "cpsv-ap.jsonld"):
            assert client.get(f"{PAGE}{path}").status_code == 410

    @pytest.mark.usefixtures("gone")
    def test_the_history_stays_with_a_banner(self, client: Client) -> None:
        for path in HISTORY:
            response = client.get(f"{PAGE}{path}")
            assert response.status_code == 200, path
            text = response.content.decode()
            assert "Trang này đã được gỡ ngày" in text
            assert "đang có hiệu lực" not in text
            assert '<meta name="robots" content="noindex">' in text
        text = text_of(client.get(f"{PAGE}lich-su/"))
        assert "20.000" in text
        assert "10.000 đồng" in text
        assert client.get(f"{PAGE}lich-su/3/").status_code == 404

    def test_the_reason_is_told(self, client: Client) -> None:
        take_off(two_versions(), "Bộ đã <b>bãi bỏ</b>")
        for path in ("", *HISTORY):
            assert "Bộ đã &lt;b&gt;bãi bỏ&lt;/b&gt;" in client.get(f"{PAGE}{path}").content.decode()

    def test_on_a_day_it_was_public_and_on_one_it_was_not(self, client: Client) -> None:
        page = two_versions()
        take_off(page)
        day = timezone.localdate() - timedelta(days=5)
        answer = client.get(f"{PAGE}lich-su/?ngay={day}")
        assert answer["Location"] == f"{PAGE}lich-su/1/?ngay={day}"
        assert client.get(f"{PAGE}lich-su/?ngay={timezone.localdate()}").status_code == 404

    def test_a_draft_written_since_shows_nowhere(self, client: Client) -> None:
        page = two_versions()
        take_off(page)
        page.refresh_from_db()
        page.title = "Tên chưa ai được đọc"
        page.code = "1.999999"
        page.slug = "1-999999"
        page.save()
        page.save_revision()
        for path in ("", *HISTORY):
            assert "chưa ai được đọc" not in client.get(f"{PAGE}{path}").content.decode()
        for path in ("", *HISTORY):
            assert client.get(f"/thu-tuc/1.999999/{path}").status_code == 404
        assert client.get("/api/v1/procedures/1.999999/").status_code == 404

    def test_never_public_stays_unknown(self, client: Client) -> None:
        page = make_procedure(CODE, live=False)
        page.save_revision()
        page.go_live_at = timezone.now() + timedelta(days=1)
        page.save_revision().publish()
        for path in ("", *HISTORY):
            assert client.get(f"{PAGE}{path}").status_code == 404
        page.delete()
        for path in ("", *HISTORY):
            assert client.get(f"{PAGE}{path}").status_code == 404
        for path in ("", "versions/", "versions/1/", "cpsv-ap/"):
            assert client.get(f"{API}{path}").status_code == 404

    def test_public_again_is_a_page_again(self, client: Client) -> None:
        page = two_versions()
        take_off(page)
        client.get(f"{PAGE}lich-su/")
        page.refresh_from_db()
        publish(page)
        assert client.get(PAGE).status_code == 200
        text = text_of(client.get(f"{PAGE}lich-su/"))
        assert "Trang này đã được gỡ" not in text
        assert "Đã gỡ khỏi trang ngày" in text
        assert "Trùng với thủ tục khác" in text

    def test_a_changed_code_leads_to_the_new_one(self, client: Client) -> None:
        page = published()
        page = publish(page, code="1.999999", slug="1-999999")
        assert client.get(PAGE)["Location"] == "/thu-tuc/1.999999/"
        answer = client.get(f"{PAGE}lich-su/1/")
        assert answer.status_code == 302
        assert answer["Location"] == "/thu-tuc/1.999999/lich-su/1/"
        assert client.get(f"/en{PAGE}")["Location"] == "/en/thu-tuc/1.999999/"

    def test_a_wrong_address_stays_cheap(
        self, client: Client, django_assert_num_queries: Any
    ) -> None:
        client.get("/thu-tuc/9.999999/")
        from cms import withdrawn

        with django_assert_num_queries(1):
            assert withdrawn.find("9.999999") is None

    @pytest.mark.usefixtures("gone")
    def test_gone_from_lists_feeds_and_sitemap(self, client: Client) -> None:
        ensure_tree()
        make_procedure("1.000001", title="Còn đây")
        field = ProcedurePage.objects.get(code="1.000001").field
        pages = ["/", "/linh-vuc/", f"/linh-vuc/{field.slug}/", "/thay-doi/", "/thay-doi/feed.atom"]
        pages += ["/sitemap-procedures.xml", "/api/v1/procedures/"]
        for address in pages:
            response = client.get(address)
            assert response.status_code == 200, address
            assert CODE not in response.content.decode(), address
        for name in ("jsonl", "csv"):
            streamed = client.get(f"/api/v1/open/procedures.{name}")
            assert CODE.encode() not in b"".join(streamed)


class TestJson:
    @pytest.mark.usefixtures("gone")
    def test_410_says_when_and_where_to_read_on(self, client: Client) -> None:
        for address in (API, f"{API}cpsv-ap/"):
            response = client.get(address)
            assert response.status_code == 410
            body = response.json()
            assert body["detail"].startswith("Trang này đã được gỡ ngày")
            assert datetime.fromisoformat(body["withdrawn_at"]).date() == timezone.localdate()
            assert body["versions"] == f"{API}versions/"
            assert body["code"] == CODE

    @pytest.mark.usefixtures("gone")
    def test_versions_stay(self, client: Client) -> None:
        body = client.get(f"{API}versions/").json()
        assert [one["number"] for one in body["results"]] == [2, 1]
        newest = body["results"][0]
        assert newest["withdrawn_at"]
        assert newest["url"] == f"{PAGE}lich-su/2/"
        one = client.get(f"{API}versions/2/").json()
        assert one["procedure"]["code"] == CODE
        assert one["procedure"]["channels"][0]["fees"][0]["amount"] == 10000
        assert [change["section"] for change in one["changes"]]
        assert client.get(f"{API}versions/3/").status_code == 404

    @pytest.mark.usefixtures("gone")
    def test_as_on_a_day_it_was_public(self, client: Client) -> None:
        day = timezone.localdate() - timedelta(days=5)
        body = client.get(f"{API}?as_on={day}").json()
        assert body["channels"][0]["fees"][0]["amount"] == 20000
        assert client.get(f"{API}?as_on={timezone.localdate()}").status_code == 404

    def test_the_reason(self, client: Client) -> None:
        take_off(two_versions(), "Nhầm cấp")
        assert client.get(API).json()["reason"] == "Nhầm cấp"


class TestMemory:
    def test_a_page_made_anew_goes_on_with_the_history(self) -> None:
        two_versions().delete()
        assert PublicVersion.objects.filter(page=None, code=CODE).count() == 2
        page = published(title="Làm lại")
        assert versions(page) == [1, 2, 3]
        newest = page.public_versions.get(number=3)
        assert newest.change_count

    def test_what_two_pages_left_stops_no_publication(self) -> None:
        two_versions().delete()
        other = make_procedure("1.000001")
        publish(other, code=CODE, slug="1-004222").delete()
        numbers = PublicVersion.objects.filter(page=None, code=CODE).values_list("number")
        assert sorted(n for (n,) in numbers) == [1, 2, 2]
        assert versions(published(title="Thứ ba")) == [1]

    def test_an_import_that_makes_it_anew_does_too(self) -> None:
        import_records(rows(), publish=True)
        ProcedurePage.objects.get().delete()
        import_records(rows("Tên khác"), publish=True)
        page = ProcedurePage.objects.get()
        assert versions(page) == [1, 2]

    def test_the_demo_leaves_none(self, client: Client) -> None:
        from portal.demo.removing import remove_demo

        two_versions(is_demo=True)
        own = make_procedure("1.000001")
        remove_demo()
        assert client.get(PAGE).status_code == 404
        assert {version.page for version in PublicVersion.objects.all()} == {own}

    def test_a_page_whose_day_has_come_says_so(self) -> None:
        page = published()
        page.expire_at = timezone.now() + timedelta(hours=1)
        page.save_revision().publish()
        ProcedurePage.objects.update(expire_at=timezone.now() - timedelta(minutes=1))
        call_command("publish_scheduled", verbosity=0)
        assert not ProcedurePage.objects.get().live
        newest = PublicVersion.objects.order_by("-number").first()
        assert newest is not None
        assert newest.withdrawn_at
        assert newest.withdrawn_reason == EXPIRED


def rows(name: str = "Thủ tục") -> list[Row]:
    raw = {"code": CODE, "name": name, "field": "Hộ tịch", "steps": ["Nộp"]}
    return [Row("tep.jsonl", 1, raw)]


class TestEditor:
    @pytest.fixture
    def admin(self, client: Client) -> Client:
        client.force_login(get_user_model().objects.create_superuser("sep", password="x"))
        return client

    def test_taking_off_asks_for_a_reason(self, admin: Client) -> None:
        page = published()
        address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
        assert 'name="withdrawal_reason"' in admin.get(address).content.decode()
        admin.post(address, {"withdrawal_reason": " Đăng nhầm "})
        assert page.public_versions.get().withdrawn_reason == "Đăng nhầm"
        assert "Đăng nhầm" in text_of(Client().get(PAGE))

    def test_other_pages_are_asked_for_none(self, admin: Client) -> None:
        index = ProcedureIndexPage.objects.get()
        address = reverse("wagtailadmin_pages:unpublish", args=[index.pk])
        assert "withdrawal_reason" not in admin.get(address).content.decode()

    def test_deleting_says_what_stays(self, admin: Client) -> None:
        page = published()
        address = reverse("wagtailadmin_pages:delete", args=[page.pk])
        response = admin.post(address, follow=True)
        assert f"{PAGE}lich-su/" in response.content.decode()
        assert Client().get(PAGE).status_code == 410

    def test_deleting_many_keeps_their_memory(self, admin: Client) -> None:
        pages = [published(), make_procedure("1.000001")]
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        ids = "&".join(f"id={page.pk}" for page in pages)
        admin.post(f"{address}?next=/admin/&{ids}")
        assert not ProcedurePage.objects.exists()
        for code in (CODE, "1.000001"):
            assert Client().get(f"/thu-tuc/{code}/").status_code == 410


class TestReasonsOfImports:
    @pytest.mark.parametrize(("demo", "reason"), [(False, FROM_NATIONAL), (True, FOR_DEMO)])
    def test_new_and_changed_records_say_where_they_come_from(
        self, demo: bool, reason: str
    ) -> None:
        import_records(rows(), publish=True, demo=demo)
        import_records(rows("Tên khác"), publish=True, demo=demo)
        found = PublicVersion.objects.order_by("number").values_list("reason", flat=True)
        assert list(found) == [reason, reason]
