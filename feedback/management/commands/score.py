"""The live score of a counter."""

from __future__ import annotations

import datetime
import json
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms.models import Counter
from feedback.snapshots import live_figures


def _date(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = datetime.date.min
    if day.year < 1900:  # a year's window before the first day a date can be would overflow
        raise ArgumentTypeError(f"{text!r} is not a date like 2026-10-31")
    return day


class Command(BaseCommand):
    """``score CODE [--as-of DATE]``: JSON as at ``/api/v1/counters/<code>/score/``, of today."""

    help = "Điểm hiện thời của một quầy (chưa công bố), dạng JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Code in any case; day as 2026-10-31."""
        parser.add_argument("code")
        parser.add_argument("--as-of", type=_date, default=None, metavar="DATE")

    def handle(self, *args: Any, code: str, as_of: datetime.date | None, **options: Any) -> None:
        """Print the body; an unknown code ends with exit code 1."""
        try:
            counter = Counter.objects.by_code(code)
        except Counter.DoesNotExist:
            raise CommandError(f"no counter has the code {code!r}") from None
        figures = live_figures(as_of=as_of or timezone.localdate())
        body = figures.counters[counter.pk]
        self.stdout.write(json.dumps(body, ensure_ascii=False, indent=2))
