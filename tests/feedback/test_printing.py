"""Printed codes: each decodes to the counter's address, each sheet says what it must."""

from __future__ import annotations

import io
import re
import unicodedata
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from django.contrib.auth.models import Permission
from django.urls import reverse
from PIL import Image, ImageDraw

from cms.printing_fonts import MissingGlyph, check_glyphs
from cms.qr import QUIET, make_code
from feedback import poster_codes
from feedback.printing.qr import CODE_MM, address_of, code_png, code_svg
from feedback.printing.sheets import HEADLINE, PROMISE, PROMISE_ENGLISH, write_sheets
from tests.factories import make_counter, make_office

#: Every Vietnamese letter in both cases, as counter names may contain them.
LETTERS = "aăâeêioôơuưy"
MARKS = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
VIETNAMESE = unicodedata.normalize("NFC", "".join(a + m for a in LETTERS for m in MARKS)) + "đ"


@pytest.fixture
def counter(db):
    return make_counter(
        make_office("Chi nhánh số 1 – Hoàn Kiếm"), name="Quầy 3: Cư trú", code="ABC0123"
    )


@pytest.fixture
def poster(counter):
    return poster_codes.current(counter)


def decode(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def pdf_of(counters, size="A5") -> pypdfium2.PdfDocument:
    file = io.BytesIO()
    codes = poster_codes.current_of(counters)
    posters = [codes[one.pk] for one in counters]
    write_sheets(posters, file, size=size)
    return pypdfium2.PdfDocument(file.getvalue())


def text_of(page) -> str:
    return unicodedata.normalize("NFC", page.get_textpage().get_text_range())


def test_upper_case_keeps_the_code_small():
    assert make_code("HTTPS://EXAMPLE.GOV.VN/R/ABC0123").size == 29
    assert make_code("H" * 35).size == 29
    assert make_code("H" * 50).size == 33
    assert make_code("h" * 50).size > 33


def test_the_address_is_upper_case_all_over(counter, settings):
    settings.PUBLIC_URL = "https://danhgia.example.vn"
    assert address_of(counter.code) == "HTTPS://DANHGIA.EXAMPLE.VN/R/ABC0123"


def test_a_third_of_the_code_may_be_lost(counter, poster):
    """Level H: a spot over a tenth of the area in the middle leaves it readable."""
    image = Image.open(io.BytesIO(code_png(poster))).convert("L")
    side = image.width
    spot = side * 0.16
    ImageDraw.Draw(image).rectangle(
        (side / 2 - spot, side / 2 - spot, side / 2 + spot, side / 2 + spot), fill=255
    )
    assert decode(image) == [address_of(counter.code)]


@pytest.mark.parametrize("size", ["A4", "A5", "A6"])
def test_every_sheet_decodes_and_reads(counter, size):
    long = make_counter(
        make_office(
            "Điểm tiếp nhận hồ sơ và trả kết quả thủ tục hành chính phường Nghĩa Đô – Chi nhánh "
            "số 12, Trung tâm Phục vụ hành chính công thành phố"
        ),
        name="Quầy số 12 – Đất đai, xây dựng, đô thị, môi trường, nông nghiệp và giao thông",
        code="ZZZZZZZZ",
    )
    more = [make_counter(counter.office, name=f"Quầy {n}") for n in range(20, 26)]
    counters = [counter, long, *more]
    document = pdf_of(counters, size)
    assert len(document) == len(counters)
    for page, each in zip(document, counters, strict=True):
        # 110 dots to the inch: what is left of a sheet on a middling camera.
        assert decode(page.render(scale=110 / 72).to_pil()) == [address_of(each.code)]
        text = " ".join(text_of(page).split())
        for words in (
            each.name,
            each.office.title,
            f"Mã quầy: {each.code}",
            f"testserver/r/{each.code}",
            HEADLINE,
            PROMISE,
            PROMISE_ENGLISH,
            f"Tờ số {each.pk:06d}-1",
        ):
            assert words in text


@pytest.mark.parametrize(("size", "page_mm"), [("A4", 210), ("A5", 148), ("A6", 105)])
def test_the_printed_code_has_its_width_and_a_clear_zone(counter, size, page_mm):
    """Measured on the rendered page, as a ruler would: the code and four modules around it."""
    dots = 8  # per mm
    image = pdf_of([counter], size)[0].render(scale=dots * 25.4 / 72).to_pil().convert("L")
    assert round(image.width / dots) == page_mm
    found = zxingcpp.read_barcodes(image)[0].position
    corners = (found.top_left, found.top_right, found.bottom_left, found.bottom_right)
    left, right = min(p.x for p in corners), max(p.x for p in corners)
    top, bottom = min(p.y for p in corners), max(p.y for p in corners)
    assert (right - left) / dots == pytest.approx(CODE_MM[size], abs=1)
    assert (bottom - top) / dots == pytest.approx(CODE_MM[size], abs=1)
    quiet = int((right - left) / make_code(address_of(counter.code)).size * QUIET) - 2
    for box in (
        (left - quiet, top - quiet, right + quiet, top - 2),
        (left - quiet, bottom + 3, right + quiet, bottom + quiet),
        (left - quiet, top - quiet, left - 2, bottom + quiet),
        (right + 3, top - quiet, right + quiet, bottom + quiet),
    ):
        assert image.crop(box).getextrema() == (255, 255)


def test_every_vietnamese_letter_comes_out_of_the_sheet_as_it_went_in(counter):
    counter.name = VIETNAMESE[:60]
    counter.office.title = VIETNAMESE[60:] + VIETNAMESE.upper()
    text = "".join(text_of(pdf_of([counter])[0]).split())
    assert counter.name in text
    assert counter.office.title in text


def test_letters_written_apart_from_their_marks_are_joined(counter):
    counter.name = unicodedata.normalize("NFD", "Quầy hộ tịch")
    assert "Quầy hộ tịch" in text_of(pdf_of([counter])[0])


@pytest.mark.parametrize("name", ["Quầy 😀", "柜台", "Quầy ١"])
def test_a_letter_the_font_lacks_stops_the_printing(counter, name, poster):
    counter.name = name
    file = io.BytesIO()
    with pytest.raises(MissingGlyph, match=re.escape(name.split()[-1][0])):
        write_sheets([poster], file)
    assert file.getvalue() == b""
    with pytest.raises(MissingGlyph):
        code_svg(poster)
    with pytest.raises(MissingGlyph):
        code_png(poster)


def test_a_box_is_never_printed_instead_of_a_letter():
    assert check_glyphs(f"  {VIETNAMESE}   x ") == f"{VIETNAMESE} x"


def test_no_counter_is_no_file():
    file = io.BytesIO()
    with pytest.raises(ValueError, match="Không có quầy"):
        write_sheets([], file)
    assert file.getvalue() == b""


def test_progress_is_told_page_by_page(counter, poster):
    seen = []
    assert write_sheets([poster, poster], io.BytesIO(), progress=seen.append) == 2
    assert seen == [poster, poster]


@pytest.mark.parametrize("size", ["A4", "A5", "A6"])
def test_the_png_decodes_at_its_size(counter, size, poster):
    image = Image.open(io.BytesIO(code_png(poster, code_mm=CODE_MM[size])))
    assert decode(image) == [address_of(counter.code)]
    code = make_code(address_of(counter.code)).size
    module = image.width / (code + 2 * QUIET)
    assert code * module / image.info["dpi"][0] * 25.4 == pytest.approx(CODE_MM[size], rel=0.01)
    assert image.crop((0, 0, image.width, int(QUIET * module))).getextrema() == (255, 255)


def test_the_svg_decodes_and_carries_its_words(counter, poster):
    root = ElementTree.fromstring(code_svg(poster, code_mm=88))
    space = "{http://www.w3.org/2000/svg}"
    _, _, width, height = map(float, root.get("viewBox").split())
    code = make_code(address_of(counter.code)).size
    assert width == code + 2 * QUIET
    assert float(root.get("width").removesuffix("mm")) * code / width == pytest.approx(88, abs=0.01)
    image = Image.new("L", (int(width * 8), int(height * 8)), 255)
    draw = ImageDraw.Draw(image)
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", root.find(f"{space}path").get("d"))
    for x, y, n, back in runs:
        assert n == back
        left, top = int(x) * 8, int(y) * 8
        draw.rectangle((left, top, left + int(n) * 8 - 1, top + 7), fill=0)
    assert decode(image) == [address_of(counter.code)]
    assert [each.text for each in root.iter(f"{space}text")] == [
        "Quầy 3: Cư trú",
        "Chi nhánh số 1 – Hoàn Kiếm",
        f"testserver/r/ABC0123 · {counter.pk:06d}-1",
    ]


def test_names_cannot_break_the_svg(counter, poster):
    counter.name = '<script>"&'
    assert (
        ElementTree.fromstring(code_svg(poster)).find("{http://www.w3.org/2000/svg}script") is None
    )


# The editor's side


@pytest.fixture
def editor(django_user_model):
    """Someone who may enter the editor, and change counters."""
    user = django_user_model.objects.create_user("editor", password="x")
    user.user_permissions.add(
        Permission.objects.get(codename="access_admin"),
        Permission.objects.get(codename="change_counter"),
    )
    return user


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_an_editor_gets_page_and_files(client, counter, editor):
    client.force_login(editor)
    page = client.get(reverse("counter_qr", args=[counter.pk]))
    assert page.status_code == 200
    text = page.content.decode()
    for size in CODE_MM:
        assert reverse("counter_qr_file", args=[counter.pk, size, "pdf"]) in text
    pdf = client.get(reverse("counter_qr_file", args=[counter.pk, "A5", "pdf"]))
    assert pdf["Content-Type"] == "application/pdf"
    assert "qr-ABC0123-A5.pdf" in pdf["Content-Disposition"]
    image = pypdfium2.PdfDocument(body(pdf))[0].render(scale=2).to_pil()
    assert decode(image) == [address_of(counter.code)]
    png = client.get(reverse("counter_qr_file", args=[counter.pk, "A5", "png"]))
    assert decode(Image.open(io.BytesIO(body(png)))) == [address_of(counter.code)]
    svg = client.get(reverse("counter_qr_file", args=[counter.pk, "A5", "svg"]))
    assert svg["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(body(svg)) is not None


def test_an_office_prints_all_its_counters_in_use(client, counter, editor):
    make_counter(counter.office, name="Quầy 4")
    make_counter(counter.office, name="Quầy 5", active=False)
    make_counter(name="Quầy nơi khác")
    client.force_login(editor)
    page = client.get(reverse("office_qr", args=[counter.office.pk])).content.decode()
    assert "Quầy 4" in page
    assert "Quầy 5" not in page
    pdf = client.get(reverse("office_qr_file", args=[counter.office.pk, "A6"]))
    assert len(pypdfium2.PdfDocument(body(pdf))) == 2


def test_what_cannot_be_printed_says_why(client, counter, editor):
    client.force_login(editor)
    counter.name = "Quầy 😀"
    counter.save()
    answer = client.get(reverse("counter_qr_file", args=[counter.pk, "A5", "pdf"]))
    assert answer.status_code == 422
    assert "không có ký tự “😀”" in answer.content.decode()
    empty = make_office("Chưa có quầy")
    assert "chưa có quầy" in client.get(reverse("office_qr", args=[empty.pk])).content.decode()
    assert client.get(reverse("office_qr_file", args=[empty.pk, "A5"])).status_code == 422
    assert client.get(reverse("office_qr_file", args=[empty.pk, "A3"])).status_code == 404
    assert client.get(reverse("counter_qr", args=[99999999])).status_code == 404


def addresses(counter) -> list[str]:
    return [
        reverse("counter_qr", args=[counter.pk]),
        reverse("counter_qr_file", args=[counter.pk, "A5", "pdf"]),
        reverse("office_qr", args=[counter.office.pk]),
        reverse("office_qr_file", args=[counter.office.pk, "A5"]),
    ]


def test_strangers_and_other_editors_print_nothing(client, counter, editor):
    for address in addresses(counter):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]
    editor.user_permissions.remove(Permission.objects.get(codename="change_counter"))
    client.force_login(editor)
    for address in addresses(counter):
        answer = client.get(address)
        assert answer.status_code in {302, 403}
        assert b"PDF" not in answer.content


def test_the_button_stands_in_list_editor_and_office(admin_client, counter):
    address = reverse("counter_qr", args=[counter.pk])
    listing = admin_client.get(reverse(counter.snippet_viewset.get_url_name("list")))
    assert address in listing.content.decode()
    edit = admin_client.get(
        reverse(counter.snippet_viewset.get_url_name("edit"), args=[counter.pk])
    )
    assert address in edit.content.decode()
    office = admin_client.get(reverse("wagtailadmin_pages:edit", args=[counter.office.pk]))
    assert reverse("office_qr", args=[counter.office.pk]) in office.content.decode()
    parent = counter.office.get_parent()
    explorer = admin_client.get(reverse("wagtailadmin_explore", args=[parent.pk])).content.decode()
    assert reverse("office_qr", args=[counter.office.pk]) in explorer


def test_a_counter_whose_code_was_printed_is_not_deleted(admin_client, poster):
    views = poster.counter.snippet_viewset
    page = admin_client.post(
        reverse(views.get_url_name("delete"), args=[poster.counter_id]), follow=True
    )
    assert "mã in hoặc dữ liệu khác" in page.content.decode()
    poster.counter.refresh_from_db()
    poster.delete()
    admin_client.post(reverse(views.get_url_name("delete"), args=[poster.counter_id]))
    assert not type(poster.counter).objects.filter(pk=poster.counter_id).exists()
