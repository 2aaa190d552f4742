"""Changes in words: "Lệ phí trực tiếp: 20.000 → 10.000 đồng", in the language of the page.

:mod:`cms.changes` finds what changed; here each change becomes one or a few :class:`Line`.
Words of the source stay as they are in every language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms import formatting, record
from cms.changes import ADDED, CHANGED, MOVED, REMOVED, Change
from cms.word_diff import Piece, folded, word_diff
from cms.wording import page_wording

#: Longer than this, or of several lines: shown with its changed words marked.
SHORT = 70

NAMES: dict[str, Promise] = {
    "standing": gettext_lazy("Tình trạng"),
    "standing_reason": gettext_lazy("Lý do tạm dừng, bãi bỏ"),
    "standing_from": gettext_lazy("Tạm dừng, bãi bỏ từ ngày"),
    "standing_until": gettext_lazy("Tạm dừng đến hết ngày"),
    "replaced_by": gettext_lazy("Thủ tục thay thế"),
    "applied": gettext_lazy("Áp dụng tại thành phố"),
    "applied_decision": gettext_lazy("Quyết định áp dụng"),
    "applied_from": gettext_lazy("Áp dụng từ ngày"),
    "name": gettext_lazy("Tên thủ tục"),
    "plain_name": gettext_lazy("Tên dân quen gọi"),
    "field": gettext_lazy("Lĩnh vực"),
    "decision_number": gettext_lazy("Số quyết định"),
    "decision_date": gettext_lazy("Ngày ký quyết định"),
    "levels": gettext_lazy("Cấp thực hiện"),
    "levels_incomplete": gettext_lazy("Có thể còn cấp khác"),
    "audience": gettext_lazy("Đối tượng"),
    "procedure_type": gettext_lazy("Loại thủ tục"),
    "agency": gettext_lazy("Cơ quan thực hiện"),
    "authority": gettext_lazy("Cơ quan có thẩm quyền"),
    "delegated_agency": gettext_lazy("Cơ quan được uỷ quyền"),
    "coordinating_agency": gettext_lazy("Cơ quan phối hợp"),
    "issuing_body": gettext_lazy("Cơ quan ban hành"),
    "reception_address": gettext_lazy("Địa chỉ tiếp nhận hồ sơ"),
    "result": gettext_lazy("Kết quả"),
    "requirements": gettext_lazy("Yêu cầu, điều kiện"),
    "description": gettext_lazy("Mô tả"),
    "keywords": gettext_lazy("Từ khoá"),
    "source_url": gettext_lazy("Địa chỉ nguồn"),
}
STANDINGS = {
    "active": gettext_lazy("Đang thực hiện"),
    "paused": gettext_lazy("Tạm dừng"),
    "abolished": gettext_lazy("Đã bãi bỏ"),
}
APPLIED = {
    "": gettext_lazy("Chưa ghi quyết định áp dụng"),
    "yes": gettext_lazy("Áp dụng"),
    "no": gettext_lazy("Không áp dụng"),
}
CHANNELS = {
    "": gettext_lazy("mọi hình thức"),
    "direct": gettext_lazy("trực tiếp"),
    "online": gettext_lazy("trực tuyến"),
    "postal": gettext_lazy("bưu chính"),
    "other": gettext_lazy("hình thức nguồn không ghi rõ"),
}
LEVELS = {
    "ministry": gettext_lazy("Cấp bộ"),
    "province": gettext_lazy("Cấp tỉnh"),
    "commune": gettext_lazy("Cấp xã"),
    "other": gettext_lazy("Cơ quan khác"),
}
ORIGIN_NAMES = {
    "city": gettext_lazy("quy định của thành phố"),
    "national": gettext_lazy("quy định của trung ương"),
}


@dataclass(frozen=True)
class Line:
    """One change as a line of a page.

    ``head`` says what ("Lệ phí trực tiếp", "Thêm giấy tờ"); then either ``old`` → ``new`` in
    short, or ``pieces`` of a text with the changed words marked, or ``new``/``old`` alone.
    """

    head: str
    kind: str = CHANGED
    old: str = ""
    new: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The line as plain text, for feeds, JSON and boxes; long texts are only named."""
        if self.pieces:
            return _("%(what)s: đã sửa") % {"what": self.head}
        if self.kind == CHANGED and self.old and self.new:
            return f"{self.head}: {self.old} → {self.new}"
        words = self.new or self.old
        return f"{self.head}: {words}" if words else self.head


def _decimal(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _low(text: object) -> str:
    """A name inside a phrase: "Thêm yêu cầu, điều kiện"."""
    words = str(text)
    return words[:1].lower() + words[1:]


def day_text(iso: str | None) -> str:
    """ "2027-01-01" → "01/01/2027"; what is no date stays."""
    try:
        return date_format(date.fromisoformat(iso or ""), "SHORT_DATE_FORMAT")
    except ValueError:
        return iso or ""


def _lines(
    name: object, old: str, new: str, *, added: str = "", removed: str = "", excerpt: bool = False
) -> Line:
    """A text that came, went or changed, in the fitting form."""
    if not old:
        return Line(added or _("Thêm %(what)s") % {"what": _low(name)}, ADDED, "", new)
    if not new:
        return Line(removed or _("Bỏ %(what)s") % {"what": _low(name)}, REMOVED, old)
    if max(len(old), len(new)) <= SHORT and "\n" not in old + new:
        return Line(str(name), CHANGED, old, new)
    return Line(str(name), CHANGED, pieces=tuple(folded(word_diff(old, new))))


# Values.


def _value_text(section: str, value: Any) -> str:
    if value in (None, "", []) and section != "applied":
        return ""
    if section == "standing":
        return str(STANDINGS.get(value, value))
    if section == "applied":
        return str(APPLIED.get(value or "", value))
    if section == "levels":
        return ", ".join(str(LEVELS.get(level, level)) for level in value)
    if section == "levels_incomplete":
        return _("có") if value else _("không")
    if section.endswith(("_from", "_until", "_date")):
        return day_text(value)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(value)


def _value(change: Change) -> list[Line]:
    name = NAMES.get(change.section, change.section)
    old, new = (_value_text(change.section, value) for value in (change.old, change.new))
    return [_lines(name, old, new)]


# Times and fees.


def _fee(data: Mapping[str, Any]) -> record.Fee:
    return record.Fee(
        _decimal(data.get("amount")),
        data.get("currency") or "",
        data.get("condition") or "",
        data.get("text") or "",
        bool(data.get("assumed")),
    )


def _time(data: Mapping[str, Any]) -> record.ProcessingTime:
    return record.ProcessingTime(
        _decimal(data.get("value")), data.get("unit") or "", data.get("text") or ""
    )


def fee_words(data: Mapping[str, Any]) -> str:
    """A fee with its condition: "10.000 đồng (hộ nghèo)"."""
    fee = _fee(data)
    amount = _flat(formatting.fee_amount_text(fee, page_wording()))
    condition = _flat(fee.condition)
    return f"{amount} ({condition})" if condition and condition != amount else amount


def _amounts(old: str, new: str) -> tuple[str, str]:
    """ "20.000 đồng", "10.000 đồng" → "20.000", "10.000 đồng"."""
    for unit in (" đồng", f" {page_wording().say('đồng')}"):
        if old.endswith(unit) and new.endswith(unit) and old[:1].isdigit() and new[:1].isdigit():
            return old.removesuffix(unit), new
    return old, new


def _of(what: str, kinds: Sequence[str]) -> str:
    """ "Lệ phí" of ("direct", "online") → "Lệ phí trực tiếp, trực tuyến"."""
    names = ", ".join(str(CHANNELS.get(kind, kind)) for kind in kinds)
    return _("%(what)s %(channels)s") % {"what": what, "channels": names} if names else what


def _fee_lines(change: Change) -> list[Line]:
    name = _of(_("Lệ phí"), change.where)
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự: %(what)s") % {"what": _low(name)}, MOVED)]
    if change.kind != CHANGED:
        old, new = (fee_words(value) if value else "" for value in (change.old, change.new))
        return [_lines(name, old, new)]
    before, after = _fee(change.old), _fee(change.new)
    old, new = (_flat(formatting.fee_amount_text(fee, page_wording())) for fee in (before, after))
    lines = []
    condition = _flat(after.condition)
    if old != new:
        head = name
        if condition and before.condition == after.condition and condition not in (old, new):
            head = f"{name} ({_shorten(condition)})"
        elif before.condition != after.condition:
            old, new = fee_words(change.old), fee_words(change.new)
        lines.append(_lines(head, *_amounts(old, new)))
    elif before.condition != after.condition:
        what = _("Điều kiện của %(fee)s (%(amount)s)") % {"fee": _low(name), "amount": new}
        lines.append(_lines(what, before.condition, after.condition))
    if before.text != after.text and not lines:
        lines.append(_lines(_("%(what)s, nguyên văn") % {"what": name}, before.text, after.text))
    if before.assumed != after.assumed:
        what = _("Đơn vị tiền của %(fee)s") % {"fee": _low(name)}
        words = [_("do máy đoán") if fee.assumed else _("theo văn bản") for fee in (before, after)]
        lines.append(Line(what, CHANGED, words[0], words[1]))
    return lines or [Line(name, CHANGED, old, fee_words(change.new))]


def _shorten(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rsplit(None, 1)[0].rstrip('… ')}…"


def time_words(data: Mapping[str, Any]) -> str:
    """A time limit in words."""
    return _flat(formatting.time_text(_time(data), page_wording()))


def _time_lines(change: Change) -> list[Line]:
    name = _of(_("Thời hạn"), change.where)
    before, after = _time(change.old), _time(change.new)
    old, new = time_words(change.old), time_words(change.new)
    lines = [_lines(name, old, new)] if old != new else []
    told = {old.casefold(), new.casefold()}
    texts = {_flat(before.text).casefold(), _flat(after.text).casefold()}
    if before.text != after.text and not (lines and texts - {""} <= told):
        words = _("%(what)s, nguyên văn") % {"what": name}
        lines.append(_lines(words, before.text, after.text))
    return lines or [Line(name, CHANGED, old, new)]


def _channel_words(value: Mapping[str, Any]) -> str:
    parts = [time_words(value["time"]), *(fee_words(fee) for fee in value["fees"])]
    return "; ".join([*parts, *([_flat(value["note"])] if value["note"] else [])])


def _channel_lines(change: Change) -> list[Line]:
    if change.part == "fee":
        return _fee_lines(change)
    if change.part == "time":
        return _time_lines(change)
    if change.part == "note":
        return [_lines(_of(_("Ghi chú nộp"), change.where), change.old or "", change.new or "")]
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự các hình thức nộp"), MOVED)]
    names = ", ".join(str(CHANNELS.get(kind, kind)) for kind in change.where)
    if change.kind == ADDED:
        head = _("Thêm hình thức nộp %(channels)s") % {"channels": names}
        return [Line(head, ADDED, "", _channel_words(change.new))]
    head = _("Bỏ hình thức nộp %(channels)s") % {"channels": names}
    return [Line(head, REMOVED, _channel_words(change.old))]


# Steps, papers, laws, files.


def _step_lines(change: Change) -> list[Line]:
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự các bước"), MOVED)]
    n = change.where[0] if change.where else ""
    name = _("Bước %(n)s") % {"n": n} if n else _("Ghi chú ở các bước")
    return [_lines(name, change.old or "", change.new or "")]


def _counts(item: Mapping[str, Any]) -> str:
    parts = []
    if item.get("originals"):
        n = item["originals"]
        parts.append(ngettext("%(n)s bản chính", "%(n)s bản chính", n) % {"n": n})
    if item.get("copies"):
        n = item["copies"]
        parts.append(ngettext("%(n)s bản sao", "%(n)s bản sao", n) % {"n": n})
    return ", ".join(parts) or _("không ghi số bản")


def _paper_lines(change: Change) -> list[Line]:
    case = _flat(change.where[0]).strip(" *+-–•:") if change.where else ""
    inside = f" ({_shorten(case)})" if case else ""
    if change.part == "case_name":
        return [_lines(_("Tên trường hợp"), change.old or "", change.new or "")]
    if change.part == "case":
        return _case_lines(change, _shorten(case, 120))
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự giấy tờ") + inside, MOVED)]
    if change.kind != CHANGED:
        item = change.new or change.old
        heading = item.get("heading")
        forms = ", ".join(item.get("forms") or [])
        words = item["name"] if heading else f"{item['name']} ({_counts(item)})"
        words = f"{words}; {forms}" if forms else words
        name = _("Ghi chú về giấy tờ") if heading else _("Giấy tờ")
        old, new = ("", words) if change.kind == ADDED else (words, "")
        line = _lines(name, old, new)
        return [replace(line, head=line.head + inside)]
    return [replace(line, head=line.head + inside) for line in _paper_parts(change)]


def _case_lines(change: Change, name: str) -> list[Line]:
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự các trường hợp"), MOVED)]
    value = change.new or change.old
    papers = "; ".join(_flat(item["name"]) for item in value["items"])
    head = _("Thêm trường hợp") if change.kind == ADDED else _("Bỏ trường hợp")
    head = f"{head} “{name}”" if name else head
    old, new = ("", papers) if change.kind == ADDED else (papers, "")
    return [Line(head, change.kind, old, new)]


def _paper_parts(change: Change) -> list[Line]:
    before, after = change.old, change.new
    name = _("Giấy tờ “%(name)s”") % {"name": _shorten(_flat(after["name"]))}
    lines = []
    if before["name"] != after["name"]:
        lines.append(_lines(_("Tên giấy tờ"), before["name"], after["name"]))
    if _counts(before) != _counts(after):
        lines.append(Line(name, CHANGED, _counts(before), _counts(after)))
    if before["forms"] != after["forms"]:
        old, new = ("; ".join(item["forms"]) for item in (before, after))
        what = _("Biểu mẫu của %(paper)s") % {"paper": _low(name)}
        lines.append(_lines(what, old, new))
    if bool(before["heading"]) != bool(after["heading"]):
        words = [
            _("là ghi chú") if item["heading"] else _("là giấy tờ phải nộp")
            for item in (before, after)
        ]
        lines.append(Line(name, CHANGED, words[0], words[1]))
    return lines or [Line(name, CHANGED)]


def _law_text(law: Mapping[str, Any]) -> str:
    return ": ".join(part for part in (law["number"], _flat(law["name"])) if part)


def _file_text(row: Mapping[str, Any]) -> str:
    text = row["name"] or row["file"]
    mark = str(row.get("sha1") or "")[:8]
    return f"{text} ({row['file']}{', ' + mark if mark else ''})" if row["file"] else text


def _row_text(row: Mapping[str, Any]) -> str:
    hours = _decimal(row.get("hours"))
    parts = [row["name"], _flat(row["work"]), row["agency"]]
    if hours:
        number = formatting.number_text(hours, page_wording())
        parts.append(_("%(n)s giờ làm việc") % {"n": number})
    return " · ".join(part for part in parts if part)


def rule_text(rule: Mapping[str, Any]) -> str:
    """A rule of the city in one line: what, from when until when, by which document."""
    kind, value = rule["type"], rule["value"]
    channel = value.get("channel", "")
    if kind == "fees":
        fees = "; ".join(fee_words(fee) for fee in value.get("fees", []))
        head = _of(_("Thu thêm phí") if value.get("adds") else _("Phí, lệ phí"), [channel])
        words = f"{head}: {fees}"
    elif kind == "time":
        time = {part: value.get(f"time_{part}") for part in ("value", "unit", "text")}
        words = f"{_of(_('Thời hạn'), [channel])}: {time_words(time)}"
    elif kind == "note":
        words = f"{_of(_('Ghi chú'), [channel])}: {value.get('text', '')}"
    elif kind == "condition":
        words = f"{_('Yêu cầu, điều kiện')}: {value.get('text', '')}"
    else:
        words = f"{_('Giấy tờ không phải nộp')}: {value.get('paper', '')}"
        if value.get("reason"):
            words += f" ({value['reason']})"
    tail = []
    if value.get("valid_from"):
        tail.append(_("từ %(day)s") % {"day": day_text(value["valid_from"])})
    if value.get("valid_until"):
        tail.append(_("đến hết %(day)s") % {"day": day_text(value["valid_until"])})
    if value.get("decision"):
        tail.append(_("theo %(decision)s") % {"decision": value["decision"]})
    if value.get("origin") in ORIGIN_NAMES:
        tail.append(str(ORIGIN_NAMES[value["origin"]]))
    return f"{words} – {', '.join(tail)}" if tail else words


def _whole(name: Promise, text: Callable[[Any], str]) -> Callable[[Change], list[Line]]:
    def lines(change: Change) -> list[Line]:
        if change.kind == MOVED:
            return [Line(_("Đổi thứ tự: %(what)s") % {"what": _low(name)}, MOVED)]
        old, new = (text(value) if value else "" for value in (change.old, change.new))
        return [_lines(name, old, new)]

    return lines


_SAY: dict[str, Callable[[Change], list[Line]]] = {
    "channels": _channel_lines,
    "steps": _step_lines,
    "cases": _paper_lines,
    "local_rules": _whole(gettext_lazy("Quy định áp dụng tại thành phố"), rule_text),
    "legal_basis": _whole(gettext_lazy("Căn cứ pháp lý"), _law_text),
    "form_files": _whole(gettext_lazy("Tệp mẫu đơn"), _file_text),
    "internal_process": _whole(gettext_lazy("Bước của quy trình nội bộ"), _row_text),
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
        line for change in _merged(changes) for line in _SAY.get(change.section, _value)(change)
    ]


def texts_of(changes: Iterable[Change]) -> list[str]:
    """The lines as plain text on one line each."""
    return [_flat(line.text) for line in lines_of(changes)]
