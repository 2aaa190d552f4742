"""Rebuild the rollups from the events."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from feedback.recounting import recount

SHOWN = 20


class Command(BaseCommand):
    """``recount_ratings``: the last line is ``events: N, rollups: M, differences: D``."""

    help = "Tính lại số đếm từ các đánh giá; sửa và báo mọi chỗ lệch."

    def handle(self, *args: Any, **options: Any) -> None:
        """Report what was wrong before, repaired now."""
        result = recount()
        for key, stored, right in result.differences[:SHOWN]:
            self.stdout.write(
                f"counter {key.counter} {key.item} {key.channel} {key.day} level {key.level}: "
                f"{stored} → {right}"
            )
        if result.different > SHOWN:
            self.stdout.write(f"… {result.different - SHOWN} more")
        self.stdout.write(
            f"events: {result.events}, rollups: {result.rollups}, differences: {result.different}"
        )
