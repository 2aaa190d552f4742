"""The import in the editor: upload, preview, confirm, done; stopped, killed, refused, full disk."""

from __future__ import annotations

import csv
import errno
import gzip
import io
import json

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms import import_job, import_screens, jobs
from cms.importing import import_records
from cms.importing.sources import Row
from cms.models import EditorScope, ImportRow, Job, NationalRecord, ProcedurePage
from tests.cms.test_importing_parsing import raw
from tests.factories import make_field, make_procedure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """A worker that has begun nothing."""
    monkeypatch.setattr(jobs, "_begun", set())
    monkeypatch.setattr(jobs, "_retries", {})
    import_job.forget()
    yield
    import_job.forget()


def importer(name="nhap", *permissions):
    """A user who may enter the admin and has these rights of the app cms."""
    user = User.objects.create_user(name, password="x")
    group = Group.objects.create(name=f"Nhóm {name}")
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *permissions]))
    user.groups.add(group)
    return user


@pytest.fixture
def client():
    client = Client()
    client.force_login(importer("nhap", "import_procedures", "publish_incomplete"))
    return client


def records(count, start=0):
    return [
        raw(code=f"1.{n:06d}", name=f"Việc {n}", steps=f"Bước 1: việc {n}.")
        for n in range(start, start + count)
    ]


def lines(*found, name="danh-muc.jsonl"):
    data = b"".join(
        one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode() + b"\n"
        for one in found
    )
    return SimpleUploadedFile(name, data)


def upload(client, *files):
    return client.post(reverse("import_procedures:upload"), {"files": list(files)})


def newest():
    return Job.objects.order_by("-pk").first()


def work(most=1000):
    """What the worker does, until there is nothing left."""
    while most and jobs.run_slice():
        most -= 1


def previewed(client, *files):
    response = upload(client, *files)
    assert response.status_code == 302, response.content.decode()
    work()
    return newest()


def confirmed(client, preview, **options):
    response = client.post(reverse("import_procedures:confirm", args=[preview.pk]), options)
    assert response.status_code == 302
    return newest()


def counts(job):
    job.refresh_from_db()
    # By name: PostgreSQL keeps the keys of a JSON object in an order of its own.
    names = ("created", "changed", "unchanged", "rejected")
    return tuple(job.result["counts"][name] for name in names)


def body(client, job, query=""):
    response = client.get(reverse("import_procedures:job", args=[job.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_from_upload_to_done(client):
    import_records([Row("cũ", 1, raw(code="1.000001", name="Việc 1"))], publish=True)
    bad = raw(code="", name="Không mã")
    preview = previewed(client, lines(*records(3), b"khong phai json\n", bad))
    assert (preview.kind, preview.state) == ("import_preview", "done")
    assert counts(preview) == (2, 1, 0, 2)
    assert ProcedurePage.objects.count() == 1
    assert (preview.done, preview.total) == (5, 5)
    html = body(client, preview)
    for words in ("danh-muc.jsonl, dòng 4", "Dòng không phải JSON", "Thiếu mã thủ tục", "Xác nhận"):
        assert words in html
    job = confirmed(client, preview, publish="1")
    assert job.state == "waiting"
    work()
    assert counts(job) == (2, 1, 0, 2)
    assert job.state == "done"
    assert ProcedurePage.objects.live().count() == 3
    assert "Bước 1: việc 1." in str(ProcedurePage.objects.get(code="1.000001").steps)
    assert "Việc 2" in body(client, job, "?o=created")
    assert "Dòng không phải JSON" in body(client, job, "?o=rejected")
    again = previewed(client, lines(*records(3)))
    assert counts(again) == (0, 0, 3, 0)
    assert "Không có gì để ghi" in body(client, again)


def test_a_preview_tells_part_by_part_what_differs(client):
    channel = {"channel": "Trực tiếp", "time_value": 7, "time_unit": "ngày", "time_limit": "7 ngày"}
    fee = {"amount": 20000, "currency": "VND", "note": ""}
    before = raw(channels=[{**channel, "fees": [fee]}], result="Giấy khai sinh")
    after = raw(channels=[{**channel, "fees": [{**fee, "amount": 10000}]}], result="Giấy khai sinh")
    import_records([Row("cũ", 1, before)], publish=True)
    preview = previewed(client, lines(after))
    (row,) = preview.rows.all()
    assert row.outcome == "changed"
    assert [one["part"] for one in row.differences] == ["Phí, lệ phí (Trực tiếp)"]
    assert row.differences[0]["before"].startswith("20.000 đồng")
    assert row.differences[0]["after"].startswith("10.000 đồng")
    html = body(client, preview, "?o=changed")
    assert "20.000 đồng" in html
    assert "10.000 đồng" in html


def test_a_preview_tells_what_the_city_keeps(client):
    import_records([Row("cũ", 1, raw(result="Giấy A"))], publish=True)
    page = ProcedurePage.objects.get()
    page.result = "Giấy của thành phố"
    page.save_revision(user=User.objects.get()).publish()
    preview = previewed(client, lines(raw(result="Giấy B")))
    (row,) = preview.rows.all()
    (clash,) = row.differences
    assert (clash["before"], clash["after"]) == ("Giấy của thành phố", "Giấy B")
    assert clash["clash"]
    assert "thành phố đã sửa" in body(client, preview)
    job = confirmed(client, preview, publish="1")
    work()
    assert counts(job) == (0, 1, 0, 0)
    assert ProcedurePage.objects.get().result == "Giấy của thành phố"


@pytest.mark.parametrize("publish", ["0", "1"])
def test_publish_or_draft(client, publish):
    job = confirmed(client, previewed(client, lines(raw())), publish=publish)
    work()
    assert counts(job) == (1, 0, 0, 0)
    assert ProcedurePage.objects.get().live == (publish == "1")


def test_several_files_of_several_kinds(client):
    packed = gzip.compress(json.dumps(raw(code="1.000009", name="Nén")).encode())
    preview = previewed(
        client,
        lines(*records(2), name="a.jsonl"),
        SimpleUploadedFile("b.jsonl.gz", packed),
        SimpleUploadedFile("ChiTietTTHC_1.doc", b"PK\x03\x04hong"),
    )
    assert preview.title == "a.jsonl và 2 tệp khác"
    assert counts(preview) == (3, 0, 0, 1)
    (rejected,) = preview.rows.filter(outcome="rejected")
    assert (rejected.file, "bị hỏng" in rejected.reason) == ("ChiTietTTHC_1.doc", True)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Hãy chọn ít nhất một tệp"),
        ([SimpleUploadedFile("a.jsonl", b"")], "tệp rỗng"),
        ([SimpleUploadedFile("a.exe", b"MZ")], "không nhận loại tệp này"),
        ([SimpleUploadedFile("a", b"x")], "không nhận loại tệp này"),
    ],
)
def test_files_refused_at_once(client, files, words):
    response = upload(client, *files)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not Job.objects.exists()


def test_too_large_is_told_before_and_after_reading(client, monkeypatch):
    monkeypatch.setattr(import_screens, "UPLOAD_LIMIT", 100)
    response = upload(client, lines(*records(3)))
    assert response.status_code == 400
    assert "tối đa" in response.content.decode()
    response = client.post(
        reverse("import_procedures:upload"), b"", "multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(200 * 1024 * 1024),
    )  # fmt: skip
    assert response.status_code == 413
    assert "200,0 MB" in response.content.decode()
    assert not Job.objects.exists()


def _full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_while_the_upload_arrives(client, monkeypatch, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10  # as for every real catalogue: straight to disk
    monkeypatch.setattr(TemporaryUploadedFile, "write", _full, raising=False)
    response = upload(client, lines(*records(3)))
    assert response.status_code == 507
    assert "đã đầy" in response.content.decode()


def test_a_full_disk_while_the_upload_is_stored(client, monkeypatch):
    monkeypatch.setattr(FileSystemStorage, "_save", _full)
    response = upload(client, lines(*records(3)))
    assert response.status_code == 507
    assert "đã đầy" in response.content.decode()
    assert not Job.objects.exists()


def test_a_form_without_token_is_refused(client):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get())
    assert upload(strict, lines(*records(1))).status_code == 403
    assert not Job.objects.exists()


def test_killed_in_the_middle_it_goes_on_and_counts_every_row_once(client, monkeypatch):
    found = [*records(7), raw(code="1.000002", name="Khác"), *records(2), *records(4, start=7)]
    monkeypatch.setattr(import_job, "ROWS", 3)
    monkeypatch.setattr(import_job, "BUDGET", 3)
    unbroken = previewed(client, lines(*found))
    expected = counts(unbroken)
    assert expected == (11, 0, 2, 1)

    class Killed(BaseException):
        pass

    real, calls = import_job.write, []

    def write(run, batch):
        real(run, batch)
        calls.append(len(batch.done))
        if len(calls) in (2, 4):
            raise Killed  # after the pages, before the commit

    monkeypatch.setattr(import_job, "write", write)
    job = confirmed(client, unbroken, publish="1")
    kills = 0
    for _ in range(50):
        try:
            if not jobs.run_slice():
                break
        except Killed:
            kills += 1
            monkeypatch.setattr(jobs, "_begun", set())
            assert ImportRow.objects.filter(job=job).count() == Job.objects.get(pk=job.pk).done
    assert kills == 2
    assert counts(job) == expected
    assert (job.state, job.done, job.total) == ("done", 14, 14)
    assert ProcedurePage.objects.live().count() == 11
    assert list(job.rows.values_list("line", flat=True)) == list(range(1, 15))
    assert all(not problems for problems in Page.find_problems())
    duplicate, different = job.rows.get(line=9), job.rows.get(line=8)
    assert "dòng 1 " in duplicate.warnings[0]["text"]
    assert "dòng 3 " in different.reason


def test_stop_and_resume_by_button(client, monkeypatch):
    monkeypatch.setattr(import_job, "ROWS", 2)
    monkeypatch.setattr(import_job, "BUDGET", 2)
    monkeypatch.setattr(jobs, "SLICE_SECONDS", 0.001)
    job = confirmed(client, previewed(client, lines(*records(20))), publish="1")
    while Job.objects.get(pk=job.pk).done < 6:
        jobs.run_slice()
    client.post(reverse("jobs:stop", args=[job.pk]))
    work()
    job.refresh_from_db()
    assert job.state == "stopped"
    assert 6 <= job.done < 20
    assert ProcedurePage.objects.count() == job.done
    html = body(client, job)
    assert "Tiếp tục" in html
    import_job.forget()  # as after a restart of the worker
    client.post(reverse("jobs:resume", args=[job.pk]))
    work()
    assert counts(job) == (20, 0, 0, 0)
    assert job.state == "done"


def test_cancelled_previews_and_imports_can_be_done_again(client):
    preview = previewed(client, lines(*records(2)))
    job = confirmed(client, preview)
    client.post(reverse("jobs:cancel", args=[job.pk]))
    work()
    assert ProcedurePage.objects.count() == 0
    again = confirmed(client, preview)
    assert again.pk != job.pk
    assert confirmed(client, preview).pk == again.pk  # confirmed twice is done once
    work()
    assert counts(again) == (2, 0, 0, 0)


def test_an_unfinished_preview_cannot_be_confirmed(client):
    upload(client, lines(*records(2)))
    assert confirmed(client, newest()).kind == "import_preview"


def test_a_complete_catalogue_flags_what_it_no_longer_holds(client):
    import_records([Row("cũ", n, one) for n, one in enumerate(records(4))], publish=True)
    make_procedure("9.999999")  # never imported: the city's own
    preview = previewed(client, lines(*records(2)))
    assert preview.result["missing"] == 2
    assert not NationalRecord.objects.exclude(missing_since=None).exists()
    job = confirmed(client, preview, complete="1")
    work()
    assert counts(job) == (0, 0, 2, 0)
    assert job.result["missing"] == 2
    flagged = NationalRecord.objects.exclude(missing_since=None)
    assert set(flagged.values_list("page__code", flat=True)) == {"1.000002", "1.000003"}
    assert ProcedurePage.objects.live().count() == 5
    back = confirmed(client, previewed(client, lines(*records(4))))
    work()
    back.refresh_from_db()
    assert not NationalRecord.objects.exclude(missing_since=None).exists()


def test_rows_are_filtered_paged_and_exported(client, monkeypatch):
    monkeypatch.setattr(import_screens, "PER_PAGE", 2)
    preview = previewed(client, lines(*records(5), raw(code="=1+1"), raw(code="", name="=cmd()")))
    assert "Trang 1 / 4" in body(client, preview)
    assert "Việc 4" in body(client, preview, "?p=3&o=created")
    assert "Việc 3" in body(client, preview, "?q=1.000003")
    assert "Không có dòng nào" in body(client, preview, "?q=%25%22")
    assert body(client, preview, "?w=name_shared&o=zzz&p=zz")
    response = client.get(reverse("import_procedures:csv", args=[preview.pk]) + "?o=rejected")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 3
    assert rows[1][4] == "Bị từ chối"
    assert all(not cell.startswith("=") for row in rows for cell in row)


def test_texts_no_database_takes(client):
    bad = b'{"code": "", "name": "a\\u0000b\\ud800", "field": "x"}\n'
    preview = previewed(client, lines(bad, raw()))
    assert counts(preview) == (1, 0, 0, 1)


def test_progress_as_json(client, monkeypatch):
    upload(client, lines(*records(3)))
    address = reverse("jobs:status", args=[newest().pk])
    assert client.get(address).json()["state"] == "waiting"
    work()
    found = client.get(address).json()
    assert (found["state"], found["done"], found["total"], found["percent"]) == ("done", 3, 3, 100)
    assert found["counts"]["created"] == 3


def test_two_uploads_queue_up(client):
    upload(client, lines(*records(2)))
    upload(client, lines(*records(3)))
    assert "1 công việc chạy trước" in body(client, newest())
    work()
    assert [counts(job)[0] for job in Job.objects.order_by("pk")] == [2, 3]


def test_the_uploaded_file_that_is_gone_is_told(client):
    job = confirmed(client, previewed(client, lines(*records(2))))
    job.sources[0].file.storage.delete(job.sources[0].file.name)
    work()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "hãy tải lên lại" in body(client, job)


def test_the_template_can_be_fetched(client):
    response = client.get(reverse("import_procedures:template"))
    assert b"".join(response.streaming_content)[:2] == b"PK"


def test_without_the_right_nothing_is_seen_or_done(client):
    preview = previewed(client, lines(*records(1)))
    other = Client()
    other.force_login(importer("khac"))
    addresses = [
        reverse("import_procedures:upload"),
        reverse("import_procedures:template"),
        reverse("jobs:index"),
        reverse("jobs:detail", args=[preview.pk]),
        reverse("jobs:status", args=[preview.pk]),
        reverse("jobs:download", args=[preview.pk]),
        reverse("import_procedures:job", args=[preview.pk]),
        reverse("import_procedures:csv", args=[preview.pk]),
    ]
    home = reverse("wagtailadmin_home")
    for address in addresses:
        response = other.get(address)
        assert (response.status_code, response.headers.get("Location")) == (302, home), address
        assert Client().get(address).status_code == 302
    for name in ("jobs:stop", "jobs:resume", "jobs:cancel", "import_procedures:confirm"):
        assert other.post(reverse(name, args=[preview.pk])).status_code == 302
    assert upload(other, lines(*records(1))).status_code == 302
    assert Job.objects.count() == 1
    assert b"Nh\xe1\xba\xadp th\xe1\xbb\xa7 t\xe1\xbb\xa5c" not in other.get(home).content


def test_who_works_for_some_fields_only_cannot_import(client):
    user = User.objects.get()
    scope = EditorScope.objects.create(user=user)
    assert client.get(reverse("import_procedures:upload")).status_code == 200
    scope.fields.add(make_field())
    for name in ("import_procedures:upload", "jobs:index"):
        assert client.get(reverse(name)).status_code == 302, name
    assert upload(client, lines(*records(1))).status_code == 302
    assert not Job.objects.exists()


def test_publishing_needs_its_own_right(client):
    writer = Client()
    writer.force_login(importer("viet", "import_procedures"))
    preview = previewed(writer, lines(*records(1)))
    assert "Đăng ngay" not in body(writer, preview)
    response = writer.post(
        reverse("import_procedures:confirm", args=[preview.pk]), {"publish": "1"}
    )
    assert response.status_code == 302
    assert Job.objects.count() == 1
    confirmed(writer, preview)
    work()
    assert not ProcedurePage.objects.get().live


def test_lists_of_jobs(client):
    preview = previewed(client, lines(*records(1)))
    html = client.get(reverse("jobs:index")).content.decode()
    assert preview.title in html
    assert "Đã xong" in html
    assert preview.title in client.get(reverse("jobs:detail", args=[preview.pk])).content.decode()
