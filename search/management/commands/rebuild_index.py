"""``rebuild_index``: a new index beside the live one, then the swap."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import worker
from search.store import BuildRunning, IndexUnavailable


class Command(BaseCommand):
    """Nothing is wiped: citizens search the old index until the new one is whole."""

    help = "Builds the search index anew beside the live one and swaps it in."

    def add_arguments(self, parser: Any) -> None:
        """haystack's options are taken; those that mean nothing here are without effect."""
        parser.add_argument("--noinput", "--no-input", action="store_false", dest="interactive")
        parser.add_argument("-u", "--using", action="append", default=[])
        parser.add_argument("-b", "--batch-size", dest="batchsize", type=int)
        parser.add_argument("-k", "--workers", type=int, default=0)
        parser.add_argument("--nocommit", action="store_false", dest="commit")
        parser.add_argument("-t", "--max-retries", dest="max_retries", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, swap, say how many and how long."""
        unknown = [name for name in options.get("using") or [] if name != "default"]
        if unknown:
            raise CommandError(f"unknown search connection: {', '.join(unknown)}")
        talkative = options["verbosity"] >= 1 and self.stderr.isatty()

        def progress(number: int) -> None:
            if number % 100 == 0:
                self.stderr.write(f"\r{number} procedures", ending="")

        started = time.monotonic()
        try:
            written = worker.build(progress if talkative else None)
        except BuildRunning as error:
            raise CommandError(str(error)) from error
        except IndexUnavailable as error:
            raise CommandError(f"SEARCH_URL: {error}") from error
        if talkative:
            self.stderr.write("\r", ending="")
        if options["verbosity"] >= 1:
            self.stdout.write(f"indexed {written} procedures in {time.monotonic() - started:.1f} s")
