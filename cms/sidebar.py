"""The person at the foot of the editor's menu, by full name.

Wagtail shows the first name, which in Vietnam is family and middle name: half a name.
"""

from __future__ import annotations

from typing import Any

from wagtail.admin.telepath import register
from wagtail.admin.ui.sidebar import BaseSidebarAdapter, MainMenuModule
from wagtail.admin.utils import get_user_display_name


class FullNameAdapter(BaseSidebarAdapter):
    """Wagtail's menu, with the person's whole name."""

    js_constructor = "wagtail.sidebar.MainMenuModule"

    def js_args(self, obj: Any) -> list[Any]:
        """What Wagtail's own adapter packs, but for the name."""
        *menus, person = obj.js_args()
        return [*menus, {**person, "name": get_user_display_name(obj.user)}]


register(FullNameAdapter(), MainMenuModule)
