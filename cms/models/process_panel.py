"""The panel below the internal process: its sum per agency against the published limits."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from cms import process


class ProcessPanel(Panel):
    """Read-only; shows the process as last saved, and hides while there is none."""

    class BoundPanel(Panel.BoundPanel):
        """The panel for one procedure."""

        template_name = "cms/admin/process_panel.html"

        def is_shown(self) -> bool:
            """Only when the procedure has an internal process."""
            return bool(super().is_shown() and self._process().steps)

        def _process(self) -> process.Process:
            return process.process_of(self.instance.internal_process.raw_data)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Sum per agency, what disagrees, and what cannot be compared."""
            found = self._process()
            channels = process.published_channels(self.instance)
            return {
                **super().get_context_data(parent_context),
                "process": found,
                "problems": process.problems(found, channels),
                "notes": process.notes(found, channels),
            }
