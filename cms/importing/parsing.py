"""One national record → the typed values of a procedure page, and what is doubtful about it.

Pure: no Django, no database. The stored shapes are those of ``cms/models/blocks.py``; block ids
are made from the code and the place of the block, so the same record always gives the same
bytes. docs/import.md describes the format and what is done about each known defect.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cms import record
from cms.importing.channels import channels_of
from cms.importing.reading import Note, Reading, Rejected, number_of, rows_of
from cms.importing.texts import (
    clean,
    cut_off,
    ends_openly,
    in_capitals,
    one_line,
    shorten,
    split_steps,
    strings,
    unshout,
)
from cms.text import fold

GOOD_CODE = re.compile(r"\d\.\d{6}")
KEPT_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,31}")
DELETED_CODE = re.compile(r"[-_ ]*x[oó]a$", re.IGNORECASE)

_LEVELS = {name.casefold(): level for level, name in record.LEVELS.items()}
_HEADING = re.compile(
    r"^\W*(?:lưu ý|ghi chú|chú ý|trường hợp|đối với|không quy định|không có|hồ sơ (?:gồm|bao gồm))",
    re.IGNORECASE,
)
_REMARK_GROUP = re.compile(r"^\W*(?:lưu ý|ghi chú|chú ý)", re.IGNORECASE)
#: Fields taken over as they are, several lines long.
TEXTS = (
    "agency",
    "authority",
    "delegated_agency",
    "coordinating_agency",
    "reception_address",
    "result",
    "requirements",
    "description",
)
#: The other plain fields of the page that a record fills (not ``field``, not the tables).
NAMES = (
    "code",
    "title",
    "full_name",
    "procedure_type",
    "decision_number",
    "issuing_body",
    "source_url",
    "keywords",
    "audience",
    "levels",
    "levels_incomplete",
)
#: Fields that must be words: a list or an object would be published as the text of a program.
_WORDS = ("code", "name", "field", "procedure_type", "decision_number", "issuing_body", *TEXTS)
#: Lengths the columns hold; what is longer cannot be stored whole, so the record is rejected.
_COLUMNS = {"decision_number": 255, "procedure_type": 255, "issuing_body": 255, "field": 255}


@dataclass(frozen=True)
class Parsed:
    """A record ready to be written; ``values`` are the page's fields, ``field`` by its name."""

    code: str
    values: dict[str, Any]
    notes: tuple[Note, ...]
    digest: str
    steps_key: str = ""
    #: What people call it, where the source says so; outside the digest, as editors fill it in.
    plain_name: str = ""


def parse(raw: Any) -> Parsed:
    """The values of one record. Raises :class:`Rejected` when it cannot be kept."""
    if not isinstance(raw, Mapping):
        raise Rejected("Dòng không phải một bản ghi (đối tượng JSON).")
    for name in _WORDS:
        if isinstance(raw.get(name), Mapping | list | bool):
            raise Rejected(f"Trường {name} không phải chữ.")
    code = _code(raw)
    reading = Reading(code)
    if not GOOD_CODE.fullmatch(code):
        reading.note("code_malformed", f"Mã {code} không đúng dạng 1.001193; giữ như nguồn.")
    values: dict[str, Any] = {"code": code, "field": one_line(raw.get("field"))}
    if not _readable(values["field"]):
        raise Rejected("Thiếu lĩnh vực (field).")
    values |= _names(raw, reading)
    values |= {
        "procedure_type": one_line(raw.get("procedure_type")),
        "decision_number": one_line(raw.get("decision_number")),
        "issuing_body": one_line(raw.get("issuing_body")),
        "source_url": _source_url(raw, reading),
        "keywords": _keywords(raw, reading),
        "audience": strings(raw.get("audience") or []),
    }
    for name in TEXTS:
        values[name] = clean(raw.get(name))
    values |= _levels(raw, reading)
    values["steps"] = _steps(raw, reading)
    values["channels"] = channels_of(raw, reading)
    values["cases"] = _cases(raw, reading)
    values["legal_basis"] = _legal_basis(raw, reading)
    for name, limit in _COLUMNS.items():
        if len(values[name]) > limit:
            raise Rejected(f"Trường {name} dài {len(values[name])} ký tự, tối đa {limit}.")
    steps = "\n".join(block["value"] for block in values["steps"])
    return Parsed(
        code=code,
        values=values,
        notes=tuple(reading.notes),
        digest=digest(values),
        steps_key=hashlib.sha256(steps.encode()).hexdigest() if steps else "",
        plain_name=one_line(raw.get("plain_name"))[:255],
    )


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 over the values in a canonical form: equal exactly when the values are.

    The field counts by its letters only, the way fields are matched (FieldManager.named).
    """
    values = {**values, "field": re.sub(r"[^a-z0-9]", "", fold(values["field"]))}
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _code(raw: Mapping[str, Any]) -> str:
    code = one_line(raw.get("code"))
    if not code:
        raise Rejected("Thiếu mã thủ tục (code).")
    if DELETED_CODE.search(code[-20:]):
        raise Rejected(f"Mã {code[:60]}: nguồn đánh dấu thủ tục này đã xoá.")
    if not KEPT_CODE.fullmatch(code):
        raise Rejected(
            f"Mã {code[:60]!r} không dùng được: chỉ nhận chữ số, chữ không dấu, dấu chấm, gạch nối."
        )
    return code


def _readable(text: str) -> bool:
    """Whether there is a letter or digit: other names give a link nobody can see or say."""
    return any(map(str.isalnum, text))


def _names(raw: Mapping[str, Any], reading: Reading) -> dict[str, str]:
    name = one_line(raw.get("name"))
    if not _readable(name):
        raise Rejected("Thiếu tên thủ tục (name).")
    if in_capitals(name):
        context = " ".join(_all_texts({key: raw[key] for key in raw if key != "name"}))
        sentence = unshout(name, context)
        if sentence:
            reading.note("name_in_capitals", f"Tên ở nguồn viết hoa toàn bộ: {name}")
            name = sentence
        else:
            reading.note("name_in_capitals", "Tên viết hoa toàn bộ, giữ như nguồn; nên sửa lại.")
    title = shorten(name)
    if title != name:
        reading.note(
            "name_shortened", f"Tên dài {len(name)} ký tự: tiêu đề rút gọn, tên đầy đủ giữ nguyên."
        )
    return {"title": title, "full_name": name if title != name else ""}


def _all_texts(found: Any) -> list[str]:
    if isinstance(found, str):
        return [found]
    if isinstance(found, Mapping):
        return [text for value in found.values() for text in _all_texts(value)]
    if isinstance(found, list):
        return [text for value in found for text in _all_texts(value)]
    return []


def _source_url(raw: Mapping[str, Any], reading: Reading) -> str:
    url = clean(raw.get("source_url"))
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url) <= 500
    except ValueError:
        good = False
    if not good or re.search(r"[\s<>\"]", url):
        reading.note("source_url_invalid", f"Địa chỉ nguồn không dùng được, bỏ trống: {url[:300]}")
        return ""
    return url


def _keywords(raw: Mapping[str, Any], reading: Reading) -> str:
    found = raw.get("keywords")
    if isinstance(found, str) and clean(found).startswith("["):
        reading.note("list_as_text", "Từ khoá ở nguồn là danh sách viết thành chữ; đã tách lại.")
    words = strings(found or []) + strings(raw.get("life_events") or [])
    return ", ".join(dict.fromkeys(words))


def _levels(raw: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    names = strings(raw.get("level") or [])
    levels = [_LEVELS[name.casefold()] for name in names if name.casefold() in _LEVELS]
    unknown = [name for name in names if name.casefold() not in _LEVELS]
    if unknown:
        reading.note("level_unknown", f"Cấp thực hiện không nhận ra: {', '.join(unknown)[:300]}")
    incomplete = raw.get("level_source") == "lowest_level_only"
    if incomplete:
        reading.note("levels_incomplete", "Nguồn chỉ ghi cấp thấp nhất; có thể còn cấp cao hơn.")
    ordered = [level for level in record.LEVELS if level in levels]
    return {"levels": ordered, "levels_incomplete": incomplete}


def _steps(raw: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    found = raw.get("steps")
    parts = found if isinstance(found, list) else [found]
    if any(isinstance(part, Mapping | list | bool) for part in parts):
        raise Rejected("Trường steps không phải chữ hay danh sách các bước.")
    text = "\n".join(map(clean, found)) if isinstance(found, list) else clean(found)
    if cut_off(text):
        reading.note("steps_cut_off", f"Các bước dừng giữa câu: “…{text[-60:]}”")
    elif ends_openly(text):
        reading.note("steps_no_full_stop", f"Các bước có thể thiếu phần cuối: “…{text[-60:]}”")
    return [reading.block(f"steps/{n}", step, "step") for n, step in enumerate(split_steps(text))]


def _count(found: Any) -> int:
    """A number of copies; anything that is not a whole number of them is unknown, so 0."""
    number = number_of(found, 4)
    return int(number) if number and "." not in number else 0


def _cases(raw: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for n, row in enumerate(rows_of(raw.get("documents"), "documents")):
        group = clean(row.get("group"))
        if not blocks or blocks[-1]["value"]["name"] != group:
            case = {"name": group, "items": []}
            blocks.append(reading.block(f"cases/{len(blocks)}", case, "case"))
        item = _document(row, group, f"documents/{n}", reading)
        blocks[-1]["value"]["items"].append(reading.block(f"documents/{n}", item))
    words = clean(raw.get("documents_text"))
    if words:
        reading.note(
            "tables_flattened", "Bảng ở nguồn bị dồn thành chữ; giữ nguyên văn, cần nhập lại."
        )
        item = {"name": words, "originals": 0, "copies": 0, "forms": [], "heading": True}
        items = [reading.block("documents/text", item)]
        blocks.append(reading.block("cases/text", {"name": "", "items": items}, "case"))
    return blocks


def _document(row: Mapping[str, Any], group: str, path: str, reading: Reading) -> dict[str, Any]:
    name = clean(row.get("name"))
    originals, copies = _count(row.get("originals")), _count(row.get("copies"))
    forms = strings(row.get("form") or [])
    if not name:
        name = forms[0] if forms else "(nguồn không ghi tên giấy tờ)"
    heading = False
    if not originals and not copies:
        heading = not forms and (
            name.endswith(":") or bool(_HEADING.match(name)) or bool(_REMARK_GROUP.match(group))
        )
        reading.note(
            "rows_without_copies",
            "Có dòng giấy tờ ghi 0 bản chính, 0 bản sao: tiêu đề, ghi chú hoặc thiếu số lượng.",
        )
    return {
        "name": name,
        "originals": originals,
        "copies": copies,
        "forms": [reading.block(f"{path}/forms/{n}", form) for n, form in enumerate(forms)],
        "heading": heading,
    }


def _legal_basis(raw: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    blocks = []
    for n, row in enumerate(rows_of(raw.get("legal_basis"), "legal_basis")):
        name, number = one_line(row.get("name")), one_line(row.get("number"))
        if len(number) > 500:
            name, number = f"{number} {name}".strip(), ""
        if name or number:
            value = {"name": name, "number": number}
            blocks.append(reading.block(f"legal_basis/{n}", value, "basis"))
    words = clean(raw.get("legal_basis_text"))
    if words:
        value = {"name": words, "number": ""}
        blocks.append(reading.block("legal_basis/text", value, "basis"))
    return blocks
