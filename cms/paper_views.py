"""The citizen's checklist, to print and take along: ``/thu-tuc/<mã>/giay-to/?case=``."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms import caching, formatting, local, picking, withdrawn
from cms.caching import cached_page
from cms.form_files import forms_for, forms_of
from cms.history import latest_version
from cms.people import people_for
from cms.presentation import channel_lines, fee_groups
from cms.views import _find_procedure, _not_found
from cms.wording import page_wording


def chosen_case(request: HttpRequest, count: int) -> int | None:
    """The number of the case the address names, from 1; 1 without one, None for a wrong one."""
    asked = request.GET.get("case", "1").strip()
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
    return number if 1 <= number <= max(1, count) else None


@cached_page(caching.OFFICES, params=("case",))
def papers(request: HttpRequest, code: str) -> HttpResponse:
    """The papers of one case with boxes to tick, where to hand them in, time, fee, telephone."""
    page = _find_procedure(code)
    if page is None:
        return withdrawn.answer(request, code)
    today = timezone.localdate()
    cases, channels = page.cases_on(today), page.channels_on(today)
    number = chosen_case(request, len(cases))
    if number is None:
        return _not_found(request, _("Thủ tục này không có trường hợp đó."))
    caching.shows(request, caching.procedure_tag(page.pk))
    office_now = picking.picked(request)
    office = office_now.office if office_now else None
    if office:
        caching.shows(request, caching.office_tag(office.pk))
    caching.answers(request, case=number)
    case = cases[number - 1] if cases else None
    forms = forms_of(page, request)
    path = reverse("procedure_papers", args=[page.code])
    wording = page_wording()
    context = {
        "page": page,
        "cases": [(n, one) for n, one in enumerate(cases, 1)],
        "case": case,
        "number": number,
        "papers": [(item, forms_for(item, forms)) for item in case.items] if case else [],
        "waived": local.waived_elsewhere(cases, page.rules, today),
        "forms": forms,
        "fee_groups": fee_groups(channel_lines(channels)),
        "is_online": any(channel.kind == "online" for channel in channels),
        "time_summary": formatting.time_summary(channels, wording),
        "fee_summary": formatting.fee_summary(channels, wording),
        "office": office,
        "office_hours": picking.hours_text(office) if office else "",
        "people": people_for(page, office) if office else None,
        "standing": page.standing_on(today),
        "version": latest_version(page),
        "address": f"{settings.PUBLIC_URL}{path}" + (f"?case={number}" if number > 1 else ""),
        "nav": "procedures",
    }
    response = render(request, "cms/checklist.html", context)
    picking.remember(request, response)
    return response
