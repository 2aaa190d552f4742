"""A person's own doubt: a case about answers of some days, opened by hand (rating.md §4).

Nothing is put aside by it: the answers count until somebody else decides.
"""

from __future__ import annotations

import datetime
from typing import Any

from cms.models import Counter
from feedback.models import Case, Rating
from feedback.models.ratings import Channel, Standing
from feedback.models.trust import Signal
from feedback.trust.cases import NotAllowed, open_case, why_not_about

#: Days one doubt may span: answers older than that are in no score.
MOST_DAYS = 366


def doubt(
    *,
    counter: Counter,
    channel: str = Channel.POSTER,
    first_day: datetime.date,
    last_day: datetime.date,
    note: str,
    user: Any,
) -> Case | None:
    """Open a case about the counted answers of this counter, channel and service days.

    ``note`` says what is odd; only those who decide read it. Answers that another case has stay
    there; None when no others are left. Raises feedback.trust.cases.NotAllowed for who may not
    decide about the counter, ValueError without a note or for days that are no span.
    """
    if reason := why_not_about(counter=counter, user=user):
        raise NotAllowed(reason)
    if not note.strip():
        raise ValueError("Hãy viết điều làm bạn nghi ngờ.")
    if not 0 <= (last_day - first_day).days < MOST_DAYS:
        raise ValueError(f"Chọn từ ngày nào đến ngày nào, nhiều nhất {MOST_DAYS} ngày.")
    answers = Rating.objects.filter(
        counter=counter,
        channel=channel,
        service_day__range=(first_day, last_day),
        standing=Standing.COUNTED,
        case=None,
    )
    return open_case(
        counter=counter,
        signal=Signal.PERSON,
        first_day=first_day,
        last_day=last_day,
        answers=list(answers.values_list("pk", flat=True)),
        evidence={"note": note.strip(), "channel": str(channel), "by": user.pk},
        automatic=False,
    )
