"""Published figures as people read them: Vietnamese numbers, words and shapes beside colours."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.scoring import FEW, HIDDEN, HIGHER, LOWER, SIMILAR

#: Width of the score axis in SVG units: four to a point.
AXIS = 400
#: Tier → (shape, words, CSS class). The shape says the same without colour.
TIERS: Mapping[str, tuple[str, Promise, str]] = {
    HIGHER: ("▲", _("cao hơn nhóm"), "tier-higher"),
    SIMILAR: ("●", _("tương đương nhóm"), "tier-similar"),
    LOWER: ("▼", _("thấp hơn nhóm"), "tier-lower"),
}
LEVEL_WORDS = {
    5: _("Rất hài lòng"),
    4: _("Hài lòng"),
    3: _("Bình thường"),
    2: _("Không hài lòng"),
    1: _("Rất không hài lòng"),
}
#: Why an answer is kept and not counted, as a case or its channel says.
WHY_WORDS: Mapping[str, Promise] = {
    "duplicate": _("trùng: trình duyệt này đã đánh giá quầy trong ngày, hoặc mã đã dùng đủ số lần"),
    "burst": _("dồn dập trong mười phút"),
    "excess": _("nhiều hơn số lượt phục vụ trong ngày"),
    "device": _("một thiết bị gửi cho nhiều quầy"),
    "divergence": _("áp phích khác hẳn giấy hẹn"),
    "after_hours": _("gửi ngoài giờ làm việc"),
    "too_fast": _("trả lời dưới 3 giây"),
    "same_text": _("góp ý gần như giống nhau"),
    "person": _("người kiểm tra nghi ngờ"),
    "quarantined": _("giữ lại để kiểm tra"),
}
ITEM_WORDS = {
    "time": _("Thời gian"),
    "clarity": _("Hướng dẫn rõ ràng"),
    "fees": _("Phí, lệ phí đúng quy định"),
}


def number(value: float, places: int = 1) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English."""
    # Rounded first: number_format would cut a float off.
    return number_format(Decimal(f"{value:.{places}f}"), decimal_pos=places, force_grouping=True)


def percent(share: float) -> str:
    """A share 0–1 as whole per cent."""
    return f"{number(share * 100, 0)} %"


def _x(points: float) -> str:
    """A place on the axis; SVG wants a decimal point in every language."""
    return f"{points / 100 * AXIS:.1f}"


@dataclass(frozen=True)
class Plot:
    """Dot, whisker and peer line in SVG units."""

    low: str
    dot: str
    high: str
    peer: str | None
    hollow: bool


@dataclass(frozen=True)
class Bar:
    """One level of the distribution."""

    words: Promise
    count: str
    share: str
    width: str


@dataclass(frozen=True)
class ScoreText:
    """One score, ready for a template; everything but ``hidden`` is empty when hidden."""

    hidden: bool
    few: bool = False
    score: str = ""
    low: str = ""
    high: str = ""
    n: str = ""
    n_eff: str = ""
    satisfied: str = ""
    peer_mean: str = ""
    shape: str = ""
    tier: Promise | str = ""
    tier_class: str = ""
    response_rate: str = ""
    quarantined: int = 0
    #: Why they are kept and not counted, with how many of each.
    why: tuple[tuple[Promise | str, str], ...] = ()
    plot: Plot | None = None


def score_text(figures: Mapping[str, Any]) -> ScoreText:
    """From the JSON body of a score."""
    if figures.get("status", HIDDEN) == HIDDEN:
        return ScoreText(hidden=True)
    low, high = figures["interval"]
    peer, rate = figures["peer_mean"], figures["response_rate"]
    few = figures["status"] == FEW
    shape, words, css = TIERS.get(figures["tier"], ("", "", ""))
    return ScoreText(
        hidden=False,
        few=few,
        score=number(figures["score"]),
        low=number(low),
        high=number(high),
        n=number(figures["n"], 0),
        n_eff=number(figures["n_eff"]),
        satisfied=percent(figures["satisfied"]),
        peer_mean="" if peer is None else number(peer),
        shape=shape,
        tier=words,
        tier_class=css,
        response_rate="" if rate is None else f"{number(rate * 100)} %",
        quarantined=figures["quarantined"],
        why=why_texts(figures.get("quarantined_why", {})),
        plot=score_plot(figures["score"], low, high, peer, hollow=few),
    )


def score_plot(score: float, low: float, high: float, peer: float | None, *, hollow: bool) -> Plot:
    """Dot and whisker of a score, 0–100."""
    return Plot(
        low=_x(low),
        dot=_x(score),
        high=_x(high),
        peer=None if peer is None else _x(peer),
        hollow=hollow,
    )


def composite_text(figures: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """The composite with the ends of its interval; None unless all four items are shown."""
    if figures.get("composite") is None:
        return None
    low, high = figures["composite_interval"]
    return number(figures["composite"]), number(low), number(high)


def why_texts(reasons: Mapping[str, int]) -> tuple[tuple[Promise | str, str], ...]:
    """Reasons in words with their numbers, most frequent first."""
    ordered = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((WHY_WORDS.get(why, why), number(n, 0)) for why, n in ordered)


def bars(distribution: Mapping[str, list[int]]) -> list[Bar]:
    """The unweighted distribution over all channels, best level first; [] when hidden."""
    totals = [sum(column) for column in zip(*distribution.values(), strict=True)]
    whole = sum(totals)
    if not whole:
        return []
    return [
        Bar(
            words=words,
            count=number(totals[level - 1], 0),
            share=percent(totals[level - 1] / whole),
            width=f"{totals[level - 1] / whole * 100:.1f}",
        )
        for level, words in LEVEL_WORDS.items()
    ]


def month_text(month: datetime.date) -> str:
    """10/2026."""
    return f"{month.month}/{month.year}"


class Published(Protocol):
    """What is told of an edition: a snapshot, or a trend's edition."""

    @property
    def month(self) -> datetime.date: ...
    @property
    def as_of(self) -> datetime.date: ...
    @property
    def method(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def figures(self) -> Mapping[str, Any]: ...


def snapshot_text(snapshot: Published | None, ledger_head: str = "") -> dict[str, Any] | None:
    """What stands below every published number."""
    if snapshot is None:
        return None
    return {
        "month": month_text(snapshot.month),
        "month_iso": f"{snapshot.month:%Y-%m}",
        "as_of": snapshot.as_of,
        "method": snapshot.method,
        "number": snapshot.number,
        "reason": snapshot.reason,
        "ledger_head": ledger_head or snapshot.figures.get("ledger_head", ""),
    }
