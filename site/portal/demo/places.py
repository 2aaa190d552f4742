"""Offices, counters and people of the demo city: all of them invented.

Names carry an invented word or a number, telephones begin with 024 0000, which no exchange
gives out: nobody real can be rung up or rated by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from cms.models import Office, Officer

CITY = "Thành phố Minh Hoạ"

CIVIL = "Hộ tịch"
ADOPTION = "Nuôi con nuôi"
RESIDENCE = "Đăng ký, quản lý cư trú"
IDENTITY = "Cấp, quản lý căn cước"
RECORD = "Lý lịch tư pháp"
PASSPORT = "Quản lý xuất nhập cảnh"
CERTIFY = "Chứng thực"
LAND = "Đất đai"
BUILDING = "Hoạt động xây dựng"
ROADS = "Đường bộ"
HOUSEHOLD = "Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)"
FOOD = "An toàn thực phẩm"
WELFARE = "Bảo trợ xã hội"
POVERTY = "Giảm nghèo"

MORNING = (time(8), time(11, 30))
AFTERNOON = (time(13, 30), time(17))
LATE_AFTERNOON = (time(13), time(16, 30))


@dataclass(frozen=True)
class Person:
    """An invented officer; ``counters`` are the names of the counters the person works at."""

    name: str
    title: str
    phone: str
    role: str = Officer.Role.OFFICER
    field: str = ""
    counters: tuple[str, ...] = ()
    #: Procedures the person handles by name, at the first counter, besides its fields.
    procedures: tuple[str, ...] = ()
    #: Away in the first days after the demo is loaded; the colleague of that name stands in.
    away: str = ""


@dataclass(frozen=True)
class Desk:
    """A counter: its fixed code, and the fields it takes, the main one first."""

    code: str
    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """An office with its hours, counters and people."""

    slug: str
    title: str
    kind: str
    address: str
    ward: str
    phone: str
    email: str
    hours: dict[int, tuple[tuple[time, time], ...]]
    desks: tuple[Desk, ...]
    people: tuple[Person, ...]
    #: Wards it serves, its levels, and where it stands: places of a city that does not exist.
    wards: tuple[str, ...] = ()
    levels: tuple[str, ...] = ("province", "commune")
    at: tuple[str, str] = ("", "")
    #: The address of the office it is part of; that one stands before it.
    part_of: str = ""


def _week(*spans: tuple[time, time]) -> dict[int, tuple[tuple[time, time], ...]]:
    return dict.fromkeys(range(5), spans)


HEAD, DEPUTY = Officer.Role.HEAD, Officer.Role.DEPUTY

PLACES = (
    Place(
        slug="trung-tam-minh-hoa",
        title="Trung tâm phục vụ hành chính công Minh Hoạ",
        kind=Office.Kind.CENTRE,
        address="Số 1 đường Ví Dụ",
        ward="Phường Giả Định",
        phone="024 0000 0100",
        email="trungtam@minhhoa.example",
        wards=("Phường Giả Định", "Phường Ví Dụ", "Phường Thí Điểm"),
        at=("20.712300", "106.318200"),
        hours={**_week(MORNING, AFTERNOON), 5: (MORNING,)},
        desks=(
            Desk("DEMH0T1", "Quầy 1", (CIVIL, ADOPTION)),
            Desk("DEMCT02", "Quầy 2", (CERTIFY,)),
            Desk("DEMDD03", "Quầy 3", (LAND,)),
            Desk("DEMXD04", "Quầy 4", (BUILDING, ROADS)),
            Desk("DEMKD05", "Quầy 5", (HOUSEHOLD, FOOD)),
            Desk("DEMCR06", "Quầy 6", (RESIDENCE, IDENTITY, RECORD, PASSPORT)),
        ),
        people=(
            Person("Nguyễn Thị Minh Hoạ", "Giám đốc", "024 0000 0101", HEAD),
            Person("Trần Văn Ví Dụ", "Phó Giám đốc", "024 0000 0102", DEPUTY),
            Person("Lê Thị Giả Định", "Phó Giám đốc", "024 0000 0103", DEPUTY),
            Person(
                "Phạm Thị Mẫu Một",
                "Công chức Tư pháp – Hộ tịch",
                "024 0000 0111",
                field=CIVIL,
                counters=("Quầy 1", "Quầy 2"),
                procedures=("2.000806", "2.001263"),
                away="Hoàng Văn Mẫu Hai",
            ),
            Person(
                "Hoàng Văn Mẫu Hai",
                "Công chức Tư pháp – Hộ tịch",
                "024 0000 0112",
                field=CIVIL,
                counters=("Quầy 1",),
            ),
            Person(
                "Vũ Thị Mẫu Ba",
                "Chuyên viên chứng thực",
                "024 0000 0113",
                field=CERTIFY,
                counters=("Quầy 2",),
            ),
            Person(
                "Đặng Văn Mẫu Tư",
                "Viên chức Văn phòng đăng ký đất đai",
                "024 0000 0114",
                field=LAND,
                counters=("Quầy 3",),
                procedures=("1.013831",),
            ),
            Person(
                "Bùi Thị Mẫu Năm",
                "Viên chức Văn phòng đăng ký đất đai",
                "024 0000 0115",
                field=LAND,
                counters=("Quầy 3", "Quầy 4"),
            ),
            Person(
                "Đỗ Văn Mẫu Sáu",
                "Chuyên viên quản lý xây dựng",
                "024 0000 0116",
                field=BUILDING,
                counters=("Quầy 4",),
            ),
            Person(
                "Hồ Thị Mẫu Bảy",
                "Chuyên viên đăng ký kinh doanh",
                "024 0000 0117",
                field=HOUSEHOLD,
                counters=("Quầy 5",),
                procedures=("1.001612",),
            ),
            Person(
                "Ngô Văn Mẫu Tám",
                "Chuyên viên an toàn thực phẩm",
                "024 0000 0118",
                field=FOOD,
                counters=("Quầy 5",),
            ),
            Person(
                "Dương Thị Mẫu Chín",
                "Cán bộ tiếp nhận cư trú, căn cước",
                "024 0000 0119",
                field=RESIDENCE,
                counters=("Quầy 6",),
            ),
            Person(
                "Lý Văn Mẫu Mười",
                "Cán bộ tiếp nhận lý lịch tư pháp, hộ chiếu",
                "024 0000 0120",
                field=RECORD,
                counters=("Quầy 6",),
                procedures=("3.000333",),
            ),
        ),
    ),
    Place(
        slug="chi-nhanh-cau-mo",
        title="Chi nhánh Cầu Mơ",
        kind=Office.Kind.BRANCH,
        address="Số 22 phố Thử Nghiệm",
        ward="Phường Cầu Mơ",
        phone="024 0000 0130",
        email="caumo@minhhoa.example",
        wards=("Phường Cầu Mơ", "Phường Thử Nghiệm"),
        at=("20.738900", "106.347500"),
        part_of="trung-tam-minh-hoa",
        hours=_week(MORNING, AFTERNOON),
        desks=(
            Desk("DEMHT21", "Quầy 1", (CIVIL, ADOPTION)),
            Desk("DEMCR22", "Quầy 2", (RESIDENCE, IDENTITY)),
            Desk("DEMDD23", "Quầy 3", (LAND, BUILDING)),
            Desk("DEMBT24", "Quầy 4", (WELFARE, POVERTY, HOUSEHOLD)),
        ),
        people=(
            Person("Mai Văn Thử Nghiệm", "Giám đốc Chi nhánh", "024 0000 0131", HEAD),
            Person("Cao Thị Phỏng Chừng", "Phó Giám đốc Chi nhánh", "024 0000 0132", DEPUTY),
            Person(
                "Đinh Thị Mẫu Mười Một",
                "Công chức Tư pháp – Hộ tịch",
                "024 0000 0133",
                field=CIVIL,
                counters=("Quầy 1", "Quầy 4"),
            ),
            Person(
                "Trịnh Văn Mẫu Mười Hai",
                "Cán bộ tiếp nhận cư trú, căn cước",
                "024 0000 0134",
                field=RESIDENCE,
                counters=("Quầy 2", "Quầy 1"),
            ),
            Person(
                "Phan Thị Mẫu Mười Ba",
                "Viên chức Chi nhánh Văn phòng đăng ký đất đai",
                "024 0000 0135",
                field=LAND,
                counters=("Quầy 3",),
            ),
            Person(
                "Lương Văn Mẫu Mười Bốn",
                "Chuyên viên địa chính – xây dựng",
                "024 0000 0136",
                field=BUILDING,
                counters=("Quầy 3", "Quầy 2"),
            ),
            Person(
                "Tạ Thị Mẫu Mười Lăm",
                "Công chức Văn hoá – Xã hội",
                "024 0000 0137",
                field=WELFARE,
                counters=("Quầy 4",),
                procedures=("1.014027",),
            ),
        ),
    ),
    Place(
        slug="diem-tiep-nhan-ben-tuong",
        title="Điểm tiếp nhận Bến Tưởng",
        kind=Office.Kind.POINT,
        address="Nhà văn hoá Bến Tưởng, đường Tưởng Tượng",
        ward="Xã Bến Tưởng",
        phone="024 0000 0150",
        email="bentuong@minhhoa.example",
        wards=("Xã Bến Tưởng", "Xã Phỏng Chừng"),
        levels=("commune",),
        at=("20.664100", "106.291700"),
        part_of="chi-nhanh-cau-mo",
        hours={**_week(MORNING, LATE_AFTERNOON), 4: (MORNING,)},
        desks=(
            Desk("DEMHT31", "Quầy 1", (CIVIL, CERTIFY)),
            Desk("DEMBT32", "Quầy 2", (WELFARE, POVERTY, RESIDENCE)),
        ),
        people=(
            Person("Châu Thị Tưởng Tượng", "Trưởng điểm tiếp nhận", "024 0000 0151", HEAD),
            Person(
                "Tô Văn Mẫu Mười Sáu",
                "Công chức Tư pháp – Hộ tịch",
                "024 0000 0152",
                field=CIVIL,
                counters=("Quầy 1",),
            ),
            Person(
                "Kiều Thị Mẫu Mười Bảy",
                "Công chức Văn hoá – Xã hội",
                "024 0000 0153",
                field=WELFARE,
                counters=("Quầy 2", "Quầy 1"),
            ),
            Person(
                "Thạch Văn Mẫu Mười Tám",
                "Nhân viên hướng dẫn, hỗ trợ nộp trực tuyến",
                "024 0000 0154",
                field=CERTIFY,
                counters=("Quầy 1", "Quầy 2"),
            ),
        ),
    ),
)
