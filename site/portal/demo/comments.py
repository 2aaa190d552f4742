"""What the demo's offices do with its comments: most in time, some waiting, a few late.

Each comment's fate hangs on its rating alone, so that loading again repeats nothing and only
takes the steps whose day has come since. What a person did with a demo comment stays hers.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from cms.groups import HEADS
from feedback import comments
from feedback.models import Comment
from feedback.models.comments import CommentState, Queue
from portal.demo.ratings import SEED, working_days

#: Nobody signs in as this person: there is no password. It goes with the demo.
USERNAME = "minh-hoa-tra-loi"
THANKS = "Cảm ơn góp ý của ông/bà. Chúng tôi đã chuyển lời tới những người làm việc tại quầy."
ANSWERS = {
    "Tôi hỏi mấy lần mới được trả lời, giọng nói khó chịu.": "Chúng tôi xin lỗi ông/bà. Trưởng bộ "
    "phận đã nhắc nhở về cách nói năng tại quầy và sẽ theo dõi việc này.",
    "Phải đi lại ba lần vì mỗi lần lại báo thiếu một giấy khác.": "Chúng tôi xin lỗi vì đã để "
    "ông/bà phải đi lại. Giấy tờ còn thiếu phải được báo một lần, bằng phiếu hướng dẫn.",
    "Quá ngày hẹn hai hôm mà không ai báo cho tôi.": "Chúng tôi xin lỗi. Hồ sơ trễ hẹn phải có "
    "phiếu xin lỗi và hẹn lại ngày trả; quầy đã được yêu cầu thực hiện đúng.",
    "Ngồi chờ gần hai tiếng, quầy mở mà không gọi số.": "Chúng tôi xin lỗi vì để ông/bà phải chờ "
    "lâu. Giờ đông người sẽ có thêm một người tiếp nhận.",
    "Nên có thêm ghế và quạt ở chỗ chờ.": "Cảm ơn ông/bà. Chúng tôi đã đề nghị bổ sung ghế và "
    "quạt cho khu vực chờ.",
    "Bảng giá lệ phí chữ nhỏ quá.": "Cảm ơn ông/bà. Chúng tôi sẽ in lại bảng phí, lệ phí cỡ chữ "
    "to hơn.",
}
FIXED = {
    "Nên có thêm ghế và quạt ở chỗ chờ.": "Khu vực chờ có thêm ghế và quạt.",
    "Bảng giá lệ phí chữ nhỏ quá.": "Bảng phí, lệ phí đã được in lại với cỡ chữ to hơn.",
}
CLOSED = "Góp ý trùng với một góp ý khác về cùng việc, đã được trả lời."
#: Shares: closed with a reason; answered after the due day; left without an answer so far.
CLOSES, LATE, LEFT = 0.07, 0.05, 0.03
#: Working days until the answer (in time, late), from the answer until a person publishes.
SOON, LATER, PUBLISHES = (1, 9), (11, 15), (0, 3)


@dataclass(frozen=True)
class _Fate:
    closes: bool
    answered_on: datetime.date | None
    published_on: datetime.date | None


def handle(today: datetime.date) -> int:
    """Take every step of the demo's comments whose day has come; how many were looked at."""
    with transaction.atomic():
        _sort(today)
        person = _person()
        waiting = (
            Comment.objects.filter(counter__is_demo=True, queue=Queue.OFFICE)
            .filter(state__in=(CommentState.RECEIVED, CommentState.ANSWERED))
            .order_by("received_on", "rating_id")
        )
        rows = list(waiting)
        for comment in rows:
            if comment.assigned_to_id in (None, person.pk):
                _follow(comment, person, today)
        _fix(person, today)
    return len(rows)


def _sort(today: datetime.date) -> None:
    """As the worker would have done, each on its own day."""
    fresh = Comment.objects.filter(queue=Queue.UNSORTED, counter__is_demo=True)
    for day in sorted(set(fresh.values_list("received_on", flat=True))):
        while comments.sort_new(day, arrived=day):
            pass


def _person() -> Any:
    model = get_user_model()
    person, made = model.objects.get_or_create(
        username=USERNAME, defaults={"first_name": "Người trả lời", "last_name": "(minh hoạ)"}
    )
    if made:
        person.set_unusable_password()
        person.save()
        person.groups.add(Group.objects.get(name=HEADS))
    return person


def forget_person() -> None:
    """Take the answering person away."""
    get_user_model().objects.filter(username=USERNAME).delete()


def _after(start: datetime.date, number: int) -> datetime.date:
    days = working_days(start, start + datetime.timedelta(days=number * 2 + 25))
    return [start, *(day for day in days if day > start)][number]


def _fate(comment: Comment) -> _Fate:
    rng = random.Random(f"{SEED}|comment|{comment.rating_id}")  # noqa: S311  (repeatable)
    draw, span = rng.random(), SOON
    if draw < LEFT:
        return _Fate(False, None, None)
    if draw < LEFT + LATE:
        span = LATER
    answered = _after(comment.received_on, rng.randint(*span))
    published = _after(answered, rng.randint(*PUBLISHES))
    return _Fate(draw > 1 - CLOSES, answered, published)


def _follow(comment: Comment, person: Any, today: datetime.date) -> None:
    fate = _fate(comment)
    if fate.answered_on is None or fate.answered_on >= today:
        return
    if comment.state == CommentState.RECEIVED:
        if fate.closes:
            comments.close(comment_id=comment.pk, user=person, reason=CLOSED, on=fate.answered_on)
            return
        text = ANSWERS.get(comment.text, THANKS)
        comments.answer(comment_id=comment.pk, user=person, text=text, on=fate.answered_on)
    if fate.published_on and fate.published_on < today:
        comments.publish(comment_id=comment.pk, user=person, on=fate.published_on)


def _fix(person: Any, today: datetime.date) -> None:
    """The first published wish of each kind is carried out a week later."""
    for words, what in FIXED.items():
        of_demo = Comment.objects.filter(counter__is_demo=True, masked=words)
        if of_demo.exclude(fixed="").exists():
            continue
        first = (
            of_demo.filter(state=CommentState.PUBLISHED).order_by("received_on", "rating_id")
        ).first()
        if first and first.published_on and (on := _after(first.published_on, 5)) < today:
            comments.mark_fixed(comment_id=first.pk, user=person, what=what, on=on)
