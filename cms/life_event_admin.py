"""*Việc trong đời* in the editor's menu."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.life_events import live_pages
from cms.models import LifeEvent
from cms.scoped_views import ScopedSnippets


class LifeEventViewSet(ScopedSnippets, SnippetViewSet):
    """List and form of life events."""

    model = LifeEvent
    icon = "calendar-alt"
    menu_label = "Việc trong đời"
    menu_name = "viec-trong-doi"
    menu_order = 140
    add_to_admin_menu = True
    list_display: ClassVar = [
        "name",
        Column("everyday_words", label="Dân quen gọi", classname="bck-wide"),
        Column("rows_count", label="Số thủ tục"),
        BooleanColumn("active", label="Hiện trên trang"),
    ]
    search_fields: ClassVar = ["name", "everyday_words"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldPanel("everyday_words"),
                    FieldRowPanel([FieldPanel("icon"), FieldPanel("rank"), FieldPanel("active")]),
                    FieldPanel("intro"),
                    FieldPanel("query"),
                ],
                heading="Việc",
            ),
            InlinePanel(
                "rows",
                [
                    FieldRowPanel([FieldPanel("joins"), FieldPanel("heading")]),
                    FieldRowPanel([FieldPanel("procedure_code"), FieldPanel("optional")]),
                    FieldPanel("note"),
                ],
                heading="Các bước",
                label="Thủ tục",
            ),
        ]
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the number of procedures."""
        return LifeEvent.objects.annotate(rows_count=Count("rows"))


register_snippet(LifeEventViewSet)


def _after_save(request: HttpRequest, event: Any) -> None:
    """Tell which codes citizens will not see; what an editor saved is the city's own."""
    if not isinstance(event, LifeEvent):
        return
    if event.is_demo:
        LifeEvent.objects.filter(pk=event.pk).update(is_demo=False)
    codes = [row.procedure_code for row in event.rows.all()]
    unseen = sorted(set(codes) - set(live_pages(codes)))
    if unseen:
        messages.warning(
            request,
            f"Chưa công bố, nên chưa hiện cho người dân: {', '.join(unseen)}. "
            "Kiểm tra lại mã, hoặc đăng các thủ tục này.",
        )


@hooks.register("after_create_snippet")
def after_create(request: HttpRequest, event: Any) -> None:
    """After the form of a new event."""
    _after_save(request, event)


@hooks.register("after_edit_snippet")
def after_edit(request: HttpRequest, event: Any) -> None:
    """After the form of an event."""
    _after_save(request, event)
