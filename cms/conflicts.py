"""Where the city and the national record disagree: kept, shown, and ended by a person.

Writes only; the screens are in cms/conflict_views.py, the words in cms/conflict_texts.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from cms.importing.values import apply_values, page_values
from cms.laying import Laid, Role, lay, locked, newest
from cms.local_conflicts import NAMES, PREFIX
from cms.merging import (
    Clash,
    Open,
    Values,
    differences,
    find,
    label,
    plain,
    reconcile,
    same,
    split,
    stored,
    take,
)
from cms.models import ImportConflict, NationalRecord, ProcedurePage
from cms.signals import procedures_changed

Solution = ImportConflict.Solution


class PageLocked(Exception):
    """The page is locked by somebody, or approved to go live on a date: nobody changes it now."""


class AlreadySolved(Exception):
    """Somebody else, or an import, ended the conflict first."""


class ChangedMeanwhile(Exception):
    """The city's text or the record's is no longer the one she read and decided about."""


def fingerprint(conflict: ImportConflict, ours: Any) -> str:
    """Stands for the two texts of a conflict as they were shown; ``ours`` as stored."""
    texts = json.dumps([plain(ours), plain(conflict.theirs)], sort_keys=True, default=str)
    return hashlib.sha256(texts.encode()).hexdigest()[:32]


def open_conflicts(page: ProcedurePage) -> list[ImportConflict]:
    """The page's open conflicts, oldest first."""
    return list(ImportConflict.objects.filter(page=page, solved_at=None).order_by("pk"))


def record(
    *,
    page: ProcedurePage,
    draft: ProcedurePage,
    ours: Values,
    theirs: Values,
    clashes: Sequence[Clash],
    rules: Sequence[Clash],
    now: datetime,
) -> int:
    """Bring the page's conflicts up to date after a merge; returns how many are open.

    A part that is open already keeps what the record said at first and gets what it says now.
    """
    known = {one.part: one for one in open_conflicts(page)}
    parts = [one for one in known.values() if not one.part.startswith(PREFIX)]
    ledger = reconcile(
        [Open(one.part, one.base, one.ours, one.theirs) for one in parts], clashes, ours, theirs
    )
    for part in ledger.settled:
        _close(known.pop(part), Solution.SAME, None, now)
    for part in ledger.withdrawn:
        _close(known.pop(part), Solution.WITHDRAWN, None, now)
    for clash in ledger.changed:
        _renew(known[clash.part], clash, now)
    new = list(ledger.new)

    present = {one.get("id") for one in draft.local_rules.raw_data}
    for clash in rules:
        if clash.part in known:
            conflict = known[clash.part]
            # The national parts as they were when the rule was first in doubt.
            base = {**clash.base, **(conflict.base or {})}
            theirs_now = {**(conflict.theirs or {}), **clash.theirs}
            _renew(conflict, Clash(clash.part, base, clash.ours, theirs_now), now)
        else:
            new.append(clash)
    for conflict in [one for one in known.values() if one.part.startswith(PREFIX)]:
        if conflict.part.removeprefix(PREFIX) not in present:
            _close(known.pop(conflict.part), Solution.SAME, None, now)
        elif plain(conflict.base) == plain(conflict.theirs):
            _close(known.pop(conflict.part), Solution.WITHDRAWN, None, now)
    ImportConflict.objects.bulk_create(
        ImportConflict(
            page=page,
            part=one.part,
            name=_name(one)[:255],
            base=one.base,
            ours=one.ours,
            theirs=one.theirs,
            found_at=now,
        )
        for one in new
    )
    return len(known) + len(new)


@transaction.atomic
def add(*, page: ProcedurePage, clashes: Sequence[Clash]) -> None:
    """Conflicts that arose outside an import; a part that is open already stays as it is."""
    locked(pk=page.pk)
    known = {one.part for one in open_conflicts(page)}
    ImportConflict.objects.bulk_create(
        ImportConflict(
            page=page,
            part=one.part,
            name=_name(one)[:255],
            base=one.base,
            ours=one.ours,
            theirs=one.theirs,
            found_at=timezone.now(),
        )
        for one in clashes
        if one.part not in known
    )


def _name(clash: Clash) -> str:
    if clash.part.startswith(PREFIX):
        return NAMES.get(clash.ours.get("type", ""), "quy định của thành phố")
    return label(clash.part, clash.ours, clash.theirs, clash.base)


def _renew(conflict: ImportConflict, clash: Clash, now: datetime) -> None:
    if plain(conflict.theirs) != plain(clash.theirs):
        conflict.earlier = [
            *conflict.earlier,
            {"theirs": conflict.theirs, "until": now.isoformat(timespec="seconds")},
        ]
    conflict.base, conflict.ours, conflict.theirs = clash.base, clash.ours, clash.theirs
    conflict.save(update_fields=["base", "ours", "theirs", "earlier"])


def _close(conflict: ImportConflict, solution: str, user: Any, now: datetime) -> None:
    conflict.solution, conflict.solved_by, conflict.solved_at = solution, user, now
    conflict.save(update_fields=["solution", "solved_by", "solved_at", "ours"])


def _locked(conflict_id: int) -> tuple[ImportConflict, ProcedurePage]:
    page_id = ImportConflict.objects.values_list("page_id", flat=True).get(pk=conflict_id)
    page = locked(pk=page_id)
    # Read again below the lock of the page, which every import and every solution takes.
    conflict = ImportConflict.objects.get(pk=conflict_id)
    if conflict.solved_at:
        raise AlreadySolved
    return conflict, page


def _check_seen(conflict: ImportConflict, seen: str) -> None:
    if seen and seen != fingerprint(conflict, conflict.ours):
        raise ChangedMeanwhile


@transaction.atomic
def keep(*, conflict_id: int, user: Any, seen: str = "") -> ImportConflict:
    """The city's text stays; the decision is recorded.

    ``seen`` is the :func:`fingerprint` of what she decided about. Raises AlreadySolved,
    ChangedMeanwhile, PermissionDenied.
    """
    conflict, page = _locked(conflict_id)
    _check(page, user, publish=False)
    conflict.ours = ours_now(conflict, newest(page))
    _check_seen(conflict, seen)
    _close(conflict, Solution.KEEP, user, timezone.now())
    return conflict


@transaction.atomic
def take_national(*, conflict_id: int, user: Any, publish: bool = False, seen: str = "") -> Laid:
    """The part as the national record has it now, as a new draft; the rest stays.

    With ``publish`` the live page gets that one part and is published; a draft with other changes
    gets the part too and stays a draft. What the city had is kept in the conflict.
    ``seen`` as in :func:`keep`. Raises AlreadySolved, ChangedMeanwhile, PageLocked,
    PermissionDenied.
    """
    conflict, page = _locked(conflict_id)
    _check(page, user, publish=publish)
    if page.permissions_for_user(user).page_locked():
        raise PageLocked
    conflict.ours = ours_now(conflict, newest(page))
    _check_seen(conflict, seen)
    publish = publish and page.live

    def replace(version: ProcedurePage, role: Role, revision: Revision | None) -> bool:
        return _take_part(version, conflict)

    laid = lay(page, replace, publish=publish, user=user)
    if laid.live:
        procedures_changed.send(sender=ProcedurePage, page_ids=[page.pk])
    _close(conflict, Solution.TAKE, user, timezone.now())
    return laid


def _take_part(version: ProcedurePage, conflict: ImportConflict) -> bool:
    if conflict.part.startswith(PREFIX):
        rules = list(version.local_rules.raw_data)
        left = [one for one in rules if one.get("id") != conflict.part.removeprefix(PREFIX)]
        if len(left) < len(rules):
            version.local_rules = left
        return len(left) < len(rules)
    values = page_values(version)
    return apply_values(version, take(values, version.national.values, conflict.part))


@transaction.atomic
def settle(*, page: ProcedurePage, user: Any, editing: Iterable[int] = ()) -> list[ImportConflict]:
    """After an editor saved the page: end the conflicts her text has answered.

    Those whose part now says what the record says, and, of ``editing`` (she pressed "Sửa" there),
    those whose part she changed. Returns the conflicts that ended.
    """
    known = open_conflicts(page)
    if not known:
        return []
    locked(pk=page.pk)
    draft = newest(ProcedurePage.objects.select_related("field").get(pk=page.pk))
    wanted = set(editing)
    root, record_now = split(page_values(draft)), split(draft.national.values)
    ended = []
    for conflict in ImportConflict.objects.filter(pk__in=[one.pk for one in known], solved_at=None):
        rule = conflict.part.startswith(PREFIX)
        ours = ours_now(conflict, draft)
        agrees = (
            ours is None
            if rule
            else same(find(root, conflict.part), find(record_now, conflict.part))
        )
        if agrees or (conflict.pk in wanted and plain(ours) != plain(conflict.ours)):
            _close(conflict, Solution.EDIT, user, timezone.now())
            ended.append(conflict)
    return ended


def ours_now(conflict: ImportConflict, version: ProcedurePage) -> Any:
    """What the version says in the part of the conflict, as stored; None when nothing."""
    if conflict.part.startswith(PREFIX):
        wanted = conflict.part.removeprefix(PREFIX)
        rules = (dict(one) for one in version.local_rules.raw_data)
        return next((one for one in rules if one.get("id") == wanted), None)
    return stored(find(split(page_values(version)), conflict.part))


def _check(page: ProcedurePage, user: Any, *, publish: bool) -> None:
    allowed = page.permissions_for_user(user)
    if not allowed.can_edit() or (publish and not allowed.can_publish()):
        raise PermissionDenied


@dataclass(frozen=True)
class Difference:
    """A part in which the page and the national record differ."""

    part: str
    name: str


def differs_from_national(page: ProcedurePage, national: NationalRecord) -> list[Difference]:
    """Where this version of the page says something else than the record as last imported."""
    ours, theirs = page_values(page), national.values
    left, right = split(ours), split(theirs)
    return [
        Difference(part, label(part, stored(find(left, part)), stored(find(right, part))))
        for part in differences(ours, theirs)
    ]
