"""A generated city for tests of snapshots: made through the intake."""

from __future__ import annotations

import datetime
import random
import uuid

from cms.models import Counter
from feedback.arrivals import Arrival, Levels
from feedback.intake import bulk_submit
from tests.factories import make_counter, make_field, make_office

MONTH = datetime.date(2026, 6, 1)
AS_OF = datetime.date(2026, 6, 30)


def rate(
    counter: Counter,
    number: int,
    *,
    seed: int = 1,
    channel: str | None = None,
    quality: float = 0.7,
    days: int = 180,
    until: datetime.date = AS_OF,
    others: bool = True,
) -> None:
    """``number`` ratings on the ``days`` days to ``until``; ``quality`` 0–1."""
    source = random.Random(f"{seed} {number} {quality}")

    def level() -> int:
        return min(5, max(1, round(source.gauss(1 + 4 * quality, 1.1))))

    bulk_submit(
        Arrival(
            submission=uuid.uuid4(),
            counter=counter,
            channel=channel or source.choice(["receipt", "receipt", "display", "poster"]),
            service_day=until - datetime.timedelta(days=source.randrange(days)),
            levels=Levels(level(), source.choice([0, level()]), level(), level())
            if others
            else Levels(level()),
        )
        for _ in range(number)
    )


def make_city() -> dict[str, Counter]:
    """Nine counters with much, one with little, one with too little, one with nothing."""
    office = make_office()
    fields = [make_field("Hộ tịch"), make_field("Đất đai")]
    city = {}
    for index in range(12):
        name = {9: "few", 10: "hidden", 11: "empty"}.get(index, f"big{index}")
        counter = make_counter(office, main_field=fields[index % 2])
        number = {"few": 22, "hidden": 8, "empty": 0}.get(name, 150)
        channel = None if number == 150 else "receipt"
        rate(
            counter,
            number,
            seed=index,
            channel=channel,
            quality=0.55 + 0.04 * (index % 9),
            days=180 if number == 150 else 28,
        )
        city[name] = counter
    return city
