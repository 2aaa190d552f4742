"""Lists of short texts kept as JSON, with form fields an editor can use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models


class LinesField(forms.CharField):
    """A text area: one entry a line ↔ a list of texts."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        kwargs["empty_value"] = []
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Lists become lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Lines become a list; empty lines drop out."""
        text = value if isinstance(value, str) else "\n".join(value or [])
        return [line.strip() for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as lists."""
        return self.to_python(initial) != self.to_python(data)


class TextListField(models.JSONField):
    """A JSON list of texts; with ``options`` (code → name) only those codes, as checkboxes."""

    def __init__(self, *args: Any, options: dict[str, str] | None = None, **kwargs: Any) -> None:
        self.options = options
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        """Checkboxes where options are known, lines otherwise."""
        common: dict[str, Any] = {
            "label": self.verbose_name,
            "help_text": self.help_text or ("" if self.options else "Mỗi dòng một mục."),
            "required": False,
        }
        if self.options:
            return forms.MultipleChoiceField(
                choices=list(self.options.items()), widget=forms.CheckboxSelectMultiple, **common
            )
        return LinesField(**common)
