"""Parsed records → procedure pages: create, change, leave alone or reject; never half of one."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, transaction

from cms import history
from cms.importing import pages, updating
from cms.importing.parsing import Parsed, parse
from cms.importing.reading import Note, Rejected
from cms.importing.sources import Row
from cms.models import ProcedurePage
from cms.publishing import FOR_DEMO, FROM_NATIONAL, because
from cms.signals import many_at_once, procedures_changed

#: Records a transaction: enough to be quick, few enough that an editor waits a second at most.
BATCH = 100
#: How many new pages one changed page is worth: revision and publication are Wagtail's own, and
#: whoever waits for the write lock (a rating, an editor) waits for as much as fits into a batch.
CHANGE_COST = 30


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
class Done:
    """What became of one row; ``outcome`` is the name of one of Result's four counts.

    ``parsed`` is there for the first row of a code only: the later ones are compared with it.
    ``differences`` is filled by a preview (cms/importing/preview.py).
    """

    row: Row
    code: str = ""
    outcome: str = ""
    reason: str = ""
    warnings: list[Note] = field(default_factory=list)
    parsed: Parsed | None = None
    differences: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class First:
    """Where a code was seen first, and the digest of what stood there."""

    path: str
    line: int
    digest: str


@dataclass
class _Import:
    """State of one run: what was seen so far, and the rules it was asked for.

    ``codes``, ``names`` and ``steps`` are its memory. A run that was broken off is one with the
    memory of the rows it dealt with (:meth:`remember`), fed with the rows after them.
    """

    publish: bool
    demo: bool
    dry_run: bool
    result: Result = field(default_factory=Result)
    codes: dict[str, First] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    #: Read and parsed, not yet in a batch.
    waiting: deque[tuple[Row, Parsed | str]] = field(default_factory=deque)
    _open: dict[int, Done] = field(default_factory=dict)

    def remember(self, first: First, code: str, name_key: str, steps_key: str) -> None:
        """Put the first row of a code into the memory."""
        self.codes[code] = first
        self.names.setdefault(name_key, code)
        if steps_key:
            self.steps.setdefault(steps_key, code)

    def take(self, rows: Iterable[Row]) -> None:
        """Parse rows and let them wait for the next batch."""
        self.waiting.extend((row, _parsed(row)) for row in rows)

    def done(self, row: Row, code: str = "") -> Done:
        """The account of a row of the batch in hand."""
        one = self._open.setdefault(id(row), Done(row))
        one.code = code or one.code
        return one

    def reject(self, row: Row, code: str, reason: str) -> None:
        self.result.rejected += 1
        self.result.problems.append(Problem(row.path, row.line, code, "rejected", reason))
        one = self.done(row, code)
        one.outcome, one.reason = "rejected", reason

    def warn(self, row: Row, code: str, kind: str, text: str) -> None:
        self.result.problems.append(Problem(row.path, row.line, code, kind, text))
        self.done(row, code).warnings.append(Note(kind, text))


@dataclass(frozen=True)
class _Item:
    row: Row
    parsed: Parsed


@dataclass
class Batch:
    """Rows that are dealt with together: what :func:`next_batch` made, for :func:`write`."""

    done: list[Done] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    new: list[_Item] = field(default_factory=list)
    changed: list[_Item] = field(default_factory=list)
    known: dict[str, pages.State] = field(default_factory=dict)

    @property
    def has_work(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.new or self.changed)


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
    while True:
        run.take(itertools.islice(iterator, max(0, BATCH - len(run.waiting))))
        batch = next_batch(run)
        if batch is None:
            return run.result
        if batch.has_work and not run.dry_run:
            # Only now: a batch without work takes no write lock from citizens and editors.
            with transaction.atomic():
                write(run, batch)
        else:
            write(run, batch)
        progress(len(batch.done))


def _parsed(row: Row) -> Parsed | str:
    """The record, or why there is none."""
    if row.problem:
        return row.problem
    try:
        return parse(row.raw)
    except Rejected as reason:
        return str(reason)
    except (ValueError, TypeError, RecursionError) as error:
        return f"Không đọc được bản ghi: {error}"[:500]


def next_batch(run: _Import, *, budget: int = BATCH) -> Batch | None:
    """The next waiting rows, sorted into what is to do; None when none waits.

    It ends early when the work in it reaches ``budget`` (a new page counts 1, a changed one
    CHANGE_COST), so that no transaction gets long. Reads the database, writes nothing.
    """
    if not run.waiting:
        return None
    run._open = {}
    batch = Batch()
    batch.known = pages.known(
        [parsed.code for _, parsed in run.waiting if isinstance(parsed, Parsed)]
    )
    cost = 0
    while run.waiting and cost < budget:
        row, parsed = run.waiting.popleft()
        batch.done.append(run.done(row))
        item = _accepted(run, row, parsed)
        if item is None:
            continue
        batch.items.append(item)
        state = batch.known.get(item.parsed.code)
        if state is None:
            batch.new.append(item)
            cost += 1
        elif _differs(run, item.parsed, state):
            batch.changed.append(item)
            cost += CHANGE_COST
    return batch


def _accepted(run: _Import, row: Row, parsed: Parsed | str) -> _Item | None:
    """The record to be written; None when it is rejected or stood there before."""
    if isinstance(parsed, str):
        code = row.raw.get("code") if isinstance(row.raw, dict) else ""
        run.reject(row, str(code or "")[:60], parsed)
        return None
    if first := run.codes.get(parsed.code):
        if first.digest == parsed.digest:
            run.result.unchanged += 1
            run.done(row).outcome = "unchanged"
            text = f"Trùng hoàn toàn với dòng {first.line} của {first.path}."
            run.warn(row, parsed.code, "duplicate_row", text)
        else:
            text = f"Mã đã có ở dòng {first.line} của {first.path} với nội dung khác."
            run.reject(row, parsed.code, text)
        return None
    parsed = _with_shared(run, parsed)
    run.remember(
        First(row.path, row.line, parsed.digest), parsed.code, name_key(parsed), parsed.steps_key
    )
    run.done(row, parsed.code).parsed = parsed
    return _Item(row, parsed)


def name_key(parsed: Parsed) -> str:
    """A digest of the name: a whole file of names would have to stay in memory."""
    name = (parsed.values["full_name"] or parsed.values["title"]).casefold()
    return hashlib.sha256(name.encode()).hexdigest()


def _with_shared(run: _Import, parsed: Parsed) -> Parsed:
    """Add the notes that only show when records are seen together."""
    notes = list(parsed.notes)
    if first := run.names.get(name_key(parsed)):
        notes.append(Note("name_shared", f"Tên giống hệt thủ tục {first}."))
    if parsed.steps_key and (first := run.steps.get(parsed.steps_key)):
        notes.append(Note("steps_repeated", f"Các bước giống hệt thủ tục {first}."))
    return replace(parsed, notes=tuple(notes))


def write(run: _Import, batch: Batch) -> None:
    """Write a batch and count it; in a dry run only count. Call inside a transaction."""
    if run.dry_run:
        run.result.created += len(batch.new)
        run.result.changed += len(batch.changed)
    elif batch.has_work:
        live_ids = _create(run, batch.new)
        for item in batch.changed:
            live_ids += _change(run, item, batch.known[item.parsed.code])
        if live_ids:
            procedures_changed.send(sender=ProcedurePage, page_ids=live_ids)
    for items, outcome in ((batch.new, "created"), (batch.changed, "changed")):
        for item in items:
            one = run.done(item.row)
            one.outcome = one.outcome or outcome
    for item in batch.items:
        one = run.done(item.row)
        if not one.outcome:
            one.outcome = "unchanged"
            run.result.unchanged += 1
        for note in item.parsed.notes:
            run.warn(item.row, item.parsed.code, note.kind, note.text)


def _differs(run: _Import, parsed: Parsed, state: pages.State) -> bool:
    """Whether there is anything to do for a page that exists."""
    if run.demo and not state.is_demo:
        return False
    leaves_demo = state.is_demo and not run.demo
    first_publish = run.publish and not state.live and not state.ever_published
    catches_up = state.missing or (run.publish and state.waits)
    return state.import_digest != parsed.digest or leaves_demo or first_publish or catches_up


def _create(run: _Import, items: list[_Item]) -> list[int]:
    """Create pages together; when the database refuses one, singly, so that only it is lost."""
    if not items:
        return []
    try:
        with transaction.atomic():
            made = pages.create(
                parsed=[item.parsed for item in items],
                publish=run.publish,
                demo=run.demo,
                sources=[item.row.path for item in items],
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
        why = FOR_DEMO if run.demo else FROM_NATIONAL
        reason = history.FOR_DEMO if run.demo else history.FROM_NATIONAL
        with because(why), history.made_because(reason), many_at_once(), transaction.atomic():
            done = updating.change(
                parsed=parsed, publish=run.publish, demo=run.demo, source=row.path
            )
    except OperationalError:
        raise
    except (DatabaseError, ValidationError, ValueError) as error:
        run.reject(row, parsed.code, _reason(error))
        return []
    if done.written:
        run.result.changed += 1
    else:
        run.result.unchanged += 1
        run.done(row).outcome = "unchanged"
    if done.told[0]:
        run.warn(row, parsed.code, *done.told)
    if done.conflicts:
        text = f"{done.conflicts} phần khác với bản của thành phố; chờ biên tập viên quyết định."
        run.warn(row, parsed.code, "conflict", text)
    return [done.page.pk] if done.written and done.page.live else []


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(error.messages)[:500]
    return f"Cơ sở dữ liệu từ chối: {error}"[:500]
