"""``update_english``: bring the English catalogue up to date with the Vietnamese source strings."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from portal.catalogues import Message, source_messages
from portal.environment import BASE_DIR

if TYPE_CHECKING:
    import polib  # type: ignore[import-untyped]

CATALOGUE = BASE_DIR / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "Bon Cong Khai",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def message_of(entry: polib.POEntry) -> Message:
    """The source string an entry translates."""
    return Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def merged(old: polib.POFile, messages: Mapping[Message, set[str]]) -> polib.POFile:
    """A catalogue with one entry a message, sorted by file; translations of ``old`` are kept.

    What is no longer in the source becomes obsolete, and comes back with its translation when
    the source has it again.
    """
    import polib

    known = {message_of(entry): entry for entry in old}
    catalogue = polib.POFile(wrapwidth=96)
    catalogue.metadata = dict(HEADER)
    for message, files in sorted(messages.items(), key=lambda row: (min(row[1]), row[0])):
        before = known.pop(message, None)
        entry = polib.POEntry(
            msgctxt=message.context or None,
            msgid=message.singular,
            msgid_plural=message.plural,
            # Without line numbers: the catalogue changes only when the words do.
            occurrences=[(name, "") for name in sorted(files)],
            flags=["python-format"] if "%" in message.singular else [],
            tcomment=before.tcomment if before else "",
        )
        if message.plural:
            plurals = before.msgstr_plural if before else {}
            entry.msgstr_plural = {index: plurals.get(index, "") for index in (0, 1)}
        else:
            entry.msgstr = before.msgstr if before else ""
        catalogue.append(entry)
    for entry in known.values():
        if entry.msgstr or any(entry.msgstr_plural.values()):
            entry.obsolete, entry.occurrences = True, []
            catalogue.append(entry)
    return catalogue


class Command(BaseCommand):
    """Merge new source strings, keep translations, say what still lacks English."""

    help = "Cập nhật danh mục tiếng Anh theo các câu tiếng Việt trong mã nguồn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--path``: another .po file than the product's own."""
        parser.add_argument("--path", type=Path, default=CATALOGUE, help="tệp .po khác")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the .po file (the .mo is ``compile_catalogues``'s) and list what is empty."""
        try:
            import polib
        except ImportError:
            raise CommandError(
                "Cần gói polib: hãy cài các gói phát triển (requirements-dev.lock)."
            ) from None
        path: Path = options["path"]
        try:
            old = polib.pofile(str(path)) if path.exists() else polib.POFile()
        except (OSError, ValueError) as error:
            raise CommandError(f"{path.name}: {error}") from None
        catalogue = merged(old, source_messages())
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        empty = [
            entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()
        ]
        for text in empty:
            self.stdout.write(f"chưa dịch: {text}")
        obsolete = len(catalogue.obsolete_entries())
        self.stdout.write(
            f"câu: {len(catalogue) - obsolete}, chưa dịch: {len(empty)}, bỏ: {obsolete}"
        )
