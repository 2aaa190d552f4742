"""Comments on a counter and the people around them, for tests."""

from __future__ import annotations

import datetime
import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from cms.groups import HEADS, INSPECTORS, OFFICE_EDITORS
from cms.models import EditorScope
from feedback import comments
from feedback.arrivals import Levels
from feedback.intake import submit_rating
from feedback.models import Comment

#: A Monday without holidays around it.
DAY = datetime.date(2026, 11, 2)


def write(counter, text, *, day=DAY, channel="poster", contact="", sort=True):
    """A rating with a comment, through the intake, sorted as the worker does."""
    submission = uuid.uuid4()
    submit_rating(
        submission=submission,
        counter=counter,
        channel=channel,
        service_day=day,
        levels=Levels(2),
        comment=text,
        contact=contact,
    )
    if sort:
        comments.sort_new(day)
    return Comment.objects.get(rating=submission)


def member(name, group, office=None):
    """A signed-in member of a group, perhaps of one office."""
    user = get_user_model().objects.create_user(name, f"{name}@example.vn", "pass-12345-x")
    user.groups.add(Group.objects.get(name=group))
    if office is not None:
        EditorScope.objects.create(user=user).offices.add(office)
    return user


def staff(office):
    """Those around one office: its editor, its head, the city's head, an inspector."""
    return {
        "editor": member("bien", OFFICE_EDITORS, office),
        "head": member("truong", HEADS, office),
        "city": member("tinh", HEADS),
        "inspector": member("thanhtra", INSPECTORS),
    }
