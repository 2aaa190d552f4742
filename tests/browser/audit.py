"""axe-core on a page, with nothing allowed."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: What another colour scheme can break: it changes colours and nothing else.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def violations(page: Page, *, colours_only: bool = False) -> list[tuple[str, list[str]]]:
    """What axe finds: rule and the first elements."""
    options: dict[str, Any] = {"runOnly": COLOURS} if colours_only else {}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]


def violations_in_both_schemes(page: Page) -> list[tuple[str, list[str]]]:
    """Everything in light, colours in dark; the page is left in light."""
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += violations(page, colours_only=True)
    page.emulate_media(color_scheme="light")
    return found
