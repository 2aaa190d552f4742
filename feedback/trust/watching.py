"""The worker's round: looks at what arrived, puts poster answers aside, opens cases (rating.md §4).

Reads rows, hands figures to feedback/trust/signals.py, and lets feedback/trust/cases.py write. A
round that is run again finds the same cases and adds what is new.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.utils import timezone

from cms.text import fold
from feedback import traces
from feedback.models import Comment, Rating, Trace
from feedback.models.ratings import Channel, Standing
from feedback.models.trust import Signal
from feedback.trust import signals
from feedback.trust.cases import open_case
from feedback.trust.expected import city_factor
from feedback.trust.past import office_calendars, read_past
from feedback.trust.texts import same_texts

log = logging.getLogger(__name__)

#: Days back whose answers may still arrive (a form's token lives for seven).
LATE_DAYS = 7
#: Days of a new month in which the month before is judged.
MONTH_DAYS = 10
#: Comments are compared over so many days.
TEXT_DAYS = 30
#: Minutes before opening and after closing in which an answer is no surprise.
BEFORE_MINUTES, AFTER_MINUTES = 30, 180
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Seen:
    """An answer with its trace."""

    rating: uuid.UUID
    counter: int
    channel: str
    window: int
    seconds: int | None
    browser: bytes | None
    service_day: datetime.date
    level: int


def look(now: datetime.datetime | None = None) -> int:
    """One round over everything that may have changed; how many cases were opened or grew."""
    today = timezone.localtime(now).date() if now else timezone.localdate()
    found = 0
    for day in (today - _DAY, today):
        found += look_at_arrivals(day)
    for ago in range(LATE_DAYS + 1):
        found += look_at_totals(today - ago * _DAY)
    traces.forget_old(today)
    return found


def look_daily(now: datetime.datetime | None = None) -> int:
    """What does not change from minute to minute: finished days and months, and comments."""
    today = timezone.localtime(now).date() if now else timezone.localdate()
    found = look_at_texts(today)
    for ago in range(1, LATE_DAYS + 1):
        found += look_at_surges(today - ago * _DAY)
    if today.day <= MONTH_DAYS:
        found += look_at_month((today.replace(day=1) - _DAY).replace(day=1))
    return found


def look_at_arrivals(day: datetime.date) -> int:
    """Bursts, devices, answers out of hours and too fast ones among a day's traces."""
    seen = _seen_on(day)
    by_counter: defaultdict[int, list[Seen]] = defaultdict(list)
    for one in seen:
        by_counter[one.counter].append(one)
    posters = [one for one in seen if one.channel == Channel.POSTER]
    crowded = {
        counter
        for counter, number in Tally(one.counter for one in posters).items()
        if number >= signals.BURST_LEAST
    }
    past = read_past(day, crowded)
    at_screen = {
        counter
        for counter, number in Tally(
            o.counter for o in seen if o.channel == Channel.DISPLAY
        ).items()
        if number >= signals.BURST_LEAST
    }
    screens = read_past(day, at_screen, Channel.DISPLAY)
    repeated = signals.devices((o.browser, o.counter, o.window) for o in posters if o.browser)
    calendars = office_calendars(by_counter, day)
    found = 0
    for counter, ones in sorted(by_counter.items()):
        of_poster = [one for one in ones if one.channel == Channel.POSTER]
        counts = Tally(one.window for one in of_poster)
        if counter in crowded:
            usual = past.usual(counter)
            windows = signals.bursts(counts, usual)
            by_level: defaultdict[int, Tally[int]] = defaultdict(Tally)
            for one in of_poster:
                by_level[one.level][one.window] += 1
            same = signals.level_bursts(by_level, usual)
            burst = [o for o in of_poster if o.window in windows or (o.window, o.level) in same]
            within = Tally(one.window for one in burst)
            figures = {str(window): within[window] for window in sorted(within)}
            found += _doubt(counter, Signal.BURST, day, burst, {"windows": figures}, automatic=True)
        if counter in at_screen:
            of_screen = [one for one in ones if one.channel == Channel.DISPLAY]
            counts = Tally(one.window for one in of_screen)
            windows = signals.bursts(counts, screens.usual(counter))
            burst = [one for one in of_screen if one.window in windows]
            figures = {str(window): counts[window] for window in sorted(windows)}
            found += _doubt(counter, Signal.SCREEN, day, burst, {"windows": figures})
        repeats = [one for one in of_poster if one.browser in repeated]
        marks = len({one.browser for one in repeats})
        found += _doubt(counter, Signal.DEVICE, day, repeats, {"browsers": marks}, automatic=True)
        late = [one for one in ones if _is_out_of_hours(calendars[counter].hours_on(day), one)]
        if signals.too_many(len(late), len(ones), signals.AFTER_HOURS_SHARE):
            found += _doubt(counter, Signal.AFTER_HOURS, day, late, {"of": len(ones)})
        timed = [one for one in ones if one.seconds is not None]
        fast = [one for one in timed if (one.seconds or 0) < signals.FAST_SECONDS]
        if signals.too_many(len(fast), len(timed), signals.FAST_SHARE):
            found += _doubt(counter, Signal.TOO_FAST, day, fast, {"of": len(timed)})
    return found


def _seen_on(day: datetime.date) -> list[Seen]:
    rows = Trace.objects.filter(day=day).exclude(rating__standing=Standing.DUPLICATE)
    return [
        Seen(
            rating,
            counter,
            channel,
            window,
            seconds,
            bytes(browser) if browser else None,
            at,
            level,
        )
        for rating, counter, channel, window, seconds, browser, at, level in rows.values_list(
            "rating_id",
            "rating__counter_id",
            "rating__channel",
            "window",
            "seconds",
            "browser",
            "rating__service_day",
            "rating__attitude",
        ).iterator(5000)
    ]


def _is_out_of_hours(spans: Collection[tuple[datetime.time, datetime.time]], one: Seen) -> bool:
    """Whether the window ends half an hour before opening, or begins three hours after closing."""
    if not spans:
        return True
    start = one.window * traces.WINDOW_MINUTES
    opens = min(span[0] for span in spans)
    closes = max(span[1] for span in spans)
    return (
        start + traces.WINDOW_MINUTES <= opens.hour * 60 + opens.minute - BEFORE_MINUTES
        or start >= closes.hour * 60 + closes.minute + AFTER_MINUTES
    )


def _doubt(
    counter: int,
    signal: Signal,
    day: datetime.date,
    answers: Iterable[Seen],
    evidence: dict[str, object],
    *,
    automatic: bool = False,
) -> int:
    """Open or grow the case of that day; 1 when anything was added."""
    ones = list(answers)
    if not ones:
        return 0
    case = open_case(
        counter=counter,
        signal=signal,
        first_day=day,
        last_day=day,
        answers=[one.rating for one in ones],
        evidence={"answers": len(ones), **evidence},
        automatic=automatic,
    )
    return int(case is not None)


def look_at_totals(day: datetime.date) -> int:
    """Days with more poster answers than their tickets, by service day."""
    kept = Rating.objects.filter(service_day=day, channel=Channel.POSTER).exclude(
        standing=Standing.DUPLICATE
    )
    totals = Tally(kept.order_by().values_list("counter_id", flat=True))
    many = {counter for counter, number in totals.items() if number >= signals.BURST_LEAST}
    past = read_past(day, many)
    found = 0
    for counter in sorted(many):
        usual = past.usual(counter)
        if not signals.excess(totals[counter], usual):
            continue
        evidence = {"answers": totals[counter], "tickets": usual.tickets, "usual": usual.answers}
        case = open_case(
            counter=counter,
            signal=Signal.EXCESS,
            first_day=day,
            last_day=day,
            answers=list(kept.filter(counter=counter).values_list("pk", flat=True)),
            evidence=evidence,
            automatic=True,
        )
        found += case is not None
    return found


def look_at_surges(day: datetime.date) -> int:
    """Days on which one-time codes or a screen's codes were used far more often than usual."""
    found = 0
    for channel, signal in ((Channel.RECEIPT, Signal.SLIPS), (Channel.DISPLAY, Signal.SCREEN)):
        kept = Rating.objects.filter(service_day=day, channel=channel).exclude(
            standing=Standing.DUPLICATE
        )
        totals = Tally(kept.order_by().values_list("counter_id", flat=True))
        past = read_past(day, set(totals), channel)
        usuals = {counter: past.usual(counter) for counter in totals}
        # Where the whole city asks for ratings, nobody's own day stands out.
        lift = max(1.0, city_factor((totals[one], usuals[one].answers) for one in totals))
        for counter, number in sorted(totals.items()):
            usual = replace(usuals[counter], answers=usuals[counter].answers * lift)
            if not signals.surge(number, usual):
                continue
            case = open_case(
                counter=counter,
                signal=signal,
                first_day=day,
                last_day=day,
                answers=list(kept.filter(counter=counter).values_list("pk", flat=True)),
                evidence={"answers": number, "tickets": usual.tickets, "usual": usual.answers},
                automatic=False,
            )
            found += case is not None
    return found


def look_at_month(month: datetime.date) -> int:
    """Poster and screen answers of a finished month against its receipt answers, by counter."""
    after = (month + 32 * _DAY).replace(day=1)
    counted = Rating.objects.filter(
        service_day__gte=month, service_day__lt=after, standing=Standing.COUNTED
    ).order_by()
    levels: defaultdict[tuple[int, str], Tally[int]] = defaultdict(Tally)
    daily: defaultdict[int, Tally[datetime.date]] = defaultdict(Tally)
    rows = counted.values_list("counter_id", "channel", "attitude", "service_day")
    for counter, channel, level, day in rows.iterator(5000):
        levels[counter, channel][level] += 1
        if channel == Channel.POSTER:
            daily[counter][day] += 1
    counters = {counter for counter, _ in levels}
    before = read_past(month, counters)
    days = [month + n * _DAY for n in range((after - month).days)]
    open_days = [day for day in days if day.weekday() < 5]
    months = {
        counter: signals.Month(
            poster=levels[counter, Channel.POSTER],
            receipt=levels[counter, Channel.RECEIPT],
            daily=[daily[counter][day] for day in open_days],
            usual=before.answers(counter) * len(open_days),
        )
        for counter in counters
    }
    screens = {
        counter: signals.Month(levels[counter, Channel.DISPLAY], levels[counter, Channel.RECEIPT])
        for counter in counters
    }
    found = 0
    for channel, signal, compared in (
        (Channel.POSTER, Signal.DIVERGENCE, months),
        (Channel.DISPLAY, Signal.SCREEN, screens),
    ):
        for counter, gap in signals.divergences(compared).items():
            if not gap.doubtful:
                continue
            answers = counted.filter(counter=counter, channel=channel)
            evidence = {
                "by": gap.by,
                "poster" if channel == Channel.POSTER else "screen": sum(
                    compared[counter].poster.values()
                ),
                "receipt": sum(compared[counter].receipt.values()),
                "gap": round(gap.gap, 1),
                "peer_gap": round(gap.peer_gap, 1),
                "z": round(gap.z, 2),
            }
            case = open_case(
                counter=counter,
                signal=signal,
                first_day=month,
                last_day=after - _DAY,
                answers=list(answers.values_list("pk", flat=True)),
                evidence=evidence,
                automatic=False,
            )
            found += case is not None
    return found


def look_at_texts(today: datetime.date) -> int:
    """Comments of thirty days that are nearly the same, counter by counter."""
    first = today - TEXT_DAYS * _DAY
    texts: defaultdict[int, dict[object, list[str]]] = defaultdict(dict)
    days: dict[uuid.UUID, datetime.date] = {}
    rows = Comment.objects.filter(
        received_on__gte=first, rating__standing=Standing.COUNTED
    ).values_list("rating__counter_id", "rating_id", "text", "received_on")
    for counter, rating, text, day in rows.iterator(2000):
        texts[counter][rating] = fold(text).split()
        days[rating] = day
    found = 0
    for counter, of_counter in sorted(texts.items()):
        for group in same_texts(of_counter):
            ratings = [one for one in group if isinstance(one, uuid.UUID)]
            case = open_case(
                counter=counter,
                signal=Signal.SAME_TEXT,
                first_day=min(days[one] for one in ratings),
                last_day=max(days[one] for one in ratings),
                answers=ratings,
                evidence={"answers": len(ratings)},
                automatic=False,
            )
            found += case is not None
    return found
