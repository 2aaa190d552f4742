"""A record for a page that exists: merged into each of its versions, never over an editor's work.

docs/import.md has the table of what happens to which page, docs/decisions/0040-… why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.utils import timezone
from wagtail.models import Revision

from cms import conflicts
from cms.importing.parsing import Parsed
from cms.importing.values import apply_values, page_digest, page_values
from cms.laying import Role, lay, locked, newest
from cms.local_conflicts import rule_clashes
from cms.merging import Clash, Values, blank, differences, find, merge, same, split
from cms.models import NationalRecord, ProcedurePage

#: The city's own layer: a record says nothing about it.
CITY_FIELDS = (
    "applied",
    "applied_decision",
    "applied_from",
    "standing",
    "standing_reason",
    "standing_from",
    "standing_until",
    "replaced_by",
    "local_rules",
    "internal_process",
    "form_files",
    "change_note",
    "decision_date",
    "review_due",
    "review_owner",
    "review_deputy",
)
DRAFT_KEPT = "Trang có bản nháp chưa đăng: bản đang đăng đã nhận, bản nháp giữ nguyên là bản nháp."
AT_WORK = "Biên tập viên đang sửa bản nháp; không tự đăng."
TAKEN_OFF = "Trang đã bị gỡ; bản mới của nguồn được lưu thành bản nháp."


@dataclass(frozen=True)
class Changed:
    """What became of the page: ``written`` says that anything was, ``told`` why it is a draft."""

    page: ProcedurePage
    written: bool
    told: tuple[str, str] = ("", "")
    conflicts: int = 0


@dataclass
class _Merge:
    """One record on its way into the versions of one page."""

    page: ProcedurePage
    theirs: Values
    national: NationalRecord | None
    new: bool
    demo_base: ProcedurePage | None = None
    clashes: dict[Role, tuple[Clash, ...]] = field(default_factory=dict)
    bases: dict[Role, Values] = field(default_factory=dict)

    def base(self, role: Role, revision: Revision | None) -> Values:
        """What the record said when this version was last brought up to date."""
        if self.demo_base is not None:
            return page_values(self.demo_base)
        if self.national is not None:
            return base_of(self.national, role, revision)
        if self.page.import_digest and page_digest(self.page) == self.page.import_digest:
            return page_values(self.page)
        return blank()

    def lay(self, version: ProcedurePage, role: Role, revision: Revision | None) -> bool:
        """Merge into one version; the callback of :func:`cms.laying.lay`."""
        merged = merge(self.base(role, revision), page_values(version), self.theirs)
        self.clashes[role] = merged.clashes
        changed = apply_values(version, merged.values)
        if self.demo_base is not None:
            changed = _leave_demo(version, self.demo_base) or changed
        return changed


def base_of(national: NationalRecord, role: Role, revision: Revision | None) -> Values:
    """The national values a version of the page rests on."""
    known: Values = national.values
    if national.before is None or role == "draft":
        return known
    if revision is None:  # made by a program without one
        return national.before if national.live_waits else known
    fresh = revision.created_at >= national.received_at
    return known if fresh or revision.pk == national.merged_revision else national.before


def change(*, parsed: Parsed, publish: bool, demo: bool, source: str = "") -> Changed:
    """Bring an existing page to its record. Call inside a transaction.

    ``publish`` lets the live page have the update at once; what an editor has not published
    never goes live here. Raises ValidationError when the merged page would not be valid.
    """
    now = timezone.now()
    page = locked(procedurepage__code=parsed.code)
    national = NationalRecord.objects.filter(page=page).first()
    old: Values | None = national.values if national else None
    theirs = _theirs(parsed, national)
    run = _Merge(page, theirs, national, new=not national or national.digest != parsed.digest)
    if page.is_demo and not demo:
        run.demo_base, run.new = _demo_version(page), True
        old = page_values(run.demo_base)
    never_public = not page.live and page.first_published_at is None
    edited = never_public and _edited(run)
    was_live, standing = page.live, page.is_demo != demo
    _standing(page, parsed, demo=demo)

    rests_on = run.base("live", page.live_revision)
    laid = lay(page, run.lay, publish=publish)
    page = laid.page
    waits = was_live and not publish and _would_change(page, rests_on, theirs)
    told = ("", "")
    published = False
    if publish and never_public and edited:
        told = ("saved_as_draft", AT_WORK)
    elif publish and never_public:
        revision = page.get_latest_revision() or page.save_revision(log_action=True)
        revision.publish(log_action=True)
        published = True
    elif publish and not was_live and laid.draft:
        told = ("saved_as_draft", TAKEN_OFF)
    elif publish and laid.live and page.has_unpublished_changes:
        told = ("draft_kept", DRAFT_KEPT)
    page.refresh_from_db()

    returned = bool(national and national.missing_since)
    found = 0
    if run.new:
        found = _conflicts(run, page, old, now)
    caught_up = bool(national and national.live_waits and not waits)
    if run.new or returned or caught_up or waits != bool(national and national.live_waits):
        _remember(run, page, parsed, source, now, rests_on=rests_on if waits else None, waits=waits)
    written = laid.live or laid.draft or published or standing or run.new or returned
    return Changed(page, written, told, found)


def _theirs(parsed: Parsed, national: NationalRecord | None) -> dict[str, Any]:
    """The record's values. A source that does not know the everyday name does not unsay it."""
    known = national.values.get("plain_name", "") if national else ""
    return {**parsed.values, "plain_name": parsed.plain_name or known}


def _edited(run: _Merge) -> bool:
    """Whether a person has worked on a page that never was public: hers to publish."""
    page = run.page
    if page.revisions.filter(user__isnull=False).exists():
        return True
    if run.demo_base is not None:
        return False
    draft = newest(page)
    blank_page = ProcedurePage()
    if any(_city(draft, name) != _city(blank_page, name) for name in CITY_FIELDS):
        return True
    return bool(differences(run.base("draft", None), page_values(draft)))


def _would_change(page: ProcedurePage, base: Values, theirs: Values) -> bool:
    """Whether the live version, left alone, still waits for something of the record."""
    live = ProcedurePage.objects.select_related("field").get(pk=page.pk)
    values = page_values(live)
    return bool(differences(values, merge(base, values, theirs).values))


def _demo_version(page: ProcedurePage) -> ProcedurePage:
    """The page as the demo made it: what stands in it is no editor's work."""
    made = page.revisions.filter(user__isnull=True).order_by("-created_at", "-pk").first()
    return made.as_object() if made else page


def _city(page: ProcedurePage, name: str) -> Any:
    stored = ProcedurePage._meta.get_field(name)
    return stored.value_to_string(page) if name in _STREAMS else getattr(page, stored.attname)


_STREAMS = ("local_rules", "internal_process", "form_files")


def _leave_demo(version: ProcedurePage, demo: ProcedurePage) -> bool:
    """The demo city's rules, pauses and dates go with the demo; an editor's own stay."""
    fresh = ProcedurePage()
    changed = False
    for name in CITY_FIELDS:
        mine = _city(version, name)
        if mine == _city(demo, name) and mine != _city(fresh, name):
            setattr(version, name, getattr(fresh, name))
            changed = True
    return changed


def _standing(page: ProcedurePage, parsed: Parsed, *, demo: bool) -> None:
    # The page's own row first: with_content_json() takes the import's facts from there.
    page.import_digest, page.is_demo = parsed.digest, demo
    page.import_notes = [asdict(note) for note in parsed.notes]
    ProcedurePage.objects.filter(pk=page.pk).update(
        import_digest=page.import_digest, is_demo=demo, import_notes=page.import_notes
    )


def _conflicts(run: _Merge, page: ProcedurePage, old: Values | None, now: datetime) -> int:
    """Write the page's conflicts; returns how many are open."""
    before, after = split(old or blank()), split(run.theirs)

    def moved(clash: Clash) -> bool:
        # A live version that lagged behind meets old changes again: those were told already.
        return not same(find(before, clash.part), find(after, clash.part))

    found: dict[str, Clash] = {}
    for role in ("draft", "live", "scheduled"):
        for clash in run.clashes.get(role, ()):
            if role == "draft" or moved(clash):
                found.setdefault(clash.part, clash)
    draft = newest(page)
    rules: dict[str, Clash] = {}
    if old is not None:
        stored: list[Mapping[str, Any]] = list(draft.local_rules.raw_data)
        rules = {one.part: one for one in rule_clashes(stored, old, run.theirs, _today(now))}
    return conflicts.record(
        page=page,
        draft=draft,
        ours=page_values(draft),
        theirs=run.theirs,
        clashes=list(found.values()),
        rules=list(rules.values()),
        now=now,
    )


def _today(now: datetime) -> Any:
    return timezone.localdate(now)


def _remember(
    run: _Merge,
    page: ProcedurePage,
    parsed: Parsed,
    source: str,
    now: datetime,
    *,
    rests_on: Values | None,
    waits: bool,
) -> None:
    """The record becomes the base of the next merge."""
    national = run.national or NationalRecord(page=page)
    if run.new:
        national.before = rests_on if waits else (run.national.values if run.national else None)
        national.values = dict(run.theirs)
        national.digest, national.received_at = parsed.digest, now
        national.source = PurePath(source).name[-255:]
        national.merged_revision = None
    if not waits:
        national.merged_revision = page.live_revision_id
    national.live_waits, national.missing_since = waits, None
    national.save()
