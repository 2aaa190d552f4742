"""*Thư tổng hợp* among a person's own account settings: asked for there, and given up there."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab

from feedback.models import Digest
from feedback.office_admin import may_look


class DigestForm(forms.ModelForm):
    """Two boxes, both empty at first."""

    class Meta:
        model = Digest
        fields: ClassVar = ["weekly", "monthly"]


class DigestPanel(BaseSettingsPanel):
    """For those who read the report of an office."""

    name = "digests"
    title = "Thư tổng hợp về đánh giá"
    tab = notifications_tab
    order = 150
    form_class = DigestForm

    def is_active(self) -> bool:
        """Whether there is anything to write to this person about."""
        return may_look(self.user)

    def get_form(self) -> Any:
        """The person's own choice; no row yet is no letter."""
        chosen = Digest.objects.filter(user=self.user).first() or Digest(user=self.user)
        data = self.request.POST if self.request.method == "POST" else None
        return DigestForm(data, instance=chosen, prefix=self.name)
