"""Review dates: who is reminded when, once, and what citizens see."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from cms.models import ReviewReminder
from cms.reviews import due_for, is_overdue, reminders_due, send_reminders, stage_of
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db
DUE = datetime.date(2026, 12, 1)


def day(offset: int) -> datetime.date:
    return DUE + datetime.timedelta(days=offset)


def make_user(name: str, **values):
    return get_user_model().objects.create_user(name, f"{name}@example.vn", "x", **values)


@pytest.fixture(autouse=True)
def mail_goes_out(settings):
    settings.EMAIL_HOST = "mail.example.vn"


@pytest.fixture
def people(db):
    return {name: make_user(name) for name in ("chu", "pho")} | {
        "sep": make_user("sep", is_superuser=True)
    }


@pytest.fixture
def page(people):
    return make_procedure(
        "1.234567", review_due=DUE, review_owner=people["chu"], review_deputy=people["pho"]
    )


def readers() -> list[str]:
    return sorted(letter.to[0].split("@")[0] for letter in mail.outbox)


@pytest.mark.parametrize(
    ("offset", "stage", "asked"),
    [
        (-15, None, []),
        (-14, "soon", ["chu"]),
        (0, "due", ["chu"]),
        (7, "late", ["chu", "pho"]),
        (14, "overdue", ["chu", "pho", "sep"]),
        (400, "overdue", ["chu", "pho", "sep"]),
    ],
)
def test_reminders_escalate(page, offset, stage, asked):
    reached = stage_of(DUE, day(offset))
    assert (reached.name if reached else None) == stage
    send_reminders(day(offset))
    assert readers() == asked


def test_each_reminder_goes_once(page):
    for offset in (0, 0, 1, 3):
        send_reminders(day(offset))
    assert readers() == ["chu"]
    assert ReviewReminder.objects.count() == 1


def test_worker_that_was_away_sends_only_the_newest(page):
    send_reminders(day(20))
    assert len(mail.outbox) == 3
    assert "14 ngày" in mail.outbox[0].body


def test_new_review_date_begins_anew(page):
    send_reminders(day(0))
    page.review_due = day(365)
    page.save_revision().publish()
    assert not reminders_due(day(1))
    send_reminders(day(365))
    assert readers() == ["chu", "chu"]


def test_page_without_owner_asks_who_may_publish(people):
    make_procedure("1.234568", review_due=DUE)
    send_reminders(day(0))
    assert readers() == ["sep"]


def test_owner_who_left_is_not_asked(page, people):
    people["chu"].is_active = False
    people["chu"].save()
    send_reminders(day(0))
    assert readers() == ["sep"]


def test_one_letter_a_person_lists_every_page(page, people):
    make_procedure("1.234568", title="Trang thứ hai", review_due=DUE, review_owner=people["chu"])
    assert send_reminders(day(0)) == 1
    body = mail.outbox[0].body
    assert "1.234567" in body
    assert "Trang thứ hai" in body


def test_unpublished_pages_need_no_review(page):
    page.unpublish()
    assert not reminders_due(day(0))


def test_without_mail_the_list_on_the_first_screen_remains(page, people, settings):
    settings.EMAIL_HOST = ""
    assert send_reminders(day(0)) == 0
    assert due_for(people["chu"], day(0)) == [page]
    assert due_for(people["pho"], day(0)) == [page]
    assert due_for(people["sep"], day(0)) == []


def test_mail_server_down_stops_nothing(page, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("cms.reviews.send_mail", refuse)
    assert send_reminders(day(0)) == 0


def test_overdue_from_the_day_itself(page):
    assert not is_overdue(page, day(-1))
    assert is_overdue(page, day(0))


def test_citizens_and_programs_are_told(client, page):
    page.review_due = datetime.date(2026, 1, 2)
    page.save_revision().publish()
    assert "đến hạn rà soát từ" in client.get("/thu-tuc/1.234567/").content.decode()
    body = client.get("/api/v1/procedures/1.234567/").json()
    assert (body["review_due"], body["review_overdue"]) == ("2026-01-02", True)
