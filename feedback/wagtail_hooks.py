"""What citizens' voices add to the editor: reports on pages, "In mã QR" buttons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, re_path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button, ListingButton
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from cms.home_panel import Work, asks
from cms.models import Counter, Office, ProcedurePage
from cms.scopes import scope_of
from feedback import (
    case_admin,
    comment_admin,
    comment_rights,
    office_admin,
    roll_admin,
    scan_alarms,
    staff_admin,
    system_admin,
)
from feedback.admin import PageReportViewSet
from feedback.devices_admin import DeviceViewSet
from feedback.digest_settings import DigestPanel
from feedback.models import PageReport
from feedback.paper_admin import PaperBatchViewSet
from feedback.printing import admin_views, city

LABEL = "In mã QR"

register_snippet(PageReportViewSet)
register_snippet(DeviceViewSet)
register_snippet(PaperBatchViewSet)


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


@asks
def codes_to_look_at(user: Any) -> Work | None:
    """Printed codes whose scans fell to zero or come at odd hours."""
    if not admin_views.may_look(user):
        return None
    url = f"{reverse('poster_codes')}#canh-bao"
    return Work(scan_alarms.count_alarms(scope_of(user)), "mã QR tại quầy cần xem lại", url)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """``/admin/qr/…``; Wagtail lets only signed-in editors through to them."""
    return [
        path("qr/", admin_views.city_page, name="poster_codes"),
        path("qr/in-toan-bo/", admin_views.city_print, name="poster_codes_print"),
        path("qr/<int:counter_id>/", admin_views.counter_page, name="counter_qr"),
        path("qr/<int:counter_id>/thay-ma/", admin_views.replace_page, name="counter_qr_replace"),
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
        *roll_admin.urls(),
        *system_admin.urls(),
        *case_admin.urls(),
        *office_admin.urls(),
        *staff_admin.urls(),
        *comment_admin.urls(),
    ]


class _CodesItem(MenuItem):
    """*Mã QR tại quầy*, for those who see counters."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the list opens for this person."""
        return admin_views.may_look(request.user)


class _RollsItem(MenuItem):
    """*Cuộn phiếu*, for those who may print."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the list opens for this person."""
        return admin_views.may_print(request.user)


class _CommentsItem(MenuItem):
    """*Góp ý tại quầy*, for those who have a queue."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether a queue opens for this person."""
        return comment_rights.may_look(request.user)


@hooks.register("register_admin_menu_item")
def comments_menu_item() -> MenuItem:
    """Before doubted answers."""
    return _CommentsItem(
        comment_admin.LABEL, reverse("comments"), name="comments", icon_name="comment", order=121
    )


@asks
def comments_to_answer(user: Any) -> Work | None:
    """Comments on a counter that wait for an answer, and how many are late."""
    if not comment_rights.may_look(user):
        return None
    number, late = comment_admin.waiting(user)
    urgent = f"{late} góp ý quá hạn" if late else ""
    return Work(number, "góp ý tại quầy chờ trả lời", reverse("comments"), urgent)


class _CasesItem(MenuItem):
    """*Vụ việc về đánh giá*, for those who decide and for the offices they are about."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the list opens for this person."""
        return case_admin.may_look(request.user)


@hooks.register("register_admin_menu_item")
def cases_menu_item() -> MenuItem:
    """After reports on pages."""
    return _CasesItem(
        case_admin.LABEL, reverse("trust_cases"), name="trust-cases", icon_name="warning", order=122
    )


@asks
def cases_to_decide(user: Any) -> Work | None:
    """Doubted answers that wait for a decision."""
    if not user.has_perm("feedback.change_case"):
        return None
    url = reverse("trust_cases")
    return Work(case_admin.waiting(user), "vụ việc về đánh giá chờ quyết định", url)


@hooks.register("register_admin_menu_item")
def codes_menu_item() -> MenuItem:
    """Beside counters and offices."""
    return _CodesItem(
        city.LABEL, reverse("poster_codes"), name="poster-codes", icon_name="view", order=131
    )


@hooks.register("register_admin_menu_item")
def rolls_menu_item() -> MenuItem:
    """After the codes."""
    return _RollsItem(
        roll_admin.LABEL, reverse("slip_rolls"), name="slip-rolls", icon_name="list-ol", order=132
    )


@hooks.register("register_snippet_listing_buttons")
def counter_listing_button(snippet: Any, user: Any, next_url: Any = None) -> Iterator[Button]:
    """Beside each counter in the list."""
    if isinstance(snippet, Counter) and admin_views.may_print(user, snippet):
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
        if context.get("view") != "edit":
            return False
        return admin_views.may_print(context["request"].user, context["instance"])

    def get_url(self, parent_context: Any) -> str:
        """The counter's print page."""
        return reverse("counter_qr", args=[parent_context["instance"].pk])


@hooks.register("register_snippet_action_menu_item")
def counter_action(model: Any) -> ActionMenuItem | None:
    """Only for counters."""
    return PrintCodeItem() if model is Counter else None


def _office_button(page: Any, user: Any) -> Iterator[Button]:
    if isinstance(page.specific, Office) and admin_views.may_print(user, page):
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


class SystemsMenuItem(MenuItem):
    """For those who may hand out tokens."""

    def is_shown(self, request: Any) -> bool:
        """To administrators."""
        return bool(request.user.has_perm(system_admin.PERMISSION))


@hooks.register("register_settings_menu_item")
def systems_menu_item() -> MenuItem:
    """Tokens of one-stop systems."""
    return SystemsMenuItem(
        system_admin.LABEL,
        reverse("onestop_systems"),
        name="onestop-systems",
        icon_name="key",
        order=900,
    )


class _ReportsItem(MenuItem):
    """*Báo cáo cơ quan*, for heads and for those who keep an office's page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether a report opens for this person."""
        return office_admin.may_look(request.user)


class _StaffItem(MenuItem):
    """*Đánh giá tại quầy*, for those who work at a counter and for their office."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether a counter opens for this person."""
        return staff_admin.may_look(request.user)


@hooks.register("register_admin_menu_item")
def reports_menu_item() -> MenuItem:
    """Above what one works through: a head looks here first."""
    return _ReportsItem(
        office_admin.LABEL,
        reverse("office_reports"),
        name="office-reports",
        icon_name="doc-full",
        order=118,
    )


@hooks.register("register_admin_menu_item")
def staff_menu_item() -> MenuItem:
    """After the report."""
    return _StaffItem(
        staff_admin.LABEL,
        reverse("staff_counters"),
        name="staff-counters",
        icon_name="group",
        order=119,
    )


@hooks.register("register_admin_viewset")
def counter_staff() -> staff_admin.CounterStaffViewSet:
    """Who works at which counter, in the settings menu."""
    return staff_admin.CounterStaffViewSet("nguoi-cua-quay")


@hooks.register("register_account_settings_panel")
def digest_panel(request: HttpRequest, user: Any, profile: Any) -> DigestPanel:
    """Letters about ratings: asked for and given up here."""
    return DigestPanel(request, user, profile)
