"""*Nêu nghi ngờ* in the editor: a case that a person opens about answers of some days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cms.models import Counter
from cms.scopes import scope_of
from feedback.models.ratings import Channel
from feedback.trust.cases import NotAllowed
from feedback.trust.doubts import doubt

LABEL = "Nêu nghi ngờ"


def may_doubt(user: Any) -> bool:
    """Those who decide about cases of the whole city: nobody of a single office."""
    return bool(user.has_perm("feedback.change_case")) and scope_of(user).everything


class DoubtForm(forms.Form):
    """Which answers, and why."""

    counter = forms.ModelChoiceField(
        Counter.objects.select_related("office").order_by("office__title", "name"), label="Quầy"
    )
    channel = forms.ChoiceField(
        label="Đánh giá gửi từ",
        choices=Channel.choices,
        initial=Channel.POSTER,
        widget=forms.RadioSelect,
    )
    first_day = forms.DateField(
        label="Từ ngày", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label="Đến ngày", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label="Điều làm bạn nghi ngờ",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Chỉ người quyết định đọc. Đừng ghi tên người dân.",
    )

    def clean_last_day(self) -> Any:
        """Nothing is doubted before it came."""
        last = self.cleaned_data["last_day"]
        if last > timezone.localdate():
            raise forms.ValidationError("Ngày này chưa tới.")
        return last


@require_http_methods(["GET", "HEAD", "POST"])
def doubt_page(request: HttpRequest) -> HttpResponse:
    """The form; what it opens is a case like any other, which somebody else decides."""
    if not may_doubt(request.user):
        raise PermissionDenied
    form = DoubtForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            case = doubt(**form.cleaned_data, user=request.user)
        except (NotAllowed, ValueError) as problem:
            form.add_error(None, str(problem))
        else:
            if case is not None:
                messages.success(
                    request,
                    f"Đã mở vụ {case.pk} với {case.ratings.count()} đánh giá. Các đánh giá này vẫn "
                    "tính cho đến khi một người khác quyết định.",
                )
                return redirect("trust_case", case.pk)
            form.add_error(
                None,
                "Không có đánh giá nào như vậy trong những ngày này, hoặc tất cả đã nằm trong "
                "vụ việc khác.",
            )
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": "Trang chủ"},
        {"url": reverse("trust_cases"), "label": "Vụ việc về đánh giá"},
        {"url": "", "label": LABEL},
    ]
    return render(
        request,
        "feedback/admin_doubt.html",
        {"form": form, "crumbs": crumbs},
        status=422 if form.errors else 200,
    )
