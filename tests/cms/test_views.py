"""Public pages of procedures, fields, offices and counters, as a citizen meets them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from cms.models import CitySettings, Handling, Office, Officer, ProcedurePage
from cms.people import people_for
from cms.working_days import OfficeNow
from tests.factories import make_counter, make_field, make_office, make_procedure

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def item(value: Any) -> dict[str, Any]:
    return {"type": "item", "value": value}


def channel(kind: str = "direct", value: str = "7", unit: str = "working_day", **fee: Any) -> dict:
    fees = [item({"amount": None, "currency": "", "condition": "", "text": "", **fee})]
    return {
        "type": "channel",
        "value": {
            "kind": kind,
            "time_value": value,
            "time_unit": unit,
            "time_text": "",
            "fees": fees if fee else [],
            "note": "",
        },
    }


def case(name: str, *papers: dict[str, Any]) -> dict[str, Any]:
    return {"type": "case", "value": {"name": name, "items": [item(paper) for paper in papers]}}


def paper(name: str, originals: int = 1, copies: int = 0, **more: Any) -> dict[str, Any]:
    return {"name": name, "originals": originals, "copies": copies, "forms": [], **more}


def residence(**values: Any) -> ProcedurePage:
    """A procedure with all four facts."""
    values.setdefault("code", "1.004222")
    values.setdefault("title", "Đăng ký thường trú")
    values.setdefault("plain_name", "nhập hộ khẩu")
    values.setdefault("levels", ["commune"])
    values.setdefault(
        "steps",
        [
            {"type": "step", "value": "Bước 1: Chuẩn bị hồ sơ."},
            {"type": "step", "value": "Bước 2: Nộp hồ sơ."},
            {"type": "step", "value": "* Lưu ý: mang theo căn cước."},
        ],
    )
    values.setdefault(
        "channels",
        [
            channel("online", amount="10000", currency="VND"),
            channel("direct", amount="20000", currency="VND", condition="Miễn cho trẻ em."),
        ],
    )
    values.setdefault(
        "cases",
        [
            case(
                "Nhà của mình",
                paper("Tờ khai thay đổi thông tin cư trú", forms=[item("Mẫu CT01")]),
                paper("Giấy tờ chứng minh chỗ ở hợp pháp", 0, 1),
                paper("Lưu ý chung", 0, 0, heading=True),
            ),
            case("Ở nhờ", paper("Tờ khai thay đổi thông tin cư trú")),
        ],
    )
    code = values.pop("code")
    return make_procedure(code, **values)


def text_of(response: Any) -> str:
    """Words of a page without tags, spaces made single."""
    html = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestProcedure:
    def test_four_facts(self, client: Client) -> None:
        residence()
        response = client.get("/thu-tuc/1.004222/")
        assert response.status_code == 200
        text = text_of(response)
        assert "2 bước · 1–2 giấy tờ" in text
        assert "7 ngày làm việc" in text
        assert "10.000 – 20.000 đồng" in text
        assert "Miễn cho trẻ em." in text
        assert "(nhập hộ khẩu)" in text
        assert "Nộp được trực tuyến" in text

    def test_headings_have_no_box_to_tick(self, client: Client) -> None:
        residence()
        html = client.get("/thu-tuc/1.004222/").content.decode()
        assert html.count("data-tick>") == 3
        assert "Mẫu CT01" in html

    def test_zero_alone_is_never_free(self, client: Client) -> None:
        residence(channels=[channel(amount="0", currency="VND")])
        text = text_of(client.get("/thu-tuc/1.004222/"))
        assert "Miễn phí" not in text
        assert "0 đồng" in text

    def test_time_without_a_unit_says_so(self, client: Client) -> None:
        residence(channels=[channel(value="1", unit="")])
        assert "1 — đơn vị chưa rõ" in text_of(client.get("/thu-tuc/1.004222/"))

    def test_undotted_code_goes_to_the_dotted_one(self, client: Client) -> None:
        residence()
        response = client.get("/thu-tuc/1004222/?office=x")
        assert response.status_code == 301
        assert response["Location"] == "/thu-tuc/1.004222/?office=x"

    def test_code_in_any_case(self, client: Client) -> None:
        make_procedure("1.00A-b", title="Thủ tục mã lạ")
        assert client.get("/thu-tuc/1.00a-B/").status_code == 200

    def test_unknown_code_and_drafts_are_404_with_the_code(self, client: Client) -> None:
        residence(live=False)
        response = client.get("/thu-tuc/1.004222/")
        assert response.status_code == 404
        assert "Không có thủ tục mang mã 1.004222." in text_of(response)

    def test_texts_are_escaped(self, client: Client) -> None:
        residence(
            title="<script>alert(1)</script>",
            steps=[{"type": "step", "value": "<img src=x onerror=alert(1)> " * 40}],
        )
        html = client.get("/thu-tuc/1.004222/").content.decode()
        assert "<script>alert" not in html
        assert "<img" not in html

    def test_lowest_level_only_is_said(self, client: Client) -> None:
        residence(levels_incomplete=True)
        text = text_of(client.get("/thu-tuc/1.004222/"))
        assert "Nguồn chỉ ghi cấp thấp nhất" in text

    def test_nothing_but_a_name(self, client: Client) -> None:
        make_procedure("1.000001", title="Thủ tục trống")
        text = text_of(client.get("/thu-tuc/1.000001/"))
        assert "Chưa công bố" in text
        assert "Miễn phí" not in text

    def test_preview_uses_the_same_page(self) -> None:
        page = residence()
        response = page.make_preview_request()
        assert response.status_code == 200
        assert "2 bước" in text_of(response)

    def test_english_switch_leads_to_the_same_page(self, client: Client) -> None:
        residence()
        html = client.get("/thu-tuc/1.004222/?office=").content.decode()
        assert 'href="/en/thu-tuc/1.004222/?office="' in html
        assert 'href="/thu-tuc/1.004222/"' in client.get("/en/thu-tuc/1.004222/").content.decode()


class TestPicker:
    def test_asks_until_an_office_is_picked(self, client: Client) -> None:
        residence()
        make_office()
        text = text_of(client.get("/thu-tuc/1.004222/"))
        assert "Tuỳ nơi nộp" in text

    def test_picked_office_is_remembered_for_a_year(self, client: Client) -> None:
        residence()
        office = make_office("Chi nhánh số 7")
        response = client.get(f"/thu-tuc/1.004222/?office={office.slug}")
        cookie = response.cookies["office"]
        assert (cookie.value, cookie["samesite"], cookie["max-age"]) == (
            office.slug,
            "Lax",
            31536000,
        )
        assert "Chi nhánh số 7" in text_of(client.get("/thu-tuc/1.004222/"))
        assert "Cookie" in response["Vary"]

    def test_empty_choice_forgets(self, client: Client) -> None:
        residence()
        office = make_office()
        client.get(f"/thu-tuc/1.004222/?office={office.slug}")
        client.get("/thu-tuc/1.004222/?office=")
        assert "Tuỳ nơi nộp" in text_of(client.get("/thu-tuc/1.004222/"))

    def test_unknown_office_is_said_and_not_remembered(self, client: Client) -> None:
        residence()
        make_office()
        response = client.get("/thu-tuc/1.004222/?office=khong-co")
        assert "Không tìm thấy nơi nộp" in text_of(response)
        assert not response.cookies["office"].value

    def test_cookie_of_an_office_that_is_gone(self, client: Client) -> None:
        residence()
        office = make_office()
        client.cookies["office"] = office.slug
        Office.objects.update(live=False)
        assert client.get("/thu-tuc/1.004222/").status_code == 200

    def test_open_and_closed_in_words(self) -> None:
        office = make_office()
        zone = ZoneInfo("Asia/Ho_Chi_Minh")
        words = {
            hour: OfficeNow.of(office, datetime(2026, 11, 19, hour, 0, tzinfo=zone)).text
            for hour in (9, 12, 20)
        }
        assert words == {
            9: "đang mở, đến 11:30",
            12: "đang đóng cửa, mở lại lúc 13:30",
            20: "đang đóng cửa, mở lại 8:00 ngày mai",
        }
        saturday = OfficeNow.of(office, datetime(2026, 11, 21, 9, 0, tzinfo=zone))
        assert saturday.text == "đang đóng cửa, mở lại 8:00 thứ Hai 23/11"
        tet = OfficeNow.of(office, datetime(2026, 2, 17, 9, 0, tzinfo=zone))
        assert tet.text.startswith("đang nghỉ lễ, mở lại 8:00 ")


class TestPeople:
    def _office(self) -> tuple[ProcedurePage, Office, Officer]:
        page = residence()
        counter = make_counter(name="Quầy 3", main_field=page.field)
        officer = Officer.objects.create(
            office=counter.office, name="Nguyễn Thị Mai", title="công chức", phone="024 3825 0001"
        )
        Handling.objects.create(counter=counter, officer=officer, field=page.field)
        return page, counter.office, officer

    def test_name_title_telephone_and_counter(self, client: Client) -> None:
        _page, office, _officer = self._office()
        response = client.get(f"/thu-tuc/1.004222/?office={office.slug}")
        text = text_of(response)
        assert "Quầy 3" in text
        assert "Nguyễn Thị Mai" in text
        assert 'href="tel:02438250001"' in response.content.decode()

    def test_who_left_is_shown_nowhere_and_the_head_answers(self, client: Client) -> None:
        _page, office, officer = self._office()
        Officer.objects.create(
            office=office, name="Trần Văn Trưởng", title="Giám đốc", role="head", phone="0240000002"
        )
        Officer.objects.filter(pk=officer.pk).update(active=False)
        counter = office.counters.get()
        for address in (
            f"/thu-tuc/1.004222/?office={office.slug}",
            f"/co-quan/{office.slug}/",
            f"/quay/{counter.code}/",
        ):
            assert "Nguyễn Thị Mai" not in client.get(address).content.decode()
        text = text_of(client.get(f"/thu-tuc/1.004222/?office={office.slug}"))
        assert "Nơi này chưa ghi người tiếp nhận thủ tục." in text
        assert "Trần Văn Trưởng" in text

    def test_assignment_by_name_wins_unless_its_officer_left(self) -> None:
        page, office, general = self._office()
        special = Officer.objects.create(office=office, name="Lê Văn Riêng", title="công chức")
        other = make_counter(office, name="Quầy 9", main_field=page.field)
        Handling.objects.create(counter=other, officer=special, procedure_code=page.code)
        assert people_for(page, office).officers == [special]
        Officer.objects.filter(pk=special.pk).update(active=False)
        assert people_for(page, office).officers == [general]


class TestFields:
    def test_counts_live_procedures_by_letter(self, client: Client) -> None:
        residence(field=make_field("Đất đai"))
        make_procedure(field=make_field("Đất đai"), live=False)
        make_field("Trống rỗng")
        response = client.get("/linh-vuc/")
        assert [
            (letter, [f.published for f in fields])
            for letter, fields in response.context["letters"]
        ] == [("Đ", [1])]
        assert "Trống rỗng" not in text_of(response)

    def test_letters_in_vietnamese_order(self, client: Client) -> None:
        for name in ("Ế ẩm", "Đất đai", "Dân số", "Hộ tịch", "An toàn"):
            make_procedure(field=make_field(name))
        letters = [letter for letter, _fields in client.get("/linh-vuc/").context["letters"]]
        assert letters == ["A", "D", "Đ", "E", "H"]

    def test_filter_without_marks(self, client: Client) -> None:
        make_procedure(field=make_field("Đất đai"))
        make_procedure(field=make_field("Hộ tịch"))
        text = text_of(client.get("/linh-vuc/?q=dat%20DAI"))
        assert "Đất đai" in text
        assert "Hộ tịch" not in text
        assert "Không có lĩnh vực nào" in text_of(client.get("/linh-vuc/?q=zzz"))

    def test_field_pages_and_filters_by_level(self, client: Client) -> None:
        field = make_field("Cư trú")
        for number in range(33):
            make_procedure(
                field=field,
                title=f"Thủ tục {number:02d}",
                levels=["commune"] if number else ["province", "commune"],
            )
        first = client.get("/linh-vuc/cu-tru/")
        assert len(first.context["procedures"]) == 30
        assert "33 thủ tục" in text_of(first)
        assert len(client.get("/linh-vuc/cu-tru/?page=2").context["procedures"]) == 3
        province = client.get("/linh-vuc/cu-tru/?level=province")
        assert [row["page"].title for row in province.context["procedures"]] == ["Thủ tục 00"]

    @pytest.mark.parametrize("query", ["page=0", "page=x", "page=999", "level=nonsense"])
    def test_odd_questions_still_answer(self, client: Client, query: str) -> None:
        make_procedure(field=make_field("Cư trú"))
        assert client.get(f"/linh-vuc/cu-tru/?{query}").status_code == 200

    def test_unknown_field(self, client: Client) -> None:
        assert client.get("/linh-vuc/khong-co/").status_code == 404

    def test_no_procedure_at_all(self, client: Client) -> None:
        assert "Chưa có thủ tục nào được công bố" in text_of(client.get("/linh-vuc/"))


class TestOffices:
    def test_list_filters_by_folded_name_and_ward(self, client: Client) -> None:
        make_office("Chi nhánh Hoàn Kiếm", ward="Phường Cửa Đông")
        make_office("Chi nhánh Đống Đa", ward="Phường Láng")
        text = text_of(client.get("/co-quan/?q=cua dong"))
        assert "Chi nhánh Hoàn Kiếm" in text
        assert "Chi nhánh Đống Đa" not in text
        assert "Không có nơi nộp nào khớp" in text_of(client.get("/co-quan/?q=zzz"))

    def test_empty_city(self, client: Client) -> None:
        assert "Chưa có cơ quan nào được công bố" in text_of(client.get("/co-quan/"))

    def test_office_with_leaders_hours_and_counters(self, client: Client) -> None:
        office = make_office()
        for name, role in (("Phó Một", "deputy"), ("Trưởng Hai", "head"), ("Viên Chức", "officer")):
            Officer.objects.create(office=office, name=name, title="chức danh", role=role)
        make_counter(office, name="Quầy 1")
        make_counter(office, name="Quầy nghỉ", active=False)
        text = text_of(client.get(f"/co-quan/{office.slug}/"))
        leaders = text[text.index("Người đứng đầu và cấp phó") :]
        assert leaders.index("Trưởng Hai") < leaders.index("Phó Một")
        assert "Viên Chức" not in leaders
        assert "8:00–11:30" in text
        assert "Quầy 1" in text
        assert "Quầy nghỉ" not in text

    def test_picking_on_the_office_page(self, client: Client) -> None:
        office = make_office()
        client.get(f"/co-quan/{office.slug}/?office={office.slug}")
        assert "Bạn đã chọn nơi này" in text_of(client.get(f"/co-quan/{office.slug}/"))

    def test_unknown_office(self, client: Client) -> None:
        assert client.get("/co-quan/khong-co/").status_code == 404


class TestCounters:
    def test_code_in_any_case_and_as_people_write_it(self, client: Client) -> None:
        make_counter(code="A0B1C2D", name="Quầy 5")
        for code in ("A0B1C2D", "a0b1c2d", "AOBIC2D"):
            response = client.get(f"/quay/{code}/")
            assert response.status_code == 200
            assert "Quầy 5" in text_of(response)
        assert "/r/A0B1C2D" in response.content.decode()

    def test_unknown_inactive_and_unpublished_are_404(self, client: Client) -> None:
        make_counter(code="A0B1C2D", active=False)
        other = make_counter(code="A0B1C2E")
        Office.objects.filter(pk=other.office_id).update(live=False)
        for code in ("A0B1C2D", "A0B1C2E", "ZZZZZZZ", "x"):
            assert client.get(f"/quay/{code}/").status_code == 404


class TestBudgets:
    """No page asks more than twelve questions, however much there is."""

    @pytest.fixture
    def addresses(self) -> list[str]:
        page = residence()
        office = make_office()
        for number in range(6):
            counter = make_counter(office, name=f"Quầy số {number}", main_field=page.field)
            counter.fields.add(make_field("Chứng thực"), make_field("Đất đai"))
            for place in range(3):
                officer = Officer.objects.create(
                    office=office, name=f"Người {number}.{place}", title="công chức"
                )
                Handling.objects.create(counter=counter, officer=officer, field=page.field)
        for _ in range(12):
            make_procedure(field=page.field)
            make_office("Điểm tiếp nhận")
        return [
            "/",
            f"/thu-tuc/1.004222/?office={office.slug}",
            "/thu-tuc/1.004222/lich-su/",
            "/linh-vuc/",
            f"/linh-vuc/{page.field.slug}/",
            "/co-quan/",
            f"/co-quan/{office.slug}/?office={office.slug}",
            f"/quay/{counter.code}/",
            "/khong-co-trang-nay/",
        ]

    def test_queries(
        self, client: Client, addresses: list[str], django_assert_max_num_queries: Any
    ) -> None:
        for address in addresses:
            with django_assert_max_num_queries(MOST_QUERIES):
                client.get(address)

    def test_no_style_or_script_inside_the_pages(
        self, client: Client, addresses: list[str]
    ) -> None:
        for address in addresses:
            html = client.get(address).content.decode()
            # A block of data (linked data) is no script: browsers run nothing of it.
            html = re.sub(r'<script type="application/ld\+json">.*?</script>', "", html)
            assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", html), (
                address
            )


class TestDemoBanner:
    def test_shown_while_demo_counters_are_there(self, client: Client) -> None:
        assert "Dữ liệu minh hoạ." not in text_of(client.get("/linh-vuc/"))
        make_counter(is_demo=True)
        assert "Dữ liệu minh hoạ." in text_of(client.get("/linh-vuc/"))

    def test_hotline_of_the_city_is_on_every_page(self, client: Client) -> None:
        city = CitySettings.load()
        city.hotline = "0236 1022"
        city.save()
        assert 'href="tel:02361022"' in client.get("/linh-vuc/").content.decode()
