"""What the city says about itself, for the head and foot of every page."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
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
    #: Not found in national law for every procedure: the city's own rule, and said so on pages.
    cut_off = models.TimeField(
        "giờ chốt nhận hồ sơ buổi chiều",
        null=True,
        blank=True,
        default=time(15),
        help_text="Hồ sơ nộp sau giờ này được tính từ ngày làm việc tiếp theo. Đây là quy định "
        "của thành phố; để trống nếu thành phố không quy định.",
    )
    counts_saturday = models.BooleanField(
        "tính thứ Bảy vào thời hạn",
        default=False,
        help_text="Chọn nếu thời hạn “ngày làm việc” được tính cả thứ Bảy ở nơi có giờ làm việc "
        "thứ Bảy. Không chọn: thứ Bảy vẫn nhận hồ sơ, nhưng không tính vào thời hạn.",
    )

    panels: ClassVar = [
        FieldPanel("city"),
        FieldPanel("hotline"),
        FieldPanel("filing_url"),
        FieldPanel("feedback_url"),
        MultiFieldPanel(
            [FieldPanel("cut_off"), FieldPanel("counts_saturday")], heading="Cách tính ngày trả"
        ),
    ]

    class Meta:
        verbose_name = "thông tin thành phố"
