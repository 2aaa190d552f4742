"""What citizens ask, for editors: nothing found, nothing opened, rising, most asked.

A question asked fewer than ``FEW`` times in the kept days may be one person's own words. It is
shown as a question only where nothing was found (masked as it is); elsewhere rare questions give
only counts of words that several of them have.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils import timezone

from search import vietnamese as vn
from search.masking import is_masked, unmasked
from search.models.query_log import PAGE, SearchedFor

#: Fewer times in all is rare.
FEW = 3
#: Rows of a report; the CSV has as many.
MOST = 1000
#: Asked so often before it is told that nothing was opened; rising from so many a week on.
NO_CLICK_LEAST, RISING_LEAST = 5, 5
#: Rising: so many times as often as in a week of the four before.
RISING_TIMES = 2.0
_WEEK, _BEFORE = 7, 28
#: Words of rare questions: so many are shown, each in so many questions at least.
_WORDS, _WORD_IN = 40, 3
#: Rare questions that are read for their words, newest first.
_RARE_READ = 5000


@dataclass
class Line:
    """A question in a period, all days, languages and channels together.

    ``clicks`` and ``mean_rank`` are of the pages only (JSON has no clicks): ``pages`` were shown.
    """

    text: str
    count: int = 0
    empty: int = 0
    near_only: int = 0
    corrected: int = 0
    pages: int = 0
    clicks: int = 0
    rank_sum: int = 0
    last_total: int = 0
    last_day: datetime.date = datetime.date.min
    before: float = 0.0
    languages: list[str] = field(default_factory=list)

    @property
    def opened(self) -> float | None:
        """Share of its pages of which a result was opened, at most 1; None without a page."""
        return min(1.0, self.clicks / self.pages) if self.pages else None

    @property
    def mean_rank(self) -> float | None:
        """Mean place of what was opened, 1 is the first."""
        return self.rank_sum / self.clicks if self.clicks else None

    @property
    def masked(self) -> bool:
        """Whether something was taken out of it."""
        return is_masked(self.text)

    @property
    def words(self) -> str:
        """Without the masks."""
        return unmasked(self.text)


def _since(days: int, today: datetime.date | None = None) -> datetime.date:
    return (today or timezone.localdate()) - datetime.timedelta(days=days - 1)


def _often(texts: Iterable[str]) -> set[str]:
    """Those asked ``FEW`` times or more in all that is kept."""
    found: set[str] = set()
    for some in _slices(list(texts)):
        rows = SearchedFor.objects.filter(text__in=some).values("text").annotate(n=Sum("count"))
        found |= set(rows.filter(n__gte=FEW).values_list("text", flat=True))
    return found


def _slices(texts: list[str]) -> Iterable[list[str]]:
    return (texts[start : start + 500] for start in range(0, len(texts), 500))


def _lines(texts: list[str], since: datetime.date) -> list[Line]:
    """Everything of these questions since that day, in their order."""
    found = {text: Line(text) for text in texts}
    for some in _slices(texts):
        for row in SearchedFor.objects.filter(text__in=some, day__gte=since).iterator():
            line = found[row.text]
            for name in ("count", "empty", "near_only", "corrected", "clicks", "rank_sum"):
                setattr(line, name, getattr(line, name) + getattr(row, name))
            if row.channel == PAGE:
                line.pages += row.count
            if row.count and (row.day, row.last_total) > (line.last_day, line.last_total):
                line.last_day, line.last_total = row.day, row.last_total
            if row.language not in line.languages:
                line.languages.append(row.language)
    return list(found.values())


def _texts(rows: QuerySet, *order: str, **least: object) -> list[str]:
    grouped = rows.values("text").annotate(
        n=Sum("count"),
        none=Sum("empty"),
        shown=Sum("count", filter=Q(channel=PAGE), default=0),
        opened=Sum("clicks"),
    )
    return list(
        grouped.filter(**least).order_by(*order, "text").values_list("text", flat=True)[:MOST]
    )


def no_result(days: int = _BEFORE, today: datetime.date | None = None) -> list[Line]:
    """Nothing was found, and nothing the last time either; rare ones too."""
    since = _since(days, today)
    rows = SearchedFor.objects.filter(day__gte=since)
    texts = _texts(rows, "-none", none__gt=0)
    return [line for line in _lines(texts, since) if not line.last_total]


def no_click(days: int = _BEFORE, today: datetime.date | None = None) -> list[Line]:
    """Results were shown, and nobody opened one."""
    since = _since(days, today)
    rows = SearchedFor.objects.filter(day__gte=since)
    texts = _texts(rows, "-shown", shown__gte=max(NO_CLICK_LEAST, FEW), opened=0, none__lt=F("n"))
    return [line for line in _lines(texts, since) if line.last_total]


def most_asked(days: int = _BEFORE, today: datetime.date | None = None) -> list[Line]:
    """By how often."""
    since = _since(days, today)
    texts = _texts(SearchedFor.objects.filter(day__gte=since), "-n", n__gt=0)
    often = _often(texts)
    return _lines([text for text in texts if text in often], since)


def rising(days: int = _WEEK, today: datetime.date | None = None) -> list[Line]:
    """The last seven days against the four weeks before; ``before`` is a mean week of those."""
    first = _since(_WEEK, today)
    earlier = first - datetime.timedelta(days=_BEFORE)
    now = SearchedFor.objects.filter(day__gte=first)
    texts = _texts(now, "-n", n__gte=max(RISING_LEAST, FEW))
    lines = _lines(texts, first)
    before: dict[str, float] = {}
    for some in _slices(texts):
        rows = SearchedFor.objects.filter(text__in=some, day__gte=earlier, day__lt=first)
        for text, n in rows.values_list("text").annotate(n=Sum("count")):
            before[text] = n / (_BEFORE / _WEEK)
    for line in lines:
        line.before = before.get(line.text, 0.0)
    found = [line for line in lines if line.count >= RISING_TIMES * line.before]
    return sorted(found, key=lambda line: (line.before - line.count, line.text))


def rare_words(days: int = _BEFORE, today: datetime.date | None = None) -> list[tuple[str, int]]:
    """Words of rare questions, and in how many different ones each stands; numbers left out."""
    rows = SearchedFor.objects.filter(day__gte=_since(days, today))
    texts = list(
        rows.values("text")
        .annotate(n=Sum("count"), newest=Max("day"))
        .filter(n__lt=FEW)
        .order_by("-newest", "text")
        .values_list("text", flat=True)[:_RARE_READ]
    )
    often = _often(texts)
    counts: Counter[str] = Counter()
    for text in texts:
        if text not in often:
            counts.update(
                {token.text for token in vn.tokens(unmasked(text)) if token.text.isalpha()}
            )
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_WORDS]
    return [(word, n) for word, n in most if n >= _WORD_IN]


@dataclass(frozen=True)
class Report:
    """A report and what it tells."""

    slug: str
    title: str
    tells: str
    lines: Callable[[int], list[Line]]
    #: Column → name; the question comes first.
    columns: tuple[tuple[str, str], ...]
    #: Whether the reader chooses the period.
    period: bool = True


REPORTS = (
    Report(
        "khong-co-ket-qua",
        "Không có kết quả",
        "Câu hỏi mà lần gần nhất vẫn không tìm thấy gì. Kể cả câu chỉ hỏi một lần.",
        no_result,
        (("empty", "Lần không có"), ("count", "Lần hỏi"), ("near_only", "Chỉ phỏng đoán")),
    ),
    Report(
        "khong-ai-mo",
        "Có kết quả, không ai mở",
        f"Câu hỏi được hỏi từ {NO_CLICK_LEAST} lần, có kết quả mà không ai mở kết quả nào: "
        "có thể kết quả đúng không ở đầu, hoặc câu trả lời đã hiện ngay trên thẻ.",
        no_click,
        (("pages", "Lần xem trang"), ("last_total", "Số kết quả"), ("corrected", "Có sửa lỗi gõ")),
    ),
    Report(
        "dang-tang",
        "Đang tăng",
        f"Bảy ngày qua được hỏi từ {RISING_LEAST} lần, và ít nhất gấp đôi một tuần của bốn tuần "
        "trước đó.",
        rising,
        (("count", "7 ngày qua"), ("before", "Một tuần trước đó"), ("last_total", "Số kết quả")),
        period=False,
    ),
    Report(
        "hoi-nhieu-nhat",
        "Hỏi nhiều nhất",
        f"Câu hỏi được hỏi từ {FEW} lần trở lên.",
        most_asked,
        (
            ("count", "Lần hỏi"),
            ("last_total", "Số kết quả"),
            ("opened", "Có mở kết quả"),
            ("mean_rank", "Thứ hạng được mở"),
        ),
    ),
)
