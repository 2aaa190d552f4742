"""What the demo city still lacks for the pictures: people, rules, a conflict, work that waits.

Used by make_pictures.py alone, on a database of its own that is thrown away afterwards.
"""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.utils import timezone
from reportlab.pdfgen.canvas import Canvas
from wagtail.documents import get_document_model

from cms.groups import EDITORS, HEADS, REVIEWERS
from cms.importing import import_records
from cms.importing.sources import Row
from cms.models import OfficerAbsence, ProcedurePage
from cms.publishing import FOR_DEMO, because
from feedback.models import PageReport
from feedback.storing import new_follow_up_code
from portal.demo import data

#: Đăng ký thường trú: rules of the city, a form as a file, a draft under review.
RESIDENCE = "1.004222"
#: Đăng ký tạm trú: lacks its form, so the checklist has something to say.
TEMPORARY = "1.004194"
#: Bản sao trích lục hộ tịch: the city's sum and the new national sum disagree.
EXTRACT = "2.000635"
AUTHOR, REVIEWER = "bien-tap", "nguoi-duyet"


def make(password: str) -> None:
    """Everything, on top of the demo city."""
    author = _person(AUTHOR, "Ngô Thị", "Mẫu Viết", EDITORS, password)
    reviewer = _person(REVIEWER, "Đỗ Văn", "Mẫu Duyệt", REVIEWERS, password)
    _person("lanh-dao", "Vũ Thị", "Mẫu Trưởng", HEADS, password)
    with because(FOR_DEMO):
        _rules(author)
        _reviews(reviewer)
        _conflict(author)
    _decided(author)
    PageReport.objects.create(
        page=ProcedurePage.objects.get(code=RESIDENCE),
        part=PageReport.Part.PAPERS,
        text="Ở quầy dặn mang thêm hợp đồng thuê nhà, trang chưa nói khi nào cần.",
        follow_up=new_follow_up_code(),
        received_on=timezone.localdate(),
    )


def _person(name: str, first: str, last: str, group: str, password: str) -> User:
    user = User.objects.create_user(
        name, f"{name}@example.org", password, first_name=first, last_name=last
    )
    user.groups.add(Group.objects.get(name=group))
    return user


def _publish(code: str, change: Callable[[ProcedurePage], None], user: User) -> ProcedurePage:
    page: ProcedurePage = ProcedurePage.objects.get(code=code).get_latest_revision_as_object()
    change(page)
    page.save_revision(user=user).publish()
    return ProcedurePage.objects.get(code=code)


def _rows(stream: Any) -> list[dict[str, Any]]:
    """The stored rows of a StreamField, free to change."""
    return json.loads(json.dumps(list(stream.raw_data), default=str))  # type: ignore[no-any-return]


def _next_year() -> date:
    return date(timezone.localdate().year + 1, 1, 1)


def _rules(author: User) -> None:
    """A fee from New Year on, the form as a file, and a draft that waits for approval."""
    paper = io.BytesIO()
    canvas = Canvas(paper, invariant=1)
    canvas.drawString(72, 780, "CT01")
    canvas.save()
    form = get_document_model().objects.create(
        title="Mẫu CT01", file=ContentFile(paper.getvalue(), name="mau-ct01.pdf")
    )

    def publish_rules(page: ProcedurePage) -> None:
        page.form_files = [
            ("file", {"name": "Mẫu CT01 (Thông tư 53/2025/TT-BCA)", "document": form})
        ]
        page.applied, page.applied_decision = "yes", "15/QĐ-UBND (minh hoạ)"
        page.applied_from = timezone.localdate() - timedelta(days=30)
        page.local_rules = [
            (
                "fees",
                {
                    "channel": "direct",
                    "adds": False,
                    "fees": [
                        {
                            "amount": 10000,
                            "currency": "VND",
                            "condition": "Mỗi lần đăng ký",
                            "text": "",
                        }
                    ],
                    "valid_from": _next_year(),
                    "decision": "Nghị quyết 08/NQ-HĐND (minh hoạ)",
                    "origin": "city",
                },
            )
        ]
        page.change_note = "Hội đồng nhân dân giảm lệ phí nộp trực tiếp từ ngày 01/01."

    def draft(page: ProcedurePage) -> None:
        steps, channels = _rows(page.steps), _rows(page.channels)
        steps[1]["value"] = "Khai trên VNeID hoặc nộp tại Công an cấp xã, mang theo căn cước."
        channels[0]["value"] |= {"time_value": 5, "time_text": "5 ngày làm việc"}
        page.steps, page.channels = json.dumps(steps), json.dumps(channels)

    _publish(RESIDENCE, publish_rules, author)
    page = ProcedurePage.objects.get(code=RESIDENCE)
    newest = page.get_latest_revision_as_object()
    draft(newest)
    newest.save_revision(user=author)
    page = ProcedurePage.objects.get(code=RESIDENCE)
    page.get_workflow().start(page, author)


def _reviews(reviewer: User) -> None:
    """One review is due in some days, one is overdue."""
    today = timezone.localdate()
    for code, due in (("1.001193", today + timedelta(days=3)), ("2.001263", today - timedelta(4))):

        def appoint(page: ProcedurePage, due: date = due) -> None:
            page.review_due, page.review_owner = due, reviewer

        _publish(code, appoint, reviewer)


def _decided(author: User) -> None:
    """A signed decision whose text is still a draft."""
    page = ProcedurePage.objects.get(code="1.014063").get_latest_revision_as_object()
    page.decision_number = "2277/QĐ-UBND (minh hoạ)"
    page.decision_date = timezone.localdate() - timedelta(days=2)
    page.save_revision(user=author)


def _record(code: str) -> dict[str, Any]:
    return copy.deepcopy(next(one for one in data.records() if one["code"] == code))


def _conflict(author: User) -> None:
    """The city lowered a sum; then a new national record raised it."""

    def lower(page: ProcedurePage) -> None:
        channels = _rows(page.channels)
        fee = channels[0]["value"]["fees"][0]
        fee.get("value", fee)["amount"] = 5000
        page.channels = json.dumps(channels)

    _publish(EXTRACT, lower, author)
    raised = _record(EXTRACT)
    raised["channels"][0]["fees"][0]["amount"] = 10000
    # The other two are in small_file() too: taken from the demo, they can be compared there.
    records = [raised, _record("1.010038"), _record("1.001612")]
    rows = [Row("danh-muc-quoc-gia.jsonl", line, one) for line, one in enumerate(records, 1)]
    import_records(rows, publish=True)


def small_file(folder: Path) -> Path:
    """Records to import: one new, one changed, one as it is, one that cannot be read."""
    changed, new = _record("1.010038"), _record("1.004873")
    changed["channels"][0]["time_value"] = 3
    changed["channels"][0]["time_limit"] = "3 ngày làm việc"
    new |= {"code": "9.000001", "name": "Cấp lại Giấy xác nhận tình trạng hôn nhân (minh hoạ)"}
    nameless = _record("1.003197") | {"name": ""}
    return _write(
        folder / "danh-muc-thang-nay.jsonl", [new, changed, _record("1.001612"), nameless]
    )


def large_file(folder: Path, rows: int) -> Path:
    """Enough new records for the bar to be seen on its way."""
    model = _record("1.004873")
    records = [
        model | {"code": f"9.{number:06d}", "name": f"Thủ tục minh hoạ số {number}"}
        for number in range(10, 10 + rows)
    ]
    return _write(folder / "toan-bo-danh-muc.jsonl", records)


def _write(path: Path, records: list[dict[str, Any]]) -> Path:
    lines = (json.dumps(one, ensure_ascii=False) for one in records)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def absent_officer() -> int:
    """Who is away in the demo."""
    found = OfficerAbsence.objects.order_by("pk").first()
    assert found is not None
    return int(found.officer_id)
