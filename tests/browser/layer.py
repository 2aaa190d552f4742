"""A city where everything happens at once: local rules, lanes, a paused and an abolished page."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model

from cms.models import Handling, LifeEvent, LifeEventRow, Office, Officer, ProcedurePage
from tests.factories import make_counter, make_field, make_office, make_procedure

CODE, PAUSED, ABOLISHED = "1.004222", "1.004194", "1.000999"
ADDRESS = f"/thu-tuc/{CODE}/"
#: Wagtail takes a row of a list without an id for something older.
_ids = itertools.count(1)
LONG = "Hồ sơ có tên rất dài và nhiều điều kiện kèm theo cần đọc kỹ " * 12
CENTRE, POLICE, TAX = (
    "Trung tâm Phục vụ hành chính công",
    "Công an phường Hoàn Kiếm",
    "Thuế cơ sở số 1",
)


def rows(kind: str, *values: Any) -> list[dict[str, Any]]:
    """Stored StreamField or list rows of one kind."""
    return [{"type": kind, "value": value, "id": str(UUID(int=next(_ids)))} for value in values]


def fee(amount: str = "", condition: str = "", text: str = "") -> dict[str, Any]:
    """A fee in đồng, or in words."""
    money = {"amount": amount, "currency": "VND"} if amount else {"amount": None, "currency": ""}
    return {**money, "condition": condition, "text": text}


def channel(kind: str, days: str, *fees: dict[str, Any]) -> dict[str, Any]:
    """A way to hand in, in working days."""
    time = {"time_value": days, "time_unit": "working_day", "time_text": ""}
    return {"kind": kind, **time, "fees": rows("item", *fees), "note": ""}


def papers(*names: str, form: str = "") -> list[dict[str, Any]]:
    """The papers of a case; the first has a form when one is named."""
    forms = rows("item", form) if form else []
    return rows(
        "item",
        *(
            {"name": name, "originals": 1, "copies": number, "forms": [] if number else forms}
            for number, name in enumerate(names)
        ),
    )


def _form_file() -> int:
    model = get_document_model()
    document = model(title="Mẫu CT01", file=ContentFile(b"x" * 45_000, name="mau-ct01.docx"))
    document.file_size = 45_000
    document.save()
    return int(document.pk)


def _offices() -> list[Office]:
    field = make_field("Đăng ký, quản lý cư trú")
    offices = [
        make_office(
            f"Điểm phục vụ hành chính công số {number} – Phường Hoàn Kiếm",
            address=f"{number} Phố Đinh Tiên Hoàng",
            ward="Phường Hoàn Kiếm",
            latitude=Decimal("21.03") + Decimal("0.01") * number,
            longitude=Decimal("105.8542"),
        )
        for number in range(1, 15)
    ]
    first = offices[0]
    Officer.objects.create(
        office=first, name="Trần Văn Trưởng", title="Giám đốc", role="head", phone="024 3825 0009"
    )
    officer = Officer.objects.create(
        office=first, name="Nguyễn Thị Mai", title="công chức tiếp nhận", phone="024 3825 0001"
    )
    substitute = Officer.objects.create(
        office=first, name="Lê Văn Thay", title="công chức tiếp nhận", phone="024 3825 0002"
    )
    counter = make_counter(first, code="A0B1C2D", name="Quầy 3", main_field=field)
    Handling.objects.create(counter=counter, officer=officer, substitute=substitute, field=field)
    return offices


def _rules(today: date) -> list[dict[str, Any]]:
    decision = "Nghị quyết 08/2026/NQ-HĐND"
    fees = rows("item", fee("10000", "Mỗi lần đăng ký"))
    coming = {"decision": decision, "origin": "city", "valid_from": str(today + timedelta(9))}
    return [
        {"type": "fees", "value": {"channel": "direct", "fees": fees, **coming}},
        {
            "type": "time",
            "value": {
                "channel": "online",
                "time_value": "3",
                "time_unit": "working_day",
                "decision": decision,
                "origin": "city",
            },
        },
        {"type": "note", "value": {"channel": "postal", "text": LONG, "origin": "city"}},
        {"type": "condition", "value": {"text": "Nhà ở tại thành phố. " * 20, **coming}},
        {
            "type": "waived_paper",
            "value": {"paper": "Bản sao căn cước", "reason": "Đã có dữ liệu", "origin": "city"},
        },
    ]


def _process() -> list[dict[str, Any]]:
    steps = [
        ("Tiếp nhận hồ sơ", CENTRE, "4"),
        ("Thẩm định, xác minh nơi ở thực tế của người đăng ký", POLICE, "32"),
        ("Xác định nghĩa vụ tài chính", TAX, "12"),
        ("Trả kết quả", CENTRE, "8"),
    ]
    return rows(
        "step",
        *(
            {
                "name": name,
                "work": "Kiểm tra thành phần hồ sơ. " * 4,
                "agency": agency,
                "unit": "Bộ phận một cửa",
                "hours": hours,
            }
            for name, agency, hours in steps
        ),
    )


def _everything() -> ProcedurePage:
    """The page with all layers at once, published twice."""
    today = timezone.localdate()
    price = (
        fee("20000", "Miễn lệ phí cho trẻ em, người cao tuổi, người khuyết tật. " * 3),
        fee("15000", "Từ thành viên thứ hai của hộ"),
    )
    page = make_procedure(
        CODE,
        title="Đăng ký thường trú",
        plain_name="nhập hộ khẩu",
        field=make_field("Đăng ký, quản lý cư trú"),
        live=False,
        levels=["province", "commune"],
        audience=["Công dân Việt Nam", "Người Việt Nam định cư ở nước ngoài"],
        agency=POLICE,
        decision_number="2277/QĐ-UBND",
        applied="yes",
        applied_decision="15/QĐ-UBND",
        applied_from=today,
        review_due=today - timedelta(days=3),
        requirements="Đủ điều kiện theo Luật Cư trú. " * 30,
        result="Thông báo kết quả.",
        steps=rows("step", *(f"Bước {n}: {LONG if n == 2 else 'Nộp hồ sơ.'}" for n in range(1, 5))),
        channels=rows(
            "channel",
            channel("direct", "7", *price),
            channel("online", "7", *price),
            channel("postal", "7", fee("", "", "Theo bảng giá của đơn vị bưu chính")),
        ),
        cases=rows(
            "case",
            {
                "name": "Nhà của mình",
                "items": papers("Tờ khai CT01", "Bản sao căn cước", LONG, form="Mẫu CT01"),
            },
            {"name": "Thuê, mượn, ở nhờ", "items": papers("Tờ khai CT01", "Hợp đồng thuê")},
        ),
        internal_process=_process(),
        form_files=rows("file", {"name": "Mẫu CT01", "document": _form_file()}),
    )
    page.save_revision().publish()
    page = ProcedurePage.objects.get(code=CODE).get_latest_revision_as_object()
    page.local_rules = _rules(today)
    page.change_note = "Hội đồng nhân dân thành phố giảm lệ phí."
    page.save_revision().publish()
    return ProcedurePage.objects.get(code=CODE)


def _stopped() -> None:
    today = timezone.localdate()
    make_procedure(
        PAUSED,
        title="Đăng ký tạm trú",
        standing="paused",
        standing_reason="Nâng cấp hệ thống theo Thông báo 12/TB-UBND. " * 6,
        standing_from=today,
        standing_until=today + timedelta(days=20),
        channels=rows("channel", channel("direct", "3", fee("7000"))),
    )
    make_procedure(
        ABOLISHED,
        title="Cấp sổ hộ khẩu",
        standing="abolished",
        standing_reason="Luật Cư trú 2020 bỏ sổ hộ khẩu giấy.",
        standing_from=today - timedelta(days=30),
        replaced_by=ProcedurePage.objects.get(code=CODE),
    )


def _life_event() -> None:
    event = LifeEvent(name="Chuyển nhà", intro="Việc cần làm khi tới nơi ở mới.")
    event.rows = [
        LifeEventRow(sort_order=0, procedure_code=CODE, heading="Trong 12 tháng đầu"),
        LifeEventRow(sort_order=1, procedure_code=PAUSED, joins="or"),
    ]
    event.full_clean()
    event.save()


def make_layered_city() -> list[str]:
    """The city; gives the addresses of its public pages, the fullest first."""
    offices = _offices()
    _everything()
    _stopped()
    _life_event()
    day = timezone.localdate() + timedelta(days=30)
    event = LifeEvent.objects.get()
    return [
        f"{ADDRESS}?office={offices[0].slug}&ngay={day}",
        f"{ADDRESS}?office=",
        f"{ADDRESS}?ngay=2020-01-01",
        f"/thu-tuc/{PAUSED}/",
        f"/thu-tuc/{ABOLISHED}/",
        f"{ADDRESS}lich-su/",
        f"{ADDRESS}lich-su/?ngay=2020-01-01",
        f"{ADDRESS}lich-su/1/",
        f"{ADDRESS}lich-su/so-sanh/?tu=1&den=2",
        "/thay-doi/",
        "/su-kien/",
        f"/su-kien/{event.slug}/",
        f"{ADDRESS}giay-to/",
        f"/co-quan/?chon={ADDRESS}&q=dinh+tien+hoang",
        f"/co-quan/{offices[0].slug}/",
    ]
