"""Kept pages: quick when nothing changed, never stale when anything did."""

from __future__ import annotations

import datetime
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.documents.models import Document

from cms import caching
from cms.models import CitySettings, Counter, Handling, Officer, OfficerAbsence
from cms.models.procedures import ProcedurePage
from tests.factories import make_counter, make_field, make_office, make_procedure
from tests.shared import shared_rows

pytestmark = pytest.mark.django_db
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY_TEN = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=HANOI)


class City:
    """Two fields, two procedures, two offices with a counter and an officer each."""

    def __init__(self) -> None:
        CitySettings.load()  # made at the first page of a new site
        self.births, self.land = make_field("Hộ tịch"), make_field("Đất đai")
        self.birth = make_procedure("1.000001", title="Đăng ký khai sinh", field=self.births)
        self.plot = make_procedure("1.000002", title="Đăng ký đất đai", field=self.land)
        self.east, self.west = make_office("Chi nhánh Đông"), make_office("Chi nhánh Tây")
        self.counter = make_counter(self.east, name="Quầy 1", main_field=self.births)
        make_counter(self.west, name="Quầy 2", main_field=self.births)
        self.officer = Officer.objects.create(
            office=self.east, name="Trần Thị Mẫu", title="Chuyên viên"
        )
        Handling.objects.create(counter=self.counter, officer=self.officer, field=self.births)

    @property
    def addresses(self) -> list[str]:
        """Every kept page, also in English."""
        paths = [
            "/",
            "/linh-vuc/",
            f"/linh-vuc/{self.births.slug}/",
            f"/linh-vuc/{self.land.slug}/",
            "/thu-tuc/1.000001/",
            "/thu-tuc/1.000001/lich-su/",
            "/thu-tuc/1.000002/",
            "/thu-tuc/1.000002/lich-su/",
            "/co-quan/",
            f"/co-quan/{self.east.slug}/",
            f"/co-quan/{self.west.slug}/",
            f"/quay/{self.counter.code}/",
        ]
        return [*paths, *(f"/en{path}" for path in paths)]


@shared_rows
def kept_city() -> City:
    return City()


@pytest.fixture
def city(kept_city) -> City:
    return kept_city


def read(client, addresses) -> dict[str, bytes]:
    return {address: client.get(address).content for address in addresses}


def assert_nothing_stale(client, addresses) -> None:
    """What is served now is what a process that never kept anything would serve."""
    served = read(client, addresses)
    caches["pages"].clear()
    fresh = read(client, addresses)
    for address, body in served.items():
        assert body == fresh[address], address


def kept_pages() -> int:
    """How many entries the cache of pages has (in memory, or in Redis)."""
    cache = caches["pages"]
    inner = getattr(cache, "_cache", None)
    if isinstance(inner, dict):
        return len(inner)
    return int(cache._cache.get_client(write=False).dbsize())


def queries_of(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


class TestKept:
    def test_second_reader_costs_one_query(self, client, city):
        for address in city.addresses:
            client.get(address)
            assert queries_of(client, address) == 1, address

    def test_uncached_procedure_page_stays_within_its_queries(self, client, city):
        client.cookies["office"] = city.east.slug
        assert queries_of(client, "/thu-tuc/1.000001/") <= 12

    def test_browser_that_has_the_page_gets_no_body(self, client, city):
        first = client.get("/thu-tuc/1.000001/")
        again = client.get("/thu-tuc/1.000001/", HTTP_IF_NONE_MATCH=first["ETag"])
        assert again.status_code == 304
        assert not again.content

    def test_compressed_and_plain_readers_get_what_they_understand(self, client, city):
        packed = client.get("/thu-tuc/1.000001/", HTTP_ACCEPT_ENCODING="gzip")
        plain = client.get("/thu-tuc/1.000001/")
        assert packed["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain
        assert "Đăng ký khai sinh" in plain.content.decode()

    def test_key_holds_language_and_office(self, client, city):
        client.get("/thu-tuc/1.000001/")
        assert 'lang="en"' in client.get("/en/thu-tuc/1.000001/").content.decode()
        client.cookies["office"] = city.east.slug
        assert "Trần Thị Mẫu" in client.get("/thu-tuc/1.000001/").content.decode()
        del client.cookies["office"]
        assert "Trần Thị Mẫu" not in client.get("/thu-tuc/1.000001/").content.decode()

    def test_headers_of_safety_are_on_kept_pages_too(self, client, city):
        client.get("/thu-tuc/1.000001/")
        kept = client.get("/thu-tuc/1.000001/")
        for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options"):
            assert kept[name]

    def test_unknown_parameters_and_mistakes_are_not_kept(self, client, city):
        client.get("/thu-tuc/1.000001/?x=1")
        assert queries_of(client, "/thu-tuc/1.000001/?x=1") > 1
        assert client.get("/thu-tuc/9.999999/").status_code == 404

    def test_near_days_and_pages_are_kept_under_one_spelling(self, client, city):
        with mock.patch.object(timezone, "now", return_value=MONDAY_TEN):
            for address in (
                "/thu-tuc/1.000001/?ngay=2026-12-01",
                f"/linh-vuc/{city.births.slug}/?page=1",
                "/thu-tuc/1.000001/lich-su/?page=1",
                "/thu-tuc/1.000001/giay-to/?case=1",
                "/thay-doi/?page=1",
            ):
                assert queries_of(client, address) > 1
                assert queries_of(client, address) == 1, address

    def test_a_flood_of_made_up_values_fills_no_memory(self, client, city):
        """Every page is answered, and none of them is kept."""
        field, code = city.births.slug, city.counter.code
        days = (datetime.date(2027, 1, 1) + datetime.timedelta(days=n) for n in range(100))
        flood = [
            *(f"/thu-tuc/1.000001/?ngay={day}" for day in days),
            "/thu-tuc/1.000001/?ngay=mai",
            "/thu-tuc/1.000001/?ngay=01/12/2026",
            "/thu-tuc/1.000001/?ngay=2026-12-01&",
            "/thu-tuc/1.000001/?ngay=2026-12-01&ngay=2026-12-01",
            "/thu-tuc/1.000001/?ngay=2026%2D12-01",
            "/thu-tuc/1.000001/?ngay=",
            *(f"/linh-vuc/{field}/?page={page}" for page in ("01", "2", "99", "x", "")),
            *(f"/linh-vuc/{field}/?level={level}" for level in ("x", "", "xa0")),
            *(f"/thu-tuc/1.000001/lich-su/?page={page}" for page in ("2", "007")),
            "/thay-doi/?page=77",
            "/thu-tuc/1.000001/giay-to/?case=01",
            *(f"/quay/{one}/" for one in {code.lower(), code.title()} - {code}),
        ]
        with mock.patch.object(timezone, "now", return_value=MONDAY_TEN):
            for address in ("/", "/thu-tuc/1.000001/", f"/quay/{code}/"):
                client.get(address)
            before = kept_pages()
            for address in flood:
                assert client.get(address).status_code in (200, 301, 302), address
            assert kept_pages() == before

    def test_made_up_offices_read_what_everybody_reads(self, client, city):
        addresses = ["/", "/thu-tuc/1.000001/", "/co-quan/", f"/quay/{city.counter.code}/"]
        plain = read(client, addresses)
        client.cookies["office"] = "khong-co-0"
        read(client, addresses[:1])  # the first of its kind: now the offices are known
        before = kept_pages()
        for number in range(1, 30):
            client.cookies["office"] = f"khong-co-{number}"
            assert read(client, addresses) == plain
            assert queries_of(client, addresses[1]) == 1
        assert kept_pages() == before

    def test_an_office_that_is_new_is_no_stranger(self, client, city):
        client.cookies["office"] = "chi-nhanh-moi"
        for _ in range(3):
            assert "Chi nhánh Mới" not in client.get("/thu-tuc/1.000001/").content.decode()
        office = make_office("Chi nhánh Mới")
        office.slug = "chi-nhanh-moi"
        office.save()
        for _ in range(3):
            assert "Chi nhánh Mới" in client.get("/thu-tuc/1.000001/").content.decode()
        assert queries_of(client, "/thu-tuc/1.000001/") == 1
        office.unpublish()
        for _ in range(3):
            assert "Chi nhánh Mới" not in client.get("/thu-tuc/1.000001/").content.decode()
        assert queries_of(client, "/thu-tuc/1.000001/") == 1

    @pytest.mark.parametrize("page", ["counter", "office"])
    @pytest.mark.parametrize("hours", [True, False])
    def test_another_office_picked_costs_no_more(self, client, city, page, hours):
        CitySettings.load()
        if not hours:
            city.west.hours.all().delete()
            city.west.refresh_from_db()
        client.cookies["office"] = city.west.slug
        client.get("/co-quan/")
        paths = {"counter": f"/quay/{city.counter.code}/", "office": f"/co-quan/{city.east.slug}/"}
        # A counter's page also asks which printed code leads to its form, an office's for the
        # scores of its counters.
        assert queries_of(client, paths[page]) <= 12
        caches["pages"].clear()
        assert city.west.title in client.get(paths[page]).content.decode()

    def test_editors_and_forms_are_never_kept(self, client, admin_client, city):
        admin_client.get("/admin/")
        assert not caches["pages"].get("anything")
        assert "ETag" not in admin_client.get("/admin/")


@pytest.mark.walks
class TestPurge:
    CHANGES = (
        "publish",
        "new",
        "unpublish",
        "move_to_other_field",
        "officer_leaves",
        "counter_renamed",
        "counter_takes_a_field",
        "hours_change",
        "office_renamed",
        "field_renamed",
        "hotline",
    )

    @pytest.mark.parametrize("change", CHANGES)
    def test_nothing_stale_remains(self, client, city, change):
        read(client, city.addresses)
        getattr(self, change)(city)
        assert_nothing_stale(client, city.addresses)

    @pytest.mark.parametrize("change", CHANGES)
    def test_nothing_stale_remains_for_the_picked_office(self, client, city, change):
        client.cookies["office"] = city.east.slug
        read(client, city.addresses)
        getattr(self, change)(city)
        assert_nothing_stale(client, city.addresses)

    def test_publishing_leaves_other_pages_kept(self, client, city):
        others = ["/thu-tuc/1.000002/", "/co-quan/", f"/linh-vuc/{city.land.slug}/"]
        read(client, others)
        self.publish(city)
        for address in others:
            assert queries_of(client, address) == 1, address

    def test_draft_makes_nothing_stale(self, client, city):
        client.get("/thu-tuc/1.000001/")
        city.birth.title = "Bản nháp"
        city.birth.save_revision()
        assert queries_of(client, "/thu-tuc/1.000001/") == 1

    def test_page_rendered_while_something_changed_is_not_kept(self, client, city):
        real = caching.stamps

        def change_then_read(tags):
            if len(list(tags)) > 1:
                caching.touch(caching.SITE)
            return real(tags)

        with mock.patch("portal.page_cache.stamps", change_then_read):
            client.get("/thu-tuc/1.000001/")
        assert queries_of(client, "/thu-tuc/1.000001/") > 1

    def test_bulk_import_purges(self, client, city):
        from cms.signals import procedures_changed

        read(client, city.addresses)
        ProcedurePage.objects.filter(pk=city.birth.pk).update(title="Tên từ nguồn")
        procedures_changed.send(sender=ProcedurePage, page_ids=[city.birth.pk])
        assert_nothing_stale(client, city.addresses)

    def publish(self, city):
        city.birth.title = "Đăng ký khai sinh mới"
        city.birth.save_revision().publish()

    def new(self, city):
        page = make_procedure("1.000003", title="Thủ tục mới", field=city.land)
        page.save_revision().publish()

    def unpublish(self, city):
        city.birth.unpublish()

    def move_to_other_field(self, city):
        city.birth.field = city.land
        city.birth.save_revision().publish()

    def officer_leaves(self, city):
        city.officer.active = False
        city.officer.save()

    def counter_renamed(self, city):
        city.counter.name = "Quầy Một"
        city.counter.save()

    def counter_takes_a_field(self, city):
        city.counter.fields.add(city.land)

    def hours_change(self, city):
        city.east.hours.all().delete()

    def office_renamed(self, city):
        city.east.title = "Chi nhánh Mới"
        city.east.save_revision().publish()

    def field_renamed(self, city):
        city.births.name = "Hộ tịch và quốc tịch"
        city.births.save()

    def hotline(self, city):
        settings = CitySettings.load()
        settings.hotline = "1900 0000"
        settings.save()


@shared_rows
def linked_city() -> City:
    city = City()
    city.colleague = Officer.objects.create(office=city.east, name="Lê Mẫu", title="Chuyên viên")
    city.absence = OfficerAbsence.objects.create(
        officer=city.officer,
        first_day=datetime.date(2020, 1, 1),
        last_day=datetime.date(2090, 1, 1),
        substitute=city.colleague,
    )
    city.form = Document.objects.create(title="Tờ khai", file=ContentFile(b"1", "to-khai.docx"))
    value = {"name": "Tờ khai", "document": city.form.pk}
    city.plot.form_files = [{"type": "file", "value": value, "id": "f"}]
    city.plot.save_revision().publish()
    city.birth.standing, city.birth.standing_reason = "abolished", "Theo quyết định mới"
    city.birth.standing_from = datetime.date(2026, 1, 1)
    city.birth.replaced_by = city.plot
    city.birth.save_revision().publish()
    return city


class TestPurgeOfOthers:
    """What a page shows of something else, and what leaves one page for another."""

    CHANGES = (
        "officer_moves",
        "counter_moves",
        "assignment_moves",
        "absence_moves",
        "replacement_renamed",
        "replacement_unpublished",
        "replacement_deleted",
        "form_replaced",
        "form_deleted",
    )

    @pytest.fixture
    def city(self, linked_city):
        return linked_city

    @pytest.mark.parametrize("change", CHANGES)
    def test_nothing_stale_remains(self, client, city, change):
        client.cookies["office"] = city.east.slug
        addresses = [
            "/thu-tuc/1.000001/",
            "/thu-tuc/1.000002/",
            "/thu-tuc/1.000002/giay-to/",
            f"/co-quan/{city.east.slug}/",
            f"/co-quan/{city.west.slug}/",
            f"/quay/{city.counter.code}/",
        ]
        before = read(client, addresses)
        getattr(self, change)(city)
        served = read(client, addresses)
        assert served != before
        assert_nothing_stale(client, addresses)

    def officer_moves(self, city):
        city.officer.office = city.west
        city.officer.role = Officer.Role.HEAD
        city.officer.save()
        city.absence.delete()

    def counter_moves(self, city):
        city.counter.office = city.west
        city.counter.save()

    def assignment_moves(self, city):
        row = Handling.objects.get()
        row.counter = Counter.objects.get(office=city.west)
        row.save()

    def absence_moves(self, city):
        city.absence.officer = Officer.objects.create(office=city.west, name="A", title="B")
        city.absence.save()

    def replacement_renamed(self, city):
        city.plot.title = "Đăng ký đất đai lần đầu"
        city.plot.save_revision().publish()

    def replacement_unpublished(self, city):
        city.plot.unpublish()

    def replacement_deleted(self, city):
        city.plot.delete()

    def form_replaced(self, city):
        city.form.file = ContentFile(b"2" * 9000, "to-khai-moi.pdf")
        city.form.file_size = 9000
        city.form.save()

    def form_deleted(self, city):
        city.form.delete()


class TestClock:
    def test_page_ends_when_the_office_opens_or_closes(self, client, city):
        client.cookies["office"] = city.east.slug
        with mock.patch.object(timezone, "now", return_value=MONDAY_TEN):
            assert "đang mở, đến 11:30" in client.get("/thu-tuc/1.000001/").content.decode()
        later = MONDAY_TEN + datetime.timedelta(hours=2)
        with mock.patch.object(timezone, "now", return_value=later):
            assert "đang mở, đến 11:30" not in client.get("/thu-tuc/1.000001/").content.decode()

    def test_page_ends_at_midnight_in_hanoi(self, client, city):
        late = datetime.datetime(2026, 11, 23, 23, 30, tzinfo=HANOI)
        with mock.patch.object(timezone, "now", return_value=late):
            client.get("/linh-vuc/")
            assert queries_of(client, "/linh-vuc/") == 1
        with mock.patch.object(timezone, "now", return_value=late + datetime.timedelta(hours=1)):
            assert queries_of(client, "/linh-vuc/") > 1


def test_every_model_is_decided_about():
    """A model nobody thought of would leave stale pages behind."""
    pages = {
        model for model in apps.get_app_config("cms").get_models() if hasattr(model, "url_path")
    }
    listened = set(caching.SHOWN) | caching.NOT_SHOWN
    assert not set(caching.SHOWN) & caching.NOT_SHOWN
    assert set(apps.get_app_config("cms").get_models()) - pages == listened
