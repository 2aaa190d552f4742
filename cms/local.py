"""The city's own layer laid over the national rows, as on a day in Hanoi. Pure, without Django.

Rules are stored by ``cms/models/local_rules.py``; both their days are inclusive, and a rule
without days holds always. The national rows are never changed: every function returns new values.

Which rule wins, when several replace the same part of a channel on a day: **the one that began
last**, as a later decision replaces an earlier one; a rule without a first day began before all
others. Of two that began on the same day the one for that very channel wins over "every channel",
then the lower one in the editor's list. Rules that *add* fees all stand beside what holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from cms.record import (
    Channel,
    DocumentCase,
    DocumentItem,
    Fee,
    LocalText,
    ProcessingTime,
    Source,
    fee_of,
    time_of,
)

FEES, TIME, NOTE, CONDITION, WAIVED = "fees", "time", "note", "condition", "waived_paper"
#: A rule for every channel, where the record names none, stands on a channel of this kind.
NO_CHANNEL = "other"
_NO_TIME = ProcessingTime(None, "", "")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """One stored rule. ``channel`` is a key of CHANNELS, or "" for every channel; ``text`` is a
    note, a condition, or the name of a paper; ``reason`` says why a paper is not asked for."""

    kind: str
    source: Source
    channel: str = ""
    adds: bool = False
    fees: tuple[Fee, ...] = ()
    time: ProcessingTime = _NO_TIME
    text: str = ""
    reason: str = ""

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on that day."""
        since, until = self.source.since, self.source.until
        return (since is None or since <= day) and (until is None or day <= until)


@dataclass(frozen=True)
class Announcement:
    """What changes on a day to come, by itself.

    ``part`` is the kind of rule; ``channels`` the kinds of channel whose value changes. ``fees``
    and ``time`` are the values from that day on. For texts (note, condition, paper) ``ends`` says
    that ``text`` no longer holds. ``source`` is None when the national record's row comes back.
    """

    begins: date
    part: str
    channels: tuple[str, ...] = ()
    fees: tuple[Fee, ...] = ()
    time: ProcessingTime = _NO_TIME
    text: str = ""
    ends: bool = False
    source: Source | None = None


class _Unreadable(ValueError):
    """A stored day that is none: the rule is left out, since nobody knows when it holds."""


def _day(value: Any) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _Unreadable(str(value)) from error


def rules(raw: Iterable[Mapping[str, Any]] | None) -> tuple[Rule, ...]:
    """Stored ``local_rules`` JSON → rules, in the editor's order."""
    found = []
    for block in raw or ():
        value = block.get("value")
        if not isinstance(value, Mapping):
            continue
        try:
            since, until = _day(value.get("valid_from")), _day(value.get("valid_until"))
        except _Unreadable:
            continue
        source = Source(value.get("origin") or "city", value.get("decision") or "", since, until)
        fees = (one["value"] for one in value.get("fees") or () if "value" in one)
        found.append(
            Rule(
                kind=block.get("type") or "",
                source=source,
                channel=value.get("channel") or "",
                adds=bool(value.get("adds")),
                fees=tuple(fee_of(fee, source) for fee in fees),
                time=time_of(value, source),
                text=(value.get("text") or value.get("paper") or "").strip(),
                reason=(value.get("reason") or "").strip(),
            )
        )
    return tuple(found)


def _in_force(rules: Iterable[Rule], kind: str, day: date) -> list[Rule]:
    """Rules of a kind that hold on the day, the one that wins last."""
    held = [(n, rule) for n, rule in enumerate(rules) if rule.kind == kind and rule.holds(day)]
    held.sort(key=lambda one: (one[1].source.since or date.min, bool(one[1].channel), one[0]))
    return [rule for _n, rule in held]


def _for(kind: str, rules: Iterable[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.channel in ("", kind)]


def _fees(channel: Channel, rules: Sequence[Rule]) -> tuple[tuple[Fee, ...], bool]:
    """The channel's fees by these rules, and whether one took the place of the row's own."""
    mine = _for(channel.kind, rules)
    winners = [rule for rule in mine if not rule.adds]
    fees = winners[-1].fees if winners else channel.fees
    added = [fee for rule in mine if rule.adds for fee in rule.fees]
    return (*fees, *added), bool(winners)


def _time(channel: Channel, rules: Sequence[Rule]) -> ProcessingTime | None:
    mine = _for(channel.kind, rules)
    return mine[-1].time if mine else None


def _national(rules: Iterable[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.source.origin == "national"]


def _by_city(sources: Iterable[Source | None]) -> bool:
    return any(source and source.origin == "city" for source in sources)


def channels_on(
    channels: Sequence[Channel], rules: Sequence[Rule], day: date
) -> tuple[Channel, ...]:
    """The channels as they are on that day.

    A rule for a channel that the record does not have makes that channel: the city offers it.
    What the city says in place of a national value leaves that value in ``national_fees`` and
    ``national_time``.
    """
    fee_rules, time_rules = _in_force(rules, FEES, day), _in_force(rules, TIME, day)
    notes = _in_force(rules, NOTE, day)
    rows = list(channels)
    named = dict.fromkeys(
        rule.channel for rule in (*fee_rules, *time_rules, *notes) if rule.channel
    )
    rows += [
        Channel(kind, _NO_TIME, (), "")
        for kind in named
        if all(row.kind != kind for row in channels)
    ]
    if not rows and (fee_rules or time_rules or notes):
        rows = [Channel(NO_CHANNEL, _NO_TIME, (), "")]
    found = []
    for row in rows:
        fees, replaced = _fees(row, fee_rules)
        by_nation, _ = _fees(row, _national(fee_rules))
        time = _time(row, time_rules) or row.time
        time_by_nation = _time(row, _national(time_rules)) or row.time
        found.append(
            replace(
                row,
                fees=fees,
                time=time,
                national_fees=by_nation
                if replaced and _by_city(fee.source for fee in fees) and by_nation != fees
                else None,
                national_time=time_by_nation if _by_city([time.source]) else None,
                local_notes=tuple(
                    LocalText(rule.text, rule.source) for rule in _for(row.kind, notes)
                ),
            )
        )
    return tuple(found)


def _plain(name: str) -> str:
    """A paper's name to compare: without case, spaces, bullets and closing marks."""
    return " ".join(name.split()).casefold().strip(" .;,:-–+*•")


def _names(item: DocumentItem, paper: str) -> bool:
    """Whether the rule means this paper: its whole name, or the first line of a long one.

    Never a part of a name: "Giấy khai sinh" is not "Giấy khai sinh của cha".
    """
    wanted = _plain(paper)
    first_line = item.name.strip().partition("\n")[0]
    return bool(wanted) and wanted in (_plain(item.name), _plain(first_line))


def cases_on(
    cases: Sequence[DocumentCase], rules: Sequence[Rule], day: date
) -> tuple[DocumentCase, ...]:
    """The papers as the city asks for them on that day; a waived one says why."""
    waivers = _in_force(rules, WAIVED, day)
    if not waivers:
        return tuple(cases)

    def item_on(item: DocumentItem) -> DocumentItem:
        hits = [rule for rule in waivers if not item.heading and _names(item, rule.text)]
        return replace(item, waived=LocalText(hits[-1].reason, hits[-1].source)) if hits else item

    return tuple(replace(case, items=tuple(item_on(item) for item in case.items)) for case in cases)


def waived_elsewhere(
    cases: Sequence[DocumentCase], rules: Sequence[Rule], day: date
) -> tuple[Rule, ...]:
    """Papers the city waives on that day that the record does not list under that name.

    They are told to citizens in words, so that a re-worded national record hides no waiver.
    """
    items = [item for case in cases for item in case.items if not item.heading]
    return tuple(
        rule
        for rule in _in_force(rules, WAIVED, day)
        if not any(_names(item, rule.text) for item in items)
    )


def conditions_on(rules: Sequence[Rule], day: date) -> tuple[LocalText, ...]:
    """The city's conditions beside the national ones on that day."""
    return tuple(LocalText(rule.text, rule.source) for rule in _in_force(rules, CONDITION, day))


def _switches(rules: Iterable[Rule]) -> set[date]:
    """The first days on which a rule begins to hold, or holds no more."""
    days = {rule.source.since for rule in rules if rule.source.since}
    ends = {rule.source.until for rule in rules if rule.source.until}
    return days | {day + _ONE_DAY for day in ends if day < date.max}


def next_change(rules: Iterable[Rule], day: date) -> date | None:
    """The next day after ``day`` on which anything may switch; None when nothing ever will.

    Whatever was rendered on ``day`` holds until the midnight, Hanoi time, that begins that day.
    """
    return min((switch for switch in _switches(rules) if switch > day), default=None)


def announced(
    channels: Sequence[Channel], rules: Sequence[Rule], day: date
) -> tuple[Announcement, ...]:
    """What will change after ``day``, in the order of days: compared day by day, so that a rule
    that another one covers announces nothing, and the end of a rule announces what comes back."""
    found: list[Announcement] = []
    for switch in sorted(one for one in _switches(rules) if one > day):
        before, after = switch - _ONE_DAY, switch
        old = _numbered(channels_on(channels, rules, before))
        new = _numbered(channels_on(channels, rules, after))
        found += _grouped(switch, FEES, old, new)
        found += _grouped(switch, TIME, old, new)
        for kind in (NOTE, CONDITION, WAIVED):
            found += _texts(switch, kind, rules)
    return tuple(found)


def _numbered(channels: Iterable[Channel]) -> dict[tuple[str, int], Channel]:
    """Channels by kind and place among their kind: a record may have two rows of one."""
    seen: dict[str, int] = {}
    found = {}
    for channel in channels:
        seen[channel.kind] = seen.get(channel.kind, 0) + 1
        found[channel.kind, seen[channel.kind]] = channel
    return found


def _grouped(
    switch: date,
    part: str,
    old: Mapping[tuple[str, int], Channel],
    new: Mapping[tuple[str, int], Channel],
) -> Iterator[Announcement]:
    """The channels whose fees (or time) differ, those with the same new value together."""
    groups: dict[Any, list[str]] = {}
    for key in dict.fromkeys([*old, *new]):
        gone = Channel(key[0], _NO_TIME, (), "")
        one, other = old.get(key, gone), new.get(key, gone)
        now: Any = other.fees if part == FEES else other.time
        if _value(one.fees if part == FEES else one.time) != _value(now):
            groups.setdefault(now, []).append(key[0])
    for now, kinds in groups.items():
        names = tuple(dict.fromkeys(kinds))
        if part == FEES:
            sources = [fee.source for fee in now if fee.source]
            # Of several rules the one that began with the switch is the one that is announced.
            source = max(sources, key=lambda one: one.since or date.min, default=None)
            yield Announcement(switch, part, names, fees=now, source=source)
        else:
            yield Announcement(switch, part, names, time=now, source=now.source)


def _value(value: Any) -> Any:
    """Fees or a time without where they come from: only what a citizen pays or waits counts."""
    if isinstance(value, ProcessingTime):
        return replace(value, source=None)
    return tuple(replace(fee, source=None) for fee in value)


def _texts(switch: date, kind: str, rules: Sequence[Rule]) -> Iterator[Announcement]:
    """Notes, conditions and waivers that begin or end; one text that only changes its decision
    is no change."""

    def held(day: date) -> dict[tuple[str, str], Rule]:
        return {(rule.channel, _plain(rule.text)): rule for rule in _in_force(rules, kind, day)}

    before, after = held(switch - _ONE_DAY), held(switch)
    for key in dict.fromkeys([*before, *after]):
        if (key in before) == (key in after):
            continue
        rule = after.get(key) or before[key]
        channels = (rule.channel,) if rule.channel else ()
        yield Announcement(
            switch, kind, channels, text=rule.text, ends=key not in after, source=rule.source
        )
