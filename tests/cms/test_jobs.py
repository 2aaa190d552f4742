"""The engine of background jobs: slices, places, stops, restarts, failures, files."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError
from django.utils import timezone

from cms import jobs
from cms.models import Field, Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_kinds(monkeypatch):
    """Kinds of this test only, and a process that has begun nothing."""
    monkeypatch.setattr(jobs, "_kinds", dict(jobs._kinds))
    monkeypatch.setattr(jobs, "_begun", set())
    monkeypatch.setattr(jobs, "_retries", {})


def count_to(limit, *, fail=None):
    """A step that makes one field a slice, rows and cursor in one transaction."""

    def step(work):
        at = work.cursor.get("at", 0)
        with work.commit():
            Field.objects.named(f"Lĩnh vực {at}")
            if fail:
                fail(at)
            work.cursor, work.done, work.total = {"at": at + 1}, at + 1, limit
        return at + 1 == limit

    return step


def begin(step, kind="thu", **options):
    jobs.register(kind, label="Thử", step=step, permission="cms.import_procedures")
    return jobs.start(kind=kind, title="Thử", user=None, **options)


def restart(monkeypatch):
    """What a killed process leaves: nothing in memory."""
    monkeypatch.setattr(jobs, "_begun", set())
    monkeypatch.setattr(jobs, "_retries", {})


def made():
    return Field.objects.filter(name__startswith="Lĩnh vực ").count()


def test_a_job_runs_slice_by_slice_to_its_end():
    job = begin(count_to(3))
    assert (job.state, job.percent) == ("waiting", None)
    seen = []
    while jobs.run_slice():
        job.refresh_from_db()
        seen.append((job.state, job.done, job.percent))
    assert seen == [("running", 1, 33), ("running", 2, 66), ("done", 3, 100)]
    assert made() == 3
    assert job.started_at <= job.heartbeat_at <= job.finished_at


def test_two_jobs_queue_up_oldest_first():
    first, second = begin(count_to(2), "a"), begin(count_to(2), "b")
    order = []
    while jobs.run_slice():
        order += [job.pk for job in Job.objects.filter(serial__gt=0).order_by("-heartbeat_at")[:1]]
    assert order == [first.pk] * 2 + [second.pk] * 2


def test_a_process_killed_in_a_slice_goes_on_at_what_was_committed(monkeypatch):
    class Killed(BaseException):
        pass

    def die(at):
        if at == 2 and not died:
            died.append(at)
            raise Killed

    died = []
    job = begin(count_to(4, fail=die))
    jobs.run_slice()
    jobs.run_slice()
    with pytest.raises(Killed):
        jobs.run_slice()
    job.refresh_from_db()
    assert (job.state, job.done, made()) == ("running", 2, 2)
    restart(monkeypatch)
    while jobs.run_slice():
        pass
    job.refresh_from_db()
    assert (job.state, job.done, made(), job.attempts) == ("done", 4, 4, 0)


def test_a_slice_that_always_kills_its_process_is_given_up(monkeypatch):
    class Killed(BaseException):
        pass

    def die(work):
        raise Killed

    job = begin(die)
    for _ in range(jobs.ATTEMPTS):
        restart(monkeypatch)
        with pytest.raises(Killed):
            jobs.run_slice()
    restart(monkeypatch)
    assert jobs.run_slice()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "nhiều lần" in job.error
    assert not jobs.run_slice()


def test_stop_takes_effect_even_in_the_middle_of_a_slice():
    job = begin(count_to(3, fail=lambda at: at == 1 and jobs.stop(job)))
    jobs.run_slice()
    # The stop itself stands in the transaction that is rolled back here; two processes do not.
    jobs.run_slice()
    assert made() == 1
    jobs.stop(job)
    assert not jobs.run_slice()
    job.refresh_from_db()
    assert (job.state, job.done) == ("stopped", 1)
    jobs.register("thu", label="", step=count_to(3), permission="x.y")
    assert jobs.resume(job)
    assert not jobs.resume(job)
    while jobs.run_slice():
        pass
    job.refresh_from_db()
    assert (job.state, job.done, made()) == ("done", 3, 3)
    assert not jobs.stop(job)
    assert not jobs.cancel(job)


def test_a_second_worker_cannot_commit_the_same_slice():
    job = begin(count_to(5))
    jobs.run_slice()
    job.refresh_from_db()
    mine, other = jobs.Work(Job.objects.get()), jobs.Work(Job.objects.get())
    count_to(5)(mine)
    with pytest.raises(jobs.Interrupted):
        count_to(5)(other)
    job.refresh_from_db()
    assert (job.done, made()) == (2, 2)


def test_cancel_is_for_good():
    job = begin(count_to(3))
    jobs.run_slice()
    assert jobs.cancel(job)
    assert not jobs.run_slice()
    assert not jobs.resume(job)
    job.refresh_from_db()
    assert (job.state, made()) == ("cancelled", 1)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (jobs.JobProblem("Tệp nguồn đã bị xoá."), "Tệp nguồn đã bị xoá."),
        (OSError(errno.ENOSPC, "No space left"), "đã đầy"),
        (OSError(errno.EACCES, "Permission denied"), "không đọc hoặc ghi được"),
        (ZeroDivisionError("x"), "Lỗi chương trình (ZeroDivisionError)"),
    ],
)
def test_a_failed_job_says_why_and_goes_on_when_resumed(error, words):
    def fail(at):
        if at == 1 and errors:
            raise errors.pop()

    errors = [error]
    job = begin(count_to(3, fail=fail))
    while jobs.run_slice():
        pass
    job.refresh_from_db()
    assert (job.state, job.done) == ("failed", 1)
    assert words in job.error
    assert jobs.resume(job)
    while jobs.run_slice():
        pass
    job.refresh_from_db()
    assert (job.state, job.done, job.error, made()) == ("done", 3, "", 3)


def test_a_locked_database_is_tried_again_later_and_given_up_in_the_end(monkeypatch):
    def fail(at):
        raise OperationalError("database is locked")

    job = begin(count_to(3, fail=fail))
    assert jobs.run_slice()
    assert not jobs.run_slice()  # not before its time
    clock = jobs.time.monotonic()
    for tries in range(jobs.RETRIES):
        job.refresh_from_db()
        assert job.state == "running", tries
        clock += jobs.RETRY_AFTER + 1
        monkeypatch.setattr(jobs.time, "monotonic", lambda now=clock: now)
        assert jobs.run_slice()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "Cơ sở dữ liệu" in job.error


def test_a_step_that_never_commits_is_saved_by_the_engine_with_its_file():
    def step(work):
        at = work.cursor.setdefault("at", 0)
        (work.folder / f"{at}.txt").write_text(str(at))
        work.cursor["at"] = work.done = at + 1
        if at == 1:
            work.result = {"parts": 2}
            work.keep_file(work.folder / "1.txt", "ket-qua.txt")
        return at == 1

    job = begin(step)
    while jobs.run_slice():
        pass
    job.refresh_from_db()
    assert (job.done, job.result, job.result_name) == (2, {"parts": 2}, "ket-qua.txt")
    with job.result_file.open() as file:
        assert file.read() == b"1"


def test_uploads_are_kept_apart_from_media_under_names_of_our_own(settings):
    upload = ContentFile(b"abc", name="../../Tệp của tôi.JSONL")
    job = begin(count_to(1), files=[upload])
    (file,) = job.sources
    path = Path(file.file.path)
    assert path.read_bytes() == b"abc"
    assert path.suffix == ".jsonl"
    assert Path(settings.MEDIA_ROOT) not in path.parents
    assert path.stat().st_mode & 0o077 == 0
    assert (file.name, file.size) == ("Tệp của tôi.JSONL", 3)
    later = begin(count_to(1), follows=job)
    assert later.sources == [file]


def test_a_full_disk_while_uploading_leaves_nothing(monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(jobs.JobProblem, match="đã đầy"):
        begin(count_to(1), files=[ContentFile(b"abc", name="a.jsonl")])
    assert not Job.objects.exists()


def test_files_of_old_jobs_go_and_of_others_stay():
    old = begin(count_to(1), files=[ContentFile(b"abc", name="a.jsonl")])
    new = begin(count_to(1), files=[ContentFile(b"abc", name="a.jsonl")])
    used = begin(count_to(1), files=[ContentFile(b"abc", name="a.jsonl")])
    begin(count_to(1), follows=used)
    path = Path(old.sources[0].file.path)
    past = timezone.now() - timedelta(days=jobs.KEEP_FILES + 1)
    Job.objects.filter(pk__in=[old.pk, used.pk]).update(state="done", finished_at=past)
    assert jobs.forget_old_files() == 1
    assert not path.exists()
    assert [job.files.count() for job in (old, new, used)] == [0, 1, 1]
    old.refresh_from_db()
    assert old.files_gone_at
    assert not jobs.resume(old)


def test_who_may_use_a_job():
    job = begin(count_to(1))
    user = get_user_model().objects.create_user("a")
    assert not jobs.may_use(user, job)
    assert jobs.may_use(get_user_model().objects.create_superuser("b"), job)
