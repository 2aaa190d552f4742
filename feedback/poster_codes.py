"""The printed code of a counter in its editions: which one holds, and how one is replaced.

A counter's first edition is its own code; its row is made when it is first printed, scanned or
replaced. A replaced code is never used again: its address says so and nothing else
(docs/decisions/0071-printed-codes.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from cms import caching
from cms.models import Counter, new_counter_code, normal_code
from feedback.models import PosterCode
from feedback.sql import Prepared

SHAPE = re.compile(r"[0-9A-HJKMNP-TV-Z]{6,8}\Z")
#: Times a random code is drawn again when it is taken (32⁷ codes: once is hardly ever needed).
_DRAWS = 20
#: Ids of one IN (…): old SQLite builds allow 999 parameters.
_IN = 500

#: With the columns that the form and its refusals show; others are fetched when they are read.
_EDITION = Prepared(
    PosterCode.objects.select_related("counter__office", "counter__main_field").only(
        *("code", "edition", "replaced_on"),
        *(f"counter__{name}" for name in ("code", "name", "active")),
        *(f"counter__office__{name}" for name in ("title", "slug", "live")),
        *(f"counter__main_field__{name}" for name in ("name", "slug")),
    ),
    by="code",
    example="0000000",
    keep=1000,
)


class AlreadyReplaced(Exception):
    """Somebody replaced that edition meanwhile; nothing was changed."""


def find(code: str) -> PosterCode | None:
    """The edition of that code, with counter, office and main field; None when there is none.

    Read in any case, O, I and L as people write them. Writes nothing: for a counter whose code was
    neither printed nor scanned yet the row is not saved (``pk`` is None). One query, two for such.
    """
    wanted = normal_code(code)
    if not SHAPE.match(wanted):
        return None
    found = _EDITION.first(wanted)
    if found is not None:
        return found
    counters = Counter.objects.select_related("office", "main_field")
    counter = counters.filter(code=wanted).first()
    if counter is None:
        return None
    # A code that was changed by a way that sends no signal still finds its counter.
    present = PosterCode.objects.current().filter(counter=counter).first()
    found = present or PosterCode(counter=counter, code=wanted, issued_on=timezone.localdate())
    found.counter = counter
    return found


def current(counter: Counter) -> PosterCode:
    """The edition that is printed now; its row is made when there is none yet."""
    return current_of([counter])[counter.pk]


def current_of(counters: Iterable[Counter]) -> dict[int, PosterCode]:
    """The current edition of each counter by id, missing rows made; two queries for a city
    whose codes were printed before. Each edition's ``counter`` is the one given."""
    by_id = {counter.pk: counter for counter in counters}
    found = _present(by_id)
    missing = [counter for pk, counter in by_id.items() if pk not in found]
    if missing:
        _make_first(missing)
        found |= _present({counter.pk: counter for counter in missing})
        for counter in missing:
            if counter.pk not in found:  # its own code is on an older sheet of another counter
                found[counter.pk] = _with_new_code(counter, edition=1)
    return found


def codes_in_place_of_own() -> dict[int, str]:
    """Counter id → code to rate it by, of those counters whose own code was replaced."""
    rows = PosterCode.objects.current().filter(edition__gt=1)
    return dict(rows.values_list("counter_id", "code"))


def rating_code(counter: Counter) -> str:
    """The code in the counter's present rating address; writes nothing."""
    code = PosterCode.objects.current().filter(counter=counter).values_list("code", flat=True)
    return code.first() or counter.code


def replace(*, counter: Counter, edition: int, reason: str, user: Any, today: date) -> PosterCode:
    """Withdraw the counter's present edition and issue a new random code; the new edition.

    ``edition`` is the number the person saw. Raises :class:`AlreadyReplaced` when it is no longer
    the present one (two people, or a button pressed twice), ValueError without a reason.
    """
    reason = " ".join(reason.split())[:255]
    if not reason:
        raise ValueError("Cần ghi lý do thay mã.")
    present = current(counter)
    if present.edition != edition:
        raise AlreadyReplaced
    with transaction.atomic():
        _withdraw(present, reason=reason, user=user, today=today)
        new = _with_new_code(counter, edition=edition + 1)
        caching.touch(caching.OFFICES, caching.office_tag(counter.office_id))
    return new


def follow_own_code(counter: Counter) -> PosterCode | None:
    """After the counter's own code was edited: the sheets with the old one are replaced by it.

    None when nothing was printed yet, or the code is known already.
    """
    present = PosterCode.objects.current().filter(counter=counter).first()
    if present is None or PosterCode.objects.filter(code=counter.code).exists():
        return None
    with transaction.atomic():
        reason = "Mã của quầy được đổi trong phần quản lý quầy."
        _withdraw(present, reason=reason, user=None, today=timezone.localdate())
        return PosterCode.objects.create(
            counter=counter, code=counter.code, edition=present.edition + 1
        )


def _withdraw(present: PosterCode, *, reason: str, user: Any, today: date) -> None:
    changed = PosterCode.objects.filter(pk=present.pk, replaced_on=None).update(
        replaced_on=today, replaced_by=user, reason=reason
    )
    if not changed:
        raise AlreadyReplaced


def _present(counters: Mapping[int, Counter]) -> dict[int, PosterCode]:
    found: dict[int, PosterCode] = {}
    ids = list(counters)
    for start in range(0, len(ids), _IN):
        rows = PosterCode.objects.current().filter(counter__in=ids[start : start + _IN])
        for row in rows.order_by():
            row.counter = counters[row.counter_id]
            found[row.counter_id] = row
    return found


def _make_first(counters: list[Counter]) -> None:
    """First editions with the counters' own codes; those made or taken meanwhile are left."""
    today = timezone.localdate()
    PosterCode.objects.bulk_create(
        [PosterCode(counter=one, code=one.code, issued_on=today) for one in counters],
        ignore_conflicts=True,
        batch_size=100,
    )


def _with_new_code(counter: Counter, *, edition: int) -> PosterCode:
    for _ in range(_DRAWS):
        code = new_counter_code()
        if Counter.objects.filter(code=code).exists():
            continue
        try:
            with transaction.atomic():
                return PosterCode.objects.create(counter=counter, code=code, edition=edition)
        except IntegrityError:
            present = PosterCode.objects.current().filter(counter=counter).first()
            if present is not None:
                raise AlreadyReplaced from None
    raise RuntimeError("no free counter code was drawn")
