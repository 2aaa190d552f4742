"""English in the editor's screens that no catalogue reaches: labels and names of rows.

What Wagtail marks for translation is in site/locale/vi. Some of it Wagtail does not mark, and
some is data that the first migration writes in English. Data is renamed only while it still has
that English name: whatever an administrator calls it stays.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.utils import translation

#: Columns of *Trang web* whose headings Wagtail makes of the names in its code.
_SITE_COLUMNS = {"port": "Cổng", "site_name": "Tên trang web", "root_page": "Trang gốc"}
_ROOT = "Root"
ALL_PAGES = "Toàn bộ trang"
ALL_FILES = "Mọi tệp"
#: How Django begins the names of permissions → how they read here.
_VERBS = {"Can add ": "Thêm", "Can change ": "Sửa", "Can delete ": "Xoá", "Can view ": "Xem"}


def label_columns() -> None:
    """Name columns and fields that Wagtail calls as its code does (called once, when apps load)."""
    from wagtail.admin.ui.tables.pages import PageTitleColumn
    from wagtail.sites.views import IndexView
    from wagtail.users.forms import PagePermissionsForm

    for column in IndexView.columns:
        column.label = _SITE_COLUMNS.get(column.name, column.label)
    PagePermissionsForm.base_fields["page"].label = "Trang"
    header = PageTitleColumn.get_header_context_data
    if getattr(header, "worded", False):
        return

    def header_in_words(self: Any, parent_context: Any) -> Any:
        context = header(self, parent_context)
        context["model_name"] = context["model_name"] or "trang"  # the search of pages has none
        if not context["items_count"]:
            context["start_index"] = 0
        return context

    header_in_words.worded = True  # type: ignore[attr-defined]
    PageTitleColumn.get_header_context_data = header_in_words


def name_rows() -> None:
    """Rename what still has the name that Wagtail's and Django's migrations gave it."""
    from wagtail.models import Collection, Page

    Page.objects.filter(depth=1, title=_ROOT).update(title=ALL_PAGES, draft_title=ALL_PAGES)
    Collection.objects.filter(depth=1, name=_ROOT).update(name=ALL_FILES)


def name_permissions() -> None:
    """ "Can add group" → "Thêm nhóm": the matrix of a group's rights reads them out."""
    from django.contrib.auth.models import Permission

    changed = []
    with translation.override("vi"):
        for row in Permission.objects.filter(name__startswith="Can ").select_related():
            model = row.content_type.model_class()
            begin = next((one for one in _VERBS if row.name.startswith(one)), None)
            if model is not None and begin:
                row.name = f"{_VERBS[begin]} {model._meta.verbose_name}"[:255]
                changed.append(row)
    Permission.objects.bulk_update(changed, ["name"])


def last_app() -> AppConfig:
    """The app after whose migration every other app's permissions are there."""
    return [one for one in apps.get_app_configs() if one.models_module][-1]


def after_migrate(**_: Any) -> None:
    """Names of permissions, once all of them are made."""
    name_permissions()
