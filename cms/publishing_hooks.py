"""What publishing and scopes add to the editor's side: addresses, buttons, bulk checks, reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.db.models import ProtectedError, QuerySet, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn, UserColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import Button, ListingButton
from wagtail.documents import get_document_model
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from cms import publishing
from cms.models import EditorScope, IncompletePublication, ProcedurePage
from cms.scopes import ScopedPolicy, scope_of

COMPARE = "So với bản đang đăng"


def checklist_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """The checklist of the newest draft: asked for after a draft saved itself."""
    page = get_object_or_404(ProcedurePage, pk=page_id)
    permissions = page.permissions_for_user(request.user)
    if not permissions.can_edit():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    lines = publishing.checklist(draft)
    return render(
        request,
        "cms/admin/_checklist.html",
        {
            "lines": lines,
            "lacking": [line for line in lines if line.missing and not line.advice],
            "may_give_reason": request.user.has_perm(publishing.PERMISSION),
            "may_publish": permissions.can_publish(),
            "last": publishing.last_incomplete(page),
        },
    )


class IncompleteReport(ReportView):
    """*Đăng khi chưa đủ*: which, when, by whom, why, and what was missing; CSV and .xlsx."""

    index_url_name = "incomplete_publications"
    index_results_url_name = "incomplete_publications_results"
    page_title = "Đăng khi chưa đủ"
    header_icon = "warning"
    default_ordering = "-created_at"
    list_export = ("page.title", "created_at", "user", "reason", "missing_words")
    export_headings = {
        "page.title": "Thủ tục",
        "created_at": "Lúc",
        "user": "Người đăng",
        "reason": "Lý do",
        "missing_words": "Còn thiếu",
    }
    columns = (
        TitleColumn(
            "page",
            label="Thủ tục",
            accessor="page.title",
            get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row.page_id]),
        ),
        DateColumn("created_at", label="Lúc", width="12%", sort_key="created_at"),
        UserColumn("user", label="Người đăng", blank_display_name="Hệ thống", width="14%"),
        Column("reason", label="Lý do"),
        Column("missing_words", label="Còn thiếu", classname="bck-wide"),
    )

    def get_base_queryset(self) -> QuerySet:
        """What the person may edit."""
        rows = IncompletePublication.objects.select_related("page", "user")
        scope = scope_of(self.request.user)
        if not scope.everything:
            rows = rows.filter(page__in=scope.limit_pages(Page.objects.all()).values("pk"))
        return rows

    def decorate_paginated_queryset(self, rows: Any) -> Any:
        """Ids of requirements in words."""
        for row in rows:
            row.missing_words = "; ".join(publishing.SENTENCES.get(one, one) for one in row.missing)
        return rows


class ScopeViewSet(ModelViewSet):
    """*Phạm vi biên tập*: who works on which fields and at which offices."""

    model = EditorScope
    name = "pham-vi"
    url_prefix = "pham-vi"
    icon = "key"
    menu_label = "Phạm vi biên tập"
    menu_order = 650
    add_to_settings_menu = True
    form_fields = ("user", "fields", "offices")
    list_display = ("__str__", Column("where", label="Được làm ở"))
    copy_view_enabled = False
    inspect_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> Any:
        """Checkboxes: a scope is read at a glance."""
        from cms.scope_form import ScopeForm

        return ScopeForm


@hooks.register("register_admin_viewset")
def scopes() -> ScopeViewSet:
    """The list of scopes, in the settings menu."""
    return ScopeViewSet("pham-vi")


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The checklist as a part of a page, and the report."""
    report = IncompleteReport
    return [
        path("can-gi/<int:page_id>/", checklist_view, name="procedure_checklist"),
        path("reports/dang-khi-chua-du/", report.as_view(), name="incomplete_publications"),
        path(
            "reports/dang-khi-chua-du/results/",
            report.as_view(results_only=True),
            name="incomplete_publications_results",
        ),
    ]


class _ReportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return page_permission_policy.user_has_any_permission(
            request.user, ["add", "change", "publish"]
        )


@hooks.register("register_reports_menu_item")
def report_item() -> MenuItem:
    """In the menu of reports."""
    return _ReportItem(
        "Đăng khi chưa đủ",
        reverse("incomplete_publications"),
        name="dang-khi-chua-du",
        icon_name="warning",
        order=250,
    )


@hooks.register("register_permissions")
def permissions() -> QuerySet:
    """The right to publish what is incomplete, in the form of groups."""
    return Permission.objects.filter(content_type__app_label="cms", codename="publish_incomplete")


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """The line in a page's history."""

    @actions.register_action(publishing.LOG_ACTION)
    class PublishedIncomplete(LogFormatter):
        """Why, and what was missing."""

        label = "Đăng khi chưa đủ"

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            lacks = "; ".join(publishing.SENTENCES.get(one, one) for one in data.get("missing", ()))
            reason = data.get("reason") or "không ghi"
            return f"Đăng khi chưa đủ. Lý do: {reason}. Thiếu: {lacks}."


def _compare_url(page: Page, user: Any) -> str | None:
    """From what is live to the newest draft; None when they are the same, or not hers to see."""
    if not (page.live and page.has_unpublished_changes and page.latest_revision_id):
        return None
    if not page.permissions_for_user(user).can_view_revisions():
        return None
    return reverse(
        "wagtailadmin_pages:revisions_compare", args=[page.pk, "live", page.latest_revision_id]
    )


@hooks.register("register_page_header_buttons")
def compare_in_header(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """In the menu above the editor."""
    if view_name == "edit" and (url := _compare_url(page, user)):
        yield Button(COMPARE, url, icon_name="history", priority=15)


@hooks.register("register_page_listing_buttons")
def compare_in_list(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Beside a page of a list, one click away."""
    if url := _compare_url(page, user):
        yield ListingButton(COMPARE, url, icon_name="history", priority=30)


@hooks.register("construct_explorer_page_queryset")
def only_hers(parent: Page, pages: QuerySet, request: HttpRequest) -> QuerySet:
    """The explorer shows what a scoped person may edit, and the folders."""
    return scope_of(request.user).limit_pages(pages)


def _may(user: Any, action_type: str, one: Any) -> bool:
    """Snippets of ours by their policy; Wagtail's bulk deletion asks for the model only."""
    if isinstance(one, get_document_model()):
        return scope_of(user).allows_file(one)
    views = getattr(type(one), "snippet_viewset", None)
    policy = getattr(views, "permission_policy", None)
    if not isinstance(policy, ScopedPolicy):
        return True
    return policy.user_has_permission_for_instance(user, action_type, one)


def _never_deleted(user: Any, objects: list[Any]) -> str:
    """What things of a kind that is never deleted are called, if one is among these; else "".

    A superuser has every scope, so a policy that refuses her refuses everybody.
    """
    for one in objects:
        policy = getattr(getattr(type(one), "snippet_viewset", None), "permission_policy", None)
        if not isinstance(policy, ScopedPolicy):
            continue
        if user.is_superuser and not policy.user_has_permission(user, "delete"):
            return str(type(one)._meta.verbose_name)
    return ""


def _rested_on(objects: list[Any]) -> bool:
    """Whether something protected rests on one of these snippets; Wagtail's view would fail."""
    for one in objects:
        if isinstance(one, Page):
            continue  # pages have their own confirmation and their own rules
        try:
            Collector(using=DEFAULT_DB_ALIAS, origin=one).collect([one])
        except (ProtectedError, RestrictedError):
            return True
    return False


@hooks.register("before_bulk_action")
def check_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Bulk publication names every page that lacks something; bulk deletion keeps to the scope,
    and leaves what nobody may delete."""
    if action_type == "delete" and (kept := _never_deleted(request.user, objects)):
        messages.error(
            request,
            f"Chưa xoá mục nào: {kept} không xoá được, vì đánh giá và mã đã phát còn dẫn về đó. "
            "Nếu không dùng nữa, hãy thu hồi hoặc cho ngừng dùng.",
        )
        return redirect(action.next_url)
    if any(not _may(request.user, action_type, one) for one in objects):
        messages.error(request, "Trong số đã chọn có mục ngoài phạm vi của bạn. Chưa đổi gì.")
        return redirect(action.next_url)
    if action_type == "delete" and _rested_on(objects):
        messages.error(
            request,
            "Chưa xoá mục nào: có mục đã có đánh giá, góp ý, mã in hoặc dữ liệu khác gắn với nó. "
            "Nếu không dùng nữa, hãy cho mục ấy ngừng hoạt động.",
        )
        return redirect(action.next_url)
    if action_type != "publish" or action.model is not Page:
        return None
    refused = []
    for page in objects:
        page = page.specific
        if isinstance(page, ProcedurePage):
            try:
                publishing.examine(page.get_latest_revision_as_object(), request.user)
            except publishing.PublishingRefused as refusal:
                refused.append((refusal.title, len(refusal.missing), page.pk))
    if not refused:
        return None
    messages.error(
        request,
        format_html(
            "Chưa đăng thủ tục nào: {} trong {} thủ tục còn thiếu. {}",
            len(refused),
            len(objects),
            format_html_join(
                "; ",
                '<a href="{}">{}</a> ({} điều)',
                (
                    (reverse("wagtailadmin_pages:edit", args=[pk]), title, number)
                    for title, number, pk in refused[:10]
                ),
            ),
        ),
    )
    return redirect(action.next_url)
