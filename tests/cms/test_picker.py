"""Bạn nộp ở đâu? Found by name, street or ward, kept, changed and taken back, without script."""

from __future__ import annotations

import re
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from unittest import mock
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from cms.models import Office, OfficeHours, Officer
from cms.picking import SHORT_LIST, hours_text, matching, with_office, without_office
from tests.cms.test_views import residence, text_of
from tests.factories import make_counter, make_office

pytestmark = pytest.mark.django_db

PROCEDURE = "/thu-tuc/1.004222/"


def _main(response: Any) -> str:
    """The page without its head, which repeats its own address."""
    html: str = response.content.decode()
    return html[html.index("<main") :]


def pick(client: Client, slug: str, back: str = "") -> Any:
    address = f"/co-quan/?office={slug}" + (f"&chon={quote(back, safe='')}" if back else "")
    return client.get(address)


class TestFinding:
    def _names(self, query: str) -> list[str]:
        return [one.title for one in matching(Office.objects.order_by("title"), query)]

    def test_by_name_street_and_ward_without_marks(self) -> None:
        make_office("Chi nhánh Hoàn Kiếm", address="5 Lý Thái Tổ", ward="Phường Cửa Đông")
        make_office("Chi nhánh Đống Đa", wards=["Phường Láng", "Phường Ô Chợ Dừa"])
        assert self._names("DONG DA") == ["Chi nhánh Đống Đa"]
        assert self._names("ly thai to") == ["Chi nhánh Hoàn Kiếm"]
        assert self._names("o cho dua") == ["Chi nhánh Đống Đa"]
        assert self._names("zzz") == []
        assert len(self._names(" ")) == 2

    def test_the_ward_asked_for_comes_before_a_name_that_has_its_words(self) -> None:
        make_office("A Điểm Láng Hạ")
        make_office("B Chi nhánh", wards=["Phường Láng"])
        assert self._names("phường láng") == ["B Chi nhánh"]
        assert self._names("láng") == ["B Chi nhánh", "A Điểm Láng Hạ"]

    def test_a_long_list_has_pages(self, client: Client) -> None:
        for number in range(45):
            make_office(f"Điểm {number:02d}")
        assert len(client.get("/co-quan/").context["offices"]) == 40
        second = client.get("/co-quan/?page=2&q=diem&chon=/thu-tuc/1.004222/")
        assert len(second.context["offices"]) == 5
        assert "chon=" in second.content.decode()


class TestPicking:
    def test_there_and_back(self, client: Client) -> None:
        residence()
        office = make_office()
        response = pick(client, office.slug, PROCEDURE)
        assert response.status_code == 302
        assert response["Location"] == f"{PROCEDURE}?office={office.slug}"
        assert response.cookies["office"].value == office.slug

    def test_from_a_search_its_question_is_kept(self, client: Client) -> None:
        office = make_office()
        response = pick(client, office.slug, "/tim-kiem/?q=khai sinh&office=cu")
        assert response["Location"] == f"/tim-kiem/?q=khai+sinh&office={office.slug}"

    def test_without_a_way_back_to_the_office(self, client: Client) -> None:
        office = make_office()
        assert pick(client, office.slug)["Location"] == f"/co-quan/{office.slug}/"

    def test_taken_back(self, client: Client) -> None:
        office = make_office()
        pick(client, office.slug)
        response = pick(client, "", f"/linh-vuc/?office={office.slug}")
        assert response["Location"] == "/linh-vuc/"
        assert not response.cookies["office"].value
        assert office.title not in client.get("/linh-vuc/").content.decode()

    @pytest.mark.parametrize(
        "back",
        ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "x"],
    )
    def test_the_way_back_never_leaves_the_site(self, client: Client, back: str) -> None:
        office = make_office()
        assert pick(client, office.slug, back)["Location"] == f"/co-quan/{office.slug}/"
        page = client.get(f"/co-quan/?chon={quote(back, safe='')}")
        assert page.context["back"] == ""
        assert not re.search(r'(href|value|data-back)="[^"]*evil[^"]*"', _main(page))

    def test_an_unknown_office_is_told_and_nothing_forgotten(self, client: Client) -> None:
        office = make_office()
        pick(client, office.slug)
        response = pick(client, "khong-co", PROCEDURE)
        assert response.status_code == 404
        assert client.cookies["office"].value == office.slug

    def test_addresses(self) -> None:
        assert with_office("/a/?q=1&office=x#y", "z") == "/a/?q=1&office=z#y"
        assert without_office("/a/?office=x") == "/a/"


class TestEveryPageSpeaksOfIt:
    def _pages(self, office: Office) -> list[str]:
        residence()
        make_counter(office, code="A0B1C2D")
        return ["/", "/linh-vuc/", "/linh-vuc/ho-tich/", "/co-quan/", "/quay/A0B1C2D/", "/en/"]

    def test_name_telephone_state_and_a_way_to_change(self, client: Client) -> None:
        office = make_office("Chi nhánh Cầu Mơ", phone="024 0000 0130")
        pages = [*self._pages(office), "/tim-kiem/?q=thuong+tru", "/khong-co-trang-nay/"]
        for page in pages:
            assert "picked-strip" not in client.get(page).content.decode(), page
        client.cookies["office"] = office.slug
        for page in pages:
            html = client.get(page).content.decode()
            strip = html[html.index("picked-strip") : html.index("<main")]
            assert "Chi nhánh Cầu Mơ" in strip, page
            assert 'href="tel:02400000130"' in strip
            # From the list of offices itself there is nowhere to go back to.
            assert ("/co-quan/?chon=" in strip) == (page != "/co-quan/"), page

    def test_open_or_closed_as_the_clock_moves(self, client: Client) -> None:
        office = make_office()
        client.cookies["office"] = office.slug
        zone = ZoneInfo("Asia/Ho_Chi_Minh")
        for hour, words in ((9, "đang mở, đến 11:30"), (12, "mở lại lúc 13:30")):
            now = datetime(2026, 11, 19, hour, tzinfo=zone)
            with mock.patch("django.utils.timezone.now", return_value=now):
                assert words in text_of(client.get("/linh-vuc/"))

    def test_a_procedure_says_hours_and_telephone_once(self, client: Client) -> None:
        residence()
        office = make_office(phone="024 0000 0130")
        html = client.get(f"{PROCEDURE}?office={office.slug}").content.decode()
        assert "picked-strip" not in html
        text = text_of(client.get(PROCEDURE))
        assert "Giờ làm việc: thứ Hai – thứ Sáu 8:00–11:30, 13:30–17:00." in text
        assert "024 0000 0130" in text

    def test_at_most_two_queries_more(self, client: Client) -> None:
        """The office with its hours, and the days off, which other parts share."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        office = make_office()
        with CaptureQueriesContext(connection) as without:
            client.get("/khong-co-trang-nay/")
        client.cookies["office"] = office.slug
        with CaptureQueriesContext(connection) as with_strip:
            assert office.title in client.get("/khong-co-trang-nay/").content.decode()
        assert len(with_strip) - len(without) <= 2

    def test_a_new_telephone_is_shown_at_once(self, client: Client) -> None:
        office = make_office(phone="024 0000 0130")
        client.cookies["office"] = office.slug
        client.get("/linh-vuc/")
        office.phone = "024 0000 0999"
        office.save_revision().publish()
        assert "024 0000 0999" in client.get("/linh-vuc/").content.decode()


class TestProcedurePicker:
    def test_few_offices_are_a_list_many_are_searched(self, client: Client) -> None:
        residence()
        for number in range(SHORT_LIST):
            make_office(f"Điểm {number}")
        assert '<select class="input" id="office"' in client.get(PROCEDURE).content.decode()
        make_office("Điểm nữa")
        html = client.get(PROCEDURE).content.decode()
        assert "<select" not in html
        assert f'name="chon" value="{PROCEDURE}"' in html

    def test_search_pick_and_land_on_the_procedure(self, client: Client) -> None:
        residence()
        for number in range(SHORT_LIST + 1):
            make_office(f"Điểm {number}", wards=[f"Phường Số {number}"])
        found = client.get("/co-quan/", {"q": "phuong so 7", "chon": PROCEDURE})
        assert [one.office.title for one in found.context["offices"]] == ["Điểm 7"]
        office = found.context["offices"][0].office
        landed = client.get("/co-quan/", {"office": office.slug, "chon": PROCEDURE}, follow=True)
        assert landed.status_code == 200
        assert "Điểm 7" in text_of(landed)

    def test_the_places_are_small_public_and_without_people(self, client: Client) -> None:
        office = make_office(latitude=Decimal("21.5"), longitude=Decimal("105.25"))
        make_office("Không vị trí")
        make_office("Chưa đăng", live=False, latitude=Decimal("21"), longitude=Decimal("105"))
        Officer.objects.create(office=office, name="Nguyễn Thị Mai", title="công chức")
        response = client.get("/co-quan/vi-tri.json")
        assert response.json() == {
            "offices": [
                {
                    "slug": office.slug,
                    "name": office.title,
                    "address": office.address,
                    "at": [21.5, 105.25],
                }
            ]
        }
        assert "public" in response["Cache-Control"]


class TestHours:
    def test_equal_days_in_a_row_are_one(self) -> None:
        office = make_office()
        OfficeHours.objects.create(office=office, weekday=5, opens=time(8), closes=time(11))
        assert hours_text(office) == (
            "thứ Hai – thứ Sáu 8:00–11:30, 13:30–17:00; thứ Bảy 8:00–11:00"
        )
        office.hours.filter(weekday=2).delete()
        assert hours_text(Office.objects.get(pk=office.pk)).startswith("thứ Hai – thứ Ba ")

    def test_none(self) -> None:
        office = make_office()
        OfficeHours.objects.all().delete()
        assert hours_text(Office.objects.get(pk=office.pk)) == ""
