"""Offices (bộ phận một cửa), counters (quầy), officers (người làm) and who handles what where."""

from __future__ import annotations

import itertools
import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import slugify
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.models import Orderable, Page

from cms.models.fields import Field
from cms.text import fold

#: Crockford's Base32 alphabet: no I, L, O, U, so that a code can be read out and typed.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
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


def new_counter_code() -> str:
    """A random counter code of 7 characters (32⁷ ≈ 3·10¹⁰: guessing hits nothing)."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(7))


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
    phone = models.CharField("điện thoại", max_length=30, blank=True, validators=[phone_validator])
    email = models.EmailField("thư điện tử", blank=True)
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    content_panels: ClassVar = [
        FieldPanel("title", heading="Tên cơ quan"),
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("ward"), FieldPanel("phone"), FieldPanel("email")]),
            ],
            heading="Nơi nộp",
        ),
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

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str]:
        """``/co-quan/<slug>/``."""
        return _url_parts(self, request, reverse("office", args=[self.slug]))


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


class Officer(models.Model):
    """A person citizens may ask for by name: NĐ 118/2025 Đ9.8 (name, title, field, telephone)."""

    class Role(models.TextChoices):
        """Place of the officer in the office."""

        HEAD = "head", "Người đứng đầu"
        DEPUTY = "deputy", "Cấp phó"
        OFFICER = "officer", "Công chức, viên chức"

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="officers", verbose_name="cơ quan"
    )
    name = models.CharField("họ và tên", max_length=120)
    title = models.CharField("chức danh", max_length=160)
    role = models.CharField("vị trí", max_length=10, choices=Role, default=Role.OFFICER)
    field = models.ForeignKey(
        Field, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="lĩnh vực"
    )
    phone = models.CharField("điện thoại", max_length=30, blank=True, validators=[phone_validator])
    photo = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ảnh (không bắt buộc)",
    )
    active = models.BooleanField(
        "đang làm việc", default=True, help_text="Bỏ chọn: tên biến khỏi mọi trang ngay lập tức."
    )
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    class Meta:
        verbose_name = "người làm"
        verbose_name_plural = "người làm"
        ordering = ["office_id", "name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}"


class CounterQuerySet(models.QuerySet["Counter"]):
    """Questions asked of counters."""

    def open(self) -> CounterQuerySet:
        """Counters in use, at offices that are published."""
        return self.filter(active=True, office__live=True)

    def by_code(self, code: str) -> Counter:
        """The counter of that code, read in any case and with O, I, L as people write them.

        Raises Counter.DoesNotExist for an unknown code.
        """
        return self.get(code=normal_code(code))


def normal_code(code: str) -> str:
    """Upper case; O→0, I and L→1 (rating.md §1)."""
    return code.strip().upper().translate(str.maketrans("OIL", "011"))


class Counter(models.Model):
    """A counter (quầy): where dossiers are received, and what citizens rate."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="counters", verbose_name="cơ quan"
    )
    code = models.CharField(
        "mã quầy",
        max_length=8,
        unique=True,
        default=new_counter_code,
        validators=[
            RegexValidator(
                r"^[0-9A-HJKMNP-TV-Z]{6,8}$", "Mã gồm 6–8 chữ số hoặc chữ hoa, không có I, L, O, U."
            )
        ],
        help_text="Mã in trong QR. Đổi mã thì mọi tờ QR đã in không dùng được nữa.",
    )
    name = models.CharField("tên quầy", max_length=120, help_text="Ví dụ: Quầy 3")
    main_field = models.ForeignKey(
        Field, on_delete=models.PROTECT, related_name="+", verbose_name="lĩnh vực chính"
    )
    fields = models.ManyToManyField(
        Field, blank=True, related_name="counters", verbose_name="lĩnh vực tiếp nhận"
    )
    active = models.BooleanField("đang hoạt động", default=True)
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    objects = CounterQuerySet.as_manager()

    class Meta:
        verbose_name = "quầy"
        verbose_name_plural = "quầy"
        ordering = ["office_id", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="counter_name_once_per_office",
                violation_error_message="Cơ quan này đã có quầy mang tên đó.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.office.title}"

    def get_absolute_url(self) -> str:
        """``/quay/<code>/``."""
        return reverse("counter", args=[self.code])

    def clean(self) -> None:
        """Codes are stored the way they are read."""
        self.code = normal_code(self.code or "")


class HandlingQuerySet(models.QuerySet["Handling"]):
    """Who handles what where."""

    def for_procedure(self, code: str, field_id: int | None, office_id: int) -> HandlingQuerySet:
        """What is known at one office about one procedure: rows for it by name come first,
        then rows for its whole field. One query, counters and officers included."""
        return (
            self.filter(
                Q(procedure_code=code) | Q(procedure_code="", field_id=field_id),
                counter__office_id=office_id,
                counter__active=True,
            )
            .select_related("counter", "officer")
            .order_by("-procedure_code", "rank", "id")
        )


class Handling(models.Model):
    """An officer at a counter handles one procedure, or every procedure of a field.

    The procedure is kept by its national code, so that an assignment survives re-imports.
    """

    counter = models.ForeignKey(
        Counter, on_delete=models.CASCADE, related_name="handlings", verbose_name="quầy"
    )
    officer = models.ForeignKey(
        Officer,
        on_delete=models.CASCADE,
        related_name="handlings",
        null=True,
        blank=True,
        verbose_name="người làm",
    )
    field = models.ForeignKey(
        Field, on_delete=models.CASCADE, null=True, blank=True, verbose_name="lĩnh vực"
    )
    procedure_code = models.CharField(
        "mã thủ tục", max_length=32, blank=True, help_text="Để trống: mọi thủ tục của lĩnh vực."
    )
    rank = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = HandlingQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        constraints = [
            models.UniqueConstraint(
                "counter",
                # NULLs are distinct in a unique index, and two empty ones must not be.
                Coalesce("officer", Value(0)),
                Coalesce("field", Value(0)),
                "procedure_code",
                name="handling_once",
                violation_error_message="Phân công này đã có.",
            ),
            models.CheckConstraint(
                condition=Q(field__isnull=False) | ~Q(procedure_code=""),
                name="handling_names_field_or_procedure",
                violation_error_message="Chọn lĩnh vực hoặc ghi mã thủ tục.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter}: {self.procedure_code or self.field}"

    def clean(self) -> None:
        """The officer works at the counter's office."""
        if not (self.officer and self.counter_id):
            return  # a form with no counter chosen says so at that field
        if self.officer.office_id != self.counter.office_id:
            raise ValidationError({"officer": "Người này không thuộc cơ quan của quầy."})
