"""What citizens' voices add to the editor: reports on pages, "In mã QR" buttons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, re_path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button, ListingButton
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from cms.home_panel import Work, asks
from cms.models import Counter, Office, ProcedurePage
from cms.scopes import scope_of
from feedback.admin import PageReportViewSet
from feedback.models import PageReport
from feedback.printing import admin_views

LABEL = "In mã QR"

register_snippet(PageReportViewSet)


@asks
def answers_wanted(user: Any) -> Work | None:
    """Citizens' reports on pages that nobody has closed."""
    if not user.has_perm("feedback.change_pagereport"):
        return None
    pages = scope_of(user).limit_pages(ProcedurePage.objects.all())
    waiting = PageReport.objects.exclude(status__in=PageReport.CLOSED)
    url = reverse(PageReport.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
    count = waiting.filter(page__in=pages.values("pk")).count()
    return Work(count, "góp ý của người dân chờ trả lời", url)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """``/admin/qr/…``; Wagtail lets only signed-in editors through to them."""
    return [
        path("qr/<int:counter_id>/", admin_views.counter_page, name="counter_qr"),
        re_path(
            r"^qr/(?P<counter_id>\d+)/(?P<size>A[456])\.(?P<kind>svg|png|pdf)$",
            admin_views.counter_file,
            name="counter_qr_file",
        ),
        path("qr/co-quan/<int:office_id>/", admin_views.office_page, name="office_qr"),
        path(
            "qr/co-quan/<int:office_id>/<str:size>.pdf",
            admin_views.office_file,
            name="office_qr_file",
        ),
    ]


@hooks.register("register_snippet_listing_buttons")
def counter_listing_button(snippet: Any, user: Any, next_url: Any = None) -> Iterator[Button]:
    """Beside each counter in the list."""
    if isinstance(snippet, Counter) and admin_views.may_print(user):
        yield ListingButton(
            LABEL, reverse("counter_qr", args=[snippet.pk]), icon_name="image", priority=15
        )


class PrintCodeItem(ActionMenuItem):
    """In the action menu of a counter's edit view."""

    name = "counter-qr"
    label = LABEL
    icon_name = "image"
    order = 200

    def is_shown(self, context: Any) -> bool:
        """On a stored counter, to those who may print."""
        return context.get("view") == "edit" and admin_views.may_print(context["request"].user)

    def get_url(self, parent_context: Any) -> str:
        """The counter's print page."""
        return reverse("counter_qr", args=[parent_context["instance"].pk])


@hooks.register("register_snippet_action_menu_item")
def counter_action(model: Any) -> ActionMenuItem | None:
    """Only for counters."""
    return PrintCodeItem() if model is Counter else None


def _office_button(page: Any, user: Any) -> Iterator[Button]:
    if isinstance(page.specific, Office) and admin_views.may_print(user):
        yield Button(LABEL, reverse("office_qr", args=[page.pk]), icon_name="image", priority=70)


@hooks.register("register_page_listing_more_buttons")
def office_listing_button(page: Any, user: Any, next_url: Any = None) -> Iterator[Button]:
    """In the "more" menu of an office in the page list."""
    yield from _office_button(page, user)


@hooks.register("register_page_header_buttons")
def office_header_button(
    page: Any, user: Any, view_name: str, next_url: Any = None
) -> Iterator[Button]:
    """In the menu above an office's editor."""
    yield from _office_button(page, user)
