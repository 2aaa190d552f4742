"""*Cuộn phiếu* in the editor: make a roll, print it again and again, hand back what is left."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.models import Counter
from cms.scopes import scope_of
from feedback.keys import last_day_of_keys
from feedback.models import SlipRoll
from feedback.printing.city import PERMISSION
from feedback.slips import MOST, ROLL_PAPERS, RollProblem, hand_back, make_roll, roll_pdf

LABEL = "Cuộn phiếu"
ROLLS_A_PAGE = 40


def urls() -> list[URLPattern]:
    """``/admin/cuon-phieu/…``; Wagtail lets only signed-in editors through to them."""
    return [
        path("cuon-phieu/", roll_list, name="slip_rolls"),
        path("cuon-phieu/<int:roll_id>/", roll_page, name="slip_roll"),
        path("cuon-phieu/<int:roll_id>/tra-lai/", hand_back_page, name="slip_roll_hand_back"),
        path("cuon-phieu/<int:roll_id>/<str:paper>.pdf", roll_file, name="slip_roll_file"),
    ]


class RollForm(forms.Form):
    """Counter, day and number of slips of a new roll."""

    counter = forms.ModelChoiceField(Counter.objects.none(), label="Quầy")
    day = forms.DateField(
        label="Dùng cho ngày", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    slips = forms.IntegerField(
        label="Số phiếu",
        min_value=1,
        max_value=MOST,
        help_text=f"Bằng số lượt phục vụ dự kiến trong ngày, nhiều nhất {MOST}.",
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counters = scope_of(user).limit(Counter.objects.open().select_related("office"))
        field = self.fields["counter"]
        field.queryset = counters.order_by("office__title", "name")  # type: ignore[attr-defined]


class HandBackForm(forms.Form):
    """The number of the first slip that was not handed out."""

    first = forms.IntegerField(label="Trả lại từ phiếu số", min_value=1)


def _check(request: HttpRequest, thing: Any = None) -> None:
    allowed = request.user.has_perm(PERMISSION)
    if not allowed or (thing is not None and not scope_of(request.user).allows(thing)):
        raise PermissionDenied


def _roll(request: HttpRequest, roll_id: int) -> SlipRoll:
    _check(request)
    rolls = SlipRoll.objects.select_related("counter__office", "printed_by", "void_by")
    roll = get_object_or_404(rolls, pk=roll_id)
    _check(request, roll.counter)
    return roll


@require_http_methods(["GET", "HEAD", "POST"])
def roll_list(request: HttpRequest) -> HttpResponse:
    """A new roll, and those made before."""
    _check(request)
    today = timezone.localdate()
    initial = {"day": today, "counter": request.GET.get("quay"), "slips": 100}
    sent = request.POST if request.method == "POST" else None
    form = RollForm(request.user, sent, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            roll = make_roll(**form.cleaned_data, user=request.user, today=today)
        except RollProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Đã tạo cuộn {roll.number}, {roll.slips} phiếu.")
            return redirect("slip_roll", roll.pk)
    rolls = scope_of(request.user).limit(SlipRoll.objects.select_related("counter__office"))
    page = Paginator(rolls, ROLLS_A_PAGE).get_page(request.GET.get("p"))
    return render(
        request,
        "feedback/admin_rolls.html",
        {"form": form, "page": page, "crumbs": _crumbs()},
        status=422 if form.errors else 200,
    )


@require_safe
def roll_page(request: HttpRequest, roll_id: int) -> HttpResponse:
    """What a roll is, its files, and the way to hand back."""
    roll = _roll(request, roll_id)
    return render(
        request,
        "feedback/admin_roll.html",
        {
            "roll": roll,
            "last_day": last_day_of_keys(roll.day),
            "papers": list(ROLL_PAPERS),
            "left": roll.slips if roll.void_from is None else roll.void_from - 1,
            "crumbs": _crumbs(str(roll)),
        },
    )


@never_cache
@require_safe
def roll_file(request: HttpRequest, roll_id: int, paper: str) -> HttpResponseBase:
    """The slips as PDF; the same codes at every print. Kept in no cache: they are votes."""
    roll = _roll(request, roll_id)
    if paper not in ROLL_PAPERS:
        raise Http404
    try:
        data = roll_pdf(roll, paper)
    except ValueError as problem:
        return HttpResponse(str(problem), status=422, content_type="text/plain; charset=utf-8")
    name = f"phieu-{roll.counter.code}-{roll.day:%Y-%m-%d}-{roll.number}-{paper}.pdf"
    return FileResponse(io.BytesIO(data), filename=name, content_type="application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def hand_back_page(request: HttpRequest, roll_id: int) -> HttpResponse:
    """*Trả lại*: from which number on, asked once more before it is done for good."""
    roll = _roll(request, roll_id)
    form = HandBackForm(request.POST if request.method == "POST" else None)
    sure = False
    if request.method == "POST" and form.is_valid():
        first = form.cleaned_data["first"]
        end = roll.void_from or roll.slips + 1
        if first >= end:
            form.add_error("first", f"Ghi một số từ 1 đến {end - 1}.")
        elif request.POST.get("sure") != f"{first}":
            sure = True
        else:
            try:
                void, used = hand_back(roll=roll, first=first, user=request.user)
            except RollProblem as problem:
                messages.error(request, str(problem))
            else:
                of_them = f" {used} phiếu trong số đó đã được dùng và vẫn tính." if used else ""
                messages.success(request, f"Đã huỷ {void} phiếu, từ số {first}.{of_them}")
            return redirect("slip_roll", roll.pk)
    last = (roll.void_from or roll.slips + 1) - 1
    return render(
        request,
        "feedback/admin_roll_hand_back.html",
        {
            "roll": roll,
            "form": form,
            "sure": sure,
            "last": last,
            "count": last - form.cleaned_data["first"] + 1 if sure else 0,
            "crumbs": _crumbs(str(roll), reverse("slip_roll", args=[roll.pk]), "Trả lại"),
        },
        status=422 if form.errors else 200,
    )


def _crumbs(*steps: str) -> list[dict[str, str]]:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": "Trang chủ"}]
    crumbs.append({"url": reverse("slip_rolls") if steps else "", "label": LABEL})
    if len(steps) > 1:
        crumbs.append({"url": steps[1], "label": steps[0]})
    return [*crumbs, {"url": "", "label": steps[-1]}] if steps else crumbs
