"""Curated rows come and go: the product's files, an editor's import, one entry by hand.

Every change is written with who made it and how the row read before and after (Wagtail's log),
and touches the stamp at which every process looks (search/curated.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.caching import touch
from search.models.curated import CuratedRow

#: The one action in Wagtail's log.
ACTION = "search.curated"
#: How the product's files take part in a history.
BY_PRODUCT = "Bản phần mềm mới"
_Row = TypeVar("_Row", bound=CuratedRow)
_STATE = ("key", "rank", "origin", "shipped_hash", "active")


@dataclass(frozen=True)
class Moved:
    """A row and how it read before; ``after`` is "" for one that goes away."""

    row: CuratedRow
    before: str
    after: str
    did: str


def record(changes: Iterable[Moved], user: Any = None) -> None:
    """Write the history of some changes at once, and tell every process. In a transaction."""
    changes = list(changes)
    if not changes:
        return
    kind = ContentType.objects.get_for_model(type(changes[0].row))
    now = timezone.now()
    ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(
                content_type=kind,
                object_id=str(one.row.pk),
                label=str(one.row)[:200],
                action=ACTION,
                timestamp=now,
                user=user if user and user.is_authenticated else None,
                data={"did": one.did, "before": one.before, "after": one.after},
                content_changed=True,
            )
            for one in changes
        ],
        batch_size=500,
    )
    touch(*changes[0].row.TAGS)


def told(data: dict[str, Any]) -> str:
    """A change in one sentence: what was done, which lines went and which came."""
    before, after = data.get("before", ""), data.get("after", "")
    gone = [line for line in before.splitlines() if line not in after.splitlines()]
    come = [line for line in after.splitlines() if line not in before.splitlines()]
    parts = [data.get("did", "Sửa")]
    if gone:
        parts.append("trước: " + "; ".join(line.strip() for line in gone))
    if come:
        parts.append(("sau: " if gone else "") + "; ".join(line.strip() for line in come))
    return " – ".join(parts)


@transaction.atomic
def save_by_hand(row: CuratedRow, *, user: Any) -> bool:
    """Save a row from its form; False when nothing differs from what is stored."""
    stored = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    before = stored.as_text() if stored else ""
    if stored and (stored.content, stored.active) == (row.content, row.active):
        return False
    did = "Thêm"
    if stored:
        did = "Sửa" if stored.active == row.active else "Bật" if row.active else "Tắt"
    row.changed_at, row.changed_by = timezone.now(), user
    row.save()
    record([Moved(row, before, row.as_text(), did)], user)
    return True


@transaction.atomic
def remove_by_hand(row: CuratedRow, *, user: Any) -> bool:
    """Delete a row of the city; one of the product is switched off, or it would come back.

    True when it is gone.
    """
    text = row.as_text()
    if row.origin == CuratedRow.SHIPPED:
        row.active, row.changed_at, row.changed_by = False, timezone.now(), user
        row.save()
        record([Moved(row, text, text, "Tắt")], user)
        return False
    record([Moved(row, text, "", "Xoá")], user)
    row.delete()
    return True


@dataclass
class Plan:
    """What a file would do to a table; pairs are ``(stored, wanted)``."""

    added: list[CuratedRow] = field(default_factory=list)
    changed: list[tuple[CuratedRow, CuratedRow]] = field(default_factory=list)
    switched_on: list[CuratedRow] = field(default_factory=list)
    removed: list[CuratedRow] = field(default_factory=list)
    same: int = 0

    @property
    def empty(self) -> bool:
        """The file says what the table says."""
        return not (self.added or self.changed or self.switched_on or self.removed)

    def digest(self) -> str:
        """Changes when the file or the table changes: what was previewed is what is done."""
        parts = [
            *(f"+{row.key}\n{row.content}" for row in self.added),
            *(f"~{old.key}\n{old.content}\n{new.content}" for old, new in self.changed),
            *(f"*{row.key}" for row in self.switched_on),
            *(f"-{row.key}" for row in self.removed),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def merged(rows: Iterable[_Row]) -> list[_Row]:
    """One row a key; several of the same key become one with the lines of all."""
    found: dict[str, _Row] = {}
    for row in rows:
        first = found.setdefault(row.key, row)
        if first is not row:
            _add_lines(first, row)
    return list(found.values())


def _add_lines(row: CuratedRow, other: CuratedRow) -> None:
    for name in ("means", "codes"):
        if hasattr(row, name):
            lines = [*getattr(row, name).splitlines(), *getattr(other, name).splitlines()]
            setattr(row, name, "\n".join(dict.fromkeys(lines)))
    row.note = row.note or other.note


def plan(wanted: Sequence[CuratedRow], *, model: type[CuratedRow], whole: bool) -> Plan:
    """What importing the rows would do. ``whole``: active rows of the kinds in the file that the
    file does not have go away. A file without a note leaves the note that is there."""
    stored = {row.key: row for row in model._default_manager.all()}
    found = Plan()
    for row in merged(wanted):
        old = stored.get(row.key)
        if old is None:
            found.added.append(row)
            continue
        row.note = row.note or old.note
        if old.content != row.content:
            found.changed.append((old, row))
        elif not old.active:
            found.switched_on.append(old)
        else:
            found.same += 1
    if whole:
        keys = {row.key for row in wanted}
        kinds = {getattr(row, "kind", "") for row in wanted}
        found.removed = [
            row
            for row in stored.values()
            if row.active and row.key not in keys and getattr(row, "kind", "") in kinds
        ]
    return found


@transaction.atomic
def apply(plan: Plan, *, model: type[CuratedRow], user: Any) -> None:
    """Do what a plan says, all of it or nothing."""
    now = timezone.now()
    history: list[Moved] = []
    changed: list[CuratedRow] = []
    for row in plan.added:
        row.changed_at, row.changed_by = now, user
    model._default_manager.bulk_create(plan.added, batch_size=500)
    history += [Moved(row, "", row.as_text(), "Thêm từ tệp") for row in plan.added]
    for old, new in plan.changed:
        before = old.as_text()
        old.take(new)
        old.active = True
        history.append(Moved(old, before, old.as_text(), "Sửa từ tệp"))
        changed.append(old)
    for row in plan.switched_on:
        row.active = True
        history.append(Moved(row, row.as_text(), row.as_text(), "Bật từ tệp"))
        changed.append(row)
    gone = []
    for row in plan.removed:
        if row.origin == CuratedRow.SHIPPED:
            row.active = False
            history.append(Moved(row, row.as_text(), row.as_text(), "Tắt từ tệp"))
            changed.append(row)
        else:
            history.append(Moved(row, row.as_text(), "", "Xoá theo tệp"))
            gone.append(row.pk)
    _update(model, changed, now, user)
    record(history, user)
    for start in range(0, len(gone), 500):
        model._default_manager.filter(pk__in=gone[start : start + 500]).delete()


def _update(model: type[CuratedRow], rows: list[Any], now: Any, user: Any) -> None:
    for row in rows:
        row.changed_at, row.changed_by = now, user
        row.set_key()
    columns = [*model.CONTENT, *_STATE, "changed_at", "changed_by"]
    model._default_manager.bulk_update(rows, columns, batch_size=200)


@dataclass(frozen=True)
class Loaded:
    """How many rows a load added, brought up to date, took away, and left to their editors."""

    added: int
    updated: int
    removed: int
    kept: int

    @property
    def nothing(self) -> bool:
        """The table was up to date."""
        return not (self.added or self.updated or self.removed)


@transaction.atomic
def load_shipped(rows: Iterable[CuratedRow], *, model: type[CuratedRow]) -> Loaded:
    """Bring the product's rows into the table.

    New ones are added, unedited ones follow the files or go with them. What an editor changed or
    switched off stays as it is; when it leaves the files, it becomes the city's own.
    """
    stored = {row.key: row for row in model._default_manager.all()}
    new: list[CuratedRow] = []
    updated: list[CuratedRow] = []
    moved: list[CuratedRow] = []
    history: list[Moved] = []
    kept = 0
    keys = set()
    for rank, row in enumerate(merged(rows)):
        keys.add(row.key)
        old = stored.get(row.key)
        if old is None:
            row.origin, row.rank, row.shipped_hash = CuratedRow.SHIPPED, rank, row.digest()
            new.append(row)
        elif old.content == row.content and old.active and old.origin == CuratedRow.SHIPPED:
            if old.rank != rank or old.digest() != old.shipped_hash:
                old.rank, old.shipped_hash = rank, old.digest()
                moved.append(old)
        elif old.origin == CuratedRow.OWN or old.edited:
            kept += 1
        else:
            before = old.as_text()
            old.take(row)
            old.rank, old.shipped_hash = rank, old.digest()
            history.append(Moved(old, before, old.as_text(), BY_PRODUCT))
            updated.append(old)
    gone = [row for row in stored.values() if row.origin == row.SHIPPED and row.key not in keys]
    for row in (row for row in gone if row.edited):
        row.origin, row.shipped_hash = CuratedRow.OWN, ""
        moved.append(row)
    removed = [row for row in gone if row.origin == row.SHIPPED]
    history += [Moved(row, row.as_text(), "", BY_PRODUCT) for row in removed]
    model._default_manager.bulk_create(new, batch_size=500)
    model._default_manager.bulk_update(updated, [*model.CONTENT, *_STATE], batch_size=200)
    model._default_manager.bulk_update(moved, ["rank", "origin", "shipped_hash"], batch_size=500)
    for start in range(0, len(removed), 500):
        pks = [row.pk for row in removed[start : start + 500]]
        model._default_manager.filter(pk__in=pks).delete()
    record(history)
    if new or moved:
        touch(*model.TAGS)
    return Loaded(len(new), len(updated), len(removed), kept)
