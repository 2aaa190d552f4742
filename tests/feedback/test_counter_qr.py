"""The command ``counter_qr``: what it writes, and what it says when it cannot."""

from __future__ import annotations

import errno
import io
from unittest import mock

import pypdfium2
import pytest
import zxingcpp
from django.core.management import CommandError, call_command
from PIL import Image

from feedback.printing.qr import CODE_MM, address_of
from tests.factories import make_counter, make_office


@pytest.fixture
def counters(db):
    here, there = make_office("Chi nhánh A"), make_office("Chi nhánh B")
    made = [make_counter(here, name="Quầy 1"), make_counter(here, name="Quầy 2")]
    made.append(make_counter(there, name="Quầy 1"))
    make_counter(there, name="Quầy đóng", active=False)
    return made


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("counter_qr", *map(str, arguments), stdout=out)
    return out.getvalue()


def decode(image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("size", sorted(CODE_MM))
def test_a_pdf_has_a_page_for_every_counter_in_use(counters, tmp_path, size):
    out = tmp_path / "codes.pdf"
    assert run("--size", size, "--out", out).startswith("3 quầy, 1 tệp")
    pages = [page.render(scale=2).to_pil() for page in pypdfium2.PdfDocument(out)]
    assert [decode(page) for page in pages] == [[address_of(each.code)] for each in counters]
    assert [path.name for path in tmp_path.iterdir()] == ["codes.pdf"]


def test_one_office(counters, tmp_path):
    out = tmp_path / "codes.pdf"
    run("--office", counters[0].office.slug, "--out", out)
    assert len(pypdfium2.PdfDocument(out)) == 2


def test_pictures_go_into_a_folder_with_a_file_each(counters, tmp_path):
    run("--format", "png", "--out", tmp_path / "png")
    run("--format", "svg", "--out", tmp_path / "svg")
    names = {f"{each.office.slug}-{each.code}" for each in counters}
    assert {path.stem for path in (tmp_path / "png").iterdir()} == names
    assert {path.name for path in (tmp_path / "svg").iterdir()} == {f"{n}.svg" for n in names}
    found = {text for path in (tmp_path / "png").iterdir() for text in decode(Image.open(path))}
    assert found == {address_of(each.code) for each in counters}


def test_one_counter_may_be_one_file(counters, tmp_path):
    office = counters[2].office.slug
    run("--office", office, "--format", "png", "--out", tmp_path / "one.png")
    assert decode(Image.open(tmp_path / "one.png")) == [address_of(counters[2].code)]
    with pytest.raises(CommandError, match="phải là thư mục"):
        run("--format", "png", "--out", tmp_path / "three.png")


def test_again_replaces(counters, tmp_path):
    out = tmp_path / "codes.pdf"
    out.write_bytes(b"older")
    run("--out", out)
    assert len(pypdfium2.PdfDocument(out)) == 3


def test_clear_errors(counters, tmp_path):
    known = counters[0].office.slug
    with pytest.raises(CommandError, match=f"Không có cơ quan “x”.*{known}"):
        run("--office", "x", "--out", tmp_path / "a.pdf")
    with pytest.raises(CommandError, match="Không có thư mục"):
        run("--out", tmp_path / "no" / "a.pdf")
    with pytest.raises(CommandError, match="là thư mục"):
        run("--out", tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Không ghi được"):
        run("--format", "svg", "--out", tmp_path / "file")
    empty = make_office("Chưa có quầy")
    with pytest.raises(CommandError, match="Không có quầy nào"):
        run("--office", empty.slug, "--out", tmp_path / "a.pdf")
    with pytest.raises(CommandError, match="invalid choice"):
        run("--size", "A3", "--out", tmp_path / "a.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_leaves_the_older_file_and_no_rest(counters, tmp_path):
    out = tmp_path / "codes.pdf"
    out.write_bytes(b"older")
    full = OSError(errno.ENOSPC, "No space left on device")
    with (
        mock.patch("feedback.management.commands.counter_qr.os.fsync", side_effect=full),
        pytest.raises(CommandError, match=r"Không ghi được .*No space left"),
    ):
        run("--out", out)
    assert out.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["codes.pdf"]


def test_a_name_that_cannot_be_printed_stops_before_the_file(counters, tmp_path):
    counters[1].name = "Quầy 😀"
    counters[1].save()
    with pytest.raises(CommandError, match="không có ký tự “😀”"):
        run("--out", tmp_path / "codes.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_device_is_written_and_stays_a_device(counters):
    run("--out", "/dev/null")
    with open("/dev/null", "rb") as null:
        assert null.read() == b""
