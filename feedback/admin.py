"""The queue of reports on pages, as editors work through it."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import Field
from cms.scoped_views import ScopedEditView, ScopedSnippets
from cms.scopes import ScopedPolicy
from feedback.models import PageReport


def received(report: PageReport) -> str:
    """The day a report came: it holds no moment, so "22 hours ago" would be made up."""
    day = report.received_on
    words = {0: " (hôm nay)", 1: " (hôm qua)"}.get((timezone.localdate() - day).days, "")
    return f"{day:%d/%m/%Y}{words}"


class ReportFilters(WagtailFilterSet):
    """Narrow the queue by status, part and field."""

    field = django_filters.ModelChoiceFilter(
        field_name="page__field",
        queryset=Field.objects.all(),
        label="Lĩnh vực",
        empty_label="Mọi lĩnh vực",
    )

    class Meta:
        model = PageReport
        fields: ClassVar = ["status", "part", "field"]


class ReportEditView(ScopedEditView):
    """Remembers who answered."""

    def save_instance(self) -> Any:
        """The answer is the signed-in editor's."""
        self.form.instance.answered_by = self.request.user
        return super().save_instance()


class ReportPolicy(ScopedPolicy):
    """Reports come from citizens: nobody adds one here."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """By the groups and the scope, but for adding."""
        return action != "add" and super().user_has_permission(user, action)


class PageReportViewSet(ScopedSnippets, SnippetViewSet):
    """*Góp ý về trang*: what is said to be wrong, oldest first."""

    model = PageReport
    icon = "help"
    menu_label = "Góp ý về trang"
    menu_order = 120
    add_to_admin_menu = True
    edit_view_class = ReportEditView
    list_display: ClassVar = [
        "__str__",
        Column("page", label="Thủ tục", classname="bck-wide"),
        Column("get_part_display", label="Về phần", classname="bck-wide"),
        Column("get_status_display", label="Tình trạng", sort_key="status"),
        Column("received_on", label="Ngày nhận", sort_key="received_on", accessor=received),
    ]
    filterset_class = ReportFilters
    search_fields: ClassVar = ["text", "page__title", "page__code", "follow_up"]
    list_export: ClassVar = ["page__code", "part", "text", "received_on", "status", "answer"]
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("page", read_only=True),
                    FieldPanel("part", read_only=True),
                    FieldPanel("text", read_only=True),
                    FieldPanel("version", read_only=True),
                    FieldPanel("received_on", read_only=True),
                ],
                heading="Người dân viết",
            ),
            MultiFieldPanel([FieldPanel("status"), FieldPanel("answer")], heading="Trả lời"),
        ]
    )

    @property
    def permission_policy(self) -> ReportPolicy:
        """The groups' permissions within the scope; no adding."""
        return ReportPolicy(self.model)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the page of each: one query for the list."""
        return PageReport.objects.select_related("page")
