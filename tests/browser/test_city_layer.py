"""The city's own fee, a conflict with the national record, an import: at the editor's desk."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cms import import_job, jobs
from cms.groups import HEADS, REVIEWERS
from cms.importing import import_records
from cms.importing.sources import Row
from cms.importing.writing import Batch
from cms.models import ImportConflict, ProcedurePage
from tests.browser.desk import fill_date, footer, handled, make_user, part, sign_in
from tests.browser.layer import channel, fee, papers, rows
from tests.cms.test_importing_parsing import raw
from tests.factories import make_field, make_procedure

pytestmark = pytest.mark.browser

CODE = "1.234567"


def _national(amount: int, **values: object) -> dict:
    way = {
        "channel": "Trực tiếp",
        "time_value": 7,
        "time_unit": "ngày làm việc",
        "time_limit": "7 ngày làm việc",
        "fees": [{"amount": amount, "currency": "VND", "note": ""}],
    }
    documents = [{"name": "Giấy chứng sinh", "originals": 1, "copies": 0}]
    values = {"decision_number": "1/QĐ-BTP", "channels": [way], "documents": documents, **values}
    return raw(code=CODE, **values)


def _load(*records: dict) -> None:
    found = import_records(
        [Row("danh-muc.jsonl", number, one) for number, one in enumerate(records, 1)], publish=True
    )
    assert found.rejected == 0, found.problems


def test_a_fee_from_a_day_to_come_is_announced_and_then_holds(
    site: LiveServer, page: Page, phone: Page
) -> None:
    field = make_field("Hộ tịch")
    handled(field)
    saved = make_procedure(
        CODE,
        title="Đăng ký ví dụ",
        field=field,
        decision_number="1/QĐ",
        steps=rows("step", "Nộp hồ sơ."),
        channels=rows("channel", channel("direct", "3", fee("20000"))),
        cases=rows("case", {"name": "", "items": papers("Tờ khai")}),
    )
    make_user("duyet", REVIEWERS)
    day = timezone.localdate() + timedelta(days=10)
    sign_in(page, site, "duyet")
    page.goto(f"{site.url}/admin/pages/{saved.pk}/edit/#truong-local_rules")
    rules = page.locator("[data-contentpath=local_rules]")
    rules.get_by_role("button", name="Thêm một dòng").click()
    page.get_by_role("option", name="Phí, lệ phí").click()
    part(rules, "channel").select_option(label="Trực tiếp")
    part(rules, "amount").fill("10000")
    part(rules, "currency").select_option(label="đồng (VND)")
    part(rules, "condition").fill("Mỗi lần đăng ký")
    fill_date(page, part(rules, "valid_from"), f"{day:%d/%m/%Y}")
    part(rules, "decision").fill("Nghị quyết 08/NQ-HĐND")
    footer(page, "Đăng")
    expect(page.get_by_text("Đã đăng trang")).to_be_visible()

    address = f"{site.url}/thu-tuc/{CODE}/"
    tile = phone.locator(".tile", has=phone.get_by_role("heading", name="Lệ phí"))
    phone.goto(address)
    expect(tile.locator(".tile-value")).to_have_text("20.000 đồng")
    expect(tile).to_contain_text(
        f"Từ {day:%d/%m/%Y}: 10.000 đồng: Mỗi lần đăng ký (theo Nghị quyết 08/NQ-HĐND)"
    )
    midnight = timezone.make_aware(datetime.combine(day, time(0, 0, 1)))
    caches["pages"].clear()  # the kept page ends at that midnight by a clock no test can move
    with patch("django.utils.timezone.now", return_value=midnight):
        phone.reload()
    expect(tile.locator(".tile-value")).to_contain_text("10.000 đồng")
    expect(tile).to_contain_text("Thành phố quy định")
    expect(tile).not_to_contain_text("20.000 đồng")


def test_a_conflict_is_shown_side_by_side_and_solved(
    site: LiveServer, page: Page, phone: Page
) -> None:
    _load(_national(20000, result="Giấy khai sinh"))
    one = ProcedurePage.objects.get(code=CODE).get_latest_revision_as_object()
    handled(one.field)
    one.channels = rows("channel", channel("direct", "7", fee("10000")))
    one.result = "Giấy khai sinh và bản sao"
    one.save_revision().publish()
    _load(_national(15000, result="Giấy khai sinh điện tử"))
    make_user("duyet", REVIEWERS)
    sign_in(page, site, "duyet")
    page.goto(f"{site.url}/admin/xung-dot/")
    page.get_by_role("link", name=f"{CODE} – Đăng ký ví dụ").click()
    fees = page.locator("section.bck-conflict", has_text="phí, lệ phí".capitalize())
    result = page.locator("section.bck-conflict", has_text="Giấy khai sinh")
    texts = fees.locator(".bck-conflict__text")
    expect(texts).to_have_count(3)
    for number, words in enumerate(("20.000 đồng", "10.000 đồng", "15.000 đồng")):
        expect(texts.nth(number)).to_contain_text(words)
    boxes = [texts.nth(number).bounding_box() for number in range(3)]
    lefts = [box["x"] for box in boxes if box]
    assert lefts == sorted(set(lefts))  # one beside the other
    fees.get_by_role("button", name="Giữ bản của thành phố").click()
    expect(page.locator("section.bck-conflict")).to_have_count(1)
    result.get_by_label("Đăng ngay khi lấy bản quốc gia").check()
    result.get_by_role("button", name="Lấy bản quốc gia").click()
    expect(page.get_by_text("Không còn xung đột nào.", exact=True)).to_be_visible()
    assert not ImportConflict.objects.filter(solved_at=None).exists()
    phone.goto(f"{site.url}/thu-tuc/{CODE}/")
    expect(phone.locator("#ket-qua")).to_contain_text("Giấy khai sinh điện tử")
    expect(phone.locator(".four")).to_contain_text("10.000 đồng")
    expect(phone.locator(".four")).not_to_contain_text("15.000 đồng")


def test_an_import_from_upload_to_done(
    site: LiveServer, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test does the worker's slices, one row each, and the page follows by itself."""
    monkeypatch.setattr(jobs, "_begun", set())
    monkeypatch.setattr(jobs, "_retries", {})
    for name in ("ROWS", "BUDGET", "FLOOR"):
        monkeypatch.setattr(import_job, name, 1)
    keep = import_job._Runner.keep

    def keep_one(runner: import_job._Runner, job: jobs.Work, batch: Batch) -> None:
        keep(runner, job, batch)
        job._ends = 0.0  # the slice ends with its first row

    monkeypatch.setattr(import_job._Runner, "keep", keep_one)
    import_job.forget()

    def work() -> bool:
        with site.one_at_a_time:
            return jobs.run_slice()

    def work_until_done() -> None:
        while work():
            pass
        expect(page.locator(".bck-state-done")).to_be_visible()

    _load(_national(20000))
    new = [raw(code=f"1.00000{n}", name=f"Việc mới {n}") for n in (1, 2, 3)]
    nameless = raw(code="1.000004", name="")
    found = [_national(10000), *new, nameless]
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in found)
    make_user("truong", HEADS)
    sign_in(page, site, "truong")
    page.goto(f"{site.url}/admin/nhap-thu-tuc/")
    page.get_by_label("Chọn một hoặc nhiều tệp").set_input_files(
        {"name": "danh-muc.jsonl", "mimeType": "application/json", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Tải lên và xem trước").click()
    count, bar = page.locator("[data-job-count]"), page.locator("[data-job-bar]")
    expect(count).to_contain_text("0")
    work_until_done()
    expect(page.locator(".bck-rows")).to_contain_text("20.000 đồng")
    expect(page.locator(".bck-rows")).to_contain_text("10.000 đồng")
    expect(page.locator('[data-count="rejected"]')).to_have_text("1")
    assert not ProcedurePage.objects.filter(code="1.000002").exists()

    page.get_by_label("Đăng ngay").check()
    page.get_by_role("button", name="Nhập 3 thủ tục mới, 1 thay đổi").click()
    expect(page.get_by_text("Bước 2 trong 2")).to_be_visible()
    seen = set()
    while work():
        job = jobs.Job.objects.latest("pk")
        if job.active and job.total and job.done < job.total:
            expect(count).to_have_text(f"{job.done} / {job.total}")
            seen.add(bar.evaluate("one => one.value"))
    expect(page.locator(".bck-state-done")).to_be_visible()
    assert len(seen) >= 2  # the bar moved on the way
    expect(page.locator('[data-count="created"]')).to_have_text("3")
    expect(page.locator('[data-count="changed"]')).to_have_text("1")
    assert ProcedurePage.objects.live().filter(code="1.000002").exists()
