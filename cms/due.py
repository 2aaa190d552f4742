""" "Nộp hôm nay, dự kiến nhận …": the day a result is due, in words, for pages and JSON.

The reckoning is :mod:`cms.calendar`; here are its words, the day a citizen asks about
(``?ngay=2027-02-01``), and which calendar holds. Nothing here promises: the receipt
(*giấy tiếp nhận hồ sơ và hẹn trả kết quả*) is what counts, and pages say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.calendar import DaysOff, Due, WorkCalendar, due
from cms.day_input import read_day
from cms.hours import clock_text
from cms.record import ProcessingTime
from cms.wording import WEEKDAY_NAMES
from cms.working_days import holiday_name

#: The parameter of a page's address that names another day of filing.
DAY_PARAMETER = "ngay"
#: Holidays further ahead than this are not decided, so no day is reckoned from there.
FURTHEST_DAYS = 366
#: Days ahead for which a page is kept; those who plan further have it made anew.
KEPT_DAYS = 31
#: Week-ends listed one by one; more are counted.
WEEKENDS_LISTED = 3
_0 = time()


@dataclass(frozen=True)
class Filing:
    """When a citizen would file: a moment (local, naive), and whether a day was asked for.

    ``problem`` says in words why the day in the address was not used.
    """

    moment: datetime
    today: date
    chosen: bool = False
    asked: str = ""
    problem: str = ""

    @property
    def day(self) -> date:
        """The day of filing."""
        return self.moment.date()

    @property
    def kept_as(self) -> str | None:
        """How an address names the chosen day, where the page is worth keeping."""
        near = self.chosen and (self.day - self.today).days <= KEPT_DAYS
        return self.day.isoformat() if near else None

    @property
    def latest(self) -> date:
        """The last day that may be asked for."""
        return self.today + timedelta(days=FURTHEST_DAYS)


def filing(asked: str | None = None, now: datetime | None = None) -> Filing:
    """The filing that ``asked`` (YYYY-MM-DD or DD/MM/YYYY; empty: now) means.

    A day in the past, too far ahead or unreadable gives today with the problem in words.
    """
    now = now or timezone.localtime()
    moment, today = now.replace(tzinfo=None), now.date()
    asked = (asked or "").strip()[:40]
    if not asked:
        return Filing(moment, today)
    try:
        day = read_day(asked)
    except ValueError:
        problem = _("“%(asked)s” không phải là một ngày. Xin chọn lại ngày nộp.")
        return Filing(moment, today, asked=asked, problem=problem % {"asked": asked})
    values = {"day": f"{day:%d/%m/%Y}"}
    if day < today:
        problem = _("Ngày %(day)s đã qua. Xin chọn từ hôm nay trở đi.") % values
        return Filing(moment, today, asked=asked, problem=problem)
    if (day - today).days > FURTHEST_DAYS:
        problem = _("Ngày %(day)s còn quá xa: lịch nghỉ chưa có. Xin chọn trong vòng một năm.")
        return Filing(moment, today, asked=asked, problem=problem % values)
    if day == today:
        return Filing(moment, today, asked=asked)
    return Filing(datetime.combine(day, time.min), today, chosen=True, asked=asked)


@dataclass(frozen=True)
class DueLine:
    """One due day in words: ``label`` "Nộp hôm nay", ``day_text`` "thứ Sáu 04/12/2026" (with
    the time of day for limits in hours), and ``why`` with a sentence for each thing that
    mattered."""

    label: str
    day_text: str
    why: tuple[str, ...]
    found: Due

    @property
    def text(self) -> str:
        """The whole sentence without its full stop."""
        return _("%(label)s, dự kiến nhận %(day)s") % {"label": self.label, "day": self.day_text}


@dataclass(frozen=True)
class DueGroup:
    """Channels whose results are due alike; ``names`` is one phrase for them."""

    names: str
    line: DueLine


@dataclass(frozen=True)
class DueRange:
    """All due days of a procedure in one phrase: ``first`` and ``last`` day in words, the same
    when all channels are due alike; ``label`` is that of the desk, where there is one."""

    label: str
    first: str
    last: str


def due_range(groups: Sequence[DueGroup]) -> DueRange | None:
    """The earliest and the latest due day of the groups; None without any."""
    if not groups:
        return None
    ordered = sorted(groups, key=lambda group: (group.line.found.day, group.line.found.time or _0))
    first, last = ordered[0].line.day_text, ordered[-1].line.day_text
    return DueRange(groups[0].line.label, first, last)


def day_text(day: date) -> str:
    """ "thứ Sáu 04/12/2026"."""
    return f"{WEEKDAY_NAMES[day.weekday()]} {day:%d/%m/%Y}"


def short_day(day: date) -> str:
    """ "thứ Sáu 04/12"."""
    return f"{WEEKDAY_NAMES[day.weekday()]} {day:%d/%m}"


def due_line(
    kind: str,
    limit: ProcessingTime,
    when: Filing,
    calendar: WorkCalendar,
    cut_off: time | None,
) -> DueLine | None:
    """The due day of one channel (a key of :data:`cms.record.CHANNELS`) in words of the active
    language; None when the limit has no number or no unit, or nothing can be reckoned."""
    found = due(limit.value, limit.unit, when.moment, calendar, cut_off)
    if found is None:
        return None
    text = day_text(found.day)
    if found.time is not None:
        text = _("%(time)s %(day)s") % {"time": clock_text(found.time), "day": text}
    label = _label(kind, when, calendar)
    return DueLine(label, text, _why(kind, limit.unit, found, calendar, cut_off), found)


def _label(kind: str, when: Filing, calendar: WorkCalendar) -> str:
    """When the dossier is handed in. Online it may be any time; at the desk only when open."""
    moment = when.moment
    if kind != "online":
        moment = calendar.next_open(moment) or moment
    day, away = short_day(moment.date()), (moment.date() - when.today).days
    if kind == "postal":
        if away == 0:
            return _("Hồ sơ đến nơi hôm nay")
        return _("Hồ sơ đến nơi %(day)s") % {"day": day}
    if away == 0:
        return _("Nộp hôm nay")
    if kind == "online" or when.chosen:
        return _("Nộp %(day)s") % {"day": day}
    if away == 1:
        return _("Nộp sáng mai") if moment.hour < 12 else _("Nộp chiều mai")
    if moment.hour < 12:
        return _("Nộp sáng %(day)s") % {"day": day}
    return _("Nộp chiều %(day)s") % {"day": day}


def _why(
    kind: str, unit: str, found: Due, calendar: WorkCalendar, cut_off: time | None
) -> tuple[str, ...]:
    received = found.received
    values = {"day": short_day(received.date()), "time": clock_text(received.time())}
    sentences = []
    if kind == "postal":
        sentences.append(_("Gửi qua bưu chính: tính từ ngày hồ sơ đến nơi nhận."))
    if found.late and cut_off is not None:
        late = _("Nộp sau %(time)s thì tính từ ngày làm việc tiếp theo (quy định của thành phố).")
        sentences.append(late % {"time": clock_text(cut_off)})
    elif received > found.filed and kind == "online":
        sentences.append(_("Nộp ngoài giờ làm việc: tính từ khi nơi nhận mở cửa."))
    if unit == "hour":
        sentences.append(_("Tính từ %(time)s %(day)s, chỉ tính giờ làm việc.") % values)
    elif unit == "working_day":
        first = calendar.next_working_day(received.date() + timedelta(days=1))
        values["first"] = short_day(first or found.day)
        sentences.append(
            _("Nhận hồ sơ %(day)s; ngày làm việc đầu tiên được tính là %(first)s.") % values
        )
    else:
        sentences.append(_("Nhận hồ sơ %(day)s; tính từ ngày hôm sau, kể cả ngày nghỉ.") % values)
    if found.moved:
        moved = _(
            "Ngày cuối cùng, %(day)s, là ngày nghỉ nên chuyển sang ngày làm việc tiếp theo "
            "(Bộ luật Dân sự 2015, Điều 148 khoản 5)."
        )
        sentences.append(moved % {"day": short_day(found.nominal)})
    if found.off:
        sentences.append(_("Ngày nghỉ: %(days)s.") % {"days": off_text(found.off)})
    for day, name in found.worked:
        values = {"day": short_day(day), "name": holiday_name(name)}
        sentences.append(_("%(day)s có làm việc (%(name)s).") % values)
    return tuple(sentence[:1].upper() + sentence[1:] for sentence in sentences)


def off_text(runs: Iterable[DaysOff]) -> str:
    """Days off as one phrase: "14/02–22/02 (Tết Nguyên đán), cuối tuần 28/02–01/03"."""
    named, weekends = [], []
    for run in runs:
        days = f"{run.first:%d/%m}"
        if run.last != run.first:
            days += f"–{run.last:%d/%m}"
        if run.names:
            names = dict.fromkeys(holiday_name(name) for name in run.names)
            named.append(f"{days} ({', '.join(names)})")
        else:
            weekends.append((days, (run.last - run.first).days + 1))
    if len(weekends) > WEEKENDS_LISTED:
        count = sum(days for _text, days in weekends)
        named.append(ngettext("%(n)s ngày cuối tuần", "%(n)s ngày cuối tuần", count) % {"n": count})
    elif weekends:
        named.append(_("cuối tuần %(days)s") % {"days": ", ".join(text for text, _n in weekends)})
    return ", ".join(named)


def due_groups(lines: Sequence[tuple[str, str, DueLine | None]]) -> list[DueGroup]:
    """(kind, name, due) of each channel → those due alike together, in the order they come.

    Post that arrives on the day others hand in at the desk stands with them, under their label.
    """
    groups: dict[tuple[date, time | None, str], list[tuple[str, str, DueLine]]] = {}
    desks = {
        (line.found.day, line.found.time, line.found.received.date()): line.label
        for kind, _name, line in lines
        if line is not None and kind not in ("online", "postal")
    }
    for kind, name, line in lines:
        if line is not None:
            found_key = (line.found.day, line.found.time, line.found.received.date())
            label = desks.get(found_key, line.label) if kind == "postal" else line.label
            groups.setdefault((*found_key[:2], label), []).append((kind, name, line))
    found = []
    for rows in groups.values():
        names = list(dict.fromkeys(name for _kind, name, _line in rows))
        phrase = ", ".join([*names[:1], *(name[:1].lower() + name[1:] for name in names[1:])])
        best = next((line for kind, _name, line in rows if kind != "postal"), rows[0][2])
        found.append(DueGroup(phrase, best))
    return found
