"""``import_receipts``: receipts from a file, and the one-time codes they get."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from feedback.importing_receipts import Answer, Result, mint_many
from feedback.management.commands.counter_qr import replacing
from feedback.minting import address
from feedback.receipt_files import UnreadableFile, read_rows

#: Rejected rows that the terminal shows.
SHOWN = 20


class Command(BaseCommand):
    """Exit code 1 when a row was rejected, the good ones stay; 2 when the file is none."""

    help = "Nhập giấy tiếp nhận từ CSV hoặc JSON và cấp mã đánh giá dùng một lần."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The names of contract.md."""
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument(
            "--codes", type=Path, metavar="OUT.csv", help="ghi mã của từng giấy vào tệp này"
        )

    def handle(self, *, path: Path, codes: Path | None, **options: Any) -> None:
        """Read, mint, report; the same file again gives the same codes."""
        result = Result()
        bar = tqdm(unit=" rec", file=sys.stderr, mininterval=1.0)
        try:
            with bar, self._writer(codes) as write:
                for answer in mint_many(read_rows(path), progress=bar.update):
                    result.add(answer)
                    write(answer)
        except UnreadableFile as error:
            raise CommandError(f"{path}: {error}", returncode=2) from None
        except OSError as error:
            where = error.filename or codes or path
            raise CommandError(f"{where}: {error.strerror or error}", returncode=2) from None
        except DatabaseError as error:
            raise CommandError(
                f"cơ sở dữ liệu dừng việc nhập: {error}. Phần đã ghi vẫn còn; chạy lại đúng lệnh "
                "này để làm tiếp.",
                returncode=2,
            ) from error
        for one in result.rejected[:SHOWN]:
            number = f" [{one.id}]" if one.id else ""
            self.stderr.write(f"{path}:{one.line}{number}: {one.reason}")
        if len(result.rejected) > SHOWN:
            self.stderr.write(f"… {len(result.rejected) - SHOWN} more")
        self.stdout.write(result.line())
        if result.rejected:
            sys.exit(1)

    @contextlib.contextmanager
    def _writer(self, path: Path | None) -> Iterator[Callable[[Answer], Any]]:
        """Writes line, id, kind, counter, state, code, url, reason; readable by its owner only.

        The file takes its place when it is whole.
        """
        if path is None:
            yield lambda answer: None
            return
        with replacing(path) as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            writer = csv.writer(text)
            writer.writerow(["line", "id", "kind", "counter", "state", "code", "url", "reason"])
            yield lambda one: writer.writerow(
                [
                    one.line,
                    one.id,
                    one.kind,
                    one.counter,
                    one.state,
                    one.code,
                    address(one.code) if one.code else "",
                    one.reason,
                ]
            )
            text.flush()
            text.detach()
        if path.is_file():
            os.chmod(path, 0o600)  # each line opens a form
