"""Sheets of the whole city: one PDF from a background job, stopped and killed on the way."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from cms import jobs
from cms.jobs import JobProblem
from cms.models import EditorScope, Job
from feedback import poster_codes
from feedback.models import PosterCode
from feedback.printing import city
from feedback.printing.qr import address_of
from tests.factories import make_counter, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def counters(admin_user):
    here, there = make_office("Chi nhánh A"), make_office("Chi nhánh B")
    made = [make_counter(here, name=f"Quầy {n}") for n in range(1, 6)]
    made += [make_counter(there, name=f"Quầy {n}") for n in range(1, 4)]
    make_counter(there, name="Quầy đóng", active=False)
    return made


def finish(job: Job) -> Job:
    while jobs.run_slice():
        pass
    job.refresh_from_db()
    return job


def read(job: Job) -> list[str]:
    pages = pypdfium2.PdfDocument(job.result_file.path)
    return [zxingcpp.read_barcodes(page.render(scale=1.5).to_pil())[0].text for page in pages]


@pytest.fixture
def short_slices(monkeypatch):
    """One sheet a slice."""
    monkeypatch.setattr(jobs, "SLICE_SECONDS", 0.0)


@pytest.mark.parametrize("size", ["A4", "A6"])
def test_every_counter_in_use_has_its_sheet_in_order(counters, admin_user, size, short_slices):
    poster_codes.replace(
        counter=counters[1], edition=1, reason="Tờ rách", user=None, today=timezone.localdate()
    )
    job = finish(city.start_city(size=size, user=admin_user))
    assert (job.state, job.done, job.total) == (Job.State.DONE, 8, 8)
    assert job.result == {"pages": 8}
    assert job.cursor["parts"] == 8
    codes = poster_codes.current_of(counters)
    assert read(job) == [address_of(codes[one.pk].code) for one in counters]
    assert job.result_name == f"qr-{timezone.localdate():%Y-%m-%d}-{size}.pdf"
    document = pypdfium2.PdfDocument(job.result_file.path)
    serials = [
        page.get_textpage().get_text_range().count(f"{pk.pk:06d}-")
        for page, pk in zip(document, counters, strict=True)
    ]
    assert serials == [1] * 8


def test_killed_in_the_middle_no_sheet_is_missing_or_double(
    counters, admin_user, short_slices, monkeypatch
):
    job = city.start_city(size="A6", user=admin_user)
    assert jobs.run_slice()
    with monkeypatch.context() as broken:
        broken.setattr(jobs.Work, "finish_slice", lambda *_, **__: 1 / 0)
        jobs.run_slice()  # its part is on disk, its place is not
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert jobs.resume(job)
    codes = poster_codes.current_of(counters)
    assert read(finish(job)) == [address_of(codes[one.pk].code) for one in counters]


def test_a_name_that_cannot_be_printed_is_named_and_the_job_goes_on(counters, admin_user):
    counters[6].name = "Quầy 😀"
    counters[6].save()
    job = finish(city.start_city(size="A6", user=admin_user))
    assert job.state == Job.State.FAILED
    assert "Quầy 😀" in job.error
    counters[6].name = "Quầy 2"
    counters[6].save()
    assert jobs.resume(job)
    assert len(read(finish(job))) == 8


def test_counters_closed_meanwhile_get_no_sheet(counters, admin_user):
    job = city.start_city(size="A6", user=admin_user)
    for one in counters[:7]:
        one.active = False
        one.save()
    assert read(finish(job)) == [address_of(counters[7].code)]
    job = city.start_city(size="A6", user=admin_user)
    counters[7].active = False
    counters[7].save()
    assert "ngừng hoạt động" in finish(job).error
    with pytest.raises(JobProblem, match="Không có quầy"):
        city.start_city(size="A6", user=admin_user)
    with pytest.raises(JobProblem, match="khổ giấy"):
        city.start_city(size="A3", user=admin_user)


def test_started_from_the_screen_by_those_who_may(client, counters, admin_user, django_user_model):
    client.force_login(admin_user)
    answer = client.post(reverse("poster_codes_print"), {"size": "A5"})
    job = Job.objects.get()
    assert answer["Location"] == jobs.detail_url(job)
    assert "toàn thành phố, 8 quầy" in client.get(answer["Location"]).content.decode()
    assert client.post(reverse("poster_codes_print"), {"size": "A9"})["Location"] == reverse(
        "poster_codes"
    )
    scoped = django_user_model.objects.create_user("scoped", password="x")
    names = ["access_admin", "change_counter"]
    scoped.user_permissions.add(*Permission.objects.filter(codename__in=names))
    EditorScope.objects.create(user=scoped).offices.add(counters[5].office)
    client.force_login(scoped)
    client.post(reverse("poster_codes_print"), {"size": "A6"})
    assert Job.objects.filter(title__contains="3 quầy").exists()
    # Codes of other offices are not hers to see, print or replace.
    for name in ("counter_qr", "counter_qr_replace"):
        assert client.get(reverse(name, args=[counters[0].pk])).status_code in {302, 403}
    assert "Chi nhánh A" not in client.get(reverse("poster_codes")).content.decode()
    reader = django_user_model.objects.create_user("reader", password="x")
    reader.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "view_counter"])
    )
    client.force_login(reader)
    page = client.get(reverse("poster_codes")).content.decode()
    assert "Quầy 1" in page
    assert "poster_codes_print" not in page
    assert "Khổ A5" not in page
    assert client.post(reverse("poster_codes_print"), {"size": "A5"}).status_code in {302, 403}
    assert PosterCode.objects.count() == 0
