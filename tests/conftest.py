"""What holds for every test: which database it belongs to, and that REQUIRE_ALL=1 means all."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
import pytest_django
from django.core.cache import caches
from django.utils import translation
from hypothesis import settings
from pytest_django.plugin import blocking_manager_key

from tests.database import empty_database
from tests.shared import STAGE, wanted

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
# The quick tests (tests/run.py) try a few random examples, the runs after them every one. A test
# that wants more or fewer says so in terms of ``settings.default.max_examples``.
settings.register_profile("every", deadline=None)
settings.register_profile("quick", max_examples=10, deadline=None)
settings.load_profile("every")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[None]:
    """In place of pytest-django's: the same empty database, migrated once for all processes."""
    with django_db_blocker.unblock():
        database = empty_database()
        database.__enter__()
    yield
    with django_db_blocker.unblock():
        STAGE.show("")
        database.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> Iterator[None]:
    """No test inherits the language or the kept pages that another one's request left."""
    caches["pages"].clear()
    yield
    translation.deactivate()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Which tests run, in which order.

    A test of one database's own behaviour runs in the run on that database (tests/run.py). Those
    without a database come first: one process runs them while another makes the database. Within
    a file, those that share rows (tests/shared.py) stand together.
    """
    other = "sqlite" if os.environ.get("TEST_DATABASE_URL") else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=_needs_database)
    items[:] = [
        item
        for _, tests in groupby(items, key=lambda item: (_needs_database(item), item.path))
        for item in sorted(tests, key=wanted)
    ]


def _needs_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup"}
    return bool(item.get_closest_marker("django_db") or fixtures & {*item.fixturenames})  # type: ignore[attr-defined]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Shared rows go before anything of the next test begins.

    Playwright's event loop, once it runs, gives the thread another connection than the one whose
    transaction holds them.
    """
    if wanted(item) != STAGE.name:
        with item.config.stash[blocking_manager_key].unblock():
            STAGE.show("")


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> None:
    """Shared rows are there before the test's own transaction begins, and no others."""
    if fixturedef.argname == "_django_db_helper":
        with request.getfixturevalue("django_db_blocker").unblock():
            STAGE.show(wanted(request.node))


def pytest_collection_finish() -> None:
    """What was imported stays to the end: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With REQUIRE_ALL=1 a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("REQUIRE_ALL=1: a skip is a failure", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
