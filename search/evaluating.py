"""Asks the search the evaluation questions: for the report, the command, and a draft's effect."""

from __future__ import annotations

import datetime
import logging
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from cms.caching import stamps, touch
from cms.models import ProcedurePage
from search import vietnamese as vn
from search import worker
from search.curated import current_language, entries_of_table, make, speaking
from search.evaluation import (
    DEPTH,
    Asked,
    Change,
    Measures,
    Outcome,
    by_kind,
    changes,
    failed,
    measure,
)
from search.finder import find
from search.language import Language
from search.models import EvaluationQuestion, EvaluationRun, LanguageEntry

log = logging.getLogger(__name__)

#: Failing questions are kept for so many newest runs.
FAILED_KEPT = 7
#: Seconds a preview may spend asking with the draft; about as long goes to asking without.
PREVIEW_SECONDS = 2.5
#: Answers of the present language are used again for so long (s).
KNOWN_SECONDS = 120.0
#: From this hour on (Hanoi) the nightly run is due; the worker looks so often (s).
NIGHT_HOUR = 2
LOOK_EVERY = 600.0
#: Touched when an editor wants a run now.
WANTED = "evaluation-wanted"


def ask(asked: Asked) -> Outcome:
    """What the search answers now; guesses are no answer."""
    answer = find(asked.query)
    return Outcome(asked, tuple(result.code for result in answer.results[:DEPTH]))


def active_questions() -> list[Asked]:
    """The active evaluation questions, in order."""
    rows = EvaluationQuestion.objects.filter(active=True)
    return [Asked(row.query, row.right, row.kind) for row in rows]


def askable(questions: Iterable[Asked]) -> tuple[list[Asked], int]:
    """Those this site can answer at all, and how many ask for procedures it does not have."""
    questions = list(questions)
    here = {
        code.lower()
        for code in ProcedurePage.objects.live().order_by().values_list("code", flat=True)
    }
    found = [one for one in questions if not one.right or one.right & here]
    return found, len(questions) - len(found)


def run(questions: Iterable[Asked], *, keep: bool) -> tuple[EvaluationRun, list[Outcome]]:
    """Ask all questions; ``keep`` stores the run. Raises IndexUnavailable."""
    asked, left_out = askable(questions)
    language = current_language()
    with speaking(language):  # one language for all of them, whatever an editor saves meanwhile
        outcomes = [ask(one) for one in asked]
    whole = measure(outcomes)
    done = EvaluationRun(
        at=timezone.now(),
        language=str(language.version or ""),
        entries=LanguageEntry.objects.filter(active=True).count(),
        documents=worker.backend().vocabulary().documents,
        n=whole.n,
        left_out=left_out,
        hit1=whole.hit1,
        hit3=whole.hit3,
        mrr=whole.mrr,
        by_kind={kind: asdict(one) for kind, one in by_kind(outcomes).items()},
        failed=[
            {
                "query": one.asked.query,
                "codes": sorted(one.asked.right),
                "kind": one.asked.kind,
                "first": list(one.first[:3]),
            }
            for one in failed(outcomes)
        ],
    )
    if keep:
        done.save()
        newest = EvaluationRun.objects.order_by("-at").values_list("pk", flat=True)[:FAILED_KEPT]
        EvaluationRun.objects.exclude(pk__in=list(newest)).exclude(failed=[]).update(failed=[])
    return done, outcomes


class _Night:
    """What this worker has seen of the nights and of editors' wishes."""

    began = 0.0
    looked = 0.0
    wanted: int | None = None
    child: subprocess.Popen[bytes] | None = None


def want_now() -> None:
    """Ask the worker for a run: hundreds of questions are too long for a web request."""
    touch(WANTED)


def tend() -> None:
    """Start tonight's run, or the one an editor wants, in a process of its own: the worker's
    index comes first. Called every few seconds."""
    now, wanted = time.monotonic(), stamps([WANTED]).get(WANTED)
    if not _Night.began:
        _Night.began = _Night.looked = now
        _Night.wanted = wanted
        return
    child = _Night.child
    if child is not None and child.poll() is None:
        return
    if child is not None and child.returncode:
        log.warning("evaluate_search ended with %s", child.returncode)
    _Night.child = None
    wish = wanted != _Night.wanted
    if not wish:
        if now - _Night.looked < LOOK_EVERY:
            return
        _Night.looked = now
        if not due():
            return
    _Night.wanted = wanted
    _Night.child = subprocess.Popen(
        [sys.executable, "manage.py", "evaluate_search", "--keep", "--verbosity=0"],
        cwd=settings.SITE_DIR.parent,
    )


def due() -> bool:
    """Whether today's run is still to be made, and there is something to ask."""
    local = timezone.localtime()
    if local.hour < NIGHT_HOUR:
        return False
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if EvaluationRun.objects.filter(at__gte=start).exists():
        return False
    return EvaluationQuestion.objects.filter(active=True).exists()


@dataclass(frozen=True)
class Effect:
    """What a draft would do: measures of the asked questions before and after, and changes.

    ``tries`` are the editor's own questions: ``(question, first before, first after)``.
    """

    before: Measures
    after: Measures
    changes: list[Change]
    tries: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
    asked: int
    total: int
    names: dict[str, str]


def language_with(draft: LanguageEntry) -> Language:
    """The table's language as it will be once the draft is saved."""
    stored = LanguageEntry.objects.filter(pk=draft.pk).first() if draft.pk else None
    entries = entries_of_table()
    place = len(entries)
    if stored is not None and stored.active:
        place = entries.index(stored.entry)
        del entries[place]
    if draft.active:
        entries.insert(place, draft.entry)
    return make(entries)


def effect_of(draft: LanguageEntry, tries: Sequence[str] = ()) -> Effect:
    """Ask with and without the draft, those that share a word with it first, for some seconds.

    Raises IndexUnavailable.
    """
    questions, _ = askable(active_questions())
    words = set(vn.folded_words(f"{draft.said} {draft.means}"))
    codes = {*draft.means.lower().split(), draft.said.lower()}
    questions.sort(
        key=lambda one: not (one.right & codes or words.intersection(vn.folded_words(one.query)))
    )
    own = [Asked(text, frozenset()) for text in tries]
    new = language_with(draft)
    end = time.monotonic() + PREVIEW_SECONDS
    with speaking(new):
        own_after = [ask(one) for one in own]
        after = _ask_until(questions, end)
    now = current_language()
    with speaking(now):
        own_before = [ask(one) for one in own]
        before = _known(now).ask_all(questions[: len(after)])
    changed = changes(before, after)
    shown = {code for one in changed for code in (*one.before, *one.after)}
    shown |= {code for one in (*own_before, *own_after) for code in one.first[:3]}
    return Effect(
        before=measure(before),
        after=measure(after),
        changes=changed,
        tries=[
            (old.asked.query, old.first[:3], fresh.first[:3])
            for old, fresh in zip(own_before, own_after, strict=True)
        ],
        asked=len(after),
        total=len(questions),
        names=names_of(shown),
    )


class _Known:
    """Answers of one language and one index generation; previews ask for them again and again."""

    def __init__(self, language: Language, generation: str) -> None:
        self.language, self.generation = language, generation
        self.until = time.monotonic() + KNOWN_SECONDS
        self._outcomes: dict[Asked, Outcome] = {}

    def ask_all(self, questions: Iterable[Asked]) -> list[Outcome]:
        """Answers; new ones are asked for in the caller's language."""
        for one in questions:
            if one not in self._outcomes:
                self._outcomes[one] = ask(one)
        return [self._outcomes[one] for one in questions]


_kept: list[_Known] = []


def _known(language: Language) -> _Known:
    generation = worker.backend().store.current()
    for one in _kept:
        fits = one.language is language and one.generation == generation
        if fits and one.until > time.monotonic():
            return one
    _kept[:] = [_Known(language, generation)]
    return _kept[0]


def _ask_until(questions: Sequence[Asked], end: float) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for one in questions:
        if outcomes and time.monotonic() > end:
            break
        outcomes.append(ask(one))
    return outcomes


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names of procedures by code, as far as they are published."""
    wanted = sorted({code for one in codes for code in (one, one.upper())})
    rows = ProcedurePage.objects.live().filter(code__in=wanted).order_by()
    return {code.lower(): title for code, title in rows.values_list("code", "title")}


def newest_run_at() -> datetime.datetime | None:
    """When the search was measured last."""
    found: Any = EvaluationRun.objects.aggregate(at=Max("at"))["at"]
    return found
