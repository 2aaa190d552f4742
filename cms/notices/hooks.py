"""*In niêm yết* in the editor's menus; imported by cms/wagtail_hooks.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button, ListingButton

from cms.models import Counter, Office, ProcedurePage
from cms.notices import admin_views
from cms.notices.making import LABEL


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """``/admin/niem-yet/…``; Wagtail lets only signed-in editors through to them."""
    return [
        path(
            "niem-yet/thu-tuc/<int:page_id>/", admin_views.procedure_page, name="notice_procedure"
        ),
        path("niem-yet/co-quan/<int:office_id>/", admin_views.office_page, name="notice_office"),
    ]


def _button(page: Any, user: Any) -> Iterator[Button]:
    page = page.specific_deferred
    if isinstance(page, ProcedurePage):
        yield Button(LABEL, reverse("notice_procedure", args=[page.pk]), icon_name="doc-full")
    elif isinstance(page, Office) and admin_views.may_print_sets(user, page):
        yield Button(LABEL, reverse("notice_office", args=[page.pk]), icon_name="doc-full")


@hooks.register("register_page_listing_more_buttons")
def listing_button(page: Any, user: Any, next_url: Any = None) -> Iterator[Button]:
    """In the "more" menu of a procedure or an office in the page list."""
    yield from _button(page, user)


@hooks.register("register_page_header_buttons")
def header_button(page: Any, user: Any, view_name: str, next_url: Any = None) -> Iterator[Button]:
    """In the menu above the editor of a procedure or an office."""
    yield from _button(page, user)


@hooks.register("register_snippet_listing_buttons")
def counter_button(snippet: Any, user: Any, next_url: Any = None) -> Iterator[Button]:
    """Beside each counter in the list."""
    if isinstance(snippet, Counter) and admin_views.may_print_sets(user, snippet.office):
        url = f"{reverse('notice_office', args=[snippet.office_id])}#quay-{snippet.pk}"
        yield ListingButton(LABEL, url, icon_name="doc-full", priority=16)
