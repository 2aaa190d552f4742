"""*Cần gì để đăng*: the checklist on the first tab of a procedure, and the reason beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from cms.person_choice import name_people
from cms.scopes import scope_of

REASON = "publish_anyway_reason"


class ProcedureForm(WagtailAdminPageForm):
    """The editor's form: only her fields, and a reason that is no part of the page."""

    publish_anyway_reason = forms.CharField(
        required=False,
        max_length=2000,
        label="Lý do đăng khi còn thiếu",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_of(self.for_user) if self.for_user else None
        if scope and scope.fields and "field" in self.fields:
            self.fields["field"].queryset = scope.limit(self.fields["field"].queryset)
        for name in ("review_owner", "review_deputy"):
            if name in self.fields:
                name_people(self.fields[name])
        if not (self.for_user and self.for_user.has_perm("cms.publish_incomplete")):
            del self.fields[REASON]

    def save(self, commit: bool = True) -> Any:
        """The reason goes to the gate of this request, never into the page or its revision."""
        from cms.publishing import note_reason
        from cms.stale_forms import catch_up

        # For cms/conflict_screens.py, once the page is saved (a preview is not).
        self.instance.import_clashes = catch_up(self.instance, self.data)
        note_reason(self.instance.code, self.cleaned_data.get(REASON) or "")
        if self.instance.pk is None:
            # Wagtail adds the page as live and publishes it then; a refusal must not leave it so.
            self.instance.live = False
        return super().save(commit)

    def has_changed(self) -> bool:
        """A reason alone is no change of the page."""
        return any(name != REASON for name in self.changed_data) or any(
            formset.has_changed() for formset in self.formsets.values()
        )


class ChecklistPanel(Panel):
    """Each requirement met or not, in words, with a link that jumps to its field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", "Cần gì để đăng")
        super().__init__(**kwargs)

    @property
    def clean_name(self) -> str:
        """A panel without a field has no name of its own."""
        return "checklist"

    def get_form_options(self) -> dict[str, Any]:
        """The panel draws the reason itself; Wagtail would add it once more at the end."""
        return {"fields": [REASON]}

    class BoundPanel(Panel.BoundPanel):
        """For one page and one person."""

        template_name = "cms/admin/checklist_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The list of what is in the form now, and whether a reason may be given."""
            from cms.publishing import PERMISSION, checklist, last_incomplete

            context = super().get_context_data(parent_context)
            user = self.request.user
            lines = checklist(self.instance)
            permissions = self.instance.permissions_for_user(user) if self.instance.pk else None
            context.update(
                lines=lines,
                lacking=[line for line in lines if line.missing and not line.advice],
                may_give_reason=user.has_perm(PERMISSION),
                may_publish=permissions is None or permissions.can_publish(),
                reason=self.form[REASON] if REASON in self.form.fields else None,
                last=last_incomplete(self.instance) if self.instance.pk else None,
            )
            return context
