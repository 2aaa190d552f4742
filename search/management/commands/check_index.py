"""``check_index``: whether the index says what the database says."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import comparing


class Command(BaseCommand):
    """Prints what differs; ends with 1 when anything does."""

    help = "Compares the search index with the published procedures; exit code 1 on a difference."

    def add_arguments(self, parser: Any) -> None:
        """Whether differences are queued for the worker, and whether the result is stored."""
        parser.add_argument("--heal", action="store_true", help="queue what differs for the worker")
        parser.add_argument("--keep", action="store_true", help="store the result for the report")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, print, judge."""
        found, result = comparing.run(heal=options["heal"], keep=options["keep"])
        if options["verbosity"]:
            for name, pages in found.kinds.items():
                codes = ", ".join(result.examples[name])
                more = " …" if len(pages) > comparing.EXAMPLES else ""
                self.stdout.write(f"{name}: {len(pages)}" + (f" ({codes}{more})" if codes else ""))
            self.stdout.write(f"compared {found.documents} procedures in {result.seconds:g} s")
        if found.none:
            return
        if found.damaged:
            raise CommandError("the index is missing or damaged; the worker builds it anew")
        said = "; queued for the worker" if options["heal"] else "; --heal queues them"
        raise CommandError(f"{len(found.pages)} entries differ{said}")
