"""The screens of cases: who sees them, who decides, what an office may read and write."""

from __future__ import annotations

import pytest

from feedback.models import Case
from tests.factories import make_counter, make_office
from tests.feedback.test_trust_cases import open_burst, stored
from tests.feedback.trusted import person, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter():
    return make_counter(make_office())


@pytest.fixture
def case(counter):
    return open_burst(counter, [rate(counter, window=60) for _ in range(8)])


def send(client, user, case, **fields):
    client.force_login(user)
    sent = {"note": "Đã xem camera.", "public_note": "Khách đoàn, đánh giá thật.", **fields}
    return client.post(f"/admin/vu-viec/{case.pk}/", sent, follow=True)


def test_two_people_release_on_the_screen(client, counter, case):
    one, two = person("mot", "change_case"), person("hai", "change_case")
    page = send(client, one, case, state="released").content.decode()
    assert "Một người khác phải đồng ý" in page
    assert not stored()
    again = send(client, one, case, state="released")
    assert again.status_code == 422
    assert "người khác" in again.content.decode()
    page = send(client, two, case, state="released").content.decode()
    assert "điểm trở về" in page
    assert stored()
    case.refresh_from_db()
    assert case.state == "released"


def test_an_office_sees_its_case_without_times_contests_and_does_not_decide(client, counter, case):
    own = person("own", "view_case", "change_case", office=counter.office)
    client.force_login(own)
    page = client.get(f"/admin/vu-viec/{case.pk}/").content.decode()
    assert "không quyết định về chính mình" in page
    assert "10:00, trong mười phút" not in page
    assert "mức 5:" not in page
    done = client.post(
        f"/admin/vu-viec/{case.pk}/phan-doi/", {"text": "Có đoàn tám người."}, follow=True
    )
    assert "Đã ghi phản đối" in done.content.decode()
    refused = send(client, own, case, state="upheld")
    assert refused.status_code == 422
    assert Case.objects.get().state == "open"


def test_fewer_than_five_answers_are_not_told_apart(client, counter):
    few = open_burst(counter, [rate(counter, window=60) for _ in range(4)])
    client.force_login(person("mot", "change_case"))
    page = client.get(f"/admin/vu-viec/{few.pk}/").content.decode()
    assert "Trong vụ việc" in page
    assert "mức 5:" not in page


def test_other_offices_and_strangers_see_nothing(client, counter, case):
    other = person("other", "view_case", office=make_office("Chi nhánh khác"))
    client.force_login(other)
    assert f"/admin/vu-viec/{case.pk}/" not in client.get("/admin/vu-viec/").content.decode()
    assert client.get(f"/admin/vu-viec/{case.pk}/").status_code == 404
    client.force_login(person("nobody"))
    assert client.get("/admin/vu-viec/").status_code == 302


def test_a_decision_without_grounds_is_asked_again(client, counter, case):
    page = send(client, person("mot", "change_case"), case, state="upheld", note="")
    assert page.status_code == 422
    assert not case.decisions.exists()


def test_the_list_costs_the_same_for_many(client, counter, django_assert_max_num_queries):
    import datetime

    for number in range(10):
        day = datetime.date(2026, 6, 1 + number)
        open_burst(counter, [rate(counter, day=day)], first_day=day, last_day=day)
    client.force_login(person("mot", "change_case"))
    client.get("/admin/vu-viec/")
    with django_assert_max_num_queries(30):
        page = client.get("/admin/vu-viec/").content.decode()
    assert page.count("đang giữ lại") == 10
    assert "Vụ việc về đánh giá" in page


def test_the_panel_of_the_home_page_counts_what_waits(client, counter, case):
    client.force_login(person("mot", "change_case"))
    assert "vụ việc về đánh giá chờ quyết định" in client.get("/admin/").content.decode()
