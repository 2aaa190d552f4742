"""What of a procedure can be found, and what a result card shows without asking the database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify
from haystack import indexes

from cms import formatting, record
from cms.models import ProcedurePage
from search import vietnamese as vn
from search.collation import sort_key
from search.fields import (
    AskField,
    ExactField,
    KeysField,
    PayloadField,
    PriorField,
    SortField,
    SyllableField,
)
from search.fingerprint import made_of

#: Words every second name begins with; they say nothing.
_LEAD = ["thu", "tuc"]
#: What the score gains, in percent: the tier people live with, and what holds in every province.
COMMUNE_PRIOR = 30
NATIONAL_PRIOR = 25
_LOCAL_BODIES = ("ubnd", "uy ban nhan dan", "trung tam phuc vu hanh chinh cong")

#: What a card keeps of the papers, to show where a question was found: how many, how long each.
PAPERS_KEPT = 12
PAPER_KEPT = 110
#: What can be switched on alone, beside the filters with values.
ONLINE, FREE = "online", "free"
_SUM = re.compile(r"\d[\d.,]*\s*(?:đồng|đ\b|vnđ|vnd|usd|euro|nghìn|ngàn|triệu)", re.IGNORECASE)


def name_words(title: str) -> list[str]:
    """Folded syllables of a name without its leading "Thủ tục"."""
    words = vn.folded_words(title)
    return words[2:] if words[:2] == _LEAD and len(words) > 2 else words


def name_tokens(title: str) -> list[str]:
    """The syllables of a name with their marks, without its leading "Thủ tục"."""
    tokens = vn.tokens(title)
    lead = [token.folded for token in tokens[:2]] == _LEAD and len(tokens) > 2
    return [token.text for token in (tokens[2:] if lead else tokens)]


def audience_key(name: str) -> str:
    """``Công dân Việt Nam`` → ``cong-dan-viet-nam``."""
    return slugify(vn.fold(name))[:80] or "khac"


def is_free(channels: Iterable[record.Channel]) -> bool:
    """Whether words say for every way to hand in that nothing is charged.

    An amount of 0 does not (cms/formatting.py), nor does a channel without fees; a note that
    names a sum speaks against it.
    """
    rows = list(channels)
    return bool(rows) and all(
        row.fees
        and all(formatting.fee_is_free(fee) for fee in row.fees)
        and not any(_SUM.search(text) for text in (row.note, *(n.text for n in row.local_notes)))
        for row in rows
    )


def papers_of(page: ProcedurePage) -> list[str]:
    """Names of the first papers, each once, cut at a word."""
    names = (" ".join(i.name.split()) for case in page.case_rows for i in case.items)
    found = []
    for name in vn.unique(names):
        if len(name) > PAPER_KEPT:
            name = name[:PAPER_KEPT].rsplit(" ", 1)[0] + "…"
        found.append(name)
    return found[:PAPERS_KEPT]


def card_of(page: ProcedurePage) -> dict[str, Any]:
    """What a result shows of a procedure, as JSON values."""
    channels = page.channels_today
    return {
        "code": page.code,
        "name": page.title,
        "plain_name": page.plain_name,
        "url": page.get_url_parts()[2],
        "field": page.field.name,
        "field_id": page.field_id,
        "levels": page.levels,
        "audience": page.audience,
        "channels": list(dict.fromkeys(row.kind for row in page.channel_rows)),
        "time": formatting.time_summary(channels),
        "fee": formatting.fee_summary(channels),
        "papers": papers_of(page),
        # Else the page is asked again on the day of the question (search/today.py).
        "plain": page.is_plain,
    }


class ProcedureIndex(indexes.SearchIndex, indexes.Indexable):
    """Published procedures."""

    text = SyllableField(document=True)
    name = SyllableField()
    name_marked = SyllableField(marked=True)
    name_pairs = SyllableField()
    also = SyllableField()
    around = SyllableField()
    code = ExactField()
    field = KeysField()
    level = KeysField()
    audience = KeysField()
    channel = KeysField()
    trait = KeysField()
    labels = KeysField()
    prior = PriorField()
    by_name = SortField()
    updated = PriorField()
    card = PayloadField()
    question = AskField("question")
    guess = AskField("guess")
    suggest = AskField("suggest")

    def get_model(self) -> Any:
        """Procedure pages."""
        return ProcedurePage

    def index_queryset(self, using: str | None = None) -> Any:
        """Everything published, in the order of codes (equal scores keep it)."""
        return ProcedurePage.objects.live().select_related("field").order_by("code")

    def prepare(self, obj: ProcedurePage) -> dict[str, Any]:
        """All fields of one procedure."""
        data: dict[str, Any] = super().prepare(obj)
        name = name_words(obj.title)
        keywords = [part for part in obj.keywords.replace(";", ",").split(",") if part.strip()]
        twins = [vn.folded_words(text) for text in (obj.plain_name, *keywords)]
        twin_words = [word for words in twins for word in words]
        papers = [
            f"{case.name} {' '.join(item.name for item in case.items)}" for case in obj.case_rows
        ]
        body = vn.folded_words(
            "\n".join([*obj.step_rows, *papers, obj.result, obj.requirements, obj.description])
        )
        around = vn.folded_words(f"{obj.field.name} {obj.agency}")
        pairs = [*vn.pairs(name), *(pair for words in twins for pair in vn.pairs(words))]
        audiences = {audience_key(text): text for text in obj.audience}
        channels = list(dict.fromkeys(row.kind for row in obj.channel_rows))
        data.update(
            text=" ".join(vn.unique([*name, *twin_words, *around, *body, obj.code.lower()])),
            name=" ".join(vn.unique(name)),
            name_marked=" ".join(
                vn.unique(token.text for token in vn.tokens(obj.title) if token.marked)
            ),
            name_pairs=" ".join(vn.unique(pairs)),
            also=" ".join(vn.unique(twin_words)),
            around=" ".join(vn.unique(around)),
            code=obj.code.lower(),
            field=[obj.field.slug],
            level=obj.levels,
            audience=list(audiences),
            channel=channels,
            trait=[
                *([ONLINE] if "online" in channels else []),
                *([FREE] if is_free(obj.channels_today) else []),
            ],
            by_name=sort_key(" ".join(name_tokens(obj.name))),
            # Minutes since 1970 fit the column until the year 6053.
            updated=int(obj.last_published_at.timestamp() // 60) if obj.last_published_at else 0,
            labels=[
                f"field:{obj.field.slug}={_label(obj.field.name)}",
                *(f"audience:{key}={_label(text)}" for key, text in audiences.items()),
            ],
            prior=self._prior(obj),
            card=json.dumps(
                {**card_of(obj), "made_of": made_of(obj)},
                ensure_ascii=False,
                separators=(",", ":"),
            ),
        )
        return data

    @staticmethod
    def _prior(obj: ProcedurePage) -> int:
        # One province's own record: its body, or at least its decision, says so.
        local = vn.fold(obj.issuing_body).startswith(_LOCAL_BODIES) or (
            "ubnd" in vn.fold(obj.decision_number)
        )
        return (COMMUNE_PRIOR if "commune" in obj.levels else 0) + (0 if local else NATIONAL_PRIOR)


def _label(text: str) -> str:
    """A label as one term of a comma-separated field."""
    return text.replace(",", "‚")
