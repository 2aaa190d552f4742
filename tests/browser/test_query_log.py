"""A real click reports its place beside going where it leads, with and without script."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from search.query_log import keeper
from tests.browser.conftest import PHONE
from tests.factories import make_procedure
from tests.search.conftest import index, where  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
#: Playwright's own name says that it is a robot's, which does not count.
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture
def _found(site: Any, index: Callable[[], int]) -> Iterator[None]:  # noqa: F811
    keeper.forget()
    for number in range(3):
        make_procedure(f"9.30000{number}", title=f"Đăng ký khai sinh số {number}")
    index()
    yield
    keeper.forget()


@pytest.mark.usefixtures("_found")
@pytest.mark.parametrize("script", [True, False])
def test_a_click_tells_its_place(browse: Callable[..., Page], script: bool) -> None:
    page = browse(viewport=PHONE, user_agent=AGENT, java_script_enabled=script)
    page.goto("/tim-kiem/?q=khai+sinh")
    second = page.locator("article.result h3 a").nth(1)
    address = second.get_attribute("href")
    second.click()
    page.wait_for_url(f"**{address}")
    until = time.monotonic() + 10
    while not any(one.clicks for one in keeper.waiting().values()) and time.monotonic() < until:
        page.wait_for_timeout(100)
    [(key, tally)] = keeper.waiting().items()
    assert key[1:] == ("khai sinh", "vi", "page")
    assert (tally.count, tally.clicks, tally.rank_sum) == (1, 1, 2)
