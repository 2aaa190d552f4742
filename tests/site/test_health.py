"""Alive, ready, metrics."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal.models import WorkerBeat

pytestmark = pytest.mark.django_db


def test_alive_needs_no_database(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"


def test_not_ready_until_the_worker_was_seen(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] is True
    assert answer.json()["worker"] is False


def test_ready_after_the_worker_and_the_index(client: Client) -> None:
    call_command("rebuild_index", interactive=False)
    call_command("worker", "--once")
    answer = client.get("/readyz")
    assert answer.json() == {"database": True, "index": True, "worker": True}
    assert answer.status_code == 200


def test_a_silent_worker_is_noticed(client: Client) -> None:
    WorkerBeat.objects.create(pk=1, seen_at=timezone.now() - timedelta(minutes=2))
    assert client.get("/readyz").json()["worker"] is False


def test_metrics_are_prometheus_lines(client: Client) -> None:
    text = client.get("/metrics").content.decode()
    assert "\nbck_index_pending 0\n" in text
    assert all(line.startswith(("#", "bck_")) for line in text.splitlines())
