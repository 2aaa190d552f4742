"""*Vụ việc về đánh giá* in the editor: what is doubted, why, and what people decide about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.scopes import scope_of
from feedback.binning import SMALLEST
from feedback.doubt_admin import doubt_page, may_doubt
from feedback.models import Case
from feedback.models.ratings import Channel, Standing
from feedback.models.trust import CaseState, Signal
from feedback.trust.cases import (
    NotAllowed,
    NotNow,
    contest,
    decide,
    may_contest,
    proposals,
    why_not,
)

LABEL = "Vụ việc về đánh giá"
CASES_A_PAGE = 40
#: What each signal means, and what its figures are called.
SIGNAL_WORDS = {
    Signal.BURST: "Trong mười phút có nhiều đánh giá từ áp phích hơn hẳn số người được phục vụ.",
    Signal.EXCESS: "Trong ngày, đánh giá từ áp phích nhiều hơn số lượt phục vụ. Không phân biệt "
    "được đánh giá nào là thừa, nên cả ngày được giữ lại.",
    Signal.DEVICE: "Một trình duyệt đánh giá năm quầy trở lên trong bốn mươi phút.",
    Signal.DIVERGENCE: "Đánh giá từ áp phích khác đánh giá từ giấy hẹn nhiều hơn ở các quầy khác.",
    Signal.SLIPS: "Trong ngày, mã một lần (giấy hẹn, phiếu) được dùng nhiều hơn hẳn những ngày "
    "trước. Hệ thống không tự giữ lại: hãy đối chiếu cuộn phiếu và số lượt phục vụ.",
    Signal.SCREEN: "Mã trên màn hình của quầy được dùng dồn dập, hoặc nhiều hơn hẳn những ngày "
    "trước, hoặc trong tháng khác hẳn giấy hẹn. Hệ thống không tự giữ lại.",
    Signal.AFTER_HOURS: "Nhiều đánh giá gửi ngoài giờ làm việc của cơ quan.",
    Signal.TOO_FAST: "Nhiều đánh giá được gửi chưa đầy ba giây sau khi mở phiếu.",
    Signal.SAME_TEXT: "Nhiều góp ý gần như giống hệt nhau.",
    Signal.PERSON: "Một người kiểm tra nghi ngờ.",
}
FIGURE_WORDS = {
    "answers": "Số đánh giá",
    "tickets": "Lượt phục vụ",
    "usual": "Thường ngày",
    "of": "Trên tổng số",
    "browsers": "Số trình duyệt",
    "poster": "Từ áp phích",
    "screen": "Từ màn hình",
    "receipt": "Từ giấy hẹn",
    "gap": "Chênh lệch (điểm)",
    "peer_gap": "Chênh lệch ở các quầy khác",
    "z": "Số lần sai số chuẩn",
    "channel": "Gửi từ",
    "note": "Điều gây nghi ngờ",
}


def urls() -> list[URLPattern]:
    """``/admin/vu-viec/…``; Wagtail lets only signed-in editors through to them."""
    return [
        path("vu-viec/", case_list, name="trust_cases"),
        path("vu-viec/nghi-ngo/", doubt_page, name="trust_doubt"),
        path("vu-viec/<int:case_id>/", case_page, name="trust_case"),
        path("vu-viec/<int:case_id>/phan-doi/", contest_case, name="trust_case_contest"),
    ]


class DecisionForm(forms.Form):
    """What is decided, on what grounds, and what the public reads."""

    state = forms.ChoiceField(label="Quyết định", widget=forms.RadioSelect)
    note = forms.CharField(
        label="Căn cứ", widget=forms.Textarea(attrs={"rows": 3}), help_text="Chỉ nội bộ đọc."
    )
    public_note = forms.CharField(
        label="Kết luận công khai",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ghi vào sổ công khai, không sửa được về sau. Đừng nêu tên người hay tên quầy.",
    )

    def __init__(self, case: Case, proposed: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        field.choices = _choices(case, proposed)  # type: ignore[attr-defined]


def _choices(case: Case, proposed: int) -> list[tuple[str, str]]:
    """Decisions that can follow on the case as it is."""
    if case.state in (CaseState.RELEASED, CaseState.DISMISSED):
        return []
    aside = case.automatic or case.state == CaseState.UPHELD
    choices = []
    if case.state == CaseState.OPEN or case.contested_on:
        choices.append((CaseState.UPHELD.value, "Giữ lại, không tính"))
    if aside:
        words = "Tính lại (người thứ hai)" if proposed else "Đề nghị tính lại (cần hai người)"
        choices.append((CaseState.RELEASED.value, words))
    else:
        choices.append((CaseState.DISMISSED.value, "Không có gì sai, vẫn tính"))
    return choices


class ContestForm(forms.Form):
    """Why the office thinks that its answers are honest."""

    text = forms.CharField(
        label="Vì sao các đánh giá này là thật", widget=forms.Textarea(attrs={"rows": 4})
    )


def may_look(user: Any) -> bool:
    """Those who decide, and those of an office who may see what is said about it."""
    return user.has_perm("feedback.view_case") or user.has_perm("feedback.change_case")


def _cases(request: HttpRequest) -> QuerySet[Case]:
    if not may_look(request.user):
        raise PermissionDenied
    return scope_of(request.user).limit(
        Case.objects.select_related("counter__office", "contested_by")
    )


def waiting(user: Any) -> int:
    """Cases that wait for a decision of this person's kind."""
    open_ones = Q(state=CaseState.OPEN) | Q(state=CaseState.UPHELD, contested_on__isnull=False)
    return scope_of(user).limit(Case.objects.filter(open_ones)).count()


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Newest first; ``?tinh-trang=`` one state."""
    cases = _cases(request).annotate(number=Count("ratings")).order_by("-opened_on", "-pk")
    state = request.GET.get("tinh-trang", "")
    if state in CaseState.values:
        cases = cases.filter(state=state)
    return render(
        request,
        "feedback/admin_cases.html",
        {
            "page": Paginator(cases, CASES_A_PAGE).get_page(request.GET.get("p")),
            "states": CaseState.choices,
            "state": state,
            "may_doubt": may_doubt(request.user),
            "crumbs": _crumbs(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """A case, its figures, its decisions, and the form for the next one."""
    case = get_object_or_404(_cases(request), pk=case_id)
    proposed = proposals(case)
    form = DecisionForm(case, len(proposed), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            case = decide(case=case, user=request.user, **form.cleaned_data)
        except (NotAllowed, NotNow, ValueError) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _done(case))
            return redirect("trust_case", case.pk)
    return _show(request, case, form, ContestForm())


def _done(case: Case) -> str:
    if case.state == CaseState.RELEASED:
        return "Đã tính lại các đánh giá; điểm trở về như khi chưa giữ."
    if proposals(case):
        return "Đã ghi đề nghị tính lại. Một người khác phải đồng ý thì mới có hiệu lực."
    return "Đã ghi quyết định vào sổ công khai."


@require_POST
def contest_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """The office's objection."""
    case = get_object_or_404(_cases(request), pk=case_id)
    form = ContestForm(request.POST)
    if form.is_valid():
        try:
            contest(case=case, user=request.user, **form.cleaned_data)
        except (NotAllowed, NotNow, ValueError) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Đã ghi phản đối. Người ngoài cơ quan sẽ xem lại.")
            return redirect("trust_case", case.pk)
    return _show(request, case, DecisionForm(case, len(proposals(case))), form)


def _show(
    request: HttpRequest, case: Case, form: DecisionForm, objection: ContestForm
) -> HttpResponse:
    numbers = list(
        case.ratings.order_by()
        .values("channel", "attitude")
        .annotate(number=Count("pk"), aside=Count("pk", filter=Q(standing=Standing.QUARANTINED)))
    )
    levels = [
        (level, sum(row["number"] for row in numbers if row["attitude"] == level))
        for level in range(5, 0, -1)
    ]
    closed = case.state in (CaseState.RELEASED, CaseState.DISMISSED)
    own = may_contest(case=case, user=request.user)
    return render(
        request,
        "feedback/admin_case.html",
        {
            "case": case,
            "total": sum(row["number"] for row in numbers),
            "aside": sum(row["aside"] for row in numbers),
            "channels": [
                (words, number)
                for channel, words in Channel.choices
                if (number := sum(r["number"] for r in numbers if r["channel"] == channel))
            ],
            # An office reads its answers in batches and late, without times (rating.md §1).
            # Fewer than five would be the answers of single people, to nobody's eyes.
            "levels": [] if own or sum(number for _, number in levels) < SMALLEST else levels,
            "meaning": SIGNAL_WORDS[Signal(case.signal)],
            "figures": [] if own else _figures(case),
            "decisions": case.decisions.select_related("decided_by"),
            "proposed": proposals(case),
            "form": form,
            "why_not": why_not(case=case, user=request.user),
            "own": own,
            "may_contest": own and not closed and not case.contested_on,
            "objection": objection,
            "closed": closed,
            "crumbs": _crumbs(f"Vụ {case.pk}"),
        },
        status=422 if form.errors or objection.errors else 200,
    )


def _figures(case: Case) -> list[tuple[str, str]]:
    """The figures the signal was judged by, in words."""
    found = []
    for name, value in case.evidence.items():
        if name == "windows":
            for window, number in value.items():
                start = int(window) * 10
                found.append((f"{start // 60}:{start % 60:02d}, trong mười phút", f"{number}"))
        elif name == "channel":
            found.append((FIGURE_WORDS[name], Channel(value).label))
        elif name in FIGURE_WORDS and value is not None:
            text = f"{value:.1f}".replace(".", ",") if isinstance(value, float) else f"{value}"
            found.append((FIGURE_WORDS[name], text))
    return found


def _crumbs(step: str = "") -> list[dict[str, str]]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": "Trang chủ"},
        {"url": reverse("trust_cases") if step else "", "label": LABEL},
    ]
    return [*crumbs, {"url": "", "label": step}] if step else crumbs
