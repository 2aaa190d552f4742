"""What templates of other rooms show of the search, and marks in texts."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cms.linked_data import script
from search.highlight import marked_up

register = template.Library()


@register.filter
def marking(text: str, words: Iterable[str]) -> SafeString:
    """The text with the words (folded) in ``<mark>``."""
    return marked_up(text, words)


@register.simple_tag
def website_data(city: str) -> SafeString:
    """schema.org WebSite with its SearchAction, for the home page."""
    home = f"{settings.PUBLIC_URL}{reverse('home')}"
    return script(
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "@id": f"{home}#website",
            "url": home,
            "name": f"Bốn Công Khai – {city}",
            "inLanguage": get_language() or "vi",
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{settings.PUBLIC_URL}{reverse('search')}"
                    "?q={search_term_string}",
                },
                "query-input": "required name=search_term_string",
            },
        }
    )
