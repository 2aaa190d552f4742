"""``manage.py import_procedures``: national records into procedure pages, again and again."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from tqdm import tqdm

from cms.importing import Result, import_records
from cms.importing.missing import Missing, Seen, flag
from cms.importing.sources import Row, read
from cms.importing.spreadsheet import write_template

#: More are in the report; the terminal shows the first ones.
SHOWN_REJECTIONS = 20
SHOWN_MISSING = 20


def _cannot_write(option: str, path: Path, error: OSError) -> CommandError:
    return CommandError(f"{option} {path}: {error.strerror or error}", returncode=2)


def _write_report(path: Path, result: Result, missing: list[Missing]) -> None:
    # With BOM: the report is for people, and Excel takes UTF-8 for granted only with it.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "line", "code", "kind", "text"])
        writer.writerows(
            (one.path, one.line, one.code, one.kind, one.text) for one in result.problems
        )
        writer.writerows(("", "", one.code, "missing", one.title) for one in missing)


class Command(BaseCommand):
    """Imports files; exit code 1 when a record was rejected, the good ones stay."""

    help = "Imports procedures: JSON Lines (plain or .gz), Word export of the portal, .xlsx."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See docs/import.md."""
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="count, write nothing")
        parser.add_argument("--publish", action="store_true", help="make pages live, not drafts")
        parser.add_argument(
            "--whole",
            action="store_true",
            help="the files are the whole national list: flag pages whose record is not in them",
        )
        parser.add_argument("--template", type=Path, help="write an empty .xlsx template and stop")
        parser.add_argument("--report", type=Path, help="CSV of rejected rows and warnings")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, write, report."""
        if options["template"]:
            try:
                write_template(options["template"])
            except OSError as error:
                raise _cannot_write("--template", options["template"], error) from None
            self.stdout.write(f"template: {options['template']}")
            return
        if not options["paths"]:
            raise CommandError("which file? give at least one PATH", returncode=2)
        report: Path | None = options["report"]
        if report and not report.parent.is_dir():
            raise CommandError(f"--report {report}: no such folder", returncode=2)
        if report:
            try:
                report.open("a").close()  # before minutes of work, not after them
            except OSError as error:
                raise _cannot_write("--report", report, error) from None
        seen = Seen()
        with tqdm(unit=" rec", file=sys.stderr, mininterval=1.0) as bar:
            try:
                result = import_records(
                    seen.watch(self._rows(options["paths"])),
                    publish=options["publish"],
                    dry_run=options["dry_run"],
                    progress=bar.update,
                )
            except DatabaseError as error:
                raise CommandError(
                    f"the database stopped the import: {error}. What was committed stays; "
                    "run the same command again to finish.",
                    returncode=2,
                ) from error
        missing = self._flag(seen, whole=options["whole"], dry_run=options["dry_run"])
        self._tell(result, report, missing)
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was written")
        self.stdout.write(result.line())
        if result.rejected:
            sys.exit(1)

    def _rows(self, paths: list[Path]) -> Iterator[Row]:
        for path in paths:
            yield from read(path)

    def _flag(self, seen: Seen, *, whole: bool, dry_run: bool) -> list[Missing]:
        """Pages whose record is gone; none for a whole list that could not be read as a whole."""
        if whole and seen.unreadable:
            self.stderr.write(
                f"--whole: {seen.unreadable} rows could not be read, so nobody knows which "
                "records the list holds; no page was flagged as missing."
            )
            whole = False
        missing = flag(seen, whole=whole, today=timezone.localdate(), dry_run=dry_run)
        for one in missing[:SHOWN_MISSING]:
            self.stderr.write(f"missing [{one.code}]: {one.title}")
        if len(missing) > SHOWN_MISSING:
            self.stderr.write(f"… {len(missing) - SHOWN_MISSING} more; see --report FILE")
        if missing or whole:
            fresh = sum(one.new for one in missing)
            self.stdout.write(f"missing: {len(missing)} ({fresh} since now)")
        return missing

    def _tell(self, result: Result, report: Path | None, missing: list[Missing]) -> None:
        rejected = [one for one in result.problems if one.kind == "rejected"]
        for one in rejected[:SHOWN_REJECTIONS]:
            where = f"{one.path}:{one.line}" if one.line else one.path
            code = f" [{one.code}]" if one.code else ""
            self.stderr.write(f"{where}{code}: {one.text}")
        if len(rejected) > SHOWN_REJECTIONS:
            self.stderr.write(f"… {len(rejected) - SHOWN_REJECTIONS} more; see --report FILE")
        for kind, count in sorted(result.warnings.items(), key=lambda item: -item[1]):
            self.stdout.write(f"warning {kind}: {count}")
        if report:
            try:
                _write_report(report, result, missing)
            except OSError as error:
                self.stdout.write(result.line())
                raise _cannot_write("--report", report, error) from None
