"""The home page and the pages for errors."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import resolve

from cms.models import CitySettings
from portal.views import LIFE_EVENTS, common_procedures, shown_events
from tests.factories import make_procedure


@pytest.mark.django_db
class TestHome:
    def test_city_search_and_eight_life_events(self, client: Client) -> None:
        city = CitySettings.load()
        city.city = "Thành phố Thử Nghiệm"
        city.save()
        html = client.get("/").content.decode()
        assert "Thành phố Thử Nghiệm" in html
        assert re.search(r'<form[^>]*action="/tim-kiem/"', html)
        assert re.search(r'<input[^>]*name="q"', html)
        assert len(LIFE_EVENTS) == 8
        for event in LIFE_EVENTS:
            assert str(event.name) in html

    def test_every_life_event_has_a_picture(self, client: Client) -> None:
        html = client.get("/").content.decode()
        pictures = re.findall(r'<svg class="icon".*?</svg>', html, flags=re.S)
        assert len(pictures) == 8
        assert len({re.sub(r"\s+", "", picture) for picture in pictures}) == 8

    def test_common_procedures_are_live_ones_in_the_order_of_life(self) -> None:
        make_procedure("1.000656", title="Đăng ký khai tử")
        make_procedure("1.001193", title="Đăng ký khai sinh")
        make_procedure("1.000894", title="Đăng ký kết hôn", live=False)
        make_procedure("1.555555", title="Thủ tục khác")
        titles = [row["page"].title for row in common_procedures(shown_events())]
        assert titles == ["Đăng ký khai sinh", "Đăng ký khai tử"]

    def test_without_procedures_it_says_what_will_come(self, client: Client) -> None:
        assert "Chưa có thủ tục nào được công bố" in client.get("/").content.decode()

    def test_english_home(self, client: Client) -> None:
        response = client.get("/en/")
        assert response.status_code == 200
        assert '<html lang="en">' in response.content.decode()


class TestErrorPages:
    @pytest.mark.parametrize("name", ["500.html", "400.html"])
    def test_need_neither_database_nor_context(self, name: str) -> None:
        html = get_template(name).render()
        assert "<h1>" in html
        assert 'href="/"' in html
        assert "style=" not in html

    @pytest.mark.django_db
    def test_404_offers_a_search_and_ways_on(self, client: Client) -> None:
        response = client.get("/khong/co/gi/")
        html = response.content.decode()
        assert response.status_code == 404
        assert 'action="/tim-kiem/"' in html
        assert 'href="/linh-vuc/"' in html
        assert 'href="/co-quan/"' in html

    @pytest.mark.django_db
    def test_an_error_in_a_view_gives_the_plain_page(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: Any, **__: Any) -> None:
            raise RuntimeError("broken on purpose")

        monkeypatch.setattr("portal.views.common_procedures", broken)
        client.raise_request_exception = False
        response = client.get("/")
        assert response.status_code == 500
        assert "Trang đang gặp lỗi" in response.content.decode()

    @pytest.mark.django_db
    def test_403_extends_the_frame(self, rf: Any) -> None:
        request = rf.get("/co-quan/")
        request.resolver_match = resolve("/co-quan/")
        html = get_template("403.html").render({}, request)
        assert "chưa được phép" in html
        assert 'class="skip"' in html
