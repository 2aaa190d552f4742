"""The one gate every publication of a procedure passes, and what it asks.

Wagtail publishes from many places: the edit form, approval of the last review step, the bulk
action, a scheduled date, "publish this version", the admin's own API. All of them end in
``PublishPageRevisionAction.execute``; :func:`install` puts the gate there, so that a new way to
publish is gated on the day Wagtail adds it. See docs/decisions/0046-*.

A person publishes a complete page, or gives a reason and has the right ``publish_incomplete``.
A program (no user: an import, a date that has come) is not stopped; what was missing is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.log_actions import log
from wagtail.models import Revision

from cms import record
from cms.models import Handling, ImportConflict, IncompletePublication, Officer, ProcedurePage
from cms.process import process_problems
from cms.requirements import REQUIREMENTS, Facts, has_time, is_statement, unmet

PERMISSION = "cms.publish_incomplete"
LOG_ACTION = "cms.publish_incomplete"
#: What cannot be told from the page alone: somebody, somewhere, handles the procedure.
PEOPLE = "people"
_PEOPLE_SENTENCE = "Có người làm ở ít nhất một cơ quan"
SENTENCES = {**{one.id: one.sentence for one in REQUIREMENTS}, PEOPLE: _PEOPLE_SENTENCE}
FROM_NATIONAL = "nhập từ CSDL quốc gia"
FOR_DEMO = "dữ liệu minh hoạ"

#: Reasons given in this request or call: by the code of a procedure, "" for every one.
_reasons: ContextVar[dict[str, str] | None] = ContextVar("publishing_reasons", default=None)


@dataclass(frozen=True)
class Line:
    """One line of the checklist. ``advice`` is a warning: it does not stop a publication."""

    id: str
    sentence: str
    missing: str = ""
    field: str = ""
    url: str = ""
    advice: bool = False


class PublishingRefused(Exception):
    """A person may not publish this revision as it is. ``missing``: id → what is missing."""

    def __init__(self, page: Any, missing: dict[str, str], *, may_give_reason: bool) -> None:
        self.page_id = page.pk
        self.title = page.get_admin_display_title()
        self.missing = missing
        self.may_give_reason = may_give_reason
        super().__init__(f"{self.title}: {', '.join(missing)}")

    @property
    def way_out(self) -> str:
        """What can be done now."""
        if self.may_give_reason:
            return "Bổ sung rồi đăng, hoặc ghi lý do ở bảng “Cần gì để đăng” và đăng lại."
        return "Bổ sung rồi đăng lại. Đăng khi còn thiếu cần người có quyền và lý do."


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _city_says(page: ProcedurePage, today: date) -> tuple[frozenset[str], frozenset[str]]:
    """Channels for which the city's own rules of that day state a fee, a time."""
    fees, times = set(), set()
    for block in page.local_rules.raw_data:
        value = block["value"]
        since, until = _day(value.get("valid_from")), _day(value.get("valid_until"))
        if (since and since > today) or (until and until < today):
            continue
        # A rule has the fields of a channel, so the channel's own reader reads it.
        rule = record.channels([block])[0] if block["type"] in {"fees", "time"} else None
        if rule and block["type"] == "fees" and not value.get("adds"):
            if any(map(is_statement, rule.fees)):
                fees.add(value.get("channel") or "")
        elif rule and block["type"] == "time" and has_time(rule):
            times.add(value.get("channel") or "")
    return frozenset(fees), frozenset(times)


def facts(page: ProcedurePage, today: date | None = None) -> Facts:
    """The page, as it is in memory, as facts; on the day it goes live, if that is later."""
    today = today or timezone.localdate()
    if page.go_live_at:
        today = max(today, timezone.localdate(page.go_live_at))
    fees, times = _city_says(page, today)
    return Facts(
        today=today,
        name=page.name or "",
        plain_name=page.plain_name,
        decision_number=page.decision_number,
        steps=record.steps(page.steps.raw_data),
        cases=record.cases(page.cases.raw_data),
        channels=record.channels(page.channels.raw_data),
        form_files=tuple(one["value"].get("name") or "" for one in page.form_files.raw_data),
        local_fees=fees,
        local_times=times,
        standing=page.standing,
        standing_reason=page.standing_reason,
        standing_from=page.standing_from,
        standing_until=page.standing_until,
        review_due=page.review_due,
    )


def handled_codes(pages: Iterable[tuple[str, int | None]]) -> set[str]:
    """Which of the procedures (code, field id) somebody handles today at a published office.

    One query. An officer who left handles nothing; a counter without a named person does not
    make a procedure handled either (NĐ 118/2025 Đ9.8 asks for the person).
    """
    pages = list(pages)
    codes = {code for code, _ in pages}
    field_ids = {field_id for _, field_id in pages if field_id}
    rows = set(
        Handling.objects.valid()
        .filter(Q(procedure_code__in=codes) | Q(procedure_code="", field_id__in=field_ids))
        .filter(counter__office__live=True, officer__in=Officer.objects.employed())
        .values_list("procedure_code", "field_id")
        .distinct()
    )
    by_code = {code for code, _ in rows if code}
    by_field = {field_id for code, field_id in rows if not code}
    return {code for code, field_id in pages if code in by_code or field_id in by_field}


def missing(page: ProcedurePage) -> dict[str, str]:
    """Requirement id → what is missing in the page as it is in memory (one query)."""
    found = unmet(facts(page))
    if page.standing != ProcedurePage.Standing.ABOLISHED and not handled_codes(
        [(page.code, page.field_id)]
    ):
        found[PEOPLE] = "Chưa phân công ai: người dân không biết hỏi ai."
    return found


def advice(page: ProcedurePage) -> list[Line]:
    """What an editor should look at before publishing, though it stops nothing."""
    lines = []
    if page.pk and (number := ImportConflict.objects.filter(page=page.pk, solved_at=None).count()):
        lines.append(
            Line(
                "conflicts",
                "Đã xử lý mọi khác biệt với CSDL quốc gia",
                f"Còn {number} chỗ nguồn và thành phố nói khác nhau.",
                advice=True,
            )
        )
    for problem in process_problems(page):
        lines.append(
            Line(
                "process",
                "Quy trình nội bộ khớp với thời hạn",
                problem,
                "internal_process",
                advice=True,
            )
        )
    return lines


def checklist(page: ProcedurePage) -> list[Line]:
    """Every requirement with what is missing, then the advice."""
    lacks = missing(page)
    lines = [Line(one.id, one.sentence, lacks.get(one.id, ""), one.field) for one in REQUIREMENTS]
    url = reverse(Handling.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
    lines.append(Line(PEOPLE, _PEOPLE_SENTENCE, lacks.get(PEOPLE, ""), url=url))
    return lines + advice(page)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Within the block, publications of incomplete pages are made for this reason."""
    token = _reasons.set({"": reason})
    try:
        yield
    finally:
        _reasons.reset(token)


@contextmanager
def own_reasons() -> Iterator[None]:
    """A fresh place for reasons: no request sees those of the request before."""
    token = _reasons.set({})
    try:
        yield
    finally:
        _reasons.reset(token)


def note_reason(code: str, reason: str) -> None:
    """Keep the reason an editor gave in the form until her page is published, or not."""
    reasons = _reasons.get()
    if reasons is not None and reason.strip():
        reasons[code] = reason.strip()


def reason_for(code: str) -> str:
    """The reason given for a procedure in this request or call, "" when there is none."""
    reasons = _reasons.get() or {}
    return reasons.get(code) or reasons.get("", "")


def examine(page: ProcedurePage, user: Any) -> dict[str, str]:
    """What is missing although the user may publish. Raises PublishingRefused when she may not."""
    lacks = missing(page)
    if lacks and user is not None:
        may = user.has_perm(PERMISSION)
        if not (may and reason_for(page.code)):
            raise PublishingRefused(page, lacks, may_give_reason=may)
    return lacks


def _record(page: ProcedurePage, revision: Revision, lacks: dict[str, str], user: Any) -> None:
    """One row a revision: a date that comes repeats nothing that was said when it was set."""
    reason = reason_for(page.code)
    _, new = IncompletePublication.objects.get_or_create(
        revision=revision,
        defaults={"page_id": page.pk, "reason": reason, "missing": list(lacks), "user": user},
    )
    if new:
        log(
            instance=page,
            action=LOG_ACTION,
            user=user,
            revision=revision,
            data={"reason": reason, "missing": list(lacks)},
        )


def record_import(pages: list[ProcedurePage], reason: str = FROM_NATIONAL) -> None:
    """The importer's own bulk publication: one row a page that lacks something (three queries).

    Call inside the importer's transaction, after the revisions are written.
    """
    live = [page for page in pages if page.live]
    handled = handled_codes((page.code, page.field_id) for page in live)
    rows = []
    for page in live:
        lacks = list(unmet(facts(page)))
        if page.code not in handled:
            lacks.append(PEOPLE)
        if lacks:
            rows.append(
                IncompletePublication(
                    page_id=page.pk, revision=page.live_revision, reason=reason, missing=lacks
                )
            )
    IncompletePublication.objects.bulk_create(rows)


def last_incomplete(page: ProcedurePage) -> IncompletePublication | None:
    """How the version that is live came to be so, if it was incomplete then."""
    if not (page.live and page.live_revision_id):
        return None
    return (
        IncompletePublication.objects.filter(revision=page.live_revision_id)
        .select_related("user")
        .first()
    )


def install() -> None:
    """Put the gate before Wagtail's one way to publish a page (called once, when apps load)."""
    plain = PublishPageRevisionAction.execute
    if getattr(plain, "gated", False):
        return

    def execute(self: Any, skip_permission_checks: bool = False) -> Any:
        page = self.object
        if not isinstance(page, ProcedurePage):
            return plain(self, skip_permission_checks)
        self.check(skip_permission_checks=skip_permission_checks)
        lacks = examine(page, self.user)
        with transaction.atomic():
            done = plain(self, skip_permission_checks)
            if lacks:
                _record(page, self.revision, lacks, self.user)
        return done

    execute.gated = True  # type: ignore[attr-defined]
    PublishPageRevisionAction.execute = execute
