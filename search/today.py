"""Results as they are today: the index keeps what held when a procedure was indexed.

Most cards hold until the procedure is published again. Those with something that switches by
itself, or of a procedure that is paused, abolished or not applied, are read from the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import translation

from cms.presentation import time_and_fee

if TYPE_CHECKING:
    from search.finder import Result


def as_of_today(results: Sequence[Result]) -> list[Result]:
    """The results with today's time, fee and standing, in Vietnamese as in the index; one query,
    and none when every card is plain."""
    asked = [result.code for result in results if not result.plain]
    if not asked:
        return list(results)
    with translation.override("vi"):
        facts = time_and_fee(asked)
    return [
        replace(result, time=said.time, fee=said.fee, standing=said.standing)
        if (said := facts.get(result.code))
        else result
        for result in results
    ]
