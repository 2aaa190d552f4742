"""A stuffed counter and the people around it, for tests of trust."""

from __future__ import annotations

import datetime
import random
import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from cms.models import EditorScope
from feedback.arrivals import Levels, Trail
from feedback.intake import submit_rating
from feedback.traces import note_arrivals

DAY = datetime.date(2026, 6, 10)  # a Wednesday


def rate(counter, *, channel="poster", day=DAY, level=5, window=None, browser=None, seconds=30):
    """One rating through the intake, with its trace when a window is given; its key."""
    submission = uuid.uuid4()
    source = random.Random(submission.int)
    submit_rating(
        submission=submission,
        counter=counter,
        channel=channel,
        service_day=day,
        levels=Levels(level, source.choice([None, 0, 3, 5]), level, source.randint(0, 5)),
    )
    if window is not None:
        trail = Trail(day, window, seconds, network=b"n" * 16, browser=browser)
        note_arrivals([(submission, trail)])
    return submission


def person(name, *codenames, office=None):
    """A signed-in person with permissions of this app, and perhaps an office of her own."""
    user = get_user_model().objects.create_user(name, f"{name}@example.vn", "pass-12345-x")
    wanted = [*codenames, "access_admin"]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    if office is not None:
        EditorScope.objects.create(user=user).offices.add(office)
    return user
