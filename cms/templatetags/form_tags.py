"""Template helpers of forms as files."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from cms.form_files import FormFile, forms_for
from cms.record import DocumentItem

register = template.Library()


@register.filter
def named_by(forms: Sequence[FormFile] | None, item: DocumentItem) -> list[FormFile]:
    """The forms a paper names: ``{% for form in forms|named_by:item %}``."""
    return forms_for(item, forms) if forms else []
