"""Offices (bộ phận một cửa): centres, branches and reception points, with their hours."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.forms import Select
from django.urls import reverse
from django.utils.text import slugify
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.models import Orderable, Page

from cms.models.gap_panel import GapPanel
from cms.models.lists import TextListField
from cms.record import LEVELS
from cms.scopes import FolderPermissions, ScopedPermissions
from cms.text import fold

#: Levels a one-stop office of a city can serve; procedures of a ministry are not handed in here.
OFFICE_LEVELS = {code: LEVELS[code] for code in ("province", "commune")}
#: Vietnam with its islands, from Trường Sa (6.8° N, 117.5° E at the outermost) to Lũng Cú
#: (23.4° N) and A Pa Chải (102.1° E), rounded outwards. Latitude and longitude do not overlap,
#: so a swapped pair is always refused.
LATITUDES = (Decimal(6), Decimal(24))
LONGITUDES = (Decimal(102), Decimal(118))

WEEKDAYS = [
    (0, "Thứ Hai"),
    (1, "Thứ Ba"),
    (2, "Thứ Tư"),
    (3, "Thứ Năm"),
    (4, "Thứ Sáu"),
    (5, "Thứ Bảy"),
    (6, "Chủ Nhật"),
]
phone_validator = RegexValidator(
    r"^\+?[0-9][0-9 .\-()]{2,24}$", "Số điện thoại chỉ gồm chữ số, dấu cách, dấu chấm, +."
)


class OfficeIndexPage(Page):
    """The folder of all offices, ``/co-quan/``."""

    parent_page_types: ClassVar = ["cms.HomePage"]
    subpage_types: ClassVar = ["cms.Office"]
    preview_modes: ClassVar[list] = []
    max_count = 1

    class Meta:
        verbose_name = "danh mục nơi nộp"

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str]:
        """Public address, whatever the page tree looks like."""
        return _url_parts(self, request, reverse("office_list"))

    def permissions_for_user(self, user: Any) -> FolderPermissions:
        """Within the user's offices."""
        return FolderPermissions(user, self)


def _url_parts(page: Page, request: Any, path: str) -> tuple[int, str, str]:
    """Wagtail's own answer names no host here (its page view is not mounted): ours is public."""
    parts = Page.get_url_parts(page, request)
    return parts[0] if parts else 0, settings.PUBLIC_URL, path


class Office(Page):
    """A one-stop office: a centre, a branch or a reception point (NĐ 118/2025)."""

    slug: str

    class Kind(models.TextChoices):
        """What kind of one-stop office it is."""

        CENTRE = "centre", "Trung tâm phục vụ hành chính công"
        BRANCH = "branch", "Chi nhánh"
        POINT = "point", "Điểm tiếp nhận"

    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.CENTRE)
    address = models.CharField("địa chỉ", max_length=255)
    ward = models.CharField("phường, xã", max_length=100, blank=True)
    part_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="thuộc",
        help_text="Chi nhánh thuộc một trung tâm; điểm tiếp nhận thuộc trung tâm hoặc chi nhánh.",
    )
    wards = TextListField(
        "phường, xã phục vụ",
        help_text="Mỗi dòng một tên. Người dân tìm nơi nộp theo các tên này.",
    )
    levels = TextListField(
        "cấp phục vụ",
        options=OFFICE_LEVELS,
        help_text="Không chọn: nhận thủ tục cấp xã và cấp tỉnh.",
    )
    latitude = models.DecimalField(
        "vĩ độ",
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[
            MinValueValidator(LATITUDES[0], "Vĩ độ của Việt Nam nằm giữa 6 và 24."),
            MaxValueValidator(LATITUDES[1], "Vĩ độ của Việt Nam nằm giữa 6 và 24."),
        ],
        help_text="Ví dụ: 21.028511. Để người dân tìm nơi gần nhất.",
    )
    longitude = models.DecimalField(
        "kinh độ",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[
            MinValueValidator(LONGITUDES[0], "Kinh độ của Việt Nam nằm giữa 102 và 118."),
            MaxValueValidator(LONGITUDES[1], "Kinh độ của Việt Nam nằm giữa 102 và 118."),
        ],
        help_text="Ví dụ: 105.852020.",
    )
    phone = models.CharField("điện thoại", max_length=30, blank=True, validators=[phone_validator])
    email = models.EmailField("thư điện tử", blank=True)
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    content_panels: ClassVar = [
        FieldPanel("title", heading="Tên cơ quan"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("kind"), FieldPanel("part_of", widget=Select)]),
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("ward"), FieldPanel("phone"), FieldPanel("email")]),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
            ],
            heading="Nơi nộp",
        ),
        MultiFieldPanel([FieldPanel("levels"), FieldPanel("wards")], heading="Phục vụ"),
        GapPanel(heading="Thủ tục chưa có người làm"),
        InlinePanel("hours", heading="Giờ làm việc", label="Khoảng giờ"),
    ]
    # No tab for a slug: full_clean makes it.
    edit_handler = ObjectList(content_panels)
    # Its page is put together from counters, officers and scores; a draft alone has no picture.
    preview_modes: ClassVar[list] = []
    parent_page_types: ClassVar = ["cms.OfficeIndexPage"]
    subpage_types: ClassVar[list] = []

    class Meta:
        verbose_name = "cơ quan (bộ phận một cửa)"
        verbose_name_plural = "cơ quan (bộ phận một cửa)"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The slug is made from the name once, without marks, and then stays: posters show it."""
        if not self.slug and self.title:
            base = slugify(fold(self.title)) or "co-quan"
            taken = set(Office.objects.filter(slug__startswith=base).values_list("slug", flat=True))
            names = itertools.chain([base], (f"{base}-{n}" for n in itertools.count(2)))
            self.slug = next(name for name in names if name not in taken)
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """The page's own rules, and those of :meth:`check_place`."""
        super().clean()
        self.check_place()

    def check_place(self) -> None:
        """A branch is part of a centre, a point of a centre or a branch; coordinates are pairs."""
        above: dict[str, set[Office.Kind]] = {
            Office.Kind.BRANCH: {Office.Kind.CENTRE},
            Office.Kind.POINT: {Office.Kind.CENTRE, Office.Kind.BRANCH},
        }
        # The order of kinds also keeps an office from being part of itself, through any chain.
        if self.part_of and self.part_of.kind not in above.get(self.kind, set()):
            raise ValidationError({"part_of": "Loại cơ quan này không thuộc cơ quan đã chọn được."})
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            raise ValidationError({missing: "Ghi cả vĩ độ và kinh độ, hoặc bỏ trống cả hai."})

    @property
    def served_levels(self) -> list[str]:
        """The levels whose procedures are handed in here; both where nobody has chosen."""
        return list(self.levels) or list(OFFICE_LEVELS)

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str]:
        """``/co-quan/<slug>/``."""
        return _url_parts(self, request, reverse("office", args=[self.slug]))

    def permissions_for_user(self, user: Any) -> ScopedPermissions:
        """Within the user's offices."""
        return ScopedPermissions(user, self)


class OfficeHours(Orderable):
    """One span of opening hours on one weekday; an office may have several a day."""

    office = ParentalKey(Office, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField("ngày", choices=WEEKDAYS)
    opens = models.TimeField("mở cửa")
    closes = models.TimeField("đóng cửa")

    class Meta(Orderable.Meta):
        verbose_name = "giờ làm việc"

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        """A span ends after it begins."""
        if self.opens and self.closes and self.opens >= self.closes:
            raise ValidationError({"closes": "Giờ đóng cửa phải sau giờ mở cửa."})
