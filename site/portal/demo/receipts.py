"""The demo's receipts: as many as were handed out to those who rated, and to those who did not.

They go through the same functions as receipts of a one-stop system, so that response rates are
counted as anywhere. Of months whose keys are destroyed only the number is left, as it would be.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter as Tally
from collections.abc import Iterable, Iterator

from django.db import transaction

from cms.models import Counter
from feedback.keys import is_destroyed
from feedback.minting import Wanted, count_minted, forget_all, mint_all
from feedback.models import Minted
from feedback.models.ratings import Channel
from feedback.models.receipts import MintedKind
from portal.demo.profiles import PROFILES, SPARSE
from portal.demo.ratings import CROWD, SEED, Draft, poisson, working_days

#: Of a hundred receipts so many bring an answer, by counter; elsewhere OTHERS.
RATES = {
    "DEMH0T1": 0.34,
    "DEMCT02": 0.27,
    "DEMDD03": 0.41,
    "DEMXD04": 0.38,
    "DEMKD05": 0.31,
    "DEMCR06": 0.24,
    "DEMHT21": 0.36,
    "DEMCR22": 0.22,
    "DEMDD23": 0.39,
    "DEMBT24": 0.29,
}
OTHERS = 0.3
#: Working days of the generated month of a counter with few ratings.
_DAYS_A_MONTH = 21


def handed_out(
    first: datetime.date, last: datetime.date, answered: Iterable[Draft]
) -> Iterator[tuple[datetime.date, str, int]]:
    """Day, counter code and number of receipts, day by day: never fewer than were answered."""
    answers = Tally(
        (draft.day, draft.code) for draft in answered if draft.channel == Channel.RECEIPT
    )
    for day in working_days(first, last):
        for code in (*PROFILES, *SPARSE):
            number = answers[day, code] + _silent(code, day)
            if number:
                yield day, code, number


def hand_out(
    counters: Iterable[Counter], first: datetime.date, last: datetime.date, answered: list[Draft]
) -> int:
    """Mint the receipts of the days that have none yet; how many."""
    known = {counter.code: counter for counter in counters}
    there = set(Minted.objects.filter(counter__in=known.values()).values_list("counter_id", "day"))
    made = 0
    months: dict[datetime.date, list[tuple[Counter, datetime.date, int]]] = {}
    for day, code, number in handed_out(first, last, answered):
        counter = known.get(code)
        if counter is not None and (counter.pk, day) not in there:
            months.setdefault(day.replace(day=1), []).append((counter, day, number))
            made += number
    for month, rows in months.items():
        with transaction.atomic():
            if is_destroyed(month):
                for counter, day, number in rows:
                    count_minted(counter=counter, day=day, kind=MintedKind.RECEIPT, number=number)
            else:
                mint_all([one for row in rows for one in _of(*row)])
    return made


def forget() -> None:
    """Delete the marks of the demo's receipts, as long as their keys are there to find them."""
    rows = Minted.objects.filter(counter__is_demo=True, kind=MintedKind.RECEIPT)
    for row in rows.select_related("counter"):
        if not is_destroyed(row.day):
            forget_all(_of(row.counter, row.day, row.count))


def _of(counter: Counter, day: datetime.date, number: int) -> list[Wanted]:
    return [
        Wanted(counter, MintedKind.RECEIPT, day, f"minh-hoa/{counter.code}/{day}/{place}")
        for place in range(1, number + 1)
    ]


def _silent(code: str, day: datetime.date) -> int:
    """Receipts of a day that nobody answered."""
    rng = random.Random(f"{SEED}|receipts|{code}|{day}")  # noqa: S311  (repeatable on purpose)
    if code in PROFILES:
        profile = PROFILES[code]
        answers = profile.per_day * CROWD[day.weekday()] * profile.shares[0]
    else:
        answers = SPARSE[code].receipt / SPARSE[code].every / _DAYS_A_MONTH
    rate = RATES.get(code, OTHERS)
    return poisson(rng, answers * (1 - rate) / rate)
