"""The words of :mod:`cms.formatting` in the language of the page.

That module is pure and Vietnamese; pages pass :func:`page_wording` to it, JSON and the index do
not. The strings are repeated here only so that the catalogue finds them (a test compares).
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.formats import get_format
from django.utils.translation import (
    get_language,
    gettext,
    gettext_lazy,
    gettext_noop,
    ngettext,
    ngettext_lazy,
)

from cms.formatting import VIETNAMESE, Wording

SAID = (
    gettext_noop("Miễn phí"),
    gettext_noop("Chưa công bố"),
    gettext_noop("Xem điều kiện"),
    gettext_noop("0 đồng (nguồn không ghi điều kiện)"),
    gettext_noop("0 đồng theo nguồn, xem điều kiện"),
    gettext_noop("%(amount)s (nguồn không ghi điều kiện)"),
    gettext_noop("%(amount)s theo nguồn, xem điều kiện"),
    gettext_noop("Xem chi tiết"),
    gettext_noop("Tuỳ hình thức nộp"),
    gettext_noop("%(number)s (chưa rõ đơn vị tiền)"),
    gettext_noop("%(number)s — đơn vị chưa rõ"),
    gettext_noop("Nguồn ghi “%(words)s”, cần xem lại"),
    gettext_noop("%(one)s hoặc %(other)s"),
    gettext_noop("%(head)s, xem điều kiện"),
    gettext_noop("đồng"),
    gettext_noop("euro"),
)
#: Marked for the catalogue; the number comes with each use.
UNITS = (
    ngettext_lazy("giờ", "giờ", 1),
    ngettext_lazy("ngày", "ngày", 1),
    ngettext_lazy("ngày làm việc", "ngày làm việc", 1),
    ngettext_lazy("tháng", "tháng", 1),
    ngettext_lazy("năm", "năm", 1),
)
#: What a page should have before it goes public: the sentences of cms/requirements.py.
REQUIRED = (
    gettext_noop("Có các bước thực hiện"),
    gettext_noop("Mỗi trường hợp có giấy tờ"),
    gettext_noop("Có hình thức nộp"),
    gettext_noop("Mỗi hình thức nộp có thời hạn"),
    gettext_noop("Mỗi hình thức nộp nói rõ lệ phí"),
    gettext_noop("Mẫu đơn nào nhắc tới cũng có tệp"),
    gettext_noop("Có số quyết định công bố"),
    gettext_noop("Chưa quá ngày rà soát"),
    gettext_noop("Từ chuyên môn có cách gọi dân hiểu"),
    gettext_noop("Tạm dừng, bãi bỏ có đủ lý do và ngày"),
    gettext_noop("Có người làm"),
)
#: By Python's weekday: 0 is Monday.
WEEKDAY_NAMES = (
    gettext_lazy("thứ Hai"),
    gettext_lazy("thứ Ba"),
    gettext_lazy("thứ Tư"),
    gettext_lazy("thứ Năm"),
    gettext_lazy("thứ Sáu"),
    gettext_lazy("thứ Bảy"),
    gettext_lazy("Chủ Nhật"),
)
#: Letters that Vietnamese has and English has not.
_VIETNAMESE_LETTERS = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE
)


def _unit(unit: str, number: Decimal) -> str:
    # Catalogues choose the plural by a whole number; a half day reads like several.
    return ngettext(unit, unit, 1 if number == 1 else 2)


def page_wording() -> Wording:
    """The wording of the active language."""
    if (get_language() or "vi").startswith("vi"):
        return VIETNAMESE
    separators = f"{get_format('THOUSAND_SEPARATOR')}{get_format('DECIMAL_SEPARATOR')}"
    return Wording(gettext, _unit, separators)


def is_vietnamese(text: str) -> bool:
    """Whether a text on a page is in Vietnamese, told by its letters.

    Fees and times mix our own words, which are translated, with the source's, which are not.
    """
    return bool(_VIETNAMESE_LETTERS.search(text))
