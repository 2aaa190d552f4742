"""The editors' reports and the panel on their first screen, on pages that have the trouble."""

from __future__ import annotations

import csv
import datetime
import io
import json

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from cms.models import ImportConflict, IncompletePublication, NationalRecord, PublicVersion
from cms.reports.deadline import city_calendar, countdowns, last_day, share_on_time
from cms.reports.rows import REPORTS
from tests.factories import make_field, make_procedure

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def days(number: int) -> datetime.date:
    return TODAY() + datetime.timedelta(days=number)


def read(client, slug: str, **asked) -> list[dict[str, str]]:
    answer = client.get(f"/admin/bao-cao/{slug}/", {**asked, "export": "csv"})
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def block(kind: str, value: dict) -> dict:
    return {"type": kind, "value": value, "id": "00000000-0000-0000-0000-000000000001"}


def national(page, **values) -> NationalRecord:
    return NationalRecord.objects.create(
        page=page, values={}, digest="x", received_at=timezone.now(), **values
    )


class TestReports:
    def test_every_report_opens_empty(self, admin_client):
        for report in REPORTS:
            answer = admin_client.get(f"/admin/bao-cao/{report.slug}/")
            assert "Không có trang nào" in answer.content.decode(), report.slug
            assert read(admin_client, report.slug) == []

    def test_reports_are_in_the_menu(self, admin_client):
        body = admin_client.get("/admin/").content.decode()
        assert "/admin/bao-cao/con-thieu/" in body

    def test_citizens_do_not_read_them(self, client):
        assert client.get("/admin/bao-cao/con-thieu/").status_code == 302

    def test_unknown_report(self, admin_client):
        assert admin_client.get("/admin/bao-cao/khong-co/").status_code == 404

    def test_incomplete_tells_what_and_why(self, admin_client):
        page = make_procedure("1.000001")
        revision = page.save_revision()
        page.live_revision = revision
        page.save()
        IncompletePublication.objects.create(
            page=page, revision=revision, reason="nhập từ nguồn", missing=["steps", "decision"]
        )
        (row,) = read(admin_client, "con-thieu")
        assert row["Mã"] == "1.000001"
        assert row["Còn thiếu"] == "Có các bước thực hiện; Có số quyết định công bố"
        assert row["Lý do vẫn đăng"] == "nhập từ nguồn"

    def test_stale_tells_each_reason(self, admin_client):
        make_procedure("1.000001", review_due=days(-3))
        make_procedure("1.000002", review_due=days(5))
        make_procedure("1.000003", review_due=days(60))
        old = timezone.now() - datetime.timedelta(days=400)
        make_procedure("1.000004", last_published_at=old)
        gone = make_procedure("1.000005", review_due=days(60))
        national(gone, missing_since=days(-1))
        why = {row["Mã"]: row["Vì sao"] for row in read(admin_client, "can-ra-soat")}
        assert why.keys() == {"1.000001", "1.000002", "1.000004", "1.000005"}
        assert "quá hạn" in why["1.000001"]
        assert "sắp đến hạn" in why["1.000002"]
        assert "hơn một năm" in why["1.000004"]
        assert "không còn trong danh mục" in why["1.000005"]

    def test_conflicts_and_processes(self, admin_client):
        page = make_procedure("1.000001")
        ImportConflict.objects.create(
            page=page, part="result", name="kết quả", found_at=timezone.now()
        )
        ImportConflict.objects.create(
            page=page,
            part="steps",
            name="các bước",
            found_at=timezone.now(),
            solved_at=timezone.now(),
            solution="keep",
        )
        channel = {"kind": "direct", "time_value": "1", "time_unit": "working_day", "fees": []}
        step = {"name": "Thẩm định", "agency": "Sở A", "hours": "80"}
        make_procedure(
            "1.000002",
            channels=json.dumps([block("channel", channel)]),
            internal_process=json.dumps([block("step", step)]),
        )
        rows = {row["Mã"]: row["Mâu thuẫn"] for row in read(admin_client, "mau-thuan")}
        assert rows["1.000001"] == "khác bản quốc gia mới: kết quả"
        assert rows["1.000002"]

    def test_changes_to_come_are_listed_by_day_with_what_comes(self, admin_client):
        fee = {"amount": "10000", "currency": "VND", "text": "", "condition": ""}
        new = {**fee, "amount": "5000"}

        def rule(day: datetime.date, one: dict) -> dict:
            fees = [{"type": "item", "value": one, "id": "00000000-0000-0000-0000-000000000002"}]
            return block("fees", {"valid_from": str(day), "decision": "NQ 12", "fees": fees})

        channel = {"kind": "direct", "time_value": "1", "time_unit": "working_day", "fees": []}
        make_procedure(
            "1.000001",
            channels=json.dumps([block("channel", channel)]),
            local_rules=json.dumps([rule(days(30), new), rule(days(-30), fee)]),
        )
        make_procedure(
            "1.000002",
            standing="paused",
            standing_from=days(10),
            standing_until=days(20),
            standing_reason="Bảo trì",
        )
        rows = read(admin_client, "sap-thay-doi")
        assert [row["Mã"] for row in rows] == ["1.000002", "1.000002", "1.000001"]
        assert rows[1]["Ngày"] == f"{days(21):%d/%m/%Y}"
        assert rows[2]["Thay đổi"].endswith("5.000 đồng")
        assert rows[2]["Theo văn bản"] == "NQ 12"
        assert {row["Mã"] for row in read(admin_client, "lich-hen")} == {"1.000001", "1.000002"}

    def test_scheduled_pages_are_in_one_list(self, admin_client):
        page = make_procedure("1.000001")
        later = timezone.now() + datetime.timedelta(days=2)
        page.go_live_at = later
        page.save_revision(approved_go_live_at=later)
        make_procedure("1.000002", expire_at=later)
        rows = {row["Mã"]: row["Việc"] for row in read(admin_client, "lich-hen")}
        assert rows == {"1.000001": "đăng bản đã duyệt", "1.000002": "gỡ khỏi trang công khai"}

    def test_field_narrows_and_pages_turn(self, admin_client):
        land = make_field("Đất đai")
        for number in range(60):
            make_procedure(f"2.{number:06d}", review_due=days(-1), field=land)
        make_procedure("1.000001", review_due=days(-1))
        assert len(read(admin_client, "can-ra-soat", field=land.pk)) == 60
        body = admin_client.get("/admin/bao-cao/can-ra-soat/?page=2").content.decode()
        assert "61 dòng" in body
        assert "Trang 2 / 2" in body

    def test_cells_that_look_like_formulas_stay_text(self, admin_client):
        make_procedure("1.000001", title="=1+1", review_due=days(-1))
        (row,) = read(admin_client, "can-ra-soat")
        assert row["Thủ tục"] == "'=1+1"


class TestFiveDays:
    def test_five_working_days_over_a_week_end_and_a_holiday(self):
        friday = datetime.date(2026, 11, 20)  # 24/11 is a public holiday
        assert last_day(friday, city_calendar(friday)) == datetime.date(2026, 11, 30)

    def test_decision_in_a_draft_counts_down(self):
        page = make_procedure("1.000001")
        page.decision_date, page.decision_number = days(0), "QĐ 1"
        page.save_revision()
        (one,) = countdowns()
        assert one.page.pk == page.pk
        assert one.left >= 5

    def test_published_decision_no_longer_counts_down(self):
        page = make_procedure("1.000001")
        page.decision_date = days(-1)
        page.save_revision().publish()
        assert countdowns() == []

    def test_share_counts_what_was_public_in_time(self):
        def published(code: str, after: int) -> None:
            decided = days(-60)
            page = make_procedure(code, decision_date=decided, decision_number=f"QĐ {code}")
            PublicVersion.objects.filter(page=page).delete()
            packed, digest = PublicVersion.pack({"code": code})
            moment = timezone.now() - datetime.timedelta(days=60 - after)
            PublicVersion.objects.create(
                page=page,
                code=code,
                number=1,
                published_at=moment,
                decision_number=f"QĐ {code}",
                digest=digest,
                packed=packed,
            )

        published("1.000001", 1)
        published("1.000002", 50)
        make_procedure("1.000003", decision_date=days(-60), decision_number="QĐ 3")
        make_procedure("1.000004", decision_date=days(0), decision_number="QĐ 4")
        share = share_on_time()
        # The third was public today at the earliest, the fourth on the very day.
        assert (share.on_time, share.total) == (2, 4)
        assert share.percent == 50

    def test_no_decision_no_share(self):
        assert share_on_time().percent is None


class TestFirstScreen:
    def test_says_what_waits_and_leads_there(self, admin_client, admin_user):
        make_procedure("1.000001", review_due=days(-1), review_owner=admin_user)
        body = admin_client.get("/admin/").content.decode()
        assert "trang bạn phải rà soát" in body
        assert "1 trang quá hạn" in body

    def test_nothing_to_do(self, admin_client):
        assert "Không có việc nào" in admin_client.get("/admin/").content.decode()

    def test_only_mine(self, admin_client):
        other = get_user_model().objects.create_user("khac")
        make_procedure("1.000001", review_due=days(-1), review_owner=other)
        assert "phải rà soát" not in admin_client.get("/admin/").content.decode()


@pytest.mark.django_db
def test_turning_a_page_keeps_the_filter(admin_client, monkeypatch):
    monkeypatch.setattr("cms.reports.views.ROWS_A_PAGE", 1)
    field = make_field("Chứng thực")
    for code in ("1.700001", "1.700002"):
        make_procedure(code, field=field).save_revision().publish()
    address = f"{reverse('cms_report', args=['con-thieu'])}?field={field.pk}"
    first = admin_client.get(address).content.decode()
    assert f'href="?field={field.pk}&amp;page=2"' in first
    second = admin_client.get(f"{address}&page=2").content.decode()
    assert f'href="?field={field.pk}&amp;page=1"' in second
