"""A city in which much is hidden, drawn from two seeds: what is public, and what is secret.

Two cities of one public and two secret seeds may publish not one byte that differs. Counts are
written as the intake leaves them (rollups), so that a city of four months is quick.
"""

from __future__ import annotations

import datetime
import random
import uuid
from collections import Counter as Tally
from collections.abc import Iterable

from cms.models import Counter, Handling, Officer
from feedback.models import Comment, Minted, Rating, Rollup
from feedback.models.ratings import ITEMS
from tests.factories import make_counter, make_field, make_office

MONTHS = tuple(datetime.date(2026, month, 1) for month in (4, 5, 6, 7))
APRIL, MAY, JUNE, JULY = MONTHS
#: Shown from the start; hidden at first; never shown; of one officer always; of one in June;
#: three items shown and one not; the only one of its office, and never shown.
NAMES = (
    *(f"big{number}" for number in range(7)),
    *("crossing", "falling", "small", "alone", "june", "half", "single"),
)
_KEY = ("counter_id", "item", "channel", "day", "level")


class SecretCity:
    """Counters, officers and comments: what is the same whatever is secret."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        source = random.Random(f"city {seed}")
        self.fields = [make_field("Hộ tịch"), make_field("Đất đai")]
        self.offices = [make_office(f"Chi nhánh {number}") for number in range(3)]
        self.counters: dict[str, Counter] = {}
        for name in NAMES:
            office = self.offices[2] if name == "single" else source.choice(self.offices[:2])
            self.counters[name] = make_counter(
                office, name=f"Quầy {name}", main_field=source.choice(self.fields)
            )
        self.closed, self.moved = source.sample(["big5", "big6", "small", "crossing"], 2)
        self.late = source.choice(["big0", "big1"])
        self._staff("alone", (None, None))
        self._staff("june", (None, None))
        self._staff("june", (None, datetime.date(2026, 5, 31)), (JULY, None))
        for name in ("single", "big2", "alone"):
            self._comment(self.counters[name], source)

    def _staff(self, name: str, *spans: tuple[datetime.date | None, datetime.date | None]) -> None:
        counter = self.counters[name]
        officer = Officer.objects.create(
            office=counter.office, name=f"Người {Officer.objects.count()}", title="Chuyên viên"
        )
        for begin, end in spans:
            Handling.objects.create(
                counter=counter,
                officer=officer,
                field=counter.main_field,
                valid_from=begin,
                valid_until=end,
            )

    def _comment(self, counter: Counter, source: random.Random) -> None:
        rating = _rating(counter, MAY, source, standing="counted")
        rating.save(force_insert=True)
        Comment.objects.create(
            rating=rating,
            counter=counter,
            follow_up=f"F{uuid.UUID(int=source.getrandbits(128)).hex[:12]}",
            text="Ghế chờ ít quá.",
            masked="Ghế chờ ít quá.",
            answer="Đã thêm ghế.",
            received_on=MAY,
            answered_on=MAY,
            published_on=MAY,
            queue="office",
            state="published",
            names_counter=counter != self.counters["alone"],
        )

    def fill(self, secret: int) -> None:
        """What was answered and given out until July: the public part, and one secret part."""
        public, hidden = random.Random(f"p {self.seed}"), random.Random(f"s {self.seed} {secret}")
        counts: Tally[tuple[object, ...]] = Tally()
        events: list[Rating] = []
        given_out: list[Minted] = []

        def answer(
            name: str,
            month: datetime.date,
            number: int,
            source: random.Random,
            channel: str = "",
            items: Iterable[str] = ITEMS,
        ) -> None:
            best = 1 + 4 * (0.3 + 0.6 * (NAMES.index(name) / len(NAMES)))
            for _ in range(number):
                way = channel or source.choice(["receipt", "receipt", "poster"])
                day = month + datetime.timedelta(days=source.randrange(28))
                for item in items:
                    level = min(5, max(1, round(source.gauss(best, 1.2))))
                    counts[self.counters[name].pk, item, way, day, level] += 1

        def mint(name: str, month: datetime.date, source: random.Random) -> None:
            counter = self.counters[name]
            count = source.randrange(30, 90)
            given_out.append(Minted(counter=counter, day=month, kind="receipt", count=count))

        def doubt(name: str, month: datetime.date, source: random.Random, number: int) -> None:
            for _ in range(number):
                events.append(_rating(self.counters[name], month, source, standing="duplicate"))

        for month in MONTHS:
            for name in (f"big{number}" for number in range(7)):
                answer(name, month, public.randrange(25, 60), public)
                mint(name, month, public)
                doubt(name, month, public, public.randrange(3))
            # Six a month in one channel: hidden in the first month, shown with the second.
            answer("crossing", month, 6, public, "receipt")
            mint("crossing", month, public)
            answer("half", month, 20, public, "receipt", ITEMS[:3])
            mint("half", month, public)
            # Nothing at all is told of these two, in no month.
            answer("alone", month, hidden.randrange(80), hidden)
            for name in ("alone", "small", "single"):
                mint(name, month, hidden)
                doubt(name, month, hidden, hidden.randrange(4))
            # Of this one all but June.
            own = hidden if month == JUNE else public
            answer("june", month, own.randrange(15, 40), own)
            mint("june", month, own)
            doubt("june", month, own, own.randrange(1, 4))
        for name in ("small", "single"):
            for _ in range(hidden.randrange(10)):
                answer(name, hidden.choice(MONTHS), 1, hidden)
        # Shown in April with what fell out of the window by May: hidden from then on.
        answer("falling", datetime.date(2025, 5, 1), 7, public, "receipt")
        answer("falling", APRIL, 6, public, "receipt")
        mint("falling", APRIL, public)
        # Fewer than ten about fees; fewer than five by a channel, which wait.
        answer("half", hidden.choice(MONTHS), hidden.randrange(10), hidden, "receipt", ["fees"])
        for name in ("big3", "june"):
            answer(name, JULY, hidden.randrange(5), hidden, "display")
        Rollup.objects.bulk_create(
            Rollup(**dict(zip(_KEY, key, strict=True)), count=count)
            for key, count in counts.items()
        )
        Minted.objects.bulk_create(given_out)
        Rating.objects.bulk_create(events)

    def close_and_move(self) -> None:
        """What the year brings: a counter closes, another goes to an office with one counter."""
        closed, moved = self.counters[self.closed], self.counters[self.moved]
        Counter.objects.filter(pk=closed.pk).update(active=False)
        Counter.objects.filter(pk=moved.pk).update(
            office=self.offices[2], main_field=self.fields[0]
        )

    def arrive_late(self) -> None:
        """Answers of May at one shown counter, after May was published."""
        source = random.Random(f"late {self.seed}")
        counter = self.counters[self.late]
        for item in ITEMS:
            for number in range(8):
                day = MAY + datetime.timedelta(days=number)
                row, _ = Rollup.objects.get_or_create(
                    counter=counter, item=item, channel="receipt", day=day, level=2
                )
                row.count += source.randrange(1, 3)
                row.save()


def _rating(
    counter: Counter, month: datetime.date, source: random.Random, *, standing: str
) -> Rating:
    return Rating(
        id=uuid.UUID(int=source.getrandbits(128)),
        counter=counter,
        channel="poster",
        service_day=month + datetime.timedelta(days=source.randrange(28)),
        attitude=source.randrange(1, 6),
        time=source.randrange(6),
        clarity=source.randrange(6),
        fees=source.randrange(6),
        standing=standing,
        answers_digest=b"x" * 16,
    )
