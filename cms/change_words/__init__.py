"""Changes in words: "Lệ phí trực tiếp: 20.000 → 10.000 đồng", in the language of the page.

:mod:`cms.changes` finds what changed; here each change becomes one or a few :class:`Line`.
Words of the source stay as they are in every language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.utils.translation import gettext_lazy

from cms.change_words.channels import channel_lines
from cms.change_words.lines import Line, flat
from cms.change_words.papers import paper_lines
from cms.change_words.rows import file_lines, law_text, row_text, rule_text, step_lines, whole
from cms.change_words.values import NAMES, value_lines
from cms.changes import Change

__all__ = ["NAMES", "Line", "lines_of", "rule_text", "texts_of"]

_SAY: dict[str, Callable[[Change], list[Line]]] = {
    "channels": channel_lines,
    "steps": step_lines,
    "cases": paper_lines,
    "local_rules": whole(gettext_lazy("Quy định áp dụng tại thành phố"), rule_text),
    "legal_basis": whole(gettext_lazy("Căn cứ pháp lý"), law_text),
    "form_files": file_lines,
    "internal_process": whole(gettext_lazy("Bước của quy trình nội bộ"), row_text),
}


def _merged(changes: Iterable[Change]) -> list[Change]:
    """The same change on several channels told once: "trực tiếp, trực tuyến: 20.000 → 10.000"."""
    found: list[Change] = []
    places: dict[str, int] = {}
    for change in changes:
        if change.section != "channels" or change.part == "channel":
            found.append(change)
            continue
        key = repr((change.part, change.kind, change.old, change.new))
        if key in places:
            same = found[places[key]]
            found[places[key]] = replace(same, where=(*same.where, *change.where))
        else:
            places[key] = len(found)
            found.append(change)
    return found


def lines_of(changes: Iterable[Change]) -> list[Line]:
    """The changes as lines, in their order; equal changes of several channels as one line."""
    return [
        line
        for change in _merged(changes)
        for line in _SAY.get(change.section, value_lines)(change)
    ]


def texts_of(changes: Iterable[Change]) -> list[str]:
    """The lines as plain text on one line each."""
    return [flat(line.text) for line in lines_of(changes)]
