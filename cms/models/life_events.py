"""Việc trong đời: what brings people to the office, and the procedures it takes, in order."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from cms.text import fold


class LifeEventQuerySet(models.QuerySet["LifeEvent"]):
    """Questions asked of life events."""

    def shown(self) -> LifeEventQuerySet:
        """Those citizens see, in their order."""
        return self.filter(active=True)


class LifeEvent(ClusterableModel):
    """A moment in life, such as a birth, with its procedures step by step.

    Rows name procedures by their national code, so that an event survives re-imports and may
    name a procedure that this city has not imported yet.
    """

    class Icon(models.TextChoices):
        """The line drawings of site/templates/portal/_icon.html."""

        CHILD = "child", "Trẻ em"
        MARRIAGE = "marriage", "Hai chiếc nhẫn"
        RESIDENCE = "residence", "Ngôi nhà"
        LAND = "land", "Bản vẽ đất"
        BUSINESS = "business", "Cửa hàng"
        COPIES = "copies", "Bản sao có dấu"
        DEATH = "death", "Hoa sen"
        SUPPORT = "support", "Bàn tay và trái tim"

    name = models.CharField("tên", max_length=80, unique=True, help_text="Ví dụ: Có con")
    slug = models.SlugField("đường dẫn", max_length=80, unique=True)
    everyday_words = models.CharField(
        "dân quen gọi",
        max_length=160,
        blank=True,
        help_text="Vài chữ dưới tên, ví dụ: khai sinh, nhận con",
    )
    query = models.CharField(
        "câu tìm kiếm",
        max_length=160,
        blank=True,
        help_text="Dùng khi chưa có bước nào, và ở cuối trang để tìm thêm.",
    )
    icon = models.CharField("hình", max_length=20, choices=Icon, default=Icon.CHILD)
    intro = models.TextField("lời dẫn", blank=True, max_length=2000)
    rank = models.PositiveSmallIntegerField("thứ tự", default=0)
    active = models.BooleanField("hiện trên trang", default=True)
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    objects = LifeEventQuerySet.as_manager()

    class Meta:
        verbose_name = "việc trong đời"
        verbose_name_plural = "việc trong đời"
        ordering: ClassVar = ["rank", "name"]

    def __str__(self) -> str:
        return self.name

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The slug is made from the name once, without marks, and then stays: people link to it."""
        if not self.slug and self.name:
            self.slug = slugify(fold(self.name))[:80] or "su-kien"
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Two names that differ only in marks would share an address."""
        same = LifeEvent.objects.filter(slug=self.slug).exclude(pk=self.pk)
        if self.slug and (other := same.first()):
            raise ValidationError({"name": f"Tên này trùng đường dẫn với “{other.name}”."})

    def get_absolute_url(self) -> str:
        """``/su-kien/<slug>/``."""
        return reverse("life_event", args=[self.slug])


class LifeEventRow(Orderable):
    """One procedure of a life event, and how it joins the one before."""

    class Joins(models.TextChoices):
        """A new step, or another procedure of the step before."""

        STEP = "step", "Bước mới"
        AND = "and", "và (cùng bước)"
        OR = "or", "hoặc (cùng bước)"

    event = ParentalKey(LifeEvent, on_delete=models.CASCADE, related_name="rows")
    joins = models.CharField("nối với dòng trên", max_length=4, choices=Joins, default=Joins.STEP)
    heading = models.CharField(
        "tên bước",
        max_length=120,
        blank=True,
        help_text="Chỉ cho bước mới; để trống thì lấy tên thủ tục.",
    )
    procedure_code = models.CharField(
        "mã thủ tục",
        max_length=32,
        validators=[RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z.\-]*$", "Mã có dạng 1.001193.")],
    )
    note = models.CharField("khi nào cần", max_length=255, blank=True)
    optional = models.BooleanField("chỉ khi cần", default=False)

    class Meta(Orderable.Meta):
        verbose_name = "thủ tục của việc"

    def __str__(self) -> str:
        return f"{self.procedure_code} {self.note}".strip()
