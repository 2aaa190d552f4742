"""Compares a file of offices with the database: what is new, changed, the same, refused.

Nothing is written. Every row ends in exactly one of the four. Rows are refused one by one; only
the opening hours of an office are taken or left together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import time
from typing import Any

from django.utils import timezone

from cms.importing.reading import Rejected
from cms.importing_offices.plans import CHANGED, CREATED, REJECTED, UNCHANGED, Line, Plan
from cms.importing_offices.present import Present
from cms.importing_offices.settling import check, settle
from cms.importing_offices.shape import KINDS, SHEETS
from cms.importing_offices.sources import SourceRow
from cms.importing_offices.values import value_of
from cms.models import Counter, Field, Handling, Office, OfficeHours, Officer, new_counter_code
from cms.models import normal_code as normal

_Outcome = tuple[str, str, str]


def plan(rows: Iterable[SourceRow]) -> Plan:
    """What the rows would do to the database as it is now."""
    planner = _Planner(Present())
    planner.run(list(rows))
    return planner.plan


class _Planner:
    def __init__(self, present: Present) -> None:
        self.present = present
        self.plan = Plan(new_fields=present.new_fields)
        #: ``id()`` of what a row has named already → that row's line, and the thing itself: of a
        #: row that is rejected nothing else would hold it, and its ``id()`` could come again.
        self.seen: dict[int, tuple[int, Any]] = {}
        #: ``id()`` of the offices the file speaks of, by sheet.
        self.spoken: dict[str, set[int]] = {key: set() for key in SHEETS}

    def run(self, rows: list[SourceRow]) -> None:
        """All sheets, each in the order in which the next ones need it."""
        by_sheet: dict[str, list[SourceRow]] = {key: [] for key in SHEETS}
        for row in rows:
            by_sheet[row.sheet].append(row)
        # A branch names its centre, which may stand below it in the file.
        order = list(KINDS)
        values = [(row, *self._values(row)) for row in by_sheet["offices"]]
        values.sort(key=lambda one: order.index(one[1]["kind"]) if one[1].get("kind") else 9)
        self._each(values, self._office)
        self._hours([(row, *self._values(row)) for row in by_sheet["hours"]])
        for key, handle in (
            ("counters", self._counter),
            ("officers", self._officer),
            ("handlings", self._handling),
        ):
            self._each([(row, *self._values(row)) for row in by_sheet[key]], handle)
        places = {key: place for place, key in enumerate(SHEETS)}
        self.plan.lines.sort(key=lambda line: (places[line.sheet], line.line))
        self._leftovers({key for key, found in by_sheet.items() if found})

    @staticmethod
    def _values(row: SourceRow) -> tuple[dict[str, Any], str]:
        """The row's values and, when one cannot be read, why."""
        values: dict[str, Any] = {}
        problem = ""
        for column in SHEETS[row.sheet].columns:
            if column.key not in row.values and not column.required:
                continue
            try:
                values[column.key] = value_of(column, row.values.get(column.key))
            except Rejected as refused:
                problem = problem or str(refused)
        return values, problem

    def _each(
        self,
        rows: list[tuple[SourceRow, dict[str, Any], str]],
        handle: Callable[[int, dict[str, Any]], _Outcome],
    ) -> None:
        for row, values, problem in rows:
            try:
                if problem:
                    raise Rejected(problem)
                outcome, text, note = handle(row.line, values)
            except Rejected as refused:
                outcome, text, note = REJECTED, _named(values), str(refused)
            self.plan.lines.append(Line(row.sheet, row.line, outcome, text, note))

    def _once(self, thing: Any, line: int) -> None:
        before, _ = self.seen.setdefault(id(thing), (line, thing))
        if before != line:
            raise Rejected(f"Trùng với dòng {before}.")

    def _need_office(self, text: str, sheet: str) -> Office:
        office = self.present.office(text)
        if office is None:
            raise Rejected(f"Không có cơ quan “{text}”.")
        self.spoken[sheet].add(id(office))
        return office

    def _field(self, name: str) -> Field:
        found, is_new = self.present.field(name)
        if is_new:
            self.plan.warnings.append(f"Lĩnh vực mới: {name}.")
        return found

    @staticmethod
    def _writable(office: Office) -> None:
        """An office an editor is working on, or took offline, is hers to finish first."""
        if office.pk and not office.live:
            raise Rejected("Cơ quan này đang không công bố. Hãy đăng lại trước khi nhập.")
        if office.pk and office.has_unpublished_changes:
            raise Rejected("Cơ quan này có bản nháp chưa đăng. Hãy đăng hoặc huỷ bản nháp trước.")

    def _office(self, line: int, values: dict[str, Any]) -> _Outcome:
        name, slug = values.pop("name"), values.pop("slug", "")
        named = self.present.office(name) if not slug else None
        found = self.present.office_of_slug(slug) if slug else named
        if slug and not found and (same := self.present.office_of_name(name)):
            raise Rejected(
                f"Cơ quan này đã có đường dẫn {same.slug}, in trên QR; tệp không đổi được."
            )
        office = found or Office(slug=slug)
        self._once(office, line)
        self._writable(office)
        if "part_of" in values:
            above = values["part_of"]
            values["part_of"] = self.present.office(above) if above else None
            if above and not values["part_of"]:
                raise Rejected(f"“Thuộc cơ quan”: không có cơ quan “{above}”.")
        if "levels" in values:
            values["levels"] = (values["levels"] or "").split(",") if values["levels"] else []
        notes = settle(
            office,
            bool(found),
            {"title": name, "is_demo": False, **values},
            ["slug"] if slug else [],
        )
        if not found:
            self.present.add_office(office)
        self.spoken["offices"].add(id(office))
        if notes or not found:
            self.plan.offices.append(office)
        return _outcome(found, notes, name)

    def _hours(self, rows: list[tuple[SourceRow, dict[str, Any], str]]) -> None:
        """The spans of an office replace those it has, all together or not at all: half a week
        of new hours beside half a week of old ones would be wrong on every page."""
        spans: dict[int, list[tuple[SourceRow, OfficeHours]]] = {}
        offices: dict[int, Office] = {}
        broken: dict[int, int] = {}
        refused: list[tuple[SourceRow, dict[str, Any], str]] = []
        for row, values, problem in rows:
            office = None
            try:
                if values.get("office"):
                    office = self._need_office(values["office"], "hours")
                    offices[id(office)] = office
                    self._writable(office)
                if problem or office is None:
                    raise Rejected(problem)
                span = OfficeHours(
                    weekday=int(values["weekday"]), opens=values["opens"], closes=values["closes"]
                )
                check(span, ["weekday", "opens", "closes"])
                spans.setdefault(id(office), []).append((row, span))
            except Rejected as reason:
                refused.append((row, values, str(reason)))
                if office is not None:
                    broken.setdefault(id(office), row.line)
        for row, values, why in refused:
            self.plan.lines.append(Line("hours", row.line, REJECTED, _named(values), why))
        for key, found in spans.items():
            office = offices[key]
            if key in broken:
                note = f"Dòng {broken[key]} của cơ quan này hỏng: giờ làm việc giữ như cũ."
                self.plan.lines += [
                    Line("hours", row.line, REJECTED, f"{office.title}: {span}", note)
                    for row, span in found
                ]
            else:
                self._replace_hours(office, found)

    def _replace_hours(self, office: Office, found: list[tuple[SourceRow, OfficeHours]]) -> None:
        present = {_span(one): one for one in self.present.hours[id(office)]}
        wanted: dict[tuple[int, time, time], OfficeHours] = {}
        for row, span in found:
            text = f"{office.title}: {span}"
            if _span(span) in wanted:
                self.plan.lines.append(Line("hours", row.line, REJECTED, text, "Dòng lặp lại."))
                continue
            wanted[_span(span)] = span
            outcome = UNCHANGED if _span(span) in present else CREATED
            self.plan.lines.append(Line("hours", row.line, outcome, text))
        dropped = [str(one) for key, one in present.items() if key not in wanted]
        if dropped:
            self.plan.warnings.append(
                f"{office.title}: giờ làm việc được thay, bỏ {', '.join(dropped)}."
            )
        if wanted.keys() != present.keys():
            self.plan.hours[id(office)] = list(wanted.values())
            if not any(one is office for one in self.plan.offices):
                self.plan.offices.append(office)

    def _counter(self, line: int, values: dict[str, Any]) -> _Outcome:
        office = self._need_office(values.pop("office"), "counters")
        name, code = values.pop("name"), normal(values.pop("code", ""))
        named = self.present.counter(office, name)
        found = self.present.counter_of_code(code) if code else named
        if found and found.office is not office:
            raise Rejected(f"Mã {code} là của {found.name}, {found.office.title}.")
        if named and named is not found:
            raise Rejected(f"{named.name} có mã {named.code}, đã in trên QR; tệp ghi {code}.")
        counter = found or Counter(office=office, code=code or self._new_code())
        self._once(counter, line)
        main = values["main_field"] = self._field(values["main_field"])
        others = values.pop("fields", None)
        if values.get("active") is None:
            values.pop("active", None)
        notes = settle(counter, bool(found), {"name": name, "is_demo": False, **values}, ["code"])
        before = {one.slug: one for one in counter.fields.all()} if found else {}
        after = {main.slug: main}
        after |= before if others is None else {}
        after |= {one.slug: one for one in map(self._field, others or [])}
        if before.keys() != after.keys():
            self.plan.counter_fields[id(counter)] = list(after.values())
            if found:
                notes.append("lĩnh vực tiếp nhận: " + ", ".join(one.name for one in after.values()))
        self.present.add_counter(counter)
        if not found:
            self.plan.new_counters.append(counter)
        elif notes:
            self.plan.changed_counters.append(counter)
        return _outcome(found, notes, f"{name}, {office.title}")

    def _new_code(self) -> str:
        """A code nobody has, in the database or in the file so far."""
        while True:
            code = new_counter_code()
            if self.present.counter_of_code(code) is None:
                return code

    def _officer(self, line: int, values: dict[str, Any]) -> _Outcome:
        office = self._need_office(values.pop("office"), "officers")
        name, title = values.pop("name"), values.pop("title")
        same = self.present.officers_named(office, name, title)
        found = same[0] if same else None
        officer = found or Officer(office=office)
        self._once(officer, line)
        for key in ("role", "active"):
            if values.get(key) is None:
                values.pop(key, None)
        if "field" in values:
            values["field"] = self._field(values["field"]) if values["field"] else None
        wanted = {"name": name, "title": title, "is_demo": False, **values}
        notes = settle(officer, bool(found), wanted)
        if not found:
            self.present.add_officer(officer)
            self.plan.new_officers.append(officer)
        elif notes:
            self.plan.changed_officers.append(officer)
        return _outcome(found, notes, f"{name}, {office.title}")

    def _person(self, office: Office, column: str, name: str, title: str = "") -> Officer:
        found = self.present.officers_named(office, name, title)
        if not found:
            raise Rejected(f"“{column}”: {office.title} không có ai tên “{name}”.")
        if len(found) > 1:
            raise Rejected(f"“{column}”: có {len(found)} người tên “{name}”; hãy ghi chức danh.")
        return found[0]

    def _handling(self, line: int, values: dict[str, Any]) -> _Outcome:
        office = self._need_office(values["office"], "handlings")
        counter = self.present.counter(office, values["counter"])
        if counter is None:
            raise Rejected(f"{office.title} không có quầy “{values['counter']}”.")
        name, code = values.get("officer", ""), values.get("procedure_code", "")
        if code and code not in self.present.codes:
            if self.present.codes:
                raise Rejected(f"Không có thủ tục nào mang mã {code}.")
            self.plan.warnings.append(f"Chưa có thủ tục {code}: phân công chờ thủ tục được nhập.")
        officer = self._person(office, "Người làm", name, values.get("title", "")) if name else None
        field_name = values.get("field", "")
        if not field_name and not code:
            raise Rejected("Ghi lĩnh vực hoặc mã thủ tục.")
        wanted = Handling(
            counter=counter,
            officer=officer,
            field=self._field(field_name) if field_name else None,
            procedure_code=code,
            valid_from=values.get("valid_from"),
        )
        found = self.present.handling(wanted)
        handling = found or wanted
        self._once(handling, line)
        changes: dict[str, Any] = {}
        if "valid_until" in values:
            changes["valid_until"] = values["valid_until"]
        if "rank" in values:
            changes["rank"] = values["rank"] or 0
        if "substitute" in values:
            other = values["substitute"]
            changes["substitute"] = self._person(office, "Người thay", other) if other else None
        notes = settle(handling, bool(found), changes, ["procedure_code"])
        if not found:
            self.present.add_handling(handling)
            self.plan.new_handlings.append(handling)
        elif notes:
            self.plan.changed_handlings.append(handling)
        what = code or field_name
        return _outcome(found, notes, f"{name or 'chưa ghi ai'}, {counter.name}: {what}")

    def _leftovers(self, sheets: set[str]) -> None:
        """Rows of the database the file does not name, at the offices it speaks of."""
        today = timezone.localdate()
        spoken = self.spoken["offices"]
        found: list[str] = []
        if "offices" in sheets:
            found += [
                f"Cơ quan: {one.title}"
                for one in self.present.offices
                if one.live and id(one) not in spoken
            ]
        people = [one for one in self.present.officers if one.active]
        people = [one for one in people if one.last_day is None or one.last_day >= today]
        rows = [
            one for one in self.present.handlings
            if one.valid_until is None or one.valid_until >= today
        ]  # fmt: skip
        counters = [one for one in self.present.counters if one.active]
        for key, things in (("counters", counters), ("officers", people), ("handlings", rows)):
            if key in sheets:
                at = spoken | self.spoken[key]
                found += [
                    f"{SHEETS[key].name}: {one}"
                    for one in things
                    if id(_office_of(one)) in at and id(one) not in self.seen
                ]
        self.plan.leftovers = found


def _office_of(thing: Any) -> Office:
    return thing.counter.office if isinstance(thing, Handling) else thing.office


def _span(row: OfficeHours) -> tuple[int, time, time]:
    return (row.weekday, row.opens, row.closes)


def _named(values: dict[str, Any]) -> str:
    """What a refused row is about, as far as it can be read."""
    keys = ("name", "officer", "counter", "office")
    return ", ".join(str(values[key]) for key in keys if values.get(key))[:200]


def _outcome(found: Any, notes: list[str], text: str) -> _Outcome:
    if not found:
        return CREATED, text, ""
    return (CHANGED, text, "; ".join(notes)) if notes else (UNCHANGED, text, "")
