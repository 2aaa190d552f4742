"""What happens to a comment, step by step, each one written into its log (rating.md §5).

received → assigned → answered → published, or closed with a reason the public reads. Every
function locks the comment, asks whether the person may, and raises :class:`Refused` with words
for that person when she may not or when it is not the time for it. A comment is sorted by the
worker, not while a citizen waits; until then nobody sees it.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms import caching
from cms.calendar import WorkCalendar
from cms.models import Counter, Office, Officer
from feedback.comment_days import changes_around, office_calendar, working_day
from feedback.comment_masking import covers_only, from_original, is_private, masked_text, tidy
from feedback.comment_rights import (
    Refused,
    handlers_of,
    may_close,
    may_handle,
    may_publish,
    may_read_original,
    name_of,
)
from feedback.grave import is_grave
from feedback.models import Comment, CommentSettings, CommentStep
from feedback.models.comments import CommentState, Queue, StepKind
from feedback.staffing import counters_of_one

log = logging.getLogger(__name__)

#: Comments sorted in one go of the worker.
SORTED_AT_ONCE = 200
_NOT_NOW = "Góp ý không còn ở bước này; hãy tải lại trang."
_NOT_YOU = "Bạn không có quyền làm việc này với góp ý."
_PRIVATE = (
    "Trong phần bạn viết có số điện thoại, số giấy tờ, tên cán bộ hoặc thông tin riêng tư khác. "
    "Hãy bỏ đi, hoặc đánh dấu xác nhận nếu thông tin đó được phép công khai."
)


def names_at(office_id: int) -> tuple[str, ...]:
    """Names that are covered in comments about this office: everybody who works or worked there."""
    return tuple(Officer.objects.filter(office_id=office_id).values_list("name", flat=True))


def sort_new(today: datetime.date | None = None, arrived: datetime.date | None = None) -> int:
    """Mask what arrived (on ``arrived`` alone), give it a due day and its queue; how many.

    Run by the worker.
    """
    today = today or timezone.localdate()
    new = Comment.objects.filter(queue=Queue.UNSORTED)
    waiting = list(
        (new if arrived is None else new.filter(received_on=arrived))
        .select_related("counter__office")
        .order_by("received_on", "pk")[:SORTED_AT_ONCE]
    )
    if not waiting:
        return 0
    rules = CommentSettings.load()
    changes = changes_around(min(one.received_on for one in waiting))
    places: dict[int, tuple[tuple[str, ...], WorkCalendar]] = {}
    done = 0
    for comment in waiting:
        office = comment.counter.office
        if office.pk not in places:
            places[office.pk] = names_at(office.pk), office_calendar(office, changes)
        names, calendar = places[office.pk]
        comment.masked = masked_text(comment.text, names)
        comment.queue = Queue.INSPECTORATE if is_grave(comment.text) else Queue.OFFICE
        comment.due_on = working_day(comment.received_on, rules.answer_days, calendar)
        comment.original_until = comment.received_on + datetime.timedelta(days=rules.kept_days)
        done += _keep_sorted(comment, today)
    return done


def _keep_sorted(comment: Comment, today: datetime.date) -> int:
    with transaction.atomic():
        written = Comment.objects.filter(pk=comment.pk, queue=Queue.UNSORTED).update(
            masked=comment.masked,
            queue=comment.queue,
            due_on=comment.due_on,
            original_until=comment.original_until,
        )
        if written:
            where = f"Nơi xử lý: {comment.get_queue_display()}"
            CommentStep.objects.bulk_create(
                [
                    CommentStep(comment=comment, number=number, on=on, kind=kind, note=note)
                    for number, on, kind, note in (
                        (1, comment.received_on, StepKind.RECEIVED, ""),
                        (2, today, StepKind.SORTED, where),
                    )
                ]
            )
    return written


def assign(*, comment_id: uuid.UUID, user: Any, to: Any) -> Comment:
    """Give the comment to a person who may handle it; she is told by e-mail."""
    from feedback.comment_letters import tell_assigned

    with transaction.atomic():
        comment = _locked(comment_id)
        _must(may_handle(user, comment))
        _must(comment.is_open, _NOT_NOW)
        if to not in handlers_of(comment.counter.office_id, comment.queue) and to != user:
            raise Refused("Người này không xử lý được góp ý của cơ quan này.")
        comment.assigned_to = to
        comment.state = CommentState.ASSIGNED
        comment.save(update_fields=["assigned_to", "state"])
        _step(comment, StepKind.ASSIGNED, by=user, note=f"Giao cho {name_of(to)}")
        if to != user:
            transaction.on_commit(lambda: tell_assigned(comment))
    return comment


def answer(
    *,
    comment_id: uuid.UUID,
    user: Any,
    text: str,
    confirmed: bool = False,
    on: datetime.date | None = None,
) -> Comment:
    """Answer, or put a better answer in place of the earlier one; the citizen reads it at once.

    ``on`` is the day it was done (today), here and below.
    """
    with transaction.atomic():
        comment = _locked(comment_id)
        _must(may_handle(user, comment))
        _must(comment.state != CommentState.CLOSED, _NOT_NOW)
        text = _public_words(comment, text, confirmed)
        again = bool(comment.answer)
        comment.answer, comment.answered_on = text, on or timezone.localdate()
        if comment.is_open:
            comment.state = CommentState.ANSWERED
            comment.assigned_to = comment.assigned_to or user
        comment.save(update_fields=["answer", "answered_on", "state", "assigned_to"])
        _step(comment, StepKind.ANSWERED, by=user, note="Sửa trả lời" if again else "", on=on)
        _tell_pages(comment)
    return comment


def cover(*, comment_id: uuid.UUID, user: Any, text: str, confirmed: bool = False) -> Comment:
    """Put ``text`` in place of the masked text: the same words with more of them covered.

    What was covered may be shown again by somebody who may read the original, as the citizen
    wrote it; what the rules would cover needs ``confirmed``. Both are written into the log.
    """
    with transaction.atomic():
        comment = _locked(comment_id)
        _must(may_handle(user, comment))
        new = tidy(text)
        if new == tidy(comment.masked):
            return comment
        if covers_only(tidy(comment.masked), new):
            kind = StepKind.MASKED
        elif (
            may_read_original(user, comment)
            and comment.text
            and from_original(tidy(comment.text), new)
        ):
            kind = StepKind.UNMASKED
            if is_private(new, names_at(comment.counter.office_id)) and not confirmed:
                raise Refused(
                    "Bạn đang để lộ phần mà máy cho là thông tin riêng tư. Đánh dấu xác nhận nếu "
                    "phần đó được phép công khai; việc này được ghi vào nhật ký."
                )
        else:
            raise Refused(
                "Chỉ được che thêm, không được sửa lời người dân. Thay phần cần che bằng […] và "
                "giữ nguyên mọi chữ khác."
            )
        comment.masked = new
        comment.save(update_fields=["masked"])
        _step(comment, kind, by=user, note="Có xác nhận" if confirmed else "")
        _tell_pages(comment)
    return comment


def publish(*, comment_id: uuid.UUID, user: Any, on: datetime.date | None = None) -> Comment:
    """Show the masked text with its answer on the office's pages, in the feed and the API."""
    with transaction.atomic():
        comment = _locked(comment_id)
        _must(may_publish(user, comment))
        _must(comment.state == CommentState.ANSWERED, _NOT_NOW)
        shown_on_purpose = comment.steps.filter(kind=StepKind.UNMASKED).exists()
        if not shown_on_purpose:  # names and rules may be newer than the day it was sorted
            names = names_at(comment.counter.office_id)
            comment.masked = masked_text(comment.masked, names)
        month = comment.received_on.replace(day=1)
        comment.names_counter = (comment.counter_id, month) not in counters_of_one([month])
        comment.state, comment.published_on = CommentState.PUBLISHED, on or timezone.localdate()
        comment.save(update_fields=["masked", "names_counter", "state", "published_on"])
        _step(comment, StepKind.PUBLISHED, by=user, on=on)
        _tell_pages(comment)
    return comment


def close(
    *,
    comment_id: uuid.UUID,
    user: Any,
    reason: str,
    confirmed: bool = False,
    on: datetime.date | None = None,
) -> Comment:
    """Do not publish, or take back what is public; the citizen reads ``reason``."""
    with transaction.atomic():
        comment = _locked(comment_id)
        _must(may_close(user, comment))
        _must(comment.state != CommentState.CLOSED, _NOT_NOW)
        comment.closed_reason = _public_words(comment, reason, confirmed)
        _tell_pages(comment)
        comment.state, comment.closed_on = CommentState.CLOSED, on or timezone.localdate()
        comment.published_on = None
        comment.save(update_fields=["closed_reason", "state", "closed_on", "published_on"])
        _step(comment, StepKind.CLOSED, by=user, on=on)
    return comment


def mark_fixed(
    *, comment_id: uuid.UUID, user: Any, what: str, on: datetime.date, confirmed: bool = False
) -> Comment:
    """Say what was changed because of the comment, and when; beside an answer, never instead."""
    with transaction.atomic():
        comment = _locked(comment_id)
        _must(may_handle(user, comment))
        _must(comment.state in (CommentState.ANSWERED, CommentState.PUBLISHED), _NOT_NOW)
        if not comment.received_on <= on <= timezone.localdate():
            raise Refused("Ngày sửa phải từ ngày nhận góp ý đến hôm nay.")
        comment.fixed, comment.fixed_on = _public_words(comment, what, confirmed), on
        comment.save(update_fields=["fixed", "fixed_on"])
        _step(comment, StepKind.FIXED, by=user, on=on)
        _tell_pages(comment)
    return comment


def move(*, comment_id: uuid.UUID, user: Any, queue: str, note: str = "") -> Comment:
    """To the inspectorate (by the office, which then loses sight of it), or back to the office
    (by the inspectorate, for what was not grave). It waits there for somebody to take it."""
    with transaction.atomic():
        comment = _locked(comment_id)
        _must(may_handle(user, comment))
        _must(comment.is_open and queue in Queue.values and queue, _NOT_NOW)
        _must(queue != comment.queue, _NOT_NOW)
        comment.queue, comment.assigned_to = queue, None
        comment.state = CommentState.RECEIVED
        comment.save(update_fields=["queue", "assigned_to", "state"])
        words = f"Sang: {comment.get_queue_display()}. {note}".strip()
        _step(comment, StepKind.MOVED, by=user, note=words[:300])
    return comment


def open_original(*, comment_id: uuid.UUID, user: Any) -> tuple[str, str]:
    """The citizen's own words and contact ("" each when gone), and a line in the log who read."""
    with transaction.atomic():
        comment = _locked(comment_id)
        _must(may_read_original(user, comment))
        if not comment.text:
            return "", ""
        contact = getattr(comment, "contact", None)
        _step(comment, StepKind.READ, by=user)
        return comment.text, contact.value if contact else ""


def forget_originals(today: datetime.date | None = None) -> int:
    """Empty the originals whose last day is over; the masked text stays. Run by the worker."""
    today = today or timezone.localdate()
    gone = Comment.objects.filter(original_until__lt=today).exclude(text="").only("pk")
    number = 0
    for comment in gone[:1000]:
        with transaction.atomic():
            if Comment.objects.filter(pk=comment.pk).exclude(text="").update(text=""):
                _step(comment, StepKind.EXPIRED)
                number += 1
    return number


def published(*, counter: Counter | None = None, office: Office | None = None) -> Any:
    """Public comments, newest first, of a counter, of an office, or of the city.

    A comment whose counter one officer kept alone is left out of the counter's own list.
    """
    rows = Comment.objects.filter(
        state=CommentState.PUBLISHED, queue=Queue.OFFICE, counter__office__live=True
    )
    if counter is not None:
        rows = rows.filter(counter=counter, names_counter=True)
    if office is not None:
        rows = rows.filter(counter__office=office)
    return (
        rows.select_related("counter__office", "counter__main_field")
        .defer("text", "assigned_to")
        .order_by("-published_on", "-pk")
    )


def _locked(comment_id: uuid.UUID) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",)).select_related("counter__office")
    return rows.get(pk=comment_id)


def _must(allowed: Any, words: str = _NOT_YOU) -> None:
    if not allowed:
        raise Refused(words)


def _public_words(comment: Comment, text: str, confirmed: bool) -> str:
    """What staff wrote for the public: something, and nothing private but on purpose."""
    text = tidy(text)
    if not text:
        raise Refused("Phần này không được để trống.")
    if not confirmed and is_private(text, names_at(comment.counter.office_id)):
        raise Refused(_PRIVATE)
    return text


def _step(
    comment: Comment,
    kind: str,
    *,
    by: Any = None,
    note: str = "",
    on: datetime.date | None = None,
) -> None:
    CommentStep.objects.create(
        comment=comment,
        number=CommentStep.objects.filter(comment=comment).count() + 1,
        on=on or timezone.localdate(),
        by=by,
        by_name=name_of(by),
        kind=kind,
        note=note,
    )


def write_reminded(comments: Iterable[tuple[Comment, str]]) -> None:
    """One line in the log of each comment whose people were reminded, with the stage's words."""
    for comment, words in comments:
        _step(comment, StepKind.REMINDED, note=words)


def _tell_pages(comment: Comment) -> None:
    """Public pages of the office show its published comments."""
    if comment.published_on is not None:
        caching.touch(caching.office_tag(comment.counter.office_id))
