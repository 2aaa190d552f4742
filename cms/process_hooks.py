"""Warns an editor when the internal process and the published limit disagree; its admin URLs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import URLPattern
from wagtail import hooks

from cms.calendar_admin import urls
from cms.models import ProcedurePage
from cms.process import process_problems


@hooks.register("register_admin_urls")
def calendar_urls() -> list[URLPattern]:
    """The form for a year's swap days."""
    return urls()


@hooks.register("after_edit_page")
@hooks.register("after_create_page")
def warn(request: HttpRequest, page: Any) -> None:
    """Says after every save and publication what disagrees; it stops nobody."""
    if not isinstance(page.specific_deferred, ProcedurePage) or request.method != "POST":
        return
    for problem in process_problems(page):
        messages.warning(request, problem)
