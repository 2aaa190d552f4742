"""Values every public template needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.models import CitySettings


def site(request: HttpRequest) -> dict[str, Any]:
    """``city`` (lazily, one query), ``public_url`` and the address in the other language."""
    return {
        "city": SimpleLazyObject(CitySettings.load),
        "public_url": settings.PUBLIC_URL,
    }
