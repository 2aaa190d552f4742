"""Brings the product's language and evaluation questions into their tables."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cms.caching import stamps
from cms.models import CacheStamp
from search import language, vietnamese
from search.curation import Loaded, load_shipped
from search.files import shipped_entries, shipped_questions
from search.models import EvaluationQuestion, LanguageEntry

#: Under this tag the state of the files that were loaded last is remembered.
LOADED = "language-files"


class Command(BaseCommand):
    """May be run at any time: what editors changed stays, the rest follows the files."""

    help = "Loads the curated language and the evaluation questions that the product brings."

    def handle(self, *args: Any, **options: Any) -> None:
        """Both tables, both or none; nothing to do when the files are those of the last time."""
        state = _state_of_files()
        there = LanguageEntry.objects.filter(origin=LanguageEntry.SHIPPED).exists()
        if there and stamps([LOADED]).get(LOADED) == state:
            return
        try:
            entries, questions = shipped_entries(), shipped_questions()
        except ValueError as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            loaded = load_shipped(entries, model=LanguageEntry)
            asked = load_shipped(questions, model=EvaluationQuestion)
            CacheStamp.objects.update_or_create(tag=LOADED, defaults={"stamp": state})
        if options["verbosity"] and not (loaded.nothing and asked.nothing):
            self.stdout.write(f"language: {_counts(loaded)}")
            self.stdout.write(f"evaluation questions: {_counts(asked)}")


def _state_of_files() -> int:
    """Changes with the files and with how they are read."""
    digest = hashlib.sha256()
    modules = (Path(module.__file__ or "") for module in (language, vietnamese))
    for path in (*sorted(language.SHIPPED.rglob("*.*")), *modules):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return int.from_bytes(digest.digest()[:7], "big")


def _counts(loaded: Loaded) -> str:
    return (
        f"added: {loaded.added}, updated: {loaded.updated}, removed: {loaded.removed}, "
        f"kept as edited: {loaded.kept}"
    )
