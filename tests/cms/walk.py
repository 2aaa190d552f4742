"""Admin addresses from the URL resolver, filled with real objects, and what a form there sends."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

#: Tables a request may write without changing anything of the site: sessions and who looks at what.
NOISE = re.compile(
    r'"?(django_session|wagtailadmin_editingsession|wagtailcore_pagesubscription|'
    r"wagtailusers_userprofile|django_content_type)"
)
_WRITE = re.compile(r'^\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """One address: ``name`` with its namespaces, ``whose`` objects fill it ("A", "B", or "")."""

    name: str
    path: str
    whose: str = ""
    #: Which of the choices of this address; the same number of A and B take the same form.
    choice: int = 0


@dataclass
class Objects:
    """What fills an address: by argument name, or by namespace and argument name."""

    whose: str
    by_name: dict[str, Any] = field(default_factory=dict)
    by_namespace: dict[tuple[str, str], Any] = field(default_factory=dict)
    #: Addresses that take a choice in their path or query: name → [(arguments, query)].
    choices: dict[str, list[tuple[dict[str, Any], str]]] = field(default_factory=dict)


def _named(resolver: Any, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            if one.name:
                yield ":".join((*spaces, one.name)), one
        else:
            yield from _named(one, (*spaces, one.namespace) if one.namespace else spaces)


def _arguments(pattern: URLPattern) -> list[str]:
    groups = getattr(pattern.pattern, "regex", None)
    named = list(pattern.pattern.converters) or list(groups.groupindex if groups else ())
    unnamed = groups.groups - len(groups.groupindex) if groups and not named else 0
    return named or [str(number) for number in range(unnamed)]


def addresses(objects: Iterable[Objects]) -> list[Address]:
    """Every named address below /admin/, once for each set of objects that changes it."""
    found: dict[tuple[str, str], Address] = {}
    for (name, pattern), one in itertools.product(_named(get_resolver()), list(objects)):
        wanted = _arguments(pattern)
        space = name.rpartition(":")[0]
        values = {
            key: one.by_namespace.get((space, key), one.by_name.get(key, 1)) for key in wanted
        }
        for number, (extra, query) in enumerate(one.choices.get(name, [({}, "")])):
            path = _reverse(name, {**values, **extra})
            if path and path.startswith("/admin/"):
                whose = one.whose if wanted or query else ""
                found.setdefault((name, path + query), Address(name, path + query, whose, number))
    return list(found.values())


def _reverse(name: str, values: dict[str, Any]) -> str | None:
    try:
        if all(key.isdigit() for key in values) and values:
            return reverse(name, args=list(values.values()))
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return None


class _Fields(HTMLParser):
    """What a browser would send of the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self._select = self._text = ""

    def _put(self, name: str | None, value: str | None) -> None:
        if name:
            self.data.setdefault(name, []).append(value or "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name")
        if tag == "input":
            kind = values.get("type", "text")
            if kind in {"submit", "file", "button"}:
                return
            if kind in {"checkbox", "radio"} and "checked" not in values:
                return
            self._put(name, values.get("value"))
        elif tag == "textarea":
            self._text = name or ""
            self._put(name, "")
        elif tag == "select":
            self._select = name or ""
        elif tag == "option" and "selected" in values:
            self._put(self._select, values.get("value"))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.data[self._text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""


def form_data(html: str) -> dict[str, list[str]]:
    """The fields of all forms of a page, filled as they are."""
    parser = _Fields()
    parser.feed(html)
    return {name: values for name, values in parser.data.items() if name != "csrfmiddlewaretoken"}


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables written within the block, noise left out."""
    tables: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (match := _WRITE.match(sql)) and not NOISE.match(match[1]):
            tables.add(match[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
