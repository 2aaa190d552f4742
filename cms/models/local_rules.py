"""Rows an editor writes beside the national record: what holds in this city, or from a day on.

A rule without dates holds always; ``valid_from`` and ``valid_until`` are both inclusive, in Hanoi
days. cms/local.py lays the rules of a day over the national rows.
"""

from __future__ import annotations

from typing import Any

from wagtail import blocks

from cms.models.blocks import FeeBlock
from cms.record import CHANNELS, TIME_UNITS

_EVERY_CHANNEL = [("", "Mọi hình thức"), *CHANNELS.items()]
ORIGINS = {"city": "Quy định của thành phố", "national": "Quy định của trung ương"}


class RuleBlock(blocks.StructBlock):
    """What every rule has: since when, until when, by which decision, whose rule it is."""

    valid_from = blocks.DateBlock(required=False, label="Từ ngày")
    valid_until = blocks.DateBlock(required=False, label="Đến hết ngày")
    decision = blocks.CharBlock(
        required=False, max_length=255, label="Theo văn bản", help_text="Số, ngày, cơ quan ban hành"
    )
    origin = blocks.ChoiceBlock(choices=list(ORIGINS.items()), default="city", label="Ai quy định")


def _channel() -> blocks.ChoiceBlock:
    return blocks.ChoiceBlock(choices=_EVERY_CHANNEL, required=False, label="Hình thức nộp")


class LocalFeesBlock(RuleBlock):
    """Fees that take the place of the national ones of a channel, or stand beside them."""

    channel = _channel()
    adds = blocks.BooleanBlock(
        required=False,
        label="Thu thêm bên cạnh mức đã có",
        help_text="Không chọn: các khoản dưới đây thay cho mức đã có.",
    )
    fees = blocks.ListBlock(FeeBlock(), label="Phí, lệ phí")

    class Meta:
        icon = "tag"
        label = "Phí, lệ phí"


class LocalTimeBlock(RuleBlock):
    """A time limit that takes the place of the national one."""

    channel = _channel()
    time_value = blocks.DecimalBlock(
        required=False, min_value=0, max_digits=8, decimal_places=2, label="Thời hạn (số)"
    )
    time_unit = blocks.ChoiceBlock(
        required=False, choices=list(TIME_UNITS.items()), label="Đơn vị thời gian"
    )
    time_text = blocks.TextBlock(
        required=False, rows=1, max_length=50000, label="Thời hạn, nguyên văn"
    )

    class Meta:
        icon = "time"
        label = "Thời hạn"


class LocalNoteBlock(RuleBlock):
    """A note of the city, for one channel or for all."""

    channel = _channel()
    text = blocks.TextBlock(rows=3, max_length=50000, label="Ghi chú")

    class Meta:
        icon = "info-circle"
        label = "Ghi chú"


class LocalConditionBlock(RuleBlock):
    """A condition the city sets beside the national ones."""

    text = blocks.TextBlock(rows=3, max_length=50000, label="Yêu cầu, điều kiện")

    class Meta:
        icon = "warning"
        label = "Yêu cầu, điều kiện"


class WaivedPaperBlock(RuleBlock):
    """A paper of the national record the city no longer asks for."""

    paper = blocks.TextBlock(
        rows=2, max_length=50000, label="Tên giấy tờ", help_text="Như ghi ở thành phần hồ sơ"
    )
    reason = blocks.TextBlock(required=False, rows=2, max_length=5000, label="Vì sao không cần nộp")

    class Meta:
        icon = "cross"
        label = "Giấy tờ không phải nộp"


LOCAL_RULES: list[tuple[str, Any]] = [
    ("fees", LocalFeesBlock()),
    ("time", LocalTimeBlock()),
    ("note", LocalNoteBlock()),
    ("condition", LocalConditionBlock()),
    ("waived_paper", WaivedPaperBlock()),
]
