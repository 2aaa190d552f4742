"""Offices from a file: every kind of row, again and again, in Excel and JSON, and in the admin."""

from __future__ import annotations

import io
import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from cms.groups import EDITORS
from cms.importing.reading import Rejected
from cms.importing_offices import WrongFile, apply, plan, read, write_template
from cms.importing_offices.shape import SHEETS
from cms.importing_offices.values import value_of
from cms.models import (
    Counter,
    Handling,
    Office,
    OfficeHours,
    Officer,
    OfficeUpload,
)
from tests.cms.test_views import text_of
from tests.factories import make_counter, make_field, make_office, make_procedure

pytestmark = pytest.mark.django_db

CITY: dict[str, list[dict[str, Any]]] = {
    "offices": [
        # Below its own branch, on purpose: order does not matter.
        {
            "name": "Chi nhánh B",
            "kind": "Chi nhánh",
            "part_of": "Trung tâm A",
            "address": "2 Phố Hai",
            "wards": ["Phường Hai", "Phường Ba"],
            "levels": ["commune", "province"],
            "latitude": 21.028511,
            "longitude": 105.85202,
        },
        {
            "name": "Trung tâm A",
            "kind": "centre",
            "address": "1 Phố Một",
            "phone": "024 0000 0001",
        },
    ],
    "hours": [
        {"office": "Trung tâm A", "weekday": "Thứ Hai", "opens": "8:00", "closes": "11h30"},
        {"office": "Trung tâm A", "weekday": 0, "opens": "13:30", "closes": "17:00"},
    ],
    "counters": [
        {"office": "Trung tâm A", "name": "Quầy 1", "main_field": "Hộ tịch"},
        {
            "office": "Chi nhánh B",
            "name": "Quầy 1",
            "code": "ABCDEF1",
            "main_field": "Đất đai",
            "fields": ["Hộ tịch"],
        },
    ],
    "officers": [
        {"office": "Trung tâm A", "name": "Bà Một", "title": "Giám đốc", "role": "head"},
        {"office": "Trung tâm A", "name": "Ông Hai", "title": "Công chức", "field": "Hộ tịch"},
    ],
    "handlings": [
        {
            "office": "Trung tâm A",
            "counter": "Quầy 1",
            "officer": "Ông Hai",
            "field": "Hộ tịch",
            "valid_from": "01/01/2026",
            "substitute": "Bà Một",
        },
    ],
}


def as_json(city: dict[str, Any]) -> bytes:
    return json.dumps(city, ensure_ascii=False).encode()


def as_workbook(city: dict[str, list[dict[str, Any]]]) -> bytes:
    """The same rows typed into the template."""
    book = openpyxl.load_workbook(io.BytesIO(write_template(["Hộ tịch"])))
    for key, rows in city.items():
        page = book[SHEETS[key].name]
        for line, row in enumerate(rows, 2):
            for number, column in enumerate(SHEETS[key].columns, 1):
                value = row.get(column.key)
                if column.kind == "choice" and value is not None:
                    code = value_of(column, value)
                    value = column.choices[code]
                elif isinstance(value, list):
                    value = "; ".join(value)
                page.cell(line, number, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def imported(city: dict[str, Any]) -> Any:
    found = plan(read(as_json(city)))
    apply(found)
    return found


def changed(**rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {**CITY, **rows}


class TestImport:
    @pytest.mark.parametrize("form", [as_json, as_workbook])
    def test_everything_is_there(self, form: Any) -> None:
        found = plan(read(form(CITY)))
        assert Office.objects.count() == 0  # a plan writes nothing
        apply(found)
        assert found.summary() == "created: 9, changed: 0, unchanged: 0, rejected: 0"
        branch, centre = Office.objects.order_by("title")
        assert branch.part_of == centre
        assert branch.wards == ["Phường Hai", "Phường Ba"]
        assert set(branch.levels) == {"province", "commune"}
        assert branch.latitude == Decimal("21.028511")
        assert (centre.slug, centre.live) == ("trung-tam-a", True)
        assert [(h.weekday, h.opens, h.closes) for h in centre.hours.order_by("opens")] == [
            (0, time(8), time(11, 30)),
            (0, time(13, 30), time(17)),
        ]
        counter = Counter.objects.get(code="ABCDEF1")
        assert {one.name for one in counter.fields.all()} == {"Đất đai", "Hộ tịch"}
        row = Handling.objects.get()
        assert (row.officer.name, row.substitute.name) == ("Ông Hai", "Bà Một")
        assert row.valid_from == date(2026, 1, 1)
        assert row.counter.office == centre

    @pytest.mark.parametrize("form", [as_json, as_workbook])
    def test_again_changes_nothing(self, form: Any) -> None:
        imported(CITY)
        before = [list(model.objects.values()) for model in (Counter, Officer, Handling)]
        revisions = [office.revisions.count() for office in Office.objects.all()]
        again = plan(read(form(CITY)))
        assert again.summary() == "created: 0, changed: 0, unchanged: 9, rejected: 0"
        apply(again)
        assert before == [list(model.objects.values()) for model in (Counter, Officer, Handling)]
        assert revisions == [office.revisions.count() for office in Office.objects.all()]

    def test_a_change_is_told_and_published(self, client: Client) -> None:
        imported(CITY)
        city = json.loads(as_json(CITY))
        city["offices"][1]["phone"] = "024 0000 0002"
        city["officers"][1]["last_day"] = "31/12/2026"
        client.get("/co-quan/trung-tam-a/")
        found = imported(city)
        assert found.count("changed") == 2
        assert any("024 0000 0001 → 024 0000 0002" in line.note for line in found.lines)
        assert "024 0000 0002" in client.get("/co-quan/trung-tam-a/").content.decode()
        assert Officer.objects.get(name="Ông Hai").last_day == date(2026, 12, 31)

    def test_people_written_in_bulk_leave_no_stale_page(self, client: Client) -> None:
        imported(CITY)
        client.get("/co-quan/trung-tam-a/")
        assert "Ông Hai" in client.get("/co-quan/trung-tam-a/").content.decode()
        city = json.loads(as_json(CITY))
        city["officers"][1]["active"] = False
        imported(city)
        assert "Ông Hai" not in client.get("/co-quan/trung-tam-a/").content.decode()

    def test_a_missing_column_keeps_and_an_empty_cell_empties(self) -> None:
        imported(CITY)
        rows = [{"name": "Trung tâm A", "kind": "centre", "address": "1 Phố Một"}]
        imported({"offices": rows})
        assert Office.objects.get(slug="trung-tam-a").phone == "024 0000 0001"
        imported({"offices": [{**rows[0], "phone": ""}]})
        assert Office.objects.get(slug="trung-tam-a").phone == ""

    def test_codes_are_kept_or_made(self) -> None:
        imported(CITY)
        made = Counter.objects.get(office__slug="trung-tam-a").code
        imported(CITY)
        assert Counter.objects.get(office__slug="trung-tam-a").code == made
        found = imported(
            changed(
                counters=[
                    {
                        "office": "Trung tâm A",
                        "name": "Quầy 1",
                        "code": "ZZZZZZ9",
                        "main_field": "Hộ tịch",
                    }
                ]
            )
        )
        assert "đã in trên QR" in found.rejected[0].note
        assert Counter.objects.get(office__slug="trung-tam-a").code == made

    def test_what_the_file_no_longer_holds_is_listed_and_stays(self) -> None:
        imported(CITY)
        found = imported(changed(officers=CITY["officers"][:1], handlings=[]))
        assert found.leftovers == ["Người làm: Ông Hai, Công chức"]
        assert Officer.objects.filter(name="Ông Hai", active=True).exists()

    def test_hours_are_replaced_as_a_week(self) -> None:
        imported(CITY)
        found = imported(changed(hours=[{**CITY["hours"][0], "opens": "7:30"}]))
        centre = Office.objects.get(slug="trung-tam-a")
        assert [(h.opens, h.closes) for h in centre.hours.all()] == [(time(7, 30), time(11, 30))]
        assert any("giờ làm việc được thay" in one for one in found.warnings)

    def test_half_a_week_of_hours_is_not_taken(self) -> None:
        imported(CITY)
        hours = [{**CITY["hours"][0], "opens": "7:30"}, {**CITY["hours"][1], "opens": "18:00"}]
        found = imported(changed(hours=hours))
        assert [line.line for line in found.rejected] == [1, 2]
        assert OfficeHours.objects.filter(opens=time(8)).exists()
        assert not OfficeHours.objects.filter(opens=time(7, 30)).exists()

    def test_a_demo_office_becomes_the_citys_own(self) -> None:
        make_office("Trung tâm A", is_demo=True)
        imported(CITY)
        assert not Office.objects.get(title="Trung tâm A").is_demo

    def test_an_editors_draft_is_not_overwritten(self) -> None:
        imported(CITY)
        centre = Office.objects.get(slug="trung-tam-a")
        centre.address = "Bản nháp của biên tập viên"
        centre.save_revision()
        city = json.loads(as_json(CITY))
        city["offices"][1]["phone"] = "024 0000 0009"
        found = imported(city)
        assert any("bản nháp chưa đăng" in line.note for line in found.rejected)
        centre = Office.objects.get(slug="trung-tam-a")
        assert centre.get_latest_revision_as_object().address == "Bản nháp của biên tập viên"
        assert centre.phone == "024 0000 0001"


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("offices", {"name": "X", "kind": "Sở", "address": "1"}, "“Loại”: không có “Sở”"),
    ("offices", {"name": "X", "kind": "centre"}, "Thiếu “Địa chỉ”"),
    (
        "offices",
        {"name": "X", "kind": "centre", "address": "1", "latitude": 105.8, "longitude": 21.0},
        "nằm giữa 6 và 24",
    ),
    (
        "offices",
        {"name": "X", "kind": "point", "address": "1", "part_of": "Không có"},
        "không có cơ quan “Không có”",
    ),
    (
        "offices",
        {"name": "X", "kind": "centre", "address": "1", "part_of": "Trung tâm A"},
        "không thuộc",
    ),
    ("offices", {"name": "X", "kind": "centre", "address": "1", "phone": "abc"}, "Số điện thoại"),
    ("offices", {"name": "X", "kind": "centre", "address": "1", "phone": 243825}, "số 0 ở đầu"),
    ("offices", CITY["offices"][1], "Trùng với dòng 2"),
    ("counters", {"office": "Nơi lạ", "name": "Q", "main_field": "F"}, "Không có cơ quan “Nơi lạ”"),
    (
        "counters",
        {"office": "Trung tâm A", "name": "Q", "code": "U!", "main_field": "F"},
        "Mã gồm 6–8",
    ),
    (
        "counters",
        {"office": "Trung tâm A", "name": "Q", "code": "ABCDEF1", "main_field": "F"},
        "là của Quầy 1, Chi nhánh B",
    ),
    ("officers", {"office": "Trung tâm A", "name": "", "title": "T"}, "Thiếu “Họ và tên”"),
    (
        "officers",
        {"office": "Trung tâm A", "name": "N", "title": "T", "last_day": "31/02/2026"},
        "không đọc được “31/02/2026”",
    ),
    (
        "handlings",
        {"office": "Trung tâm A", "counter": "Quầy 1", "officer": "Ai đó", "field": "Hộ tịch"},
        "không có ai tên “Ai đó”",
    ),
    (
        "handlings",
        {"office": "Trung tâm A", "counter": "Quầy 9", "field": "Hộ tịch"},
        "không có quầy “Quầy 9”",
    ),
    ("handlings", {"office": "Trung tâm A", "counter": "Quầy 1"}, "Ghi lĩnh vực hoặc mã thủ tục"),
    (
        "handlings",
        {"office": "Trung tâm A", "counter": "Quầy 1", "procedure_code": "9.999998"},
        "Không có thủ tục nào mang mã 9.999998",
    ),
    (
        "handlings",
        {
            "office": "Trung tâm A",
            "counter": "Quầy 1",
            "officer": "Bà Một",
            "field": "Hộ tịch",
            "valid_from": "2027-02-01",
            "valid_until": "2027-01-01",
        },
        "Ngày cuối phải từ ngày đầu",
    ),
]


class TestRejected:
    @pytest.mark.parametrize(("sheet", "row", "why"), BROKEN)
    def test_the_broken_row_goes_and_the_good_ones_stay(
        self, sheet: str, row: dict[str, Any], why: str
    ) -> None:
        make_procedure("1.000001")
        found = imported({**CITY, sheet: [*CITY[sheet], row]})
        [line] = found.rejected
        assert why in line.note
        assert line.where == f"{SHEETS[sheet].name}, dòng {len(CITY[sheet]) + 1}"
        assert found.count("created") == 9
        assert Handling.objects.count() == 1

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"Hello",
            b"PK\x03\x04 broken",
            b'{"offices": [',
            b"[1, 2]",
            b'{"coquan": []}',
            b'{"offices": [{"ten": "A"}]}',
            b'{"offices": {}}',
            b"\xff\xfe{}",
        ],
    )
    def test_a_wrong_file_is_told(self, content: bytes) -> None:
        with pytest.raises(WrongFile):
            read(content)

    def test_another_workbook_and_a_strange_column_are_told(self) -> None:
        book = openpyxl.Workbook()
        file = io.BytesIO()
        book.save(file)
        with pytest.raises(WrongFile, match="không theo mẫu"):
            read(file.getvalue())
        page = book.create_sheet("Người làm")
        page.append(["Cơ quan", "Họ và tên", "Chức danh", "Lý do nghỉ"])
        file = io.BytesIO()
        book.save(file)
        with pytest.raises(WrongFile, match="cột lạ"):
            read(file.getvalue())

    def test_two_of_one_name_need_the_title(self) -> None:
        officers = [
            *CITY["officers"],
            {"office": "Trung tâm A", "name": "Ông Hai", "title": "Chuyên viên"},
        ]
        found = imported(changed(officers=officers))
        assert "hãy ghi chức danh" in found.rejected[0].note
        rows = [{**CITY["handlings"][0], "title": "Chuyên viên"}]
        imported(changed(officers=officers, handlings=rows))
        assert Handling.objects.get().officer.title == "Chuyên viên"


class TestValues:
    @pytest.mark.parametrize(
        ("raw", "value"),
        [
            ("8:00", time(8)),
            ("8h30", time(8, 30)),
            ("8h", time(8)),
            (time(8, 30), time(8, 30)),
            (1 / 3, time(8)),
        ],
    )
    def test_times(self, raw: Any, value: time) -> None:
        assert value_of(SHEETS["hours"].column("opens"), raw) == value

    @pytest.mark.parametrize("raw", ["25:00", "8", "sáng", 8, True, -0.1])
    def test_no_times(self, raw: Any) -> None:
        with pytest.raises(Rejected):
            value_of(SHEETS["hours"].column("opens"), raw)

    def test_a_code_excel_made_a_number_of(self) -> None:
        column = SHEETS["handlings"].column("procedure_code")
        assert value_of(column, 1.00119) == "1.001190"


class TestTemplate:
    def test_every_choice_and_reference_has_a_drop_down(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(write_template(["Hộ tịch", "Đất đai"])))
        assert book.sheetnames[0] == "Hướng dẫn"
        assert book["Danh mục"].sheet_state == "hidden"
        for sheet in SHEETS.values():
            page = book[sheet.name]
            rules = {
                str(rule.sqref).split("2:")[0]: rule
                for rule in page.data_validations.dataValidation
            }
            for number, column in enumerate(sheet.columns, 1):
                if column.choices or column.refers:
                    rule = rules[openpyxl.utils.get_column_letter(number)]
                    assert rule.type == "list", column
                    # Excel refuses longer lists and a workbook that has one.
                    assert len(rule.formula1) <= 255

    def test_empty_it_says_so(self) -> None:
        with pytest.raises(WrongFile, match="chưa có dòng nào"):
            read(write_template())


class TestCommand:
    def test_reports_and_exit_codes(self, tmp_path: Path, capsys: Any) -> None:
        path = tmp_path / "city.json"
        path.write_bytes(as_json(CITY))
        call_command("import_offices", str(path), "--dry-run")
        assert "dry run: nothing was written" in capsys.readouterr().out
        assert not Office.objects.exists()
        call_command("import_offices", str(path))
        assert "created: 9, changed: 0, unchanged: 0, rejected: 0" in capsys.readouterr().out
        path.write_bytes(as_json({"officers": [{"office": "?", "name": "N", "title": "T"}]}))
        with pytest.raises(SystemExit) as stopped:
            call_command("import_offices", str(path))
        assert stopped.value.code == 1
        assert "Người làm, dòng 1" in capsys.readouterr().err

    def test_wrong_and_missing_files(self, tmp_path: Path) -> None:
        for path in (tmp_path / "none.xlsx", tmp_path):
            with pytest.raises(CommandError):
                call_command("import_offices", str(path))
        out = tmp_path / "mau.xlsx"
        call_command("import_offices", "--template", str(out))
        assert out.read_bytes()[:2] == b"PK"


class TestAdmin:
    @pytest.fixture
    def admin(self, client: Client) -> Client:
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        return client

    def _upload(self, client: Client, content: bytes) -> Any:
        file = SimpleUploadedFile("city.json", content)
        return client.post("/admin/nhap-co-quan/", {"file": file})

    def test_preview_then_confirm(self, admin: Client) -> None:
        response = self._upload(admin, as_json(CITY))
        assert "Chi nhánh B" in text_of(response)
        assert not Office.objects.exists()
        upload = OfficeUpload.objects.get()
        response = admin.post(f"/admin/nhap-co-quan/{upload.pk}/", follow=True)
        assert "Đã nhập: 9 mới" in text_of(response)
        assert Office.objects.count() == 2
        assert not OfficeUpload.objects.exists()

    def test_cancel_and_a_file_that_is_gone(self, admin: Client) -> None:
        self._upload(admin, as_json(CITY))
        upload = OfficeUpload.objects.get()
        admin.post(f"/admin/nhap-co-quan/{upload.pk}/", {"cancel": "1"})
        assert not Office.objects.exists()
        response = admin.post(f"/admin/nhap-co-quan/{upload.pk}/", follow=True)
        assert "Hãy tải lên lại" in text_of(response)

    def test_a_wrong_file_and_no_file(self, admin: Client) -> None:
        assert self._upload(admin, b"Hello").status_code == 422
        assert admin.post("/admin/nhap-co-quan/").status_code == 422

    def test_another_persons_upload_is_not_mine(self, admin: Client) -> None:
        other = User.objects.create_superuser("khac", "", "x")
        upload = OfficeUpload.keep(other, "a.json", as_json(CITY))
        admin.post(f"/admin/nhap-co-quan/{upload.pk}/")
        assert not Office.objects.exists()

    def test_editors_may_not(self, client: Client) -> None:
        user = User.objects.create_user("bien-tap")
        user.groups.add(Group.objects.get(name=EDITORS))
        client.force_login(user)
        for address in ("/admin/nhap-co-quan/", "/admin/nhap-co-quan/mau.xlsx"):
            assert client.get(address).status_code in (302, 403)

    def test_the_template_comes_with_the_fields(self, admin: Client) -> None:
        make_counter(main_field=make_field("Hộ tịch"))
        book = openpyxl.load_workbook(io.BytesIO(admin.get("/admin/nhap-co-quan/mau.xlsx").content))
        assert book["Danh mục"].cell(1, 1).value == "Hộ tịch"


def test_rejected_rows_are_never_taken_for_one_another() -> None:
    rows = [{"name": f"X{number}", "kind": "centre", "address": ""} for number in range(200)]
    found = imported({**CITY, "offices": [*CITY["offices"], *rows]})
    assert len(found.rejected) == 200
    assert not [line for line in found.rejected if "Trùng" in line.note]
