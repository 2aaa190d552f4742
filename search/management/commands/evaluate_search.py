"""Measures the search by its evaluation questions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.evaluating import active_questions, run
from search.evaluation import Asked, by_kind, failed, measure
from search.files import FileError, read_questions, text_of
from search.store import IndexUnavailable

_BOUND = re.compile(r"(hit1|hit3|mrr)=(0(?:\.\d+)?|1(?:\.0+)?)")


class Command(BaseCommand):
    """Prints shares right at once (hit@1), within three (hit@3), and the mean reciprocal rank."""

    help = "Asks the evaluation questions and prints how many are answered rightly, by kind."

    def add_arguments(self, parser: Any) -> None:
        """Other questions, a bound, and whether the run is kept for the report."""
        parser.add_argument("--file", type=Path, help="questions of a .jsonl file instead")
        parser.add_argument(
            "--at-least",
            action="append",
            default=[],
            metavar="hit3=0.9",
            help="end with 1 when hit1, hit3 or mrr is below; may be given several times",
        )
        parser.add_argument("--keep", action="store_true", help="store the run for the report")
        parser.add_argument("--failing", action="store_true", help="list what is not answered")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, print, judge."""
        bounds = [_bound(text) for text in options["at_least"]]
        if options["file"] and options["keep"]:
            raise CommandError("--keep stores runs of the site's own questions; leave out --file")
        questions = _of_file(options["file"]) if options["file"] else active_questions()
        try:
            done, outcomes = run(questions, keep=options["keep"])
        except IndexUnavailable as error:
            raise CommandError("there is no search index yet (rebuild_index)") from error
        if not outcomes:
            raise CommandError("there is no question to ask", returncode=2)
        if options["verbosity"]:
            self._table(outcomes, done.left_out)
        if options["failing"]:
            for one in failed(outcomes):
                right = ", ".join(sorted(one.asked.right)) or "nothing"
                got = ", ".join(one.first[:3]) or "nothing"
                self.stdout.write(f"  {one.asked.query!r}: wants {right}; got {got}")
        low = [
            f"{name} {getattr(done, name):.3f} is below {least:g}"
            for name, least in bounds
            if getattr(done, name) < least
        ]
        if low:
            raise CommandError("; ".join(low))

    def _table(self, outcomes: Any, left_out: int) -> None:
        kinds = by_kind(outcomes)
        width = max(len("all"), *(len(kind) for kind in kinds))
        self.stdout.write(f"{'kind':<{width}}  {'n':>5}  hit@1  hit@3    MRR")
        for kind, one in [*kinds.items(), ("all", measure(outcomes))]:
            self.stdout.write(
                f"{kind:<{width}}  {one.n:>5}  {one.hit1:.3f}  {one.hit3:.3f}  {one.mrr:.3f}"
            )
        if left_out:
            self.stdout.write(f"left out (their procedures are not on this site): {left_out}")


def _bound(text: str) -> tuple[str, float]:
    match = _BOUND.fullmatch(text)
    if match is None:
        raise CommandError(f"--at-least {text}: write hit1, hit3 or mrr and a share, as hit3=0.9")
    return match[1], float(match[2])


def _of_file(path: Path) -> list[Asked]:
    try:
        rows, errors = read_questions(text_of(path.read_bytes()))
    except (OSError, FileError) as error:
        raise CommandError(f"{path}: {error}") from error
    if errors:
        raise CommandError("\n".join(f"{path}:{one.line}: {one.text}" for one in errors))
    return [Asked(row.query, row.right, row.kind) for row in rows]
