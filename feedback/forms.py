"""The rating form: four questions, what the answers are due to, a comment; nothing preset."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.arrivals import Levels
from feedback.contacts import KEPT_DAYS, LONGEST_CONTACT
from feedback.drivers import DRIVER_WORDS, bits_of
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
CONSENT_MISSING = gettext_lazy(
    "Bạn đã ghi cách liên hệ nhưng chưa đồng ý cho lưu. "
    "Bạn tích vào ô đồng ý, hoặc xoá cách liên hệ."
)
COMMENT_MISSING = gettext_lazy(
    "Cách liên hệ chỉ được lưu cùng một góp ý. Bạn viết góp ý, hoặc xoá cách liên hệ."
)
WRONG_LEVEL = gettext_lazy("Câu trả lời này không đọc được. Bạn chọn lại giúp.")

#: For str.translate: characters below the blank go, but line ends and tabs.
_NO_CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"}
#: Levels as they are sent, and those that are no "chưa biết".
_LEVELS = frozenset("012345")
_KNOWN = _LEVELS - {"0"}
#: What a box that is not ticked may send, besides nothing.
_UNTICKED = frozenset({"", "0", "false", "False"})


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
    return text.translate(_NO_CONTROLS).strip()


class RatingForm:
    """Reads what was sent; keeps all that can be kept when something is wrong.

    Not a ``forms.Form``: of that, only the errors by field would be used, and it takes a fifth of
    the time of a rating (docs/decisions/0075-writers-queue.md).
    """

    #: Days a contact is kept.
    contact_days = KEPT_DAYS

    def __init__(self, data: QueryDict | None = None) -> None:
        self.is_bound = data is not None
        self.sent = data if data is not None else QueryDict()
        self.errors: dict[str, list[str]] = {}
        self.levels: dict[str, int | None] = dict.fromkeys(ITEMS)
        self.comment = tidy(self.sent.get("comment", ""))
        self.contact = " ".join(tidy(self.sent.get("contact", "")).split())
        self.chosen_drivers = self.sent.getlist("drivers")
        if self.is_bound:
            self._read_levels()
            self._check_comment()
            self._check_contact()

    def is_valid(self) -> bool:
        """Whether something was sent, and nothing of it is wrong."""
        return self.is_bound and not self.errors

    @property
    def driver_bits(self) -> int:
        """What the answer is due to, as bits of feedback.drivers."""
        return bits_of(self.chosen_drivers)

    def _read_levels(self) -> None:
        """One answer an item, 1–5, or 0 where "chưa biết" is offered; attitude must be there."""
        for item in ITEMS:
            sent = self.sent.getlist(item)
            if len(sent) == 1 and sent[0] in (_KNOWN if item == "attitude" else _LEVELS):
                self.levels[item] = int(sent[0])
            elif sent:
                self.errors[item] = [str(WRONG_LEVEL)]
            elif item == "attitude":
                self.errors[item] = [str(ATTITUDE_MISSING)]

    def _check_comment(self) -> None:
        """At most :data:`LONGEST_COMMENT` characters."""
        length = len(self.comment)
        if length <= LONGEST_COMMENT:
            return
        problem = _("Góp ý dài %(length)s ký tự; nhiều nhất là %(limit)s. Bạn rút ngắn giúp.")
        if length > KEPT_COMMENT:
            problem += " " + _("Ô bên dưới giữ lại phần đầu.")
        numbers = {"length": _thousands(length), "limit": _thousands(LONGEST_COMMENT)}
        self.errors["comment"] = [problem % numbers]

    def _check_contact(self) -> None:
        """A contact is kept only with a comment and with its own consent; else it is an error.

        Dropping it in silence would leave its writer waiting for a call.
        """
        if not self.contact:
            return
        if len(self.contact) > LONGEST_CONTACT:
            problem = _("Cách liên hệ dài quá %(limit)s ký tự. Bạn rút ngắn giúp.")
            self.errors["contact"] = [problem % {"limit": LONGEST_CONTACT}]
        elif not self.consent_chosen:
            self.errors["contact_consent"] = [str(CONSENT_MISSING)]
        elif not self.comment:
            self.errors["contact"] = [str(COMMENT_MISSING)]

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
        return [
            Question(
                item=item,
                number=number,
                text=QUESTIONS[item],
                required=item == "attitude",
                chosen=self.levels[item],
                error=self._error(item),
            )
            for number, item in enumerate(ITEMS, start=1)
        ]

    @property
    def drivers(self) -> list[tuple[str, str | Promise, bool]]:
        """(name, words, chosen) of what an answer may be due to."""
        return [(name, words, name in self.chosen_drivers) for name, words in DRIVER_WORDS.items()]

    @property
    def comment_text(self) -> str:
        """What the comment box shows."""
        return self.comment[:KEPT_COMMENT]

    @property
    def contact_text(self) -> str:
        """What the contact box shows."""
        return self.contact[:KEPT_COMMENT]

    @property
    def consent_chosen(self) -> bool:
        """Whether the consent to keep the contact is ticked."""
        return self.sent.get("contact_consent", "") not in _UNTICKED

    @property
    def large(self) -> bool:
        """Whether large letters were chosen before the form came back."""
        return bool(self.sent.get("large"))

    @property
    def comment_error(self) -> str:
        """What is wrong with the comment."""
        return self._error("comment")

    @property
    def contact_error(self) -> str:
        """What is wrong with the contact itself."""
        return self._error("contact")

    @property
    def consent_error(self) -> str:
        """What is wrong with the consent to keep the contact."""
        return self._error("contact_consent")

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the field, what is wrong with it), in the order of the form."""
        found = [(f"{question.item}-1", question.error) for question in self.questions]
        found += [
            ("comment", self.comment_error),
            ("contact", self.contact_error),
            ("contact-consent", self.consent_error),
        ]
        return [(anchor, text) for anchor, text in found if text]

    def _error(self, field: str) -> str:
        return " ".join(self.errors.get(field, []))


def _thousands(number: int) -> str:
    """2000 → "2.000" in Vietnamese, "2,000" in English."""
    return number_format(number, use_l10n=True, force_grouping=True)
