"""Background jobs: long work cut into slices of about half a second that the worker runs.

How to add a kind of job (nothing else is needed; no table, no thread, no screen):

1. Write a step. It is called again and again with a :class:`Work` until it returns True::

       def step(work: Work) -> bool:
           numbers = work.options["numbers"]            # what start() was given
           at = work.cursor.get("at", 0)                # where the last slice ended; {} at first
           while at < len(numbers) and work.time_left > 0:
               (work.folder / f"{at}.txt").write_text(make(numbers[at]))   # safe to do twice
               at += 1
           work.cursor, work.done, work.total = {"at": at}, at, len(numbers)
           return at == len(numbers)

   When the step returns, cursor, done, total, message and result are saved in one short
   transaction. A step that writes to the database does so inside ``with work.commit():``, so that
   its rows and the cursor are on disk together or not at all (set ``work.cursor`` inside the
   block, after the rows). Compute first, then commit: SQLite has one writer, and citizens rate
   meanwhile. A killed process is started again from the cursor that was saved last: what was
   committed is never done twice; files written since then may be, so write them by number. A step
   killed after its last commit is called once more at the end and only has to return True.

2. Register it where the worker sees it, in ``ready()`` of the app (cms/apps.py)::

       register("notices", label="In niêm yết", step=step, permission="cms.print_notices")

   ``permission`` is what a user needs to see, stop, resume and download such jobs, also those of
   others. ``detail`` (an address name taking the
   job's id) replaces the plain page of a job by one of your own.

3. Start it from a view: ``job = start(kind="notices", title="…", options={…}, user=request.user)``
   and send the user to ``detail_url(job)``: progress bar, stop, resume, cancel and the download
   of the result are there. ``files=`` takes uploads; the step finds them as ``work.sources``.

Results: ``work.result`` (a dict, small) and ``work.keep_file(path, "ten-tep.pdf")`` for a file made
in ``work.folder``, a private folder that lives as long as the job's files. To fail with a clear
text raise ``JobProblem("…")`` in Vietnamese; the job can then be resumed at its cursor. An OSError
(full disk) and a database that stays locked fail it too, with words of our own.

Jobs run one at a time, oldest first. Stop takes effect at once: the slice under way can no longer
commit. Files of closed jobs go after KEEP_FILES days, rows of imports with them.
"""

from __future__ import annotations

import copy
import errno
import logging
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import OperationalError, transaction
from django.urls import reverse
from django.utils import timezone

from cms.models.jobs import Job, JobFile, job_storage

log = logging.getLogger(__name__)

#: Seconds a step should take; the worker drains the search index in between.
SLICE_SECONDS = 0.4
#: Seconds until a job whose database was locked or full is tried again, and how often.
RETRY_AFTER = 5.0
RETRIES = 6
#: Starts of a process without one commit after which a job is given up: it kills the worker.
ATTEMPTS = 5
#: Days that files and rows of closed jobs are kept.
KEEP_FILES = 30


class JobProblem(Exception):
    """Ends a job with this text (Vietnamese, for the person who started it)."""


class Interrupted(Exception):
    """The job was stopped, cancelled or taken by another process; nothing was committed."""


@dataclass(frozen=True)
class Kind:
    """A registered kind of job."""

    name: str
    label: str
    step: Callable[[Work], bool]
    permission: str
    detail: str
    allowed: Callable[[Any], bool] | None = None

    def may_use(self, user: Any) -> bool:
        """Whether a user may see, stop, resume, cancel and download such jobs."""
        return bool(user.has_perm(self.permission) and (not self.allowed or self.allowed(user)))


_kinds: dict[str, Kind] = {}
#: Jobs this process has begun: a new process counts one attempt before its first slice.
_begun: set[int] = set()
#: Job id → (failed tries in a row, not before this monotonic time).
_retries: dict[int, tuple[int, float]] = {}


def register(
    name: str,
    *,
    label: str,
    step: Callable[[Work], bool],
    permission: str,
    detail: str = "jobs:detail",
    allowed: Callable[[Any], bool] | None = None,
) -> None:
    """Make a kind of job known; see the module's text. Registering a name again replaces it.

    ``allowed`` is asked besides the permission, where a right alone does not say it.
    """
    _kinds[name] = Kind(name, label, step, permission, detail, allowed)


def kind_of(job: Job) -> Kind | None:
    """The kind of a job; None when the code that ran it is gone."""
    return _kinds.get(job.kind)


def kinds_for(user: Any) -> list[Kind]:
    """The kinds a user may see."""
    return [kind for kind in _kinds.values() if kind.may_use(user)]


def may_use(user: Any, job: Job) -> bool:
    """Whether a user may see, stop, resume, cancel and download a job."""
    kind = kind_of(job)
    return bool(user.is_superuser or (kind and kind.may_use(user)))


def detail_url(job: Job) -> str:
    """The page of a job."""
    kind = kind_of(job)
    return reverse(kind.detail if kind else "jobs:detail", args=[job.pk])


class Work:
    """What a step gets: the job's options and place, and the way to save what it did."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.options: dict[str, Any] = job.options
        self._load()
        self._ends = time.monotonic() + SLICE_SECONDS
        self._saved = False
        self._changed = False

    def _load(self) -> None:
        job = self.job
        self.cursor: dict[str, Any] = job.cursor
        self.result: dict[str, Any] = job.result
        self.done, self.total, self.message = job.done, job.total, job.message
        self._file, self._file_name = job.result_file.name or "", job.result_name

    @property
    def time_left(self) -> float:
        """Seconds left of this slice; at 0 or below it is time to return."""
        return self._ends - time.monotonic()

    @property
    def sources(self) -> list[JobFile]:
        """The uploaded files."""
        return self.job.sources

    @property
    def folder(self) -> Path:
        """A private folder of this job; it and what is in it stay from slice to slice."""
        path = Path(job_storage().path(str(self.job.pk)))
        path.mkdir(parents=True, exist_ok=True)
        return path

    def keep_file(self, path: Path, name: str) -> None:
        """Make a file of :attr:`folder` the job's result, to be downloaded as ``name``."""
        self._file = f"{self.job.pk}/{path.relative_to(self.folder)}"
        self._file_name = name

    @contextmanager
    def commit(self) -> Iterator[None]:
        """One transaction with the step's rows and the job's place; short, please.

        Raises Interrupted, and keeps nothing, when the job was stopped meanwhile.
        """
        with transaction.atomic():
            yield
            self._save({})
        self._saved = True

    def finish_slice(self, *, finished: bool) -> None:
        """Called by the engine when the step has returned."""
        ended = {"state": Job.State.DONE, "message": ""} if finished else {}
        if finished or not self._same():
            with transaction.atomic():
                self._save(ended)

    def _same(self) -> bool:
        """Whether everything is saved already."""
        return self._saved and self._values() == self._committed

    def _values(self) -> dict[str, Any]:
        return {
            "cursor": self.cursor,
            "result": self.result,
            "done": self.done,
            "total": self.total,
            "message": self.message,
            "result_file": self._file,
            "result_name": self._file_name,
        }

    def _save(self, more: dict[str, Any]) -> None:
        job = self.job
        values = copy.deepcopy(self._values())
        now = timezone.now()
        if more:
            more = {**more, "finished_at": now}
        # The number guards two things at once: a stop by a person, and a second worker.
        saved = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, serial=job.serial).update(
            **{
                **values,
                "serial": job.serial + 1,
                "attempts": 0,
                "error": "",
                "heartbeat_at": now,
                **more,
            }
        )
        if not saved:
            raise Interrupted
        job.serial += 1
        self._committed = values


def start(
    *,
    kind: str,
    title: str,
    user: Any,
    options: Mapping[str, Any] | None = None,
    files: Iterable[File] = (),
    follows: Job | None = None,
) -> Job:
    """Put a job into the queue, with its uploaded files on disk.

    Raises JobProblem, and leaves nothing behind, when a file cannot be stored (full disk).
    """
    if kind not in _kinds:
        raise ValueError(f"no such kind of job: {kind}")
    job = None
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                title=title[:255],
                options=dict(options or {}),
                created_by=user,
                follows=follows,
            )
            for position, file in enumerate(files):
                name = Path(file.name or "").name[:255] or "tệp không tên"
                JobFile.objects.create(
                    job=job, position=position, file=file, name=name, size=file.size
                )
    except OSError as error:
        if job is not None:
            _remove_folder(job)
        raise JobProblem(
            f"Không lưu được tệp: {os_reason(error)} Chưa có gì bị thay đổi."
        ) from error
    return job


def stop(job: Job) -> bool:
    """Stop a waiting or running job; what it committed stays. False when it was neither."""
    changed = Job.objects.filter(pk=job.pk, state__in=Job.ACTIVE).update(
        state=Job.State.STOPPED, message=""
    )
    return bool(changed)


def resume(job: Job) -> bool:
    """Put a stopped or failed job back into the queue, at its place. False when it was neither."""
    if job.files_gone_at:
        return False
    changed = Job.objects.filter(pk=job.pk, state__in=[Job.State.STOPPED, Job.State.FAILED]).update(
        state=Job.State.WAITING, error="", attempts=0, finished_at=None
    )
    _retries.pop(job.pk, None)
    return bool(changed)


def cancel(job: Job) -> bool:
    """Give a job up for good; what it committed stays. False when it was closed already."""
    changed = (
        Job.objects.filter(pk=job.pk)
        .exclude(state__in=Job.CLOSED)
        .update(state=Job.State.CANCELLED, message="", finished_at=timezone.now())
    )
    return bool(changed)


def run_slice() -> bool:
    """Run one slice of the oldest job that is due, if any; a chore of the worker."""
    job = _next()
    if job is None:
        return False
    kind = kind_of(job)
    if kind is None:
        _fail(job, "Chương trình không còn loại công việc này.")
        return True
    try:
        if not _begin(job):
            return True
        work = Work(job)
        finished = kind.step(work)
        work.finish_slice(finished=finished)
    except Interrupted:
        pass
    except JobProblem as problem:
        _fail(job, str(problem))
    except OperationalError as error:
        _try_later(job, error)
    except OSError as error:
        log.warning("job %s: %s", job.pk, error)
        _fail(job, os_reason(error) + " Phần đã ghi được giữ nguyên.")
    except Exception as error:
        log.exception("job %s failed", job.pk)
        _fail(job, f"Lỗi chương trình ({type(error).__name__}); phần đã ghi được giữ nguyên.")
    else:
        _retries.pop(job.pk, None)
    return True


def _next() -> Job | None:
    now = time.monotonic()
    later = [pk for pk, (_, due) in _retries.items() if due > now]
    active = Job.objects.filter(state__in=Job.ACTIVE).exclude(pk__in=later)
    # A running job first: one that was resumed waits behind it, however old it is.
    return active.order_by("state", "created_at", "pk").select_related("follows").first()


def _begin(job: Job) -> bool:
    """Mark the job as running in this process; False when that was its last attempt."""
    if job.state == Job.State.RUNNING and job.pk in _begun:
        return True
    _begun.add(job.pk)
    if job.attempts >= ATTEMPTS:
        _fail(
            job,
            "Tiến trình nền bị dừng đột ngột nhiều lần ở cùng một chỗ. "
            "Phần đã ghi được giữ nguyên.",
        )
        return False
    now = timezone.now()
    begun = Job.objects.filter(pk=job.pk, state=job.state, serial=job.serial).update(
        state=Job.State.RUNNING,
        attempts=job.attempts + 1,
        started_at=job.started_at or now,
        heartbeat_at=now,
    )
    job.state = Job.State.RUNNING
    return bool(begun)


def _fail(job: Job, text: str) -> None:
    """Never raises: the job stays as it is when even this cannot be written."""
    try:
        Job.objects.filter(pk=job.pk, state__in=Job.ACTIVE).update(
            state=Job.State.FAILED, error=text, message="", finished_at=timezone.now()
        )
    except OperationalError:
        log.warning("job %s: cannot write its failure: %s", job.pk, text)
        _retries[job.pk] = (0, time.monotonic() + RETRY_AFTER)


def _try_later(job: Job, error: OperationalError) -> None:
    tries = _retries.get(job.pk, (0, 0.0))[0] + 1
    log.warning("job %s: %s; try %s", job.pk, error, tries)
    if tries > RETRIES:
        _retries.pop(job.pk, None)
        _fail(job, "Cơ sở dữ liệu không ghi được (đầy hoặc bận). Phần đã ghi được giữ nguyên.")
        return
    _retries[job.pk] = (tries, time.monotonic() + RETRY_AFTER)


def os_reason(error: OSError) -> str:
    """An error of the file system in words for the person at the screen."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "Ổ đĩa của máy chủ đã đầy. Hãy báo người quản trị rồi làm lại."
    return f"Máy chủ không đọc hoặc ghi được tệp ({error.strerror or error})."


def forget_old_files() -> int:
    """Delete files and rows of jobs closed more than KEEP_FILES days ago; how many jobs."""
    before = timezone.now() - timedelta(days=KEEP_FILES)
    old = Job.objects.filter(files_gone_at=None, finished_at__lt=before).exclude(
        state__in=Job.ACTIVE
    )
    count = 0
    for job in old:
        if job.followed_by.filter(files_gone_at=None).exclude(finished_at__lt=before).exists():
            continue  # another job still reads its files
        _remove_folder(job)
        with transaction.atomic():
            job.rows.all().delete()
            job.files.all().delete()
            Job.objects.filter(pk=job.pk).update(
                files_gone_at=timezone.now(), result_file="", result_name=""
            )
        count += 1
    return count


def _remove_folder(job: Job) -> None:
    shutil.rmtree(job_storage().path(str(job.pk)), ignore_errors=True)
