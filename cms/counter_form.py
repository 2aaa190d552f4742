"""The form of a counter in the editor."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm


class CounterForm(WagtailAdminModelForm):
    """A stored counter keeps its code: it hangs on walls, and is replaced in a step of its own
    that says what it does and asks why (*In mã QR*, *Thay mã*)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            code = self.fields["code"]
            code.disabled = True
            code.help_text = "Mã của quầy. Muốn thay mã in trong QR: bấm “In mã QR” rồi “Thay mã”."
