"""Pages of the published figures as a reader sees them: board, counter, office, correction."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.cache import cache
from django.test import Client

from cms.models import CitySettings, Counter
from feedback.snapshots import publish_month
from tests.feedback.city import AS_OF, MONTH, make_city, rate
from tests.shared import shared_rows

APRIL, MAY = datetime.date(2026, 4, 1), datetime.date(2026, 5, 1)


@shared_rows
def published_months() -> dict[str, Counter]:
    """Three months; the last was published twice."""
    city = make_city()
    for month in (APRIL, MAY, MONTH):
        publish_month(month=month)
    rate(city["big0"], 60, seed=9, channel="receipt", quality=0.1, days=20, until=AS_OF)
    publish_month(month=MONTH, reason="nhập bổ sung phiếu giấy")
    settings = CitySettings.load()
    settings.city, settings.hotline = "Thành phố Thử", "0240001022"
    settings.save()
    return city


@pytest.fixture
def city(published_months: dict[str, Counter]) -> dict[str, Counter]:
    cache.clear()
    return published_months


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def part(pattern: str, html: str) -> str:
    found = re.search(pattern, html, re.DOTALL)
    assert found, pattern
    return found[0]


def test_every_page_of_figures_keeps_the_city_in_its_frame(client, city):
    for address in (
        "/cong-khai/",
        "/cong-khai/?thang=2026-06&ban=1",
        "/cong-khai/dinh-chinh/2026-06/2/",
        "/cong-khai/so-kiem-tra/",
        "/phuong-phap/",
        "/du-lieu-mo/",
        f"/quay/{city['big0'].code}/",
        f"/quay/{city['big0'].code}/gop-y/",
    ):
        html = page(client, address)
        assert re.search(r'brand-city"[^>]*>Thành phố Thử<', html), address
        assert "Tổng đài 0240001022" in html, address


def test_the_board_says_what_it_shows_and_what_it_hides(client, city):
    html = page(client, "/cong-khai/")
    rows = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", html, re.DOTALL)
    of = {code: row for row in rows for code in re.findall(r'/quay/([^/"]+)/', row)}
    assert set(of) == {counter.code for counter in city.values()}
    for name, counter in city.items():
        assert ("không hiện" in of[counter.code]) == (name in ("hidden", "empty")), name
    assert "ít dữ liệu" in of[city["few"].code]
    assert "tại 10 quầy" in html


def test_an_earlier_edition_says_that_it_was_corrected(client, city):
    assert "đã được đính chính" in page(client, "/cong-khai/?thang=2026-06&ban=1")
    newest = page(client, "/cong-khai/?thang=2026-06")
    assert "Lý do đính chính: nhập bổ sung phiếu giấy." in newest
    assert client.get("/cong-khai/?thang=2026-06&ban=3").status_code == 404
    assert client.get("/cong-khai/?thang=2020-01").status_code == 404
    assert client.get("/cong-khai/?thang=x").status_code == 404


def test_a_correction_stands_beside_its_predecessor(client, city):
    html = page(client, "/cong-khai/dinh-chinh/2026-06/2/")
    assert "nhập bổ sung phiếu giấy" in html
    changed = part(r"<h2[^>]*>Quầy có thay đổi</h2>.*", html)
    assert f"/quay/{city['big0'].code}/" in changed
    assert client.get("/cong-khai/dinh-chinh/2026-06/1/").status_code == 404


def test_a_counters_trend_has_a_row_for_every_month(client, city):
    html = page(client, f"/quay/{city['big0'].code}/")
    figure = part(r'<figure class="trend">.*?</figure>', html)
    assert re.findall(r'<th scope="row">([^<]+)</th>', figure) == ["6/2026", "5/2026", "4/2026"]
    assert "bản đính chính số 2" in figure
    assert figure.count('class="plot-range"') == 3


def test_a_hidden_counter_shows_no_figure_anywhere(client, city):
    counter = city["hidden"]
    html = page(client, f"/quay/{counter.code}/")
    assert "Kỳ này quầy không hiện điểm." in html
    assert "score-number" not in html
    assert 'class="bars"' not in html
    assert "plot-dot" not in html


def test_filters_keep_to_what_was_asked(client, city):
    counter = city["big0"]
    html = page(client, f"/cong-khai/?linh-vuc={counter.main_field.slug}")
    shown = set(re.findall(r'<th scope="row"[^>]*><a href="/quay/([^/"]+)/', html))
    alike = {one.code for one in city.values() if one.main_field_id == counter.main_field_id}
    assert shown == alike
    assert "Không có quầy nào khớp" in page(client, "/cong-khai/?linh-vuc=khong-co")
