"""What holds for every test: which database it belongs to, and that REQUIRE_ALL=1 means all."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import pytest_django
from django.core.cache import caches
from django.utils import translation

from tests.database import empty_database

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


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
        database.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> Iterator[None]:
    """No test inherits the language or the kept pages that another one's request left."""
    caches["pages"].clear()
    yield
    translation.deactivate()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test of one database's own behaviour runs in the run on that database (tests/run.py)."""
    other = "sqlite" if os.environ.get("TEST_DATABASE_URL") else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With REQUIRE_ALL=1 a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("REQUIRE_ALL=1: a skip is a failure", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
