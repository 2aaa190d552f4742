"""How an office's counters did, against peers, since when and why: the figures of one month.

Everything about answers comes from snapshots, so a page costs the same whatever the number of
answers. Only comments and cases are as they are today. :mod:`feedback.office_admin` shows it,
:mod:`feedback.printing.report` prints it, :mod:`feedback.digests` writes letters about it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from cms.models import Counter, Office
from feedback.advice import CounterFacts, advice
from feedback.board import natural
from feedback.drivers import DRIVER_WORDS
from feedback.models import Case, Comment, Snapshot, SnapshotScore
from feedback.models.comments import CommentState, Queue
from feedback.models.trust import CaseState
from feedback.presentation import ScoreText, score_text
from feedback.scoring import FEW, HIDDEN, LOWER

#: Months looked back for "since when", and for the list of months.
MONTHS_BACK = 24
#: Drivers shown of each side.
DRIVERS_SHOWN = 3
#: Item → words, as a head reads them; attitude first.
ITEMS = {
    "attitude": "Thái độ",
    "time": "Thời gian",
    "clarity": "Hướng dẫn rõ ràng",
    "fees": "Phí, lệ phí đúng quy định",
}
MINUS = "−"


@dataclass(frozen=True)
class Side:
    """What answers of one side name: how many answers, and (words, per cent) by share."""

    n: int
    named: list[tuple[str, int]]


@dataclass
class CounterReport:
    """One counter in one month."""

    counter: Counter
    score: ScoreText
    #: The body of the score as published, or as its office alone reads it.
    figures: Mapping[str, Any]
    #: One officer kept it all month: the figures are for the office alone.
    of_one: bool = False
    #: The figures are kept from this reader, who is not of the office.
    withheld: bool = False
    change: float | None = None
    left_interval: bool = False
    below_since: datetime.date | None = None
    #: "Since" is the first month that is known, and may be earlier.
    since_first: bool = False
    items: list[tuple[str, str, ScoreText, str]] = field(default_factory=list)
    weakest: str = ""
    low: Side | None = None
    high: Side | None = None
    open_cases: int = 0
    comments_waiting: int = 0
    comments_overdue: int = 0

    @property
    def change_words(self) -> str:
        """+1,2 or −0,4; empty without a month before."""
        return "" if self.change is None else signed(self.change)

    @property
    def since_words(self) -> str:
        """Từ tháng 9/2026; of a run that reaches the first month there is: ít nhất từ …"""
        if self.below_since is None:
            return ""
        words = f"từ tháng {self.below_since.month}/{self.below_since.year}"
        return f"ít nhất {words}" if self.since_first else words

    @property
    def gap(self) -> float | None:
        """Points above (below: negative) the mean of the peers; None without peers."""
        peer = self.figures.get("peer_mean")
        return None if peer is None else float(self.figures["score"] - peer)

    @property
    def facts(self) -> CounterFacts:
        """What the rules of advice look at."""
        top = self.low.named[0] if self.low and self.low.named else None
        keys = {str(words): name for name, words in DRIVER_WORDS.items()}
        return CounterFacts(
            name=self.counter.name,
            # What is kept from this reader is no counter with too few answers.
            status="withheld" if self.withheld else self.figures.get("status", HIDDEN),
            tier=self.figures.get("tier"),
            below_since=self.below_since,
            since_first=self.since_first,
            gap=self.gap,
            change=self.change,
            left_interval=self.left_interval,
            weakest=(self.weakest, ITEMS[self.weakest]) if self.weakest else None,
            driver=(keys[top[0]], top[0], top[1] / 100) if top else None,
            response_rate=self.figures.get("response_rate"),
            comments_waiting=self.comments_waiting,
            comments_overdue=self.comments_overdue,
            open_cases=self.open_cases,
        )


@dataclass
class OfficeReport:
    """The office in one month; without a snapshot there are counters and no figures."""

    office: Office
    snapshot: Snapshot | None
    counters: list[CounterReport]
    months: list[datetime.date]
    today: datetime.date

    @property
    def sentences(self) -> list[str]:
        """What to do on Monday."""
        if self.snapshot is None:
            return []
        return advice(one.facts for one in self.counters)

    @property
    def newest(self) -> bool:
        """Whether it is the last published month: then "today" belongs to it."""
        return bool(self.snapshot and self.months and self.snapshot.month == self.months[0])

    def total(self, name: str) -> int:
        """A number over all counters: comments_waiting, comments_overdue, open_cases."""
        return sum(getattr(one, name) for one in self.counters)

    def tiers(self) -> dict[str, int]:
        """How many counters are higher, similar, lower, few, hidden."""
        found = {"higher": 0, "similar": 0, "lower": 0, "few": 0, "hidden": 0}
        for one in self.counters:
            if one.score.hidden:
                found["hidden"] += 1
            elif one.score.few:
                found["few"] += 1
            elif one.score.tier_class:
                found[one.score.tier_class.removeprefix("tier-")] += 1
        return found


def signed(value: float) -> str:
    """+1,2 · −0,4 · 0,0 with a Vietnamese comma."""
    text = f"{abs(value):.1f}".replace(".", ",")
    if text == "0,0":
        return text
    return f"+{text}" if value > 0 else f"{MINUS}{text}"


def change_of(
    now: Mapping[str, Any], before: Mapping[str, Any] | None
) -> tuple[float | None, bool]:
    """Points against the month before, and whether the score left its old interval. Pure.

    None when either is hidden, or when the method changed in between.
    """
    if before is None or HIDDEN in (now.get("status", HIDDEN), before.get("status", HIDDEN)):
        return None, False
    if now["method"] != before["method"]:
        return None, False
    low, high = before["interval"]
    return now["score"] - before["score"], not low <= now["score"] <= high


def below_since(months: Sequence[tuple[datetime.date, Mapping[str, Any]]]) -> datetime.date | None:
    """First month of the unbroken run of months below the peers that ends with the newest. Pure.

    ``months`` are (month, body), the newest first. A month that was not published ends the run,
    and so does one with few answers: it says nothing about peers.
    """
    since: datetime.date | None = None
    for month, body in months:
        if body.get("status") in (HIDDEN, FEW, None) or body.get("tier") != LOWER:
            break
        if (
            since is not None
            and (since.year * 12 + since.month) - (month.year * 12 + month.month) != 1
        ):
            break
        since = month
    return since


def weakest_item(figures: Mapping[str, Any]) -> str:
    """The item furthest below its peers (or lowest, without peers); "" with fewer than two."""
    shown = {
        item: body
        for item, body in bodies_of(figures).items()
        if body.get("status", HIDDEN) != HIDDEN
    }
    if len(shown) < 2:
        return ""
    if all(body["peer_mean"] is not None for body in shown.values()):
        return min(shown, key=lambda item: shown[item]["score"] - shown[item]["peer_mean"])
    return min(shown, key=lambda item: shown[item]["score"])


def bodies_of(figures: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Item → body; attitude is the body itself. Empty when hidden."""
    if figures.get("status", HIDDEN) == HIDDEN:
        return {}
    return {"attitude": figures, **figures["by_item"]}


def side_of(stored: Mapping[str, Any] | None) -> Side | None:
    """One side of the stored drivers, what is named most first; None below five answers. Pure."""
    if not stored:
        return None
    order = list(DRIVER_WORDS)
    ranked = sorted(stored["shares"].items(), key=lambda pair: (-pair[1], order.index(pair[0])))
    named = [(str(DRIVER_WORDS[name]), round(share * 100)) for name, share in ranked if share > 0]
    return Side(stored["n"], named[:DRIVERS_SHOWN])


def months_of() -> dict[datetime.date, Snapshot]:
    """The edition in force of each of the last months, newest first; one query."""
    found: dict[datetime.date, Snapshot] = {}
    rows = Snapshot.objects.order_by("-month", "-number").defer("open_data", "figures")
    for snapshot in rows[: 3 * MONTHS_BACK]:
        found.setdefault(snapshot.month, snapshot)
    return dict(list(found.items())[:MONTHS_BACK])


def office_report(
    office: Office,
    *,
    month: datetime.date | None = None,
    own: bool = True,
    today: datetime.date | None = None,
) -> OfficeReport:
    """The report of a month (the last published one); seven queries for any number of answers.

    ``own`` says that the reader is of this office: others do not read what one officer's counter
    got. An unknown month gives the last one.
    """
    today = today or timezone.localdate()
    editions = months_of()
    snapshot = editions.get(month) if month else None
    snapshot = snapshot or next(iter(editions.values()), None)
    counters = Counter.objects.filter(office=office).select_related("main_field", "office")
    past: dict[int, list[tuple[datetime.date, SnapshotScore]]] = {}
    if snapshot:
        before = [one.pk for one in editions.values() if one.month <= snapshot.month]
        rows = SnapshotScore.objects.filter(snapshot__in=before, counter__office=office)
        for row in rows.select_related("snapshot").defer(
            "snapshot__open_data", "snapshot__figures", "distribution"
        ):
            past.setdefault(row.counter_id, []).append((row.snapshot.month, row))
    cases = _by_counter(Case.objects.filter(state=CaseState.OPEN), office)
    comments = _comments(office, today)
    reports = []
    for counter in counters:
        rows_of = sorted(past.get(counter.pk, []), key=lambda pair: pair[0], reverse=True)
        if not counter.active and not rows_of:
            continue
        waiting, overdue = comments.get(counter.pk, (0, 0))
        report = _counter_report(counter, snapshot, rows_of, own)
        report.open_cases = cases.get(counter.pk, 0)
        report.comments_waiting, report.comments_overdue = waiting, overdue
        reports.append(report)
    reports.sort(key=lambda one: natural(one.counter.name))
    return OfficeReport(office, snapshot, reports, list(editions), today)


def _counter_report(
    counter: Counter,
    snapshot: Snapshot | None,
    rows: Sequence[tuple[datetime.date, SnapshotScore]],
    own: bool,
) -> CounterReport:
    now = rows[0][1] if rows and snapshot and rows[0][0] == snapshot.month else None
    if now is None:
        return CounterReport(counter, ScoreText(hidden=True), {})
    bodies = [(month, _body(row, own)) for month, row in rows]
    figures = bodies[0][1]
    found = CounterReport(
        counter,
        score_text(figures),
        figures,
        of_one=now.of_one,
        withheld=now.of_one and not own,
        below_since=below_since(bodies),
        weakest=weakest_item(figures),
    )
    found.since_first = found.below_since is not None and found.below_since == bodies[-1][0]
    if len(bodies) > 1 and _follows(bodies[1][0], bodies[0][0]):
        found.change, found.left_interval = change_of(figures, bodies[1][1])
    for item, body in bodies_of(figures).items():
        gap = ""
        if body.get("status", HIDDEN) != HIDDEN and body["peer_mean"] is not None:
            gap = signed(body["score"] - body["peer_mean"])
        found.items.append((item, ITEMS[item], score_text(body), gap))
    found.items.sort(key=lambda one: list(ITEMS).index(one[0]))
    if not found.score.hidden:
        drivers = now.office_only.get("drivers", {})
        found.low, found.high = side_of(drivers.get("low")), side_of(drivers.get("high"))
    return found


def _body(row: SnapshotScore, own: bool) -> Mapping[str, Any]:
    """What this reader may know of the counter in that month."""
    if own and "figures" in row.office_only:
        body: Mapping[str, Any] = row.office_only["figures"]
        return body
    return row.figures or {}


def _follows(earlier: datetime.date, later: datetime.date) -> bool:
    return (later.year * 12 + later.month) - (earlier.year * 12 + earlier.month) == 1


def _by_counter(rows: QuerySet[Any], office: Office) -> dict[int, int]:
    mine = rows.filter(counter__office=office).order_by().values("counter_id")
    return dict(mine.annotate(number=Count("pk")).values_list("counter_id", "number"))


def _comments(office: Office, today: datetime.date) -> dict[int, tuple[int, int]]:
    """Counter → comments that wait for an answer, and those of them that are overdue.

    Only the office's own queue: what went to the inspectorate does not show here at all.
    """
    waiting = Comment.objects.filter(
        queue=Queue.OFFICE,
        state__in=[CommentState.RECEIVED, CommentState.ASSIGNED],
        counter__office=office,
    )
    rows = (
        waiting.order_by()
        .values("counter_id")
        .annotate(number=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    )
    return {row["counter_id"]: (row["number"], row["late"]) for row in rows}
