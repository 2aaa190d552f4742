"""The rows of each report, gathered in few queries; cms/reports/views.py shows and exports them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from wagtail.models import Revision

from cms.local_words import coming_lines
from cms.models import (
    ImportConflict,
    IncompletePublication,
    NationalRecord,
    ProcedurePage,
)
from cms.models.local_rules import LOCAL_RULES
from cms.process import problems, process_of
from cms.publishing import SENTENCES
from cms.record import CHANNELS
from cms.reports.deadline import countdowns
from cms.reviews import STAGES

#: A page nobody gave a review date is old after this many days without a publication.
OLD_AFTER_DAYS = 365
_RULES = {name: str(block.label) for name, block in LOCAL_RULES}


@dataclass(frozen=True)
class Row:
    """One line: the page it is about and the report's own cells, by key."""

    page_id: int
    code: str
    name: str
    field: str
    cells: dict[str, Any]


@dataclass(frozen=True)
class Report:
    """A report: where, what it is called, what it tells, its own columns, and its rows."""

    slug: str
    title: str
    icon: str
    tells: str
    columns: tuple[tuple[str, str], ...]
    rows: Callable[[QuerySet[ProcedurePage]], Iterable[Row]] = field(repr=False)


def _row(page: ProcedurePage, **cells: Any) -> Row:
    return Row(page.pk, page.code, page.name, page.field.name, cells)


def _light(pages: QuerySet[ProcedurePage]) -> QuerySet[ProcedurePage]:
    """Without the long rows of each page."""
    return pages.select_related("field").defer_streamfields()  # type: ignore[attr-defined]


def incomplete(pages: QuerySet[ProcedurePage]) -> Iterator[Row]:
    """Live pages that went public while something was missing, and why they were let through."""
    missing = {
        pk: (ids, reason)
        for pk, ids, reason in IncompletePublication.objects.filter(
            revision=F("page__live_revision")
        ).values_list("page_id", "missing", "reason")
    }
    for page in _light(pages.live()).order_by("code"):  # type: ignore[attr-defined]
        if page.pk in missing:
            ids, reason = missing[page.pk]
            words = "; ".join(SENTENCES.get(one, one) for one in ids)
            yield _row(page, missing=words, reason=reason)


def stale(pages: QuerySet[ProcedurePage]) -> Iterator[Row]:
    """Pages to look at again: review due, old without a review date, or gone from the source."""
    today = timezone.localdate()
    horizon = today - datetime.timedelta(days=STAGES[0].days)
    old = timezone.now() - datetime.timedelta(days=OLD_AFTER_DAYS)
    gone = dict(
        NationalRecord.objects.filter(missing_since__isnull=False).values_list(
            "page_id", "missing_since"
        )
    )
    found = _light(pages.live()).filter(  # type: ignore[attr-defined]
        Q(review_due__lte=horizon)
        | Q(review_due__isnull=True, last_published_at__lt=old)
        | Q(pk__in=gone)
    )
    for page in found.select_related("review_owner").order_by("review_due", "code"):
        why = []
        if page.review_due and page.review_due <= horizon:
            why.append("quá hạn rà soát" if page.review_due < today else "sắp đến hạn rà soát")
        elif not page.review_due and page.last_published_at and page.last_published_at < old:
            why.append("hơn một năm chưa đăng lại, chưa hẹn ngày rà soát")
        if page.pk in gone:
            why.append(f"không còn trong danh mục quốc gia từ {gone[page.pk]:%d/%m/%Y}")
        owner = page.review_owner
        yield _row(
            page,
            why="; ".join(why),
            due=page.review_due,
            owner=(owner.get_full_name() or owner.get_username()) if owner else "",
            updated=timezone.localtime(page.last_published_at).date()
            if page.last_published_at
            else None,
        )


def disagreeing(pages: QuerySet[ProcedurePage]) -> Iterator[Row]:
    """Open conflicts with the national record, and processes whose hours break the limit."""
    conflicts: dict[int, list[str]] = {}
    for pk, name in ImportConflict.objects.filter(solved_at__isnull=True).values_list(
        "page_id", "name"
    ):
        conflicts.setdefault(pk, []).append(name)
    for page in _light(pages).filter(pk__in=conflicts).order_by("code"):
        yield _row(page, why="khác bản quốc gia mới: " + ", ".join(conflicts[page.pk]))
    joint = pages.select_related("field").exclude(internal_process=[])
    for page in joint.order_by("code"):
        found = problems(process_of(page.internal_process.raw_data), page.channel_rows)
        if found:
            yield _row(page, why="; ".join(found))


def coming(pages: QuerySet[ProcedurePage]) -> list[Row]:
    """What changes by itself on a day to come: rules that begin or end, pauses, abolitions.

    ``day`` is the first day on which the page says something else.
    """
    today = timezone.localdate()
    found = []
    ruled = pages.live().select_related("field").exclude(local_rules=[])  # type: ignore[attr-defined]
    for page in ruled:
        kinds = [row.kind for row in page.channels_today]
        for line in coming_lines(page.announced_changes, kinds, CHANNELS):
            part = line.what or _RULES[line.part].lower()
            what = f"{part}, {line.names}" if line.names else part
            found.append(
                _row(page, day=line.begins, what=f"{what}: {line.value}", decision=line.decision)
            )
    standing = _light(pages.live()).filter(  # type: ignore[attr-defined]
        Q(standing_from__gt=today) | Q(standing_until__gte=today)
    )
    for page in standing.exclude(standing=ProcedurePage.Standing.ACTIVE):
        words = page.get_standing_display().lower()
        if page.standing_from and page.standing_from > today:
            found.append(_row(page, day=page.standing_from, what=f"bắt đầu {words}", decision=""))
        if page.standing_until:
            after = page.standing_until + datetime.timedelta(days=1)
            found.append(_row(page, day=after, what=f"hết {words}", decision=""))
    return sorted(found, key=lambda row: (row.cells["day"], row.code))


def scheduled(pages: QuerySet[ProcedurePage]) -> list[Row]:
    """Everything that will happen at a time somebody set, in one list, the next first."""
    found = [
        Row(
            row.page_id,
            row.code,
            row.name,
            row.field,
            {
                "moment": datetime.datetime.combine(row.cells["day"], datetime.time()),
                "what": row.cells["what"],
            },
        )
        for row in coming(pages)
    ]
    light = {page.pk: page for page in _light(pages)}

    def add(pk: int, moment: datetime.datetime, what: str) -> None:
        if pk in light:
            local = timezone.localtime(moment).replace(tzinfo=None)
            found.append(_row(light[pk], moment=local, what=what))

    revisions = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    for pk, moment in revisions.values_list("object_id", "approved_go_live_at"):
        add(int(pk), moment, "đăng bản đã duyệt")
    for page in light.values():
        if page.live and page.expire_at and page.expire_at > timezone.now():
            add(page.pk, page.expire_at, "gỡ khỏi trang công khai")
    return sorted(found, key=lambda row: (row.cells["moment"], row.code))


def five_days(pages: QuerySet[ProcedurePage]) -> Iterator[Row]:
    """Decisions whose text is not public yet, with the days that are left."""
    allowed = set(pages.values_list("pk", flat=True))
    for one in countdowns():
        if one.page.pk in allowed:
            yield _row(one.page, decided=one.decided, until=one.until, left=one.words)


REPORTS: Sequence[Report] = (
    Report(
        "con-thieu",
        "Trang còn thiếu",
        "warning",
        "Trang đang công khai mà chưa đủ điều kiện đăng, và vì sao vẫn được đăng.",
        (("missing", "Còn thiếu"), ("reason", "Lý do vẫn đăng")),
        incomplete,
    ),
    Report(
        "can-ra-soat",
        "Trang cần rà soát",
        "history",
        "Đến hạn rà soát, lâu chưa cập nhật, hoặc không còn trong danh mục quốc gia.",
        (
            ("why", "Vì sao"),
            ("due", "Hạn rà soát"),
            ("owner", "Người rà soát"),
            ("updated", "Đăng lần cuối"),
        ),
        stale,
    ),
    Report(
        "mau-thuan",
        "Trang có mâu thuẫn",
        "cross",
        "Khác với bản quốc gia mới nhận, hoặc quy trình nội bộ không khớp thời hạn công bố.",
        (("why", "Mâu thuẫn"),),
        disagreeing,
    ),
    Report(
        "sap-thay-doi",
        "Lệ phí, thời hạn sắp thay đổi",
        "date",
        "Quy định bắt đầu hoặc hết hiệu lực vào một ngày sắp tới; trang tự đổi lúc 0 giờ.",
        (("day", "Ngày"), ("what", "Thay đổi"), ("decision", "Theo văn bản")),
        coming,
    ),
    Report(
        "lich-hen",
        "Lịch đã hẹn",
        "calendar-alt",
        "Mọi việc sẽ tự diễn ra: đăng, gỡ, quy định đổi ngày, tạm dừng.",
        (("moment", "Lúc"), ("what", "Việc")),
        scheduled,
    ),
    Report(
        "han-5-ngay",
        "Hạn đăng 5 ngày làm việc",
        "time",
        "Quyết định đã ký mà trang chưa công khai bản mới (NĐ 63/2010 Điều 24).",
        (("decided", "Ngày ký"), ("until", "Hạn đăng"), ("left", "Còn")),
        five_days,
    ),
)
