"""Filters, their counts, and the order of results: page and JSON."""

from datetime import UTC, datetime

import pytest

from cms import record
from cms.models import ProcedurePage
from search.finder import find
from search.search_indexes import is_free
from tests.factories import make_field, make_procedure
from tests.search.conftest import BOTH

pytestmark = pytest.mark.django_db


def channel(kind="direct", amount=None, condition="", text="", note=""):
    fees = []
    if amount is not None or condition or text:
        value = {"amount": amount, "currency": "VND", "condition": condition, "text": text}
        fees = [{"type": "item", "value": value}]
    value = {"kind": kind, "time_value": "3", "time_unit": "day", "fees": fees, "note": note}
    return {"type": "channel", "value": value}


FREE_DIRECT = channel(condition="Không thu lệ phí", amount="0")
FREE_ONLINE = channel("online", condition="Miễn phí", amount="0")


@pytest.mark.parametrize(
    ("rows", "free"),
    [
        ([FREE_DIRECT], True),
        ([FREE_DIRECT, FREE_ONLINE], True),
        ([], False),
        ([channel()], False),
        ([FREE_DIRECT, channel("postal")], False),
        ([channel(amount="0")], False),
        ([channel(amount="0", condition="Miễn phí cho hộ nghèo")], False),
        ([channel(amount="0", condition="8.000 đồng/bản")], False),
        ([FREE_ONLINE, channel(amount="10000")], False),
        ([channel(condition="Miễn phí", amount="0", note="Phí thẩm định 500.000 đồng")], False),
    ],
)
def test_free_is_what_words_say_of_every_way_to_hand_in(rows, free):
    assert is_free(record.channels(rows)) is free


@pytest.fixture(params=BOTH)
def where(request):
    return request.param


@pytest.fixture
def four(index):
    make_procedure(
        "9.000001",
        title="Cấp thẻ đỏ",
        levels=["commune"],
        channels=[FREE_DIRECT, FREE_ONLINE],
        field=make_field("Thẻ"),
    )
    make_procedure("9.000002", title="Cấp thẻ dài", levels=["commune"], channels=[FREE_ONLINE])
    make_procedure("9.000003", title="Cấp thẻ an", levels=["province"], channels=[FREE_DIRECT])
    make_procedure(
        "9.000004", title="Cấp thẻ ăn", levels=["province"], channels=[channel(amount="5000")]
    )
    index()


def codes(text="cấp thẻ", **values):
    return {result.code[-1] for result in find(text, **values).results}


def test_online_and_free(four):
    assert codes(filters={"online": "1"}) == {"1", "2"}
    assert codes(filters={"free": "1"}) == {"1", "2", "3"}
    assert codes(filters={"free": "1", "online": "1", "level": "commune"}) == {"1", "2"}
    assert codes("", filters={"free": "1"}) == {"1", "2", "3"}
    assert find("cấp thẻ", filters={"free": "yes", "online": "0"}).filters == {}


def test_counts_follow_the_other_filters(four):
    facets = find("cấp thẻ", filters={"level": "commune", "channel": "online"}).facets
    assert dict(facets["level"]) == {"commune": 2}  # online, any level
    assert dict(facets["channel"]) == {"direct": 1, "online": 2}  # commune, any channel
    assert dict(facets["trait"]) == {"online": 2, "free": 2}


def test_names_in_the_order_of_the_dictionary(four):
    found = find("cấp thẻ", sort="name").results
    assert [one.name for one in found] == ["Cấp thẻ an", "Cấp thẻ ăn", "Cấp thẻ dài", "Cấp thẻ đỏ"]


def test_the_last_published_first(four, index):
    for day, code in enumerate(("9.000003", "9.000001", "9.000004", "9.000002"), start=1):
        page = ProcedurePage.objects.get(code=code)
        page.last_published_at = datetime(2026, 3, day, tzinfo=UTC)
        page.save()
    index()
    found = find("cấp thẻ", sort="updated").results
    assert [one.code[-1] for one in found] == ["2", "4", "1", "3"]


def test_an_unknown_order_is_the_best_first(four):
    assert find("cấp thẻ", sort="x'; drop").sort == ""


def test_chosen_filters_are_links_that_take_them_off(four, client):
    page = client.get("/tim-kiem/?q=cap+the&level=commune&free=1&sort=name").content.decode()
    assert 'href="?q=cap+the&amp;free=1&amp;sort=name"' in page
    assert 'href="?q=cap+the&amp;level=commune&amp;sort=name"' in page
    assert '<option value="name" selected>' in page
    assert '<input type="checkbox" name="free" value="1" checked>' in page
    assert "Nộp được trực tuyến (2)" in page


def test_json_takes_the_same(four, client):
    data = client.get("/api/v1/search/?q=cap+the&online=1&sort=name").json()
    assert [one["code"][-1] for one in data["results"]] == ["2", "1"]
    assert data["facets"]["free"] == [{"value": "1", "label": "Miễn phí", "count": 2}]
    assert data["facets"]["online"] == [{"value": "1", "label": "Nộp được trực tuyến", "count": 2}]
