"""What a page says about the files of the open data."""

from __future__ import annotations

from typing import Any

from django import template

from cms import open_files
from cms.form_files import size_text

register = template.Library()


@register.inclusion_tag("cms/_open_file.html")
def open_file_facts(name: str) -> dict[str, Any]:
    """Date and size of the file; nothing while there is none."""
    # A word of a template is a SafeString, which a path refuses.
    known = next(one for one in open_files.NAMES if one == name)
    file = open_files.describe(known)
    if file is None:
        return {}
    packed = size_text(file.gzip_size) if file.gzip_size else ""
    return {"changed": file.changed, "size": size_text(file.size), "packed": packed}
