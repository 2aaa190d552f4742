"""Parsed records → procedure pages: create, change, leave alone or reject; never half of one."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, transaction

from cms.importing import pages
from cms.importing.parsing import Parsed, parse
from cms.importing.reading import Note, Rejected
from cms.importing.sources import Row
from cms.models import ProcedurePage
from cms.signals import procedures_changed

#: Records a transaction: enough to be quick, few enough that an editor waits a second at most.
BATCH = 100


@dataclass(frozen=True)
class Problem:
    """One line of the report. ``kind`` is "rejected" or the kind of a warning."""

    path: str
    line: int
    code: str
    kind: str
    text: str


@dataclass
class Result:
    """What an import did; every record is in exactly one of the four counts."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def warnings(self) -> Counter[str]:
        """How many records have each kind of warning."""
        return Counter(one.kind for one in self.problems if one.kind != "rejected")

    def line(self) -> str:
        """The closing count."""
        return (
            f"created: {self.created}, changed: {self.changed}, "
            f"unchanged: {self.unchanged}, rejected: {self.rejected}"
        )


@dataclass
class _Import:
    """State of one run: what was seen so far, and the rules it was asked for."""

    publish: bool
    demo: bool
    dry_run: bool
    result: Result = field(default_factory=Result)
    codes: dict[str, tuple[Row, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)

    def reject(self, row: Row, code: str, reason: str) -> None:
        self.result.rejected += 1
        self.result.problems.append(Problem(row.path, row.line, code, "rejected", reason))

    def warn(self, row: Row, code: str, kind: str, text: str) -> None:
        self.result.problems.append(Problem(row.path, row.line, code, kind, text))


@dataclass(frozen=True)
class _Item:
    row: Row
    parsed: Parsed


def import_records(
    rows: Iterable[Row],
    *,
    publish: bool,
    demo: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda count: None,
) -> Result:
    """Write the records of ``rows`` (from :func:`cms.importing.sources.read`), by their code.

    ``publish`` makes pages live, otherwise they are drafts. ``demo`` marks what is created as
    demo data and leaves every page alone that is not. ``dry_run`` counts without writing.
    ``progress`` is told how many rows were dealt with since the last call. Batches commit one
    by one: after a crash the tree is whole and the next run does the rest. Raises
    OperationalError when the database is full, locked or gone; what was committed stays.
    """
    run = _Import(publish=publish, demo=demo, dry_run=dry_run)
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, BATCH)):
        _write(run, list(_accepted(run, batch)))
        progress(len(batch))
    return run.result


def _accepted(run: _Import, batch: list[Row]) -> Iterator[_Item]:
    for row in batch:
        if row.problem:
            run.reject(row, "", row.problem)
            continue
        try:
            parsed = parse(row.raw)
        except Rejected as reason:
            code = row.raw.get("code") if isinstance(row.raw, dict) else ""
            run.reject(row, str(code or "")[:60], str(reason))
            continue
        except (ValueError, TypeError, RecursionError) as error:
            run.reject(row, "", f"Không đọc được bản ghi: {error}"[:500])
            continue
        if parsed.code in run.codes:
            first, digest = run.codes[parsed.code]
            if digest == parsed.digest:
                run.result.unchanged += 1
                text = f"Trùng hoàn toàn với dòng {first.line} của {first.path}."
                run.warn(row, parsed.code, "duplicate_row", text)
            else:
                text = f"Mã đã có ở dòng {first.line} của {first.path} với nội dung khác."
                run.reject(row, parsed.code, text)
            continue
        run.codes[parsed.code] = (row, parsed.digest)
        yield _Item(row, _with_shared(run, parsed))


def _with_shared(run: _Import, parsed: Parsed) -> Parsed:
    """Add the notes that only show when records are seen together."""
    notes = list(parsed.notes)
    name = (parsed.values["full_name"] or parsed.values["title"]).casefold()
    # Digests, not texts: a whole file of names would have to stay in memory.
    name = hashlib.sha256(name.encode()).hexdigest()
    first = run.names.setdefault(name, parsed.code)
    if first != parsed.code:
        notes.append(Note("name_shared", f"Tên giống hệt thủ tục {first}."))
    if parsed.steps_key:
        first = run.steps.setdefault(parsed.steps_key, parsed.code)
        if first != parsed.code:
            notes.append(Note("steps_repeated", f"Các bước giống hệt thủ tục {first}."))
    return replace(parsed, notes=tuple(notes))


def _write(run: _Import, items: list[_Item]) -> None:
    known = pages.known([item.parsed.code for item in items])
    new = [item for item in items if item.parsed.code not in known]
    changed = [
        item
        for item in items
        if item.parsed.code in known and _differs(run, item.parsed, known[item.parsed.code])
    ]
    run.result.unchanged += len(items) - len(new) - len(changed)
    if run.dry_run:
        run.result.created += len(new)
        run.result.changed += len(changed)
    elif new or changed:
        # Only now: a batch without work takes no write lock from citizens and editors.
        with transaction.atomic():
            live_ids = _create(run, new)
            for item in changed:
                live_ids += _change(run, item, known[item.parsed.code])
            if live_ids:
                procedures_changed.send(sender=ProcedurePage, page_ids=live_ids)
    for item in items:
        for note in item.parsed.notes:
            run.warn(item.row, item.parsed.code, note.kind, note.text)


def _differs(run: _Import, parsed: Parsed, state: pages.State) -> bool:
    """Whether there is anything to do for a page that exists."""
    if run.demo and not state.is_demo:
        return False
    leaves_demo = state.is_demo and not run.demo
    first_publish = run.publish and not state.live and not state.ever_published
    return state.import_digest != parsed.digest or leaves_demo or first_publish


def _create(run: _Import, items: list[_Item]) -> list[int]:
    """Create pages together; when the database refuses one, singly, so that only it is lost."""
    if not items:
        return []
    try:
        with transaction.atomic():
            made = pages.create(
                parsed=[item.parsed for item in items], publish=run.publish, demo=run.demo
            )
    except OperationalError:
        raise
    except (DatabaseError, ValidationError, ValueError) as error:
        if len(items) == 1:
            run.reject(items[0].row, items[0].parsed.code, _reason(error))
            return []
        return [pk for item in items for pk in _create(run, [item])]
    run.result.created += len(items)
    return [page.pk for page in made if page.live]


def _change(run: _Import, item: _Item, state: pages.State) -> list[int]:
    row, parsed = item.row, item.parsed
    try:
        with transaction.atomic():
            page, kept_draft = pages.change(
                parsed=parsed,
                publish=run.publish,
                demo=run.demo,
                same=state.import_digest == parsed.digest,
            )
    except OperationalError:
        raise
    except (DatabaseError, ValidationError, ValueError) as error:
        run.reject(row, parsed.code, _reason(error))
        return []
    run.result.changed += 1
    if kept_draft:
        run.warn(row, parsed.code, "saved_as_draft", kept_draft)
    return [page.pk] if page.live else []


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(error.messages)[:500]
    return f"Cơ sở dữ liệu từ chối: {error}"[:500]
