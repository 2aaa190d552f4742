"""Public pages of the history: versions of a procedure, any of them as it was, recent changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms import caching, snapshots, withdrawn
from cms.caching import cached_page
from cms.change_words import NAMES, Line, lines_of, rule_text
from cms.changes import compare
from cms.day_input import read_day
from cms.history import Told, gist, in_full, recent_versions, version_on, versions_of
from cms.local_words import text_lines
from cms.models import Field, ProcedurePage, PublicVersion
from cms.presentation import channel_lines, level_names, page_standing, steps_and_notes
from cms.views import _find_procedure, _not_found
from cms.withdrawn import Withdrawn

VERSIONS_A_PAGE = 10
CHANGES_A_PAGE = 30
#: Lines a version shows in a list of recent changes.
LINES_IN_LIST = 4


class WrongDate(ValueError):
    """A date that cannot be asked for; the text says why, for the reader."""


def day_asked(text: str) -> date:
    """ "2026-10-01" or "1/10/2026" → the day. Raises WrongDate for no date and for the future."""
    try:
        day = read_day(text)
    except ValueError:
        raise WrongDate(
            _("“%(text)s” không phải là ngày. Viết như 2026-10-01 hoặc 1/10/2026.")
            % {"text": text[:40]}
        ) from None
    if day > timezone.localdate():
        raise WrongDate(_("Ngày này chưa đến. Hãy chọn hôm nay hoặc một ngày đã qua."))
    return day


@dataclass(frozen=True)
class Entry:
    """A version and its changes as lines."""

    told: Told
    lines: list[Line]

    @classmethod
    def of(cls, told: Told) -> Entry:
        """In the language of the page."""
        return cls(told, lines_of(told.changes))


#: Whose history it is: of a live page, or of what is left of one.
Subject = ProcedurePage | Withdrawn


def _subject(request: HttpRequest, code: str) -> Subject | None:
    """The procedure of the code, public now or once; None for a code that never was."""
    page = _find_procedure(code)
    if page is not None:
        caching.shows(request, caching.procedure_tag(page.pk))
        return page
    found = withdrawn.find(code)
    if isinstance(found, Withdrawn):
        # A page that is not there yet may come under this code.
        caching.shows(request, caching.PROCEDURES)
        return found
    return None


@cached_page(params=("page",))
def procedure_history(request: HttpRequest, code: str) -> HttpResponseBase:
    """The public versions, newest first, with all that changed; ``?ngay=`` asks for a date."""
    page = _subject(request, code)
    if page is None:
        return withdrawn.answer(request, code)
    asked = request.GET.get("ngay", "").strip()
    problem, status = "", 200
    if asked:
        try:
            day = day_asked(asked)
        except WrongDate as error:
            problem, status = str(error), 400
        else:
            version = version_on(page, day)
            if version:
                address = reverse("procedure_version", args=[page.code, version.number])
                return HttpResponseRedirect(f"{address}?ngay={day.isoformat()}")
            problem, status = _("Ngày này trang chưa công bố hoặc đang bị gỡ."), 404
    page_of = Paginator(versions_of(page), VERSIONS_A_PAGE).get_page(request.GET.get("page"))
    caching.answers(request, page=page_of.number)
    told = in_full(page, page_of.object_list)
    context = {
        "page": page,
        "entries": [Entry.of(one) for one in told],
        "page_of": page_of,
        "total": page_of.paginator.count,
        "asked": asked,
        "problem": problem,
        "today": timezone.localdate().isoformat(),
        "nav": "procedures",
    }
    return render(request, "cms/procedure_history.html", context, status=status)


def _row(page: Subject, number: str | int) -> PublicVersion | None:
    text = str(number)
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return None
    found: PublicVersion | None = page.public_versions.filter(number=int(text)).first()
    return found


def _no_version(request: HttpRequest, page: Subject, number: str) -> HttpResponse:
    return _not_found(
        request, _("Thủ tục này không có bản %(n)s.") % {"n": number[:20]}, looked_for=page.code
    )


def _until(page: Subject, version: PublicVersion) -> tuple[Any, PublicVersion | None]:
    """When the version stopped being public, None if it still is, and what followed it."""
    following = (
        page.public_versions.filter(number__gt=version.number)
        .only("page_id", "number", "published_at")
        .order_by("number")
        .first()
    )
    return version.withdrawn_at or (following.published_at if following else None), following


@cached_page()
def procedure_version(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """One version as it was, with what the city's rules said on ``?ngay=`` or when it began."""
    page = _subject(request, code)
    if page is None:
        return withdrawn.answer(request, code)
    version = _row(page, number)
    if version is None:
        return _no_version(request, page, str(number))
    until, following = _until(page, version)
    try:
        day = day_asked(request.GET["ngay"]) if request.GET.get("ngay") else None
    except WrongDate as error:
        return _not_found(request, str(error), looked_for=page.code)
    context = {
        **version_context(version.content, page, day or _day_of(version, until)),
        "page": page,
        "version": version,
        "until": until,
        "following": following,
        "day": day,
        "entry": next((Entry.of(one) for one in in_full(page, [version])), None),
        "nav": "procedures",
    }
    return render(request, "cms/procedure_version.html", context)


def _day_of(version: PublicVersion, until: Any) -> date:
    """The day a version is shown for: today while it holds, else the day it was published."""
    return timezone.localtime(version.published_at).date() if until else timezone.localdate()


def version_context(content: Mapping[str, Any], page: Subject, day: date) -> dict[str, Any]:
    """An old content ready to show, with the city's rules that were in force on the day."""
    old = snapshots.to_page(content, page.field, day)
    steps, notes = steps_and_notes(old.step_rows)
    facts = ("agency", "authority", "delegated_agency", "coordinating_agency", "issuing_body")
    rows = [
        (NAMES[name], content[name])
        for name in ("decision_number", "procedure_type", *facts, "reception_address")
        if content.get(name)
    ]
    return {
        "old": old,
        "steps": steps,
        "step_notes": notes,
        "cases": old.cases_today,
        "conditions": text_lines(old.conditions_today),
        "standing": page_standing(old),
        "shown_day": day,
        "laws": old.legal_rows,
        "lines": channel_lines(old.channels_today),
        "rules": [rule_text(rule) for rule in content["local_rules"]],
        "levels": level_names(old.levels),
        "facts": rows,
        "replaced_by": content.get("replaced_by", ""),
    }


@cached_page(params=("tu", "den"))
def procedure_compare(request: HttpRequest, code: str) -> HttpResponseBase:
    """What changed from version ``?tu=`` to version ``?den=``, whichever way round."""
    page = _subject(request, code)
    if page is None:
        return withdrawn.answer(request, code)
    numbers = [request.GET.get(name, "").strip() for name in ("tu", "den")]
    found = [_row(page, number) for number in numbers]
    for number, row in zip(numbers, found, strict=True):
        if row is None:
            return _no_version(request, page, number or "?")
    old, new = (row for row in found if row)
    caching.answers(request, tu=old.number, den=new.number)
    lines = lines_of(compare(old.content, new.content))
    context = {
        "page": page,
        "old": old,
        "new": new,
        "lines": lines,
        "numbers": list(page.public_versions.order_by("-number").values_list("number", flat=True)),
        "nav": "procedures",
    }
    return render(request, "cms/procedure_compare.html", context)


@cached_page(caching.PROCEDURES, params=("linh-vuc", "page"))
def recent_changes(request: HttpRequest) -> HttpResponse:
    """The newest public versions of all procedures; ``?linh-vuc=`` filters by field."""
    slug = request.GET.get("linh-vuc", "").strip()
    fields = list(Field.objects.filter(procedures__live=True).distinct().order_by("name"))
    field = next((one for one in fields if one.slug == slug), None)
    if slug and field is None:
        return _not_found(request, _("Không có lĩnh vực này."))
    rows = recent_versions(field.pk if field else None)
    page_of = Paginator(rows, CHANGES_A_PAGE).get_page(request.GET.get("page"))
    caching.answers(request, **{"linh-vuc": field.slug if field else None, "page": page_of.number})
    context = {
        "fields": fields,
        "field": field,
        "entries": [Entry.of(gist(row, LINES_IN_LIST)) for row in page_of.object_list],
        "page_of": page_of,
        "nav": "procedures",
    }
    return render(request, "cms/changes.html", context)
