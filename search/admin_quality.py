"""*Chất lượng tìm kiếm*: how many questions were answered rightly, when, and which are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

from search.admin import LanguageViewSet, QuestionViewSet
from search.evaluating import names_of, want_now
from search.kind_words import question_kind
from search.language import BEST_BET, HIDDEN, ONE_WAY
from search.models import EvaluationQuestion, EvaluationRun, IndexComparison, LanguageEntry

#: Runs in the chart and in the table.
RUNS = 60
FAILED_SHOWN = 100
#: Codes named of each kind of difference between index and database.
DIFFERING_SHOWN = 3


def may_read(user: Any) -> bool:
    """Who keeps the words or the questions."""
    actions = ["view", "add", "change", "delete"]
    return any(
        ModelPermissionPolicy(model).user_has_any_permission(user, actions)
        for model in (LanguageEntry, EvaluationQuestion)
    )


@dataclass(frozen=True)
class Series:
    """A line of the chart; ``points`` in the SVG's own units."""

    name: str
    key: str
    points: str
    dots: list[tuple[str, str]]
    last: float
    label_y: str


#: The chart's inner rectangle.
_LEFT, _TOP, _WIDTH, _HEIGHT = 46.0, 14.0, 560.0, 200.0
_LINES = (("hit3", "Đúng trong ba"), ("mrr", "MRR"), ("hit1", "Đúng ngay đầu"))


def chart(runs: list[EvaluationRun]) -> dict[str, Any] | None:
    """Lines over time from the oldest to the newest run; None for fewer than two runs."""
    if len(runs) < 2:
        return None
    runs = sorted(runs, key=lambda one: one.at)
    start, span = runs[0].at, (runs[-1].at - runs[0].at).total_seconds() or 1.0
    lowest = min(min(one.hit1, one.hit3, one.mrr) for one in runs)
    floor = max(0.0, int(lowest * 10 - 0.5) / 10)

    def across(one: EvaluationRun) -> float:
        return _LEFT + _WIDTH * (one.at - start).total_seconds() / span

    def down(value: float) -> float:
        return _TOP + _HEIGHT * (1 - (value - floor) / (1 - floor))

    series: list[Series] = []
    taken: list[float] = []
    for key, name in _LINES:
        places = [(f"{across(one):.1f}", f"{down(getattr(one, key)):.1f}") for one in runs]
        label = down(getattr(runs[-1], key)) + 4
        while any(abs(label - other) < 15 for other in taken):
            label += 3
        taken.append(label)
        points = " ".join(",".join(place) for place in places)
        last = getattr(runs[-1], key)
        series.append(Series(name, key, points, places, last, f"{label:.1f}"))
    steps = [floor + (1 - floor) * part / 4 for part in range(5)]
    first, newest = (timezone.localtime(one.at) for one in (runs[0], runs[-1]))
    return {
        "series": series,
        "grid": [(f"{down(step):.1f}", f"{step * 100:.0f} %") for step in steps],
        "first": first,
        "last": newest,
        "runs": len(runs),
        "width": 760,
        "height": 250,
        "left": _LEFT,
        "right": _LEFT + _WIDTH,
        "label_x": _LEFT + _WIDTH + 8,
        "bottom": _TOP + _HEIGHT + 22,
    }


@dataclass(frozen=True)
class Failing:
    """A question that is not answered, and where to go from it."""

    query: str
    kind: str
    right: list[tuple[str, str]]
    first: list[tuple[str, str]]
    links: list[tuple[str, str]]


def _failing(one: dict[str, Any], names: dict[str, str]) -> Failing:
    query, codes = one["query"], one["codes"]
    add = reverse(LanguageViewSet().get_url_name("add"))
    links: list[tuple[str, str]] = []

    def link(label: str, **values: str) -> None:
        links.append((label, f"{add}?{urlencode({**values, 'tries': query})}"))

    here = [code for code in codes if code in names]
    if here:
        link("Thêm cách gọi", kind=HIDDEN, said=here[0], means=query)
        link("Thêm từ đồng nghĩa", kind=ONE_WAY, said=query)
        link("Đặt lên đầu", kind=BEST_BET, said=query, means=here[0])
    elif not codes:
        link("Ghi là ngoài phạm vi", kind="off_topic", said=query)
    return Failing(
        query,
        question_kind(one["kind"]),
        [(code, names.get(code, "")) for code in codes if code in names],
        [(code, names.get(code, "")) for code in one["first"]],
        links,
    )


_DIFFERENCES = (("missing", "thiếu"), ("superfluous", "thừa"), ("outdated", "cũ"))


def differences(one: IndexComparison) -> list[tuple[str, int, str]]:
    """``(kind, how many, codes of the first)`` of each kind that a comparison found."""
    found = []
    for key, name in _DIFFERENCES:
        count = getattr(one, key)
        codes = one.examples.get(key, [])[:DIFFERING_SHOWN]
        if count:
            found.append((name, count, ", ".join(codes) + (", …" if count > len(codes) else "")))
    return found


def quality(request: HttpRequest) -> HttpResponse:
    """The report; POST measures now."""
    if not may_read(request.user):
        raise PermissionDenied
    may_measure = ModelPermissionPolicy(EvaluationQuestion).user_has_permission(
        request.user, "change"
    )
    if request.method == "POST":
        if not may_measure:
            raise PermissionDenied
        _measure(request)
        return redirect("search_quality")
    runs = list(EvaluationRun.objects.order_by("-at")[:RUNS])
    newest = runs[0] if runs else None
    compared = IndexComparison.objects.first()
    failing = newest.failed[:FAILED_SHOWN] if newest else []
    names = names_of({code for one in failing for code in (*one["codes"], *one["first"])})
    context = {
        "runs": runs,
        "newest": newest,
        "by_kind": [(question_kind(kind), one) for kind, one in newest.by_kind.items()]
        if newest
        else [],
        "chart": chart(runs),
        "failing": [_failing(one, names) for one in failing],
        "failing_total": len(newest.failed) if newest else 0,
        "questions": EvaluationQuestion.objects.filter(active=True).count(),
        "questions_url": reverse(QuestionViewSet().get_url_name("index")),
        "may_measure": may_measure,
        "compared": compared,
        "differences": differences(compared) if compared else [],
    }
    return render(request, "search/admin/quality.html", context)


def _measure(request: HttpRequest) -> None:
    if EvaluationQuestion.objects.filter(active=True).exists():
        want_now()
        messages.success(request, "Máy đang đo trong nền. Tải lại trang này sau chừng một phút.")
    else:
        messages.warning(request, "Chưa có câu hỏi mẫu nào đang dùng.")


class QualityMenuItem(MenuItem):
    """Shown to whoever keeps the words or the questions."""

    def is_shown(self, request: HttpRequest) -> bool:
        """As the report itself."""
        return may_read(request.user)


def menu_item() -> MenuItem:
    """In the menu *Tìm kiếm*."""
    return QualityMenuItem(
        "Chất lượng tìm kiếm", reverse("search_quality"), icon_name="success", order=30
    )


def urls() -> list[URLPattern]:
    """``/admin/chat-luong-tim-kiem/``."""
    return [path("chat-luong-tim-kiem/", quality, name="search_quality")]
