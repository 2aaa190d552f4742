"""Where a comment stands for the citizen who holds its code: no names, none of her words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from feedback.models import Comment
from feedback.models.comments import CommentState, Queue


@dataclass(frozen=True)
class Step:
    """A line of the way: what, when (None: not yet), and whether it is behind."""

    words: str
    day: datetime.date | None = None
    done: bool = False


def status_words(comment: Comment) -> str:
    """The state as a heading."""
    if comment.queue == Queue.UNSORTED:
        return _("Đã nhận, đang được giữ")
    return {
        CommentState.RECEIVED: _("Đã nhận, chờ người xử lý"),
        CommentState.ASSIGNED: _("Đang được xử lý"),
        CommentState.ANSWERED: _("Đã trả lời"),
        CommentState.PUBLISHED: _("Đã trả lời và công khai"),
        CommentState.CLOSED: _("Đã xem xét, không công khai"),
    }[CommentState(comment.state)]


def steps(comment: Comment) -> list[Step]:
    """The way of a comment: received, taken, answered, published; or closed."""
    state = CommentState(comment.state)
    taken = state != CommentState.RECEIVED
    way = [
        Step(_("Đã nhận"), comment.received_on, True),
        Step(_("Có người xử lý"), None, taken),
        Step(_("Trả lời"), comment.answered_on, bool(comment.answer)),
    ]
    if state == CommentState.CLOSED:
        if not comment.answer:
            way.pop()
        return [*way, Step(_("Đóng, không công khai"), comment.closed_on, True)]
    if comment.queue == Queue.INSPECTORATE:
        return way
    return [
        *way,
        Step(_("Công khai"), comment.published_on, state == CommentState.PUBLISHED),
    ]


def context(comment: Comment, today: datetime.date) -> dict[str, Any]:
    """What the page ``/gop-y/<code>/`` shows."""
    due = comment.due_on if comment.is_open else None
    return {
        "comment": comment,
        "counter": comment.counter,
        "status": status_words(comment),
        "steps": steps(comment),
        "sorted": comment.queue != Queue.UNSORTED,
        "inspectorate": comment.queue == Queue.INSPECTORATE,
        "due": due,
        "late": due is not None and due < today,
        "published": comment.state == CommentState.PUBLISHED,
        "closed": comment.state == CommentState.CLOSED,
    }
