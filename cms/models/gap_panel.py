"""The part of an office's form that tells how many procedures nobody handles there."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel


class GapPanel(Panel):
    """Counts the gaps of one office and links to their list; nothing on a new office's form."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one form."""

        template_name = "cms/admin/office_gap_panel.html"

        def is_shown(self) -> bool:
            """Only for an office that has counters to look at."""
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """``gaps``: how many procedures, ``served``: of how many."""
            from cms.gaps import gap_counts

            context = super().get_context_data(parent_context)
            [counted] = gap_counts([self.instance])
            return {**context, "counted": counted, "office": self.instance}
