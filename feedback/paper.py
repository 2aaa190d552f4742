"""Paper slips: two people type them, each alone; what agrees is counted (rating.md §1).

The second person does not see what the first typed until both are done, and settles with the
paper in hand what differs. Then all slips of the batch become ratings in one transaction, and
both typings are deleted.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from feedback.arrivals import Levels, Outcome
from feedback.forms import LONGEST_COMMENT, tidy
from feedback.intake import submit_rating
from feedback.models import PaperBatch, PaperEntry
from feedback.models.ratings import ITEMS, Channel
from feedback.spending import CodeExpired
from feedback.ways import Refusal, Way, resolve
from feedback.ways import tidy as tidy_code

#: Slips of one batch: what one person types in one sitting.
MOST_SLIPS = 200
#: Days after which paper is too old to be typed in: its codes cannot be checked any more.
OLDEST_DAYS = 60
_CODE_SHAPE = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}\Z")

State = PaperBatch.State


class WrongPerson(ValueError):
    """The same person must not type a batch twice, nor a third one the second time."""


class NotNow(ValueError):
    """The batch has moved on meanwhile: somebody finished this step."""


@dataclass(frozen=True)
class Slip:
    """One slip as typed; a level is None where nothing was ticked, 0 for "chưa biết"."""

    levels: Mapping[str, int | None] = field(default_factory=dict)
    code: str = ""
    comment: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was typed."""
        no_level = all(self.levels.get(item) is None for item in ITEMS)
        return no_level and not self.code and not self.comment

    def level(self, item: str) -> int | None:
        """The level of an item."""
        return self.levels.get(item)


@dataclass(frozen=True)
class Counted:
    """What became of a batch: slips stored, and those whose code could not be used."""

    stored: int
    without_code: int


def read_slip(cells: Mapping[str, str]) -> tuple[Slip, list[str]]:
    """A slip out of the text of its cells (four items, ``code``, ``comment``), and what is wrong.

    An empty row is no error here; see :func:`missing`.
    """
    levels: dict[str, int | None] = {}
    problems = []
    for item in ITEMS:
        text = cells.get(item, "").strip()
        lowest = 1 if item == "attitude" else 0
        allowed = {str(level) for level in range(lowest, 6)}
        if text and text not in allowed:
            problems.append(f"Chỉ có mức {lowest} đến 5, không có “{text[:3]}”.")
        levels[item] = int(text) if text in allowed else None
    # A scanner types the whole address.
    code = tidy_code(cells.get("code", "").rpartition("/")[2])
    if code and not _CODE_SHAPE.match(code):
        problems.append("Mã trên phiếu gồm đúng 26 chữ và số.")
    comment = tidy(cells.get("comment", ""))
    if len(comment) > LONGEST_COMMENT:
        problems.append(f"Góp ý dài nhất {LONGEST_COMMENT} ký tự.")
    return Slip(levels, code[:26], comment[:LONGEST_COMMENT]), problems


def missing(slip: Slip) -> list[str]:
    """What a finished slip still lacks."""
    if slip.level("attitude") is None:
        return ["Chưa có mức thái độ (cột đầu)."]
    return []


def wrong_code(batch: PaperBatch, slip: Slip) -> list[str]:
    """A code that was typed wrong or lies in the wrong batch; one that is used up is no error.

    Without this, a mistyped code would quietly make a rating of less weight.
    """
    if not slip.code:
        return []
    way = resolve(slip.code)
    if isinstance(way, Refusal) and way.kind == "unknown":
        return ["Không có mã này: xem lại từng ký tự, hoặc để trống nếu phiếu không có mã."]
    if way.counter is not None and way.counter.pk != batch.counter_id:
        return [f"Mã này của {way.counter.name}, không phải quầy của tập phiếu."]
    return []


def doubled_codes(slips: Sequence[Slip]) -> dict[int, str]:
    """Place (from 0) of every slip whose code stands on an earlier one → what is wrong."""
    seen: dict[str, int] = {}
    doubled = {}
    for place, slip in enumerate(slips):
        if slip.code and slip.code in seen:
            doubled[place] = f"Mã này đã có ở phiếu {seen[slip.code] + 1}."
        elif slip.code:
            seen[slip.code] = place
    return doubled


def differing(first: Slip, second: Slip) -> list[str]:
    """The cells in which two typings of a slip differ; in comments, blanks and case do not."""
    found = [item for item in ITEMS if first.level(item) != second.level(item)]
    if first.code != second.code:
        found.append("code")
    if _plain(first.comment) != _plain(second.comment):
        found.append("comment")
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\s.,;:!?…-]+", " ", text).strip().casefold()


def typing_of(batch: PaperBatch, user: Any) -> int:
    """Which typing the person is to do now, 1 or 2.

    Raises :class:`WrongPerson`, or :class:`NotNow` for a batch that was counted.
    """
    if batch.state == State.DONE:
        raise NotNow("Tập phiếu này đã được tính.")
    if batch.state == State.FIRST:
        if batch.first_by_id not in {None, user.pk}:
            raise WrongPerson(
                f"{batch.first_by} đang nhập lần một; chờ nhập xong rồi nhập lần hai."
            )
        return 1
    if batch.first_by_id == user.pk:
        raise WrongPerson("Bạn đã nhập lần một. Lần hai phải do người khác nhập.")
    if batch.second_by_id not in {None, user.pk}:
        raise WrongPerson(f"{batch.second_by} đang nhập lần hai.")
    return 2


def typed(batch: PaperBatch, typing: int) -> list[Slip]:
    """The slips of a typing in order, empty ones for those not typed yet."""
    entries = {entry.place: entry for entry in batch.entries.filter(typing=typing)}
    slips = []
    for place in range(1, batch.slips + 1):
        entry = entries.get(place)
        slips.append(Slip(entry.levels, entry.code, entry.comment) if entry else Slip())
    return slips


@transaction.atomic
def keep(batch: PaperBatch, *, user: Any, slips: Sequence[Slip]) -> None:
    """Keep what a person has typed so far; the batch becomes hers with the first keeping."""
    typing = typing_of(batch, user)
    mine = "first_by" if typing == 1 else "second_by"
    won = PaperBatch.objects.filter(pk=batch.pk, state=batch.state).filter(
        **{f"{mine}__in": [user.pk]}
    ).exists() or PaperBatch.objects.filter(pk=batch.pk, state=batch.state, **{mine: None}).update(
        **{mine: user}
    )
    if not won:
        raise NotNow("Có người khác vừa nhận tập phiếu này.")
    batch.entries.filter(typing=typing).delete()
    PaperEntry.objects.bulk_create(
        PaperEntry(batch=batch, typing=typing, place=place, **asdict(slip))
        for place, slip in enumerate(slips, start=1)
        if not slip.empty
    )
    batch.refresh_from_db()


@transaction.atomic
def finish(batch: PaperBatch, *, user: Any, slips: Sequence[Slip]) -> Counted | None:
    """Finish a typing with its checked slips; the result when that counted the batch.

    The first typing leaves the batch to a second person. The second, when both agree, counts it;
    else the batch waits for its second person to settle what differs, and is counted when she
    finishes again. Raises :class:`NotNow` when two people finish at once.
    """
    keep(batch, user=user, slips=slips)
    if batch.state == State.FIRST:
        _move(batch, State.SECOND)
        return None
    if batch.state == State.SECOND and differences(batch):
        _move(batch, State.DIFFERS)
        return None
    _move(batch, State.DONE)
    counted = _count(batch, typed(batch, 2))
    batch.entries.all().delete()
    return counted


def differences(batch: PaperBatch) -> dict[int, list[str]]:
    """Place (from 0) of each slip that was typed differently → the cells."""
    pairs = zip(typed(batch, 1), typed(batch, 2), strict=True)
    return {place: cells for place, (a, b) in enumerate(pairs) if (cells := differing(a, b))}


def _move(batch: PaperBatch, state: str) -> None:
    moved = PaperBatch.objects.filter(pk=batch.pk, state=batch.state).update(state=state)
    if not moved:
        raise NotNow("Tập phiếu vừa được người khác hoàn tất.")
    batch.state = state


def _count(batch: PaperBatch, slips: Sequence[Slip]) -> Counted:
    """Every slip as a rating of its own: by its one-time code, else as a poster's."""
    without_code = 0
    for slip in slips:
        if slip.code and _by_code(batch, slip):
            continue
        without_code += bool(slip.code)
        _submit(batch, slip, channel=Channel.POSTER)
    return Counted(len(slips), without_code)


def _by_code(batch: PaperBatch, slip: Slip) -> bool:
    way = resolve(slip.code)
    if not isinstance(way, Way) or way.channel != Channel.RECEIPT:
        return False
    try:
        outcome = _submit(batch, slip, channel=Channel.RECEIPT, token=way.token)
    except CodeExpired:  # the month's keys were destroyed since it was looked at
        return False
    return outcome is not Outcome.SPENT


def _submit(batch: PaperBatch, slip: Slip, *, channel: str, token: bytes = b"") -> Outcome:
    attitude = slip.level("attitude")
    if attitude is None:
        raise ValueError("a slip without attitude")
    return submit_rating(
        submission=uuid.uuid4(),
        counter=batch.counter,
        channel=channel,
        service_day=batch.day,
        levels=Levels(attitude, *(slip.level(item) for item in ITEMS[1:])),
        comment=slip.comment,
        token=token,
        paper_batch=batch.pk,
    ).outcome
