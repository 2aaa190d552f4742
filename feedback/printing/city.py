"""Sheets of the whole city as one PDF, made in the worker slice by slice (see cms/jobs.py).

Each slice writes one numbered part with as many sheets as fit in its time; the last one joins the
parts. Whoever is responsible for some offices only gets those.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from cms import jobs
from cms.jobs import JobProblem, Work, start
from cms.models import Counter
from cms.models.jobs import Job
from cms.scopes import scope_of
from feedback import poster_codes
from feedback.printing.joining import join_parts
from feedback.printing.qr import CODE_MM
from feedback.printing.sheets import PAGES, TITLE, draw_sheet, new_canvas

KIND = "posters"
LABEL = "Mã QR tại quầy"
#: Who may change counters may put them on the wall.
PERMISSION = "cms.change_counter"
#: Counters read from the database at a time.
_BATCH = 50


def register() -> None:
    """Make the job known to the worker and the screens (feedback/apps.py)."""
    jobs.register(KIND, label="In mã QR", step=make_sheets, permission=PERMISSION)


def start_city(*, size: str, user: Any) -> Job:
    """Queue the sheets of all counters in use within the user's offices, by office and name.

    Raises JobProblem (Vietnamese) for a size there is not, or without a counter.
    """
    if size not in CODE_MM:
        raise JobProblem(f"Không có khổ giấy {size[:10]}.")
    scope = scope_of(user)
    counters = scope.limit(Counter.objects.open()).order_by("office__title", "office_id", "name")
    pks = list(counters.values_list("pk", flat=True))
    if not pks:
        raise JobProblem("Không có quầy nào đang hoạt động để in.")
    whose = "toàn thành phố" if scope.everything else "các cơ quan của bạn"
    return start(
        kind=KIND,
        title=f"Tờ mã QR khổ {size}: {whose}, {len(pks)} quầy",
        options={"size": size, "counters": pks},
        user=user,
    )


def make_sheets(work: Work) -> bool:
    """One slice: some sheets into a part, or at the end the whole file."""
    pks: list[int] = work.options["counters"]
    work.total = len(pks)
    if work.cursor.get("at", 0) < len(pks):
        _write_part(work, pks)
        return False
    _join(work)
    return True


def _part(work: Work, number: int) -> Path:
    return work.folder / f"part-{number:05d}.pdf"


def _write_part(work: Work, pks: list[int]) -> None:
    """The next sheets into a file of their own; the cursor moves past them.

    A counter that was closed meanwhile gets no sheet. A name that cannot be printed fails the job
    here, and it goes on here when the name is right.
    """
    size: str = work.options["size"]
    at, part = work.cursor.get("at", 0), work.cursor.get("parts", 0)
    pages = 0
    with _part(work, part).open("wb") as file:
        canvas = new_canvas(file, PAGES[size])
        while at < len(pks) and (work.time_left > 0 or not pages):
            some = pks[at : at + _BATCH]
            found = Counter.objects.open().select_related("office").in_bulk(some)
            codes = poster_codes.current_of(found.values())
            for pk in some:
                at += 1
                if pk in codes:
                    try:
                        draw_sheet(canvas, codes[pk], size)
                    except ValueError as error:
                        raise JobProblem(f"{found[pk]}: {error}") from error
                    canvas.showPage()
                    pages += 1
                if work.time_left <= 0 and pages:
                    break
        if pages:
            canvas.save()
    work.cursor = {
        "at": at,
        "parts": part + bool(pages),
        "pages": work.cursor.get("pages", 0) + pages,
    }
    work.done = at
    work.message = f"{at}/{len(pks)} quầy"


def _join(work: Work) -> None:
    cursor = work.cursor
    if not cursor["pages"]:
        raise JobProblem("Không in được tờ nào: các quầy đã ngừng hoạt động.")
    size: str = work.options["size"]
    path = work.folder / "qr.pdf"
    pages = join_parts([_part(work, n) for n in range(cursor["parts"])], path, title=TITLE)
    if pages != cursor["pages"]:
        raise JobProblem("Số trang không khớp số quầy. Hãy in lại.")
    work.result = {"pages": pages}
    work.keep_file(path, f"qr-{timezone.localdate():%Y-%m-%d}-{size}.pdf")
