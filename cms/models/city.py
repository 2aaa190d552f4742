"""What the city says about itself, for the head and foot of every page."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from cms.models.offices import phone_validator


@register_setting(icon="site")
class CitySettings(BaseGenericSetting):
    """City name, hotline, and where dossiers and formal complaints really go."""

    city = models.CharField("tên thành phố", max_length=120, default="Thành phố của bạn")
    hotline = models.CharField(
        "tổng đài", max_length=30, default="1022", validators=[phone_validator]
    )
    filing_url = models.URLField(
        "cổng nộp hồ sơ", default="https://dichvucong.gov.vn", help_text="NĐ 118/2025 Đ15.3"
    )
    feedback_url = models.URLField(
        "cổng phản ánh, kiến nghị", default="https://pakn.dichvucong.gov.vn"
    )

    panels: ClassVar = [
        FieldPanel("city"),
        FieldPanel("hotline"),
        FieldPanel("filing_url"),
        FieldPanel("feedback_url"),
    ]

    class Meta:
        verbose_name = "thông tin thành phố"
