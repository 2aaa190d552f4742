"""Menus, lists and look of the editor's side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.snippets.models import register_snippet

from cms import (  # noqa: F401  (their hooks register themselves)
    conflict_screens,
    import_screens,
    job_screens,
    life_event_admin,
    process_hooks,
    publishing_hooks,
    sidebar,
    withdrawal_hooks,
)
from cms.admin import (
    CounterViewSet,
    FieldViewSet,
    HandlingViewSet,
    OfficeListingViewSet,
    OfficerViewSet,
    ProcedureExplorerViewSet,
    ProcedureListingViewSet,
)
from cms.bulk_apply import ApplyBulkAction
from cms.bulk_unpublish import UnpublishWithReason
from cms.calendar_admin import WorkingDayViewSet
from cms.home_panel import WorkPanel
from cms.home_summary import SummaryCounts
from cms.notices import hooks as notice_hooks  # noqa: F401  (they register themselves)
from cms.office_screens import import_menu_item
from cms.reports import views as reports

#: Menu entries of Wagtail that lead nowhere useful here: its own manual, and the bare list of
#: models behind the group "Một cửa".
UNUSED_MENU = {"help", "snippets"}
UNUSED_SETTINGS = {"redirects", "collections"}

register_snippet(CounterViewSet)
register_snippet(OfficerViewSet)
register_snippet(HandlingViewSet)
register_snippet(FieldViewSet)
register_snippet(WorkingDayViewSet)


class OneStopGroup(ViewSetGroup):
    """The menu group *Một cửa*: offices, counters, officers, assignments, fields."""

    menu_label = "Một cửa"
    menu_icon = "group"
    menu_order = 150
    items = (OfficeListingViewSet,)

    def get_submenu_items(self) -> list[Any]:
        """Offices are pages and the rest are snippets; the editor sees one list of both."""
        snippets = (
            CounterViewSet,
            OfficerViewSet,
            HandlingViewSet,
            FieldViewSet,
            WorkingDayViewSet,
        )
        return [
            *super().get_submenu_items(),
            *(
                viewset.model.snippet_viewset.get_menu_item()  # type: ignore[union-attr]
                for viewset in snippets
            ),
            import_menu_item(),
        ]


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    """The lists of pages and the menu group."""
    return [ProcedureListingViewSet(), ProcedureExplorerViewSet(), OneStopGroup()]


hooks.register("register_bulk_action", ApplyBulkAction)
# After Wagtail's own, which it takes the place of.
hooks.register("register_bulk_action", UnpublishWithReason, order=100)


@hooks.register("construct_main_menu")
def hide_unused_menu(request: HttpRequest, items: list[Any]) -> None:
    """Only what an editor of this site uses."""
    items[:] = [item for item in items if item.name not in UNUSED_MENU]


@hooks.register("construct_settings_menu")
def hide_unused_settings(request: HttpRequest, items: list[Any]) -> None:
    """No redirects (addresses come from codes) and no collections (one is enough)."""
    items[:] = [item for item in items if item.name not in UNUSED_SETTINGS]


@hooks.register("after_create_user")
@hooks.register("after_edit_user")
def say_that_nobody_signs_in(request: HttpRequest, user: Any) -> None:
    """A user without a role can do nothing, not even see the editor's side."""
    if user.is_active and not user.is_superuser and not user.groups.exists():
        messages.warning(
            request,
            f"“{user}” chưa có vai trò nào nên chưa vào được trang quản trị: "
            "mở lại người này, thẻ Vai trò, và chọn một vai trò.",
        )


@hooks.register("insert_global_admin_css")
def editor_css() -> str:
    """The product's colours and the phone width of the editor's side."""
    return format_html('<link rel="stylesheet" href="{}">', static("admin/editor.css"))


@hooks.register("construct_homepage_summary_items", order=1000)
def summary(request: HttpRequest, items: list[Any]) -> None:
    """Counts that mean something here, in place of Wagtail's pages, images and documents."""
    items[:] = [SummaryCounts(request)]


@hooks.register("construct_homepage_panels")
def work_panel(request: HttpRequest, panels: list[Any]) -> None:
    """What waits for this person, above Wagtail's own panels."""
    panels.insert(0, WorkPanel())


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    """``/admin/bao-cao/…``."""
    return reports.urls()


@hooks.register("construct_reports_menu")
def report_menu(request: HttpRequest, items: list[Any]) -> None:
    """The product's reports before Wagtail's."""
    items[:0] = [item for item in reports.menu_items() if item.is_shown(request)]
