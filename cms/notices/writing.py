"""Writes what a notice says: from a procedure, its city layer, and an office's people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from cms import formatting, local, record
from cms.history import latest_version
from cms.models import CitySettings, Office, ProcedurePage
from cms.notices.assigned import Posts, posts_for
from cms.notices.content import Block, Box, Caption, Grid, Lines, Notice, Row, Section
from cms.picking import hours_text
from cms.presentation import (
    ChannelLine,
    channel_lines,
    fee_groups,
    level_names,
    papers_text,
    steps_and_notes,
)
from cms.standing import ABOLISHED, PAUSED

#: What a section says when the published decision says nothing.
NOTHING = "Văn bản công bố chưa ghi nội dung này."
#: Words a box shows of a long fee or condition; the section below has all of them.
BOX_WORDS = 16
#: Officers a box lists; the last section has all of them.
BOX_PEOPLE = 2


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


def _by(source: record.Source | None) -> str:
    """ " (theo 12/2026/NQ-HĐND)", when the rule names its decision."""
    return f" (theo {source.decision})" if source and source.decision else ""


def _local(said: record.LocalText) -> str:
    """A note or condition of the city, which must be told from the national ones."""
    whose = "Quy định của thành phố" if said.source.origin == "city" else "Bổ sung"
    return f"{whose}: {said.text}{_by(said.source)}"


def _waived(paper: str, why: record.LocalText) -> str:
    """A paper the city no longer asks for: it stays on the list, and says so."""
    reason = f" ({why.text})" if why.text else ""
    return f"{paper}\nKhông phải nộp{reason}{_by(why.source)}"


class _Writer:
    """Writes one notice."""

    def __init__(
        self, page: ProcedurePage, office: Office | None, city: CitySettings, day: date
    ) -> None:
        self.page, self.office, self.city, self.day = page, office, city, day
        self.rules = page.rules
        self.coming = local.announced(page.channel_rows, self.rules, day)
        self.channels = page.channels_on(day)
        self.waived = local.waived_elsewhere(page.case_rows, self.rules, day)
        self.cases: Sequence[record.DocumentCase] = page.cases_on(day)
        self.lines: list[ChannelLine] = channel_lines(self.channels)
        self.posts: Posts | None = posts_for(page, office, day) if office else None

    def notice(self) -> Notice:
        """All of it."""
        page = self.page
        version = latest_version(page)
        published = timezone.localtime(version.published_at).date() if version else None
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
            version=version.number if version else 0,
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
        now = page.standing_on(self.day)
        if now.says_something:
            since = f" từ ngày {_dated(now.since)}" if now.since else ""
            until = f" đến hết ngày {_dated(now.until)}" if now.until else ""
            reason = f" {now.reason}" if now.reason else ""
            words = {PAUSED: "TẠM DỪNG", ABOLISHED: "BÃI BỎ"}
            other = page.replaced_by if ABOLISHED in (now.state, now.coming) else None
            instead = f" Thay bằng thủ tục {other.code}: {other.name}." if other else ""
            if now.coming:
                yield f"SẼ {words[now.coming]}{since}{until}.{reason}{instead}"
            else:
                done = "ĐANG" if now.state == PAUSED else "ĐÃ"
                yield f"{done} {words[now.state]}{since}{until}.{reason}{instead}"
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
        notes = [
            "\n".join([line.note, *(_local(note) for note in channel.local_notes)]).strip()
            for line, channel in zip(self.lines, self.channels, strict=True)
        ]
        if not any(notes):
            yield Lines(tuple(dict.fromkeys(line.name for line in self.lines)), listed=True)
            return
        rows = tuple(Row((line.name, note)) for line, note in zip(self.lines, notes, strict=True))
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
                if item.waived:
                    rows.append(Row(("–", _waived(item.name, item.waived), "", "–", "–")))
                    continue
                number += 1
                counts = tuple(str(n) if n else "–" for n in (item.originals, item.copies))
                rows.append(Row((str(number), item.name, "\n".join(item.forms), *counts)))
            yield _papers_grid(rows)
        for rule in self.waived:
            yield Lines((_waived(rule.text, record.LocalText(rule.reason, rule.source)),))

    def _times(self) -> Iterable[Block]:
        rows = tuple(
            Row((line.name, "\n".join(part for part in (line.time, line.time_note) if part)))
            for line in self.lines
        )
        yield Grid(("Hình thức", "Thời hạn"), (0.24, 0.76), rows, strong=0)
        yield Lines(
            tuple(
                f"{self._from(one)}{formatting.time_text(one.time)}{_by(one.source)}."
                for one in self.coming
                if one.part == local.TIME
            )
        )

    def _fees(self) -> Iterable[Block]:
        rows = []
        for line in self.lines:
            fees = line.fees or []
            if not fees:
                rows.append(Row((line.name, formatting.UNKNOWN, "")))
            for place, fee in enumerate(fees):
                rows.append(Row(("" if place else line.name, fee.amount, fee.condition)))
        if any(row.cells[2] for row in rows):
            header = ("Hình thức", "Mức thu", "Điều kiện, đối tượng miễn giảm")
            yield Grid(header, (0.24, 0.3, 0.46), tuple(rows), strong=0)
        else:
            rows = [Row(row.cells[:2]) for row in rows]
            yield Grid(("Hình thức", "Mức thu"), (0.24, 0.76), tuple(rows), strong=0)
        for one in self.coming:
            if one.part == local.FEES:
                said = "; ".join(formatting.fee_text(fee) for fee in one.fees)
                yield Lines((f"{self._from(one)}{said or formatting.UNKNOWN}{_by(one.source)}.",))

    def _from(self, one: local.Announcement) -> str:
        """ "Từ ngày 01/01/2027, trực tuyến: "; what changes by itself on a day to come."""
        names = [record.CHANNELS.get(kind, kind) for kind in one.channels]
        where = ", ".join(name[:1].lower() + name[1:] for name in names)
        return f"Từ ngày {_dated(one.begins)}{', ' if where else ''}{where}: "

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
        for condition in local.conditions_on(self.rules, self.day):
            yield _local(condition)
        for one in self.coming:
            if one.part == local.CONDITION:
                ends = " (không còn áp dụng)" if one.ends else ""
                yield f"{self._from(one)}{one.text}{ends}{_by(one.source)}"

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
