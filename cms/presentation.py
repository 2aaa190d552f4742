"""What pages of the published content show, gathered in few queries and ready for templates.

Views and ``ProcedurePage.get_context`` call these; templates only lay out. Everything about a
person comes from :class:`~cms.models.Officer` rows that are active.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import holidays
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms import formatting, record
from cms.hours import Opening, Span, clock_text, opening
from cms.models import Counter, Handling, Office, OfficeHours, Officer, ProcedurePage
from cms.wording import page_wording

OFFICE_COOKIE = "office"
#: Above this many characters of running text a page gets a table of contents.
LONG_PAGE = 6000
#: Fees a tile lists for one channel before it points to the whole table.
FEES_IN_TILE = 2
#: Characters; "0 đồng (nguồn không ghi điều kiện)" is still a figure.
LONGEST_FIGURE = 50

CHANNEL_NAMES = {
    "direct": gettext_lazy("Trực tiếp"),
    "online": gettext_lazy("Trực tuyến"),
    "postal": gettext_lazy("Bưu chính"),
    "other": gettext_lazy("Hình thức nguồn không ghi rõ"),
}
LEVEL_NAMES = {
    "ministry": gettext_lazy("Cấp bộ"),
    "province": gettext_lazy("Cấp tỉnh"),
    "commune": gettext_lazy("Cấp xã"),
    "other": gettext_lazy("Cơ quan khác"),
}
KIND_NAMES = {
    Office.Kind.CENTRE: gettext_lazy("Trung tâm phục vụ hành chính công"),
    Office.Kind.BRANCH: gettext_lazy("Chi nhánh"),
    Office.Kind.POINT: gettext_lazy("Điểm tiếp nhận"),
}
WEEKDAY_NAMES = (
    gettext_lazy("thứ Hai"),
    gettext_lazy("thứ Ba"),
    gettext_lazy("thứ Tư"),
    gettext_lazy("thứ Năm"),
    gettext_lazy("thứ Sáu"),
    gettext_lazy("thứ Bảy"),
    gettext_lazy("Chủ Nhật"),
)


@cache
def _public_holidays() -> Any:
    """Vietnam's public holidays; grows by itself with the years asked for."""
    return holidays.country_holidays("VN")


def opening_of(hours: Iterable[OfficeHours], now: datetime | None = None) -> Opening | None:
    """Whether an office with these rows is open; ``now`` defaults to this moment, local time."""
    spans = [Span(row.weekday, row.opens, row.closes) for row in hours]
    return opening(spans, now or timezone.localtime(), _public_holidays())


def opening_text(state: Opening | None, now: datetime | None = None) -> str:
    """Open or closed in words: "đang mở, đến 17:00"; "" when no hours are known."""
    if state is None:
        return ""
    if state.is_open and state.until:
        return _("đang mở, đến %(time)s") % {"time": clock_text(state.until)}
    head = _("đang nghỉ lễ") if state.holiday else _("đang đóng cửa")
    if not state.next_day or not state.next_time:
        return head
    today = (now or timezone.localtime()).date()
    values = {"head": head, "time": clock_text(state.next_time)}
    days = (state.next_day - today).days
    if days == 0:
        return _("%(head)s, mở lại lúc %(time)s") % values
    if days == 1:
        return _("%(head)s, mở lại %(time)s ngày mai") % values
    values["day"] = f"{WEEKDAY_NAMES[state.next_day.weekday()]} {state.next_day:%d/%m}"
    return _("%(head)s, mở lại %(time)s %(day)s") % values


@dataclass(frozen=True)
class OfficeNow:
    """An office with its state at this moment."""

    office: Office
    is_open: bool
    text: str

    @classmethod
    def of(cls, office: Office, now: datetime | None = None) -> OfficeNow:
        """Reads ``office.hours``: prefetch them for a list."""
        state = opening_of(office.hours.all(), now)
        return cls(office, bool(state and state.is_open), opening_text(state, now))


@dataclass
class Desk:
    """A counter and the active officers who sit there for what was asked."""

    counter: Counter
    officers: list[Officer] = field(default_factory=list)


@dataclass(frozen=True)
class People:
    """Người làm at one office: the desks, or, when nothing is known, whom to call instead."""

    desks: list[Desk]
    head: Officer | None = None

    @property
    def officers(self) -> list[Officer]:
        """All officers, in the order of their desks, each once."""
        found = {officer.pk: officer for desk in self.desks for officer in desk.officers}
        return list(found.values())


def desks_of(rows: Iterable[Handling]) -> list[Desk]:
    """Handling rows (counter and officer loaded) grouped by counter; left officers drop out."""
    desks: dict[int, Desk] = {}
    for row in rows:
        desk = desks.setdefault(row.counter_id, Desk(row.counter))
        officer = row.officer
        if officer and officer.active and officer not in desk.officers:
            desk.officers.append(officer)
    return list(desks.values())


def people_for(page: ProcedurePage, office: Office) -> People:
    """Who receives the procedure at the office: two queries at the most.

    Assignments that name the procedure win over those of its field, unless nobody active is
    left among them. Without any officer the head of the office is the one to call.
    """
    rows = list(Handling.objects.for_procedure(page.code, page.field_id, office.pk))
    by_name = [row for row in rows if row.procedure_code]
    desks = desks_of(by_name)
    if not any(desk.officers for desk in desks):
        desks = desks_of(rows)
    desks.sort(key=lambda desk: not desk.officers)
    if any(desk.officers for desk in desks):
        return People(desks)
    return People(desks, leaders_of(office, Officer.Role.HEAD).first())


def leaders_of(office: Office, *roles: str) -> Any:
    """Active officers of the office in these roles, the head before the deputies."""
    return Officer.objects.filter(office=office, active=True, role__in=roles).order_by(
        # "head" sorts after "deputy", so the order is turned around.
        "-role",
        "name",
    )


@dataclass(frozen=True)
class FeeLine:
    """A fee in words: what it costs and the source's condition, verbatim."""

    amount: str
    condition: str

    @property
    def is_words(self) -> bool:
        """The source has a sentence where a sum belongs: shown as text, not as a figure."""
        return len(self.amount) > LONGEST_FIGURE


@dataclass(frozen=True)
class ChannelLine:
    """One way to hand in, ready to show. ``time_note`` is the source's own wording, when it
    says more than ``time``."""

    kind: str
    name: str
    time: str
    time_note: str
    fees: list[FeeLine]
    note: str


@dataclass(frozen=True)
class FeeGroup:
    """Channels that cost the same, for the tile: "Trực tuyến, bưu chính"."""

    names: str
    fees: list[FeeLine]

    @property
    def shown(self) -> list[FeeLine]:
        """The first fees, as many as a tile holds."""
        return self.fees[:FEES_IN_TILE]

    @property
    def more(self) -> int:
        """How many fees the tile leaves out."""
        return max(0, len(self.fees) - FEES_IN_TILE)

    @property
    def is_bare(self) -> bool:
        """One fee without a condition: the tile's headline has said all of it."""
        return len(self.fees) == 1 and not self.fees[0].condition


def names_of(lines: Iterable[ChannelLine]) -> str:
    """The channels' names as one phrase, each once: "Trực tuyến, bưu chính"."""
    names = list(dict.fromkeys(line.name for line in lines))
    return ", ".join([*names[:1], *(name[:1].lower() + name[1:] for name in names[1:])])


def fee_groups(lines: Iterable[ChannelLine]) -> list[FeeGroup]:
    """Channels with the very same fees together; channels without fees are left out."""
    groups: dict[tuple[FeeLine, ...], list[ChannelLine]] = {}
    for line in lines:
        if line.fees:
            groups.setdefault(tuple(line.fees), []).append(line)
    return [FeeGroup(names_of(group), list(fees)) for fees, group in groups.items()]


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def channel_lines(channels: Sequence[record.Channel]) -> list[ChannelLine]:
    """The channels as lines of text; nothing of the source is left out."""
    lines = []
    wording = page_wording()
    for channel in channels:
        time = formatting.time_text(channel.time, wording)
        words = channel.time.text.strip()
        # A bare number is in the headline already ("1 — đơn vị chưa rõ").
        time_note = "" if _same(words, time) or words.isdigit() else words
        fees = []
        for fee in channel.fees:
            amount = formatting.fee_amount_text(fee, wording)
            condition = "" if _same(fee.condition, amount) else fee.condition.strip()
            fees.append(FeeLine(amount, condition))
        lines.append(
            ChannelLine(
                channel.kind,
                str(CHANNEL_NAMES.get(channel.kind, channel.kind)),
                time,
                time_note,
                fees,
                channel.note.strip(),
            )
        )
    return lines


def time_and_fee(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Code → time and fee in a few words of the active language (one query)."""
    wording = page_wording()
    pages = ProcedurePage.objects.live().filter(code__in=list(codes)).only("code", "channels")
    return {
        page.code: (
            formatting.time_summary(page.channel_rows, wording),
            formatting.fee_summary(page.channel_rows, wording),
        )
        for page in pages
    }


def papers_text(cases: Sequence[record.DocumentCase]) -> str:
    """How many papers, over all cases: "4 giấy tờ", "3–5 giấy tờ"; "" when none is listed."""
    counts = sorted({case.papers for case in cases if case.papers})
    if not counts:
        return ""
    if len(counts) == 1:
        return ngettext("%(n)s giấy tờ", "%(n)s giấy tờ", counts[0]) % {"n": counts[0]}
    return _("%(low)s–%(high)s giấy tờ") % {"low": counts[0], "high": counts[-1]}


def level_names(levels: Iterable[str]) -> list[str]:
    """Codes of levels → names, in the order ministry, province, commune, other."""
    wanted = set(levels)
    return [str(name) for code, name in LEVEL_NAMES.items() if code in wanted]


_STEP_LABEL = re.compile(r"^\s*(?:bước\s+\d+\s*[.:)–-]\s*|[-–+•*]\s+)", re.IGNORECASE)
_NOTE_LABEL = re.compile(r"^[\s*(+•–-]*(?:lưu ý|ghi chú)\b", re.IGNORECASE)


def steps_and_notes(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """The steps without "Bước 3:" or a dash (the list numbers them), and the notes that the
    source keeps among its steps ("* Lưu ý: …"), which are not counted as steps."""
    steps, notes = [], []
    for text in texts:
        if _NOTE_LABEL.match(text):
            notes.append(text.strip().lstrip("*+-–• "))
        elif text.strip():
            steps.append(_STEP_LABEL.sub("", text, count=1).strip())
    return steps, notes


def asked_office_slug(request: HttpRequest | None) -> str:
    """The office the address names (``?office=``), else the one the browser remembers."""
    if request is None:
        return ""
    asked = request.GET.get("office")
    return (request.COOKIES.get(OFFICE_COOKIE, "") if asked is None else asked).strip()


def _running_text(page: ProcedurePage) -> int:
    """Characters of running text, to decide on a table of contents."""
    papers = sum(len(item.name) for case in page.case_rows for item in case.items)
    return papers + len(page.requirements) + sum(len(step) for step in page.step_rows)


def procedure_context(page: ProcedurePage, request: HttpRequest | None) -> dict[str, Any]:
    """What ``cms/procedure.html`` shows, for the office the citizen picked.

    Three to five queries: offices, the hours of the picked one, who handles the procedure
    there, its head when nobody is named, and the publications of the page.
    """
    from cms.history import publications

    offices = list(Office.objects.live().order_by("title"))
    slug = asked_office_slug(request)
    office = next((one for one in offices if one.slug == slug), None)
    lines = channel_lines(page.channel_rows)
    steps, step_notes = steps_and_notes(page.step_rows)
    versions = publications(page)
    return {
        "nav": "procedures",
        "offices": offices,
        "office": office,
        "office_now": OfficeNow.of(office) if office else None,
        "office_unknown": bool(request and request.GET.get("office") and not office),
        "people": people_for(page, office) if office else None,
        "steps": steps,
        "step_notes": step_notes,
        "lines": lines,
        "channel_names": names_of(lines),
        "fee_groups": fee_groups(lines),
        "is_online": any(line.kind == "online" for line in lines),
        "time_summary": formatting.time_summary(page.channel_rows, page_wording()),
        "times_differ": len({line.time for line in lines}) > 1,
        "fee_summary": formatting.fee_summary(page.channel_rows, page_wording()),
        "papers_text": papers_text(page.case_rows),
        "levels": level_names(page.levels),
        "version": versions[0] if versions else None,
        "show_contents": _running_text(page) > LONG_PAGE,
    }
