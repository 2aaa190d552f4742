"""Who sees which comment, and who may do what with it.

Two queues. An office's comments are for those whose scope reaches the office. What names bribery
or threats is for the inspectorate alone: people of an office, its head included, do not see that
it exists. Whoever works for an office (a scope with offices) is no inspector of anything.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from cms.models import Office
from cms.scopes import scope_of
from feedback.models import Comment
from feedback.models.comments import Queue

VIEW, CHANGE = "feedback.view_comment", "feedback.change_comment"
PUBLISH, ORIGINAL = "feedback.publish_comment", "feedback.read_original_comment"
OVERSEE, INSPECT = "feedback.oversee_comment", "feedback.inspect_comment"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Refused(Exception):
    """Not allowed, or not at this stage; the message is for the person who tried."""


def is_inspector(user: Any) -> bool:
    """Whether this person reads the inspectorate's queue.

    The technical operator is none by that office alone: a superuser reads it only as a member of
    a group that has the permission, or with the permission given by name, which others can see.
    """
    if user.is_superuser and not _named_inspector(user):
        return False
    return bool(user.has_perm(INSPECT) and scope_of(user).everything)


def _named_inspector(user: Any) -> bool:
    name = INSPECT.partition(".")[2]
    return (
        user.groups.filter(permissions__codename=name).exists()
        or user.user_permissions.filter(codename=name).exists()
    )


def may_look(user: Any) -> bool:
    """Whether any queue opens for this person."""
    return user.has_perm(VIEW) or is_inspector(user)


def visible_to(user: Any) -> QuerySet[Comment]:
    """The comments this person may know of. Unsorted ones are nobody's yet."""
    seen = Q(pk__in=())
    if is_inspector(user):
        seen |= Q(queue=Queue.INSPECTORATE)
    rows = Comment.objects.select_related("counter__office", "assigned_to").defer("text")
    if user.has_perm(VIEW):
        scope = scope_of(user)
        office = Q(queue=Queue.OFFICE)
        if not scope.everything:
            office &= Q(counter__office__in=scope.offices)
        seen |= office
    return rows.filter(seen)


def sees(user: Any, comment: Comment) -> bool:
    """Whether this comment is one of :func:`visible_to`."""
    if comment.queue == Queue.INSPECTORATE:
        return is_inspector(user)
    if comment.queue != Queue.OFFICE or not user.has_perm(VIEW):
        return False
    scope = scope_of(user)
    return scope.everything or comment.counter.office_id in scope.offices


def may_handle(user: Any, comment: Comment) -> bool:
    """Assign, answer, cover more, say what was fixed, pass on."""
    if not sees(user, comment):
        return False
    return comment.queue == Queue.INSPECTORATE or user.has_perm(CHANGE)


def may_publish(user: Any, comment: Comment) -> bool:
    """Publish; never from the inspectorate's queue, where nothing is public before it is judged."""
    return sees(user, comment) and comment.queue == Queue.OFFICE and user.has_perm(PUBLISH)


def may_close(user: Any, comment: Comment) -> bool:
    """Close without publication, or take back what was published."""
    if comment.queue == Queue.INSPECTORATE:
        return sees(user, comment)
    return may_publish(user, comment)


def may_read_original(user: Any, comment: Comment) -> bool:
    """Read what was really written, while it is kept."""
    return sees(user, comment) and user.has_perm(ORIGINAL)


def _with(permission: str) -> list[Any]:
    people = get_user_model().objects.with_perm(
        permission, backend=_BACKEND, include_superusers=False
    )
    return list(people.filter(is_active=True).order_by("username"))


def handlers_of(office: Office | int, queue: str) -> list[Any]:
    """The people who may be given a comment about that office."""
    if queue == Queue.INSPECTORATE:
        return [one for one in _with(INSPECT) if scope_of(one).everything]
    return [one for one in _with(CHANGE) if _reaches(one, office)]


def heads_of(office: Office | int) -> list[Any]:
    """Those who are told when the office is late: whose scope names it."""
    return [one for one in _with(OVERSEE) if not scope_of(one).everything and _reaches(one, office)]


def city_heads() -> list[Any]:
    """Those who are told when the office's own head did not help: no scope narrows them."""
    return [one for one in _with(OVERSEE) if scope_of(one).everything]


def _reaches(user: Any, office: Office | int) -> bool:
    scope = scope_of(user)
    pk = office if isinstance(office, int) else office.pk
    return scope.everything or pk in scope.offices


def name_of(user: Any) -> str:
    """A person as the log and the screens call her."""
    return user.get_full_name() or user.get_username() if user else ""
