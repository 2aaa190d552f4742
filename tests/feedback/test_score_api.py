"""Published scores as JSON, CSV and pages."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse

from feedback.board import natural
from feedback.models import SnapshotScore
from feedback.snapshots import csv_of, publish_month
from tests.factories import make_counter
from tests.feedback.city import MONTH, make_city, rate
from tests.shared import shared_rows

HIDDEN = {"status": "hidden", "method": "v1.0", "as_of": "2026-06-30"}


@shared_rows
def published_city():
    city = make_city()
    city["snapshot"] = publish_month(month=MONTH).snapshot
    return city


@pytest.fixture
def city(published_city):
    return published_city


def get_score(client, code):
    return client.get(f"/api/v1/counters/{code}/score/")


def test_score_is_the_snapshot(client, city, django_assert_num_queries):
    counter = city["big0"]
    with django_assert_num_queries(3):
        answer = get_score(client, counter.code.lower())
    stored = SnapshotScore.objects.get(counter=counter)
    assert answer.json() == stored.figures
    assert answer.json()["as_of"] == "2026-06-30"
    # More ratings do not move it, nor what it costs.
    rate(counter, 100, seed=9, quality=0)
    with django_assert_num_queries(3):
        assert get_score(client, counter.code).json() == stored.figures
    assert get_score(client, city["hidden"].code).json() == HIDDEN


def test_new_and_unknown_counters(client, city):
    assert get_score(client, make_counter().code).json() == HIDDEN
    assert get_score(client, "0000000").status_code == 404
    assert get_score(client, "x" * 300).status_code == 404


def test_before_the_first_snapshot(client, db):
    body = get_score(client, make_counter().code).json()
    assert body == {"status": "hidden", "method": "v1.0", "as_of": None}
    assert client.get("/api/v1/open/ratings.csv").status_code == 404


def test_open_data(client, city, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/api/v1/open/ratings.csv?month=2026-06")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content == csv_of(city["snapshot"])
    assert client.get("/api/v1/open/ratings.csv").content == answer.content
    accepted = client.get("/api/v1/open/ratings.csv", headers={"Accept": "text/csv"})
    assert accepted.content == answer.content
    shown = {row["counter"] for row in csv.DictReader(io.StringIO(answer.content.decode()))}
    assert shown == {
        counter.code
        for name, counter in city.items()
        if name not in ("hidden", "empty", "snapshot")
    }


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("month=2026-6", 400),
        ("month=2026-13", 400),
        ("month=", 400),
        ("month=0000-01", 400),
        ("month=２０２６-06", 400),
        ("month=2026-05", 404),
        ("month=2026-06&number=2", 404),
        ("number=x", 400),
        ("month=2026-06&number=1", 200),
    ],
)
def test_open_data_by_month(client, city, query, status):
    answer = client.get(f"/api/v1/open/ratings.csv?{query}")
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["detail"]


def test_a_correction_is_served_and_the_first_edition_stays(client, city):
    first = client.get("/api/v1/open/ratings.csv").content
    rate(city["big0"], 30, seed=55, channel="receipt", days=25)
    publish_month(month=MONTH, reason="bổ sung")
    assert client.get("/api/v1/open/ratings.csv?month=2026-06").content != first
    assert client.get("/api/v1/open/ratings.csv?month=2026-06&number=1").content == first


def test_schema_describes_both(client, db, tmp_path, capsys):
    path = tmp_path / "schema.yaml"
    call_command("spectacular", file=str(path))
    text = path.read_text()
    assert "/api/v1/counters/{code}/score/" in text
    assert "/api/v1/open/ratings.csv" in text
    noise = [line for line in capsys.readouterr().err.splitlines() if "feedback" in line]
    assert noise == []


# Pages.


def render(source, **context):
    return Template("{% load scores %}" + source).render(Context(context))


def test_counter_tag(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = render("{% counter_score counter %}", counter=city["big8"])
    figures = SnapshotScore.objects.get(counter=city["big8"]).figures
    assert f"<strong>{figures['score']:.1f}</strong>".replace(".", ",") in html
    assert "<title id=" in html
    assert "<desc id=" in html
    assert "Rất hài lòng" in html
    assert " style=" not in html
    dot = re.search(r'class="plot-dot" cx="([0-9.]+)"', html)
    assert dot
    assert float(dot[1]) == pytest.approx(4 * figures["score"], abs=0.06)


def test_hidden_and_few_tags(city):
    html = render("{% counter_score counter %}", counter=city["hidden"])
    assert "Kỳ này quầy không hiện điểm." in html
    assert "<svg" not in html
    assert "ít dữ liệu" in render("{% counter_score counter %}", counter=city["few"])


def test_tags_before_the_first_snapshot(db):
    assert "Chưa có điểm công bố" in render("{% counter_score c %}", c=make_counter())
    assert render("{% city_score %}").strip() == ""


def test_city_tag(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = render("{% city_score %}")
    assert "tháng 6/2026" in html
    assert f"{city['snapshot'].figures['score']:.1f}".replace(".", ",") in html


def address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        pytest.fail(f"feedback.urls has no {name}")


def test_board(client, city):
    html = client.get(address("board")).content.decode()
    assert html.count('class="plot"') == 11  # the city and ten counters
    assert html.count("chưa đủ 10 đánh giá được tính, hoặc cả tháng chỉ một người làm") == 2
    assert " style=" not in html
    filtered = client.get(address("board"), {"linh-vuc": "dat-dai"}).content.decode()
    assert filtered.count("<tr>") < html.count("<tr>")
    nothing = client.get(address("board"), {"co-quan": "<b>"}).content.decode()
    assert "Không có quầy nào khớp" in nothing


def test_counters_stand_in_the_order_people_count():
    names = ["Quầy 10", "Quầy 2", "Quầy", "3 Quầy", "Quầy 2b"]
    assert sorted(names, key=natural) == ["3 Quầy", "Quầy", "Quầy 2", "Quầy 2b", "Quầy 10"]


def test_board_costs_the_same_whatever_it_shows(client, city, django_assert_max_num_queries):
    client.get(address("board"))
    with django_assert_max_num_queries(6):
        client.get(address("board"))


def test_method_example_can_be_changed(client, db):
    usual = client.get(address("method")).content.decode()
    good = client.get(
        address("method"), {"m1": 0, "m2": 0, "m3": 0, "m4": 0, "m5": 90}
    ).content.decode()
    assert "cao hơn" in good
    assert usual != good
    for wrong in ("-1", "1e9", "abc", "9999999", "²"):
        answer = client.get(address("method"), {"m1": wrong})
        assert answer.status_code == 200
        assert 'id="m-error"' in answer.content.decode()


def test_open_data_page_lists_every_edition(client, city):
    rate(city["big0"], 30, seed=55, channel="receipt", days=25)
    publish_month(month=MONTH, reason="bổ sung phiếu giấy")
    html = client.get(address("open_data")).content.decode()
    assert "bổ sung phiếu giấy" in html
    assert "month=2026-06&amp;number=1" in html
    assert "month=2026-06&amp;number=2" in html


def test_pages_before_the_first_snapshot(client, db):
    assert "Chưa có tháng nào" in client.get(address("board")).content.decode()
    assert "Chưa có kỳ nào" in client.get(address("open_data")).content.decode()
