"""The typed rows of a procedure as an editor sees them; cms/record.py reads what is stored."""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from cms.record import CHANNELS, TIME_UNITS


class WordsChoiceBlock(blocks.ChoiceBlock):
    """A choice that comparisons of versions show in words, not as what is stored."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        """The label of the choice."""
        return str(dict(self.field.choices).get(value, value or ""))


class YesNoBlock(blocks.BooleanBlock):
    """A tick that comparisons of versions show in words."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        """Có or không."""
        return "có" if value else "không"

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Migrations need not know this class."""
        _path, args, kwargs = super().deconstruct()
        return "wagtail.blocks.BooleanBlock", args, kwargs


class FeeBlock(blocks.StructBlock):
    """One fee of a channel: amount, currency, condition, and the source's own words."""

    amount = blocks.DecimalBlock(
        required=False, min_value=0, max_digits=15, decimal_places=2, label="Số tiền"
    )
    currency = WordsChoiceBlock(
        required=False,
        choices=[("VND", "đồng (VND)"), ("USD", "đô la Mỹ (USD)"), ("EUR", "euro (EUR)")],
        label="Đơn vị tiền",
        help_text="Để trống nếu văn bản không nói rõ: trang sẽ ghi đúng như vậy.",
    )
    condition = blocks.TextBlock(
        required=False, rows=2, label="Điều kiện, đối tượng miễn giảm", max_length=20000
    )
    text = blocks.TextBlock(
        required=False, rows=1, label="Nguyên văn trong quyết định", max_length=20000
    )
    assumed = YesNoBlock(
        required=False,
        label="Đơn vị tiền do máy đoán",
        help_text="Bỏ chọn sau khi đã đối chiếu với văn bản.",
    )

    class Meta:
        icon = "tag"
        label = "Phí, lệ phí"
        form_classname = "struct-block bck-fee"


class ChannelBlock(blocks.StructBlock):
    """A way to hand in the dossier, with its own time limit and fees (time and fee live here)."""

    kind = WordsChoiceBlock(choices=list(CHANNELS.items()), label="Hình thức nộp")
    time_value = blocks.DecimalBlock(
        required=False, min_value=0, max_digits=8, decimal_places=2, label="Thời hạn (số)"
    )
    time_unit = WordsChoiceBlock(
        required=False, choices=list(TIME_UNITS.items()), label="Đơn vị thời gian"
    )
    time_text = blocks.TextBlock(
        required=False, rows=1, label="Thời hạn, nguyên văn", max_length=50000
    )
    fees = blocks.ListBlock(FeeBlock(), default=[], label="Phí, lệ phí")
    note = blocks.TextBlock(required=False, rows=2, label="Mô tả", max_length=50000)

    class Meta:
        icon = "mail"
        label = "Cách thức thực hiện"
        form_classname = "struct-block bck-channel"


class DocumentItemBlock(blocks.StructBlock):
    """One paper of a dossier."""

    name = blocks.TextBlock(rows=2, label="Tên giấy tờ", max_length=50000)
    originals = blocks.IntegerBlock(required=False, min_value=0, default=1, label="Bản chính")
    copies = blocks.IntegerBlock(required=False, min_value=0, default=0, label="Bản sao")
    forms = blocks.ListBlock(
        blocks.CharBlock(label="Mẫu", max_length=2000), default=[], label="Mẫu đơn, tờ khai"
    )
    heading = YesNoBlock(
        required=False,
        label="Đây là tiêu đề hoặc ghi chú",
        help_text="Không đếm là một giấy tờ, không có ô đánh dấu.",
    )

    class Meta:
        icon = "doc-full"
        label = "Giấy tờ"
        form_classname = "struct-block bck-paper"


class DocumentCaseBlock(blocks.StructBlock):
    """The papers for one case."""

    name = blocks.TextBlock(required=False, rows=1, label="Trường hợp", max_length=20000)
    items = blocks.ListBlock(DocumentItemBlock(), default=[], label="Giấy tờ")

    class Meta:
        icon = "folder-open-inverse"
        label = "Thành phần hồ sơ theo trường hợp"


class LegalBasisBlock(blocks.StructBlock):
    """A legal document by name and number."""

    name = blocks.TextBlock(required=False, rows=1, label="Trích yếu", max_length=20000)
    number = blocks.CharBlock(required=False, label="Số ký hiệu", max_length=500)

    class Meta:
        icon = "doc-full-inverse"
        label = "Văn bản"
        form_classname = "struct-block bck-law"


class FormFileBlock(blocks.StructBlock):
    """A form to fill, as a file citizens can download."""

    name = blocks.CharBlock(
        max_length=2000, label="Tên mẫu", help_text="Như ghi ở thành phần hồ sơ, ví dụ: Mẫu số 01"
    )
    document = DocumentChooserBlock(label="Tệp (.docx, .pdf)")

    class Meta:
        icon = "doc-full"
        label = "Tệp mẫu đơn"


class InternalStepBlock(blocks.StructBlock):
    """A row of the internal process (quy trình nội bộ), NĐ 118/2025 Đ38.1d: step, work, unit or
    person, hours. Rows of several agencies make a procedure một cửa liên thông."""

    name = blocks.CharBlock(max_length=255, label="Bước")
    work = blocks.TextBlock(required=False, rows=2, max_length=20000, label="Công việc")
    agency = blocks.CharBlock(max_length=255, label="Cơ quan")
    unit = blocks.CharBlock(required=False, max_length=255, label="Đơn vị, người thực hiện")
    hours = blocks.DecimalBlock(
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        label="Thời gian (giờ làm việc)",
    )

    class Meta:
        icon = "list-ol"
        label = "Bước nội bộ"
