"""A contact: kept by its own consent, with a comment, until its day is over."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.core.management import call_command

from feedback.arrivals import Levels
from feedback.contacts import KEPT_DAYS, LONGEST_CONTACT, forget_expired, keep_contact
from feedback.intake import submit_rating
from feedback.models import Comment, Contact
from tests.factories import make_counter

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 2)


@pytest.fixture
def comment():
    submission = uuid.uuid4()
    submit_rating(
        submission=submission,
        counter=make_counter(),
        channel="poster",
        service_day=DAY,
        levels=Levels(4),
        comment="Xin gọi lại",
    )
    return Comment.objects.get(rating=submission)


def test_kept_for_ninety_days_and_not_a_day_longer(comment):
    assert keep_contact(comment, "ten@vi-du.vn", DAY)
    contact = Contact.objects.get()
    assert (contact.value, contact.consented_on) == ("ten@vi-du.vn", DAY)
    last = DAY + datetime.timedelta(days=KEPT_DAYS)
    assert contact.expires_on == last
    assert forget_expired(last) == 0
    assert forget_expired(last + datetime.timedelta(days=1)) == 1
    assert not Contact.objects.exists()
    assert Comment.objects.get() == comment


def test_the_first_one_stays(comment):
    assert keep_contact(comment, "ten@vi-du.vn", DAY)
    assert not keep_contact(comment, "khac@vi-du.vn", DAY)
    assert Contact.objects.get().value == "ten@vi-du.vn"


@pytest.mark.parametrize("value", ["", "a" * (LONGEST_CONTACT + 1)])
def test_what_no_form_lets_through_is_refused(comment, value):
    with pytest.raises(ValueError, match="characters"):
        keep_contact(comment, value, DAY)


def test_the_worker_forgets(comment, settings, tmp_path):
    keep_contact(comment, "ten@vi-du.vn", DAY)
    call_command("worker", "--once")
    assert not Contact.objects.exists()
