"""The panel of the edit form that says how the page stands to the national record."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel


class NationalPanel(Panel):
    """Read-only: open conflicts, what differs, when the record was received."""

    class BoundPanel(Panel.BoundPanel):
        """The panel for one procedure."""

        template_name = "cms/admin/conflict_panel.html"

        def is_shown(self) -> bool:
            """Only where a national record was ever received."""
            return bool(super().is_shown() and self.instance.pk and self._national is not None)

        @property
        def _national(self) -> Any:
            from cms.models.national import NationalRecord

            if not hasattr(self, "_known"):
                self._known = NationalRecord.objects.filter(page_id=self.instance.pk).first()
            return self._known

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Conflicts, differences (of the version in the form), dates."""
            from cms import conflicts

            return {
                **super().get_context_data(parent_context),
                "national": self._national,
                "conflicts": conflicts.open_conflicts(self.instance),
                "differences": conflicts.differs_from_national(self.instance, self._national),
            }
