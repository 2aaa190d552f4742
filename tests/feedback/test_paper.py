"""Paper slips typed in by two people: each alone, compared, settled, counted once."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.models import EditorScope
from feedback import paper
from feedback.minting import address, mint
from feedback.models import Comment, PaperBatch, PaperEntry, Rating, Rollup, SpentCode
from tests.factories import make_counter, make_office

ROWS = [("5", "4", "0", ""), ("1", "1", "2", "3"), ("3", "", "", "")]


@pytest.fixture
def counter(db):
    return make_counter(name="Quầy 3")


@pytest.fixture
def batch(counter):
    return PaperBatch.objects.create(counter=counter, day=timezone.localdate(), slips=3)


@pytest.fixture
def people(django_user_model):
    """Two typists, signed in."""
    return [desk(django_user_model, name) for name in ("an", "binh")]


def desk(django_user_model, name: str, *offices) -> Client:
    user = django_user_model.objects.create_user(name, password="x")
    names = ["access_admin", "view_paperbatch", "add_paperbatch", "change_paperbatch"]
    names.append("delete_paperbatch")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    if offices:
        EditorScope.objects.create(user=user).offices.set(offices)
    browser = Client()
    browser.force_login(user)
    return browser


def cells(rows=ROWS, *, codes=None, comments=None, action: str = "finish") -> dict[str, str]:
    sent = {action: "1"}
    for place, row in enumerate(rows, start=1):
        names = ("attitude", "time", "clarity", "fees")
        sent |= {f"{name}-{place}": text for name, text in zip(names, row, strict=True)}
        sent[f"code-{place}"] = (codes or {}).get(place, "")
        sent[f"comment-{place}"] = (comments or {}).get(place, "")
    return sent


def type_in(browser: Client, batch: PaperBatch, sent: dict[str, str]):
    return browser.post(reverse("paper_type_in", args=[batch.pk]), sent, follow=True)


def test_two_who_agree_are_counted_once(batch, people):
    first, second = people
    page = type_in(first, batch, cells(comments={2: "Chờ lâu quá!"})).content.decode()
    assert "Mời một người khác nhập lần hai" in page
    assert not Rating.objects.exists()
    blind = second.get(reverse("paper_type_in", args=[batch.pk])).content.decode()
    assert "Chờ lâu" not in blind  # the second sees nothing of the first
    assert 'value="5"' not in blind
    page = type_in(second, batch, cells(comments={2: "chờ lâu quá"})).content.decode()
    assert "Đã tính 3 phiếu" in page
    assert sorted(Rating.objects.values_list("attitude", "time", "clarity", "fees")) == [
        (1, 1, 2, 3),
        (3, None, None, None),
        (5, 4, 0, None),
    ]
    assert set(Rating.objects.values_list("channel", "paper_batch", "standing")) == {
        ("poster", batch.pk, "counted")
    }
    assert Comment.objects.get().text == "chờ lâu quá"
    assert not PaperEntry.objects.exists()
    counted = Rollup.objects.filter(item="attitude").values_list("count", flat=True)
    assert sum(counted) == 3
    # Sent again, by anybody: nothing.
    for browser in people:
        assert "đã được tính" in type_in(browser, batch, cells()).content.decode()
    assert Rating.objects.count() == 3


def test_one_person_never_types_both(batch, people):
    first, second = people
    type_in(first, batch, cells())
    page = type_in(first, batch, cells()).content.decode()
    assert "Lần hai phải do người khác nhập" in page
    assert not Rating.objects.exists()
    type_in(second, batch, cells(action="keep"))
    batch.refresh_from_db()
    assert batch.state == "second"
    assert "Lần hai phải do người khác nhập" in type_in(first, batch, cells()).content.decode()


def test_a_third_does_not_take_over(batch, people, django_user_model):
    first, second = people
    third = desk(django_user_model, "chi")
    type_in(first, batch, cells(ROWS[:1], action="keep"))
    assert "đang nhập lần một" in type_in(second, batch, cells()).content.decode()
    type_in(first, batch, cells())
    type_in(second, batch, cells(ROWS[:1], action="keep"))
    assert "đang nhập lần hai" in type_in(third, batch, cells()).content.decode()
    assert not Rating.objects.exists()


def test_what_differs_is_shown_and_settled_by_the_second(batch, people):
    first, second = people
    type_in(first, batch, cells())
    wrong = [("5", "4", "0", ""), ("1", "1", "2", "3"), ("2", "", "", "")]
    page = type_in(second, batch, cells(wrong)).content.decode()
    assert "khác nhau ở 1 phiếu" in page
    assert "Lần một: 3 · – · – · –" in page
    assert "Lần hai: 2 · – · – · –" in page
    assert 'name="attitude-1"' not in page  # what agrees is not asked again
    assert not Rating.objects.exists()
    assert "Lần hai phải do người khác nhập" in type_in(first, batch, cells()).content.decode()
    page = type_in(second, batch, {"finish": "1", "attitude-3": "3", "attitude-1": "1"})
    assert "Đã tính 3 phiếu" in page.content.decode()
    assert sorted(Rating.objects.values_list("attitude", flat=True)) == [1, 3, 5]
    assert not PaperEntry.objects.exists()


def test_a_numbered_slip_is_a_receipt_rating(batch, counter, people):
    codes = {
        place: mint(counter=counter, kind="receipt", day=batch.day, outside_id=f"H01-{place}")
        for place in (1, 2)
    }
    type_in(people[0], batch, cells(codes=codes))
    type_in(people[1], batch, cells(codes={1: codes[1].lower(), 2: address(codes[2])}))
    assert sorted(Rating.objects.values_list("channel", "attitude")) == [
        ("poster", 3),
        ("receipt", 1),
        ("receipt", 5),
    ]
    assert SpentCode.objects.count() == 2
    # The same slips in another batch: the answers count as those without a code, and it is said.
    again = PaperBatch.objects.create(counter=counter, day=batch.day, slips=3)
    type_in(people[0], again, cells(codes=codes))
    page = type_in(people[1], again, cells(codes=codes)).content.decode()
    assert "2 phiếu có mã không dùng được nữa" in page
    assert Rating.objects.filter(paper_batch=again, channel="poster").count() == 3
    assert SpentCode.objects.count() == 2


def test_wrong_codes_are_told_before_anything_counts(batch, people):
    other = make_counter(name="Quầy 9")
    strange = mint(counter=other, kind="receipt", day=batch.day, outside_id="H01-9")
    mine = mint(counter=batch.counter, kind="receipt", day=batch.day, outside_id="H01-1")
    for codes, words in (
        ({1: "0" * 26}, "Không có mã này"),
        ({1: "ABC"}, "đúng 26 chữ và số"),
        ({1: strange}, "Quầy 9"),
        ({1: mine, 3: mine}, "đã có ở phiếu 1"),
    ):
        answer = type_in(people[0], batch, cells(codes=codes))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert 'value="5"' in answer.content.decode()  # nothing typed is lost
    batch.refresh_from_db()
    assert batch.state == "first"


@pytest.mark.parametrize("row", [("", "4", "", ""), ("0", "", "", ""), ("6", "", "", "")])
def test_a_slip_that_cannot_be_is_not_finished(batch, people, row):
    answer = type_in(people[0], batch, cells([row, *ROWS[1:]]))
    assert answer.status_code == 422
    assert "1 phiếu cần xem lại" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "first"


def test_what_was_kept_is_there_again(batch, people):
    type_in(people[0], batch, cells(ROWS[:1], action="keep", comments={1: "Nhanh"}))
    page = people[0].get(reverse("paper_type_in", args=[batch.pk])).content.decode()
    assert "Nhanh" in page
    assert PaperEntry.objects.count() == 1


def test_an_office_types_its_own_paper_only(batch, django_user_model):
    mine = make_office("Chi nhánh của tôi")
    browser = desk(django_user_model, "dung", mine)
    type_in(browser, batch, cells())
    batch.refresh_from_db()
    assert batch.first_by is None
    assert not PaperEntry.objects.exists()


def test_a_batch_is_made_in_the_admin_and_stays_once_begun(counter, people, django_user_model):
    add = reverse(PaperBatch.snippet_viewset.get_url_name("add"))
    day = timezone.localdate()
    for wrong in (day + datetime.timedelta(days=1), day - datetime.timedelta(days=61)):
        sent = {"counter": counter.pk, "day": f"{wrong:%d/%m/%Y}", "slips": "3"}
        assert people[0].post(add, sent).status_code == 200
    sent = {"counter": counter.pk, "day": day.strftime("%d/%m/%Y"), "slips": "3"}
    assert people[0].post(add, sent | {"slips": "201"}).status_code == 200
    assert people[0].post(add, sent).status_code == 302
    batch = PaperBatch.objects.get()
    listing = people[0].get(reverse(PaperBatch.snippet_viewset.get_url_name("list")))
    assert reverse("paper_type_in", args=[batch.pk]) in listing.content.decode()
    type_in(people[0], batch, cells(action="keep"))
    delete = reverse(PaperBatch.snippet_viewset.get_url_name("delete"), args=[batch.pk])
    people[1].post(delete)
    assert PaperBatch.objects.filter(pk=batch.pk).exists()


def test_comments_differ_by_words_only():
    one = paper.Slip({"attitude": 5}, "", "Chờ lâu,  nóng.")
    assert paper.differing(one, paper.Slip({"attitude": 5}, "", "chờ lâu nóng")) == []
    assert paper.differing(one, paper.Slip({"attitude": 5}, "", "chờ lau nóng")) == ["comment"]
    assert paper.differing(one, paper.Slip({"attitude": 5, "time": 0}, "", one.comment)) == ["time"]
