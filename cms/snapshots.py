"""The public facts of a procedure page as one plain JSON value, and back.

A snapshot is what a public version keeps: the stored national rows, the city's own layer and
the page's standing, without ids, editors, officers or anything of Wagtail. Texts lose only what
a browser changes by itself (line ends, outer blanks), numbers have one spelling ("10000.5"), so
that two snapshots differ exactly when a citizen could read a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wagtail.documents import get_document_model

from cms import record
from cms.changes import MORE_VALUES, VALUES
from cms.models import Field, ProcedurePage

#: Grows when the shape changes; old versions keep theirs and :func:`to_page` reads all.
FORMAT = 1
DATES = ("decision_date", "applied_from", "standing_from", "standing_until")
_OTHERWISE = {"name", "field", "replaced_by", "levels", "levels_incomplete", "audience"}
#: Plain texts of the page, kept under their own name.
TEXTS = tuple(one for one in (*VALUES, *MORE_VALUES) if one not in {*DATES, *_OTHERWISE})
#: Fields of the page that are no public fact: a test holds that every field is known here.
NOT_FACTS = {
    "page_ptr",
    "change_note",  # the version's reason
    "review_due",
    "review_owner",
    "review_deputy",
    "import_digest",
    "import_notes",
    "is_demo",
}
_NUMBERS = {"amount", "time_value", "hours"}


def _text(value: Any) -> str:
    return str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def number(value: Any) -> str | None:
    """A decimal in one spelling: "10000", "1.5"; None for none."""
    if value in (None, ""):
        return None
    found = value if isinstance(value, Decimal) else Decimal(str(value))
    text = f"{found:f}"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def _fee(fee: record.Fee) -> dict[str, Any]:
    return {
        "amount": number(fee.amount),
        "currency": fee.currency,
        "condition": _text(fee.condition),
        "text": _text(fee.text),
        "assumed": fee.assumed,
    }


def _channel(channel: record.Channel) -> dict[str, Any]:
    return {
        "kind": channel.kind,
        "time": {
            "value": number(channel.time.value),
            "unit": channel.time.unit,
            "text": _text(channel.time.text),
        },
        "fees": [_fee(fee) for fee in channel.fees],
        "note": _text(channel.note),
    }


def _case(case: record.DocumentCase) -> dict[str, Any]:
    return {
        "name": _text(case.name),
        "items": [
            {
                "name": _text(item.name),
                "originals": item.originals,
                "copies": item.copies,
                "forms": [_text(form) for form in item.forms],
                "heading": item.heading,
            }
            for item in case.items
        ],
    }


def _lean(value: Any, key: str = "") -> Any:
    """A stored block without ids and without what is empty: an editor's form writes every key,
    a command only some, and both mean the same."""
    if isinstance(value, Mapping):
        if value.get("type") == "item" and "value" in value:
            return _lean(value["value"])
        rows = ((name, _lean(inner, name)) for name, inner in value.items() if name != "id")
        return {name: inner for name, inner in rows if inner not in (None, "", False, [], {})}
    if isinstance(value, list | tuple):
        return [_lean(inner) for inner in value]
    if key in _NUMBERS:
        try:
            return number(value)
        except ArithmeticError:
            return _text(value)
    return _text(value) if isinstance(value, str) else value


def _rules(raw: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": block["type"], "value": _lean(block["value"])} for block in raw]


def _files(raw: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Form files with the digest of their content: a file may be replaced under its name."""
    values = [block["value"] for block in raw]
    if not values:
        return []
    documents = get_document_model().objects.in_bulk(
        [value["document"] for value in values if value.get("document")]
    )
    found = []
    for value in values:
        document = documents.get(value.get("document"))
        found.append(
            {
                "name": _text(value.get("name")),
                "document": value.get("document"),
                "file": document.filename if document else "",
                "size": document.get_file_size() if document else None,
                "sha1": document.get_file_hash() if document else "",
            }
        )
    return found


def _process(raw: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the internal process without "đơn vị, người thực hiện", which may name a person."""
    return [
        {
            "name": _text(value.get("name")),
            "work": _text(value.get("work")),
            "agency": _text(value.get("agency")),
            "hours": number(value.get("hours")),
        }
        for value in (block["value"] for block in raw)
    ]


def take(page: ProcedurePage) -> dict[str, Any]:
    """The page's public facts as they stand in memory.

    No query when ``page.field`` is loaded and the page has neither form files nor a successor.
    """
    found: dict[str, Any] = {name: _text(getattr(page, name)) for name in TEXTS}
    for name in DATES:
        value = getattr(page, name)
        found[name] = value.isoformat() if isinstance(value, date) else _text(value)
    # Checkboxes have no order of their own.
    found["levels"] = [level for level in record.LEVELS if level in (page.levels or [])]
    found["audience"] = [_text(one) for one in page.audience or []]
    found.update(
        format=FORMAT,
        code=page.code,
        name=_text(page.name),
        field=_text(page.field.name),
        levels_incomplete=page.levels_incomplete,
        replaced_by=page.replaced_by.code if page.replaced_by else "",
        steps=[_text(step) for step in record.steps(page.steps.raw_data)],
        channels=[_channel(one) for one in record.channels(page.channels.raw_data)],
        cases=[_case(one) for one in record.cases(page.cases.raw_data)],
        legal_basis=[
            {"name": _text(one.name), "number": _text(one.number)}
            for one in record.legal_bases(page.legal_basis.raw_data)
        ],
        local_rules=_rules(page.local_rules.raw_data),
        internal_process=_process(page.internal_process.raw_data),
        form_files=_files(page.form_files.raw_data),
    )
    return found


def _items(values: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"type": "item", "value": value} for value in values]


def _stored_fees(fees: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return _items(dict(fee) for fee in fees)


def _stored_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    value = dict(rule["value"])
    if "fees" in value:
        value["fees"] = _stored_fees(value["fees"])
    return {"type": rule["type"], "value": value}


def _streams(content: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows of a snapshot as the StreamFields store them."""
    return {
        "steps": [{"type": "step", "value": step} for step in content["steps"]],
        "channels": [
            {
                "type": "channel",
                "value": {
                    "kind": one["kind"],
                    "time_value": one["time"]["value"],
                    "time_unit": one["time"]["unit"],
                    "time_text": one["time"]["text"],
                    "fees": _stored_fees(one["fees"]),
                    "note": one["note"],
                },
            }
            for one in content["channels"]
        ],
        "cases": [
            {
                "type": "case",
                "value": {
                    "name": one["name"],
                    "items": _items({**i, "forms": _items(i["forms"])} for i in one["items"]),
                },
            }
            for one in content["cases"]
        ],
        "legal_basis": [{"type": "basis", "value": dict(one)} for one in content["legal_basis"]],
        "local_rules": [_stored_rule(rule) for rule in content["local_rules"]],
        "internal_process": [
            {"type": "step", "value": {**one, "unit": ""}} for one in content["internal_process"]
        ],
        "form_files": [
            {"type": "file", "value": {"name": one["name"], "document": one["document"]}}
            for one in content["form_files"]
        ],
    }


def to_page(
    content: Mapping[str, Any], field: Field | None = None, as_of: date | None = None
) -> ProcedurePage:
    """A page in memory that says what the snapshot says; never save it.

    ``field`` is today's field of that name, for its address; the city's rules are those in force
    on ``as_of`` (Hanoi), today by default. The page has no key and no successor
    (``content["replaced_by"]`` holds the code), so that whatever shows a page shows an old
    version the same way.
    """
    values: dict[str, Any] = {name: content.get(name, "") for name in TEXTS}
    for name in DATES:
        values[name] = date.fromisoformat(content[name]) if content.get(name) else None
    for name in ("levels", "audience"):
        values[name] = list(content.get(name, []))
    page = ProcedurePage(
        code=content["code"],
        title=content["name"][:255],
        full_name=content["name"] if len(content["name"]) > 255 else "",
        field=field or Field(name=content["field"]),
        levels_incomplete=content["levels_incomplete"],
        live=True,
        **values,
    )
    page.as_of = as_of
    for name, rows in _streams(content).items():
        setattr(page, name, rows)
    return page
