"""An edit form that was opened before an import and saved after it.

Such a form holds the old text in every part its editor never touched. Saved as it is, it would
undo the national update, and the next import would take the old text for her decision. So what
came meanwhile is merged into what she sends, part by part (cms/merging.py): her changes stay, the
rest follows the newest version, and a part that both changed becomes a conflict to decide about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.models import Revision

from cms.importing.values import apply_values, page_values
from cms.laying import newest
from cms.merging import Clash, Values, find, merge, plain, split, stored
from cms.models import NationalRecord, ProcedurePage


def catch_up(page: ProcedurePage, sent: Mapping[str, Any]) -> tuple[Clash, ...] | None:
    """Merge what an import brought since the form was opened into ``page``, as sent, in place.

    ``sent`` is the POST with Wagtail's ids of the revision the form was made from. None when no
    import came between; else the parts on which her text and the record disagree.
    """
    base = _opened(page, sent)
    if base is None:
        return None
    national = NationalRecord.objects.filter(page=page.pk).first()
    if national is None or national.received_at <= base.created_at:
        return None
    now = newest(ProcedurePage.objects.select_related("field").get(pk=page.pk))
    merged = merge(page_values(base.as_object()), page_values(page), page_values(now))
    apply_values(page, merged.values)
    return _with_the_record(merged.clashes, national.values)


def _opened(page: ProcedurePage, sent: Mapping[str, Any]) -> Revision | None:
    """The revision the form rests on, when it is no longer the newest."""
    # Her own autosaved revision, which the form goes on from, comes before the one she opened.
    pk = sent.get("overwrite_revision_id") or sent.get("loaded_revision_id") or ""
    if not page.pk or not str(pk).isdecimal() or int(pk) == page.latest_revision_id:
        return None
    rows = Revision.page_revisions.filter(object_id=str(page.pk))
    found: Revision | None = rows.filter(pk=int(pk)).first()
    return found


def _with_the_record(clashes: tuple[Clash, ...], theirs: Values) -> tuple[Clash, ...]:
    """Those clashes whose other side is the record itself, not another editor's text."""
    record = split(theirs)

    def recorded(clash: Clash) -> bool:
        new = stored(find(record, clash.part))
        return (new is None) == (clash.theirs is None) and plain(new) == plain(clash.theirs)

    return tuple(clash for clash in clashes if recorded(clash))
