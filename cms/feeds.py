"""Atom feeds of what changed: the whole site, and one field.

An entry is a public version; its id is the version's own uuid, so it stays when the site moves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import condition

from cms.change_words import texts_of
from cms.history import gist, recent_versions
from cms.models import CitySettings, Field, ProcedurePage, PublicVersion

ENTRIES = 50
#: Changes an entry spells out before it counts the rest.
LINES = 8


#: What XML 1.0 cannot hold, not even as a reference. Editors paste it from Word unseen.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class CleanAtom(Atom1Feed):
    """Atom without the characters that would make one text break the feed for every reader."""

    def add_item(self, *args: Any, **kwargs: Any) -> None:
        """An entry, its texts cleaned."""
        super().add_item(*map(_clean, args), **{key: _clean(one) for key, one in kwargs.items()})

    def add_root_elements(self, handler: Any) -> None:
        """The feed's own title and author, cleaned."""
        self.feed = {key: _clean(one) for key, one in self.feed.items()}
        super().add_root_elements(handler)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _NOT_XML.sub(" ", value)
    if isinstance(value, tuple | list):
        return [_clean(one) for one in value]
    return value


def absolute(path: str) -> str:
    """An address of this site, whole."""
    return f"{settings.PUBLIC_URL}{path}"


def _page_of(item: PublicVersion) -> ProcedurePage:
    """A feed's versions are those of live pages (history.recent_versions)."""
    assert item.page is not None
    return item.page


class ChangesFeed(Feed[PublicVersion, Field | None]):
    """The newest public versions of all procedures, or of the field in the address."""

    feed_type = CleanAtom

    def get_object(self, request: HttpRequest, slug: str = "") -> Field | None:
        """The field asked for; None for the whole site."""
        return get_object_or_404(Field, slug=slug) if slug else None

    def title(self, field: Field | None) -> str:
        """Names the city: readers keep many feeds."""
        values = {"city": CitySettings.load().city, "field": field.name if field else ""}
        if field:
            return _("%(field)s: thay đổi thủ tục · %(city)s") % values
        return _("Thay đổi thủ tục · %(city)s") % values

    def author_name(self, field: Field | None) -> str:
        """Atom wants an author; it is the city, never a person."""
        return CitySettings.load().city

    def link(self, field: Field | None) -> str:
        """The page that shows the same."""
        page = reverse("recent_changes")
        return absolute(f"{page}?linh-vuc={field.slug}" if field else page)

    def feed_url(self, field: Field | None) -> str:
        """The feed's own address."""
        path = reverse("field_feed", args=[field.slug]) if field else reverse("changes_feed")
        return absolute(path)

    def feed_guid(self, field: Field | None) -> str:
        """The feed's own id."""
        return self.feed_url(field)

    def items(self, field: Field | None) -> Sequence[PublicVersion]:
        """The newest versions; one query."""
        return list(recent_versions(field.pk if field else None)[:ENTRIES])

    def item_title(self, item: PublicVersion) -> SafeString | str:
        """The procedure's name and code."""
        page = _page_of(item)
        return f"{page.name} ({page.code})"

    def item_description(self, item: PublicVersion) -> str:
        """What changed, by which decision and why, as HTML."""
        told = gist(item, LINES)
        lines = texts_of(told.changes)
        if told.more > 0:
            more = ngettext("và %(n)s chỗ khác", "và %(n)s chỗ khác", told.more)
            lines.append(more % {"n": told.more})
        if not lines:
            first, again = _("Công bố lần đầu."), _("Công bố lại, nội dung không đổi.")
            lines = [first if told.is_first else again]
        if item.decision_number:
            lines.append(_("Theo quyết định %(n)s.") % {"n": item.decision_number})
        if item.reason:
            lines.append(_("Lý do: %(reason)s") % {"reason": item.reason})
        rows = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        return format_html("<ul>{}</ul>", rows)

    def item_link(self, item: PublicVersion) -> str:
        """The version as it was."""
        return absolute(reverse("procedure_version", args=[_page_of(item).code, item.number]))

    def item_guid(self, item: PublicVersion) -> str:
        """Stays, whatever the address of the site."""
        return item.uuid.urn

    def item_pubdate(self, item: PublicVersion) -> datetime:
        """When it was published."""
        return item.published_at

    item_updateddate = item_pubdate

    def item_categories(self, item: PublicVersion) -> tuple[str, ...]:
        """The field."""
        return (_page_of(item).field.name,)


def _newest(slug: str) -> tuple[int, datetime] | None:
    rows = recent_versions().select_related(None).order_by("-published_at", "-id")
    if slug:
        rows = rows.filter(page__field__slug=slug)
    return rows.values_list("id", "published_at").first()


def _etag(request: HttpRequest, slug: str = "") -> str | None:
    """Changes with the newest version and with the set of live pages it stands among."""
    newest = _newest(slug)
    if newest is None:
        return None
    live = ProcedurePage.objects.live()
    count = (live.filter(field__slug=slug) if slug else live).count()
    return f'"{newest[0]}-{newest[1].timestamp():.6f}-{count}-{get_language()}"'


@condition(etag_func=_etag)
def changes_feed(request: HttpRequest, slug: str = "") -> HttpResponseBase:
    """The feed, or 304 for a reader that has it."""
    feed = ChangesFeed()
    return feed(request, slug=slug) if slug else feed(request)
