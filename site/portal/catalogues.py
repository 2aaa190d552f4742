"""Finds the Vietnamese source strings that need English, without the gettext programs.

Django's own extraction needs ``xgettext`` on the machine; this reads the same calls with Python's
parser and Django's ``templatize``, so that a test can hold the English catalogue complete.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

from portal.environment import BASE_DIR

ROOMS = ("cms", "search", "feedback", "site/portal")
TEMPLATES = BASE_DIR / "site" / "templates"
#: Calls that mark a string: name → positions of (context, singular, plural).
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
}
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_MARKED = re.compile(rf"\b(_|n?p?gettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL)


class Message(NamedTuple):
    """A string to translate; ``plural`` and ``context`` are "" when there are none."""

    context: str
    singular: str
    plural: str


def _from_arguments(name: str, texts: list[str]) -> Message | None:
    context, singular, plural = CALLS[name]
    try:
        return Message(
            texts[context] if context is not None else "",
            texts[singular],
            texts[plural] if plural is not None else "",
        )
    except IndexError:
        return None  # the string is not a literal here


def _in_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name not in CALLS:
            continue
        texts = [
            argument.value
            for argument in node.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        message = _from_arguments(name, texts)
        if message:
            yield message


def _in_template(path: Path) -> Iterator[Message]:
    for match in _MARKED.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        texts = [ast.literal_eval(text) for text in re.findall(_LITERAL, match[2], re.DOTALL)]
        message = _from_arguments(match[1], texts)
        if message:
            yield message


def source_messages() -> dict[Message, set[str]]:
    """Every marked string of the product → the files it stands in (relative, sorted use)."""
    found: dict[Message, set[str]] = {}
    sources = [(path, _in_python) for room in ROOMS for path in (BASE_DIR / room).rglob("*.py")]
    sources += [
        (path, _in_template) for kind in ("html", "xml") for path in TEMPLATES.rglob(f"*.{kind}")
    ]
    for path, reader in sources:
        for message in reader(path):
            if message.singular:
                found.setdefault(message, set()).add(str(path.relative_to(BASE_DIR)))
    return found
