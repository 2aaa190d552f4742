"""Due days as citizens, programs and editors meet them, with the clock moved across Tết."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from wagtail import hooks

from cms.due import filing, off_text
from cms.models import CitySettings, Office, OfficeHours, ProcedurePage, WorkingDayChange
from cms.process_hooks import warn
from cms.swap_days import LineError, Pair, parse, save
from cms.working_days import OfficeNow, day_changes
from tests.factories import make_office, make_procedure

pytestmark = pytest.mark.django_db

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
OFF, WORKS = WorkingDayChange.Kind.OFF, WorkingDayChange.Kind.WORKS


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=HANOI)


@contextmanager
def clock(moment: str) -> Iterator[None]:
    """The clock of every page at this local moment."""
    with patch("django.utils.timezone.now", return_value=at(moment)):
        yield


def way(kind: str, value: str | None, unit: str = "working_day") -> dict[str, Any]:
    row = {"kind": kind, "time_value": value, "time_unit": unit, "time_text": "", "fees": []}
    return {"type": "channel", "value": {**row, "note": ""}}


def procedure(*ways: dict[str, Any], **values: Any) -> ProcedurePage:
    channels = list(ways) or [way("direct", "5")]
    return make_procedure("1.004222", channels=channels, **values)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def read(client: Client, moment: str, query: str = "", path: str = "/thu-tuc/1.004222/") -> str:
    with clock(moment):
        response = client.get(path + query)
    assert response.status_code == 200
    return text_of(response)


class TestPage:
    def test_from_day_to_day_across_tet_2027(self, client: Client) -> None:
        """The same page, the clock moved: before, in and after Tết Đinh Mùi (off 4/2–10/2)."""
        procedure()
        monday = read(client, "2027-02-01 09:00")
        assert "Nộp hôm nay, dự kiến nhận thứ Hai 15/02/2027" in monday
        assert "Nhận hồ sơ thứ Hai 01/02; ngày làm việc đầu tiên được tính là thứ Ba 02/02." in (
            monday
        )
        assert "Ngày nghỉ: 04/02–10/02 (Tết Nguyên đán), cuối tuần 13/02–14/02." in monday
        evening = read(client, "2027-02-03 17:30")
        assert "Nộp sáng thứ Năm 11/02, dự kiến nhận thứ Năm 18/02/2027" in evening
        mung_mot = read(client, "2027-02-06 10:00")
        assert "Nộp sáng thứ Năm 11/02, dự kiến nhận thứ Năm 18/02/2027" in mung_mot
        eve_of_opening = read(client, "2027-02-10 23:59")
        assert "Nộp sáng mai, dự kiến nhận thứ Năm 18/02/2027" in eve_of_opening
        after = read(client, "2027-02-11 07:00")
        assert "Nộp hôm nay, dự kiến nhận thứ Năm 18/02/2027" in after

    def test_cut_off_is_the_citys_rule(self, client: Client) -> None:
        procedure()
        late = read(client, "2026-11-30 15:10")
        assert "Nộp hôm nay, dự kiến nhận thứ Ba 08/12/2026" in late
        assert "Nộp sau 15:00 thì tính từ ngày làm việc tiếp theo (quy định của thành phố)." in late
        city = CitySettings.load()
        city.cut_off = None
        city.save()
        without = read(client, "2026-11-30 15:10")
        assert "Nộp hôm nay, dự kiến nhận thứ Hai 07/12/2026" in without
        assert "quy định của thành phố" not in without

    def test_each_channel_by_its_own_way(self, client: Client) -> None:
        procedure(way("direct", "4", "hour"), way("online", "2"), way("postal", None, ""))
        sunday = read(client, "2026-11-29 10:00")
        assert "Trực tiếp: Nộp sáng mai, dự kiến nhận 11:30 thứ Hai 30/11/2026" in sunday
        assert "Trực tuyến: Nộp hôm nay, dự kiến nhận thứ Tư 02/12/2026" in sunday
        assert "Nộp ngoài giờ làm việc: tính từ khi nơi nhận mở cửa." in sunday
        assert "Bưu chính: văn bản công bố không ghi đủ số và đơn vị thời gian" in sunday

    def test_post_counts_from_arrival(self, client: Client) -> None:
        procedure(way("postal", "2"))
        text = read(client, "2026-12-01 09:00")
        assert "Hồ sơ đến nơi hôm nay, dự kiến nhận thứ Năm 03/12/2026" in text
        assert "tính từ ngày hồ sơ đến nơi nhận" in text

    def test_channels_alike_are_said_once(self, client: Client) -> None:
        procedure(way("direct", "5"), way("online", "5"), way("postal", "5"))
        with clock("2026-12-01 09:00"):
            response = client.get("/thu-tuc/1.004222/")
        assert [group.names for group in response.context["due_groups"]] == [
            "Trực tiếp, trực tuyến, bưu chính"
        ]
        assert all(line.due for line in response.context["lines"])

    def test_in_the_evening_only_online_is_filed_today(self, client: Client) -> None:
        procedure(way("direct", "5"), way("online", "5"), way("postal", "5"))
        text = read(client, "2026-12-01 20:00")
        assert "Trực tiếp, bưu chính: Nộp sáng mai, dự kiến nhận thứ Tư 09/12/2026" in text
        assert "Trực tuyến: Nộp hôm nay, dự kiến nhận thứ Tư 09/12/2026" in text

    def test_the_tile_is_one_sentence(self, client: Client) -> None:
        procedure(way("direct", "5"), way("online", "2"), way("postal", "9"))
        with clock("2026-12-01 09:00"):
            html = client.get("/thu-tuc/1.004222/").content.decode()
        tile = html[html.index("Thời gian</h2>") : html.index("Lệ phí</h2>")]
        words = " ".join(re.sub(r"<[^>]+>", "", tile).split())
        assert (
            "Nộp hôm nay, dự kiến nhận từ thứ Năm 03/12/2026 đến thứ Hai 14/12/2026, "
            "tuỳ hình thức nộp" in words
        )

    def test_calendar_days_that_end_on_a_day_off_move_and_cite_the_law(
        self, client: Client
    ) -> None:
        procedure(way("direct", "7", "day"))
        text = read(client, "2027-02-01 09:00")
        assert "dự kiến nhận thứ Năm 11/02/2027" in text
        assert "Ngày cuối cùng, thứ Hai 08/02, là ngày nghỉ" in text
        assert "Bộ luật Dân sự 2015, Điều 148 khoản 5" in text

    @pytest.mark.parametrize("unit", ["", "working_day"])
    def test_without_number_or_unit_nothing_is_invented(self, client: Client, unit: str) -> None:
        procedure(way("direct", None if unit else "5", unit))
        text = read(client, "2026-12-01 09:00")
        assert "dự kiến nhận" not in text
        assert "Dự kiến ngày nhận" not in text

    def test_it_never_promises(self, client: Client) -> None:
        procedure()
        text = read(client, "2026-12-01 09:00")
        assert "giấy tiếp nhận hồ sơ và hẹn trả kết quả mới là căn cứ" in text

    @pytest.mark.parametrize(
        ("values", "dated"),
        [
            ({"standing": "paused"}, False),
            ({"standing": "paused", "standing_until": date(2026, 11, 30)}, True),
            ({"standing": "paused", "standing_until": date(2026, 12, 1)}, False),
            ({"standing": "abolished", "standing_from": date(2026, 12, 2)}, True),
            ({"standing": "abolished", "standing_from": date(2026, 12, 1)}, False),
        ],
    )
    def test_a_procedure_that_takes_no_dossiers_has_no_date(
        self, client: Client, values: dict[str, Any], dated: bool
    ) -> None:
        procedure(standing_reason="1/QĐ-UBND", **values)
        assert ("dự kiến nhận" in read(client, "2026-12-01 09:00")) == dated

    def test_a_limit_that_switches_holds_for_what_is_received_then(self, client: Client) -> None:
        rule = {"valid_from": "2027-01-01", "time_value": "2", "time_unit": "working_day"}
        rules = [{"type": "time", "value": {**rule, "channel": "", "origin": "city"}}]
        procedure(way("direct", "5"), local_rules=rules)
        # Both on the last evening of the year, and asked for months ahead.
        evening = read(client, "2026-12-31 18:00")
        assert "Nộp sáng thứ Hai 04/01, dự kiến nhận thứ Tư 06/01/2027" in evening
        assert "Thời hạn khi đó là 2 ngày làm việc, không như hôm nay." in evening
        ahead = read(client, "2026-12-01 09:00", "?ngay=2027-01-04")
        assert "dự kiến nhận thứ Tư 06/01/2027" in ahead
        today = read(client, "2026-12-01 09:00")
        assert "dự kiến nhận thứ Ba 08/12/2026" in today
        assert "Thời hạn khi đó" not in today
        with clock("2026-12-31 18:00"):
            found = client.get("/api/v1/procedures/1.004222/").json()["channels"][0]
        assert found["due_if_filed_today"]["due_on"] == "2027-01-06"

    def test_english(self, client: Client) -> None:
        procedure()
        with clock("2026-12-01 09:00"):
            response = client.get("/en/thu-tuc/1.004222/")
        assert response.status_code == 200
        assert "08/12/2026" in text_of(response)


class TestAnotherDay:
    def test_a_day_beside_the_office(self, client: Client) -> None:
        procedure()
        office = make_office(title="Chi nhánh số 1")
        text = read(client, "2026-11-30 09:00", f"?office={office.slug}&ngay=2027-02-01")
        assert "Nộp thứ Hai 01/02, dự kiến nhận thứ Hai 15/02/2027" in text
        assert "Tính theo lịch làm việc của Chi nhánh số 1." in text
        with clock("2026-11-30 09:00"):
            page = client.get(f"/thu-tuc/1.004222/?office={office.slug}&ngay=2027-02-01")
        html = page.content.decode()
        form = html[html.index('class="due-form') : html.index("</form>", html.index("due-form"))]
        assert f'name="office" value="{office.slug}"' in form
        assert 'type="date" name="ngay" value="2027-02-01"' in form
        assert 'min="2026-11-30"' in form

    def test_a_day_off_moves_to_the_next_opening(self, client: Client) -> None:
        procedure()
        text = read(client, "2026-11-30 09:00", "?ngay=2027-02-06")
        assert "Nộp thứ Năm 11/02, dự kiến nhận thứ Năm 18/02/2027" in text
        assert "06/02–10/02 (Tết Nguyên đán)" in text

    def test_today_by_name_is_now(self, client: Client) -> None:
        procedure()
        assert "Nộp sáng mai" in read(client, "2026-11-30 18:00", "?ngay=2026-11-30")

    @pytest.mark.parametrize(
        ("asked", "problem"),
        [
            ("2026-11-29", "Ngày 29/11/2026 đã qua."),
            ("2026-02-30", "“2026-02-30” không phải là một ngày."),
            ("mai", "“mai” không phải là một ngày."),
            ("9999-12-31", "Ngày 31/12/9999 còn quá xa"),
            ("%3Cscript%3E", "không phải là một ngày."),
        ],
    )
    def test_a_wrong_day_is_said_and_today_shown(
        self, client: Client, asked: str, problem: str
    ) -> None:
        procedure()
        with clock("2026-11-30 09:00"):
            response = client.get(f"/thu-tuc/1.004222/?ngay={asked}")
        text = text_of(response)
        assert response.status_code == 200
        assert problem in text
        assert "Nộp hôm nay, dự kiến nhận thứ Hai 07/12/2026" in text
        assert b"<script>" not in response.content

    def test_empty_is_today(self) -> None:
        assert filing("  ", at("2026-11-30 09:00")).problem == ""


class TestTypedDay:
    """A browser without a calendar of its own sends what was typed."""

    @pytest.mark.parametrize(
        "asked", ["2027-02-01", "1/2/2027", "01/02/2027", " 01-02-2027 ", "1.2.2027"]
    )
    def test_day_before_month(self, asked: str) -> None:
        assert filing(asked, at("2026-11-30 09:00")).day == date(2027, 2, 1)

    @pytest.mark.parametrize(
        "asked", ["31/02/2027", "2/13/2027", "20270201", "2027-W05-1", "١/٢/٢٠٢٧"]
    )
    def test_no_day_is_said(self, asked: str) -> None:
        found = filing(asked, at("2026-11-30 09:00"))
        assert (found.day, bool(found.problem)) == (date(2026, 11, 30), True)

    def test_the_form_says_how_and_takes_it(self, client: Client) -> None:
        procedure()
        text = read(client, "2026-11-30 09:00", "?ngay=01/02/2027")
        assert "Nếu nộp ngày (ngày/tháng/năm)" in text
        assert "Nộp thứ Hai 01/02" in text


class TestTable:
    """Rows of the editable table, on pages and for "open now"."""

    def test_swap_days_and_closures_count(self, client: Client) -> None:
        procedure()
        WorkingDayChange.objects.create(
            date=date(2026, 12, 5), kind=WORKS, like_weekday=0, name="làm bù ngày 31/12"
        )
        WorkingDayChange.objects.create(date=date(2026, 12, 3), kind=OFF, name="mất điện")
        text = read(client, "2026-12-01 09:00")
        # 2, 4, Saturday 5 (swap), 7, 8.
        assert "Nộp hôm nay, dự kiến nhận thứ Ba 08/12/2026" in text
        assert "Ngày nghỉ: 03/12 (mất điện), cuối tuần 06/12." in text
        assert "Thứ Bảy 05/12 có làm việc (làm bù ngày 31/12)." in text

    def test_a_closure_of_one_office_is_its_own(self, client: Client) -> None:
        procedure()
        closed, other = make_office("Chi nhánh A"), make_office("Chi nhánh B")
        WorkingDayChange.objects.create(
            date=date(2026, 12, 2), kind=OFF, name="kiểm kê", office=closed
        )
        at_closed = read(client, "2026-12-01 09:00", f"?office={closed.slug}")
        assert "dự kiến nhận thứ Tư 09/12/2026" in at_closed
        at_other = read(client, "2026-12-01 09:00", f"?office={other.slug}")
        assert "dự kiến nhận thứ Ba 08/12/2026" in at_other
        moment = at("2026-12-02 09:00")
        assert OfficeNow.of(closed, moment).text == "hôm nay nghỉ (kiểm kê), mở lại 8:00 ngày mai"
        assert OfficeNow.of(other, moment).is_open

    def test_an_office_row_wins_over_the_citys(self) -> None:
        office = make_office()
        day = date(2026, 12, 2)
        WorkingDayChange.objects.create(date=day, kind=OFF, name="nghỉ")
        WorkingDayChange.objects.create(
            date=day, kind=WORKS, like_weekday=2, name="trực", office=office
        )
        assert OfficeNow.of(office, at("2026-12-02 09:00")).is_open
        changes = day_changes(day)
        assert changes.of(None)[day].works is False
        assert changes.of(office.pk)[day].works is True

    def test_the_offices_page_shows_a_swap_saturday_as_open(self, client: Client) -> None:
        office = make_office()
        WorkingDayChange.objects.create(
            date=date(2026, 12, 5), kind=WORKS, like_weekday=0, name="làm bù"
        )
        path = f"/co-quan/{office.slug}/"
        swap = read(client, "2026-12-05 09:00", path=path)
        assert "Đang mở, đến 11:30" in swap
        assert "Thứ Bảy 05/12: làm việc 8:00–11:30, 13:30–17:00 (làm bù)" in swap
        plain = read(client, "2026-12-12 09:00", path=path)
        assert "Đang mở" not in plain
        assert "Thứ Sáu 01/01: nghỉ (Tết Dương lịch)" in plain

    def test_saturday_mornings_count_only_where_the_city_says_so(self, client: Client) -> None:
        procedure(way("direct", "1"))
        office = make_office()
        OfficeHours.objects.create(office=office, weekday=5, opens=time(8), closes=time(11, 30))
        query = f"?office={office.slug}"
        assert "nhận thứ Hai 07/12/2026" in read(client, "2026-12-04 09:00", query)
        city = CitySettings.load()
        city.counts_saturday = True
        city.save()
        assert "nhận thứ Bảy 05/12/2026" in read(client, "2026-12-04 09:00", query)

    def test_the_swap_the_library_knows(self) -> None:
        assert day_changes(date(2026, 8, 1)).city[date(2026, 8, 22)].works

    def test_one_query(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            day_changes(date(2026, 12, 1))

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"date": date(2026, 12, 5), "kind": WORKS}, "like_weekday"),
            ({"date": date(2026, 12, 4), "kind": OFF, "like_weekday": 1}, "like_weekday"),
            ({"date": date(2026, 12, 4), "kind": OFF, "name": ""}, "name"),
        ],
    )
    def test_validation(self, values: dict[str, Any], field: str) -> None:
        with pytest.raises(ValidationError) as caught:
            WorkingDayChange(**{"name": "x", **values}).full_clean()
        assert field in caught.value.message_dict

    def test_one_row_a_day_and_place(self) -> None:
        day = date(2026, 12, 4)
        office = make_office()
        for place in (None, office):
            WorkingDayChange.objects.create(date=day, kind=OFF, name="x", office=place)
        for place in (None, office):
            with pytest.raises(IntegrityError), transaction.atomic():
                WorkingDayChange.objects.create(date=day, kind=OFF, name="y", office=place)
        with pytest.raises(ValidationError, match="đã có một dòng"):
            WorkingDayChange(date=day, kind=OFF, name="y").full_clean()

    def test_days_off_in_words(self) -> None:
        assert off_text([]) == ""


class TestTyping:
    def test_pairs_in_any_common_spelling(self) -> None:
        text = (
            "nghỉ 31/08/2026, làm bù 22/08/2026, Quốc khánh\n\n"
            "2-1-2026 ↔ 10-1-2026\n2027-12-31 → 2028-01-08: Tết Dương lịch"
        )
        assert parse(text) == [
            Pair(date(2026, 8, 31), date(2026, 8, 22), "Quốc khánh"),
            Pair(date(2026, 1, 2), date(2026, 1, 10), ""),
            Pair(date(2027, 12, 31), date(2028, 1, 8), "Tết Dương lịch"),
        ]

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("31/08/2026", "cần đúng hai ngày"),
            ("31/08/2026 22/08/2026 23/08/2026", "cần đúng hai ngày"),
            ("32/08/2026, 22/08/2026", "không có ngày 32/08/2026"),
            ("22/08/2026, 31/08/2026", "là cuối tuần"),
            ("31/08/2026, 25/08/2026", "vốn là ngày làm việc"),
            ("31/08/2026, 31/08/2026", "hai ngày trùng nhau"),
        ],
    )
    def test_a_wrong_line_is_named(self, line: str, problem: str) -> None:
        with pytest.raises(LineError, match=f"^Dòng 2: .*{re.escape(problem)}"):
            parse(f"02/01/2026, 10/01/2026\n{line}")

    def test_the_same_day_twice(self) -> None:
        with pytest.raises(LineError, match=r"10/01/2026 đã có ở dòng 1"):
            parse("02/01/2026, 10/01/2026\n05/01/2026, 10/01/2026")

    def test_saved_once_for_the_whole_city(self) -> None:
        pairs = parse("31/08/2026, 22/08/2026, Quốc khánh")
        assert save(pairs, decision="1/TB") == (2, 0)
        assert save(pairs) == (0, 2)
        swap = WorkingDayChange.objects.get(date=date(2026, 8, 22))
        assert (swap.kind, swap.like_weekday, swap.decision) == (WORKS, 0, "1/TB")
        assert swap.name == "làm bù ngày 31/08: Quốc khánh"

    def test_a_row_that_says_otherwise_stops_all(self) -> None:
        WorkingDayChange.objects.create(date=date(2026, 8, 22), kind=OFF, name="nghỉ")
        with pytest.raises(LineError, match="22/08/2026"):
            save(parse("02/01/2026, 10/01/2026\n31/08/2026, 22/08/2026"))
        assert WorkingDayChange.objects.count() == 1


class TestEditor:
    def test_type_look_and_save(self, admin_client: Client) -> None:
        address = "/admin/ngay-lam-bu/nhap/"
        lines = "31/08/2026, 22/08/2026, Quốc khánh"
        wrong = admin_client.post(address, {"lines": f"{lines}\nhỏng", "decision": "1/TB"})
        assert "Dòng 2: cần đúng hai ngày" in text_of(wrong)
        assert "hỏng" in wrong.content.decode()
        seen = admin_client.post(address, {"lines": lines, "decision": "1/TB"})
        assert "Thứ Hai 31/08/2026 Thứ Bảy 22/08/2026 Thứ Hai Quốc khánh" in text_of(seen)
        assert not WorkingDayChange.objects.exists()
        done = admin_client.post(
            address, {"lines": lines, "decision": "1/TB", "confirm": "1"}, follow=True
        )
        assert "Đã ghi 2 ngày." in text_of(done)
        assert "làm bù ngày 31/08: Quốc khánh" in text_of(done)
        assert "Nhập cả năm" in text_of(done)

    def test_only_with_the_right(self, client: Client) -> None:
        user = get_user_model().objects.create_user("ai-do", password="x")
        client.force_login(user)
        response = client.post("/admin/ngay-lam-bu/nhap/", {"lines": "31/08/2026, 22/08/2026"})
        assert response.status_code in (302, 403)
        assert not WorkingDayChange.objects.exists()

    def test_the_panel_says_what_disagrees(self, admin_client: Client) -> None:
        page = procedure(internal_process=[_step("Trung tâm", "8"), _step("Sở Xây dựng", "40")])
        html = admin_client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
        assert "vượt thời hạn công bố 5 ngày làm việc" in html

    def test_a_save_warns_and_stops_nobody(self, rf: RequestFactory) -> None:
        page = procedure(internal_process=[_step("Trung tâm", "41")])
        request = rf.post("/")
        request.session = {}  # type: ignore[assignment]
        messages = request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        assert warn in hooks.get_hooks("after_edit_page")
        warn(request, page)
        assert ["vượt thời hạn" in str(message) for message in messages] == [True]


def _step(agency: str, hours: str | None, name: str = "Tiếp nhận") -> dict[str, Any]:
    value = {"name": name, "work": "Xem hồ sơ", "agency": agency, "unit": "Bộ phận 1"}
    return {"type": "step", "value": {**value, "hours": hours}}


class TestLanes:
    def test_two_agencies_are_lanes(self, client: Client) -> None:
        procedure(internal_process=[_step("Trung tâm", "8"), _step("Sở Xây dựng", "32")])
        with clock("2026-12-01 09:00"):
            response = client.get("/thu-tuc/1.004222/")
        html, text = response.content.decode(), text_of(response)
        assert "Một cửa liên thông" in text
        assert 'class="lanes lanes-2"' in html
        assert "Tổng cộng 40 giờ làm việc (5 ngày, mỗi ngày 8 giờ)." in text
        assert "Trong thời hạn công bố 5 ngày làm việc." in text
        assert "Sở Xây dựng 32 giờ" in text

    def test_one_agency_is_a_table(self, client: Client) -> None:
        procedure(internal_process=[_step("UBND phường", "48"), _step("UBND phường", None)])
        with clock("2026-12-01 09:00"):
            response = client.get("/thu-tuc/1.004222/")
        text = text_of(response)
        assert "Một cửa liên thông" not in text
        assert 'class="lanes' not in response.content.decode()
        assert "Bước Công việc Đơn vị, người thực hiện Thời gian" in text
        assert "một số bước chưa ghi" in text
        assert "Vượt thời hạn công bố 5 ngày làm việc" in text

    def test_no_process_no_section(self, client: Client) -> None:
        procedure()
        assert "Quy trình nội bộ" not in read(client, "2026-12-01 09:00")


class TestJson:
    address = "/api/v1/procedures/1.004222/"

    def test_each_channel(self, client: Client) -> None:
        procedure(way("direct", "5"), way("online", "4", "hour"), way("postal", None, ""))
        with clock("2027-02-01 09:00"):
            direct, online, postal = client.get(self.address).json()["channels"]
        assert direct["due_if_filed_today"] == {
            "filed_on": "2027-02-01",
            "received_on": "2027-02-01",
            "due_on": "2027-02-15",
            "due_time": None,
            "text": "Nộp hôm nay, dự kiến nhận thứ Hai 15/02/2027",
            "reasons": [
                "Nhận hồ sơ thứ Hai 01/02; ngày làm việc đầu tiên được tính là thứ Ba 02/02.",
                "Ngày nghỉ: 04/02–10/02 (Tết Nguyên đán), cuối tuần 13/02–14/02.",
            ],
        }
        assert online["due_if_filed_today"]["due_time"] == "15:00:00"
        assert postal["due_if_filed_today"] is None

    def test_on_another_day_at_an_office(self, client: Client) -> None:
        procedure(way("direct", "2", "hour"))
        office = make_office()
        with clock("2026-12-01 09:00"):
            found = client.get(f"{self.address}?filed_on=2027-02-06&office={office.slug}").json()
        due = found["channels"][0]["due_if_filed_today"]
        assert (due["due_on"], due["due_time"]) == ("2027-02-11", "10:00:00")

    @pytest.mark.parametrize(
        ("query", "key"),
        [("filed_on=2020-01-01", "filed_on"), ("filed_on=x", "filed_on"), ("office=x", "office")],
    )
    def test_wrong_questions_are_400(self, client: Client, query: str, key: str) -> None:
        procedure()
        response = client.get(f"{self.address}?{query}")
        assert response.status_code == 400
        assert key in response.json()
        assert Office.objects.count() == 0
