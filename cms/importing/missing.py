"""Records the national list no longer holds: flagged on their pages, never deleted.

Only a file that is the whole list can say so; a record marked as deleted (``-Xoa``) says it of
itself in any file. The flag goes when the record comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from cms.importing.parsing import DELETED_CODE
from cms.importing.sources import Row
from cms.importing.texts import one_line
from cms.models import NationalRecord

#: Databases take so many values in one question.
_MANY = 500


@dataclass(frozen=True)
class Missing:
    """A page whose record is not in the list any more; ``new`` when it was there until now."""

    code: str
    title: str
    new: bool


@dataclass
class Seen:
    """Which codes went by. ``unreadable`` counts rows whose code nobody can know."""

    codes: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    unreadable: int = 0

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Let rows pass and remember their codes, also of rows an import will reject."""
        for row in rows:
            self._note(row)
            yield row

    def _note(self, row: Row) -> None:
        raw = row.raw.get("code") if isinstance(row.raw, Mapping) else None
        code = one_line(raw) if isinstance(raw, str | int | float) else ""
        if row.problem or not code:
            self.unreadable += 1
        elif DELETED_CODE.search(code[-20:]):
            self.deleted.add(DELETED_CODE.sub("", code))
        else:
            self.codes.add(code)


@transaction.atomic
def flag(seen: Seen, *, whole: bool, today: date, dry_run: bool = False) -> list[Missing]:
    """Flag pages whose record is gone; returns all that are missing by this file, by code.

    ``whole`` says that the file was the whole list: raises ValueError when rows of it could not
    be read, for then nobody knows what it held. Demo pages are left alone.
    """
    if whole and seen.unreadable:
        raise ValueError("a file with unreadable rows says nothing about what it does not hold")
    # A record that came back under its own code in the same file is not gone.
    deleted = seen.deleted - seen.codes
    known = NationalRecord.objects.filter(page__is_demo=False).order_by("page__code")
    gone: list[Missing] = []
    new = []
    rows = known.values_list("pk", "page__code", "page__title", "missing_since")
    for pk, code, title, since in rows.iterator(chunk_size=2000):
        if code in deleted or (whole and code not in seen.codes):
            gone.append(Missing(code, title, since is None))
            if since is None:
                new.append(pk)
    if not dry_run:
        _set_missing(new, today)
    return gone


def missing_ids(codes: set[str]) -> list[int]:
    """National records that a whole list with these codes lacks, flagged or not."""
    known = NationalRecord.objects.filter(page__is_demo=False).values_list("pk", "page__code")
    return [pk for pk, code in known.iterator(chunk_size=2000) if code not in codes]


def flag_missing(codes: set[str]) -> int:
    """Flag what a whole list with these codes lacks, from today; returns how many that are."""
    gone = missing_ids(codes)
    _set_missing(gone, timezone.localdate())
    return len(gone)


def _set_missing(pks: list[int], today: date) -> None:
    for start in range(0, len(pks), _MANY):
        found = NationalRecord.objects.filter(pk__in=pks[start : start + _MANY])
        found.filter(missing_since=None).update(missing_since=today)
