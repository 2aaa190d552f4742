"""Forms of one curated entry and of one evaluation question."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.models import ProcedurePage
from search.kind_words import words_of
from search.language import BEST_BET, HIDDEN, KINDS
from search.models import EvaluationQuestion, LanguageEntry
from search.models.curated import CuratedRow

#: Own test questions of a preview.
TRIES = 10


class CuratedForm(forms.ModelForm):
    """Refuses to overwrite what somebody else saved since the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_user = for_user
        self._stored = _state(self.instance) if self.instance.pk else ""
        self.initial["seen"] = self._stored

    def clean(self) -> dict[str, Any]:
        """Compare with what was shown."""
        data = super().clean() or {}
        if self.instance.pk and data.get("seen") != self._stored:
            row = self.instance
            who = str(row.changed_by or "bản phần mềm mới")
            when = (
                f" lúc {timezone.localtime(row.changed_at):%H:%M %d/%m}" if row.changed_at else ""
            )
            raise ValidationError(
                f"{who} vừa sửa mục này{when}. Hãy mở lại mục trong thẻ khác để xem; "
                "những gì bạn gõ vẫn còn ở đây."
            )
        return data

    def warnings(self) -> list[str]:
        """What is allowed but probably not meant."""
        return []


def _state(row: CuratedRow) -> str:
    return f"{row.digest()}{row.active:d}"


def unknown_codes(text: str) -> list[str]:
    """Codes, separated by blanks, that no published procedure has."""
    wanted = text.lower().split()
    spelt = {one for code in wanted for one in (code, code.upper())}
    rows = ProcedurePage.objects.live().filter(code__in=spelt).order_by()
    known = {code.lower() for code in rows.values_list("code", flat=True)}
    return [code for code in wanted if code not in known]


class EntryForm(CuratedForm):
    """An entry; labels and help are those of its kind."""

    tries = forms.CharField(
        label="Câu thử",
        required=False,
        max_length=2500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Không lưu. Mỗi dòng một câu, tối đa {TRIES} câu, để xem kết quả đổi ra sao.",
    )

    class Meta:
        model = LanguageEntry
        fields = ["kind", "said", "means", "note", "active"]
        widgets = {
            "kind": forms.HiddenInput,
            "means": forms.Textarea(attrs={"rows": 6}),
            "note": forms.TextInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind or self.data.get("kind") or self.initial.get("kind") or ""
        self.words = words = words_of(kind)
        said, means = self.fields["said"], self.fields["means"]
        said.label = words.said
        said.help_text = f"Ví dụ: {words.example}" if words.example else ""
        if words.means:
            means.label, means.help_text = words.means, words.means_help
            means.required = not words.optional
        else:
            del self.fields["means"]
        self.fields["note"].label = "Tên thủ tục" if kind == HIDDEN else "Ghi chú"
        self.fields["note"].help_text = (
            "Chỉ để người biên tập nhận ra; để trống thì máy tự điền."
            if kind == HIDDEN
            else "Chỉ người biên tập đọc."
        )
        self.fields["active"].help_text = "Bỏ chọn để tắt mà không xoá."
        if self.instance.pk:
            self.fields["kind"].disabled = True

    def clean_tries(self) -> list[str]:
        """The editor's own questions."""
        lines = [line.strip()[:200] for line in self.cleaned_data["tries"].splitlines()]
        found = [line for line in lines if line]
        if len(found) > TRIES:
            raise ValidationError(f"Tối đa {TRIES} câu thử.")
        return found

    def clean_kind(self) -> str:
        """One that the search knows."""
        kind = self.cleaned_data["kind"]
        if kind not in KINDS:
            raise ValidationError("Không có loại này.")
        return str(kind)

    def clean(self) -> dict[str, Any]:
        """A hidden term without a name gets that of its procedure."""
        data = super().clean()
        if data.get("kind") == HIDDEN and data.get("said") and not data.get("note"):
            page = ProcedurePage.objects.filter(code__iexact=data["said"].strip()).first()
            data["note"] = page.name if page else ""
        return data

    def warnings(self) -> list[str]:
        """Codes this site does not have."""
        row = self.instance
        codes = {HIDDEN: row.said, BEST_BET: row.means}.get(row.kind, "")
        unknown = unknown_codes(codes)
        if not unknown:
            return []
        return [f"Chưa có thủ tục nào đang đăng mang mã {', '.join(unknown)}."]


class QuestionForm(CuratedForm):
    """An evaluation question."""

    class Meta:
        model = EvaluationQuestion
        fields = ["query", "codes", "kind", "note", "active"]
        widgets = {
            "codes": forms.Textarea(attrs={"rows": 3}),
            "note": forms.TextInput,
        }
        help_texts = {
            "query": "Đúng như người dân gõ, kể cả không dấu hay gõ sai.",
            "codes": "Mỗi dòng một mã; câu hỏi đúng khi một trong số đó đứng đầu hoặc trong ba "
            "kết quả đầu. Để trống: câu hỏi không được ra kết quả nào.",
            "kind": "Để xem riêng từng loại trong báo cáo, ví dụ: không dấu.",
            "active": "Bỏ chọn để thôi hỏi mà không xoá.",
        }

    def warnings(self) -> list[str]:
        """Codes this site does not have."""
        unknown = unknown_codes(self.instance.codes)
        if not unknown:
            return []
        return [f"Chưa có thủ tục nào đang đăng mang mã {', '.join(unknown)}."]
