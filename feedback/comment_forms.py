"""What is asked of a person for each step of a comment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model

from feedback.comment_rights import handlers_of, name_of
from feedback.models import Comment

_CONFIRM = "Tôi xác nhận thông tin riêng tư trong phần này được phép công khai"


def _words(label: str, rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=5000, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class AssignForm(forms.Form):
    """To whom it is given."""

    to = forms.ModelChoiceField(get_user_model().objects.none(), label="Người xử lý")

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = handlers_of(comment.counter.office_id, comment.queue)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = get_user_model().objects.filter(pk__in=[one.pk for one in people])
        field.label_from_instance = name_of  # type: ignore[method-assign,assignment]
        field.initial = comment.assigned_to_id


class AnswerForm(forms.Form):
    """The public answer."""

    text = _words(
        "Trả lời", 6, help_text="Người dân và mọi người đều đọc được. Không nêu tên riêng."
    )
    confirmed = forms.BooleanField(label=_CONFIRM, required=False)

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("text", comment.answer)


class CoverForm(forms.Form):
    """The masked text, to cover more of it."""

    text = forms.CharField(
        label="Nội dung sẽ công khai",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Muốn che thêm: thay đoạn cần che bằng […], giữ nguyên mọi chữ khác.",
    )
    confirmed = forms.BooleanField(
        label="Tôi xác nhận phần bỏ che được phép công khai (ghi vào nhật ký)", required=False
    )

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("text", comment.masked)


class PublishForm(forms.Form):
    """That somebody has really read it."""

    read = forms.BooleanField(
        label="Tôi đã đọc lại: nội dung đã che và câu trả lời không lộ thông tin riêng tư"
    )

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class CloseForm(forms.Form):
    """Why the public does not read it."""

    reason = _words(
        "Lý do không công khai", 3, help_text="Người gửi đọc được lý do này bằng mã theo dõi."
    )
    confirmed = forms.BooleanField(label=_CONFIRM, required=False)

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class FixedForm(forms.Form):
    """What is different now, and since when."""

    what = _words(
        "Đã sửa gì",
        3,
        help_text="Việc cụ thể đã thay đổi, ví dụ: “Đã thêm hai ghế chờ và dán lại bảng phí.”",
    )
    on = forms.DateField(
        label="Ngày sửa",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    confirmed = forms.BooleanField(label=_CONFIRM, required=False)

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("what", comment.fixed)
        self.initial.setdefault("on", comment.fixed_on)


class MoveForm(forms.Form):
    """A word to those who get it."""

    note = forms.CharField(
        label="Lý do chuyển",
        max_length=200,
        help_text="Chỉ nội bộ đọc. Không chép lời người dân vào đây.",
    )

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
