"""``/danh-gia/luu-gi/``: what a rating leaves behind, where, and for how long."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback import contacts, devices, keys, tokens


@require_safe
def stored(request: HttpRequest) -> HttpResponse:
    """The page; its times are the constants that the product deletes by."""
    return render(
        request,
        "feedback/stored.html",
        {
            "contact_days": contacts.KEPT_DAYS,
            "code_days": keys.KEPT_DAYS,
            "form_days": tokens.FORM_LIFETIME.days,
            "salt_hours": 24 * (devices.KEPT_DAYS + 1),
        },
    )
