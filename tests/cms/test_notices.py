"""Notices: order, whole texts, right letters, sets made by a job that may be broken off."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections import Counter as Tally
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from cms import jobs
from cms.importing import import_records
from cms.importing.sources import Row
from cms.models import Handling, Job, Office, Officer, ProcedurePage
from cms.notices.flowing import pieces, text
from cms.notices.making import KIND, start_set
from cms.notices.sets import entries_of
from cms.notices.sheet import write_notice
from cms.notices.styles import styles
from cms.notices.writing import notice_of
from cms.printing_fonts import REGULAR, font_path, printable
from tests.factories import make_counter, make_field, make_office, make_procedure

REAL = Path(__file__).parents[3] / "shared/data/procedures.jsonl.gz"
SECTIONS = [
    "Trình tự thực hiện",
    "Cách thức thực hiện",
    "Thành phần, số lượng hồ sơ",
    "Thời hạn giải quyết",
    "Đối tượng thực hiện",
    "Cơ quan giải quyết",
    "Tên mẫu đơn, mẫu tờ khai",
    "Kết quả thực hiện",
    "Phí, lệ phí",
    "Yêu cầu, điều kiện",
    "Căn cứ pháp lý",
]
#: Letters with two marks, signs of real records, and what only look-alikes can print.
HARD = "Ưỡn ẫm ngượng nghịu, diện tích ≥ 120 m², → bước sau • ½ § “Đặng” – 50 µg/m³ ± 5 %"


def words_of(pdf: bytes) -> str:
    """All the text of a PDF without white space; a hyphen at the end of a line is a hyphen."""
    document = pypdfium2.PdfDocument(pdf)
    found = "".join(page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s", "", found.replace("\ufffe", "-").replace("\x02", "-"))


def pdf_of(page: ProcedurePage, size: str = "A4", **options: Any) -> bytes:
    file = io.BytesIO()
    write_notice(notice_of(page, **options), file, size=size)
    return file.getvalue()


def said_by(page: ProcedurePage) -> str:
    """Everything of the record that a notice must say."""
    parts = [page.name, page.plain_name, page.code, page.decision_number, page.field.name]
    parts += [page.agency, page.authority, page.delegated_agency, page.coordinating_agency]
    parts += [page.reception_address, page.issuing_body, page.result, page.requirements]
    parts += [page.description, *page.audience, *page.step_rows]
    for channel in page.channel_rows:
        parts += [channel.note]
        parts += [fee.condition for fee in channel.fees]
        if channel.time.value is None:
            parts += [channel.time.text]
    for case in page.case_rows:
        parts += [case.name]
        for item in case.items:
            parts += [item.name, *item.forms]
    for law in page.legal_rows:
        parts += [law.name, law.number]
    return printable("\n".join(parts))


def missing_words(page: ProcedurePage, pdf: bytes) -> list[str]:
    """Words of the record that the PDF has less often than the record, longest texts included."""
    found = words_of(pdf)
    wanted = Tally(said_by(page).split())
    return [word for word, times in wanted.items() if found.count(word) < times]


def long_procedure() -> ProcedurePage:
    """A record as long as the longest real ones: 224 papers, a note of 9,000 characters."""
    paragraph = "Hồ sơ được lập thành một bộ, gồm bản chính và bản sao có chứng thực theo quy định"
    items = [
        {
            "type": "item",
            "value": {
                "name": f"Giấy tờ thứ {n}: {paragraph} {HARD if n % 40 == 0 else ''}",
                "originals": n % 3,
                "copies": n % 2,
                "forms": [{"type": "item", "value": f"Mẫu số {n}"}] if n % 5 == 0 else [],
                "heading": n % 50 == 0,
            },
        }
        for n in range(1, 225)
    ]
    items.append({"type": "item", "value": {"name": f"{paragraph}; " * 110, "originals": 1}})
    return make_procedure(
        "1.001193",
        title="Thủ tục đăng ký " + "rất dài " * 20,
        cases=[{"type": "case", "value": {"name": "Trường hợp chung", "items": items}}],
        steps=[{"type": "step", "value": f"Bước {n}: {paragraph}\n- {HARD}"} for n in range(40)],
        requirements="x" * 150 + f" {paragraph}." * 200,
        legal_basis=[
            {"type": "basis", "value": {"name": paragraph, "number": f"{n}/2026/NĐ-CP"}}
            for n in range(60)
        ],
    )


class TestText:
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.integers(5, 80))
    def test_pieces_lose_nothing_but_white_space(self, words: str, limit: int) -> None:
        squashed = "".join(words.split())
        assert "".join("".join(pieces(words, limit)).split()) == squashed
        assert all(
            len(line) <= limit for piece in pieces(words, limit) for line in piece.split("\n")
        )

    @given(st.text(max_size=60))
    def test_nothing_prints_as_an_empty_box(self, words: str) -> None:
        from cms.printing_fonts import _glyphs

        assert set(printable(words)) <= _glyphs() | {"\n"}

    def test_look_alikes_and_numbers(self) -> None:
        assert printable("đƣợc \uf076 ● ➢") == "được • • •"
        assert printable("a\u200bb\ufeff") == "ab"
        assert printable("tie\u0302\u0301ng") == "tiếng"
        assert printable("≥ ² → •") == "≥ ² → •"
        assert printable("😀") == "‹U+1F600›"

    def test_letters_on_paper_are_those_of_the_font(self) -> None:
        """Drawn by PDFium from our PDF and by FreeType from the font's file: the same picture."""
        right, wrong = _ink(HARD), _ink(HARD.replace("ư", "ơ").replace("≥", "≤").replace("ẫ", "ẩ"))
        drawn = _ink_of_pdf(HARD)
        assert _differing(drawn, right) < 0.5 * _differing(drawn, wrong)


def _ink(words: str, size: int = 40) -> Image.Image:
    # Eight times as large: FreeType rounds each advance to a pixel, PDF does not.
    image = Image.new("L", (2400 * 8, 80 * 8), 255)
    font = ImageFont.truetype(font_path(REGULAR), size * 8)
    ImageDraw.Draw(image).text((20 * 8, 55 * 8), words, fill=0, anchor="ls", font=font)
    return image.resize((4800, 160), Image.Resampling.BOX)


def _ink_of_pdf(words: str, size: int = 40) -> Image.Image:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(2400, 80))
    styles("A4")
    canvas.setFont(REGULAR, size)
    paragraph = text(words, styles("A4").body.clone("big", fontSize=size, leading=size))
    paragraph.wrap(2360, 80)
    canvas.drawString(20, 25, printable(words))
    canvas.save()
    return pypdfium2.PdfDocument(file.getvalue())[0].render(scale=2).to_pil().convert("L")


def _differing(one: Image.Image, other: Image.Image) -> int:
    difference = ImageChops.difference(one, other)
    return sum(count for level, count in enumerate(difference.histogram()) if level > 170)


@pytest.mark.django_db
class TestNotice:
    def test_official_order_of_sections(self) -> None:
        page = make_procedure("1.001193", channels=[_channel()])
        assert [one.title for one in notice_of(page).sections] == SECTIONS
        found = words_of(pdf_of(page))
        places = [
            found.index(f"{number}.{title.upper()}".replace(" ", ""))
            for number, title in enumerate(["Tên thủ tục", *SECTIONS], 1)
        ]
        assert places == sorted(places)

    @pytest.mark.parametrize("size", ["A4", "A3"])
    def test_a_long_record_loses_no_word_and_repeats_its_table_head(self, size: str) -> None:
        page = long_procedure()
        pdf = pdf_of(page, size)
        assert missing_words(page, pdf) == []
        document = pypdfium2.PdfDocument(pdf)
        texts = [one.get_textpage().get_text_bounded() for one in document]
        with_papers = [words for words in texts if "Giấy tờ thứ" in words]
        assert len(with_papers) > 4
        assert all("Tên giấy tờ" in words for words in with_papers)
        for number, words in enumerate(texts, 1):
            assert f"Trang {number}/{len(texts)}" in words
            assert "1.001193" in words

    def test_names_city_decision_version_dates_and_address(self, settings: Any) -> None:
        page = make_procedure("1.001193", decision_number="12/QĐ-UBND")
        page.save_revision().publish()
        pdf = pdf_of(page, today=date(2026, 11, 20))
        found = words_of(pdf)
        for words in ("THÀNHPHỐCỦABẠN", "12/QĐ-UBND", "Bảnsố:1", "Inngày20/11/2026"):
            assert words in found
        image = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
        assert zxingcpp.read_barcode(image).text == f"{settings.PUBLIC_URL}/thu-tuc/1.001193/"

    def test_office_shows_assigned_officers_also_on_a_day_of_leave_and_never_who_left(self) -> None:
        office = make_office("Chi nhánh số 1")
        counter = make_counter(office, name="Quầy 3")
        page = make_procedure("1.001193")
        stays = _officer(office, counter, "Nguyễn Thị Ở Lại", procedure_code="1.001193")
        _officer(office, counter, "Trần Văn Đã Nghỉ", procedure_code="1.001193", active=False)
        stays.absences.create(first_day=date(2026, 11, 1), last_day=date(2026, 11, 30))
        found = words_of(pdf_of(page, office=office, today=date(2026, 11, 20)))
        assert "NguyễnThịỞLại" in found
        assert "TrầnVănĐãNghỉ" not in found
        assert "NGƯỜILÀMTẠICHINHÁNHSỐ1" in found

    def test_office_without_officers_says_whom_to_ask(self) -> None:
        office = make_office("Chi nhánh số 1")
        Officer.objects.create(
            office=office, name="Lê Văn Trưởng", title="Giám đốc", role="head", phone="024 1"
        )
        found = words_of(pdf_of(make_procedure(), office=office))
        assert "Hỏilãnhđạocơquan:LêVănTrưởng,Giámđốc,0241" in found

    def test_city_layer_of_the_day_and_what_is_coming(self) -> None:
        fee = {"type": "item", "value": {"amount": "5000", "currency": "VND", "text": ""}}
        rule = {"channel": "direct", "origin": "city", "decision": "12/NQ-HĐND", "fees": [fee]}
        page = make_procedure(
            channels=[_channel()],
            local_rules=[{"type": "fees", "value": {**rule, "valid_from": "2027-01-01"}}],
        )
        before = words_of(pdf_of(page, today=date(2026, 12, 31)))
        after = words_of(pdf_of(page, today=date(2027, 1, 1)))
        assert "Từngày01/01/2027,trựctiếp:5.000đồng(theo12/NQ-HĐND)." in before
        assert "8.000đồng" in before
        assert "8.000đồng" not in after
        assert "5.000đồng" in after

    def test_paused_and_demo_are_told_on_top(self) -> None:
        page = make_procedure(
            standing="paused",
            standing_reason="Nâng cấp hệ thống.",
            standing_from=date(2026, 11, 1),
            standing_until=date(2026, 11, 30),
            is_demo=True,
        )
        found = words_of(pdf_of(page, today=date(2026, 11, 20)))
        assert "ĐANGTẠMDỪNGtừngày01/11/2026đếnhếtngày30/11/2026.Nângcấphệthống." in found
        assert "DỮLIỆUMINHHOẠ" in found
        assert "TẠMDỪNG" not in words_of(pdf_of(page, today=date(2026, 12, 1)))


@pytest.mark.realdata
@pytest.mark.django_db
@pytest.mark.skipif(not REAL.exists(), reason="../shared/data/procedures.jsonl.gz is not there")
def test_every_word_of_real_records_is_on_the_notice() -> None:
    """The three longest records and every 700th: nothing lost, no empty box."""
    with gzip.open(REAL, "rt", encoding="utf-8") as file:
        lines = file.readlines()
    chosen = sorted(lines, key=len)[-3:] + lines[::700]
    rows = [Row("real", number, json.loads(line)) for number, line in enumerate(chosen)]
    import_records(rows, publish=True)
    pages = list(ProcedurePage.objects.select_related("field"))
    assert len(pages) >= 10
    for page in pages:
        for size in ("A4", "A3"):
            assert missing_words(page, pdf_of(page, size)) == [], (page.code, size)


def _channel(amount: str = "8000") -> dict[str, Any]:
    fee = {"amount": amount, "currency": "VND", "text": amount, "condition": ""}
    value = {"kind": "direct", "time_value": "5", "time_unit": "working_day"}
    return {"type": "channel", "value": {**value, "fees": [{"type": "item", "value": fee}]}}


def _officer(
    office: Office, counter: Any, name: str, *, active: bool = True, **row: Any
) -> Officer:
    officer = Officer.objects.create(office=office, name=name, title="Công chức", active=active)
    Handling.objects.create(counter=counter, officer=officer, **row)
    return officer


@pytest.mark.django_db
class TestPublicAddress:
    def test_pdf_with_an_etag_that_spares_the_second_one(self, client: Client) -> None:
        make_procedure("1.001193")
        first = client.get("/thu-tuc/1.001193/niem-yet.pdf?size=A3")
        assert first.status_code == 200
        assert first["Content-Type"] == "application/pdf"
        assert first["X-Robots-Tag"] == "noindex"
        assert "public" in first["Cache-Control"]
        width, height = pypdfium2.PdfDocument(b"".join(first.streaming_content))[0].get_size()
        assert (round(width), round(height)) == (842, 1191)
        again = client.get(
            "/thu-tuc/1.001193/niem-yet.pdf?size=A3", headers={"If-None-Match": first["ETag"]}
        )
        assert again.status_code == 304
        ProcedurePage.objects.update(result="Khác")
        changed = client.get(
            "/thu-tuc/1.001193/niem-yet.pdf?size=A3", headers={"If-None-Match": first["ETag"]}
        )
        assert changed.status_code == 200

    @pytest.mark.parametrize(
        ("clock", "seconds"),
        [((10, 0, 0), 60), ((23, 58, 59), 60), ((23, 59, 30), 30), ((23, 59, 59, 500_000), 0)],
    )
    def test_no_browser_keeps_it_past_midnight(
        self, client: Client, clock: tuple[int, ...], seconds: int
    ) -> None:
        make_procedure("1.001193")
        now = datetime(2026, 11, 30, *clock, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
        with mock.patch.object(timezone, "now", return_value=now):
            response = client.get("/thu-tuc/1.001193/niem-yet.pdf")
        assert f"max-age={seconds}" in response["Cache-Control"].split(", ")

    @pytest.mark.parametrize(
        "address",
        [
            "9.999999/niem-yet.pdf",
            "1.001193/niem-yet.pdf?size=A5",
            "1.001193/niem-yet.pdf?office=x",
        ],
    )
    def test_wrong_addresses_are_pages_that_say_so(self, client: Client, address: str) -> None:
        make_procedure("1.001193")
        response = client.get(f"/thu-tuc/{address}")
        assert response.status_code == 404
        assert "text/html" in response["Content-Type"]

    def test_drafts_have_none(self, client: Client) -> None:
        make_procedure("1.001193", live=False)
        assert client.get("/thu-tuc/1.001193/niem-yet.pdf").status_code == 404

    def test_linked_from_the_page(self, client: Client) -> None:
        make_procedure("1.001193")
        assert "/thu-tuc/1.001193/niem-yet.pdf" in client.get("/thu-tuc/1.001193/").content.decode()


@pytest.mark.django_db
class TestSets:
    def test_by_code_by_field_and_by_the_counters_own_fields(self) -> None:
        office = make_office()
        land = make_field("Đất đai")
        counter = make_counter(office, name="Quầy 1", main_field=make_field("Hộ tịch"))
        other = make_counter(office, name="Quầy 2", main_field=make_field("Xây dựng"))
        make_procedure("1.000001", field=make_field("Hộ tịch"), title="B")
        make_procedure("1.000002", field=make_field("Khác"), title="A")
        make_procedure("1.000003", field=land)
        make_procedure("1.000004", field=make_field("Khác"))
        make_procedure("1.000005", field=make_field("Hộ tịch"), live=False)
        make_procedure("1.000006", field=make_field("Hộ tịch"), applied="no")
        _officer(office, counter, "A", procedure_code="1.000002")
        _officer(office, other, "B", field=land)
        assert [one.code for one in entries_of(office, counter)] == ["1.000001", "1.000002"]
        assert [one.code for one in entries_of(office)] == ["1.000003", "1.000001", "1.000002"]

    def test_abolished_ones_do_not_hang_from_their_day_on(self) -> None:
        office = make_office()
        make_counter(office, main_field=make_field("Hộ tịch"))
        make_procedure(
            "1.000001",
            standing="abolished",
            standing_reason="Theo Quyết định 1",
            standing_from=date(2026, 7, 1),
        )
        assert entries_of(office, day=date(2026, 7, 1)) == []
        assert len(entries_of(office, day=date(2026, 6, 30))) == 1


def _print_set(count: int = 7, size: str = "A4") -> Job:
    office = make_office("Trung tâm Một")
    make_counter(office, main_field=make_field("Hộ tịch"))
    for number in range(count):
        make_procedure(f"1.0000{number:02d}", title=f"Thủ tục số {number:02d}")
    user = User.objects.create_superuser("quan-tri", "", "x")
    return start_set(office=office, counter=None, size=size, user=user)


def _finished(job: Job) -> Job:
    for _ in range(100):
        if not jobs.run_slice():
            break
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
class TestJob:
    @pytest.fixture(autouse=True)
    def _short_slices(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "SLICE_SECONDS", 0.0)  # one notice a slice

    def test_one_file_with_contents_bookmarks_and_page_numbers(self) -> None:
        job = _finished(_print_set())
        assert (job.state, job.error) == (Job.State.DONE, "")
        document = pypdfium2.PdfDocument(job.result_file.read())
        assert len(document) == job.result["pages"]
        marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
        assert marks[0] == ("Mục lục", 0)
        assert marks[1] == ("Hộ tịch", 1)
        contents = document[0].get_textpage().get_text_bounded()
        for number in range(7):
            title = f"1.0000{number:02d} Thủ tục số {number:02d}"
            at = dict(marks)[title]
            page = document[at].get_textpage().get_text_bounded()
            assert f"Mã thủ tục: 1.0000{number:02d}" in page
            assert re.search(rf"Trang 1/\d · trang {at + 1} của tập", page)
            assert re.search(rf"Thủ tục số {number:02d}\s+{at + 1}\b|{at + 1}\s+Thủ", contents)
        assert job.result_name == f"niem-yet-{Office.objects.get().slug}-A4.pdf"

    def test_a_process_killed_in_the_middle_goes_on_and_repeats_at_most_one_part(self) -> None:
        job = _print_set()
        for _ in range(3):
            jobs.run_slice()
        job.refresh_from_db()
        assert job.done == 3
        folder = Path(jobs.Work(job).folder)
        # What a killed process leaves: a part it had begun, and a new process that knows nothing.
        (folder / "part-00003.pdf").write_bytes(b"%PDF-1.4 broken off")
        jobs._begun.clear()
        job = _finished(job)
        assert job.state == Job.State.DONE
        assert job.result["procedures"] == 7

    def test_stop_and_resume(self) -> None:
        job = _print_set(3)
        jobs.run_slice()
        jobs.stop(job)
        assert not jobs.run_slice()
        jobs.resume(job)
        assert _finished(job).result["procedures"] == 3

    def test_what_goes_offline_meanwhile_is_left_out_and_the_contents_say_so(self) -> None:
        job = _print_set(3)
        jobs.run_slice()
        ProcedurePage.objects.filter(code="1.000001").update(live=False)
        job = _finished(job)
        assert job.result["procedures"] == 2
        document = pypdfium2.PdfDocument(job.result_file.read())
        assert [mark.get_title()[:8] for mark in document.get_toc()][2:] == ["1.000000", "1.000002"]

    def test_an_office_without_procedures_is_told_before_anything_starts(self) -> None:
        with pytest.raises(jobs.JobProblem, match="chưa được phân công"):
            start_set(office=make_office(), counter=None, size="A4", user=None)


@pytest.mark.django_db
class TestEditor:
    def test_an_office_page_counts_and_starts_a_job(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        office = make_office("Trung tâm Một")
        counter = make_counter(office, name="Quầy 1", main_field=make_field("Hộ tịch"))
        make_counter(office, name="Quầy trống", main_field=make_field("Trống"))
        make_procedure("1.000001", field=make_field("Hộ tịch"))
        url = reverse("notice_office", args=[office.pk])
        html = client.get(url).content.decode()
        assert "Cả cơ quan" in html
        assert "Chưa được phân công thủ tục nào" in html
        response = client.post(url, {"counter": counter.pk, "size": "A3"})
        job = Job.objects.get(kind=KIND)
        assert response.url == jobs.detail_url(job)
        assert job.options["counter"] == counter.pk
        assert "Quầy 1" in client.get(url).content.decode()

    def test_wrong_size_is_told_and_starts_nothing(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        office = make_office()
        url = reverse("notice_office", args=[office.pk])
        html = client.post(url, {"size": "A9"}, follow=True).content.decode()
        assert "Không có khổ giấy A9." in html
        assert not Job.objects.exists()

    def test_without_the_right_no_set_and_no_file(self, client: Client) -> None:
        user = User.objects.create_user("nguoi-xem")
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(user)
        office = make_office()
        assert client.get(reverse("notice_office", args=[office.pk])).status_code in (302, 403)
        assert client.post(reverse("notice_office", args=[office.pk])).status_code in (302, 403)
        assert not Job.objects.exists()

    def test_procedure_page_offers_sizes_and_offices(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        make_office("Trung tâm Một")
        page = make_procedure("1.000001")
        html = client.get(reverse("notice_procedure", args=[page.pk])).content.decode()
        assert 'action="/thu-tuc/1.000001/niem-yet.pdf"' in html
        assert "Trung tâm Một" in html
        edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert reverse("notice_procedure", args=[page.pk]) in edit
        draft = make_procedure("1.000002", live=False)
        html = client.get(reverse("notice_procedure", args=[draft.pk])).content.decode()
        assert "chưa công bố" in html
