"""Three-way merge of a procedure: the record as last imported, the new one, the page as edited.

Pure: no Django, no database. Values have the shape of ``Parsed.values`` (cms/importing/parsing.py):
plain fields, ``field`` by its name, and the stored blocks of the four tables. They are compared
*part* by part, so that an editor's fee and a national time limit both stay:

====================================  =====================================================
address                               part
====================================  =====================================================
``name``, ``levels``, ``result`` …    one plain field (or two that only make sense together)
``steps``, ``legal_basis``            a whole table
``channels/direct``                   one way to hand in, where it comes or goes as a whole
``channels/direct/time|fees|note``    its time limit, its fees, its note
``cases/<case>``                      the papers of one case, where it comes or goes
``cases/<case>/<paper>``              one paper
====================================  =====================================================

A second row of the same name gets ``-2``. Block ids and blanks never count as a difference. See
docs/decisions/0040-national-record-and-local-truth.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from cms.record import CHANNELS
from cms.text import fold

Values = Mapping[str, Any]

#: Plain parts → what an editor calls them.
PLAIN_NAMES = {
    "name": "tên thủ tục",
    "plain_name": "tên dân quen gọi",
    "field": "lĩnh vực",
    "procedure_type": "loại thủ tục",
    "decision_number": "số quyết định công bố",
    "levels": "cấp thực hiện",
    "audience": "đối tượng thực hiện",
    "agency": "cơ quan thực hiện",
    "authority": "cơ quan có thẩm quyền",
    "delegated_agency": "cơ quan được uỷ quyền",
    "coordinating_agency": "cơ quan phối hợp",
    "issuing_body": "cơ quan ban hành",
    "reception_address": "địa chỉ tiếp nhận hồ sơ",
    "result": "kết quả thực hiện",
    "requirements": "yêu cầu, điều kiện",
    "description": "mô tả",
    "keywords": "từ khoá",
    "source_url": "địa chỉ nguồn",
    "steps": "trình tự thực hiện",
    "legal_basis": "căn cứ pháp lý",
}
#: Parts that hold two fields: a shortened title and the whole name, the levels and their doubt.
_PAIRS = {"name": ("title", "full_name"), "levels": ("levels", "levels_incomplete")}
#: Parts of a channel → the stored keys each holds, and what an editor calls it.
CHANNEL_PARTS = {
    "time": ("time_value", "time_unit", "time_text"),
    "fees": ("fees",),
    "note": ("note",),
}
CHANNEL_NAMES = {"time": "thời hạn", "fees": "phí, lệ phí", "note": "mô tả"}
_NUMBERS = {"amount", "time_value"}
_KEY_LENGTH = 80


def plain(value: Any) -> Any:
    """A stored value as it counts: no block ids, no blanks, one spelling of each number."""
    if isinstance(value, Mapping):
        if set(value) <= {"type", "value", "id"} and "value" in value:
            return plain(value["value"])
        found = {key: _counted(key, inner) for key, inner in value.items()}
        return {key: inner for key, inner in found.items() if inner not in (None, "", [], {}, 0)}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return "" if value is None else value


def _counted(key: str, value: Any) -> Any:
    if key not in _NUMBERS or value in (None, ""):
        return plain(value)
    try:
        return f"{Decimal(str(value)).normalize():f}"  # "0" is a statement, unlike a blank
    except InvalidOperation:
        return str(value)


@dataclass(frozen=True)
class Leaf:
    """A part that is compared and taken as a whole."""

    stored: Any
    by_letters: bool = False

    @cached_property
    def plain(self) -> Any:
        """What counts."""
        if self.by_letters:  # fields are matched by their letters only
            return re.sub(r"[^a-z0-9]", "", fold(self.stored or ""))
        return plain(self.stored) or ""


@dataclass(frozen=True)
class Branch:
    """Parts below a part, in order. ``kind``: root, channels, channel, cases or case."""

    kind: str
    children: dict[str, Leaf | Branch]
    own: Any = None

    @cached_property
    def plain(self) -> Any:
        """What counts, order included."""
        return [(key, child.plain) for key, child in self.children.items()]

    @property
    def stored(self) -> Any:
        """The stored blocks again."""
        if self.kind in ("channels", "cases"):
            return [child.stored for child in self.children.values()]
        value = dict(self.own["value"])
        if self.kind == "channel":
            for child in self.children.values():
                value |= child.stored
        else:
            value["items"] = [child.stored for child in self.children.values()]
        return {**self.own, "value": value}


Node = Leaf | Branch


def split(values: Values) -> Branch:
    """The parts of a procedure. Missing values count as blank."""
    children: dict[str, Node] = {}
    for name in PLAIN_NAMES:
        if name in _PAIRS:
            children[name] = Leaf({key: values.get(key) for key in _PAIRS[name]})
        else:
            children[name] = Leaf(values.get(name), by_letters=name == "field")
    channels = values.get("channels") or []
    kinds = [one["value"].get("kind") or "direct" for one in channels]
    children["channels"] = Branch(
        "channels", {key: _channel(one) for key, one in _numbered(kinds, channels)}
    )
    cases = values.get("cases") or []
    names = [_key(one["value"].get("name")) for one in cases]
    children["cases"] = Branch("cases", {key: _case(one) for key, one in _numbered(names, cases)})
    return Branch("root", children)


def _channel(block: Mapping[str, Any]) -> Branch:
    value = block["value"]
    children: dict[str, Node] = {
        name: Leaf({key: value.get(key) for key in keys}) for name, keys in CHANNEL_PARTS.items()
    }
    return Branch("channel", children, block)


def _case(block: Mapping[str, Any]) -> Branch:
    items = block["value"].get("items") or []
    names = [_key(one["value"].get("name")) for one in items]
    return Branch("case", {key: Leaf(one) for key, one in _numbered(names, items)}, block)


def _key(name: str | None) -> str:
    """What a row is known by: its name without case, spaces and closing marks."""
    key = " ".join((name or "").split()).casefold().strip(" .;,:-+*")
    key = key.replace("/", "∕") or "(không tên)"  # "/" parts the address
    if len(key) > _KEY_LENGTH:
        key = f"{key[:60]}… {hashlib.sha256(key.encode()).hexdigest()[:12]}"
    return key


def _numbered(keys: Iterable[str], rows: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    used: set[str] = set()
    for key, row in zip(keys, rows, strict=True):
        free, number = key, 1
        while free in used:
            number += 1
            free = f"{key}-{number}"
        used.add(free)
        yield free, row


def join(root: Branch) -> dict[str, Any]:
    """The values of a procedure from its parts."""
    values: dict[str, Any] = {}
    for name, child in root.children.items():
        if name in _PAIRS:
            values |= child.stored
        else:
            values[name] = child.stored
    return values


def same(one: Node | None, other: Node | None) -> bool:
    """Whether two parts say the same; a blank plain part and a missing one do."""
    if one is None or other is None:
        return one is other
    return bool(one.plain == other.plain)


@dataclass(frozen=True)
class Clash:
    """A part that both sides changed, each in its own way; None stands for "not there"."""

    part: str
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """The merged values and the parts in conflict."""

    values: dict[str, Any]
    clashes: tuple[Clash, ...] = ()


@dataclass
class _Merging:
    clashes: list[Clash] = field(default_factory=list)

    def node(
        self, base: Node | None, ours: Node | None, theirs: Node | None, address: str
    ) -> Node | None:
        if same(ours, theirs) or same(theirs, base):
            return ours
        if same(ours, base):
            return theirs
        if isinstance(ours, Branch) and isinstance(theirs, Branch):
            return self._branch(base, ours, theirs, address)
        self.clashes.append(Clash(address, stored(base), stored(ours), stored(theirs)))
        return ours

    def _branch(self, base: Node | None, ours: Branch, theirs: Branch, address: str) -> Branch:
        before = base.children if isinstance(base, Branch) else {}
        merged = {}
        for key in dict.fromkeys([*ours.children, *theirs.children]):
            below = f"{address}/{key}" if address else key
            mine, new = ours.children.get(key), theirs.children.get(key)
            child = self.node(before.get(key), mine, new, below)
            if child is not None:
                merged[key] = child
        order = _order(list(before), list(ours.children), list(theirs.children))
        return Branch(
            ours.kind, {key: merged[key] for key in order if key in merged}, ours.own or theirs.own
        )


def _order(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """The editor's order where she changed it, else the record's; new rows where they stood."""
    kept = set(base) & set(ours)
    moved = [key for key in ours if key in kept] != [key for key in base if key in kept]
    first, second = (ours, theirs) if moved else (theirs, ours)
    order = list(first)
    for place, key in enumerate(second):
        if key in order:
            continue
        before = next((one for one in reversed(second[:place]) if one in order), None)
        order.insert(order.index(before) + 1 if before is not None else 0, key)
    return order


def stored(node: Node | None) -> Any:
    """A part as it is stored, None when it is not there."""
    return None if node is None else node.stored


def merge(base: Values, ours: Values, theirs: Values) -> Merged:
    """Lay the new record over the page as edited.

    Only theirs changed: theirs. Only ours changed: ours. Both alike: fine. Both, differently:
    ours stays and a :class:`Clash` says so. Nothing that only the page has is ever dropped.
    """
    merging = _Merging()
    root = merging.node(split(base), split(ours), split(theirs), "")
    assert isinstance(root, Branch)
    return Merged(join(root), tuple(merging.clashes))


def differences(one: Values, other: Values) -> list[str]:
    """Addresses of the parts that differ."""
    found: list[str] = []

    def walk(left: Node | None, right: Node | None, address: str) -> None:
        if same(left, right):
            return
        if not isinstance(left, Branch) or not isinstance(right, Branch):
            found.append(address)
            return
        for key in dict.fromkeys([*left.children, *right.children]):
            below = f"{address}/{key}" if address else key
            walk(left.children.get(key), right.children.get(key), below)

    walk(split(one), split(other), "")
    return found


def find(root: Branch, part: str) -> Node | None:
    """The part at an address, None when it is not there."""
    node: Node | None = root
    for key in part.split("/"):
        if not isinstance(node, Branch):
            return None
        node = node.children.get(key)
    return node


def _bare(row: Branch) -> Branch:
    """The row with nothing in it but what it is (the kind of a channel, the name of a case)."""
    if row.kind != "channel":
        return Branch(row.kind, {}, row.own)
    value = dict(row.own["value"])
    blank_parts: dict[str, Leaf | Branch] = {}
    for name, keys in CHANNEL_PARTS.items():
        blank = {key: type(value[key])() for key in keys if value.get(key) is not None}
        blank_parts[name] = Leaf(blank)
        value |= blank
    return Branch(row.kind, blank_parts, {**row.own, "value": value})


def take(values: Values, donor: Values, part: str) -> dict[str, Any]:
    """``values`` with the part as the donor has it: replaced, added or taken away."""

    def graft(here: Branch, there: Branch, keys: Sequence[str]) -> Branch:
        key, rest = keys[0], keys[1:]
        children = dict(here.children)
        mine, new = children.get(key), there.children.get(key)
        if rest and isinstance(mine, Branch) and isinstance(new, Branch):
            children[key] = graft(mine, new, rest)
        elif rest and isinstance(mine, Branch):
            # The whole row is gone at the donor's: so is the part.
            children[key] = graft(mine, Branch(mine.kind, {}, mine.own), rest)
        elif rest and mine is None and isinstance(new, Branch):
            # The whole row is gone here: it comes back with this part alone.
            children[key] = graft(_bare(new), new, rest)
        elif new is None:
            children.pop(key, None)
        else:
            children[key] = new
        order = _order(list(there.children), list(here.children), list(there.children))
        order += [one for one in children if one not in order]
        return Branch(here.kind, {one: children[one] for one in order if one in children}, here.own)

    return join(graft(split(values), split(donor), part.split("/")))


def blank() -> dict[str, Any]:
    """The base of a page that no import has touched: everything it says is an editor's."""
    return join(split({}))


def label(part: str, *versions: Any) -> str:
    """What an editor calls a part: "phí, lệ phí (Trực tiếp)", "giấy tờ “Tờ khai …”".

    ``versions`` are the stored values of the part, for the name a paper is written with.
    """
    top, _, rest = part.partition("/")
    if top == "channels" and rest:
        key, _, name = rest.partition("/")
        kind, _, number = key.partition("-")
        channel = CHANNELS.get(kind, kind) + (f" {number}" if number else "")
        return f"{CHANNEL_NAMES[name]} ({channel})" if name else f"hình thức nộp {channel}"
    if top == "cases" and rest:
        known = (one["value"].get("name") for one in versions if isinstance(one, Mapping))
        name = next((one for one in known if one), rest.rpartition("/")[2])
        name = name if len(name) <= _KEY_LENGTH else f"{name[:_KEY_LENGTH].rstrip()}…"
        return f"giấy tờ “{name}”" if "/" in rest else f"trường hợp “{name}”"
    tables = {"channels": "cách thức thực hiện", "cases": "thành phần hồ sơ"}
    return PLAIN_NAMES.get(top) or tables.get(top, top)


@dataclass(frozen=True)
class Open:
    """An open conflict as it is kept: what the record said when it began, what it says now."""

    part: str
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class Ledger:
    """What becomes of a page's open conflicts after an import.

    ``new`` and ``changed`` are open (``changed`` with a newer ``theirs``), ``settled`` are closed
    because page and record now say the same, ``withdrawn`` because the record says again what it
    said before the conflict.
    """

    new: tuple[Clash, ...] = ()
    changed: tuple[Clash, ...] = ()
    settled: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()


def reconcile(
    known: Sequence[Open], clashes: Sequence[Clash], ours: Values, theirs: Values
) -> Ledger:
    """Bring the open conflicts of a page up to date; ``ours`` is the newest merged version."""
    page, record = split(ours), split(theirs)
    settled, withdrawn, changed = [], [], []
    parts = {one.part: one for one in known}
    fresh = {one.part: one for one in clashes}
    for part, one in parts.items():
        mine, new = find(page, part), find(record, part)
        if same(mine, new) and part not in fresh:
            settled.append(part)
        elif plain(stored(new)) == plain(one.base) and (new is None) == (one.base is None):
            withdrawn.append(part)
        elif plain(stored(new)) != plain(one.theirs) or (new is None) != (one.theirs is None):
            changed.append(Clash(part, one.base, stored(mine), stored(new)))
    new_ones = [one for part, one in fresh.items() if part not in parts]
    return Ledger(tuple(new_ones), tuple(changed), tuple(settled), tuple(withdrawn))
