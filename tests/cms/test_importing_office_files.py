"""The portal's Word export and the .xlsx template become the same records as JSON lines."""

from __future__ import annotations

import zipfile

import docx
import openpyxl
import pytest
from django.core.management import call_command

from cms import record
from cms.formatting import fee_text, time_text
from cms.importing import import_records, office_files
from cms.importing.parsing import parse
from cms.importing.sources import read
from cms.importing.spreadsheet import SHEETS, write_template
from cms.models import ProcedurePage


def table(document, *rows):
    made = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text


@pytest.fixture
def export(tmp_path):
    """An export as the portal writes it, with invented content, named .doc."""
    document = docx.Document()
    document.add_heading("CHI TIẾT THỦ TỤC HÀNH CHÍNH")
    for text in (
        "Mã thủ tục: 1.234567",
        "Số quyết định: 12/QĐ-MAU",
        "Tên thủ tục: Đăng ký ví dụ: lần đầu",
        "Cấp thực hiện: Cấp tỉnh, Cấp xã",
        "Loại thủ tục: TTHC mẫu",
        "Lĩnh vực: Hộ tịch",
        "Trình tự thực hiện: Bước 1: Nộp.",
        "Bước 2: Nhận.",
        "Cách thức thực hiện:",
    ):
        document.add_paragraph(text)
    table(
        document,
        ("Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Mô tả"),
        (
            "Trực tiếp",
            "07 Ngày làm việc",
            "Lệ phí : 20.000 Đồng (Nộp tại quầy)\nPhí : 5 USD",
            "Tại quầy",
        ),
        ("Trực tuyến", "7", "0 Đồng", ""),
        ("Dịch vụ bưu chính", "Không quy định", "Bằng 50% mức thu", ""),
    )
    document.add_paragraph("Thành phần hồ sơ:")
    for case, paper in (("Lần đầu", "Tờ khai"), ("Cấp lại", "Đơn đề nghị")):
        document.add_paragraph(case)
        table(
            document,
            ("Tên giấy tờ", "Mẫu đơn, tờ khai", "Số lượng"),
            (paper, "Mau01.docx", "Bản chính: 1\nBản sao: 2"),
        )
    for text in (
        "Đối tượng thực hiện: Công dân Việt Nam, Tổ chức (không gồm doanh nghiệp, HTX)",
        "Cơ quan thực hiện: Ủy ban mẫu",
        "Cơ quan có thẩm quyền: Không có thông tin",
        "Địa chỉ tiếp nhận HS: 1 Phố Mẫu",
        "Kết quả thực hiện: Giấy mẫu",
        "Căn cứ pháp lý:",
    ):
        document.add_paragraph(text)
    table(
        document,
        ("Số ký hiệu", "Trích yếu", "Ngày ban hành", "Cơ quan ban hành"),
        ("1/2020/QH14", "Luật mẫu", "01-01-2020", "Quốc hội"),
    )
    document.add_paragraph("Yêu cầu, điều kiện thực hiện: Không có thông tin")
    document.add_paragraph("Từ khóa: khai sinh, ví dụ")
    path = tmp_path / "ChiTietTTHC_1.234567.doc"
    document.save(path)
    return path


def test_a_word_export(export):
    (row,) = read(export)
    assert row.problem == ""
    parsed = parse(row.raw)
    values = parsed.values
    assert parsed.code == "1.234567"
    assert values["title"] == "Đăng ký ví dụ: lần đầu"
    assert values["levels"] == ["province", "commune"]
    assert values["audience"] == ["Công dân Việt Nam", "Tổ chức (không gồm doanh nghiệp, HTX)"]
    assert record.steps(values["steps"]) == ("Bước 1: Nộp.", "Bước 2: Nhận.")
    assert (values["authority"], values["requirements"]) == ("", "")
    assert values["reception_address"] == "1 Phố Mẫu"
    assert values["keywords"] == "khai sinh, ví dụ"
    channels = record.channels(values["channels"])
    assert [one.kind for one in channels] == ["direct", "online", "postal"]
    assert [time_text(one.time) for one in channels] == [
        "7 ngày làm việc",
        "7 — đơn vị chưa rõ",
        "Không quy định",
    ]
    assert channels[0].time.text == "07 Ngày làm việc"
    assert [fee_text(fee) for one in channels for fee in one.fees] == [
        "20.000 đồng: Nộp tại quầy",
        "5 USD",
        "0 đồng (nguồn không ghi điều kiện)",
        "Bằng 50% mức thu",
    ]
    cases = record.cases(values["cases"])
    assert [(case.name, case.items[0].name) for case in cases] == [
        ("Lần đầu", "Tờ khai"),
        ("Cấp lại", "Đơn đề nghị"),
    ]
    assert (cases[0].items[0].originals, cases[0].items[0].copies) == (1, 2)
    assert cases[0].items[0].forms == ("Mau01.docx",)
    assert record.legal_bases(values["legal_basis"]) == (
        record.LegalBasis("Luật mẫu", "1/2020/QH14"),
    )


@pytest.mark.django_db
def test_a_word_export_becomes_a_page(export):
    assert import_records(read(export), publish=True).line() == (
        "created: 1, changed: 0, unchanged: 0, rejected: 0"
    )
    assert ProcedurePage.objects.get(code="1.234567").live


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "mau.xlsx"
    write_template(path)
    return path


def fill(path, **sheets):
    book = openpyxl.load_workbook(path)
    for title, rows in sheets.items():
        sheet = book[title.replace("_", " ")]
        names = [cell.value for cell in sheet[1]]
        for row in rows:
            sheet.append([row.get(name) for name in names])
    book.save(path)
    return path


MAIN = {"Mã thủ tục": "1.001300", "Tên thủ tục": "Ví dụ", "Lĩnh vực": "Hộ tịch"}


def test_a_filled_template(workbook):
    fill(
        workbook,
        Thủ_tục=[MAIN | {"Cấp thực hiện": "Cấp tỉnh\nCấp xã", "Trình tự thực hiện": "Nộp."}],
        Cách_thức=[
            {
                "Mã thủ tục": "1.001300",
                "Hình thức nộp": "Trực tiếp",
                "Thời hạn (số)": 7,
                "Đơn vị thời gian": "ngày làm việc",
                "Phí, lệ phí (số tiền)": 20000,
                "Đơn vị tiền": "đồng",
                "Điều kiện thu": "Tại quầy",
            },
            {
                "Mã thủ tục": "1.001300",
                "Hình thức nộp": "Trực tiếp",
                "Phí, lệ phí (số tiền)": 5,
                "Đơn vị tiền": "USD",
            },
        ],
        Giấy_tờ=[{"Mã thủ tục": "1.001300", "Tên giấy tờ": "Đơn", "Bản chính": 1, "Bản sao": 2}],
    )
    (row,) = read(workbook)
    values = parse(row.raw).values
    assert row.line == 2
    assert values["levels"] == ["province", "commune"]
    (channel,) = record.channels(values["channels"])
    assert time_text(channel.time) == "7 ngày làm việc"
    assert [fee_text(fee) for fee in channel.fees] == ["20.000 đồng: Tại quầy", "5 USD"]
    item = record.cases(values["cases"])[0].items[0]
    assert (item.originals, item.copies) == (1, 2)


def test_a_code_that_excel_made_a_number(workbook):
    fill(workbook, Thủ_tục=[MAIN | {"Mã thủ tục": 1.0013}])
    (row,) = read(workbook)
    assert parse(row.raw).code == "1.001300"


def test_rows_that_belong_to_nothing_are_told(workbook):
    fill(workbook, Thủ_tục=[MAIN], Giấy_tờ=[{"Mã thủ tục": "9.999999", "Tên giấy tờ": "Đơn"}])
    good, bad = read(workbook)
    assert good.raw["code"] == "1.001300"
    assert "9.999999" in bad.problem
    assert bad.line == 2


def test_other_workbooks_are_refused(tmp_path, workbook):
    path = tmp_path / "khac.xlsx"
    openpyxl.Workbook().save(path)
    assert "không theo mẫu" in next(iter(read(path))).problem
    book = openpyxl.load_workbook(workbook)
    book["Thủ tục"]["A1"] = "Cột khác"
    book.save(workbook)
    assert "thiếu cột" in next(iter(read(workbook))).problem


def test_damaged_files(tmp_path, export, monkeypatch):
    broken = tmp_path / "broken.doc"
    broken.write_bytes(export.read_bytes()[:2000])
    assert "hỏng" in next(iter(read(broken))).problem
    old = tmp_path / "old.doc"
    old.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 100)
    assert "kiểu cũ" in next(iter(read(old))).problem
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "không phải Word hay Excel" in next(iter(read(other))).problem
    hollow = tmp_path / "hollow.docx"
    with zipfile.ZipFile(hollow, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "Không đọc được" in next(iter(read(hollow))).problem
    monkeypatch.setattr(office_files, "UNPACKED_LIMIT", 10)
    assert "quá lớn" in next(iter(read(export))).problem


def test_a_forgotten_cell_at_the_edge_of_excel_is_not_read(tmp_path):
    """One there and one far down would be a million rows of sixteen thousand cells."""
    path = tmp_path / "mau.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    sheet = book["Thủ tục"]
    sheet.append(["1.000001", "Đăng ký ví dụ"])
    sheet["XFD1"], sheet["XFD2"] = "Tên thủ tục", "Tên ở cột cuối"
    book.save(path)
    (row,) = read(path)
    assert row.raw["name"] == "Đăng ký ví dụ"


def test_words_that_would_take_minutes_to_read_are_refused(export, monkeypatch):
    monkeypatch.setattr(office_files, "WORD_LIMIT", 10)
    assert "quá lớn" in next(iter(read(export))).problem


def test_the_command_writes_the_template(tmp_path):
    path = tmp_path / "mau.xlsx"
    call_command("import_procedures", "--template", str(path))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == list(SHEETS)
    assert [cell.value for cell in book["Thủ tục"][1]] == list(SHEETS["Thủ tục"])
