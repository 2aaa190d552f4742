"""The page of results and its JSON, as citizens and programs meet them."""

import json
from xml.etree import ElementTree

import pytest

from cms.models import Handling, LifeEvent, Officer
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
    for address in (
        "/tim-kiem/?q=khai+sinh+bao+nhieu+tien+nop+o+dau+ai+lam&level=commune&online=1&sort=",
        "/tim-kiem/?q=khai+sinh&sort=name",
        "/en/tim-kiem/?q=khai+sinh+bao+nhieu+tien",
        "/tim-kiem/",
        "/tim-kiem/?q=xyzzy",
        "/tim-kiem/?q=xyzzy+plugh+foo+sinh",
        "/api/v1/search/?q=khai+sinh+nop+o+dau",
    ):
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
    LifeEvent.objects.create(name="Có con", slug="co-con", everyday_words="khai sinh")
    page = client.get("/tim-kiem/?q=xyzzy+qwerty").content.decode()
    assert "Không tìm thấy" in page
    assert 'href="tel:1022"' in page
    assert 'href="/linh-vuc/"' in page
    assert "Báo cho chúng tôi biết bạn tìm gì" in page
    assert 'rel="external"' in page
    assert "Có con" in page


def test_guesses_are_marked_as_guesses(many, client):
    page = client.get("/tim-kiem/?q=xyzzy+plugh+foo+sinh").content.decode()
    assert "Đây là phỏng đoán" in page.split("<article")[0]


def test_a_correction_leads_back_to_what_was_typed(many, client):
    page = client.get("/tim-kiem/?q=khai+sihn").content.decode()
    assert "Ý bạn là <strong" in page
    assert 'href="?q=khai+sihn&amp;exact=1"' in page
    exact = client.get("/tim-kiem/?q=khai+sihn&exact=1").content.decode()
    assert "Ý bạn là" not in exact
    assert client.get("/api/v1/search/?q=khai+sihn").json()["corrected"] == "khai sinh"
    assert client.get("/api/v1/search/?q=khai+sihn&exact=1").json()["corrected"] is None


def test_what_was_understood_is_one_short_line(many, client):
    page = client.get("/tim-kiem/?q=cho+toi+hoi+lam+khai+sinh+het+bao+nhieu+tien").content.decode()
    line = page.split('<p class="understood">')[1].split("</p>")[0]
    assert "bỏ qua" not in line
    assert "bạn hỏi <strong>lệ phí</strong>" in line
    assert 'class="understood"' not in client.get("/tim-kiem/?q=khai+sinh").content.decode()


def test_words_of_papers_say_where_they_were_found(index, client):
    paper = {"name": "Giấy xác nhận tình trạng hôn nhân", "originals": 1, "copies": 0, "forms": []}
    items = [{"type": "item", "value": paper}]
    make_procedure(
        "9.200001", title="Cấp thẻ", cases=[{"type": "case", "value": {"name": "", "items": items}}]
    )
    index()
    page = client.get("/tim-kiem/?q=xac+nhan+hon+nhan").content.decode()
    assert "Trong giấy tờ cần có:" in page
    assert "Giấy <mark>xác nhận</mark> tình trạng <mark>hôn nhân</mark>" in page


def test_the_heads_tell_browsers_and_search_engines(many, client):
    page = client.get("/tim-kiem/?q=khai+sinh&page=2").content.decode()
    assert "<title>khai sinh · trang 2 · Tìm thủ tục" in page
    assert '<meta name="robots" content="noindex">' in page
    start = client.get("/tim-kiem/?utm_source=x").content.decode()
    assert 'rel="canonical" href="http' in start
    assert start.split('rel="canonical" href="')[1].split('"')[0].endswith("/tim-kiem/")
    assert "noindex" not in start
    for page in (start, client.get("/").content.decode(), client.get("/en/").content.decode()):
        assert 'type="application/opensearchdescription+xml"' in page


def test_opensearch_description(client, settings):
    settings.PUBLIC_URL = "https://thanhpho.example"
    response = client.get("/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    names = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    root = ElementTree.fromstring(response.content)
    assert root.tag.endswith("OpenSearchDescription")
    assert len(root.findtext("o:ShortName", namespaces=names)) <= 16
    html = root.find("o:Url[@type='text/html']", names)
    assert html.get("template") == "https://thanhpho.example/tim-kiem/?q={searchTerms}"
    english = ElementTree.fromstring(client.get("/en/opensearch.xml").content)
    said = english.findtext("o:Description", namespaces=names)
    assert said.startswith("Search administrative procedures of ")


def test_the_home_page_offers_its_search_to_machines(client, settings):
    settings.PUBLIC_URL = "https://thanhpho.example"
    page = client.get("/").content.decode()
    data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["@type"] == "WebSite"
    target = data["potentialAction"]["target"]["urlTemplate"]
    assert target == "https://thanhpho.example/tim-kiem/?q={search_term_string}"


def test_without_an_index_the_fields_are_still_there(index, client, django_assert_max_num_queries):
    make_procedure("1.001193", title="Đăng ký khai sinh")
    with django_assert_max_num_queries(12):
        response = client.get("/tim-kiem/?q=khai+sinh")
    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert 'href="/linh-vuc/ho-tich/">Hộ tịch (1)</a>' in page
    found = client.get("/tim-kiem/?q=1001193")
    assert found.status_code == 200
    assert "Đăng ký khai sinh" in found.content.decode()


def test_question_is_escaped(many, client):
    page = client.get("/tim-kiem/", {"q": "<script>alert(1)</script> khai"}).content.decode()
    assert "<script>alert" not in page


def test_json_has_the_names_of_the_contract(many, client):
    data = client.get("/api/v1/search/?q=khai+sinh&page=2").json()
    assert set(data) == {
        "query", "understood", "corrected", "total", "results", "near", "answer", "siblings",
        "facets",
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


def test_a_phrase_gives_way_to_the_procedure_of_that_name(many, client, monkeypatch):
    phrases = ["đăng ký khai sinh số 3", "khai sinh cho con"]
    monkeypatch.setattr("search.finder.phrases", lambda text, language, most: phrases)
    found = client.get("/api/v1/suggest/?q=khai").json()["suggestions"]
    assert len(found) == 8
    assert found[0] == {
        "text": "khai sinh cho con", "code": "", "url": "/tim-kiem/?q=khai+sinh+cho+con"
    }  # fmt: skip
    assert all(one["code"] for one in found[1:])


def test_highlight_escapes_and_folds():
    text = "Cấp <b>giấy</b> phép & khác"
    assert marked_up(text, ["giay", "phep"]) == (
        "Cấp &lt;b&gt;<mark>giấy</mark>&lt;/b&gt; <mark>phép</mark> &amp; khác"
    )
