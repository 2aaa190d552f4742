"""Sizes and checksums of an index generation's files, written beside them.

A segment never changes after its commit, nor does a table of contents, so whatever differs later
is damage. Sizes are compared before every question, checksums by the worker from time to time
(search/keeping.py).
"""

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from pathlib import Path

from whoosh import index

NAME = "sums"
_BLOCK = 1 << 20


def used_files(folder: Path) -> list[Path]:
    """Table of contents and segments of a generation as of now; raises what Whoosh raises when
    they cannot be read."""
    opened = index.open_dir(str(folder))
    toc = f"_{opened.indexname}_{opened.latest_generation()}.toc"
    segments = [f"{segment.segment_id()}.seg" for segment in opened._segments()]
    return [folder / name for name in (toc, *segments)]


def note(folder: Path) -> None:
    """Write sums of the files in use; those noted before are not read again.

    Call while holding the lock of writers. Replaced atomically: killed in between, the older
    sums stay, in which what is new is merely not noted yet.
    """
    known = noted(folder)
    now = {
        path.name: known.get(path.name) or [path.stat().st_size, _checksum(path)]
        for path in used_files(folder)
    }
    for left in folder.glob("*.toc.*"):  # of a writer that was killed; Whoosh leaves them
        with suppress(OSError):
            left.unlink()
    if now == known:
        return
    new = folder / f"{NAME}.new"
    with new.open("w") as file:
        json.dump(now, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, folder / NAME)


def noted(folder: Path) -> dict[str, list[int]]:
    """File → size and checksum as they were written; {} when that is not known."""
    try:
        found: dict[str, list[int]] = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def intact(folder: Path) -> bool:
    """Whether every file in use is byte for byte as it was noted; reads all of them."""
    known = noted(folder)
    try:
        return all(
            known.get(path.name) in (None, [path.stat().st_size, _checksum(path)])
            for path in used_files(folder)
        )
    except Exception:  # Whoosh raises anything from struct to pickle
        return False


def sizes(folder: Path) -> dict[str, int]:
    """Sizes of the files in use. Raises OSError when one is missing or not of its noted size."""
    known = noted(folder)
    found = {path.name: path.stat().st_size for path in used_files(folder)}
    for name, size in found.items():
        if name in known and known[name][0] != size:
            raise OSError(f"{name} is not of the size it was written in")
    return found


def check_sizes(folder: Path, expected: dict[str, int]) -> None:
    """Raises OSError when a file is gone or has another size than when it was opened."""
    for name, size in expected.items():
        if os.stat(folder / name).st_size != size:
            raise OSError(f"{name} has changed its size")


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            value = zlib.crc32(block, value)
    return value
