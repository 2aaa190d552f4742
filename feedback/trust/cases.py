"""Writes about doubted answers: put aside, decide, contest, release. Nothing is ever deleted.

Every function is one transaction: standing of the answers, counts, case, decision and the row of
the public ledger change together or not at all. Who may do what is decided here too
(:func:`why_not`), whatever screen asks.
"""

from __future__ import annotations

import datetime
import uuid
from collections import Counter as Tally
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cms.models import Counter
from cms.scopes import scope_of
from feedback import ledger
from feedback.models import Case, Decision, Rating
from feedback.models.ratings import Channel, Standing
from feedback.models.trust import CaseState, Signal
from feedback.rollups import RollupKey, add_to_rollups, take_from_rollups
from feedback.storing import rollup_keys

#: Answers fetched by one query.
CHUNK = 500
#: Two people release.
RELEASERS = 2


class NotAllowed(Exception):
    """This person may not do this now; the text says why, in Vietnamese."""


class NotNow(ValueError):
    """The case is not in a state in which this can be done; the text says so, in Vietnamese."""


@transaction.atomic
def open_case(
    *,
    counter: Counter | int,
    signal: str,
    first_day: datetime.date,
    last_day: datetime.date,
    answers: Collection[uuid.UUID],
    evidence: Mapping[str, Any],
    automatic: bool,
) -> Case | None:
    """Open the case of this counter, signal and first day, or add answers to it.

    ``automatic``: the answers, which must be poster answers, are put aside at once. Answers that
    another automatic or decided case has, stay there. Returns None when there is nothing to add,
    and when a person has decided already that nothing was wrong. A person's own doubt is always
    a case of its own.
    """
    counter_id = counter if isinstance(counter, int) else counter.pk
    # Locking what all writers meet first keeps two rounds from opening the same case twice.
    Counter.objects.select_for_update().get(pk=counter_id)
    case = None
    if signal != Signal.PERSON:
        case = Case.objects.filter(counter=counter_id, signal=signal, first_day=first_day).first()
    if case is not None and case.state not in (CaseState.OPEN, CaseState.UPHELD):
        return None
    free = Q(case=None) | Q(case__automatic=False, case__state=CaseState.OPEN)
    wanted = _rows(answers, free & Q(standing=Standing.COUNTED, counter=counter_id))
    if case is not None:
        wanted = [rating for rating in wanted if rating.case_id != case.pk]
    if automatic and any(rating.channel != Channel.POSTER for rating in wanted):
        raise ValueError("only poster answers are put aside automatically")
    if not automatic:
        wanted = [rating for rating in wanted if rating.case_id is None]
    if not wanted:
        return None
    if case is None:
        case = Case.objects.create(
            counter_id=counter_id,
            signal=signal,
            automatic=automatic,
            opened_on=timezone.localdate(),
            first_day=first_day,
            last_day=last_day,
            evidence=dict(evidence),
        )
        new = True
    else:
        new = False
        case.last_day, case.evidence = max(case.last_day, last_day), dict(evidence)
        case.save(update_fields=["last_day", "evidence"])
    Rating.objects.filter(pk__in=[rating.pk for rating in wanted]).update(case=case)
    if automatic or case.state == CaseState.UPHELD:
        count = _set_aside(wanted)
        ledger.write(case=case, event="quarantined", count=count)
    elif new:
        ledger.write(case=case, event="opened", count=len(wanted))
    return case


def why_not(*, case: Case, user: Any) -> str:
    """Why this person may not decide about this case; "" when she may.

    Nobody decides on her own office, nor on answers she doubted or typed in herself.
    """
    if reason := why_not_about(counter=case.counter, user=user):
        return reason
    if case.evidence.get("by") == user.pk:
        return "Bạn đã nêu nghi ngờ này, nên người khác phải quyết định."
    typed = Q(paper_batch__first_by=user.pk) | Q(paper_batch__second_by=user.pk)
    if case.ratings.filter(typed).exists():
        return "Bạn đã nhập một phần các đánh giá này, nên người khác phải quyết định."
    return ""


def why_not_about(*, counter: Counter, user: Any) -> str:
    """Why this person may neither doubt nor decide about any answer of the counter; "" when she
    may."""
    if not user.has_perm("feedback.change_case"):
        return "Tài khoản của bạn không có quyền quyết định về vụ việc."
    scope = scope_of(user)
    if counter.office_id in scope.offices:
        return "Đây là cơ quan của bạn: người của cơ quan không quyết định về chính mình."
    return "" if scope.everything else "Phạm vi của bạn không gồm việc này."


@transaction.atomic
def decide(*, case: Case, user: Any, state: str, note: str, public_note: str) -> Case:
    """Record a decision, and carry it out: UPHELD, DISMISSED (nothing was put aside) or RELEASED.

    Releasing answers that were put aside takes two people: the first decision RELEASED proposes,
    the second, of somebody else, carries it out; an UPHELD in between starts anew. ``note`` are
    the grounds (inside), ``public_note`` what the public reads, without names. Raises NotAllowed,
    NotNow, and ValueError when a note is missing.
    """
    case = Case.objects.select_for_update().select_related("counter").get(pk=case.pk)
    if reason := why_not(case=case, user=user):
        raise NotAllowed(reason)
    if not note.strip() or not public_note.strip():
        raise ValueError("Hãy viết căn cứ, và kết luận để công khai.")
    aside = case.automatic or case.state == CaseState.UPHELD
    _may_follow(case, state, aside)
    proposed = list(proposals(case))
    if state == CaseState.RELEASED and user.pk in [one.decided_by_id for one in proposed]:
        raise NotAllowed("Bạn đã đề nghị tính lại; người thứ hai phải là người khác.")
    contested = case.contested_on and case.state == CaseState.UPHELD
    if state == CaseState.UPHELD and contested and _upheld_by(case) == user.pk:
        raise NotAllowed("Bạn đã quyết định giữ lại; khi có phản đối, người khác xem lại.")
    Decision.objects.create(case=case, state=state, decided_by=user, note=note.strip())
    answers = _rows_of(case)
    event, case.public_note = str(state), public_note.strip()
    if state == CaseState.RELEASED:
        if len(proposed) + 1 < RELEASERS:
            case.save(update_fields=["public_note"])
            ledger.write(
                case=case, event="release_proposed", count=len(answers), note=case.public_note
            )
            return case
        count = _give_back(answers)
    else:
        count = len(answers)
        if state == CaseState.UPHELD and not aside:
            count = _set_aside(answers)
    case.state, case.closed_on = state, timezone.localdate()
    case.save(update_fields=["state", "closed_on", "public_note"])
    ledger.write(case=case, event=event, count=count, note=case.public_note)
    return case


def _may_follow(case: Case, state: str, aside: bool) -> None:
    """Raise NotNow when ``state`` cannot be decided in the case as it is."""
    if case.state in (CaseState.RELEASED, CaseState.DISMISSED):
        raise NotNow("Vụ việc đã kết thúc.")
    if state == CaseState.DISMISSED and aside:
        raise NotNow("Các đánh giá đang được giữ lại: hãy đề nghị tính lại, cần hai người.")
    if state == CaseState.RELEASED and not aside:
        raise NotNow("Không có đánh giá nào đang được giữ lại.")
    if state == CaseState.UPHELD and case.state == CaseState.UPHELD and not case.contested_on:
        raise NotNow("Vụ việc đã được quyết định giữ lại.")
    if state not in (CaseState.UPHELD, CaseState.RELEASED, CaseState.DISMISSED):
        raise NotNow("Không có quyết định như vậy.")


def proposals(case: Case) -> list[Decision]:
    """Decisions to release since the last decision to uphold: who has agreed so far."""
    found: list[Decision] = []
    for decision in case.decisions.order_by("-decided_at", "-pk"):
        if decision.state != CaseState.RELEASED:
            break
        found.append(decision)
    return found


def _upheld_by(case: Case) -> int | None:
    last = case.decisions.filter(state=CaseState.UPHELD).order_by("-decided_at", "-pk").first()
    return last.decided_by_id if last else None


@transaction.atomic
def contest(*, case: Case, user: Any, text: str) -> Case:
    """The office says why its answers are honest; once a case, while it is open or upheld.

    Raises NotAllowed for people outside the office, NotNow and ValueError.
    """
    case = Case.objects.select_for_update().select_related("counter").get(pk=case.pk)
    if not may_contest(case=case, user=user):
        raise NotAllowed("Chỉ người của cơ quan có quầy này mới phản đối được.")
    if case.state not in (CaseState.OPEN, CaseState.UPHELD) or case.contested_on:
        raise NotNow("Vụ việc đã kết thúc hoặc đã có phản đối.")
    if not text.strip():
        raise ValueError("Hãy viết lý do phản đối.")
    case.contest, case.contested_by = text.strip(), user
    case.contested_on = timezone.localdate()
    case.save(update_fields=["contest", "contested_by", "contested_on"])
    ledger.write(case=case, event="contested", count=case.ratings.count())
    return case


def may_contest(*, case: Case, user: Any) -> bool:
    """Somebody of the office itself: it is in her scope by name."""
    return case.counter.office_id in scope_of(user).offices


def _rows(answers: Collection[uuid.UUID], condition: Q) -> list[Rating]:
    """The ratings that meet the condition, locked, in the order of their keys."""
    keys, found = sorted(answers), []
    for start in range(0, len(keys), CHUNK):
        # A lock cannot be taken through an outer join: the keys first, then the rows.
        few = Rating.objects.filter(condition, pk__in=keys[start : start + CHUNK])
        inside = few.values_list("pk", flat=True)
        rows: QuerySet[Rating] = Rating.objects.select_for_update().filter(pk__in=list(inside))
        found += list(rows.order_by("pk"))
    return found


def _rows_of(case: Case) -> list[Rating]:
    return list(case.ratings.select_for_update().order_by("pk"))


def _set_aside(ratings: Collection[Rating]) -> int:
    """Counted answers stop counting: standing and counts together; how many."""
    return _move(ratings, Standing.COUNTED, Standing.QUARANTINED)


def _give_back(ratings: Collection[Rating]) -> int:
    """Answers that were put aside count again, to the digit; duplicates stay what they are."""
    return _move(ratings, Standing.QUARANTINED, Standing.COUNTED)


def _move(ratings: Collection[Rating], of: str, to: str) -> int:
    moving = [rating for rating in ratings if rating.standing == of]
    keys = [rating.pk for rating in moving]
    for start in range(0, len(keys), CHUNK):
        Rating.objects.filter(pk__in=keys[start : start + CHUNK]).update(standing=to)
    counts: Tally[RollupKey] = Tally()
    for rating in moving:
        counts.update(rollup_keys(rating))
    if to == Standing.COUNTED:
        add_to_rollups(counts)
    else:
        take_from_rollups(counts)
    return len(moving)
