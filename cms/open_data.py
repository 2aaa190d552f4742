"""All procedures as open data: JSON Lines and CSV, written row by row in bounded memory."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder

from cms import record
from cms.api import ProcedureSerializer, ProcedureSummarySerializer
from cms.models import ProcedurePage, PublicVersion
from cms.snapshots import number

#: Pages in memory at once: a real one has 10 kB, the longest 1 MB.
CHUNK = 50
#: One row a procedure, channel and fee; a procedure without any has one row.
COLUMNS = (
    "code",
    "name",
    "field",
    "levels",
    "decision_number",
    "channel",
    "time_value",
    "time_unit",
    "time_text",
    "fee_amount",
    "fee_currency",
    "fee_currency_assumed",
    "fee_condition",
    "fee_text",
    "version",
    "published_at",
    "url",
)
#: Long columns no row of the CSV needs.
_NOT_IN_CSV = (
    "steps",
    "cases",
    "legal_basis",
    "requirements",
    "result",
    "description",
    "internal_process",
    "form_files",
)


def state() -> tuple[str, datetime | None]:
    """What the files depend on, as an entity tag, and when they last changed.

    The day is part of it: rules of the city begin and end with days.
    """
    live = ProcedurePage.objects.live().aggregate(n=Count("pk"), at=Max("last_published_at"))
    versions = PublicVersion.objects.aggregate(newest=Max("id"), withdrawn=Max("withdrawn_at"))
    day = timezone.localdate()
    text = repr((live["n"], live["at"], versions["newest"], versions["withdrawn"], day))
    moments = [moment for moment in (live["at"], versions["withdrawn"]) if moment]
    return hashlib.sha256(text.encode()).hexdigest()[:24], max(moments, default=None)


def live_pages(*without: str) -> Iterator[ProcedurePage]:
    """Every live procedure by code with its field and newest version, a chunk at a time;
    columns ``without`` stay in the database."""
    rows = (
        ProcedurePage.objects.live()
        .select_related("field")
        .defer("import_notes", "draft_title", "seo_title", "search_description", *without)
        .order_by("code")
    )
    after = ""
    while True:
        chunk = list(rows.filter(code__gt=after)[:CHUNK])
        if not chunk:
            return
        numbers = dict(
            PublicVersion.objects.filter(page__in=chunk)
            .order_by()
            .values_list("page_id")
            .annotate(newest=Max("number"))
        )
        for page in chunk:
            page.public_version = PublicVersion(number=numbers.get(page.pk, 1))
            yield page
        after = chunk[-1].code


def line_writer() -> Callable[[ProcedurePage], bytes]:
    """Makes the line of a page, as ``/api/v1/procedures/<mã>/`` gives the record."""
    serializer = ProcedureSerializer()

    def line(page: ProcedurePage) -> bytes:
        data = serializer.to_representation(page)
        return json.dumps(data, ensure_ascii=False, cls=JSONEncoder).encode() + b"\n"

    return line


def json_lines() -> Iterator[bytes]:
    """One record a line."""
    return map(line_writer(), live_pages())


def rows_of(page: ProcedurePage, channels: Iterable[record.Channel]) -> Iterator[tuple[Any, ...]]:
    """The page as rows of COLUMNS; texts on one line each, nothing cut."""
    address = ProcedureSummarySerializer().get_url(page)
    head = (page.code, page.name, page.field.name, ";".join(page.levels), page.decision_number)
    published = (
        timezone.localtime(page.last_published_at).isoformat() if page.last_published_at else ""
    )
    tail = (page.public_version.number, published, address)
    found = False
    for channel in channels:
        time = channel.time
        timing = (channel.kind, number(time.value) or "", time.unit, _flat(time.text))
        for fee in channel.fees or (None,):
            found = True
            fees: tuple[Any, ...] = ("",) * 5
            if fee is not None:
                assumed = str(fee.assumed).lower()
                words = (_flat(fee.condition), _flat(fee.text))
                fees = (number(fee.amount) or "", fee.currency, assumed, *words)
            yield (*head, *timing, *fees, *tail)
    if not found:
        yield (*head, *("",) * 9, *tail)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _as_csv(rows: Iterable[Iterable[Any]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


def csv_header() -> bytes:
    """The one header line."""
    return _as_csv([COLUMNS])


def row_writer() -> Callable[[ProcedurePage], bytes]:
    """Makes the rows of a page."""
    return lambda page: _as_csv(rows_of(page, page.channels_today))


def csv_lines() -> Iterator[bytes]:
    """UTF-8 without BOM, commas, one header line; about 60 kB at a time."""
    held = [csv_header()]
    for rows in map(row_writer(), live_pages(*_NOT_IN_CSV)):
        held.append(rows)
        if sum(map(len, held)) > 60_000:
            yield b"".join(held)
            held = []
    yield b"".join(held)
