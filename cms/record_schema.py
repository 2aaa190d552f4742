"""The JSON Schema of a procedure's record, made from the serializer that writes the records.

So it can never say anything else than what ``/api/v1/procedures/<mã>/`` answers.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

ROOT = "Procedure"


def _plain(value: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema 2020-12: ``nullable`` and references are spelled differently."""
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {key: _plain(inner) for key, inner in value.items()}
    if "oneOf" in found:  # "" is both the empty choice and a text: any of them will do
        found["anyOf"] = found.pop("oneOf")
    if "$ref" in found:
        found["$ref"] = found["$ref"].replace("#/components/schemas/", "#/$defs/")
    if found.pop("nullable", False):
        if "type" in found:
            found["type"] = [found["type"], "null"]
        else:
            found = {"anyOf": [found, {"type": "null"}]}
    return found


def _references(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_references, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
    return own.union(*map(_references, value.values())) if value else own


@cache
def _parts() -> dict[str, Any]:
    document = SchemaGenerator().get_schema(request=None, public=True)
    return _plain(copy.deepcopy(dict(document["components"]["schemas"])))


def record_schema() -> dict[str, Any]:
    """The schema with all it refers to below ``$defs``."""
    parts = _parts()
    wanted: set[str] = set()
    waiting = _references(parts[ROOT])
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting |= _references(parts[name])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{settings.PUBLIC_URL}{reverse('api_procedure_schema')}",
        "title": ROOT,
        **{key: value for key, value in parts[ROOT].items() if key != "title"},
        "$defs": {name: parts[name] for name in sorted(wanted)},
    }
