"""What is asked is counted beside the search, and nobody's name, address or time with it."""

import datetime
import logging
import threading
from contextlib import nullcontext
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, connections
from django.utils import timezone

from cms.models import Office
from search import chosen, query_log
from search.models import SearchedFor
from search.query_log import DAY_ROWS, KEPT_DAYS, WAITING, Keeper, Tally, forget_old, keeper, write
from tests.factories import make_procedure

PHONE = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile"}
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _nothing_waits():
    keeper.forget()
    cache.clear()
    yield
    keeper.forget()


@pytest.fixture
def some(index):
    for number in range(12):
        make_procedure(f"9.20{number:04d}", title=f"Đăng ký khai sinh số {number}")
    index()


def rows():
    keeper.flush()
    return list(SearchedFor.objects.order_by("pk").values_list("text", "channel", "count"))


def key(text="khai sinh", day=TODAY, channel="page"):
    return (day, text, "vi", channel)


class TestWhatIsCounted:
    def test_a_question_of_the_page_and_of_json(self, some, client):
        client.get("/tim-kiem/", {"q": "Khai  SINH"}, **PHONE)
        client.get("/tim-kiem/", {"q": "khai sinh"}, **PHONE)
        client.get("/api/v1/search/", {"q": "khai sinh"}, **PHONE)
        client.get("/en/tim-kiem/", {"q": "khai sinh"}, **PHONE)
        assert sorted(rows()) == [
            ("khai sinh", "json", 1),
            ("khai sinh", "page", 1),
            ("khai sinh", "page", 2),
        ]
        first = SearchedFor.objects.get(language="vi", channel="page")
        assert (first.day, first.last_total) == (timezone.localdate(), 12)
        assert (first.empty, first.near_only, first.corrected) == (0, 0, 0)

    def test_nothing_found_guessed_corrected(self, some, client):
        client.get("/tim-kiem/", {"q": "xyzzy qwerty"}, **PHONE)
        keeper.flush()
        assert SearchedFor.objects.get().empty == 1
        answer = mock.Mock(
            filters={}, sort="", page=1, index_missing=False, total=0, near=[1], corrected="x"
        )
        answer.question.text = "khai sihn"
        request = mock.Mock(method="GET", GET={}, headers={})
        query_log.note(request, answer)
        keeper.flush()
        row = SearchedFor.objects.get(text="khai sihn")
        assert (row.count, row.empty, row.near_only, row.corrected) == (1, 1, 1, 1)

    @pytest.mark.parametrize(
        "more",
        [
            {"page": "2"},
            {"thu": "1"},
            {"sort": "name"},
            {"level": "commune"},
            {"exact": "1"},
            {"q": " "},
        ],
    )
    def test_turning_pages_and_filtering_are_no_questions(self, some, client, more):
        client.get("/tim-kiem/", {"q": "khai sinh", **more}, **PHONE)
        assert rows() == []

    @pytest.mark.parametrize(
        "headers",
        [
            {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
            {"HTTP_PURPOSE": "prefetch"},
            {"HTTP_X_MOZ": "prefetch"},
            {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
            {"HTTP_USER_AGENT": "facebookexternalhit crawler"},
        ],
    )
    def test_robots_and_prefetches_do_not_count(self, some, client, headers):
        client.get("/tim-kiem/", {"q": "khai sinh"}, **headers)
        assert rows() == []
        assert client.head("/tim-kiem/", {"q": "khai sinh"}, **PHONE).status_code == 200
        assert rows() == []

    def test_page_of_results_is_not_kept_so_every_one_counts(self, some, client):
        for _ in range(3):
            client.get("/tim-kiem/?q=khai+sinh", **PHONE)
        assert rows() == [("khai sinh", "page", 3)]

    def test_the_search_asks_the_database_nothing_more(self, some, client, monkeypatch):
        monkeypatch.setattr("search.curated.LOOK_EVERY", 3600)  # that look is another's
        client.get("/tim-kiem/?q=khai+sinh", **PHONE)
        with mock.patch.object(keeper, "add") as added:
            with _queries() as without:
                client.get("/tim-kiem/?q=khai+sinh", **PHONE)
            assert added.called
        with _queries() as together:
            client.get("/tim-kiem/?q=khai+sinh", **PHONE)
        assert len(together) == len(without)


class _queries:
    def __enter__(self):
        from django.test.utils import CaptureQueriesContext

        self._context = CaptureQueriesContext(connection)
        return self._context.__enter__()

    def __exit__(self, *args):
        self._context.__exit__(*args)


class TestNobodyIsKept:
    def test_no_address_cookie_or_number_in_any_table_or_line(self, some, client, caplog):
        office = Office.objects.live().first()
        client.cookies["office"] = office.slug if office else "noi-nao-do"
        client.cookies["sessionid"] = "bi-mat-cua-toi"
        secrets = ("203.0.113.77", "bi-mat-cua-toi", "Tra0Hoa", "0912345678", "0912 345", "buoi")
        with caplog.at_level(logging.DEBUG):
            who = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "Tra0Hoa"}
            named = "khai sinh 0912 345 678 toi ten la tran van buoi"
            client.get("/tim-kiem/", {"q": named}, **who)
            page = client.get("/tim-kiem/", {"q": "đăng ký khai sinh 0912345678"}, **who)
            ping = page.context["pings"].of(page.context["answer"].results[0].code)
            client.post(ping, **who)
            keeper.flush()
        assert set(SearchedFor.objects.values_list("text", "clicks")) == {
            ("khai sinh [số] toi ten la [tên]", 0),
            ("đăng ký khai sinh [số]", 1),
        }
        for model in apps.get_models():
            for row in model._base_manager.values():
                assert not [one for one in secrets if one in str(row)], model
        for record in caplog.records:
            if record.name != "django.db.backends":
                assert not [one for one in secrets if one in record.getMessage()]

    def test_the_table_has_no_column_for_a_person_or_a_time(self):
        assert {one.name for one in SearchedFor._meta.get_fields()} == {
            "id", "day", "text", "language", "channel", "count", "last_total", "empty",
            "near_only", "corrected", "clicks", "rank_sum",
        }  # fmt: skip

    def test_the_token_of_a_ping_has_the_masked_words_only(self, some, client):
        page = client.get("/tim-kiem/", {"q": "khai sinh 0912345678"}, **PHONE)
        token = page.context["pings"].address.partition("t=")[2].partition("&")[0]
        said = signing.Signer(salt="search.chosen").unsign_object(token)
        assert said == [timezone.localdate().isoformat(), "khai sinh [số]", "vi"]


@pytest.mark.django_db
class TestWriting:
    def test_counts_add_up_and_the_newest_total_stays(self):
        write({key(): Tally(count=2, last_total=7, corrected=1)})
        write({key(): Tally(count=1, last_total=9, empty=1)})
        write({key(): Tally(clicks=1, rank_sum=4)})
        row = SearchedFor.objects.get()
        assert (row.count, row.last_total, row.corrected, row.empty) == (3, 9, 1, 1)
        assert (row.clicks, row.rank_sum) == (1, 4)

    def test_many_rows_in_few_statements(self):
        with _queries() as asked:
            assert write({key(f"câu {n}"): Tally(count=1) for n in range(120)}) == 120
        assert SearchedFor.objects.count() == 120
        assert len([one for one in asked if one["sql"].startswith("INSERT")]) == 3

    def test_a_full_day_takes_no_new_questions(self):
        write({key(): Tally(count=1)})
        with mock.patch.object(query_log, "DAY_ROWS", 1):
            taken = {key(): Tally(count=1), key("khác"): Tally(count=1)}
            taken[key("mai", TODAY + datetime.timedelta(days=1))] = Tally(count=1)
            assert write(taken) == 2
        assert set(SearchedFor.objects.values_list("text", "count")) == {
            ("khai sinh", 2),
            ("mai", 1),
        }
        assert DAY_ROWS * KEPT_DAYS < 2_000_000

    def test_what_could_not_be_written_waits_with_what_came_meanwhile(self, caplog):
        kept = Keeper()
        kept.add(key(), Tally(count=1, last_total=3))

        def fail(taken):
            kept.add(key(), Tally(count=1, last_total=5))
            raise OperationalError("database is locked: 'khai sinh'")

        with mock.patch.object(query_log, "write", fail):
            assert kept.flush() == 0
            assert kept.flush() == 0
        assert [record.getMessage() for record in caplog.records] == [
            "questions are not counted: OperationalError"
        ]
        assert kept.flush() == 1
        row = SearchedFor.objects.get()
        assert (row.count, row.last_total) == (3, 5)

    def test_waiting_is_bounded(self):
        kept = Keeper()
        for number in range(WAITING + 50):
            kept.add(key(f"câu {number}"), Tally(count=1))
        kept.add(key("câu 1"), Tally(count=1))
        assert len(kept.waiting()) == WAITING
        assert kept.waiting()[key("câu 1")].count == 2

    def test_a_missing_table_costs_no_answer(self, some, client):
        with mock.patch.object(query_log, "write", side_effect=DatabaseError):
            assert client.get("/tim-kiem/?q=khai+sinh", **PHONE).status_code == 200
            assert keeper.flush() == 0
        assert keeper.waiting()


@pytest.mark.django_db(transaction=True)
class TestProcesses:
    def test_two_connections_add_to_the_same_rows(self):
        texts = [f"câu {number}" for number in range(40)]
        wrong = []
        # The tests' SQLite is one in memory, whose connections do not wait for each other.
        turn = threading.Lock() if connection.vendor == "sqlite" else nullcontext()

        def work():
            try:
                for _ in range(5):
                    with turn:
                        write({key(one): Tally(count=1, clicks=1, rank_sum=2) for one in texts})
            except Exception as error:
                wrong.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(2)]
        with mock.patch.object(query_log, "_PATIENCE", 20_000):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert not wrong
        assert set(SearchedFor.objects.values_list("count", "clicks", "rank_sum")) == {(10, 10, 20)}
        assert SearchedFor.objects.count() == 40

    def test_the_thread_writes_by_itself(self, monkeypatch):
        monkeypatch.setattr(settings, "SEARCH_LOG_SECONDS", 0.01)
        monkeypatch.setattr(query_log.atexit, "register", lambda work: None)
        done = threading.Event()
        kept = Keeper()
        kept.add(key(), Tally(count=1))
        kept.aside(done.set)
        assert done.wait(20)
        kept.add(key(), Tally(count=1))
        again = threading.Event()
        kept.aside(again.set)
        assert again.wait(20)
        with kept._writing:
            monkeypatch.setattr(settings, "SEARCH_LOG_SECONDS", 0)
        assert SearchedFor.objects.get().count == 2


@pytest.mark.django_db
class TestPurge:
    def test_ninety_days_are_kept(self):
        for back in (0, KEPT_DAYS - 1, KEPT_DAYS, 400):
            write({key(day=TODAY - datetime.timedelta(days=back)): Tally(count=1)})
        with mock.patch.object(query_log, "_DELETED", 1):
            assert forget_old(TODAY) == 2
        days = SearchedFor.objects.order_by("day").values_list("day", flat=True)
        assert list(days) == [TODAY - datetime.timedelta(days=KEPT_DAYS - 1), TODAY]
        assert forget_old(TODAY) == 0

    def test_the_worker_does_it(self, index):
        write({key(day=timezone.localdate() - datetime.timedelta(days=91)): Tally(count=1)})
        index()
        call_command("worker", "--once")
        assert not SearchedFor.objects.exists()


class TestChosen:
    def address(self, client, code_at=0, **params):
        page = client.get("/tim-kiem/", {"q": "khai sinh", **params}, **PHONE)
        return page.context["pings"].of(page.context["answer"].results[code_at].code)

    def test_links_carry_a_ping_and_its_place_is_counted(self, some, client):
        page = client.get("/tim-kiem/?q=khai+sinh", **PHONE).content.decode()
        assert page.count(' ping="/tim-kiem/chon/?t=') >= 10
        for place in (0, 3):
            response = client.post(self.address(client, place), b"PING", content_type="text/ping")
            assert (response.status_code, response.content) == (204, b"")
            assert not response.cookies
        client.post(self.address(client, 1, page="2"))
        keeper.flush()
        row = SearchedFor.objects.get()
        assert (row.clicks, row.rank_sum) == (3, 1 + 4 + 12)

    def test_no_ping_where_places_mean_nothing(self, some, client):
        page = client.get("/tim-kiem/?q=khai+sinh&sort=name", **PHONE)
        assert " ping=" not in page.content.decode()
        assert " ping=" not in client.get("/tim-kiem/?level=commune", **PHONE).content.decode()

    def test_what_is_forged_is_ignored(self, some, client, django_assert_num_queries):
        good = self.address(client)
        keeper.forget()
        token = good.partition("t=")[2].partition("&")[0]
        old = signing.Signer(salt="search.chosen").sign_object(["2020-01-01", "khai sinh", "vi"])
        odd = signing.Signer(salt="search.chosen").sign_object({"a": 1})
        for address in (
            "/tim-kiem/chon/",
            f"/tim-kiem/chon/?t={token}&n=0",
            f"/tim-kiem/chon/?t={token}&n=-1",
            f"/tim-kiem/chon/?t={token}&n=201",
            f"/tim-kiem/chon/?t={token}&n=１",
            f"/tim-kiem/chon/?t={token}&n={'9' * 5000}",
            f"/tim-kiem/chon/?t={token[:-1]}&n=1",
            f"/tim-kiem/chon/?t={'x' * 5000}&n=1",
            f"/tim-kiem/chon/?t={old}&n=1",
            f"/tim-kiem/chon/?t={odd}&n=1",
        ):
            with django_assert_num_queries(0):
                assert client.post(address).status_code == 204
        assert client.post(good, HTTP_SEC_FETCH_SITE="cross-site").status_code == 204
        assert client.post(good, HTTP_PURPOSE="prefetch").status_code == 204
        assert client.get(good).status_code == 405
        assert not keeper.waiting()
        big = client.post(good, b"x" * 5_000_000, content_type="application/json")
        assert big.status_code == 204
        assert len(keeper.waiting()) == 1

    def test_too_many_are_ignored(self, some, client):
        good = self.address(client)
        keeper.forget()
        with (
            mock.patch.object(chosen, "PER_QUESTION_MINUTE", 3),
            mock.patch("time.time", return_value=6e8),
        ):
            for _ in range(5):
                client.post(good)
        assert [tally.clicks for tally in keeper.waiting().values()] == [3]
        with mock.patch.object(cache, "add", side_effect=ConnectionError):
            assert client.post(good).status_code == 204
