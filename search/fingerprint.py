"""A fingerprint of everything an index entry is made from, to tell an entry that is out of date."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cms import formatting
from cms.models import ProcedurePage
from cms.models.local_layer import LAYER_COLUMNS

#: What an entry is made from; a test holds that nothing else of a page is read for it.
COLUMNS = (
    "code",
    "title",
    "full_name",
    "plain_name",
    "keywords",
    "levels",
    "audience",
    "agency",
    "issuing_body",
    "decision_number",
    "result",
    "requirements",
    "description",
    "steps",
    "channels",
    "cases",
    "url_path",
    "last_published_at",
    *LAYER_COLUMNS,
)
FIELD_COLUMNS = ("name", "slug")


def made_of(page: ProcedurePage) -> str:
    """Fingerprint of what a page's entry says; of one that switches by itself, as of today."""
    parts: list[Any] = [_raw(page, name) for name in dict.fromkeys(COLUMNS)]
    parts += [getattr(page.field, name) for name in FIELD_COLUMNS]
    if not page.is_plain:
        channels = page.channels_today
        parts += [formatting.time_summary(channels), formatting.fee_summary(channels)]
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def _raw(page: ProcedurePage, name: str) -> str:
    return str(page._meta.get_field(name).value_to_string(page))
