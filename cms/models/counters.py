"""Counters (quầy): where dossiers are received, and what citizens rate."""

from __future__ import annotations

import secrets

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from cms.models.fields import Field
from cms.models.offices import Office

#: Crockford's Base32 alphabet: no I, L, O, U, so that a code can be read out and typed.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_counter_code() -> str:
    """A random counter code of 7 characters (32⁷ ≈ 3·10¹⁰: guessing hits nothing)."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(7))


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
