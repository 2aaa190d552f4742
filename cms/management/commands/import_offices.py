"""``manage.py import_offices``: offices, counters, officers and who handles what, from a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from cms.importing_offices import WrongFile, apply, plan, read, write_template
from cms.models import Field

#: Left-over rows the terminal names; the count tells the rest.
SHOWN_LEFTOVERS = 50


class Command(BaseCommand):
    """Imports a file; exit code 1 when a row was rejected, the good ones stay."""

    help = "Imports offices, hours, counters, officers and assignments from .xlsx or JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See docs/import.md."""
        parser.add_argument("path", nargs="?", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="count, write nothing")
        parser.add_argument("--template", type=Path, help="write an empty .xlsx and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, plan, write, report."""
        if options["template"]:
            self._template(options["template"])
            return
        if not options["path"]:
            raise CommandError("which file? give a PATH", returncode=2)
        path: Path = options["path"]
        try:
            found = plan(read(path.read_bytes()))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}", returncode=1) from None
        except WrongFile as error:
            raise CommandError(f"{path}: {error}", returncode=1) from None
        if not options["dry_run"]:
            with tqdm(unit=" rec", file=sys.stderr, mininterval=1.0) as bar:
                try:
                    apply(found, progress=bar.update)
                except DatabaseError as error:
                    raise CommandError(
                        f"the database stopped the import: {error}. What was committed stays; "
                        "run the same command again to finish.",
                        returncode=2,
                    ) from error
        for line in found.rejected:
            self.stderr.write(f"{path}: {line.where} [{line.text}]: {line.note}")
        for warning in found.warnings:
            self.stdout.write(f"warning: {warning}")
        for leftover in found.leftovers[:SHOWN_LEFTOVERS]:
            self.stdout.write(f"not in the file, kept: {leftover}")
        if len(found.leftovers) > SHOWN_LEFTOVERS:
            more = len(found.leftovers) - SHOWN_LEFTOVERS
            self.stdout.write(f"not in the file, kept: … {more} more")
        for sheet, numbers in found.tally:
            counted = ", ".join(f"{name}: {number}" for name, number in numbers.items())
            self.stdout.write(f"{sheet}: {counted}")
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was written")
        self.stdout.write(found.summary())
        if found.rejected:
            sys.exit(1)

    def _template(self, path: Path) -> None:
        names = Field.objects.order_by("name").values_list("name", flat=True)
        try:
            path.write_bytes(write_template(names))
        except OSError as error:
            text = f"--template {path}: {error.strerror or error}"
            raise CommandError(text, returncode=2) from None
        self.stdout.write(f"template: {path}")
