"""*Gỡ xuống* for several pages at once: with the public reason, as for a single one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from wagtail.admin.views.pages.bulk_actions.unpublish import UnpublishBulkAction

from cms.withdrawal_hooks import FIELD, HELP, LABEL, LONGEST


class ReasonForm(UnpublishBulkAction.form_class):
    """Wagtail's question about subpages, and why they are taken off."""

    withdrawal_reason = forms.CharField(
        required=False,
        max_length=LONGEST,
        label=LABEL,
        help_text=HELP,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UnpublishWithReason(UnpublishBulkAction):
    """Wagtail's action; each procedure's version that ends says why (cms/history.py)."""

    form_class = ReasonForm
    template_name = "cms/admin/bulk_unpublish.html"

    def get_execution_context(self) -> dict[str, Any]:
        """The reason travels with the rest."""
        reason = self.cleaned_form.cleaned_data[FIELD].strip()
        return {**super().get_execution_context(), "reason": reason}

    @classmethod
    def execute_action(
        cls, objects: Iterable[Any], reason: str = "", **kwargs: Any
    ) -> tuple[int, int]:
        """Hand the reason to every page, then take them off."""
        pages = [page.specific for page in objects]
        for page in pages:
            setattr(page, FIELD, reason)
        return super().execute_action(pages, **kwargs)
