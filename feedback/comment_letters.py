"""E-mails about comments: reminders before and after the due day, to the office and then above it.

A letter holds the masked text only; one about the inspectorate's queue holds no text at all.
Stages are counted in working days of the comment's own office, as the due day was.
"""

from __future__ import annotations

import datetime
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cms.calendar import WorkCalendar
from feedback.comment_days import changes_around, office_calendar, working_day
from feedback.comment_rights import city_heads, handlers_of, heads_of
from feedback.comments import write_reminded
from feedback.models import Comment, CommentReminder
from feedback.models.comments import CommentState, Queue

log = logging.getLogger(__name__)

#: Characters of a comment that a letter quotes.
QUOTED = 300


@dataclass(frozen=True)
class Stage:
    """A reminder ``days`` working days after the due day (negative: before), and who gets it."""

    name: str
    days: int
    words: str
    head: bool = False
    city: bool = False


#: The product's own choice; no law sets them.
STAGES = (
    Stage("soon", -2, "Còn 2 ngày làm việc đến hạn trả lời"),
    Stage("due", 0, "Hôm nay là hạn trả lời"),
    Stage("late", 1, "Quá hạn trả lời", head=True),
    Stage("city", 5, "Quá hạn trả lời 5 ngày làm việc", head=True, city=True),
)


def stage_of(due: datetime.date, today: datetime.date, calendar: WorkCalendar) -> Stage | None:
    """The last stage reached on ``today``; None when it is too early for any."""
    reached = [one for one in STAGES if today >= working_day(due, one.days, calendar)]
    return reached[-1] if reached else None


def reminders_due(today: datetime.date) -> list[tuple[Comment, Stage]]:
    """Open comments with the newest stage they reached, where it was not sent yet."""
    waiting = list(
        Comment.objects.filter(
            state__in=(CommentState.RECEIVED, CommentState.ASSIGNED),
            due_on__lte=today + datetime.timedelta(days=30),
        )
        .exclude(queue=Queue.UNSORTED)
        .select_related("counter__office", "assigned_to")
        .prefetch_related("counter__office__hours")
        .defer("text")
        .order_by("due_on", "pk")
    )
    if not waiting:
        return []
    sent = set(CommentReminder.objects.values_list("comment_id", "due_on", "stage"))
    changes = changes_around(min(one.due_on for one in waiting if one.due_on))
    calendars: dict[int, WorkCalendar] = {}
    found = []
    for comment in waiting:
        office = comment.counter.office
        if office.pk not in calendars:
            calendars[office.pk] = office_calendar(office, changes)
        assert comment.due_on is not None
        stage = stage_of(comment.due_on, today, calendars[office.pk])
        if stage and (comment.pk, comment.due_on, stage.name) not in sent:
            found.append((comment, stage))
    return found


def people_for(comment: Comment, stage: Stage) -> list[Any]:
    """Whom the stage asks: the person it was given to, else all who may take it; then the head
    of the office, then the city. Of the inspectorate's queue no office hears."""
    handlers = handlers_of(comment.counter.office_id, comment.queue)
    person = comment.assigned_to
    people = [person] if person is not None and person.is_active else []
    if comment.queue == Queue.INSPECTORATE:
        return people if people and not stage.head else handlers
    if not people:
        # Those of the office itself; the city's own people only where there are none.
        own = [one for one in handlers if one not in _unscoped(handlers)]
        people = own or handlers
    if stage.head:
        people += heads_of(comment.counter.office_id)
    if stage.city or (stage.head and not heads_of(comment.counter.office_id)):
        people += city_heads()
    return list(dict.fromkeys(people))


def _unscoped(people: Iterable[Any]) -> list[Any]:
    from cms.scopes import scope_of

    return [one for one in people if scope_of(one).everything]


def send_comment_reminders(today: datetime.date | None = None) -> int:
    """One e-mail a person with all comments that are due; returns how many were sent.

    Written down before it leaves, like the reminders of pages (cms/reviews.py): a mail that
    fails is logged and stands on the person's first screen anyway.
    """
    today = today or timezone.localdate()
    letters: dict[Any, list[tuple[Comment, Stage]]] = defaultdict(list)
    for comment, stage in reminders_due(today):
        with transaction.atomic():
            _, new = CommentReminder.objects.get_or_create(
                comment=comment,
                due_on=cast(datetime.date, comment.due_on),  # or no reminder would be due
                stage=stage.name,
                defaults={"sent_on": today},
            )
            if new:
                write_reminded([(comment, stage.words)])
        for person in people_for(comment, stage) if new else ():
            letters[person].append((comment, stage))
    return sum(
        _send(person, f"{len(rows)} góp ý của người dân chờ trả lời", _lines(rows))
        for person, rows in letters.items()
    )


def tell_assigned(comment: Comment) -> int:
    """To the person a comment was given to."""
    return _send(comment.assigned_to, "Bạn được giao một góp ý của người dân", [_line(comment, "")])


def _lines(rows: Iterable[tuple[Comment, Stage]]) -> list[str]:
    return [_line(comment, f"{stage.words}: ") for comment, stage in rows]


def _line(comment: Comment, head: str) -> str:
    day = f"{comment.due_on:%d/%m/%Y}" if comment.due_on else ""
    where = f"{comment.counter.name}, {comment.counter.office.title}"
    lines = [f"- {head}{where}, hạn {day}"]
    if comment.queue == Queue.OFFICE:
        words = comment.masked[:QUOTED] + ("…" if len(comment.masked) > QUOTED else "")
        lines.append("  “" + words.replace("\n", "\n  ") + "”")
    else:
        lines.append("  (góp ý chuyển thanh tra: chỉ đọc trong trang quản trị)")
    lines.append(f"  {settings.PUBLIC_URL}{reverse('comment', args=[comment.pk])}")
    return "\n".join(lines)


def _send(person: Any, subject: str, lines: list[str]) -> int:
    if not person or not person.email or not settings.EMAIL_HOST:
        return 0
    body = "Góp ý của người dân cần bạn xử lý:\n\n" + "\n\n".join(lines)
    try:
        return send_mail(subject, body, None, [person.email])
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("letters about comments: mail was not sent (%s)", type(error).__name__)
        return 0
