"""*Đánh giá tại quầy* in the editor: a counter's answers in batches, for those who work there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from cms.models import Counter
from cms.person_choice import in_order, name_people
from cms.scopes import scope_of
from feedback.drivers import DRIVER_WORDS
from feedback.models import CounterStaff, SnapshotScore, StaffBatch
from feedback.presentation import LEVEL_WORDS, month_text

LABEL = "Đánh giá tại quầy"
PERMISSION = "feedback.view_staffbatch"
#: Batches of a page: about a year of a busy counter.
SHOWN = 120


def urls() -> list[URLPattern]:
    """``/admin/danh-gia-tai-quay/…``; Wagtail lets only signed-in editors through to them."""
    return [
        path("danh-gia-tai-quay/", counter_list, name="staff_counters"),
        path("danh-gia-tai-quay/<int:counter_id>/", batch_list, name="staff_batches"),
    ]


def counters_of(user: Any) -> QuerySet[Counter]:
    """The counters whose batches this person sees.

    Staff see the counters they are written down for. Whoever may look for an office sees its
    counters; whoever may look everywhere does not see one that one officer kept alone, which is
    for its office only (rating.md §3.8).
    """
    own = Q(staff__user=user)
    if user.has_perm(PERMISSION):
        scope = scope_of(user)
        if scope.everything:
            own |= ~Q(pk__in=SnapshotScore.objects.filter(of_one=True).values("counter"))
        else:
            own |= Q(office__in=scope.offices)
    return Counter.objects.filter(own).select_related("office", "main_field").distinct()


def may_look(user: Any) -> bool:
    """Whether there is any counter to look at; the menu asks on every page."""
    return bool(
        user.has_perm(PERMISSION) or CounterStaff.objects.filter(user=user).only("pk").exists()
    )


@require_safe
def counter_list(request: HttpRequest) -> HttpResponse:
    """The counters to choose from; who has one goes straight to it."""
    counters = list(counters_of(request.user).order_by("office__title", "name")[:1000])
    if len(counters) == 1:
        return redirect("staff_batches", counters[0].pk)
    if not counters and not may_look(request.user):
        raise Http404
    return render(
        request,
        "feedback/admin_staff_counters.html",
        {"counters": counters, "crumbs": _crumbs()},
    )


@require_safe
def batch_list(request: HttpRequest, counter_id: int) -> HttpResponse:
    """The batches of a counter, the newest month first; neither days nor moments."""
    counter = counters_of(request.user).filter(pk=counter_id).first()
    if counter is None:
        raise Http404
    batches = StaffBatch.objects.filter(counter=counter)[:SHOWN]
    return render(
        request,
        "feedback/admin_staff_batches.html",
        {
            "counter": counter,
            "rows": [_row(batch) for batch in batches],
            "levels": list(LEVEL_WORDS.values()),
            "crumbs": _crumbs(str(counter)),
        },
    )


def _row(batch: StaffBatch) -> dict[str, Any]:
    """A batch in words: a month or two, its channel, its numbers."""
    first, last = month_text(batch.period), month_text(batch.through)
    named = [
        (str(DRIVER_WORDS[name]), number)
        for name, number in batch.drivers.items()
        if name in DRIVER_WORDS and number
    ]
    named.sort(key=lambda pair: -pair[1])
    return {
        "months": first if first == last else f"{first}–{last}",
        "number": batch.number,
        "channel": batch.get_channel_display(),
        "total": sum(batch.levels),
        "levels": [(words, batch.levels[level - 1]) for level, words in LEVEL_WORDS.items()],
        "named": named,
    }


def _crumbs(step: str = "") -> list[dict[str, str]]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": "Trang chủ"},
        {"url": reverse("staff_counters") if step else "", "label": LABEL},
    ]
    return [*crumbs, {"url": "", "label": step}] if step else crumbs


class CounterStaffForm(WagtailAdminModelForm):
    """An account and a counter."""

    user = forms.ModelChoiceField(
        label="Người dùng",
        queryset=get_user_model().objects.filter(is_active=True).order_by("username"),
        help_text="Tài khoản chỉ cần quyền vào trang quản trị; mục này cho xem đánh giá của quầy.",
    )
    counter = forms.ModelChoiceField(
        label="Quầy", queryset=Counter.objects.select_related("office")
    )

    class Meta:
        model = CounterStaff
        fields = ("user", "counter")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_people(self.fields["user"])
        in_order(self.fields["counter"])


class CounterStaffViewSet(ModelViewSet):
    """*Người của quầy*: who may see the batches of which counter; for administrators."""

    model = CounterStaff
    name = "nguoi-cua-quay"
    url_prefix = "nguoi-cua-quay"
    icon = "group"
    menu_label = "Người của quầy"
    menu_order = 655
    add_to_settings_menu = True
    form_fields = ("user", "counter")
    list_display = ("user", Column("counter", label="Quầy"))
    copy_view_enabled = False
    inspect_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> Any:
        """People by name."""
        return CounterStaffForm
