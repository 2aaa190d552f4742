"""``update_index``: write what is queued; with ``--remove`` also what is in the index too much."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from cms.models import ProcedurePage
from search import worker
from search.models import PendingIndex
from search.signals import queue
from search.store import IndexUnavailable


class Command(BaseCommand):
    """Brings the live index up to date without building it anew."""

    help = "Writes queued changes into the search index (Wagtail's: wagtail_update_index)."

    def add_arguments(self, parser: Any) -> None:
        """haystack's options: a time span queues what was published in it."""
        parser.add_argument("app_label", nargs="*")
        parser.add_argument("-m", "--minutes", type=int)
        parser.add_argument("-a", "--age", type=int, help="hours")
        parser.add_argument("-s", "--start", dest="start_date")
        parser.add_argument("-e", "--end", dest="end_date")
        parser.add_argument("-r", "--remove", action="store_true")
        parser.add_argument("-u", "--using", action="append", default=[])
        parser.add_argument("-b", "--batch-size", dest="batchsize", type=int, default=200)
        parser.add_argument("-k", "--workers", type=int, default=0)
        parser.add_argument("--nocommit", action="store_false", dest="commit")
        parser.add_argument("-t", "--max-retries", dest="max_retries", type=int, default=0)
        parser.add_argument("--noinput", action="store_false", dest="interactive")

    def handle(self, *args: Any, **options: Any) -> None:
        """Queue what was asked for, then drain the queue."""
        unknown = [label for label in options["app_label"] if label not in ("cms", "search")]
        if unknown:
            raise CommandError(f"nothing of these apps is indexed: {', '.join(unknown)}")
        start, end = self._span(options)
        if start or end:
            pages = ProcedurePage.objects.live()
            if start:
                pages = pages.filter(last_published_at__gte=start)
            if end:
                pages = pages.filter(last_published_at__lte=end)
            queue(pages.values_list("pk", flat=True))
        if options["remove"]:
            queue(ProcedurePage.objects.not_live().values_list("pk", flat=True))
            try:
                indexed = worker.indexed_ids()
            except IndexUnavailable as error:
                raise CommandError(f"{error}; run rebuild_index") from error
            queue(indexed - set(ProcedurePage.objects.values_list("pk", flat=True)))
        written = 0
        while PendingIndex.objects.exists():
            step = worker.drain(max(options["batchsize"] or 200, 1))
            if not step:
                break
            written += step
        if not worker.index_ready():
            raise CommandError("there is no search index; run rebuild_index")
        if options["verbosity"] >= 1:
            self.stdout.write(f"updated {written} procedures")

    def _span(self, options: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
        start = self._moment(options["start_date"])
        for name, unit in (("minutes", "minutes"), ("age", "hours")):
            if options[name]:
                start = timezone.now() - timedelta(**{unit: options[name]})
        return start, self._moment(options["end_date"])

    @staticmethod
    def _moment(text: str | None) -> datetime | None:
        if not text:
            return None
        try:
            found = parse_datetime(text)
            day = None if found else parse_date(text)
        except ValueError:
            found = day = None
        if found is None and day is not None:
            found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware below
        if found is None:
            raise CommandError(f"not a date: {text!r} (YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS)")
        return timezone.make_aware(found) if timezone.is_naive(found) else found
