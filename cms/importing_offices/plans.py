"""What an import would do: the outcome of each row, and what there is to write."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field

from cms.importing_offices.shape import SHEETS
from cms.models import Counter, Field, Handling, Office, OfficeHours, Officer

CREATED, CHANGED, UNCHANGED, REJECTED = "created", "changed", "unchanged", "rejected"


@dataclass(frozen=True)
class Line:
    """What becomes of one row: ``text`` names the thing, ``note`` says what changes, or why the
    row is refused."""

    sheet: str
    line: int
    outcome: str
    text: str
    note: str = ""

    @property
    def where(self) -> str:
        """As people find it: "Quầy, dòng 4"."""
        return f"{SHEETS[self.sheet].name}, dòng {self.line}"


@dataclass
class Plan:
    """What an import would do; :func:`cms.importing_offices.apply` does it."""

    lines: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: What the database holds and the file, for the same sheets and offices, does not.
    leftovers: list[str] = field(default_factory=list)

    new_fields: list[Field] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    #: Offices whose hours are replaced, by ``id()``.
    hours: dict[int, list[OfficeHours]] = field(default_factory=dict)
    new_counters: list[Counter] = field(default_factory=list)
    changed_counters: list[Counter] = field(default_factory=list)
    #: The fields of a counter that is new or has other fields now, by ``id()``.
    counter_fields: dict[int, list[Field]] = field(default_factory=dict)
    new_officers: list[Officer] = field(default_factory=list)
    changed_officers: list[Officer] = field(default_factory=list)
    new_handlings: list[Handling] = field(default_factory=list)
    changed_handlings: list[Handling] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """Rows that end so."""
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def rejected(self) -> list[Line]:
        """The refused rows, in the order of the file."""
        return [line for line in self.lines if line.outcome == REJECTED]

    @property
    def differences(self) -> list[Line]:
        """New and changed rows."""
        return [line for line in self.lines if line.outcome in (CREATED, CHANGED)]

    @property
    def tally(self) -> list[tuple[str, dict[str, int]]]:
        """Sheet → outcome → rows, for the sheets that have any."""
        rows = Tally((line.sheet, line.outcome) for line in self.lines)
        outcomes = (CREATED, CHANGED, UNCHANGED, REJECTED)
        counted = {
            sheet.name: {one: rows[sheet.key, one] for one in outcomes} for sheet in SHEETS.values()
        }
        return [(name, numbers) for name, numbers in counted.items() if any(numbers.values())]

    def summary(self) -> str:
        """The closing count."""
        outcomes = (CREATED, CHANGED, UNCHANGED, REJECTED)
        return ", ".join(f"{one}: {self.count(one)}" for one in outcomes)
