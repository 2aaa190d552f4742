"""The monthly report of an office on A4: what to do first, every counter, why. Vector throughout.

One to three pages, also for forty counters: the table carries everything, and the four items of
every counter are printed where there is room for them.
"""

from __future__ import annotations

from html import escape
from typing import Any, BinaryIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from cms.models import CitySettings
from cms.printing_fonts import BOLD, REGULAR, printable, register_fonts
from feedback.office_report import ITEMS, CounterReport, OfficeReport
from feedback.presentation import month_text
from feedback.printing.drawing import GOLD, INK, LACQUER, MUTED

RULE = HexColor("#c9c3ba")
WASH = HexColor("#f4eee6")
MARGIN = 15 * mm
WIDTH = A4[0] - 2 * MARGIN
#: The four items of every counter are printed up to so many counters; more are on the screen.
ITEMS_UP_TO = 14
#: Times the size, from one line to the next: stacked Vietnamese marks must not touch.
_LEADING = 1.36
_PRIVATE = "một người làm cả tháng: chỉ cơ quan xem"


def _style(size: float, font: str = REGULAR, **more: Any) -> ParagraphStyle:
    values = {"fontSize": size, "leading": size * _LEADING, "textColor": INK, **more}
    return ParagraphStyle("report", fontName=font, splitLongWords=1, **values)


def _text(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(printable(words), quote=False), style)


class _Plot(Flowable):
    """Dot, whisker and peer line on the axis 0–100; hollow with few answers."""

    def __init__(self, one: CounterReport, width: float, height: float = 5.5 * mm) -> None:
        super().__init__()
        self.one, self.width, self.height = one, width, height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Its size."""
        return self.width, self.height

    def draw(self) -> None:
        """As on the screen."""
        canvas, body, middle = self.canv, self.one.figures, self.height / 2

        def x(points: float) -> float:
            return points / 100 * self.width

        canvas.setLineCap(1)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.8)
        canvas.line(0, middle, self.width, middle)
        if body["peer_mean"] is not None:
            canvas.setStrokeColor(GOLD)
            canvas.setLineWidth(1.1)
            canvas.setDash(2, 1.6)
            canvas.line(x(body["peer_mean"]), 0, x(body["peer_mean"]), self.height)
            canvas.setDash()
        low, high = body["interval"]
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.6)
        canvas.line(x(low), middle, x(high), middle)
        canvas.setStrokeColor(LACQUER)
        canvas.setFillColor(HexColor("#ffffff") if self.one.score.few else LACQUER)
        canvas.setLineWidth(1.2)
        canvas.circle(x(body["score"]), middle, 2.4, stroke=1, fill=1)


def write_report(report: OfficeReport, out: BinaryIO, *, ledger_head: str = "") -> int:
    """Write the PDF of a report that has a snapshot; how many pages it has.

    ValueError without a snapshot. ``ledger_head`` is the digest printed at the foot.
    """
    snapshot = report.snapshot
    if snapshot is None:
        raise ValueError("Chưa có tháng nào được công bố.")
    register_fonts()
    foot = [
        f"Tính đến {snapshot.as_of:%d/%m/%Y}, bản công bố số {snapshot.number}, phương pháp "
        f"{snapshot.method}: một phương pháp của địa phương.",
        f"Sổ kiểm tra, dòng cuối: {ledger_head}"
        if ledger_head
        else "Sổ kiểm tra chưa có dòng nào.",
    ]
    counted = _counting(foot)
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=14 * mm,
        bottomMargin=20 * mm,
        title=f"Báo cáo tháng {month_text(snapshot.month)}: {report.office.title}",
        author="Bốn Công Khai",
        lang="vi-VN",
    )
    document.build(_story(report), canvasmaker=counted)
    return int(document.page)


def _counting(foot: list[str]) -> type[Canvas]:
    """A canvas that knows at the end how many pages there are, and prints the foot of each."""

    class Counted(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._pages:
                self.__dict__.update(page)
                _draw_foot(self, foot, f"Trang {self.getPageNumber()}/{len(self._pages)}")
                super().showPage()
            super().save()

    return Counted


def _draw_foot(canvas: Canvas, foot: list[str], pages: str) -> None:
    y = 12.5 * mm
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.8)
    canvas.line(MARGIN, y + 3.6 * mm, A4[0] - MARGIN, y + 3.6 * mm)
    canvas.setFillColor(MUTED)
    canvas.setFont(REGULAR, 7.4)
    for line in foot:
        canvas.drawString(MARGIN, y, printable(line))
        y -= 3.7 * mm
    canvas.drawRightString(A4[0] - MARGIN, 12.5 * mm, pages)


def _story(report: OfficeReport) -> list[Flowable]:
    assert report.snapshot is not None
    month = month_text(report.snapshot.month)
    story: list[Flowable] = [
        _text(CitySettings.load().city, _style(9, textColor=MUTED)),
        _text(f"Báo cáo tháng {month}", _style(18, BOLD, textColor=LACQUER)),
        _text(report.office.title, _style(12.5, BOLD, spaceAfter=3 * mm)),
        _todo(report),
        Spacer(1, 2.5 * mm),
        _text(_totals(report), _style(10, spaceAfter=2.5 * mm)),
        _table(report),
        _text(
            "Chấm: điểm thái độ, 0–100 (rỗng: ít dữ liệu). Vạch ngang: khoảng tin cậy 90 %. Vạch "
            "đứt: trung bình các quầy khác cùng lĩnh vực. Không xếp hạng. Điều người chưa hài lòng "
            "nhắc đến: trong tháng, làm tròn đến 5 %, từ 5 câu trả lời trở lên.",
            _style(8, textColor=MUTED, spaceBefore=1.5 * mm),
        ),
    ]
    shown = [one for one in report.counters if not one.score.hidden]
    if shown and len(report.counters) <= ITEMS_UP_TO:
        title = _text("Bốn nội dung: điểm, và hơn kém nhóm", _style(11.5, BOLD, spaceBefore=4 * mm))
        story.append(KeepTogether([title, Spacer(1, 1.5 * mm), _items(shown)]))
    return story


def _todo(report: OfficeReport) -> Table:
    rows: list[list[Any]] = [[_text("Việc nên làm trước", _style(11.5, BOLD, textColor=LACQUER))]]
    rows += [
        [_text(f"{number}. {words}", _style(11))]
        for number, words in enumerate(report.sentences, 1)
    ]
    table = Table(rows, colWidths=[WIDTH])
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), WASH),
                ("LINEBEFORE", (0, 0), (0, -1), 3, LACQUER),
                ("LEFTPADDING", (0, 0), (-1, -1), 4 * mm),
                ("TOPPADDING", (0, 0), (-1, -1), 1.6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _totals(report: OfficeReport) -> str:
    tiers = report.tiers()
    words = (
        f"{len(report.counters)} quầy: {tiers['lower']} thấp hơn nhóm, {tiers['similar']} tương "
        f"đương, {tiers['higher']} cao hơn, {tiers['few']} ít dữ liệu, {tiers['hidden']} chưa hiện "
        "điểm."
    )
    if not report.newest:
        return words
    return (
        f"{words} Đến {report.today:%d/%m/%Y}: {report.total('comments_waiting')} góp ý chờ trả "
        f"lời ({report.total('comments_overdue')} quá hạn), {report.total('open_cases')} vụ việc "
        "đang mở."
    )


def _grid(rows: list[list[Any]], widths: list[float], *more: Any) -> Table:
    table = Table(rows, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.9, LACQUER),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 1.5),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 1.4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
                *more,
            ]
        )
    )
    return table


def _table(report: OfficeReport) -> Table:
    head, cell, small = _style(8.6, BOLD), _style(9.2), _style(8.2, textColor=MUTED)
    plot = 42 * mm
    rows: list[list[Any]] = [
        [
            _text(words, head)
            for words in ("Quầy", "Điểm và khoảng", "Điểm", "So với nhóm", "Vì sao, việc tồn")
        ]
    ]
    merged = []
    for number, one in enumerate(report.counters, 1):
        name = [_text(one.counter.name, _style(9.4, BOLD)), _text(_field(one), small)]
        why = _text(_why(one, report.newest), _style(8.4))
        if one.score.hidden:
            none = _PRIVATE if one.withheld else "chưa đủ 10 đánh giá"
            rows.append([name, _text(none, small), "", "", why])
            merged.append(("SPAN", (1, number), (3, number)))
            continue
        change = f" ({one.change_words})" if one.change_words else ""
        rows.append(
            [
                name,
                _Plot(one, plot - 8),
                _text(f"{one.score.score}{change}", cell),
                _text(_tier(one), cell),
                why,
            ]
        )
    widths = [36 * mm, plot, 21 * mm, 27 * mm]
    return _grid(rows, [*widths, WIDTH - sum(widths)], *merged)


def _field(one: CounterReport) -> str:
    """The main field, cut where a long official name would double the row."""
    name = one.counter.main_field.name
    return name if len(name) <= 44 else f"{name[:43].rstrip()}…"


def _tier(one: CounterReport) -> str:
    words = "ít dữ liệu" if one.score.few else str(one.score.tier or "chưa so với nhóm")
    return f"{words}, {one.since_words}" if one.since_words else words


def _why(one: CounterReport, newest: bool) -> str:
    parts = []
    if one.of_one and not one.withheld:
        parts.append(_PRIVATE)
    if one.low and one.low.named:
        words, share = one.low.named[0]
        parts.append(f"nhắc nhiều: {words.lower()} {share} %")
    elif one.weakest:
        parts.append(f"yếu nhất: {ITEMS[one.weakest].lower()}")
    if newest and one.comments_waiting:
        late = f" ({one.comments_overdue} quá hạn)" if one.comments_overdue else ""
        parts.append(f"{one.comments_waiting} góp ý chờ{late}")
    if newest and one.open_cases:
        parts.append(f"{one.open_cases} vụ việc mở")
    if one.score.response_rate:
        parts.append(f"trả lời {one.score.response_rate}")
    return "; ".join(parts) or "–"


def _items(shown: list[CounterReport]) -> Table:
    head, cell = _style(8.6, BOLD), _style(9)
    rows: list[list[Any]] = [
        [_text("Quầy", head), *(_text(words, head) for words in ITEMS.values())]
    ]
    marked = []
    for number, one in enumerate(shown, 1):
        texts = []
        found = {key: (item, gap) for key, _words, item, gap in one.items}
        for place, key in enumerate(ITEMS, 1):
            item, gap = found[key]
            texts.append("chưa đủ" if item.hidden else f"{item.score}{f' ({gap})' if gap else ''}")
            if key == one.weakest:
                marked.append(("BACKGROUND", (place, number), (place, number), WASH))
                texts[-1] += " · yếu nhất"
        rows.append([_text(one.counter.name, _style(9, BOLD)), *(_text(t, cell) for t in texts)])
    return _grid(rows, [30 * mm, *[(WIDTH - 30 * mm) / 4] * 4], *marked)
