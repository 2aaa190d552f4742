"""Fix the public figures of a finished month."""

from __future__ import annotations

import datetime
import re
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.snapshots import (
    MonthNotFinished,
    NothingYet,
    ReasonNeeded,
    last_finished_month,
    publish_month,
)


def month_of(text: str) -> datetime.date:
    """The first day of a month written 2026-10; ArgumentTypeError otherwise."""
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) and text >= "1900":
        return datetime.date.fromisoformat(f"{text}-01")
    raise ArgumentTypeError(f"{text!r} is not a month like 2026-10")


class Command(BaseCommand):
    """``publish_snapshot [--month YYYY-MM] [--reason TEXT]``; default: the last finished month."""

    help = "Công bố số liệu của một tháng đã hết và dữ liệu mở kèm theo."

    def add_arguments(self, parser: CommandParser) -> None:
        """A reason is needed only to correct what is already public."""
        parser.add_argument("--month", type=month_of, default=None, metavar="YYYY-MM")
        parser.add_argument("--reason", default="", help="lý do đính chính")

    def handle(self, *args: Any, month: datetime.date | None, reason: str, **options: Any) -> None:
        """Publish and say in one line what became of it; exit code 1 when refused."""
        month = month or last_finished_month()
        try:
            result = publish_month(month=month, reason=reason)
        except MonthNotFinished:
            raise CommandError(
                f"{month:%Y-%m} is not finished yet: only whole months are published"
            ) from None
        except NothingYet:
            raise CommandError(
                f"{month:%Y-%m} is before the first answer: there is nothing to publish"
            ) from None
        except ReasonNeeded:
            raise CommandError(
                f"{month:%Y-%m} is already published with other figures; "
                'to publish a correction, say why: --reason "…"'
            ) from None
        snapshot = result.snapshot
        if not result.created:
            self.stdout.write(f"{month:%Y-%m} unchanged (number {snapshot.number})")
            return
        statuses = list(snapshot.scores.values_list("status", flat=True))
        parts = ", ".join(f"{statuses.count(s)} {s}" for s in ("published", "few", "hidden"))
        self.stdout.write(f"{month:%Y-%m} published, number {snapshot.number}: {parts}")
