"""The import of procedures as a background job: a preview, then the import itself.

Both are the engine of ``import_procedures`` (cms/importing/writing.py), fed a slice at a time.
Every row leaves an ImportRow in the transaction that wrote its page, so a restart knows what was
seen (duplicates are found across it) and goes on at the next row of the file.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms import jobs
from cms.importing.missing import Seen, flag
from cms.importing.parsing import DELETED_CODE
from cms.importing.reading_ahead import ReadingAhead, Source
from cms.importing.writing import Batch, Done, First, _Import, name_key, next_batch, write
from cms.jobs import JobProblem, Work
from cms.models import ImportRow, Job
from cms.scopes import scope_of

PREVIEW, IMPORT = "import_preview", "import"
PERMISSION = "cms.import_procedures"
PUBLISH_PERMISSION = "cms.publish_incomplete"
#: Rows read at a time, and the most new pages (or a tenth as many changed ones) a transaction.
ROWS = 50
BUDGET = 50
#: Seconds a transaction should hold SQLite's one write lock: citizens rate meanwhile. On a busy
#: machine transactions get smaller.
LOCKED = 0.3
#: Smaller transactions would spend their time on beginning and ending.
FLOOR = 15
OUTCOMES = tuple(ImportRow.Outcome.values)


class _Runner:
    """What a job keeps in memory between two slices; made again from its rows when it is lost."""

    def __init__(self, job: Job) -> None:
        self.key = _key(job)
        self.preview = job.kind == PREVIEW
        self.run = _Import(
            publish=bool(job.options.get("publish")), demo=False, dry_run=self.preview
        )
        self.position: int = job.cursor.get("position", 0)
        self.file: int = job.cursor.get("file", 0)
        self.row: int = job.cursor.get("row", 0)
        self.budget = min(BUDGET, FLOOR)
        #: The number of the file of each row that waits in the run.
        self.files: deque[int] = deque()
        for path, line, code, digest, name, steps in (
            ImportRow.objects.filter(job=job, position__lt=self.position)
            .exclude(digest="")
            .order_by("position")
            .values_list("file", "line", "code", "digest", "name_key", "steps_key")
        ):
            self.run.remember(First(path, line, digest), code, name, steps)
        sources = [Source(Path(one.file.path), one.name) for one in job.sources]
        if not sources or not all(source.path.is_file() for source in sources):
            raise JobProblem("Tệp đã tải lên không còn trên máy chủ; hãy tải lên lại.")
        self.reading = ReadingAhead(
            sources, file=self.file, row=self.row, counting=job.total is None
        )

    def fits(self, job: Job) -> bool:
        """Whether memory and database stand at the same row."""
        return self.key == _key(job) and self.position == job.cursor.get("position", 0)

    def take(self, work: Work) -> None:
        """Get rows from the reading thread; waits as long as the slice may take."""
        wanted = ROWS - len(self.run.waiting)
        if wanted <= 0 or self.reading.finished:
            return
        rows = self.reading.take(wanted, 0.01 if self.run.waiting else work.time_left)
        self.files.extend(number for number, _ in rows)
        self.run.take(row for _, row in rows)
        if work.total is None and self.reading.total is not None:
            work.total = self.reading.total

    def keep(self, work: Work, batch: Batch) -> None:
        """Write a batch, what became of its rows, and the place after it: all or nothing."""
        if self.preview:
            from cms.importing.preview import compare

            compare(self.run, batch)
        began = time.monotonic()
        with work.commit():
            write(self.run, batch)
            ImportRow.objects.bulk_create(
                _row(work.job, self.position + number, done)
                for number, done in enumerate(batch.done)
            )
            for _ in batch.done:
                number = self.files.popleft()
                self.row = self.row + 1 if number == self.file else 1
                self.file = number
            self.position += len(batch.done)
            work.cursor = {"position": self.position, "file": self.file, "row": self.row}
            work.done = self.position
            work.result = _counted(work.result, batch.done)
        self.run.result.problems.clear()
        if batch.has_work:
            wanted = self.budget * LOCKED / max(0.001, time.monotonic() - began)
            self.budget = int(min(BUDGET, 2 * self.budget, max(FLOOR, wanted)))

    def close(self) -> None:
        self.reading.close()


#: The one job in hand.
_runner: _Runner | None = None


def _key(job: Job) -> tuple[Any, ...]:
    return (job.pk, job.created_at)


def step(work: Work) -> bool:
    """One slice of a preview or of an import."""
    global _runner
    try:
        if _runner is None or not _runner.fits(work.job):
            if _runner is not None:
                _runner.close()
            _runner = _Runner(work.job)
        finished = _slice(_runner, work)
    except BaseException:
        # Memory may be ahead of what was committed: the next slice starts from the rows.
        forget()
        raise
    if finished:
        forget()
    return finished


def forget() -> None:
    """Drop what is held in memory between slices."""
    global _runner
    if _runner is not None:
        _runner.close()
    _runner = None


def _slice(runner: _Runner, work: Work) -> bool:
    work.message = "Đang đọc và so sánh" if runner.preview else "Đang ghi"
    if work.total is None and not runner.position:
        work.message = "Đang mở tệp"
    while work.time_left > 0:
        runner.take(work)
        batch = next_batch(runner.run, budget=runner.budget)
        if batch is not None:
            runner.keep(work, batch)
        elif runner.reading.finished:
            return _finish(work)
    return False


def _finish(work: Work) -> bool:
    """All rows are dealt with: what the catalogue no longer holds is flagged, or counted.

    A record marked as deleted says so in any file; that a record is absent means something only
    in a file that is the whole catalogue, all of it readable.
    """
    work.total = work.done
    if "missing" in work.result:
        return True
    seen = _seen(work.job)
    preview = work.job.kind == PREVIEW
    whole = not seen.unreadable and (preview or bool(work.options.get("complete")))
    today = timezone.localdate()
    with work.commit() if not preview else nullcontext():
        gone = flag(seen, whole=whole, today=today, dry_run=preview)
        work.result = {
            **work.result,
            "missing": sum(one.new for one in gone),
            "unreadable": seen.unreadable,
        }
    return True


def _seen(job: Job) -> Seen:
    """The codes of the rows of a job, also of those it rejected."""
    seen = Seen()
    rows = ImportRow.objects.filter(job=job).values_list("code", "outcome")
    for code, outcome in rows.iterator(chunk_size=2000):
        if not code:
            seen.unreadable += 1
        elif outcome == ImportRow.Outcome.REJECTED and DELETED_CODE.search(code):
            seen.deleted.add(DELETED_CODE.sub("", code))
        else:
            seen.codes.add(code)
    return seen


def _row(job: Job, position: int, done: Done) -> ImportRow:
    parsed = done.parsed
    raw = done.row.raw
    title = parsed.values["title"] if parsed else ""
    if not title and isinstance(raw, dict) and isinstance(raw.get("name"), str):
        title = raw["name"]
    return ImportRow(
        job=job,
        position=position,
        file=done.row.path[:255],
        line=done.row.line,
        code=done.code[:64],
        title=_storable(title)[:255],
        outcome=done.outcome,
        reason=_storable(done.reason),
        warnings=[{"kind": note.kind, "text": _storable(note.text)} for note in done.warnings],
        kinds="".join(f"|{note.kind}|" for note in done.warnings),
        differences=[
            {key: _storable(value) for key, value in one.items()} for one in done.differences
        ],
        digest=parsed.digest if parsed else "",
        name_key=name_key(parsed) if parsed else "",
        steps_key=parsed.steps_key if parsed else "",
    )


def _storable(text: str) -> str:
    """What a rejected record says may hold letters that no database takes."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _counted(before: dict[str, Any], done: list[Done]) -> dict[str, Any]:
    """The counts so far with those of a batch."""
    counts = Counter(before.get("counts", {}))
    counts.update(one.outcome for one in done)
    kinds = Counter(before.get("warnings", {}))
    for one in done:
        kinds.update(dict.fromkeys((note.kind for note in one.warnings), 1))
    return {
        **before,
        "counts": {name: counts[name] for name in OUTCOMES},
        "warnings": dict(kinds.most_common()),
    }


def may_import(user: Any) -> bool:
    """Whether a user may import: the right, and no scope that narrows it to some fields or
    offices, for a file may hold procedures of any field."""
    return bool(user.has_perm(PERMISSION) and scope_of(user).everything)


def register() -> None:
    """Make both kinds known (cms/apps.py)."""
    for name, label in ((PREVIEW, "Xem trước khi nhập thủ tục"), (IMPORT, "Nhập thủ tục")):
        jobs.register(
            name,
            label=label,
            step=step,
            permission=PERMISSION,
            detail="import_procedures:job",
            allowed=may_import,
        )


def start_preview(*, files: list[Any], user: Any, title: str) -> Job:
    """Queue the preview of uploaded files. Raises JobProblem when they cannot be stored."""
    return jobs.start(kind=PREVIEW, title=title, user=user, files=files)


@transaction.atomic
def start_import(*, preview: Job, user: Any, publish: bool, complete: bool) -> Job:
    """Queue the import of a finished preview's files, once. Raises JobProblem when it was done."""
    locked = Job.objects.select_for_update().get(pk=preview.pk)
    if locked.kind != PREVIEW or locked.state != Job.State.DONE:
        raise JobProblem("Bản xem trước chưa xong.")
    if locked.followed_by.exclude(state=Job.State.CANCELLED).exists():
        raise JobProblem("Bản xem trước này đã được xác nhận rồi.")
    if locked.files_gone_at:
        raise JobProblem("Tệp đã tải lên không còn trên máy chủ; hãy tải lên lại.")
    job = jobs.start(
        kind=IMPORT,
        title=locked.title,
        user=user,
        options={"publish": publish, "complete": complete},
        follows=locked,
    )
    Job.objects.filter(pk=job.pk).update(total=locked.total)
    job.total = locked.total
    return job
