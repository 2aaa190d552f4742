"""Alive, ready, and a few numbers for whoever watches the machine."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from cms.models import Counter, ProcedurePage
from portal.models import WorkerBeat
from search.models import PendingIndex
from search.worker import index_ready

#: The worker says "alive" every few seconds; silence of a minute means that it is not.
WORKER_SILENCE_SECONDS = 60


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at, so a slow database restarts nobody."""
    return HttpResponse("ok", content_type="text/plain")


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _worker() -> bool:
    age = WorkerBeat.age()
    return age is not None and age < WORKER_SILENCE_SECONDS


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, index and worker are all in order, else 503; the body says which."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database,
        "index": index_ready,
        "worker": _worker,
    }
    answers = {}
    for name, check in checks.items():
        try:
            answers[name] = check()
        except (DatabaseError, OSError):
            answers[name] = False
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges in the Prometheus text format; none of them costs more than an index look-up."""
    age = WorkerBeat.age()
    gauges = {
        "bck_index_ready": ("1 when the search index opens", int(index_ready())),
        "bck_index_pending": ("pages that wait for the index writer", PendingIndex.objects.count()),
        "bck_worker_silence_seconds": ("since the worker was seen", -1 if age is None else age),
        "bck_procedures_live": ("published procedures", ProcedurePage.objects.live().count()),
        "bck_counters_open": ("counters in use", Counter.objects.open().count()),
    }
    lines = [
        f"# HELP {name} {text}\n# TYPE {name} gauge\n{name} {value}\n"
        for name, (text, value) in gauges.items()
    ]
    return HttpResponse("".join(lines), content_type="text/plain; version=0.0.4; charset=utf-8")
