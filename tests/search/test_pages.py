"""The page of results and its JSON, as citizens and programs meet them."""

import pytest

from cms.models import Handling, Officer
from search.highlight import marked_up
from tests.factories import make_counter, make_field, make_office, make_procedure

pytestmark = pytest.mark.django_db

CHANNELS = [
    {
        "type": "channel",
        "value": {"kind": "direct", "time_value": "7", "time_unit": "working_day", "fees": []},
    }
]


@pytest.fixture
def many(index):
    for number in range(12):
        make_procedure(
            f"9.10{number:04d}",
            title=f"Đăng ký khai sinh số {number}",
            levels=["commune"],
            audience=["Công dân Việt Nam"],
            channels=CHANNELS,
        )
    index()


def test_cards_show_the_four_facts_of_the_picked_office(many, client):
    office = make_office("Chi nhánh Thử")
    counter = make_counter(office, name="Quầy 7")
    officer = Officer.objects.create(office=office, name="Nguyễn Văn Thử", title="Chuyên viên")
    Handling.objects.create(counter=counter, officer=officer, field=make_field())
    client.cookies["office"] = office.slug
    page = client.get("/tim-kiem/?q=khai+sinh").content.decode()
    assert page.count("Nguyễn Văn Thử") == 10
    assert "Quầy 7, Chi nhánh Thử" in page
    assert "7 ngày làm việc" in page
    officer.active = False
    officer.save()
    assert "Chưa phân công" in client.get("/tim-kiem/?q=khai+sinh").content.decode()


def test_no_more_than_twelve_queries(many, client, django_assert_max_num_queries):
    office = make_office()
    Handling.objects.create(counter=make_counter(office), field=make_field())
    client.cookies["office"] = office.slug
    for address in ("/tim-kiem/?q=khai+sinh&level=commune", "/tim-kiem/", "/tim-kiem/?q=xyzzy"):
        with django_assert_max_num_queries(12):
            client.get(address)


def test_pager_and_filters_are_links_and_a_form(many, client):
    page = client.get("/tim-kiem/?q=khai+sinh").content.decode()
    assert 'rel="next" href="?q=khai+sinh&amp;page=2"' in page
    assert "12 thủ tục" in page
    assert '<option value="cong-dan-viet-nam">Công dân Việt Nam (12)</option>' in page
    second = client.get("/tim-kiem/?q=khai+sinh&page=2").content.decode()
    assert 'rel="prev"' in second
    assert second.count("<article") == 2
    assert client.get("/tim-kiem/?q=khai+sinh&page=-x").status_code == 200


def test_nothing_found_says_what_was_tried_and_whom_to_call(many, client):
    page = client.get("/tim-kiem/?q=xyzzy+qwerty").content.decode()
    assert "Không tìm thấy" in page
    assert 'href="tel:1022"' in page


def test_question_is_escaped(many, client):
    page = client.get("/tim-kiem/", {"q": "<script>alert(1)</script> khai"}).content.decode()
    assert "<script>alert" not in page


def test_json_has_the_names_of_the_contract(many, client):
    data = client.get("/api/v1/search/?q=khai+sinh&page=2").json()
    assert set(data) == {
        "query", "understood", "corrected", "total", "results", "near", "facets"
    }  # fmt: skip
    assert data["total"] == 12
    assert len(data["results"]) == 2
    assert set(data["results"][0]) == {
        "code", "name", "url", "field", "levels", "processing_time", "fee", "highlight", "standing"
    }  # fmt: skip
    assert data["results"][0]["highlight"].startswith("Đăng ký <mark>khai sinh</mark>")
    assert data["facets"]["level"] == [{"value": "commune", "label": "Cấp xã", "count": 12}]
    assert client.get("/api/v1/search/?q=xyzzy").json()["results"] == []


def test_suggestions_json(many, client):
    found = client.get("/api/v1/suggest/?q=khai").json()["suggestions"]
    assert len(found) == 8
    assert set(found[0]) == {"text", "code", "url"}
    assert client.get("/api/v1/suggest/?q=k").json() == {"suggestions": []}


def test_highlight_escapes_and_folds():
    text = "Cấp <b>giấy</b> phép & khác"
    assert marked_up(text, ["giay", "phep"]) == (
        "Cấp &lt;b&gt;<mark>giấy</mark>&lt;/b&gt; <mark>phép</mark> &amp; khác"
    )
