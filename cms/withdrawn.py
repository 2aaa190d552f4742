"""Procedures that were public and are so no more: what is left of them for citizens to read.

A page that was taken off, or deleted, keeps its public versions (cms/models/versions.py); a page
that never was public has none, so nothing of it can be read here. Everything shown comes from
the versions: the row of the page may hold drafts by now. See docs/decisions/0050-*.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cms.models import Field, PublicVersion


@dataclass(frozen=True)
class Moved:
    """The code was changed: the procedure is public under another one."""

    code: str


@dataclass(frozen=True)
class Withdrawn:
    """A procedure that is public no more, as its newest version told it."""

    newest: PublicVersion
    #: Its versions, as on a page (cms.history.HasVersions).
    public_versions: Any
    live = False
    is_demo = False

    @property
    def code(self) -> str:
        """The code it had last."""
        return self.newest.code

    @cached_property
    def content(self) -> dict[str, Any]:
        """What it said last."""
        return self.newest.content

    @property
    def name(self) -> str:
        """The name it had last."""
        return str(self.content["name"])

    title = name

    @cached_property
    def field(self) -> Field | None:
        """The field it was published in, if there still is one of that name."""
        return Field.objects.filter(name=self.content["field"]).first()

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was taken off; None when nobody noted it."""
        return self.newest.withdrawn_at

    @property
    def reason(self) -> str:
        """Why, in the words of who took it off; "" when none was given."""
        return self.newest.withdrawn_reason

    @property
    def sentence(self) -> str:
        """What happened, in the language of the page."""
        if self.withdrawn_at is None:
            return _("Trang này đã được gỡ.")
        day = date_format(timezone.localtime(self.withdrawn_at), "SHORT_DATE_FORMAT")
        return _("Trang này đã được gỡ ngày %(day)s.") % {"day": day}


def find(code: str) -> Withdrawn | Moved | None:
    """What became of a code no live page has; None when nothing was ever public under it.

    Two queries at most for a code that never was public, four otherwise.
    """
    spellings = {code, code.upper(), code.lower()}
    rows = PublicVersion.objects.filter(code__in=spellings).order_by("-published_at", "-id")
    row = rows.select_related("page").defer("packed").first()
    if row is None:
        return None
    page = row.page
    if page is not None and page.live:
        return Moved(page.code)
    left: Any = (
        page.public_versions.all()
        if page is not None
        else PublicVersion.objects.filter(page=None, code=row.code)
    )
    return Withdrawn(left.order_by("-number").first(), left)


def answer(request: HttpRequest, code: str) -> Any:
    """The page for a code no live procedure has: 410 for one that was public, a way to the new
    code for one that changed it, else 404 in words."""
    found = find(code)
    if isinstance(found, Moved):
        match = request.resolver_match
        name = match.view_name if match else "procedure"
        given = {**(match.kwargs if match else {}), "code": found.code}
        query = request.META.get("QUERY_STRING", "")
        # Not for ever: the old code may be given to another procedure one day.
        return HttpResponseRedirect(reverse(name, kwargs=given) + (f"?{query}" if query else ""))
    if found is None:
        problem = _("Không có thủ tục mang mã %(code)s.") % {"code": code[:40]}
        return render(
            request, "404.html", {"problem": problem, "looked_for": code[:40]}, status=404
        )
    context = {"page": found, "looked_for": found.name[:200], "nav": "procedures"}
    return render(request, "cms/procedure_withdrawn.html", context, status=410)
