"""The home page: where the rooms meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.caching import OFFICES, PROCEDURES, SCORES, cached_page
from cms.life_events import EventLink, event_links, search_url
from cms.models import ProcedurePage
from cms.views import card

#: How many procedures the home page lists.
COMMON_SHOWN = 8


@dataclass(frozen=True)
class LifeEvent:
    """A moment that brings people to the office: icon, words, the search it starts, and the
    codes of what people then mostly need, the first one first."""

    icon: str
    name: Promise
    hint: Promise
    query: str
    codes: tuple[str, ...]


# Queries stay Vietnamese in both languages: the procedures are.
LIFE_EVENTS = (
    LifeEvent("child", _("Có con"), _("khai sinh, nhận con"), "đăng ký khai sinh", ("1.001193",)),
    LifeEvent("marriage", _("Kết hôn"), _("xác nhận độc thân"), "đăng ký kết hôn", ("1.000894",)),
    LifeEvent(
        "residence",
        _("Cư trú"),
        _("nhập hộ khẩu, ở trọ"),
        "đăng ký thường trú, tạm trú",
        ("1.004222", "1.004194"),
    ),
    LifeEvent(
        "land",
        _("Nhà đất"),
        _("sổ đỏ, xây nhà"),
        "giấy chứng nhận quyền sử dụng đất",
        ("1.013225",),
    ),
    LifeEvent(
        "business",
        _("Kinh doanh"),
        _("mở quán, hộ kinh doanh"),
        "đăng ký hộ kinh doanh",
        ("1.001612",),
    ),
    LifeEvent("copies", _("Chứng thực"), _("sao y, chữ ký"), "chứng thực bản sao", ("2.000815",)),
    LifeEvent(
        "death", _("Người thân mất"), _("khai tử, mai táng phí"), "đăng ký khai tử", ("1.000656",)
    ),
    LifeEvent(
        "support",
        _("Trợ cấp"),
        _("người già, khuyết tật"),
        "trợ cấp hưu trí xã hội",
        ("1.014027",),
    ),
)


def shown_events() -> list[EventLink]:
    """The city's own life events; before it has any, the eight above as searches."""
    return event_links() or [
        EventLink(str(one.name), str(one.hint), one.icon, search_url(one.query), one.codes)
        for one in LIFE_EVENTS
    ]


def common_procedures(events: Iterable[EventLink]) -> list[dict[str, Any]]:
    """The procedures the life events lead to, those of them that are published (one query).

    It is a choice of editors, and the page says so: what people really look up is known only
    after there is a log of questions.
    """
    # The first of every event, then the second of every event, and so on.
    chosen = [event.codes for event in events]
    longest = max(map(len, chosen), default=0)
    codes = list(
        dict.fromkeys(one[place] for place in range(longest) for one in chosen if place < len(one))
    )
    pages: Iterable[ProcedurePage] = ProcedurePage.objects.live().filter(code__in=codes)
    found = {page.code: page for page in pages}
    return [card(found[code]) for code in codes if code in found][:COMMON_SHOWN]


@cached_page(PROCEDURES, OFFICES, SCORES)
def home(request: HttpRequest) -> HttpResponse:
    """City, search, life events, common procedures, the city's score, how to rate."""
    events = shown_events()
    context = {"events": events, "common": common_procedures(events)}
    return render(request, "portal/home.html", context)
