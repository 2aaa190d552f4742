"""Problems that JSON tells of: sentences for people in their language, always as JSON."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import Client

from cms.wording import is_vietnamese
from portal.api_problems import MISSING, answer
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("procedures/9.999999/", 404, "thủ tục"),
        ("procedures/9.999999/?as_on=2026-01-01", 404, "thủ tục"),
        ("procedures/9.999999/versions/", 404, "thủ tục"),
        ("procedures/9.999999/versions/1/", 404, "thủ tục"),
        ("procedures/1.234567/versions/7/", 404, "không có bản số này"),
        ("procedures/9.999999/cpsv-ap/", 404, "thủ tục"),
        ("procedures/?page=99", 404, "Không có trang này"),
        ("counters/ZZZZZZ/", 404, "quầy"),
        ("counters/ZZZZZZ/score/", 404, "quầy"),
        ("open/ratings.csv", 404, "chưa có số liệu"),
        ("open/ratings.csv?month=x", 400, "2026-10"),
        ("open/ratings.csv?number=0", 400, "số nguyên"),
    ],
)
def test_get(client: Client, address: str, status: int, words: str) -> None:
    make_procedure("1.234567")
    response = client.get(f"/api/v1/{address}", headers={"accept-language": "vi"})
    assert response.status_code == status
    detail = response.json()["detail"]
    assert words in detail
    assert is_vietnamese(detail)
    assert "matches" not in detail


@pytest.mark.parametrize(
    "path", ["procedures/", "procedures/schema.json", "open/procedures.csv", "search/"]
)
def test_other_methods(client: Client, path: str) -> None:
    for method in ("post", "put", "delete"):
        response = getattr(client, method)(f"/api/v1/{path}")
        assert response.status_code == 405
        assert "GET" in response["Allow"]
        detail = response.json()["detail"]
        assert method.upper() in detail
        assert is_vietnamese(detail)


@pytest.mark.parametrize("path", ["", "v1/", "v1/nothing/", "v1/nothing", "v1/open/x.csv", "v2/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_addresses_that_do_not_exist(client: Client, method: str, path: str) -> None:
    response = getattr(client, method)(f"/api/{path}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"
    assert "/api/v1/schema/" in response.json()["detail"]
    assert is_vietnamese(response.json()["detail"])


def test_a_forgotten_slash_still_leads_there(client: Client) -> None:
    assert client.get("/api/v1/procedures")["Location"] == "/api/v1/procedures/"


def test_pages_keep_their_own_answer(client: Client) -> None:
    response = client.get("/khong-co-trang-nay/")
    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.content.decode()


@pytest.mark.parametrize("path", ["nothing/", "procedures/9.999999/", "counters/ZZZZZZ/score/"])
def test_in_the_language_of_the_reader(client: Client, path: str) -> None:
    for asked, given in (("", "vi"), ("vi", "vi"), ("fr", "vi"), ("en-GB,en;q=0.8", "en")):
        headers = {"accept-language": asked} if asked else {}
        response = client.get(f"/api/v1/{path}", headers=headers)
        assert response["Content-Language"] == given
        assert "Accept-Language" in response["Vary"]


def test_views_without_words_of_their_own() -> None:
    response = answer(Http404("No Officer matches the given query."), {})
    assert response is not None
    assert (response.status_code, response.data["detail"]) == (404, MISSING)
    assert answer(RuntimeError("x"), {}) is None
