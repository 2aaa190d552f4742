"""The fact a citizen asked for, of the first result: one query, as of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms import formatting
from cms.models import Office, ProcedurePage
from cms.models.local_layer import LAYER_COLUMNS
from cms.models.offices import OFFICE_LEVELS
from cms.presentation import (
    ChannelLine,
    FeeLine,
    channel_lines,
    fee_groups,
    level_names,
    names_of,
    papers_text,
)
from cms.wording import page_wording
from search.cards import Card

#: Papers named in an answer, and words of each; words of an office's long name.
PAPERS, PAPER_WORDS, AGENCY_WORDS = 4, 16, 24
#: Fees named of one way to hand in, and words of their conditions.
FEES, CONDITION_WORDS = 2, 22


@dataclass(frozen=True)
class Line:
    """A line of an answer; ``name`` is what it is about ("Trực tuyến"), "" for nothing."""

    text: str
    name: str = ""


@dataclass(frozen=True)
class FactAnswer:
    """``headline`` answers by itself, ``lines`` say more; ``url`` is where all of it stands."""

    fact: str
    label: str
    headline: str
    lines: tuple[Line, ...]
    url: str
    more: str

    @property
    def text(self) -> str:
        """All of it in one line."""
        rest = "; ".join(f"{one.name}: {one.text}" if one.name else one.text for one in self.lines)
        return f"{self.label}: {self.headline}" + (f" ({rest})" if rest else "")


def answers(asked: Sequence[str], card: Card, office: Office | None) -> list[FactAnswer]:
    """An answer for each fact asked, in that order; none when the procedure has gone meanwhile."""
    if not asked:
        return []
    columns = ("code", "channels", "cases", "levels", "agency", *LAYER_COLUMNS)
    page = ProcedurePage.objects.live().filter(code=card.result.code).only(*columns).first()
    if page is None:
        return []
    ways = {"fee": _fee, "time": _time, "papers": _papers}
    found = []
    for fact in asked:
        if fact in ways:
            found.append(ways[fact](page))
        elif fact == "place":
            found.append(_place(page, card, office))
        elif fact == "who":
            found.append(_who(page, card, office))
    return found


def _address(page: ProcedurePage, place: str) -> str:
    return f"{reverse('procedure', args=[page.code])}#{place}"


def _cut(text: str, words: int) -> str:
    return Truncator(" ".join(text.split())).words(words, truncate="…")


def _fee(page: ProcedurePage) -> FactAnswer:
    channels = page.channels_today
    groups = fee_groups(channel_lines(channels))
    lines = []
    if not (len(groups) == 1 and groups[0].is_bare):
        for group in groups:
            texts = [_fee_text(one) for one in group.fees[:FEES]]
            if (more := len(group.fees) - FEES) > 0:
                texts.append(
                    ngettext("và %(n)s khoản khác", "và %(n)s khoản khác", more) % {"n": more}
                )
            lines.append(Line("; ".join(texts), group.names))
    return FactAnswer(
        "fee",
        _("Lệ phí"),
        formatting.fee_summary(channels, page_wording()),
        tuple(lines),
        _address(page, "thoi-gian-le-phi"),
        _("Điều kiện, miễn giảm"),
    )


def _fee_text(fee: FeeLine) -> str:
    """ "20.000 đồng (mỗi lần đăng ký, theo 12/2026/NQ-HĐND)"."""
    amount, notes = _cut(fee.amount, CONDITION_WORDS), []
    if fee.condition:
        notes.append(_cut(fee.condition, CONDITION_WORDS))
    if fee.source and fee.source.decision:
        notes.append(_("theo %(decision)s") % {"decision": fee.source.decision})
    return f"{amount} ({', '.join(notes)})" if notes else amount


def _time(page: ProcedurePage) -> FactAnswer:
    channels = page.channels_today
    rows = channel_lines(channels)
    headline = formatting.time_summary(channels, page_wording())
    by_time: dict[str, list[ChannelLine]] = {}
    for row in rows:
        by_time.setdefault(row.time_note or row.time, []).append(row)
    lines = [Line(_cut(text, AGENCY_WORDS), names_of(some)) for text, some in by_time.items()]
    if len(lines) == 1 and lines[0].text == headline:
        lines = []
    return FactAnswer(
        "time",
        _("Thời gian"),
        headline,
        tuple(lines),
        _address(page, "thoi-gian-le-phi"),
        _("Thời gian theo hình thức nộp"),
    )


def _papers(page: ProcedurePage) -> FactAnswer:
    cases = page.cases_today
    names = [
        _cut(item.name, PAPER_WORDS)
        for item in (cases[0].items if cases else ())
        if not item.heading and item.waived is None
    ]
    lines = [Line(name) for name in names[:PAPERS]]
    if (rest := len(names) - PAPERS) > 0:
        lines.append(
            Line(ngettext("và %(n)s giấy tờ nữa", "và %(n)s giấy tờ nữa", rest) % {"n": rest})
        )
    if len(cases) > 1:
        n = len(cases)
        lines.append(
            Line(
                ngettext(
                    "Tuỳ trường hợp: trang thủ tục nêu %(n)s trường hợp",
                    "Tuỳ trường hợp: trang thủ tục nêu %(n)s trường hợp",
                    n,
                )
                % {"n": n}
            )
        )
    return FactAnswer(
        "papers",
        _("Giấy tờ cần có"),
        papers_text(cases) or _("Chưa công bố"),
        tuple(lines),
        _address(page, "giay-to"),
        _("Danh sách giấy tờ"),
    )


def _place(page: ProcedurePage, card: Card, office: Office | None) -> FactAnswer:
    channels = channel_lines(page.channels_today)
    lines = []
    if office:
        headline = f"{card.counter.name}, {office.title}" if card.counter else office.title
        url, more = reverse("office", args=[office.slug]), _("Giờ làm việc, đường đi")
        if office.address:
            lines.append(Line(office.address))
    else:
        headline = ", ".join(level_names(page.levels)) or _("Chưa công bố")
        url, more = reverse("office_list"), _("Chọn nơi nộp gần bạn")
        if not set(page.levels) & set(OFFICE_LEVELS):  # none of the city's offices takes it
            url, more = reverse("procedure", args=[page.code]), _("Xem cơ quan thực hiện")
        if page.agency.strip():
            lines.append(Line(_cut(page.agency, AGENCY_WORDS), _("Cơ quan thực hiện")))
    if channels:
        lines.append(Line(names_of(channels), _("Hình thức nộp")))
    return FactAnswer("place", _("Nơi nộp"), headline, tuple(lines), url, more)


def _who(page: ProcedurePage, card: Card, office: Office | None) -> FactAnswer:
    label = _("Người làm")
    if office is None:
        headline, url, more = _("Tuỳ nơi nộp"), reverse("office_list"), _("Chọn nơi nộp")
        return FactAnswer("who", label, headline, (), url, more)
    url, more = _address(page, "nguoi-lam"), _("Người làm tại nơi nộp")
    if card.officer is None:
        lines = [Line(office.title)] + ([Line(office.phone)] if office.phone else [])
        return FactAnswer("who", label, _("Chưa phân công"), tuple(lines), url, more)
    officer = card.officer
    lines = [Line(text) for text in (officer.title, officer.phone) if text]
    if card.counter:
        lines.append(Line(f"{card.counter.name}, {office.title}"))
    return FactAnswer("who", label, officer.name, tuple(lines), url, more)
