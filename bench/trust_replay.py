"""A world's answers through the real intake, the worker's round and the real quarantine.

Run as a program (in a fresh DATA_DIR that bench/trust_bench.py makes) it prints how many answers
the database and the simulator put aside, and how many they disagree about.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from bench.trust_judge import judge
from bench.trust_world import World, make_world, read_seeds, read_worlds

FIRST_DAY = datetime.date(2026, 1, 5)
#: Small enough for seconds: an office, its past and two weeks of bursts.
SAMPLE: dict[str, Any] = {"counters": 8, "past": 12, "days": 12, "attacked": 0.5}
SAMPLED = ("burst_fives", "one_browser", "excess")


def replay(world: World, counters: list[Any]) -> set[tuple[int, int, int]]:
    """Send every poster answer and let the round look each evening.

    ``counters`` are cms counters, one for each of the world's. Returns the places (counter, day,
    answer) of what was put aside and is still not counted.
    """
    from feedback.arrivals import Arrival, Levels, Trail
    from feedback.intake import bulk_submit
    from feedback.models import Minted, Rating
    from feedback.models.ratings import Standing
    from feedback.models.receipts import MintedKind
    from feedback.traces import note_arrivals
    from feedback.trust.watching import look_at_arrivals, look_at_totals

    places: dict[uuid.UUID, tuple[int, int, int]] = {}
    for number in range(len(world.counters[0].days)):
        day = FIRST_DAY + datetime.timedelta(days=number)
        arrivals, traces = [], []
        for index, counter in enumerate(counters):
            today = world.counters[index].days[number]
            if today.tickets:
                Minted.objects.create(
                    counter=counter, day=day, kind=MintedKind.SLIP, count=today.tickets
                )
            for place, answer in enumerate(today.posters):
                key = uuid.uuid4()
                places[key] = (index, number, place)
                arrivals.append(
                    Arrival(
                        submission=key,
                        counter=counter,
                        channel="poster",
                        service_day=day,
                        levels=Levels(answer.level),
                    )
                )
                traces.append((key, answer.window, answer.browser.to_bytes(16, "big")))
        bulk_submit(arrivals)
        for start in range(0, len(traces), 100):
            note_arrivals(
                (key, Trail(day, window, browser=browser))
                for key, window, browser in traces[start : start + 100]
            )
        look_at_arrivals(day)
        look_at_totals(day)
    aside = Rating.objects.filter(pk__in=places, standing=Standing.QUARANTINED)
    return {places[key] for key in aside.values_list("pk", flat=True)}


def judged_places(world: World) -> set[tuple[int, int, int]]:
    """The same places as the simulator's judge sees them."""
    gone = judge(world).gone
    return {
        (index, number, place)
        for index, counter in enumerate(world.counters)
        for number, day in enumerate(counter.days)
        for place, answer in enumerate(day.posters)
        if id(answer) in gone
    }


def sampled() -> list[World]:
    """The worlds that go through the database."""
    seed = read_seeds()["held_out"][0]
    worlds = {name: (kind, facts) for kind, name, facts in read_worlds(**SAMPLE)}
    return [make_world(worlds[name][0], name, worlds[name][1], seed=seed) for name in SAMPLED]


def main() -> None:
    """Replay the sample; the exit code is 1 when anything differs."""
    import sys

    import django

    django.setup()
    from cms.models import Counter, Field, Office, OfficeIndexPage
    from feedback.recounting import recount

    wrong = 0
    field, _ = Field.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    for world in sampled():
        office = Office(title=world.name, slug=world.name.replace("_", "-"), address="1 Phố")
        OfficeIndexPage.objects.get().add_child(instance=office)
        counters = [
            Counter.objects.create(office=office, name=f"Quầy {n}", main_field=field)
            for n in range(len(world.counters))
        ]
        stored, judged = replay(world, counters), judged_places(world)
        wrong += len(stored ^ judged)
        print(f"  {world.name}: {len(stored)} put aside, {len(stored ^ judged)} judged otherwise")
    differences = len(recount().differences)
    print(f"  recount: {differences} differences")
    sys.exit(int(bool(wrong or differences)))


if __name__ == "__main__":
    main()
