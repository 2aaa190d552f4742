"""``/r/``: a code that no camera reads is typed."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from cms.models import CitySettings
from feedback.typed_code_views import has_form, read_typed
from tests.factories import make_counter

RECEIPT = "24XY7K2M9QPAZ31HJ0RST5VWXB"
DISPLAY = "D2K7M9QPAZ31H"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abc0123", "ABC0123"),
        ("  ABC 0123 ", "ABC0123"),
        ("abc-oi23", "ABC0123"),
        ("ABC–0L23", "ABC0123"),
        ("24xy 7k2m 9qpaz\n31hj orst 5vwxb", RECEIPT),
        ("24XY.7K2M.9QPAZ.31HJ.0RST.5VWXB", RECEIPT),
        ("d2k7m 9qpa z3lh", DISPLAY),
        ("https://city.example/R/ABC0123", "ABC0123"),
        ("city.example/r/abc0123/?x=1", "ABC0123"),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, code):
    assert read_typed(typed) == code
    assert has_form(code)


@pytest.mark.parametrize(
    "code", ["ABC01", "ABC0123UU", RECEIPT[:-1], "9" + RECEIPT[1:], "X" + DISPLAY[1:], "ĐBC0123"]
)
def test_what_can_be_no_code_is_none(code):
    assert not has_form(code)


@pytest.mark.parametrize("address", ["/r/", "/R/", "/r", "/en/r/"])
def test_the_page_needs_nothing_but_a_browser(client, db, address, django_assert_max_num_queries):
    CitySettings.load()
    with django_assert_max_num_queries(1):  # the demo's ribbon
        page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert text.count("<form") == 1
    assert 'method="get"' in text
    assert 'name="code"' in text
    assert not client.cookies
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]


def test_a_code_leads_to_its_form(client, db):
    make_counter(code="ABC0123")
    answer = client.get("/r/", {"code": "abc-oi 23"})
    assert (answer.status_code, answer["Location"]) == (302, "/r/ABC0123")
    assert client.get(answer["Location"]).status_code == 200
    assert client.get("/en/r/", {"code": RECEIPT.lower()})["Location"] == f"/en/r/{RECEIPT}"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "gõ mã vào ô"),
        ("ABC", "có 3 chữ và số"),
        (RECEIPT + "7", "có 27 chữ và số"),
        ("ABC012U", "Ít nhất một ký tự"),
        ("Đ2K7M 9QPA", "bộ gõ tiếng Việt"),
        ("<b>", "có 1 chữ và số"),
    ],
)
def test_what_is_odd_is_said_and_the_text_kept(client, db, typed, says):
    page = client.get("/r/", {"code": typed})
    text = page.content.decode()
    assert says in text
    assert 'value="<b>"' not in text
    assert 'aria-invalid="true"' in text


def test_guessing_is_slowed_as_for_unknown_codes(client, db, settings):
    settings.UNKNOWN_CODES_PER_NETWORK_MINUTE = 2
    make_counter(code="ABC0123")
    for _ in range(2):
        assert client.get("/r/", {"code": "nonsense and more"}).status_code == 422
    answer = client.get("/r/", {"code": "nonsense and more"})
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert client.get("/r/", {"code": "ABC0123"}).status_code == 302


def test_slips_and_home_lead_to_it(client, db):
    assert 'href="/r/"' in client.get("/").content.decode()
