"""What the notice of a procedure says, in the official order, as plain values ready to lay out.

Order and names of the sections: NĐ 63/2010 Đ8.2 (what a procedure must state). Người làm: NĐ
118/2025 Đ9.8. Texts are the record's own words, whole; only the four boxes on top are summaries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from cms import formatting, record
from cms.history import publications
from cms.models import CitySettings, Office, ProcedurePage
from cms.notices.assigned import Posts, posts_for
from cms.picking import hours_text
from cms.presentation import (
    ChannelLine,
    channel_lines,
    fee_groups,
    level_names,
    papers_text,
    steps_and_notes,
)

#: What a section says when the published decision says nothing.
NOTHING = "Văn bản công bố chưa ghi nội dung này."
#: Words a box shows of a long fee or condition; the section below has all of them.
BOX_WORDS = 16
#: Officers a box lists; the last section has all of them.
BOX_PEOPLE = 2


@dataclass(frozen=True)
class Lines:
    """Running text, one paragraph a line; ``listed`` puts a dash before each."""

    texts: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True)
class Caption:
    """A small heading inside a section: the name of a case."""

    text: str


@dataclass(frozen=True)
class Row:
    """A row of a table; a ``heading`` has one cell over the whole width."""

    cells: tuple[str, ...]
    heading: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: column names, shares of the width that sum to 1, rows. ``centred`` columns hold
    numbers, ``strong`` the column set in bold (-1: none)."""

    header: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    centred: tuple[int, ...] = ()
    strong: int = -1


Block = Lines | Caption | Grid


@dataclass(frozen=True)
class Section:
    """One numbered section of the notice."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Box:
    """One of the four boxes on top: its name, what it says in a few words, and the details."""

    name: str
    value: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """A whole notice. Dates are Hanoi days; ``address`` is the public page the QR code opens."""

    city: str
    office: str
    office_details: tuple[str, ...]
    code: str
    name: str
    plain_name: str
    scope: str
    decision: str
    version: int
    published_on: date | None
    printed_on: date
    address: str
    warnings: tuple[str, ...]
    boxes: tuple[Box, ...]
    sections: tuple[Section, ...]

    @property
    def digest(self) -> str:
        """Changes with anything printed but the day of printing."""
        words = repr(replace(self, printed_on=date.min)).encode()
        return hashlib.sha256(words).hexdigest()[:32]


def notice_of(
    page: ProcedurePage,
    *,
    office: Office | None = None,
    city: CitySettings | None = None,
    today: date | None = None,
) -> Notice:
    """The notice of a procedure as it holds on ``today``, at one office or at none in particular.

    Vietnamese whatever language is active. Two to five queries.
    """
    day = today or timezone.localdate()
    with translation.override("vi"):
        return _Writer(page, office, city or CitySettings.load(), day).notice()


def _dated(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _lines(text: str) -> tuple[str, ...]:
    """Lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _shorter(text: str) -> str:
    words = text.split()
    return " ".join(words[:BOX_WORDS]) + ("…" if len(words) > BOX_WORDS else "")


def _papers_grid(rows: list[Row]) -> Grid:
    """The papers of a case; without a form among them, the names get that column's room."""
    header = ("TT", "Tên giấy tờ", "Mẫu đơn, tờ khai", "Bản chính", "Bản sao")
    if any(row.cells[2] for row in rows if not row.heading):
        return Grid(header, (0.07, 0.51, 0.22, 0.1, 0.1), tuple(rows), centred=(0, 3, 4))
    rows = [row if row.heading else Row(row.cells[:2] + row.cells[3:]) for row in rows]
    return Grid(header[:2] + header[3:], (0.07, 0.71, 0.11, 0.11), tuple(rows), centred=(0, 2, 3))


class _Writer:
    """Writes one notice."""

    def __init__(
        self, page: ProcedurePage, office: Office | None, city: CitySettings, day: date
    ) -> None:
        self.page, self.office, self.city, self.day = page, office, city, day
        self.channels: Sequence[record.Channel] = page.channel_rows
        self.cases: Sequence[record.DocumentCase] = page.case_rows
        self.lines: list[ChannelLine] = channel_lines(self.channels)
        self.posts: Posts | None = posts_for(page, office, day) if office else None

    def notice(self) -> Notice:
        """All of it."""
        page = self.page
        versions = publications(page)
        published = timezone.localtime(versions[0].published_at).date() if versions else None
        levels = ", ".join(level_names(page.levels))
        return Notice(
            city=self.city.city,
            office=self.office.title if self.office else "",
            office_details=self._office_details(),
            code=page.code,
            name=page.name,
            plain_name=page.plain_name,
            scope=" · ".join(
                part
                for part in (f"Lĩnh vực: {page.field.name}", levels and f"Cấp thực hiện: {levels}")
                if part
            ),
            decision=page.decision_number,
            version=versions[0].number if versions else 0,
            published_on=published,
            printed_on=self.day,
            address=f"{settings.PUBLIC_URL}{reverse('procedure', args=[page.code])}",
            warnings=tuple(self._warnings()),
            boxes=self._boxes(),
            sections=tuple(self._sections()),
        )

    def _office_details(self) -> tuple[str, ...]:
        office = self.office
        if office is None:
            return (f"Tổng đài: {self.city.hotline}",) if self.city.hotline else ()
        place = ", ".join(part for part in (office.address, office.ward) if part)
        phone = f"Điện thoại: {office.phone}" if office.phone else ""
        hotline = f"Tổng đài: {self.city.hotline}" if self.city.hotline else ""
        calls = " · ".join(part for part in (phone, hotline) if part)
        hours = hours_text(office)
        return tuple(part for part in (place, calls, hours and f"Giờ làm việc: {hours}") if part)

    def _warnings(self) -> Iterable[str]:
        """What must not be overlooked on the wall: paused, abolished, not ours, an example."""
        page = self.page
        reason = f" {page.standing_reason.strip()}" if page.standing_reason.strip() else ""
        since = f" từ ngày {_dated(page.standing_from)}" if page.standing_from else ""
        if page.standing == page.Standing.PAUSED:
            until = page.standing_until
            if until is None or until >= self.day:
                begins = page.standing_from and page.standing_from > self.day
                ends = f" đến hết ngày {_dated(until)}" if until else ""
                yield f"{'SẼ TẠM DỪNG' if begins else 'TẠM DỪNG'}{since}{ends}.{reason}"
        elif page.standing == page.Standing.ABOLISHED:
            begins = page.standing_from and page.standing_from > self.day
            other = page.replaced_by
            instead = f" Thay bằng thủ tục {other.code}: {other.name}." if other else ""
            yield f"{'SẼ BÃI BỎ' if begins else 'ĐÃ BÃI BỎ'}{since}.{reason}{instead}"
        if page.applied == page.Applied.NO:
            yield "Thành phố không áp dụng thủ tục này."
        if page.is_demo:
            yield "DỮ LIỆU MINH HOẠ: không dùng để niêm yết."

    # -- the four boxes ---------------------------------------------------------------------

    def _boxes(self) -> tuple[Box, ...]:
        steps, _notes = steps_and_notes(self.page.step_rows)
        papers = papers_text(self.cases)
        parts = [f"{len(steps)} bước"] if steps else []
        parts += [papers] if papers else []
        cases = [f"{len(self.cases)} trường hợp, xem mục 4"] if len(self.cases) > 1 else []
        return (
            Box("Thủ tục", " · ".join(parts) or formatting.UNKNOWN, tuple(cases)),
            Box("Thời gian", formatting.time_summary(self.channels), self._time_details()),
            Box("Lệ phí", formatting.fee_summary(self.channels), self._fee_details()),
            self._people_box(),
        )

    def _time_details(self) -> tuple[str, ...]:
        if len({line.time for line in self.lines}) < 2:
            return ()
        return tuple(f"{line.name}: {_shorter(line.time)}" for line in self.lines)

    def _fee_details(self) -> tuple[str, ...]:
        groups = fee_groups(self.lines)
        if len(groups) == 1 and groups[0].is_bare:
            return ()
        details = []
        for group in groups:
            fees = []
            for fee in group.shown:
                condition = f" ({_shorter(fee.condition)})" if fee.condition else ""
                fees.append(_shorter(fee.amount) + condition)
            more = f"; và {group.more} khoản khác, xem mục 10" if group.more else ""
            details.append(f"{group.names}: {'; '.join(fees)}{more}")
        return tuple(details)

    def _people_box(self) -> Box:
        if self.posts is None:
            return Box(
                "Người làm", "Tuỳ nơi nộp", ("Quét mã, chọn nơi nộp để biết quầy và người làm.",)
            )
        first = self.posts.posts[0] if self.posts.posts else None
        if first and first.officers:
            details = [
                f"{one.name}, {one.title}" + (f", {one.phone}" if one.phone else "")
                for one in first.officers[:BOX_PEOPLE]
            ]
            if len(self.posts.officers) > len(details):
                details.append("Tất cả người làm: xem mục 13")
            return Box("Người làm", first.counter, tuple(details))
        asked = self._whom_to_ask()
        value = first.counter if first else formatting.UNKNOWN
        return Box("Người làm", value, (asked,) if asked else ())

    def _whom_to_ask(self) -> str:
        head = self.posts.head if self.posts else None
        phone = (head and head.phone) or (self.office and self.office.phone) or self.city.hotline
        if head:
            return f"Hỏi lãnh đạo cơ quan: {head.name}, {head.title}, {phone}"
        return f"Hỏi: {phone}" if phone else ""

    # -- the sections -----------------------------------------------------------------------

    def _sections(self) -> Iterable[Section]:
        page = self.page
        yield self._section("Trình tự thực hiện", Lines(tuple(self._steps())))
        yield self._section("Cách thức thực hiện", *self._ways())
        yield self._section("Thành phần, số lượng hồ sơ", *self._papers())
        yield self._section("Thời hạn giải quyết", *self._times())
        yield self._section("Đối tượng thực hiện", Lines(tuple(page.audience), listed=True))
        yield self._section("Cơ quan giải quyết", *self._agencies())
        yield self._section("Tên mẫu đơn, mẫu tờ khai", Lines(tuple(self._forms()), listed=True))
        yield self._section("Kết quả thực hiện", Lines(_lines(page.result)))
        yield self._section("Phí, lệ phí", *self._fees())
        yield self._section("Yêu cầu, điều kiện", Lines(tuple(self._conditions())))
        yield self._section("Căn cứ pháp lý", *self._laws())
        if self.office:
            title = f"Người làm tại {self.office.title}"
            yield self._section(title, *self._officers())
        if page.description.strip():
            yield self._section("Mô tả thêm", Lines(_lines(page.description)))

    def _section(self, title: str, *blocks: Block) -> Section:
        full = tuple(
            block
            for block in blocks
            if not isinstance(block, Lines | Grid)
            or (block.texts if isinstance(block, Lines) else block.rows)
        )
        return Section(title, full or (Lines((NOTHING,)),))

    def _steps(self) -> Iterable[str]:
        for step in self.page.step_rows:
            yield from _lines(step)

    def _ways(self) -> Iterable[Block]:
        if not any(line.note for line in self.lines):
            yield Lines(tuple(dict.fromkeys(line.name for line in self.lines)), listed=True)
            return
        rows = tuple(Row((line.name, line.note)) for line in self.lines)
        yield Grid(("Hình thức", "Mô tả"), (0.24, 0.76), rows, strong=0)

    def _papers(self) -> Iterable[Block]:
        for case in self.cases:
            if case.name.strip():
                yield Caption(case.name.strip())
            rows, number = [], 0
            for item in case.items:
                if item.heading:
                    rows.append(Row((item.name,), heading=True))
                    continue
                number += 1
                counts = tuple(str(n) if n else "–" for n in (item.originals, item.copies))
                rows.append(Row((str(number), item.name, "\n".join(item.forms), *counts)))
            yield _papers_grid(rows)

    def _times(self) -> Iterable[Block]:
        rows = tuple(
            Row((line.name, "\n".join(part for part in (line.time, line.time_note) if part)))
            for line in self.lines
        )
        yield Grid(("Hình thức", "Thời hạn"), (0.24, 0.76), rows, strong=0)

    def _fees(self) -> Iterable[Block]:
        rows = []
        for line in self.lines:
            fees = line.fees or []
            if not fees:
                rows.append(Row((line.name, formatting.UNKNOWN, "")))
            for place, fee in enumerate(fees):
                rows.append(Row(("" if place else line.name, fee.amount, fee.condition)))
        yield Grid(
            ("Hình thức", "Mức thu", "Điều kiện, đối tượng miễn giảm"),
            (0.24, 0.3, 0.46),
            tuple(rows),
            strong=0,
        )

    def _agencies(self) -> Iterable[Block]:
        page = self.page
        named = (
            ("Cơ quan thực hiện", page.agency),
            ("Cơ quan có thẩm quyền", page.authority),
            ("Cơ quan được uỷ quyền", page.delegated_agency),
            ("Cơ quan phối hợp", page.coordinating_agency),
            ("Địa chỉ tiếp nhận hồ sơ", page.reception_address),
            ("Cơ quan ban hành", page.issuing_body),
        )
        rows = tuple(Row((label, text)) for label, text in named if text.strip())
        yield Grid(("Việc", "Cơ quan"), (0.3, 0.7), rows, strong=0)

    def _forms(self) -> Iterable[str]:
        named = [form for case in self.cases for item in case.items for form in item.forms]
        files = [block.value.get("name", "") for block in self.page.form_files]
        seen: dict[str, str] = {}
        for name in (*named, *files):
            if name.strip():
                seen.setdefault(" ".join(name.split()).casefold(), name.strip())
        return seen.values()

    def _conditions(self) -> Iterable[str]:
        yield from _lines(self.page.requirements)

    def _laws(self) -> Iterable[Block]:
        rows = tuple(Row((law.number or "–", law.name)) for law in self.page.legal_rows)
        yield Grid(("Số ký hiệu", "Trích yếu"), (0.28, 0.72), rows, strong=0)

    def _officers(self) -> Iterable[Block]:
        if self.posts is None:
            return
        rows = tuple(
            Row((post.counter, one.name, one.title, one.phone or "–"))
            for post in self.posts.posts
            for one in post.officers
        )
        if rows:
            yield Grid(
                ("Quầy", "Họ và tên", "Chức danh", "Điện thoại"),
                (0.22, 0.28, 0.28, 0.22),
                rows,
                strong=1,
            )
            return
        counters = ", ".join(post.counter for post in self.posts.posts)
        said = "Nơi này chưa ghi người tiếp nhận thủ tục."
        asked = self._whom_to_ask()
        yield Lines(tuple(x for x in (counters and f"Quầy: {counters}", said, asked) if x))
