"""``counter_qr``: printable codes of counters as SVG, PNG or PDF sheets."""

from __future__ import annotations

import contextlib
import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from cms.models import Counter, Office
from feedback import poster_codes
from feedback.models import PosterCode
from feedback.printing.qr import CODE_MM, code_png, code_svg
from feedback.printing.sheets import write_sheets


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its place only when it is whole and on disk; else nothing is left.

    A path that is there and no ordinary file (/dev/stdout, a pipe) is written as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)  # mkstemp gives 0600; sheets are passed on
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


class Command(BaseCommand):
    """Codes of all counters in use, or of one office."""

    help = "In mã QR của các quầy: SVG, PNG (mỗi quầy một tệp) hoặc PDF (mỗi quầy một trang)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The names of contract.md."""
        parser.add_argument("--office", metavar="SLUG", help="chỉ các quầy của cơ quan này")
        parser.add_argument("--format", choices=["svg", "png", "pdf"], default="pdf")
        parser.add_argument("--size", choices=sorted(CODE_MM), default="A5")
        parser.add_argument(
            "--out",
            metavar="PATH",
            required=True,
            type=Path,
            help="tệp PDF; thư mục cho SVG, PNG (hoặc tên tệp khi chỉ có một quầy)",
        )

    def handle(self, **options: Any) -> None:
        """Write the codes; every problem is one clear line, and leaves no half file."""
        counters = self._counters(options["office"])
        out, size = options["out"], options["size"]
        codes = poster_codes.current_of(counters)
        posters = [codes[counter.pk] for counter in counters]
        bar = tqdm(total=len(counters), unit="quầy", leave=False, disable=None)

        def done(poster: PosterCode) -> None:
            bar.update()

        try:
            if options["format"] == "pdf":
                files = self._pdf(posters, out, size, done)
            else:
                files = self._pictures(posters, out, options["format"], size, done)
        except OSError as error:
            where = error.filename if isinstance(error.filename, str) else out
            raise CommandError(f"Không ghi được {where}: {error.strerror or error}") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        finally:
            bar.close()
        self.stdout.write(f"{len(counters)} quầy, {files} tệp: {out}")

    def _counters(self, slug: str | None) -> list[Counter]:
        counters = Counter.objects.open().select_related("office")
        if slug:
            if not Office.objects.filter(slug=slug).exists():
                known = ", ".join(Office.objects.order_by("slug").values_list("slug", flat=True))
                raise CommandError(f"Không có cơ quan “{slug}”. Hiện có: {known or 'chưa có'}.")
            counters = counters.filter(office__slug=slug)
        found = list(counters.order_by("office__title", "name"))
        if not found:
            raise CommandError("Không có quầy nào đang hoạt động để in.")
        return found

    def _pdf(
        self, posters: list[PosterCode], out: Path, size: str, done: Callable[[PosterCode], None]
    ) -> int:
        if out.is_dir():
            raise CommandError(f"{out} là thư mục; với pdf, --out phải là tên tệp.")
        self._need_folder(out.parent)
        with replacing(out) as file:
            write_sheets(posters, file, size=size, progress=done)
        return 1

    def _pictures(
        self,
        posters: list[PosterCode],
        out: Path,
        kind: str,
        size: str,
        done: Callable[[PosterCode], None],
    ) -> int:
        single = out.suffix.lower() == f".{kind}" and not out.is_dir()
        if single and len(posters) > 1:
            raise CommandError(f"Có {len(posters)} quầy; --out phải là thư mục, không phải {out}.")
        self._need_folder(out.parent)
        if not single:
            out.mkdir(exist_ok=True)
        for poster in posters:
            path = out if single else out / f"{poster.counter.office.slug}-{poster.code}.{kind}"
            if kind == "svg":
                data = code_svg(poster, code_mm=CODE_MM[size]).encode()
            else:
                data = code_png(poster, code_mm=CODE_MM[size])
            with replacing(path) as file:
                file.write(data)
            done(poster)
        return len(posters)

    def _need_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CommandError(f"Không có thư mục {folder}.")
