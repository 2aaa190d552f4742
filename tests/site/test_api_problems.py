"""Problems that JSON tells of are Vietnamese sentences, whatever the browser's language."""

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
    response = client.get(f"/api/v1/{address}", headers={"accept-language": "en"})
    assert response.status_code == status
    detail = response.json()["detail"]
    assert words in detail
    assert is_vietnamese(detail)
    assert "matches" not in detail


def test_other_methods(client: Client) -> None:
    response = client.post("/api/v1/procedures/", {}, headers={"accept-language": "en"})
    assert response.status_code == 405
    assert is_vietnamese(response.json()["detail"])


def test_views_without_words_of_their_own() -> None:
    response = answer(Http404("No Officer matches the given query."), {})
    assert response is not None
    assert (response.status_code, response.data["detail"]) == (404, MISSING)
    assert answer(RuntimeError("x"), {}) is None
