"""Editions of a printed code: the counter's own first, then new ones; the old say so."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from feedback import poster_codes, scans
from feedback.models import CodeScans, PosterCode
from tests.factories import make_counter

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)


def replaced(counter, edition=1, reason="Tờ bị dán đè"):
    return poster_codes.replace(
        counter=counter, edition=edition, reason=reason, user=None, today=TODAY
    )


def test_a_code_never_printed_is_found_without_writing(django_assert_num_queries):
    counter = make_counter(code="ABC0123")
    with django_assert_num_queries(3):
        found = poster_codes.find(" abco123 ")
    assert (found.counter, found.code, found.edition, found.pk) == (counter, "ABC0123", 1, None)
    assert found.serial == f"{counter.pk:06d}-1"
    assert not PosterCode.objects.exists()
    for unknown in ("ABC0124", "ABC", "ABC01234X", "D123456789", "ABC012Ư", ""):
        assert poster_codes.find(unknown) is None


def test_the_first_print_keeps_the_counters_own_code(django_assert_num_queries):
    counter, other = make_counter(code="ABC0123"), make_counter(code="XYZ0123")
    assert poster_codes.current(counter).code == "ABC0123"
    found = poster_codes.current_of([counter, other])
    assert [found[one.pk].code for one in (counter, other)] == ["ABC0123", "XYZ0123"]
    with django_assert_num_queries(1):
        assert poster_codes.current_of([counter, other])[other.pk].counter is other
    with django_assert_num_queries(1):
        assert poster_codes.find("abc0123").counter.office.title


def test_a_replaced_code_is_found_as_replaced_and_the_new_one_holds():
    counter = make_counter(code="ABC0123")
    new = replaced(counter)
    assert new.code != "ABC0123"
    assert (new.edition, new.serial) == (2, f"{counter.pk:06d}-2")
    old = poster_codes.find("ABC0123")
    assert (old.replaced_on, old.reason, old.edition) == (TODAY, "Tờ bị dán đè", 1)
    assert poster_codes.find(new.code).replaced_on is None
    assert poster_codes.current(counter) == new
    assert poster_codes.rating_code(counter) == new.code
    assert poster_codes.codes_in_place_of_own() == {counter.pk: new.code}


def test_a_button_pressed_twice_replaces_once():
    counter = make_counter()
    replaced(counter)
    with pytest.raises(poster_codes.AlreadyReplaced):
        replaced(counter)
    assert PosterCode.objects.count() == 2
    with pytest.raises(ValueError, match="lý do"):
        replaced(counter, edition=2, reason="  ")


def test_an_edited_counter_code_replaces_what_was_printed():
    counter = make_counter(code="ABC0123")
    poster_codes.current(counter)
    counter.code = "NEW0123"
    counter.save()
    assert poster_codes.find("ABC0123").replaced_on
    assert poster_codes.find("NEW0123").edition == 2
    assert poster_codes.current(counter).code == "NEW0123"


def test_a_code_on_an_older_sheet_is_not_given_to_another_counter():
    first = make_counter(code="ABC0123")
    replaced(first)
    first.code = "NEW0123"
    first.save()
    second = make_counter(code="ABC0123")
    assert poster_codes.find("ABC0123").counter == first
    assert poster_codes.current(second).code != "ABC0123"


def test_page_and_api_point_to_the_new_code_at_once(client):
    counter, other = make_counter(code="ABC0123"), make_counter(code="XYZ0123")
    page, listed = counter.get_absolute_url(), reverse("api_counters")
    assert "/r/ABC0123" in client.get(page).content.decode()
    code = replaced(counter).code
    assert f"/r/{code}" in client.get(page).content.decode()
    urls = {row["code"]: row["rating_url"] for row in client.get(listed).json()["results"]}
    assert urls["ABC0123"] == f"http://testserver/R/{code}"
    assert urls["XYZ0123"] == f"http://testserver/R/{other.code}"


def test_an_old_sheet_says_since_when_and_its_scans_are_counted(client):
    counter = make_counter(code="ABC0123")
    new = replaced(counter)
    scans.keeper.forget()
    answer = client.get("/R/ABC0123")
    assert answer.status_code == 410
    assert "Tờ này đã được thay ngày 23/11/2026." in answer.content.decode()
    assert client.get(f"/R/{new.code}").status_code == 200
    scans.keeper.flush()
    assert dict(CodeScans.objects.values_list("code__code", "count")) == {
        "ABC0123": 1,
        new.code: 1,
    }


def test_the_editor_replaces_a_code_with_a_reason(admin_client):
    counter = make_counter(code="ABC0123")
    address = reverse("counter_qr_replace", args=[counter.pk])
    assert "Không quay lại mã cũ được" in admin_client.get(address).content.decode()
    without = admin_client.post(address, {"edition": 1, "reason": " "})
    assert without.status_code == 422
    assert "Cần ghi lý do" in without.content.decode()
    sent = {"edition": 1, "reason": "Tờ bị dán đè"}
    page = admin_client.post(address, sent, follow=True).content.decode()
    code = poster_codes.current(counter).code
    assert f"Đã thay mã ABC0123 bằng {code}" in page
    assert "Tờ bị dán đè" in page
    again = admin_client.post(address, sent, follow=True).content.decode()
    assert "vừa được thay rồi" in again
    assert PosterCode.objects.count() == 2
    assert PosterCode.objects.get(edition=1).replaced_by.username == "admin"


def test_the_counters_own_form_does_not_change_a_code_on_the_wall(admin_client):
    counter = make_counter(code="ABC0123")
    poster_codes.current(counter)
    address = reverse(counter.snippet_viewset.get_url_name("edit"), args=[counter.pk])
    assert "“Thay mã”" in admin_client.get(address).content.decode()
    sent = {"name": "Quầy 9", "code": "NEW0123", "active": "on", "fields": []}
    kept = {"office": counter.office_id, "main_field": counter.main_field_id}
    assert admin_client.post(address, sent | kept).status_code == 302
    counter.refresh_from_db()
    assert (counter.name, counter.code) == ("Quầy 9", "ABC0123")
    assert poster_codes.current(counter).edition == 1
