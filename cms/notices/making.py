"""A set of notices as one PDF, made in the worker slice by slice (see cms/jobs.py).

Each slice writes one numbered part with as many notices as fit in its time, so that memory holds
a few pages and a killed process repeats one part at most. The last slices lay out the table of
contents, whose page numbers are known by then, and join everything. How many pages the table
takes is known from the start: its lines do not change, only the numbers at their ends.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from cms import jobs
from cms.jobs import JobProblem, Work, start
from cms.models import CitySettings, Counter, Office, ProcedurePage
from cms.models.jobs import Job
from cms.notices.binding import Contents, Line, bind
from cms.notices.sets import entries_of
from cms.notices.sheet import NoticeWriter
from cms.notices.styles import FORMATS
from cms.notices.writing import notice_of

KIND = "notices"
LABEL = "In niêm yết"
#: Who may look after counters may print what hangs beside them.
PERMISSION = "cms.change_counter"


def register() -> None:
    """Make the job known to the worker and the screens (cms/apps.py)."""
    jobs.register(KIND, label=LABEL, step=make_set, permission=PERMISSION)


def start_set(*, office: Office, counter: Counter | None, size: str, user: Any) -> Job:
    """Queue a set of notices of an office, or of one of its counters.

    Raises JobProblem (Vietnamese) for a size there is not, or when nothing is handled there.
    """
    if size not in FORMATS:
        raise JobProblem(f"Không có khổ giấy {size[:10]}.")
    entries = entries_of(office, counter)
    place = f"{counter.name}, {office.title}" if counter else office.title
    if not entries:
        raise JobProblem(
            f"{place} chưa được phân công thủ tục nào đang công bố. "
            "Hãy ghi phân công (Một cửa → Phân công) rồi in lại."
        )
    return start(
        kind=KIND,
        title=f"Niêm yết khổ {size}: {place}",
        options={
            "office": office.pk,
            "counter": counter.pk if counter else None,
            "size": size,
            "day": timezone.localdate().isoformat(),
            "pages": [entry.pk for entry in entries],
        },
        user=user,
    )


def make_set(work: Work) -> bool:
    """One slice: some notices into a part, or at the end the whole file."""
    maker = _Maker(work)
    work.total = len(maker.pks)
    at = work.cursor.get("at", 0)
    if at < len(maker.pks):
        maker.write_part(at)
        return False
    maker.join()
    return True


class _Maker:
    """What every slice reads from the job: place, paper, procedures, and where it stands."""

    def __init__(self, work: Work) -> None:
        self.work = work
        options: dict[str, Any] = work.options
        self.size: str = options["size"]
        self.day = date.fromisoformat(options["day"])
        self.pks: list[int] = options["pages"]
        offices = Office.objects.prefetch_related("hours")
        office = offices.filter(pk=options["office"]).first()
        if office is None:
            raise JobProblem("Cơ quan đã bị xoá trong lúc in.")
        self.office = office
        self.counter = Counter.objects.filter(pk=options["counter"]).first()
        self.city = CitySettings.load()

    @property
    def place(self) -> str:
        """Whose set it is."""
        return f"{self.counter.name}, {self.office.title}" if self.counter else self.office.title

    def _part(self, number: int) -> Path:
        return self.work.folder / f"part-{number:05d}.pdf"

    def write_part(self, at: int) -> None:
        """The next notices into a file of their own; the cursor moves past them."""
        work = self.work
        if not at:
            self._write_entries()
            front = self._contents(
                [Line(code, name, field, 1) for code, name, field in self._entries()]
            ).pages()
            work.cursor = {"front": front, "parts": 0, "counts": []}
        front, part = work.cursor["front"], work.cursor["parts"]
        counts: list[int] = list(work.cursor["counts"])
        with self._part(part).open("wb") as file:
            writer = NoticeWriter(
                file,
                size=self.size,
                title=self.place,
                pages_before=front + sum(counts),
                numbered=True,
            )
            while at < len(self.pks):
                page = self._page(self.pks[at])
                at += 1
                counts.append(0)
                if page is not None:
                    notice = notice_of(page, office=self.office, city=self.city, today=self.day)
                    counts[-1] = writer.add(notice)
                if work.time_left <= 0:
                    break
            if writer.pages:
                writer.close()
                part += 1
        work.cursor = {"at": at, "front": front, "parts": part, "counts": counts}
        work.done = at
        work.message = f"{at}/{len(self.pks)} thủ tục, {front + sum(counts)} trang"

    def _page(self, pk: int) -> ProcedurePage | None:
        """The procedure, unless it was taken offline since the job began."""
        pages = ProcedurePage.objects.live().select_related("field", "replaced_by")
        return pages.filter(pk=pk).first()

    @property
    def _entries_path(self) -> Path:
        return self.work.folder / "entries.json"

    def _write_entries(self) -> None:
        """Codes, names and fields as they are now: the table of contents keeps them, so that it
        does not grow by a page when a name changes meanwhile."""
        pages = ProcedurePage.objects.filter(pk__in=self.pks).values_list(
            "pk", "code", "full_name", "title", "field__name"
        )
        found = {pk: [code, full or title, field] for pk, code, full, title, field in pages}
        gone = ["–", "Thủ tục đã bị xoá", ""]
        entries = [found.get(pk, gone) for pk in self.pks]
        self._entries_path.write_text(json.dumps(entries), encoding="utf-8")

    def _entries(self) -> list[list[str]]:
        entries: list[list[str]] = json.loads(self._entries_path.read_text(encoding="utf-8"))
        return entries

    def _contents(self, lines: list[Line]) -> Contents:
        return Contents(
            city=self.city.city, place=self.place, printed_on=self.day, size=self.size, lines=lines
        )

    def join(self) -> None:
        """Table of contents, parts and bookmarks into one file, the job's result."""
        work, cursor = self.work, self.work.cursor
        lines, at = [], cursor["front"] + 1
        entries = zip(self._entries(), cursor["counts"], strict=True)
        for (code, name, field), count in entries:
            lines.append(Line(code, name, field, at if count else 0))
            at += count
        procedures = sum(1 for line in lines if line.page)
        if not procedures:
            raise JobProblem("Không còn thủ tục nào của tập này đang công bố.")
        path = work.folder / "niem-yet.pdf"
        pages = bind(
            self._contents(lines), [self._part(number) for number in range(cursor["parts"])], path
        )
        if pages != at - 1:
            raise JobProblem("Số trang không khớp mục lục. Hãy in lại tập này.")
        slug = f"quay-{self.counter.code.lower()}" if self.counter else self.office.slug
        work.result = {"procedures": procedures, "pages": pages}
        work.keep_file(path, f"niem-yet-{slug}-{self.size}.pdf")
