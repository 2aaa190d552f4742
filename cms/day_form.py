"""The form of a day that differs: one day, or a run of days off at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import transaction
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import log

from cms.models import WorkingDayChange
from cms.scopes import scope_of

#: Days one entry may close: longer is no closure but another week of hours.
LONGEST_RUN = 60


class WorkingDayForm(WagtailAdminModelForm):
    """A row of the table; a new row may go on to a last day, and becomes one row a day."""

    until = forms.DateField(
        label="Đến hết ngày",
        required=False,
        widget=AdminDateInput(),
        help_text="Nghỉ nhiều ngày liền thì ghi ngày cuối; nghỉ một ngày thì để trống.",
    )

    class Meta:
        widgets = {"office": forms.Select}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Every row that was saved; the first is the form's own.
        self.saved: list[WorkingDayChange] = []
        if self.instance.pk:
            del self.fields["until"]  # a row that is there is one day

    def clean(self) -> dict[str, Any]:
        """A run is of days off, not longer than :data:`LONGEST_RUN`, and on free days."""
        data = super().clean()
        first, last = data.get("date"), data.get("until")
        if not (first and last):
            return data
        if last < first:
            self.add_error("until", "Ngày cuối phải từ ngày đầu trở đi.")
        elif (last - first).days >= LONGEST_RUN:
            self.add_error("until", f"Mỗi lần ghi nhiều nhất {LONGEST_RUN} ngày liền.")
        elif last > first and data.get("kind") != WorkingDayChange.Kind.OFF:
            self.add_error("until", "Ngày làm bù thì ghi từng ngày một.")
        elif taken := self._taken(first, last):
            days = ", ".join(f"{day:%d/%m/%Y}" for day in taken)
            self.add_error("until", f"Đã có dòng cho ngày {days}. Hãy sửa hoặc xoá dòng đó trước.")
        return data

    def _taken(self, first: date, last: date) -> list[date]:
        """Days after the first that have a row already; the first is the model's to check."""
        rows = WorkingDayChange.objects.filter(date__gt=first, date__lte=last)
        rows = rows.filter(office=self.cleaned_data.get("office")).order_by("date")
        return list(rows.values_list("date", flat=True))

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        """The row, and one like it for each further day: all of them or none."""
        row = super().save(commit)
        self.saved = [row]
        last = self.cleaned_data.get("until")
        if commit and last:
            for away in range(1, (last - row.date).days + 1):
                further = WorkingDayChange(
                    date=row.date + timedelta(days=away),
                    kind=row.kind,
                    name=row.name,
                    decision=row.decision,
                    office=row.office,
                )
                further.save()
                log(instance=further, action="wagtail.create", content_changed=True)
                self.saved.append(further)
        return row


def fit_to(form: forms.BaseForm, user: Any) -> None:
    """Word the form for somebody who enters the days of her own offices only.

    What she may choose is narrowed by :func:`cms.scopes.limit_choices`.
    """
    if scope_of(user).everything:
        return
    field = form.fields["office"]
    field.help_text = "Các cơ quan trong phạm vi của bạn."
    offices = list(field.queryset[:2])  # type: ignore[attr-defined]
    if len(offices) == 1:
        field.empty_label = None  # type: ignore[attr-defined]
        field.initial = offices[0]
