"""A person's own doubt: who may have one, what it opens, and that somebody else decides."""

from __future__ import annotations

import datetime

import pytest

from feedback import ledger
from feedback.models import Case, Rating, Rollup
from feedback.trust.cases import NotAllowed, decide
from feedback.trust.doubts import doubt
from tests.factories import make_counter, make_office
from tests.feedback.trusted import DAY, person, rate

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/vu-viec/nghi-ngo/"


@pytest.fixture
def counter():
    return make_counter(make_office())


@pytest.fixture
def inspector():
    return person("thanh-tra", "change_case")


def about(counter, user, **changed):
    given = {"counter": counter, "first_day": DAY, "last_day": DAY, "note": "Báo qua điện thoại"}
    return doubt(**given | changed, user=user)


def counts():
    return sorted(
        Rollup.objects.filter(count__gt=0).values_list("channel", "item", "level", "count")
    )


def test_it_opens_a_case_and_puts_nothing_aside(counter, inspector):
    rate(counter)
    rate(counter, channel="receipt")
    before = counts()
    case = about(counter, inspector)
    assert [one.channel for one in case.ratings.all()] == ["poster"]
    assert (case.signal, case.automatic, case.state) == ("person", False, "open")
    assert not Rating.objects.filter(standing="quarantined").exists()
    assert counts() == before
    assert [row["content"]["event"] for row in ledger.stored()] == ["opened"]


@pytest.mark.parametrize("channel", ["poster", "display", "receipt"])
def test_one_decides_to_keep_aside_two_release_and_the_counts_come_back(counter, channel):
    first, second, third = (person(name, "change_case") for name in ("mot", "hai", "ba"))
    for _ in range(3):
        rate(counter, channel=channel)
    before = counts()
    case = about(counter, first, channel=channel)
    words = {"note": "Đã xem camera.", "public_note": "Không ai ở quầy."}
    with pytest.raises(NotAllowed, match="Bạn đã nêu nghi ngờ"):
        decide(case=case, user=first, state="upheld", **words)
    decide(case=case, user=second, state="upheld", **words)
    assert counts() == []
    decide(case=case, user=second, state="released", **words)
    assert counts() == []
    decide(case=case, user=third, state="released", **words)
    assert counts() == before


def test_another_doubt_about_the_same_days_takes_only_what_is_in_no_case(counter, inspector):
    rate(counter)
    first = about(counter, inspector)
    assert about(counter, inspector) is None
    rate(counter, channel="display")
    late = rate(counter)
    second = about(counter, inspector)
    assert second.pk != first.pk
    assert [one.pk for one in second.ratings.all()] == [late]
    assert about(counter, inspector, channel="display").ratings.count() == 1


def test_nobody_doubts_her_own_office_nor_without_the_right(counter):
    rate(counter)
    for user in (person("own", "change_case", office=counter.office), person("seer", "view_case")):
        with pytest.raises(NotAllowed):
            about(counter, user)
    assert not Case.objects.exists()


def test_days_and_grounds_are_needed(counter, inspector):
    rate(counter)
    day = datetime.timedelta(days=1)
    for wrong in (
        {"note": " "},
        {"first_day": DAY + day},
        {"first_day": DAY - 366 * day},
    ):
        with pytest.raises(ValueError, match=r"Hãy viết|Chọn từ ngày"):
            about(counter, inspector, **wrong)


def test_the_screen_opens_a_case(client, counter, inspector):
    for _ in range(2):
        rate(counter)
    client.force_login(inspector)
    assert ADDRESS in client.get("/admin/vu-viec/").content.decode()
    assert counter.name in client.get(ADDRESS).content.decode()
    sent = {
        "counter": counter.pk,
        "channel": "poster",
        "first_day": DAY.isoformat(),
        "last_day": DAY.isoformat(),
        "note": "Có người đứng quét liên tục.",
    }
    assert client.post(ADDRESS, sent | {"last_day": "2999-01-01"}).status_code == 422
    assert client.post(ADDRESS, sent | {"note": ""}).status_code == 422
    page = client.post(ADDRESS, sent, follow=True)
    case = Case.objects.get()
    assert page.redirect_chain == [(f"/admin/vu-viec/{case.pk}/", 302)]
    text = page.content.decode()
    assert "2 đánh giá" in text
    assert "Có người đứng quét liên tục." in text
    assert "người khác phải quyết định" in text
    again = client.post(ADDRESS, sent)
    assert again.status_code == 422
    assert "đã nằm trong vụ việc khác" in again.content.decode()


def test_others_do_not_get_to_the_screen(client, counter):
    for user in (
        person("own", "change_case", "view_case", office=counter.office),
        person("seer", "view_case"),
    ):
        client.force_login(user)
        assert client.get(ADDRESS).status_code in {302, 403}
        assert ADDRESS not in client.get("/admin/vu-viec/").content.decode()
