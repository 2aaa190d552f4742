"""The fact that was asked, the office that was picked, cases to choose from: page and JSON."""

from datetime import date
from unittest import mock

import pytest
from django.utils.html import strip_tags

from cms.models import Handling, Officer
from tests.factories import make_counter, make_field, make_office, make_procedure

pytestmark = pytest.mark.django_db


def fee(amount, condition=""):
    value = {"amount": amount, "currency": "VND", "condition": condition}
    return [{"type": "item", "value": value}]


CHANNELS = [
    {
        "type": "channel",
        "value": {"kind": kind, "time_value": days, "time_unit": "working_day", "fees": fees},
    }
    for kind, days, fees in (
        ("direct", "7", fee("20000", "mỗi lần đăng ký")),
        ("online", "5", fee("10000")),
    )
]
PAPERS = [
    {"type": "item", "value": {"name": name, "originals": 1, "copies": 0, "forms": []}}
    for name in ("Tờ khai cư trú", "Giấy tờ chỗ ở", "Ảnh", "Hợp đồng thuê", "Bản cam kết")
]


@pytest.fixture
def residence(index):
    page = make_procedure(
        "1.004222",
        title="Đăng ký thường trú",
        levels=["commune"],
        channels=CHANNELS,
        cases=[{"type": "case", "value": {"name": "", "items": PAPERS}}],
        agency="Công an cấp xã",
    )
    index()
    return page


def ask(client, question, **cookies):
    client.cookies.load(cookies)
    return client.get("/api/v1/search/", {"q": question}).json()["answer"]


@pytest.mark.parametrize(
    ("question", "fact", "parts"),
    [
        (
            "thường trú bao nhiêu tiền",
            "fee",
            ["Lệ phí: 10.000 – 20.000 đồng", "Trực tiếp: 20.000 đồng (mỗi lần đăng ký)"],
        ),
        ("thường trú mấy ngày", "time", ["Thời gian: 5 – 7 ngày", "Trực tuyến: 5 ngày làm việc"]),
        (
            "thường trú cần giấy tờ gì",
            "papers",
            ["5 giấy tờ", "Tờ khai cư trú", "và 1 giấy tờ nữa"],
        ),
        ("thường trú nộp ở đâu", "place", ["Cấp xã", "Công an cấp xã", "Trực tiếp, trực tuyến"]),
        ("thường trú ai làm", "who", ["Tuỳ nơi nộp"]),
    ],
)
def test_the_first_result_answers(residence, client, question, fact, parts):
    answer = ask(client, question)
    assert set(answer) == {"fact", "text", "url"}
    assert answer["fact"] == fact
    page = strip_tags(client.get("/tim-kiem/", {"q": question}).content.decode())
    for part in parts:
        assert part in answer["text"]
        assert part in page


def test_a_question_with_a_slip_is_answered_too(residence, client):
    answer = client.get("/api/v1/search/", {"q": "thuowngf tru bao nhieu tien"}).json()
    assert answer["corrected"]
    assert answer["answer"]["fact"] == "fee"


def test_nothing_asked_no_answer(residence, client):
    assert ask(client, "thường trú") is None
    assert ask(client, "xyzzy qwerty bao nhiêu tiền") is None
    assert 'class="fact"' not in client.get("/tim-kiem/?q=thuong+tru").content.decode()


def test_place_and_officer_of_the_picked_office(residence, client):
    office = make_office("Chi nhánh Thử", address="5 Phố Thử")
    counter = make_counter(office, name="Quầy 7")
    officer = Officer.objects.create(office=office, name="Nguyễn Văn Thử", title="Chuyên viên")
    Handling.objects.create(counter=counter, officer=officer, field=make_field())
    place = ask(client, "thường trú nộp ở đâu", office=office.slug)
    assert place["text"].startswith("Nơi nộp: Quầy 7, Chi nhánh Thử (5 Phố Thử")
    assert place["url"] == f"/co-quan/{office.slug}/"
    assert "Nguyễn Văn Thử" in ask(client, "thường trú gặp ai", office=office.slug)["text"]
    officer.active = False
    officer.save()
    assert "Nguyễn" not in ask(client, "thường trú gặp ai", office=office.slug)["text"]


def test_a_fee_that_switches_is_that_of_today(index, client):
    make_procedure(
        "1.004222",
        title="Đăng ký thường trú",
        channels=CHANNELS[:1],
        local_rules=[
            {
                "type": "fees",
                "value": {
                    "channel": "direct",
                    "fees": fee("15000"),
                    "decision": "NQ 1",
                    "valid_from": "2027-01-01",
                    "origin": "city",
                },
            }
        ],
    )
    index()
    for day, expected in ((date(2026, 12, 31), "20.000"), (date(2027, 1, 1), "15.000")):
        with mock.patch("django.utils.timezone.localdate", return_value=day):
            assert f"Lệ phí: {expected} đồng" in ask(client, "thường trú bao nhiêu tiền")["text"]


def test_the_level_of_the_office_comes_first(index, client):
    make_procedure("9.000001", title="Cấp thẻ xanh", levels=["ministry"])
    make_procedure("9.000002", title="Cấp thẻ xanh", levels=["province"])
    index()
    office = make_office(levels=["province"])

    def first(address):
        return client.get(address).json()["results"][0]["code"]

    assert first("/api/v1/search/?q=cap+the+xanh") == "9.000001"
    assert first(f"/api/v1/search/?q=cap+the+xanh&office={office.slug}") == "9.000002"
    client.cookies["office"] = office.slug
    assert first("/api/v1/search/?q=cap+the+xanh") == "9.000002"
    response = client.get("/tim-kiem/?q=cap+the+xanh")
    assert "đứng trước" in response.content.decode()
    assert "Cookie" in response["Vary"]


def test_an_office_in_the_address_is_remembered(residence, client):
    office = make_office()
    client.get(f"/tim-kiem/?q=thuong+tru&office={office.slug}")
    assert client.cookies["office"].value == office.slug


def test_cases_to_choose_from(index, client):
    for number, end in enumerate(("TNHH một thành viên", "cổ phần", "hợp danh")):
        make_procedure(
            f"9.00000{number}", title=f"Đăng ký thành lập công ty {end}", channels=CHANNELS
        )
    index()
    data = client.get("/api/v1/search/?q=thanh+lap+cong+ty").json()
    cases = data["siblings"]
    assert {one["differs"] for one in cases} == {"TNHH một thành viên", "Cổ phần", "Hợp danh"}
    assert set(cases[0]) == {"code", "name", "url", "differs", "levels", "audience"}
    page = client.get("/tim-kiem/?q=thanh+lap+cong+ty+bao+nhieu+tien").content.decode()
    before = page.split("<article", 1)[0]
    assert "Bạn hỏi trường hợp nào?" in before
    assert "Lệ phí: 10.000 – 20.000 đồng" in strip_tags(before)
    assert "Cổ phần<span" in before
    assert "(Đăng ký thành lập công ty cổ phần)" in before
    second = client.get("/tim-kiem/?q=thanh+lap+cong+ty&sort=name").content.decode()
    assert "Bạn hỏi trường hợp nào?" not in second


def test_cases_speak_english_too(index, client):
    for number, end in enumerate(("TNHH một thành viên", "cổ phần", "hợp danh")):
        make_procedure(
            f"9.00000{number}",
            title=f"Đăng ký thành lập công ty {end}",
            channels=CHANNELS,
            audience=["Hợp tác xã" if number else "Doanh nghiệp"],
        )
    index()
    page = client.get("/en/tim-kiem/?q=thanh+lap+cong+ty+bao+nhieu+tien").content.decode()
    before = page.split("<article", 1)[0]
    assert "Which case do you mean?" in before
    assert "Fee: 10,000 – 20,000 VND" in strip_tags(before)
    assert '<span lang="vi">Doanh nghiệp</span>' in before
