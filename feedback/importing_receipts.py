"""Receipts of a one-stop system: read row by row, answered with one-time codes.

Of a receipt nothing is stored but a mark that is destroyed with its month's keys: neither its
number nor its procedure nor its dates (docs/decisions/0070-one-time-codes.md).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils import timezone

from cms.models import Counter, normal_code
from feedback.keys import is_destroyed
from feedback.minting import Outcome, Wanted, mint_all
from feedback.models.receipts import MintedKind
from feedback.receipt_codes import Body, UnfitForCode

#: Receipts in one transaction: a rating waits for it at most some tens of milliseconds.
BATCH = 500
LONGEST_ID = 100
LONGEST_PROCEDURE = 40
#: What a receipt's code may be printed on; slips are minted by rolls.
KINDS = [kind.value for kind in MintedKind if kind != MintedKind.SLIP]


class WrongReceipt(ValueError):
    """A receipt that gets no code; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Answer:
    """What became of one receipt: ``state`` is created, repeated or rejected."""

    line: int
    id: str
    state: str
    code: str = ""
    reason: str = ""
    counter: str = ""
    kind: str = ""


@dataclass
class Result:
    """Numbers of an import, and its rejected rows."""

    created: int = 0
    repeated: int = 0
    rejected: list[Answer] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        if answer.state == "rejected":
            self.rejected.append(answer)
        else:
            setattr(self, answer.state, getattr(self, answer.state) + 1)

    def line(self) -> str:
        """The last line of the command."""
        return f"created: {self.created}, repeated: {self.repeated}, rejected: {len(self.rejected)}"


def counters_by_code(codes: Iterable[str] | None = None) -> dict[str, Counter]:
    """Counters by their own code; all of them, or those of some (at most a few hundred)."""
    counters = Counter.objects.only("code", "office_id")
    if codes is not None:
        counters = counters.filter(code__in=set(codes))
    return {counter.code: counter for counter in counters}


def code_in(row: Any) -> str:
    """The counter code a row names, as it is stored; "" when it names none."""
    counter = row.get("counter") if isinstance(row, dict) else None
    return normal_code(counter) if isinstance(counter, str) and len(counter) <= 20 else ""


def mint_rows(rows: Sequence[tuple[int, Any]], counters: Mapping[str, Counter]) -> list[Answer]:
    """Answers to (line, row) in their order, in one transaction; a wrong row harms no other."""
    today = timezone.localdate()
    answers: dict[int, Answer] = {}
    wanted: dict[int, Wanted] = {}
    for place, (line, row) in enumerate(rows):
        try:
            wanted[place] = read_row(row, counters, today)
        except WrongReceipt as error:
            answers[place] = Answer(line, id_in(row), "rejected", reason=str(error))
    for (place, one), made in zip(wanted.items(), mint_all(list(wanted.values())), strict=True):
        line = rows[place][0]
        if made.outcome is Outcome.DIFFERS:
            reason = "giấy này đã được gửi với quầy khác hoặc ngày khác"
            answers[place] = Answer(line, one.outside_id, "rejected", reason=reason)
        else:
            answers[place] = Answer(
                line,
                one.outside_id,
                made.outcome.value,
                made.code,
                counter=one.counter.code,
                kind=one.kind,
            )
    return [answers[place] for place in range(len(rows))]


def mint_many(
    rows: Iterable[tuple[int, Any]], *, progress: Callable[[int], Any] = lambda _: None
) -> Iterator[Answer]:
    """Answers to any number of (line, row), a transaction every :data:`BATCH` rows.

    Broken off, what was answered stays; sent again, it is repeated with the same codes.
    """
    counters = counters_by_code()
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield from mint_rows(batch, counters)
        progress(len(batch))


def read_row(row: Any, counters: Mapping[str, Counter], today: datetime.date) -> Wanted:
    """What a row asks for. Raises :class:`WrongReceipt` for anything that is not right in it.

    ``counter``, ``id`` and ``received`` must be there; ``kind`` is "receipt" when it is missing;
    ``procedure``, ``due`` and ``returned`` are looked at and not kept. The day of a result slip
    is ``returned``, of all others ``received``.
    """
    if not isinstance(row, dict):
        raise WrongReceipt("mỗi giấy phải là một đối tượng có counter, id, received")
    kind = _text(row, "kind") or MintedKind.RECEIPT.value
    if kind not in KINDS:
        raise WrongReceipt(f"kind phải là một trong: {', '.join(KINDS)}")
    number = id_in(row)
    if not number:
        raise WrongReceipt("thiếu id (số giấy trong hệ thống một cửa)")
    if len(number) > LONGEST_ID:
        raise WrongReceipt(f"id dài quá {LONGEST_ID} ký tự")
    counter = counters.get(code_in(row))
    if counter is None:
        raise WrongReceipt(f"không có quầy mang mã “{str(row.get('counter', ''))[:20]}”")
    if len(_text(row, "procedure")) > LONGEST_PROCEDURE:
        raise WrongReceipt(f"procedure dài quá {LONGEST_PROCEDURE} ký tự")
    received = _day(row, "received")
    due, returned = _day(row, "due"), _day(row, "returned")
    if received is None:
        raise WrongReceipt("thiếu received (ngày tiếp nhận)")
    for name, later in (("due", due), ("returned", returned)):
        if later is not None and later < received:
            raise WrongReceipt(f"{name} trước ngày tiếp nhận")
    day = received
    if kind == MintedKind.RESULT:
        if returned is None:
            raise WrongReceipt("phiếu trả kết quả phải có returned (ngày trả)")
        day = returned
    if day > today:
        raise WrongReceipt(f"ngày {day:%d/%m/%Y} chưa tới")
    if is_destroyed(day, today):
        raise WrongReceipt(f"đã quá hạn cấp mã cho tháng {day:%m/%Y}")
    try:
        Body(kind, counter.pk, day, bytes(5)).pack()
    except UnfitForCode as error:
        raise WrongReceipt(f"không lập được mã: {error}") from None
    return Wanted(counter, kind, day, number)


def id_in(row: Any) -> str:
    """The receipt's outside number as text; "" when there is none."""
    value = row.get("id") if isinstance(row, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(str(value).split())


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise WrongReceipt(f"{name} phải là chữ")
    return value.strip()


def _day(row: Mapping[str, Any], name: str) -> datetime.date | None:
    """2026-11-23, 23/11/2026, or a moment in ISO 8601 (its day in Vietnam); None when empty."""
    text = _text(row, name)
    if not text:
        return None
    try:
        if "/" in text:
            return datetime.datetime.strptime(text.split()[0], "%d/%m/%Y").date()  # noqa: DTZ007
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise WrongReceipt(
            f"{name} phải là ngày dạng 2026-11-23 hoặc 23/11/2026, không phải “{text[:30]}”"
        ) from None
    return timezone.localdate(moment) if timezone.is_aware(moment) else moment.date()
