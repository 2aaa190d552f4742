"""``manage.py demo load|remove``: the demo city, see docs/demo.md."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.demo.loading import load_demo
from portal.demo.removing import remove_demo


class Command(BaseCommand):
    """Loads or removes the demo city and says what it did."""

    help = "Loads or removes the demo city: invented offices and people, six months of ratings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("action", choices=["load", "remove"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Do it; the last line is the count."""
        if action == "load":
            loaded = load_demo(tell=lambda text: self.stdout.write(f"demo: {text}"))
            if loaded.reason:
                self.stdout.write(f"no month published: {loaded.reason}")
            self.stdout.write(loaded.line())
            return
        removed = remove_demo()
        for title in removed.kept:
            self.stdout.write(f"kept as the city's own, it has real counters or people: {title}")
        for month in removed.mixed:
            self.stdout.write(
                f"{month}: the published figures also hold real counters and stay; "
                f"publish_snapshot --month {month} publishes a successor without the demo"
            )
        self.stdout.write(removed.line())
