"""``compile_catalogues``: .po → .mo in pure Python, so that nobody needs the gettext programs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


def catalogues() -> list[Path]:
    """Every .po file of the product, sorted."""
    return sorted(
        path for root in settings.LOCALE_PATHS for path in Path(root).glob("*/LC_MESSAGES/*.po")
    )


def compiled(path: Path) -> bytes:
    """What the .mo beside that .po must contain; the same input gives the same bytes.

    Raises OSError with polib's line number when the file is not a valid catalogue.
    """
    # A development tool: a running site needs only the .mo files.
    import polib  # type: ignore[import-untyped]

    return polib.pofile(str(path), check_for_duplicates=True).to_binary()


class Command(BaseCommand):
    """Compile the catalogues; ``--check`` only says which are out of date and fails."""

    help = "Dịch các tệp .po trong site/locale thành .mo (thuần Python)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--check``: write nothing, exit 1 when a .mo is missing or old."""
        parser.add_argument("--check", action="store_true", help="chỉ kiểm tra, không ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every .mo whose content changed."""
        stale = 0
        for path in catalogues():
            target = path.with_suffix(".mo")
            try:
                content = compiled(path)
            except ImportError:
                raise CommandError(
                    "Cần gói polib: hãy cài các gói phát triển (requirements-dev.lock)."
                ) from None
            except (OSError, ValueError) as error:
                raise CommandError(f"{path.name}: {error}") from None
            if target.exists() and target.read_bytes() == content:
                continue
            stale += 1
            if options["check"]:
                self.stderr.write(f"{target} chưa khớp với tệp .po")
            else:
                target.write_bytes(content)
                self.stdout.write(f"{target}")
        if stale and options["check"]:
            raise CommandError("Hãy chạy: manage.py compile_catalogues")
