"""Reminders about comments: when, to whom, once, and never with a private word."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail

from cms.models import WorkingDayChange
from feedback import comments
from feedback.comment_days import changes_around, office_calendar, working_day
from feedback.comment_letters import send_comment_reminders
from feedback.models import CommentReminder, CommentStep
from tests.factories import make_counter, make_office
from tests.feedback.commented import staff, write

pytestmark = pytest.mark.django_db
#: The due day of what is written on commented.DAY, a Monday.
DUE = datetime.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def mail_goes_out(settings):
    settings.EMAIL_HOST = "mail.example.vn"


@pytest.fixture
def counter():
    return make_counter(make_office())


@pytest.fixture
def people(counter):
    return staff(counter.office)


@pytest.fixture
def comment(counter):
    return write(counter, "Chờ lâu quá, gọi tôi 0912 345 678")


def readers():
    return sorted(letter.to[0].split("@")[0] for letter in mail.outbox)


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        ((11, 11), []),
        ((11, 12), ["bien"]),  # Thursday: two working days before Monday
        ((11, 16), ["bien"]),
        ((11, 17), ["bien", "truong"]),
        ((11, 23), ["bien", "tinh", "truong"]),
        ((12, 28), ["bien", "tinh", "truong"]),
    ],
)
def test_who_hears_on_which_day(comment, people, day, asked):
    comments.assign(comment_id=comment.pk, user=people["head"], to=people["editor"])
    send_comment_reminders(datetime.date(2026, *day))
    assert readers() == asked


def test_each_stage_once_and_a_line_in_the_log(comment, people):
    for _ in range(3):
        send_comment_reminders(DUE)
    assert CommentReminder.objects.count() == 1
    assert len(mail.outbox) == len(set(readers()))
    step = CommentStep.objects.get(comment=comment, kind="reminded")
    assert step.note == "Hôm nay là hạn trả lời"
    send_comment_reminders(DUE + datetime.timedelta(days=1))
    assert CommentReminder.objects.count() == 2


def test_what_nobody_took_is_everybodys_at_the_office(comment, people):
    send_comment_reminders(DUE)
    assert readers() == ["bien", "truong"]


def test_without_a_head_of_the_office_the_city_hears_at_once(counter, comment, people):
    people["head"].delete()
    send_comment_reminders(DUE + datetime.timedelta(days=1))
    assert readers() == ["bien", "tinh"]


def test_an_answer_ends_the_reminders(comment, people):
    comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")
    assert send_comment_reminders(DUE + datetime.timedelta(days=30)) == 0


def test_letters_hold_masked_words_and_the_way_to_the_screen(comment, people):
    send_comment_reminders(DUE)
    body = mail.outbox[0].body
    assert "Chờ lâu quá" in body
    assert f"/admin/gop-y/{comment.pk}/" in body
    assert "hạn 16/11/2026" in body
    assert "345" not in body


def test_no_office_hears_of_the_inspectorates(counter, people):
    write(counter, "Đòi phong bì 500 nghìn mới nhận hồ sơ")
    send_comment_reminders(DUE + datetime.timedelta(days=30))
    assert readers() == ["thanhtra"]
    assert "phong bì" not in mail.outbox[0].body


def test_days_are_those_of_the_office(counter):
    WorkingDayChange.objects.create(
        date=datetime.date(2026, 11, 13), kind="off", name="Mất điện", office=counter.office
    )
    calendar = office_calendar(counter.office, changes_around(DUE))
    assert working_day(DUE, -2, calendar) == datetime.date(2026, 11, 11)
    assert working_day(DUE, 0, calendar) == DUE
    assert working_day(DUE, 5, calendar) == datetime.date(2026, 11, 23)


def test_many_comments_one_letter_a_person_and_few_queries(
    counter, people, django_assert_max_num_queries
):
    for number in range(6):
        write(counter, f"Chậm {number}")
    with django_assert_max_num_queries(140):
        send_comment_reminders(DUE)
    assert readers() == ["bien", "truong"]
    assert mail.outbox[0].subject.startswith("6 góp ý")
