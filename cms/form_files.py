"""Forms of a procedure as files: what citizens download, and which paper asks for which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.http import HttpRequest
from wagtail.documents import get_document_model

from cms import caching
from cms.formatting import number_text
from cms.models import ProcedurePage
from cms.record import DocumentItem
from cms.text import fold
from cms.wording import page_wording

#: Names shorter than this ("Mẫu 1") name a paper only where the paper names a form of its own.
SHORTEST_NAME = 10


@dataclass(frozen=True)
class FormFile:
    """A form: ``name`` as the record writes it, ``type`` such as "DOCX", ``size`` in bytes."""

    name: str
    url: str
    type: str
    size: int

    @property
    def size_text(self) -> str:
        """The size as people say it: "45 kB", "1,2 MB"."""
        return size_text(self.size)


def size_text(size: int) -> str:
    """Bytes in words, in the language of the page; thousands, as files are sold and shown."""
    from decimal import Decimal

    wording = page_wording()
    if size < 1000:
        return f"{size} byte"
    if size < 1_000_000:
        return f"{number_text(Decimal(round(size / 1000)), wording)} kB"
    return f"{number_text(Decimal(str(round(size / 1_000_000, 1))), wording)} MB"


def forms_of(page: ProcedurePage, request: HttpRequest | None = None) -> list[FormFile]:
    """The forms of a page in the editor's order; a file that was deleted drops out.

    One query when the page has forms, none otherwise. The answer to ``request`` shows them.
    """
    rows = [
        (value.get("name") or "", value.get("document"))
        for value in (block.get("value") or {} for block in page.form_files.raw_data)
    ]
    wanted = {pk for _name, pk in rows if pk}
    if not wanted:
        return []
    caching.shows(request, *map(caching.document_tag, wanted))
    documents = get_document_model().objects.in_bulk(list(wanted))
    forms = []
    for name, pk in rows:
        document = documents.get(pk)
        if document is None:
            continue
        kind = PurePath(document.filename).suffix.lstrip(".").upper()
        size = document.file_size or 0
        forms.append(FormFile(name or document.title, document.url, kind, size))
    return forms


def _plain(text: str) -> str:
    """Letters and digits without marks, single spaces, numbers without leading zeros."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)


def _says(text: str, name: str) -> bool:
    """Whether the name stands in the text as whole words: "Mẫu số 1" is not in "Mẫu số 10"."""
    return bool(name) and f" {name} " in f" {text} "


def forms_for(item: DocumentItem, forms: Sequence[FormFile]) -> list[FormFile]:
    """The forms a paper names, in its list of forms or, by a long name, in its own name."""
    named = [_plain(form) for form in item.forms]
    paper = _plain(item.name)
    found = []
    for form in forms:
        name = _plain(form.name)
        by_form = any(_says(one, name) or (one and _says(name, one)) for one in named)
        if by_form or (len(name) >= SHORTEST_NAME and _says(paper, name)):
            found.append(form)
    return found


def as_json(forms: Iterable[FormFile]) -> list[dict[str, str | int]]:
    """For the JSON of a procedure."""
    return [{"name": one.name, "url": one.url, "type": one.type, "size": one.size} for one in forms]
