"""Rows an editor writes beside the national record: what holds in this city, or from a day on.

A rule without dates holds always; ``valid_from`` and ``valid_until`` are both inclusive, in Hanoi
days. cms/local.py lays the rules of a day over the national rows, and says which rule wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.models.blocks import FeeBlock, WordsChoiceBlock, YesNoBlock
from cms.record import CHANNELS, TIME_UNITS

EVERY_CHANNEL = "Mọi hình thức"
_EVERY_CHANNEL = [("", EVERY_CHANNEL), *CHANNELS.items()]
ORIGINS = {"city": "Quy định của thành phố", "national": "Quy định của trung ương"}
_DATES = ["valid_from", "valid_until", "decision", "origin"]
#: Kinds of rule that take the place of something; of the others several may hold at once.
_REPLACING = {"fees": "phí, lệ phí", "time": "thời hạn"}


class RuleBlock(blocks.StructBlock):
    """What every rule has: since when, until when, by which decision, whose rule it is."""

    valid_from = blocks.DateBlock(
        required=False,
        label="Từ ngày",
        help_text="Để trống: đang áp dụng. Ngày sau này: trang báo trước và tự đổi lúc 0 giờ.",
    )
    valid_until = blocks.DateBlock(required=False, label="Đến hết ngày")
    decision = blocks.CharBlock(
        required=False, max_length=255, label="Theo văn bản", help_text="Số, ngày, cơ quan ban hành"
    )
    origin = WordsChoiceBlock(choices=list(ORIGINS.items()), default="city", label="Ai quy định")

    def problems(self, value: Any) -> dict[str, str]:
        """What a rule lacks before it may go public: name of the child block → words."""
        return {}

    def clean(self, value: Any) -> Any:
        """Its days in order always; complete only when more than a draft is saved."""
        value = super().clean(value)
        found: dict[str, str] = {}
        since, until = value.get("valid_from"), value.get("valid_until")
        if since and until and until < since:
            found["valid_until"] = f"Ngày kết thúc trước ngày bắt đầu ({since:%d/%m/%Y})."
        if not self.is_deferred_validation:
            found |= self.problems(value)
        if found:
            raise StructBlockValidationError(
                block_errors={name: ValidationError(text) for name, text in found.items()}
            )
        return value


def _channel() -> WordsChoiceBlock:
    return WordsChoiceBlock(choices=_EVERY_CHANNEL, required=False, label="Hình thức nộp")


class LocalFeesBlock(RuleBlock):
    """Fees that take the place of the national ones of a channel, or stand beside them."""

    channel = _channel()
    adds = YesNoBlock(
        required=False,
        label="Thu thêm bên cạnh mức đã có",
        help_text="Không chọn: các khoản dưới đây thay cho mức đã có.",
    )
    fees = blocks.ListBlock(FeeBlock(), label="Phí, lệ phí")

    class Meta:
        icon = "tag"
        label = "Phí, lệ phí"
        form_layout: ClassVar = ["channel", "adds", "fees", *_DATES]

    def problems(self, value: Any) -> dict[str, str]:
        """A fee that says nothing, and a bare 0, which could mean free or forgotten."""
        fees = list(value["fees"])
        if not fees:
            return {"fees": "Ghi ít nhất một khoản phí, lệ phí."}
        for number, fee in enumerate(fees, 1):
            words = (fee.get("text") or "").strip() or (fee.get("condition") or "").strip()
            if fee.get("amount") is None and not words:
                return {"fees": f"Khoản {number} chưa có số tiền hay lời văn."}
            if fee.get("amount") == 0 and not words:
                return {
                    "fees": f"Khoản {number} ghi 0: hãy ghi thêm nguyên văn, ví dụ “Miễn phí”. "
                    "Số 0 một mình không đủ để trang ghi là miễn phí."
                }
        return {}


class LocalTimeBlock(RuleBlock):
    """A time limit that takes the place of the national one."""

    channel = _channel()
    time_value = blocks.DecimalBlock(
        required=False, min_value=0, max_digits=8, decimal_places=2, label="Thời hạn (số)"
    )
    time_unit = WordsChoiceBlock(
        required=False, choices=list(TIME_UNITS.items()), label="Đơn vị thời gian"
    )
    time_text = blocks.TextBlock(
        required=False, rows=1, max_length=50000, label="Thời hạn, nguyên văn"
    )

    class Meta:
        icon = "time"
        label = "Thời hạn"
        form_layout: ClassVar = ["channel", "time_value", "time_unit", "time_text", *_DATES]

    def problems(self, value: Any) -> dict[str, str]:
        """A number with its unit, or words."""
        if value.get("time_value") is not None and not value.get("time_unit"):
            return {"time_unit": "Chọn đơn vị: giờ, ngày, ngày làm việc…"}
        if value.get("time_value") is None and not (value.get("time_text") or "").strip():
            return {"time_value": "Ghi số và đơn vị, hoặc ghi nguyên văn."}
        return {}


class LocalNoteBlock(RuleBlock):
    """A note of the city, for one channel or for all."""

    channel = _channel()
    text = blocks.TextBlock(rows=3, max_length=50000, label="Ghi chú")

    class Meta:
        icon = "info-circle"
        label = "Ghi chú"
        form_layout: ClassVar = ["channel", "text", *_DATES]


class LocalConditionBlock(RuleBlock):
    """A condition the city sets beside the national ones."""

    text = blocks.TextBlock(rows=3, max_length=50000, label="Yêu cầu, điều kiện")

    class Meta:
        icon = "warning"
        label = "Yêu cầu, điều kiện"
        form_layout: ClassVar = ["text", *_DATES]


class WaivedPaperBlock(RuleBlock):
    """A paper of the national record the city no longer asks for."""

    paper = blocks.TextBlock(
        rows=2, max_length=50000, label="Tên giấy tờ", help_text="Như ghi ở thành phần hồ sơ"
    )
    reason = blocks.TextBlock(required=False, rows=2, max_length=5000, label="Vì sao không cần nộp")

    class Meta:
        icon = "cross"
        label = "Giấy tờ không phải nộp"
        form_layout: ClassVar = ["paper", "reason", *_DATES]


LOCAL_RULES: list[tuple[str, Any]] = [
    ("fees", LocalFeesBlock()),
    ("time", LocalTimeBlock()),
    ("note", LocalNoteBlock()),
    ("condition", LocalConditionBlock()),
    ("waived_paper", WaivedPaperBlock()),
]


class LocalRulesBlock(blocks.StreamBlock):
    """All rules of a page, in the editor's order: made with LOCAL_RULES."""

    def clean(self, value: Any) -> Any:
        """No two rules of one kind, of one author and for one channel replace the same thing on
        a day: a citizen would read only one of them, and an editor would not see which."""
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        errors: dict[int, ValidationError] = {}
        seen: list[tuple[tuple[str, str, str], int, Any]] = []
        for position, child in enumerate(value):
            rule = child.value
            if child.block_type not in _REPLACING or rule.get("adds"):
                continue
            key = (child.block_type, rule.get("channel") or "", rule.get("origin") or "city")
            for other_key, other_position, other in seen:
                if other_key == key and _overlap(rule, other):
                    errors[position] = _clash(key, other_position, other)
            seen.append((key, position, rule))
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return value


def _overlap(one: Any, other: Any) -> bool:
    def days(rule: Any) -> tuple[date, date]:
        return rule.get("valid_from") or date.min, rule.get("valid_until") or date.max

    (since, until), (other_since, other_until) = days(one), days(other)
    return since <= other_until and other_since <= until


def _clash(key: tuple[str, str, str], position: int, other: Any) -> ValidationError:
    kind, channel, _origin = key
    name = dict(_EVERY_CHANNEL)[channel]
    since, until = other.get("valid_from"), other.get("valid_until")
    days = _phrase(
        [f"từ {since:%d/%m/%Y}" if since else "", f"đến hết {until:%d/%m/%Y}" if until else ""]
    )
    return StructBlockValidationError(
        block_errors={
            "valid_from": ValidationError(
                f"Trùng ngày với quy định thứ {position + 1} về {_REPLACING[kind]} "
                f"({name.lower()}{days}). Hãy ghi “Đến hết ngày” cho quy định trước."
            )
        }
    )


def _phrase(parts: Iterable[str]) -> str:
    return "".join(f", {part}" for part in parts if part)
