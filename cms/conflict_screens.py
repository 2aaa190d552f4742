"""*Xung đột với bản quốc gia* in the editor: the list, one page side by side, the three answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem as LinkMenuItemComponent
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms import conflicts
from cms.conflict_texts import Run, marked, part_text
from cms.laying import newest
from cms.local_conflicts import PREFIX
from cms.lookup import matching_procedures
from cms.models import ImportConflict, NationalRecord, ProcedurePage
from cms.publishing import PublishingRefused
from cms.scopes import scope_of

TITLE = "Xung đột với bản quốc gia"
PER_PAGE = 50
#: Solved conflicts a page shows: the newest ones.
SOLVED = 20
_SESSION = "conflicts_in_hand"
#: Where a part stands in the form, when it is not called as its field.
_FIELDS = {"name": "title"}


def editable(user: Any) -> QuerySet:
    """The procedures this user may edit."""
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    found = ProcedurePage.objects.filter(pk__in=pages.order_by().values("pk"))
    return scope_of(user).limit_pages(found)


def number_open(user: Any) -> int:
    """How many conflicts wait for this user."""
    waiting = ImportConflict.objects.filter(solved_at=None)
    if not user.is_superuser:
        waiting = waiting.filter(page__in=editable(user).values("pk"))
    return waiting.count()


@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Pages with open conflicts, oldest first, and pages whose record is gone."""
    mine = editable(request.user)
    waiting = (
        mine.annotate(open=Count("conflicts", filter=Q(conflicts__solved_at=None)))
        .filter(open__gt=0)
        .select_related("field")
        .defer_streamfields()
        .order_by("field__name", "code")
    )
    query = request.GET.get("q", "").strip()
    if query:
        waiting = waiting.filter(pk__in=matching_procedures(query))
    pages = Paginator(waiting, PER_PAGE).get_page(request.GET.get("p"))
    names: dict[int, list[str]] = {}
    for pk, name in ImportConflict.objects.filter(
        solved_at=None, page__in=[one.pk for one in pages]
    ).values_list("page_id", "name"):
        names.setdefault(pk, []).append(name)
    missing = (
        NationalRecord.objects.filter(missing_since__isnull=False, page__in=mine.values("pk"))
        .order_by("-missing_since", "page__code")
        .values("page_id", "page__code", "page__title", "page__standing", "missing_since")
    )
    gone = Paginator(missing, PER_PAGE).get_page(request.GET.get("m"))
    return render(
        request,
        "cms/admin/conflict_list.html",
        {
            "rows": [{"page": one, "names": names.get(one.pk, [])} for one in pages],
            "pages": pages,
            "gone": gone,
            "query": query,
            "header_title": TITLE,
            "header_icon": "warning",
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": "Trang chủ"},
                {"url": "", "label": TITLE},
            ],
        },
    )


@dataclass(frozen=True)
class Row:
    """A conflict as shown: three texts, the later two marked where they leave the first."""

    conflict: ImportConflict
    base: str
    ours: list[Run]
    theirs: list[Run]
    edit_url: str
    rule: bool
    seen: str


def _row(conflict: ImportConflict, ours: Any) -> Row:
    base = part_text(conflict.part, conflict.base)
    mine, new = part_text(conflict.part, ours), part_text(conflict.part, conflict.theirs)
    rule = conflict.part.startswith(PREFIX)
    return Row(
        conflict,
        base,
        # A rule has no former text: only what the record says of its matter changed.
        [Run(mine)] if rule else marked(base, mine),
        marked(base, new),
        _edit_url(conflict),
        rule,
        conflicts.fingerprint(conflict, ours),
    )


def _edit_url(conflict: ImportConflict) -> str:
    top = conflict.part.partition("/")[0]
    url = reverse("wagtailadmin_pages:edit", args=[conflict.page_id])
    return f"{url}#truong-{_FIELDS.get(top, top)}"


@never_cache
def page_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """The conflicts of one procedure, side by side."""
    page = _page(request, page_id)
    draft = newest(page)
    waiting = conflicts.open_conflicts(page)
    solved = (
        ImportConflict.objects.filter(page=page, solved_at__isnull=False)
        .select_related("solved_by")
        .order_by("-solved_at", "-pk")[:SOLVED]
    )
    allowed = page.permissions_for_user(request.user)
    return render(
        request,
        "cms/admin/conflict_page.html",
        {
            "page": page,
            "national": NationalRecord.objects.filter(page=page).first(),
            "rows": [_row(one, conflicts.ours_now(one, draft)) for one in waiting],
            "solved": [
                {
                    "conflict": one,
                    "ours": part_text(one.part, one.ours),
                    "theirs": part_text(one.part, one.theirs),
                }
                for one in solved
            ],
            "may_publish": page.live and allowed.can_publish(),
            "other_draft": page.live and page.has_unpublished_changes,
            "header_title": f"{TITLE}: {page.code}",
            "header_icon": "warning",
            "breadcrumbs_items": [
                {"url": reverse("conflicts:index"), "label": TITLE},
                {"url": "", "label": page.code},
            ],
        },
    )


def _page(request: HttpRequest, page_id: int) -> ProcedurePage:
    page: ProcedurePage = get_object_or_404(
        ProcedurePage.objects.select_related("field"), pk=page_id
    )
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page


@require_POST
def solve(request: HttpRequest, conflict_id: int) -> HttpResponse:
    """One of the three answers; then back to the page's conflicts, or into the editor."""
    conflict = get_object_or_404(ImportConflict, pk=conflict_id)
    page = _page(request, conflict.page_id)
    back = redirect("conflicts:page", page.pk)
    answer, seen = request.POST.get("answer", ""), request.POST.get("seen", "")
    if answer == "edit":
        if conflict.solved_at is None:
            _take_in_hand(request, conflict)
        return redirect(_edit_url(conflict))
    try:
        if answer == "keep":
            conflicts.keep(conflict_id=conflict.pk, user=request.user, seen=seen)
            messages.success(request, f"Đã giữ bản của thành phố: {conflict.name}.")
        elif answer == "take":
            laid = conflicts.take_national(
                conflict_id=conflict.pk,
                user=request.user,
                publish=bool(request.POST.get("publish")),
                seen=seen,
            )
            waits = laid.page.has_unpublished_changes or not laid.page.live
            how = "lưu thành bản nháp" if waits and not laid.live else "đã đăng"
            messages.success(request, f"Đã lấy bản quốc gia: {conflict.name} ({how}).")
        else:
            messages.error(request, "Chưa chọn cách giải quyết.")
    except conflicts.AlreadySolved:
        messages.info(request, f"Đã có người giải quyết trước: {conflict.name}.")
    except conflicts.ChangedMeanwhile:
        messages.warning(
            request,
            f"Nội dung vừa đổi từ lúc bạn mở trang này: {conflict.name}. Chưa đổi gì; "
            "hãy đọc lại bản mới bên dưới rồi chọn.",
        )
    except conflicts.PageLocked:
        messages.error(
            request,
            "Trang đang bị khoá hoặc đã hẹn ngày đăng, nên chưa lấy được bản quốc gia. "
            "Hãy mở khoá hoặc bỏ hẹn ở trang sửa, rồi làm lại.",
        )
    except PublishingRefused as refusal:
        messages.error(
            request,
            f"Chưa lấy bản quốc gia, vì trang chưa đủ để đăng. {refusal.way_out} "
            "Hoặc bỏ chọn “Đăng ngay” để lưu thành bản nháp.",
        )
    if not ImportConflict.objects.filter(page=page, solved_at=None).exists():
        messages.success(request, f"Thủ tục {page.code} không còn xung đột nào.")
    return back


def _take_in_hand(request: HttpRequest, conflict: ImportConflict) -> None:
    """Remember that she went to edit it: saving the part answers the conflict."""
    known = [pk for pk in request.session.get(_SESSION, []) if pk != conflict.pk][-50:]
    request.session[_SESSION] = [*known, conflict.pk]
    # Compared with when she saves: what she went to edit, not what stood there at the import.
    ours = conflicts.ours_now(conflict, newest(conflict.page))
    ImportConflict.objects.filter(pk=conflict.pk, solved_at=None).update(ours=ours)


@hooks.register("before_publish_page")
def before_publish(request: HttpRequest, page: Any) -> None:
    """Wagtail reads the page anew after it published it: what the form found is kept."""
    if (clashes := getattr(page, "import_clashes", None)) is not None:
        request.import_clashes = clashes  # type: ignore[attr-defined]


@hooks.register("after_edit_page")
def after_edit(request: HttpRequest, page: Any) -> None:
    """A saved page may have answered conflicts."""
    if not isinstance(page, ProcedurePage):
        return
    clashes = getattr(request, "import_clashes", getattr(page, "import_clashes", None))
    if clashes is not None:
        conflicts.add(page=page, clashes=clashes)
        messages.warning(
            request,
            "Trong lúc bạn sửa, bản quốc gia của thủ tục này đã được nhập lại. Chỗ bạn không sửa "
            "đã theo bản mới; "
            + (
                f"{len(clashes)} chỗ cả hai cùng sửa giữ như bạn ghi và chờ ở mục “{TITLE}”."
                if clashes
                else "mọi chỗ bạn sửa vẫn giữ nguyên."
            ),
        )
    in_hand = request.session.get(_SESSION, [])
    ended = conflicts.settle(page=page, user=request.user, editing=in_hand)
    if ended:
        done = {one.pk for one in ended}
        request.session[_SESSION] = [pk for pk in in_hand if pk not in done]
        names = "; ".join(one.name for one in ended)
        messages.success(request, f"Xung đột với bản quốc gia đã được giải quyết: {names}.")


class ConflictMenuItem(MenuItem):
    """The entry below *Thủ tục*, with how many wait."""

    def is_shown(self, request: HttpRequest) -> bool:
        """For whoever may edit procedures."""
        return bool(PagePermissionPolicy().user_has_any_permission(request.user, ["change"]))

    def render_component(self, request: HttpRequest) -> LinkMenuItemComponent:
        """The label is made for each user; the item itself is shared."""
        number = number_open(request.user)
        label = f"{self.label} ({number})" if number else self.label
        return LinkMenuItemComponent(
            self.name,
            label,
            self.url,
            icon_name=self.icon_name,
            classname=self.classname,
            attrs=self.attrs,
        )


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """Below *Thủ tục* (100)."""
    return ConflictMenuItem(
        "Xung đột", reverse("conflicts:index"), name="xung-dot", icon_name="warning", order=105
    )


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    """``/admin/xung-dot/…``."""
    patterns = [
        path("", index, name="index"),
        path("<int:page_id>/", page_view, name="page"),
        path("giai-quyet/<int:conflict_id>/", solve, name="solve"),
    ]
    return [path("xung-dot/", include((patterns, "conflicts")))]
