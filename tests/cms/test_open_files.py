"""Open data as files: whole at any moment, made anew when something changed, small to fetch."""

from __future__ import annotations

import errno
import gzip
import json
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cms import open_data, open_files
from cms.open_files import CSV, JSON_LINES, PATIENCE, PAUSE, QUIET, Build, Keeper, renew, wanted
from tests.cms.test_history import channels, publish
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db
ADDRESSES = {name: f"/api/v1/open/{name}" for name in (JSON_LINES, CSV)}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "open"


@pytest.fixture
def clock(monkeypatch: Any) -> list[float]:
    """The worker's clock, to be set by hand."""
    now = [1000.0]
    monkeypatch.setattr(open_files.time, "monotonic", lambda: now[0])
    return now


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def codes() -> list[str]:
    lines = (open_files.folder() / JSON_LINES).read_text().splitlines()
    return [json.loads(line)["code"] for line in lines]


def test_files_say_what_was_streamed(client: Client, folder: Path) -> None:
    make_procedure("1.000002", channels=channels())
    make_procedure("1.000001", title="Một, “hai”")
    make_procedure("1.000003", live=False)
    streamed = {name: body(client.get(address)) for name, address in ADDRESSES.items()}
    assert not folder.exists()
    renew()
    for name, address in ADDRESSES.items():
        assert (folder / name).read_bytes() == streamed[name]
        assert gzip.decompress((folder / f"{name}.gz").read_bytes()) == streamed[name]
        assert body(client.get(address)) == streamed[name]
    assert sorted(os.listdir(folder)) == sorted(
        [".lock", "procedures.json", *(f"{one}{end}" for one in ADDRESSES for end in ("", ".gz"))]
    )


def test_sizes_dates_and_tags(client: Client, folder: Path) -> None:
    make_procedure("1.000001")
    renew()
    for name, address in ADDRESSES.items():
        plain = client.get(address)
        packed = client.get(address, headers={"Accept-Encoding": "br, gzip"})
        assert "Content-Encoding" not in plain
        assert packed["Content-Encoding"] == "gzip"
        assert int(plain["Content-Length"]) == (folder / name).stat().st_size
        assert int(packed["Content-Length"]) == (folder / f"{name}.gz").stat().st_size
        assert gzip.decompress(body(packed)) == body(plain)
        assert plain["ETag"] != packed["ETag"]
        assert plain["Content-Type"] == packed["Content-Type"]
        for one, encoding in ((plain, ""), (packed, "gzip")):
            assert "Accept-Encoding" in one["Vary"]
            assert one["Content-Disposition"] == f'inline; filename="{name}"'
            for condition in (
                {"If-None-Match": one["ETag"]},
                {"If-Modified-Since": one["Last-Modified"]},
            ):
                asked = {"Accept-Encoding": encoding, **condition}
                assert client.get(address, headers=asked).status_code == 304
            headers = {"If-None-Match": '"other"', "Accept-Encoding": encoding}
            assert client.get(address, headers=headers).status_code == 200
        head = client.head(address)
        assert head["Content-Length"] == plain["Content-Length"]
        assert head.content == b""


@pytest.mark.parametrize("accept", ["text/csv", "application/x-ndjson", "text/html", "*/*"])
def test_asked_for_by_its_own_name(client: Client, accept: str) -> None:
    make_procedure("1.000001")
    for address in ADDRESSES.values():
        assert client.get(address, headers={"Accept": accept}).status_code == 200


def test_a_reader_keeps_the_whole_old_file(client: Client) -> None:
    page = make_procedure("1.000001", title="Cũ")
    renew()
    answer = client.get(ADDRESSES[JSON_LINES])
    publish(page, title="Mới")
    renew()
    assert "Cũ".encode() in body(answer)
    later = client.get(ADDRESSES[JSON_LINES])
    assert "Mới".encode() in body(later)
    assert later["ETag"] != answer["ETag"]


def test_withdrawn_procedures_are_in_no_file() -> None:
    make_procedure("1.000001")
    page = make_procedure("1.000002")
    renew()
    assert codes() == ["1.000001", "1.000002"]
    page.unpublish()
    renew()
    assert codes() == ["1.000001"]


def test_nothing_changed_nothing_made(folder: Path) -> None:
    make_procedure("1.000001")
    renew()
    before = (folder / JSON_LINES).stat()
    renew()
    assert (folder / JSON_LINES).stat().st_ino == before.st_ino


def test_a_new_day_with_the_same_content_keeps_the_file(folder: Path, monkeypatch: Any) -> None:
    make_procedure("1.000001")
    renew()
    before, key = (folder / JSON_LINES).stat(), wanted()
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(open_files.timezone, "localdate", lambda *_: tomorrow)
    assert wanted() != key
    renew()
    assert open_files.made_of() == wanted()
    assert (folder / JSON_LINES).stat().st_mtime_ns == before.st_mtime_ns


def test_a_fee_that_begins_at_midnight_makes_a_new_file(folder: Path, monkeypatch: Any) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    fee = {"amount": 5000, "currency": "VND", "condition": "", "text": ""}
    rule = {"channel": "direct", "fees": [fee], "valid_from": tomorrow.isoformat()}
    make_procedure("1.000001", channels=channels(20000), local_rules=[("fees", rule)])
    renew()
    assert b",20000,VND" in (folder / CSV).read_bytes()
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: tomorrow)
    renew()
    assert b",5000,VND" in (folder / CSV).read_bytes()


def test_killed_in_the_middle_leaves_the_old_files(folder: Path) -> None:
    """As a killed process leaves it: parts on disk, nothing closed."""
    page = make_procedure("1.000001", title="Cũ")
    renew()
    old = (folder / JSON_LINES).read_bytes()
    publish(page, title="Mới")
    make_procedure("1.000002")
    half = Build(wanted())
    assert not half.advance(0)
    assert (folder / f".{JSON_LINES}.part").exists()
    half._lock.close()  # what the system does for a dead process
    assert (folder / JSON_LINES).read_bytes() == old
    renew()
    assert codes() == ["1.000001", "1.000002"]
    assert not list(folder.glob(".*.part"))


def test_a_full_disk_keeps_the_old_files(
    folder: Path, monkeypatch: Any, caplog: Any, clock: list[float]
) -> None:
    page = make_procedure("1.000001", title="Cũ")
    renew()
    publish(page, title="Mới")
    old = (folder / JSON_LINES).read_bytes()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    keeper = Keeper()
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(open_files._Part, "write", full)
        assert not keeper.tend(at_once=True)
    assert [row.levelname for row in caplog.records] == ["ERROR"]
    assert "files of before stay" in caplog.text
    assert "No space left" in caplog.text
    assert (folder / JSON_LINES).read_bytes() == old
    assert not list(folder.glob(".*.part"))
    clock[0] += open_files.RETRY_AFTER - 1
    keeper.tend()
    assert keeper.build is None
    clock[0] += 2 + QUIET
    keeper.tend()
    clock[0] += QUIET + PAUSE
    while keeper.tend():
        pass
    assert "Mới" in (folder / JSON_LINES).read_text()


def test_only_one_process_builds() -> None:
    make_procedure("1.000001")
    with_lock = Build(wanted())
    assert not Keeper().tend(at_once=True)
    assert not (open_files.folder() / JSON_LINES).exists()
    assert with_lock.advance(60)
    assert codes() == ["1.000001"]


def test_the_first_file_does_not_wait(clock: list[float]) -> None:
    make_procedure("1.000001")
    keeper = Keeper()
    keeper.tend()
    assert codes() == ["1.000001"]


def turn(keeper: Keeper, clock: list[float], seconds: float) -> bool:
    """Time goes by; whether a build begins (and ends) then."""
    clock[0] += seconds
    before = open_files.made_of()
    while keeper.tend():
        pass
    return open_files.made_of() != before


def test_files_wait_for_quiet_and_never_come_too_often(clock: list[float]) -> None:
    page = make_procedure("1.000001")
    keeper = Keeper()
    keeper.tend()
    publish(page, title="Hai")
    assert not turn(keeper, clock, PAUSE)
    publish(page, title="Ba")
    assert not turn(keeper, clock, QUIET - 1)
    assert not turn(keeper, clock, QUIET - 1)
    assert turn(keeper, clock, QUIET)
    publish(page, title="Bốn")
    assert not turn(keeper, clock, 20)
    assert not turn(keeper, clock, QUIET + 1)  # quiet, but the last files are new
    assert turn(keeper, clock, PAUSE)


def test_changes_without_end_do_not_hold_the_files_up(clock: list[float]) -> None:
    page = make_procedure("1.000001")
    keeper = Keeper()
    keeper.tend()
    made = []
    for n in range(PATIENCE // 50 + 2):
        publish(page, title=f"Lần {n}")
        made.append(turn(keeper, clock, 50))
    assert made.count(True) == 1


def test_a_build_takes_turns() -> None:
    for _ in range(3):
        make_procedure()
    keeper = Keeper()
    turns = 0
    while keeper.tend(seconds=0):
        turns += 1
    assert turns >= 3
    assert len(codes()) == 3


def test_the_worker_makes_them(folder: Path) -> None:
    make_procedure("1.000001")
    call_command("worker", "--once")
    assert codes() == ["1.000001"]


def test_the_page_says_date_and_size(client: Client, folder: Path) -> None:
    make_procedure("1.000001")
    assert "cập nhật" not in client.get("/du-lieu-mo/").content.decode()
    renew()
    for name in ADDRESSES:
        os.utime(folder / name, (1_790_000_000, 1_790_000_000))
    text = client.get("/du-lieu-mo/").content.decode()
    assert text.count("cập nhật") == 2
    assert "21/09/2026" in text
    assert "tải nén" in text


def test_a_record_that_breaks_leaves_the_old_files(folder: Path, monkeypatch: Any) -> None:
    page = make_procedure("1.000001")
    renew()
    old = (folder / CSV).read_bytes()
    publish(page, title="Mới")
    monkeypatch.setattr(open_data, "rows_of", lambda *_: 1 / 0)
    keeper = Keeper()
    with pytest.raises(ZeroDivisionError):
        keeper.tend(at_once=True)
    assert (folder / CSV).read_bytes() == old
    assert keeper.build is None
    assert not list(folder.glob(".*.part"))
