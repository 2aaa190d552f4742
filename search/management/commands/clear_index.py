"""``clear_index``: an empty index in place of the live one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import worker


class Command(BaseCommand):
    """haystack's command, asked for by scripts; people want ``rebuild_index``."""

    help = "Empties the search index. rebuild_index needs no clearing."

    def add_arguments(self, parser: Any) -> None:
        """haystack's options."""
        parser.add_argument("--noinput", "--no-input", action="store_false", dest="interactive")
        parser.add_argument("-u", "--using", action="append", default=[])
        parser.add_argument("--nocommit", action="store_false", dest="commit")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, then empty."""
        if options["interactive"]:
            answer = input("Citizens will find nothing until rebuild_index. Type yes: ")
            if answer.strip().lower() != "yes":
                raise CommandError("nothing was changed")
        worker.backend().clear()
