"""Personal data in what citizens write: found, and replaced by words. Pure.

What counts is in :class:`Kind`; rules for numbers are in :mod:`feedback.mask_numbers`, for officers'
names in :mod:`feedback.mask_names`. See docs/decisions/0077-masks.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from feedback.mask_names import names_in
from feedback.mask_numbers import Kind, Span, numbers
from feedback.mask_text import Plain, plain

#: What stands in the place of each kind. No rule finds anything in these words.
WORDS: dict[Kind, str] = {
    Kind.PHONE: "[số điện thoại]",
    Kind.EMAIL: "[thư điện tử]",
    Kind.IDENTITY: "[số giấy tờ]",
    Kind.ACCOUNT: "[số tài khoản]",
    Kind.PLATE: "[biển số xe]",
    Kind.DOSSIER: "[mã hồ sơ]",
    Kind.SLIP: "[mã phiếu]",
    Kind.BIRTH: "[ngày sinh]",
    Kind.ADDRESS: "[số nhà]",
    Kind.OFFICER: "[tên cán bộ]",
    Kind.PERSON: "[tên người]",
}
_MASKS = re.compile("|".join(re.escape(word) for word in WORDS.values()))


@dataclass(frozen=True)
class Found:
    """Personal data in a text: ``text[start:end]``."""

    start: int
    end: int
    kind: Kind


def find(text: str, names: Iterable[str] = ()) -> list[Found]:
    """All personal data in the text, in order and apart; ``names`` are officers' full names.

    Words of :data:`WORDS` in the text are masks already and are left alone.
    """
    officers = tuple(names)
    work = plain(text, barriers=_MASKS)
    found: list[Found] = []
    # Until nothing is left: what the masked text would still show is found here, so that masking
    # it again changes nothing. Each turn takes at least one letter or digit.
    while spans := _spans(work, officers):
        found += [Found(work.starts[start], work.ends[end - 1], kind) for start, end, kind in spans]
        work = work.without((start, end) for start, end, _ in spans)
    return sorted(found, key=lambda one: one.start)


def mask(text: str, names: Iterable[str] = ()) -> str:
    """The text with words in place of personal data; everything else is as it was."""
    parts, done = [], 0
    for one in find(text, names):
        parts += [text[done : one.start], WORDS[one.kind]]
        done = one.end
    return "".join([*parts, text[done:]])


def kinds(text: str, names: Iterable[str] = ()) -> frozenset[Kind]:
    """The kinds of personal data in the text."""
    return frozenset(one.kind for one in find(text, names))


def _spans(work: Plain, officers: tuple[str, ...]) -> list[Span]:
    """What the rules find, whole letters, in order; what overlaps becomes one."""
    raw = numbers(work.bare) + names_in(work, officers)
    merged: list[Span] = []
    for start, end, kind in sorted(
        ((*work.snapped(start, end), kind) for start, end, kind in raw),
        key=lambda span: (span[0], -span[1]),
    ):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, kind))
    return merged
