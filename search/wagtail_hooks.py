"""*Từ tìm kiếm* in the editor's menu: words, evaluation questions, quality."""

from __future__ import annotations

from typing import Any

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.log_actions import LogFormatter

from search import admin_asked, admin_quality
from search.admin import LanguageViewSet, QuestionViewSet
from search.curation import ACTION, told


class SearchGroup(ViewSetGroup):
    """The menu group; reports are added to its list below."""

    # Not "Tìm kiếm": that is Wagtail's own search of pages, above it.
    menu_label = "Từ tìm kiếm"
    menu_icon = "comment"
    menu_name = "tim-kiem"
    menu_order = 160
    items = (LanguageViewSet, QuestionViewSet)

    def get_submenu_items(self) -> list[Any]:
        """Lists, then reports."""
        return [*super().get_submenu_items(), admin_quality.menu_item(), admin_asked.menu_item()]


@hooks.register("register_admin_viewset")
def register_viewset() -> Any:
    """The lists and the menu group."""
    return SearchGroup()


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    """Reports."""
    return [*admin_quality.urls(), *admin_asked.urls()]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """How a change of a curated row reads in its history."""

    @actions.register_action(ACTION)
    class Curated(LogFormatter):
        label = "Từ ngữ, câu hỏi mẫu"

        def format_message(self, log_entry: Any) -> str:
            return told(log_entry.data)
