"""The city's layer in words of the page's language: where a value comes from, what will change,
and whether the procedure can be used. Templates only lay these lines out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import formatting, local, record
from cms.standing import ABOLISHED, PAUSED, StandingNow
from cms.wording import page_wording

ORIGIN_NAMES = {
    "city": gettext_lazy("Thành phố quy định"),
    "national": gettext_lazy("Trung ương quy định"),
}


def day_text(day: date) -> str:
    """01/01/2027."""
    return date_format(day, "SHORT_DATE_FORMAT")


@dataclass(frozen=True)
class SourceLine:
    """Where a value comes from: a badge, the document (the source's words), since and until."""

    badge: str
    decision: str
    days: str


def source_line(source: record.Source | None) -> SourceLine | None:
    """None for the national record's own row, which needs no badge."""
    if source is None:
        return None
    days = []
    if source.since:
        days.append(_("từ %(day)s") % {"day": day_text(source.since)})
    if source.until:
        days.append(_("đến hết %(day)s") % {"day": day_text(source.until)})
    badge = str(ORIGIN_NAMES.get(source.origin, ORIGIN_NAMES["city"]))
    return SourceLine(badge, source.decision.strip(), ", ".join(days))


@dataclass(frozen=True)
class LocalTextLine:
    """A note, condition or waived paper with where it comes from; ``reason`` of a waiver."""

    text: str
    source: SourceLine | None
    reason: str = ""


def text_lines(texts: Iterable[record.LocalText]) -> list[LocalTextLine]:
    """The city's texts as lines."""
    return [LocalTextLine(one.text, source_line(one.source)) for one in texts]


def waiver_lines(rules: Iterable[local.Rule]) -> list[LocalTextLine]:
    """Waived papers that the record does not list under their name."""
    return [LocalTextLine(rule.text, source_line(rule.source), rule.reason) for rule in rules]


@dataclass(frozen=True)
class ComingLine:
    """What will switch by itself: "Từ 01/01/2027, trực tuyến: 10.000 đồng (theo …)".

    ``names`` is "" when every channel changes alike; ``what`` names the part for texts.
    """

    day: str
    begins: date
    part: str
    kinds: tuple[str, ...]
    names: str
    value: str
    decision: str
    what: str = ""


_TEXT_BEGINS = {
    local.NOTE: gettext_lazy("thêm ghi chú"),
    local.CONDITION: gettext_lazy("thêm yêu cầu, điều kiện"),
    local.WAIVED: gettext_lazy("không phải nộp"),
}
_TEXT_ENDS = {
    local.NOTE: gettext_lazy("hết hiệu lực ghi chú"),
    local.CONDITION: gettext_lazy("không còn yêu cầu, điều kiện"),
    local.WAIVED: gettext_lazy("lại phải nộp"),
}


def coming_lines(
    changes: Iterable[local.Announcement],
    kinds: Sequence[str],
    names: dict[str, str],
) -> list[ComingLine]:
    """Announced changes as lines. ``kinds`` are all channels of the page, ``names`` how each is
    called."""
    wording = page_wording()
    lines = []
    for change in changes:
        what = ""
        if change.part == local.FEES:
            value = formatting.fees_text(change.fees, wording)
        elif change.part == local.TIME:
            value = formatting.time_text(change.time, wording)
        else:
            value = change.text
            what = str((_TEXT_ENDS if change.ends else _TEXT_BEGINS)[change.part])
        alike = not change.channels or set(change.channels) >= set(kinds)
        called = [names.get(kind, kind) for kind in change.channels]
        decision = change.source.decision if change.source and not change.ends else ""
        lines.append(
            ComingLine(
                day_text(change.begins),
                change.begins,
                change.part,
                change.channels,
                "" if alike else ", ".join(name[:1].lower() + name[1:] for name in called),
                " ".join(value.split()),
                decision.strip(),
                what,
            )
        )
    return lines


@dataclass(frozen=True)
class StandingLine:
    """The banner and the line of a list. ``mark`` is a plain sign beside the words; ``grave``
    says that dossiers are not taken now."""

    text: str
    reason: str
    mark: str
    grave: bool


def standing_line(now: StandingNow) -> StandingLine | None:
    """ "Đã bãi bỏ từ 01/02/2026"; None when there is nothing to tell."""
    since = {"day": day_text(now.since)} if now.since else None
    if now.coming == ABOLISHED and since:
        text = _("Bãi bỏ từ %(day)s") % since
    elif now.coming == PAUSED and since:
        text = _("Tạm dừng từ %(day)s") % since
    elif now.state == ABOLISHED:
        text = _("Đã bãi bỏ từ %(day)s") % since if since else _("Đã bãi bỏ")
    elif now.state == PAUSED:
        text = _("Đang tạm dừng từ %(day)s") % since if since else _("Đang tạm dừng")
    else:
        return None
    if now.until:
        text = _("%(head)s, đến hết %(day)s") % {"head": text, "day": day_text(now.until)}
    grave = not now.is_open
    return StandingLine(text, now.reason, "!" if grave else "i", grave)


def not_applied_line(
    applied: str, decision: str, since: date | None, today: date
) -> StandingLine | None:
    """ "Không áp dụng tại thành phố từ …, theo …" when the city decided so; else None."""
    if applied != "no":
        return None
    text = _("Không áp dụng tại thành phố")
    if since:
        text = _("Không áp dụng tại thành phố từ %(day)s") % {"day": day_text(since)}
    grave = since is None or since <= today
    reason = _("Theo %(decision)s") % {"decision": decision} if decision.strip() else ""
    return StandingLine(text, reason, "!" if grave else "i", grave)
