"""Rà soát: every page has a day on which somebody looks whether it is still true.

Reminders escalate: first the owner, then owner and deputy, then everybody who may publish the
page. They are due by the calendar and written down when sent, so a worker that was away a week
sends what is due now and nothing twice.
"""

from __future__ import annotations

import datetime
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cms.models import ProcedurePage, ReviewReminder

log = logging.getLogger(__name__)

OWNER, DEPUTY, PUBLISHERS = "owner", "deputy", "head"


@dataclass(frozen=True)
class Stage:
    """A reminder: ``days`` after the due day (negative: before), and who gets it."""

    name: str
    days: int
    asks: tuple[str, ...]
    words: str


#: Configurable by nobody yet; the days are the product's own choice, no law sets them.
STAGES = (
    Stage("soon", -14, (OWNER,), "Còn 14 ngày đến hạn rà soát"),
    Stage("due", 0, (OWNER,), "Hôm nay là hạn rà soát"),
    Stage("late", 7, (OWNER, DEPUTY), "Quá hạn rà soát 7 ngày"),
    Stage("overdue", 14, (OWNER, DEPUTY, PUBLISHERS), "Quá hạn rà soát 14 ngày"),
)


def stage_of(due: datetime.date, today: datetime.date) -> Stage | None:
    """The last stage reached on ``today``; None when it is too early for any.

    >>> stage_of(datetime.date(2026, 12, 1), datetime.date(2026, 12, 10)).name
    'late'
    """
    reached = [one for one in STAGES if today >= due + datetime.timedelta(days=one.days)]
    return reached[-1] if reached else None


def is_overdue(page: ProcedurePage, today: datetime.date | None = None) -> bool:
    """Whether citizens are told "đến hạn rà soát": from the day itself on."""
    return page.review_due is not None and page.review_due <= (today or timezone.localdate())


@dataclass(frozen=True)
class Reminder:
    """A page, its review date, the stage it reached, and the people to ask."""

    page: ProcedurePage
    due: datetime.date
    stage: Stage
    people: tuple[AbstractBaseUser, ...]


def reminders_due(today: datetime.date) -> list[Reminder]:
    """What is to be sent on ``today``: the newest stage of each live page, if not sent yet."""
    horizon = today - datetime.timedelta(days=STAGES[0].days)
    pages = (
        ProcedurePage.objects.live()
        .filter(review_due__lte=horizon)
        .select_related("review_owner", "review_deputy")
        .defer_streamfields()
    )
    sent = set(ReviewReminder.objects.values_list("page_id", "due", "stage"))
    found = []
    for page in pages:
        due = page.review_due
        stage = stage_of(due, today) if due else None
        if due and stage and (page.pk, due, stage.name) not in sent:
            found.append(Reminder(page, due, stage, tuple(_people(page, stage))))
    return found


def _people(page: ProcedurePage, stage: Stage) -> Iterable[Any]:
    """Whom the stage asks; without an owner the next in line is asked at once."""
    asked = {
        OWNER: [page.review_owner],
        DEPUTY: [page.review_deputy],
        PUBLISHERS: [],
    }
    people = [one for role in stage.asks for one in asked[role] if one and one.is_active]
    if PUBLISHERS in stage.asks or not people:
        people += [
            user
            for user in get_user_model().objects.filter(is_active=True)
            if page.permissions_for_user(user).can_publish()
        ]
    return dict.fromkeys(people)


def send_reminders(today: datetime.date | None = None) -> int:
    """One e-mail a person with all pages that are due; returns how many were sent.

    A reminder is written down before its mail leaves: a mail that fails is logged and shown on
    the person's first screen anyway, and is better lost than sent every minute.
    """
    today = today or timezone.localdate()
    letters: dict[Any, list[Reminder]] = defaultdict(list)
    for reminder in reminders_due(today):
        with transaction.atomic():
            _, new = ReviewReminder.objects.get_or_create(
                page=reminder.page,
                due=reminder.due,
                stage=reminder.stage.name,
                defaults={"sent_on": today},
            )
        for person in reminder.people if new else ():
            letters[person].append(reminder)
    return sum(_send(person, reminders) for person, reminders in letters.items())


def _send(person: Any, reminders: list[Reminder]) -> int:
    if not person.email or not settings.EMAIL_HOST:
        return 0
    lines = [
        f"- {one.stage.words}: {one.page.name} ({one.page.code})\n"
        f"  {settings.PUBLIC_URL}{reverse('wagtailadmin_pages:edit', args=[one.page.pk])}"
        for one in reminders
    ]
    body = "Các trang sau cần rà soát xem còn đúng không:\n\n" + "\n".join(lines)
    try:
        return send_mail(f"Rà soát {len(reminders)} trang thủ tục", body, None, [person.email])
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("review reminders: mail was not sent (%s)", type(error).__name__)
        return 0


def due_for(user: Any, today: datetime.date | None = None) -> list[ProcedurePage]:
    """Live pages this person reviews, due within two weeks or overdue, the latest first."""
    horizon = (today or timezone.localdate()) - datetime.timedelta(days=STAGES[0].days)
    mine = ProcedurePage.objects.live().filter(review_due__lte=horizon)
    mine = mine.filter(review_owner=user) | mine.filter(review_deputy=user)
    return list(mine.order_by("review_due", "code").defer_streamfields())
