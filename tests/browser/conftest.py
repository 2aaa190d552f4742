"""A real browser in front of the site: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
#: ``SLOW=1`` shows what a quick machine hides: each answer comes this late (in seconds) …
LATE = 0.25 if os.environ.get("SLOW") == "1" else 0.0
#: … and scripts run this many times slower. A test that fails only then waits for nothing.
SLOWER = 6 if LATE else 1
#: How long a page may take to show what a test waits for, in milliseconds.
PATIENCE = 15_000 * SLOWER


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; a skip that names it when it is not installed (a failure if REQUIRE_ALL=1)."""
    path = shutil.which("chromium")
    if path is None:
        line = "Chromium is not installed (apt-get install chromium)"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(line)
        pytest.skip(line)
    # Playwright runs an event loop in this thread, which Django takes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def live_server(request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    """pytest-django's server, answering one request at a time.

    With SQLite in memory all its threads share the test's connection, and two requests at once
    would begin a transaction within each other's.
    """
    server = LiveServer("localhost", start=False)
    one_at_a_time = threading.Lock()
    make_handler = server.thread.static_handler

    def serial_handler(application: Any) -> Any:
        handler = make_handler(application)

        def answer(environ: dict, start_response: Callable) -> Any:
            time.sleep(LATE)
            with one_at_a_time:
                return handler(environ, start_response)

        return answer

    server.thread.static_handler = serial_handler
    server.one_at_a_time = one_at_a_time  # for a test that does the worker's part
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _pages_of_migrations(django_db_serialized_rollback: None) -> None:
    """The root, home and index pages that migrations made are there again before each test."""
    cache.clear()


@pytest.fixture
def browse(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens pages in fresh browser profiles: ``browse(viewport=…, java_script_enabled=…)``.

    A script error or a breach of the content policy on any of them fails the test.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(**options: Any) -> Page:
        options.setdefault("viewport", PHONE)
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if SLOWER > 1:
            throttle = context.new_cdp_session(page)
            throttle.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def site(live_server: LiveServer, transactional_db: None, settings: Any) -> LiveServer:
    """The running site, with a database of its own, known to the product by its own address."""
    settings.PUBLIC_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    return live_server


@pytest.fixture
def phone(browse: Callable[..., Page]) -> Page:
    """A citizen's phone."""
    return browse(viewport=PHONE, locale="vi-VN")


@pytest.fixture
def page(browse: Callable[..., Page], site: LiveServer) -> Page:
    """An editor's desk."""
    return browse(viewport=DESK, locale="vi-VN")
