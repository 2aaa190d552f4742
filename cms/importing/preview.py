"""What an import would do to the pages that exist, before anybody agreed to it."""

from __future__ import annotations

from cms.importing.differences import clash_differences, differences
from cms.importing.reading import Note
from cms.importing.values import page_values
from cms.importing.writing import Batch, _Import
from cms.laying import newest
from cms.merging import merge
from cms.models import NationalRecord, ProcedurePage


def compare(run: _Import, batch: Batch) -> None:
    """Fill ``differences`` of the changed rows of a batch: the newest version of the page now,
    and as the merge with the record would leave it. Reads only."""
    codes = [item.parsed.code for item in batch.changed]
    if not codes:
        return
    pages = {
        page.code: page
        for page in ProcedurePage.objects.filter(code__in=codes).select_related("field")
    }
    nationals = {one.page_id: one for one in NationalRecord.objects.filter(page__code__in=codes)}
    for item in batch.changed:
        page = pages.get(item.parsed.code)
        if page is None:
            continue
        done = run.done(item.row)
        ours = page_values(newest(page) if page.has_unpublished_changes else page)
        theirs = {**item.parsed.values, "plain_name": item.parsed.plain_name or ours["plain_name"]}
        national = nationals.get(page.pk)
        # Demo pages are taken over whole; a page no import touched keeps what it says.
        base = ours if page.is_demo else national.values if national else {}
        merged = merge(base, ours, theirs)
        done.differences = clash_differences(merged.clashes) + differences(ours, merged.values)
        if merged.clashes:
            text = (
                f"{len(merged.clashes)} phần thành phố đã sửa khác nguồn; bản thành phố được giữ."
            )
            run.warn(item.row, item.parsed.code, "conflict", text)
        elif not done.differences:
            done.warnings.append(Note("standing_only", standing_words(page, run)))


def standing_words(page: ProcedurePage, run: _Import) -> str:
    """Why a page counts as changed although nothing in it is."""
    if page.is_demo and not run.demo:
        return "Thủ tục minh hoạ trở thành thủ tục thật."
    if not page.live and run.publish:
        return "Nội dung không đổi; bản nháp sẽ được đăng."
    return "Nội dung không đổi; chỉ ghi nhận bản mới của nguồn."
