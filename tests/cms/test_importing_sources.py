"""Files of every kind of damage: a clear word for each, and the rest goes on."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from cms.importing.sources import LINE_LIMIT, read
from cms.models import ProcedurePage
from tests.cms.test_importing_parsing import raw

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "procedures.jsonl.gz"


def lines(*records):
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in records)


@pytest.fixture
def put(tmp_path):
    def write(data: bytes, name: str = "tthc.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def problems(path):
    return [(row.line, row.problem) for row in read(path) if row.problem]


def good(path):
    return [row.raw["code"] for row in read(path) if not row.problem]


def test_json_lines_plain_and_packed(put):
    data = lines(raw(code="1.000001"), raw(code="1.000002"))
    for path in (put(data), put(gzip.compress(data), "a.jsonl.gz"), put(gzip.compress(data), "b")):
        assert good(path) == ["1.000001", "1.000002"]
        assert [row.line for row in read(path)] == [1, 2]


def test_a_byte_order_mark_windows_line_ends_and_blank_lines(put):
    data = b"\xef\xbb\xbf" + lines(raw(code="1.000001")).replace(b"\n", b"\r\n") + b"\n\n"
    path = put(data + lines(raw(code="1.000002")))
    assert good(path) == ["1.000001", "1.000002"]
    assert problems(path) == []


def test_one_bad_line_does_not_stop_the_rest(put):
    path = put(
        lines(raw(code="1.000001")) + b'{"code": \n' + b"\xff\xfe\n" + lines(raw(code="1.000004"))
    )
    assert good(path) == ["1.000001", "1.000004"]
    told = problems(path)
    assert [line for line, _ in told] == [2, 3]
    assert "JSON" in told[0][1]
    assert "UTF-8" in told[1][1]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "rỗng"),
        (b"\n \n", "không có bản ghi"),
        (gzip.compress(b"", mtime=0), "không có bản ghi"),
    ],
)
def test_files_without_records(put, data, word):
    assert word in problems(put(data))[0][1]


def test_a_file_that_is_not_there(tmp_path):
    assert "Không có tệp" in problems(tmp_path / "x")[0][1]
    assert "Không có tệp" in problems(tmp_path)[0][1]


def test_a_packed_file_cut_off_gives_what_came_before(put):
    whole = gzip.compress(lines(*(raw(code=f"1.{n:06d}", result="x" * n) for n in range(2000))))
    path = put(whole[: len(whole) // 2], "a.gz")
    assert 0 < len(good(path)) < 2000
    assert "cụt" in problems(path)[-1][1]
    assert "hỏng" in problems(put(whole[:40] + b"zzzz" + whole[44:], "b.gz"))[-1][1]


def test_another_kind_of_file_is_told_once(put):
    told = problems(put(b"\x89PNG\r\n" + bytes(range(128, 256)) * 4000 + b"\n" * 5000, "a.png"))
    assert len(told) <= 22
    told = problems(put(b"<p>Trang web</p>\n" * 500, "a.html"))
    assert len(told) == 21
    assert "không phải JSON Lines" in told[-1][1]


def test_a_line_without_end_does_not_fill_the_memory(put):
    path = put(b'{"code": "' + b"x" * (LINE_LIMIT + 10) + b'"}\n')
    assert "dài quá" in problems(path)[0][1]


def test_json_nested_without_end(put):
    assert "JSON" in problems(put(b"[" * 200_000 + b"\n"))[0][1]


def command(*args):
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_procedures", *map(str, args), stdout=out, stderr=err)
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_the_command_counts_and_ends_well(put):
    path = put(lines(raw(code="1.000001"), raw(code="1.000002", name="Khác", steps="Nộp.")))
    code, out, _ = command(path, "--publish")
    assert code == 0
    assert out.splitlines()[-1] == "created: 2, changed: 0, unchanged: 0, rejected: 0"
    assert command(path, "--publish")[1].splitlines()[-1].startswith("created: 0, changed: 0, unch")


@pytest.mark.django_db
def test_rejections_end_with_one_and_are_reported(put, tmp_path):
    path = put(lines(raw(code="1.000001")) + b"{\n" + lines(raw(code="1.2-Xoa"), raw(code="9")))
    report = tmp_path / "report.csv"
    code, out, err = command(path, "--publish", "--report", report)
    assert code == 1
    assert "created: 2, changed: 0, unchanged: 0, rejected: 2" in out
    assert "warning code_malformed: 1" in out
    assert f"{path}:2:" in err
    assert f"{path}:3 [1.2-Xoa]:" in err
    with report.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [(one["line"], one["kind"]) for one in found if one["kind"] == "rejected"] == [
        ("2", "rejected"),
        ("3", "rejected"),
    ]
    assert ProcedurePage.objects.count() == 2


@pytest.mark.django_db
def test_a_dry_run_says_so(put):
    _, out, _ = command(put(lines(raw())), "--publish", "--dry-run")
    assert "nothing was written" in out
    assert not ProcedurePage.objects.exists()


@pytest.mark.django_db
def test_a_database_that_stops_is_one_clear_line(put, monkeypatch):
    def stop(*args, **values):
        raise OperationalError("database is locked")

    monkeypatch.setattr("cms.importing.pages.create", stop)
    with pytest.raises(CommandError, match="database is locked") as caught:
        command(put(lines(raw())))
    assert caught.value.returncode == 2


@pytest.mark.django_db
def test_a_report_that_cannot_be_written_is_told_before_anything_happens(put, tmp_path):
    with pytest.raises(CommandError, match="no such folder"):
        command(put(lines(raw())), "--report", tmp_path / "none" / "r.csv")
    assert not ProcedurePage.objects.exists()


@pytest.mark.realdata
@pytest.mark.django_db
def test_every_real_record_ends_published_or_rejected():
    if not REAL.is_file():
        pytest.skip(f"the real procedures are not there: {REAL}")
    from cms.importing import import_records

    result = import_records(read(REAL), publish=True, dry_run=True)
    assert (result.created, result.changed, result.unchanged, result.rejected) == (5720, 0, 0, 1)
    assert result.warnings["levels_incomplete"] == 1726
    assert result.warnings["steps_repeated"] == 174
    assert result.warnings["tables_flattened"] == 69
    assert result.warnings["currency_missing"] == 100
    assert result.warnings["name_in_capitals"] == 77
    assert result.warnings["code_malformed"] == 2
