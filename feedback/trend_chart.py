"""A trend as a drawing: places in SVG units and words, for ``feedback/_trend.html``.

Months stand at equal distances by the calendar, so a month that was not published or is hidden is
a gap. The scale is always 0–100: a chart that starts at 70 makes hills of nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from feedback.binning import month_index
from feedback.presentation import ScoreText, month_text, score_text
from feedback.trends import Edition, in_force

#: The drawing: 340 units wide, so that a unit is a pixel on a phone of 360.
WIDTH, LEFT, RIGHT = 340, 34, 8
TOP, HEIGHT = 22, 110
#: Room of a month where there are few of them.
WIDEST_STEP = 56


@dataclass(frozen=True)
class TrendMonth:
    """One month: a row of the table and, when it is shown, a dot and a whisker."""

    month: str
    iso: str
    label: str
    number: int
    method: str
    reason: str
    score: ScoreText
    x: str
    y: str
    low: str
    high: str
    corrected: bool
    new_method: bool

    @property
    def diamond(self) -> str:
        """A corrected month's dot is a diamond: its corners."""
        x, y = float(self.x), float(self.y)
        return f"{x:.1f},{y - 7:.1f} {x + 7:.1f},{y:.1f} {x:.1f},{y + 7:.1f} {x - 7:.1f},{y:.1f}"

    @property
    def edge(self) -> str:
        """Where the line before a month by a new method stands."""
        return f"{float(self.x) - 10:.1f}"


@dataclass(frozen=True)
class Trend:
    """Months oldest first, what joins them, and what a screen reader is told."""

    months: list[TrendMonth]
    #: Points of each unbroken line: it stops at gaps and at a change of method.
    lines: list[str]
    #: Height and number of each line of the grid.
    grid: list[tuple[str, int]]
    width: int
    height: int
    bottom: int
    words: str

    @property
    def corrected(self) -> bool:
        """Whether the key has to explain a corrected month."""
        return any(month.corrected for month in self.months)

    @property
    def new_method(self) -> bool:
        """Whether the key has to explain a change of method."""
        return any(month.new_method for month in self.months)

    @property
    def few(self) -> bool:
        """Whether the key has to explain an empty dot."""
        return any(month.score.few for month in self.months)

    @property
    def newest_first(self) -> list[TrendMonth]:
        """For the table."""
        return self.months[::-1]


def trend_of(editions: Sequence[Edition]) -> Trend | None:
    """The trend of these editions; None when fewer than two months show a score."""
    points = in_force(editions)
    texts = [score_text(one.figures) for one in points]
    if sum(not text.hidden for text in texts) < 2:
        return None
    first = month_index(points[0].month)
    span = month_index(points[-1].month) - first
    step = min(WIDEST_STEP, (WIDTH - LEFT - RIGHT - 20) / max(span, 1))
    months: list[TrendMonth] = []
    lines: list[list[str]] = []
    joined = False
    for position, (one, text) in enumerate(zip(points, texts, strict=True)):
        x = LEFT + 12 + (month_index(one.month) - first) * step
        before = points[position - 1] if position else None
        new_method = before is not None and before.method != one.method
        following = before is not None and month_index(one.month) - month_index(before.month) == 1
        low, high = (0.0, 0.0) if text.hidden else one.figures["interval"]
        y = "" if text.hidden else _y(one.figures["score"])
        if not text.hidden:
            if not (joined and following and not new_method):
                lines.append([])
            lines[-1].append(f"{x:.1f},{y}")
        joined = not text.hidden
        start = position == 0 or one.month.month == 1
        months.append(
            TrendMonth(
                month=month_text(one.month),
                iso=f"{one.month:%Y-%m}",
                label=month_text(one.month) if start else str(one.month.month),
                number=one.number,
                method=one.method,
                reason=one.reason,
                score=text,
                x=f"{x:.1f}",
                y=y or "0",
                low=_y(low),
                high=_y(high),
                corrected=one.number > 1,
                new_method=new_method,
            )
        )
    return Trend(
        months=months,
        lines=[" ".join(line) for line in lines if len(line) > 1],
        grid=[(_y(points), points) for points in (0, 25, 50, 75, 100)],
        width=WIDTH,
        height=TOP + HEIGHT + 24,
        bottom=TOP + HEIGHT,
        words=_words(months),
    )


def _y(points: float) -> str:
    return f"{TOP + HEIGHT * (1 - points / 100):.1f}"


def _words(months: Sequence[TrendMonth]) -> str:
    """What the drawing shows, in a sentence or two."""
    shown = [month for month in months if not month.score.hidden]
    said: dict[str, Any] = {
        "first": shown[0].month,
        "from": shown[0].score.score,
        "last": shown[-1].month,
        "to": shown[-1].score.score,
    }
    words = _("Tháng %(first)s: %(from)s điểm. Tháng %(last)s: %(to)s điểm.") % said
    gaps = [month.month for month in months if month.score.hidden]
    if gaps:
        words += " " + _("Không hiện: %(months)s.") % {"months": ", ".join(gaps)}
    corrected = [month.month for month in months if month.corrected]
    if corrected:
        words += " " + _("Đã đính chính: %(months)s.") % {"months": ", ".join(corrected)}
    changed = [f"{month.month} ({month.method})" for month in months if month.new_method]
    if changed:
        words += " " + _("Đổi phương pháp: %(months)s.") % {"months": ", ".join(changed)}
    return words
