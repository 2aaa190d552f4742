"""The form of a scope: a person, her fields, her offices."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth import get_user_model
from wagtail.admin.forms import WagtailAdminModelForm

from cms.models import EditorScope, Field, Office
from cms.person_choice import in_order, name_people


class ScopeForm(WagtailAdminModelForm):
    """Both lists empty: the person's groups hold everywhere."""

    user = forms.ModelChoiceField(
        label="Người dùng",
        queryset=get_user_model().objects.filter(is_active=True).order_by("username"),
        help_text="Quản trị viên không bị giới hạn.",
    )
    fields = forms.ModelMultipleChoiceField(
        label="Lĩnh vực được làm",
        queryset=Field.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Thủ tục của những lĩnh vực này.",
    )
    offices = forms.ModelMultipleChoiceField(
        label="Cơ quan được làm",
        queryset=Office.objects.order_by("title"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Trang cơ quan, quầy, người làm, phân công của những nơi này. Chọn lĩnh vực mà "
        "không chọn cơ quan: không sửa cơ quan nào, và ngược lại. Không chọn gì: mọi nơi mà nhóm "
        "cho phép.",
    )

    class Meta:
        model = EditorScope
        fields: ClassVar = ["user", "fields", "offices"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The class's own "fields" is a choice of fields; the instance's holds the form's.
        own: Any = self.fields
        name_people(own["user"])
        in_order(own["fields"])
        in_order(own["offices"])
