"""The rating form: four questions, a comment, nothing chosen beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.intake import Levels
from feedback.models.ratings import ITEMS

#: Characters a comment may have.
LONGEST_COMMENT = 2000
#: Characters of a longer comment that come back, so that its writer can shorten it.
KEPT_COMMENT = 10_000

LEVEL_WORDS = {
    1: gettext_lazy("Rất không hài lòng"),
    2: gettext_lazy("Không hài lòng"),
    3: gettext_lazy("Bình thường"),
    4: gettext_lazy("Hài lòng"),
    5: gettext_lazy("Rất hài lòng"),
}
QUESTIONS = {
    "attitude": gettext_lazy("Thái độ của người tiếp bạn hôm nay thế nào?"),
    "time": gettext_lazy("Thời gian chờ và giải quyết?"),
    "clarity": gettext_lazy("Hướng dẫn có rõ ràng, dễ hiểu?"),
    "fees": gettext_lazy("Phí, lệ phí có đúng như công khai?"),
}
ATTITUDE_MISSING = gettext_lazy("Bạn chưa chọn câu trả lời cho câu 1 (thái độ).")
WRONG_LEVEL = gettext_lazy("Câu trả lời này không đọc được. Bạn chọn lại giúp.")


@dataclass(frozen=True)
class Question:
    """One question as the page shows it; ``chosen`` is 1–5, 0 ("chưa biết") or None."""

    item: str
    number: int
    text: str | Promise
    required: bool
    chosen: int | None
    error: str

    @property
    def levels(self) -> list[tuple[int, str | Promise, bool]]:
        """(level, word, chosen) for the five faces."""
        return [(level, word, level == self.chosen) for level, word in LEVEL_WORDS.items()]

    @property
    def unknown_chosen(self) -> bool:
        """Whether "chưa biết" is chosen."""
        return self.chosen == 0


def tidy(text: str) -> str:
    """Line ends as ``\\n``, no control characters (PostgreSQL refuses NUL), no outer space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in "\n\t" or ord(char) >= 32).strip()


class RatingForm(forms.Form):
    """Reads what was sent; keeps all that can be kept when something is wrong."""

    comment = forms.CharField(required=False, strip=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        if data is not None:
            data = data.copy()
            data["comment"] = tidy(data.get("comment", ""))
        super().__init__(data)
        self.sent = data if data is not None else QueryDict()
        self.levels: dict[str, int | None] = dict.fromkeys(ITEMS)

    def clean_comment(self) -> str:
        """At most :data:`LONGEST_COMMENT` characters."""
        text = self.cleaned_data["comment"]
        if len(text) > LONGEST_COMMENT:
            problem = _("Góp ý dài %(length)s ký tự; nhiều nhất là %(limit)s. Bạn rút ngắn giúp.")
            if len(text) > KEPT_COMMENT:
                problem += " " + _("Ô bên dưới giữ lại phần đầu.")
            raise forms.ValidationError(
                problem % {"length": _thousands(len(text)), "limit": _thousands(LONGEST_COMMENT)}
            )
        return text

    def clean(self) -> dict[str, Any]:
        """One answer an item, 1–5, or 0 where "chưa biết" is offered; attitude must be there."""
        for item in ITEMS:
            sent = self.sent.getlist(item)
            lowest = 1 if item == "attitude" else 0
            if not sent:
                if item == "attitude":
                    self.errors[item] = self.error_class([str(ATTITUDE_MISSING)])
                continue
            if len(sent) == 1 and sent[0] in {str(level) for level in range(lowest, 6)}:
                self.levels[item] = int(sent[0])
            else:
                self.errors[item] = self.error_class([str(WRONG_LEVEL)])
        return self.cleaned_data

    def answers(self) -> Levels:
        """The levels of a valid form."""
        attitude = self.levels["attitude"]
        if attitude is None:
            raise ValueError("the form is not valid")
        return Levels(
            attitude=attitude,
            time=self.levels["time"],
            clarity=self.levels["clarity"],
            fees=self.levels["fees"],
        )

    @property
    def questions(self) -> list[Question]:
        """The four questions, with what was chosen and what is wrong."""
        errors = self.errors if self.is_bound else {}
        return [
            Question(
                item=item,
                number=number,
                text=QUESTIONS[item],
                required=item == "attitude",
                chosen=self.levels[item],
                error=" ".join(map(str, errors.get(item, []))),
            )
            for number, item in enumerate(ITEMS, start=1)
        ]

    @property
    def comment_text(self) -> str:
        """What the comment box shows."""
        return str(self.data.get("comment", ""))[:KEPT_COMMENT]

    @property
    def comment_error(self) -> str:
        """What is wrong with the comment."""
        errors = self.errors if self.is_bound else {}
        return " ".join(map(str, errors.get("comment", [])))


def _thousands(number: int) -> str:
    """2000 → "2.000" in Vietnamese, "2,000" in English."""
    return number_format(number, use_l10n=True, force_grouping=True)
