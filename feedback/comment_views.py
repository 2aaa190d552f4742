"""Published comments of a counter and of an office: pages, Atom feeds.

A comment is public as masked text with its answer and what was changed. The month it came in is
told, not the day, and no level of its rating stands beside it; no number of comments that were
held or not published is on any page (docs/decisions/0078-*).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cms import caching
from cms.caching import cached_page
from cms.feeds import CleanAtom, absolute
from cms.models import CitySettings, Counter, Office, normal_code
from cms.views import _not_found
from feedback.comments import published
from feedback.models import Comment

COMMENTS_A_PAGE = 20
ENTRIES = 50


def _counter(code: str) -> Counter | None:
    rows = Counter.objects.open().select_related("office", "main_field")
    return rows.filter(code=normal_code(code)).first()


@cached_page(caching.OFFICES, params=("page",))
def counter_comments(request: HttpRequest, code: str) -> HttpResponse:
    """``/quay/<code>/gop-y/``."""
    counter = _counter(code)
    if counter is None:
        problem = _("Không có quầy mang mã %(code)s.") % {"code": code[:20]}
        return _not_found(request, problem)
    caching.named(request, code=counter.code)
    return _page(request, counter.office, counter)


@cached_page(caching.OFFICES, params=("page",))
def office_comments(request: HttpRequest, slug: str) -> HttpResponse:
    """``/co-quan/<slug>/gop-y/``."""
    office = Office.objects.live().filter(slug=slug).first()
    if office is None:
        return _not_found(request, _("Không có cơ quan này."))
    return _page(request, office)


def _page(request: HttpRequest, office: Office, counter: Counter | None = None) -> HttpResponse:
    caching.shows(request, caching.office_tag(office.pk))
    rows = published(counter=counter) if counter else published(office=office)
    page = Paginator(rows, COMMENTS_A_PAGE).get_page(request.GET.get("page"))
    caching.answers(request, page=page.number if page.number > 1 else None)
    feed = (
        reverse("counter_comments_feed", args=[counter.code])
        if counter
        else reverse("office_comments_feed", args=[office.slug])
    )
    return render(
        request,
        "feedback/comments.html",
        {
            "office": office,
            "counter": counter,
            "comments": page.object_list,
            "page_of": page,
            "feed": feed,
            "nav": "offices",
        },
    )


class CommentsFeed(Feed[Comment, Any]):
    """The newest published comments of a counter (``code``) or of an office (``slug``)."""

    feed_type = CleanAtom

    def get_object(self, request: HttpRequest, code: str = "", slug: str = "") -> Any:
        """A counter or an office that is shown."""
        if code:
            return get_object_or_404(Counter.objects.open(), code=normal_code(code))
        return get_object_or_404(Office.objects.live(), slug=slug)

    def title(self, of: Any) -> str:
        """Names the place and the city: readers keep many feeds."""
        place = f"{of.name}, {of.office.title}" if isinstance(of, Counter) else of.title
        values = {"place": place, "city": CitySettings.load().city}
        return _("Góp ý và trả lời: %(place)s · %(city)s") % values

    def author_name(self, of: Any) -> str:
        """Atom wants an author; it is the city, never a person."""
        return CitySettings.load().city

    def link(self, of: Any) -> str:
        """The page that shows the same."""
        return absolute(_address(of, "comments"))

    def feed_url(self, of: Any) -> str:
        """The feed's own address."""
        return absolute(_address(of, "comments_feed"))

    def feed_guid(self, of: Any) -> str:
        """The feed's own id."""
        return self.feed_url(of)

    def items(self, of: Any) -> Sequence[Comment]:
        """The newest; one query."""
        rows = published(counter=of) if isinstance(of, Counter) else published(office=of)
        return list(rows[:ENTRIES])

    def item_title(self, item: Comment) -> SafeString | str:
        """The counter, where it may be named, and the month."""
        place = item.counter.name if item.names_counter else item.counter.office.title
        return _("%(place)s, góp ý tháng %(month)s") % {
            "place": place,
            "month": f"{item.received_on:%m/%Y}",
        }

    def item_description(self, item: Comment) -> str:
        """The masked words, the answer, what was changed."""
        parts = format_html("<blockquote>{}</blockquote>", item.masked)
        parts += format_html("<p>{}: {}</p>", _("Trả lời"), item.answer)
        if item.fixed:
            parts += format_html("<p>{}: {}</p>", _("Đã sửa"), item.fixed)
        return parts

    def item_link(self, item: Comment) -> str:
        """The page it stands on."""
        of: Any = item.counter if item.names_counter else item.counter.office
        return absolute(f"{_address(of, 'comments')}#g{item.pk.hex}")

    def item_guid(self, item: Comment) -> str:
        """Stays, whatever the address of the site."""
        return item.pk.urn

    def item_pubdate(self, item: Comment) -> datetime:
        """The day it was published."""
        assert item.published_on is not None
        return timezone.make_aware(datetime.combine(item.published_on, time()))

    def item_updateddate(self, item: Comment) -> datetime:
        """The last day on which anything public of it changed."""
        days = (item.published_on, item.answered_on, item.fixed_on)
        last = max(day for day in days if day is not None)
        return timezone.make_aware(datetime.combine(last, time()))


def _address(of: Any, name: str) -> str:
    if isinstance(of, Counter):
        return reverse(f"counter_{name}", args=[of.code])
    return reverse(f"office_{name}", args=[of.slug])
