"""What pages of the published content show, gathered in few queries and ready for templates.

Views and ``ProcedurePage.get_context`` call these; templates only lay out. Everything about a
person comes from :class:`~cms.models.Officer` rows that are active.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms import caching, formatting, record
from cms.due import DueLine
from cms.local import CONDITION, FEES, NOTE, TIME, WAIVED, waived_elsewhere
from cms.local_words import (
    ComingLine,
    LocalTextLine,
    SourceLine,
    StandingLine,
    coming_lines,
    day_text,
    not_applied_line,
    source_line,
    standing_line,
    text_lines,
    waiver_lines,
)
from cms.models import Office, ProcedurePage
from cms.models.local_layer import LAYER_COLUMNS
from cms.people import people_for
from cms.reviews import is_overdue
from cms.text import is_note
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
KIND_NAMES: dict[str, Promise] = {
    Office.Kind.CENTRE: gettext_lazy("Trung tâm phục vụ hành chính công"),
    Office.Kind.BRANCH: gettext_lazy("Chi nhánh"),
    Office.Kind.POINT: gettext_lazy("Điểm tiếp nhận"),
}


@dataclass(frozen=True)
class FeeLine:
    """A fee in words: what it costs and the source's condition, verbatim."""

    amount: str
    condition: str
    source: SourceLine | None = None

    @property
    def is_words(self) -> bool:
        """The source has a sentence where a sum belongs: shown as text, not as a figure."""
        return len(self.amount) > LONGEST_FIGURE


@dataclass(frozen=True)
class ChannelLine:
    """One way to hand in, ready to show, as on a day. ``time_note`` is the source's own wording,
    when it says more than ``time``; ``national_time`` ("" for none) and ``national_fees`` (None)
    are what the city's take the place of."""

    kind: str
    name: str
    time: str
    time_note: str
    fees: list[FeeLine]
    note: str
    limit: record.ProcessingTime | None = None
    #: When the result is due, by :func:`cms.due_page.due_context`; None: nothing to reckon with.
    due: DueLine | None = None
    time_source: SourceLine | None = None
    national_time: str = ""
    national_fees: list[FeeLine] | None = None
    local_notes: Sequence[LocalTextLine] = ()
    #: Fees and times to come for this way of handing in.
    coming: Sequence[ComingLine] = ()

    @property
    def fees_source(self) -> SourceLine | None:
        """Where all the fees come from, when they come from one and the same decision."""
        sources = {fee.source for fee in self.fees}
        return next(iter(sources)) if len(sources) == 1 else None

    @property
    def coming_fees(self) -> list[ComingLine]:
        """Announced fees."""
        return [line for line in self.coming if line.part == FEES]

    @property
    def coming_times(self) -> list[ComingLine]:
        """Announced time limits."""
        return [line for line in self.coming if line.part == TIME]


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
        return len(self.fees) == 1 and not self.fees[0].condition and not self.fees[0].source

    @property
    def source(self) -> SourceLine | None:
        """The decision of the city among the fees, for the badge."""
        return next((fee.source for fee in self.fees if fee.source), None)


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


def _fee_lines(fees: Iterable[record.Fee], wording: formatting.Wording) -> list[FeeLine]:
    lines = []
    for fee in fees:
        amount = formatting.fee_amount_text(fee, wording)
        condition = "" if _same(fee.condition, amount) else fee.condition.strip()
        lines.append(FeeLine(amount, condition, source_line(fee.source)))
    return lines


def channel_lines(
    channels: Sequence[record.Channel], coming: Sequence[ComingLine] = ()
) -> list[ChannelLine]:
    """The channels as lines of text; nothing of the source is left out."""
    lines = []
    wording = page_wording()
    for channel in channels:
        time = formatting.time_text(channel.time, wording)
        words = channel.time.text.strip()
        # A bare number is in the headline already ("1 — đơn vị chưa rõ").
        time_note = "" if _same(words, time) or words.isdigit() else words
        national = channel.national_fees
        lines.append(
            ChannelLine(
                channel.kind,
                str(CHANNEL_NAMES.get(channel.kind, channel.kind)),
                time,
                time_note,
                _fee_lines(channel.fees, wording),
                channel.note.strip(),
                channel.time,
                time_source=source_line(channel.time.source),
                national_time=formatting.time_text(channel.national_time, wording)
                if channel.national_time
                else "",
                national_fees=None if national is None else _fee_lines(national, wording),
                local_notes=text_lines(channel.local_notes),
                coming=[line for line in coming if channel.kind in line.kinds],
            )
        )
    return lines


@dataclass(frozen=True)
class Brief:
    """What a list says of a procedure today. ``standing`` is None when it is simply in use."""

    time: str
    fee: str
    standing: StandingLine | None = None


def brief(page: ProcedurePage) -> Brief:
    """Time, fee and standing of today in a few words of the active language."""
    wording, channels = page_wording(), page.channels_today
    return Brief(
        formatting.time_summary(channels, wording),
        formatting.fee_summary(channels, wording),
        page_standing(page),
    )


def time_and_fee(codes: Iterable[str]) -> dict[str, Brief]:
    """Code → what a list says of the procedure today (one query)."""
    columns = ("code", "channels", *LAYER_COLUMNS)
    pages = ProcedurePage.objects.live().filter(code__in=list(codes)).only(*columns)
    return {page.code: brief(page) for page in pages}


def page_standing(page: ProcedurePage) -> StandingLine | None:
    """Paused, abolished, or not applied in this city, in words; None when simply in use."""
    today = timezone.localdate()
    said = standing_line(page.standing_on(today))
    if said and said.grave:
        return said
    not_here = not_applied_line(page.applied, page.applied_decision, page.applied_from, today)
    return not_here if not_here and (not_here.grave or not said) else said


def layer_context(page: ProcedurePage, request: HttpRequest | None) -> dict[str, Any]:
    """The city's layer of today for ``cms/procedure.html``: no query but the replacement's.

    The page then holds until the midnight of the next switch.
    """
    today = timezone.localdate()
    if switch := page.next_switch(today):
        start = datetime.combine(switch, time(), timezone.get_default_timezone())
        caching.expires(request, start)
    if page.replaced_by_id:
        caching.shows(request, caching.procedure_tag(page.replaced_by_id))
    channels = page.channels_today
    kinds = [channel.kind for channel in channels]
    names = {kind: str(name) for kind, name in CHANNEL_NAMES.items()}
    coming = coming_lines(page.announced_changes, kinds, names)
    cases, standing = page.cases_today, page_standing(page)
    return {
        "lines": channel_lines(channels, coming),
        "coming_fees": [line for line in coming if line.part == FEES],
        "coming_times": [line for line in coming if line.part == TIME],
        "coming_conditions": [line for line in coming if line.part == CONDITION],
        "coming_papers": [line for line in coming if line.part == WAIVED],
        "coming_notes": [line for line in coming if line.part == NOTE],
        "time_summary": formatting.time_summary(channels, page_wording()),
        "fee_summary": formatting.fee_summary(channels, page_wording()),
        "cases": cases,
        "papers_text": papers_text(cases),
        "waived_elsewhere": waiver_lines(waived_elsewhere(page.case_rows, page.rules, today)),
        "local_conditions": text_lines(page.conditions_today),
        "standing": standing,
        "takes_dossiers": not (standing and standing.grave),
        "replacement": page.live_replacement,
        "applied_since": day_text(page.applied_from) if page.applied_from else "",
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


def steps_and_notes(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """The steps without "Bước 3:" or a dash (the list numbers them), and the notes that the
    source keeps among its steps ("* Lưu ý: …"), which are not counted as steps."""
    steps, notes = [], []
    for text in texts:
        if is_note(text):
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
    from cms import picking
    from cms.due_page import due_context, process_context
    from cms.form_files import forms_of
    from cms.history import gist, latest_version

    office_now = picking.picked(request)
    office = office_now.office if office_now else None
    caching.shows(request, caching.procedure_tag(page.pk))
    if office:
        caching.shows(request, caching.office_tag(office.pk))
    layer = layer_context(page, request)
    lines = layer["lines"]
    steps, step_notes = steps_and_notes(page.step_rows)
    version = latest_version(page)
    return {
        "nav": "procedures",
        **picking.picker_context(request, office_now),
        "people": people_for(page, office) if office else None,
        "steps": steps,
        "step_notes": step_notes,
        **layer,
        "channel_names": names_of(lines),
        "fee_groups": fee_groups(lines),
        "is_online": any(line.kind == "online" for line in lines),
        "times_differ": len({line.time for line in lines}) > 1,
        "levels": level_names(page.levels),
        "version": version,
        "review_overdue": is_overdue(page),
        "last_change": gist(version, 3) if version else None,
        "show_contents": _running_text(page) > LONG_PAGE,
        **due_context(page, lines, request, office_now),
        **process_context(page),
        "forms": forms_of(page, request),
    }
