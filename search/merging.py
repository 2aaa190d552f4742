"""When small segments of the index become one: little at a time, so that no commit takes seconds.

Whoosh's own policy merges a growing tail for many seconds at a time while a large import goes on;
what an editor publishes would wait for it. Here a merge never copies more than a few hundred
procedures; the few dozen segments that a large import leaves are made one by the build after it.
"""

from __future__ import annotations

from typing import Any

from whoosh.reading import SegmentReader

#: A merge copies at most so many procedures: some tenths of a second.
COPIED = 200
#: From so many segments below that size on they are merged.
TOGETHER = 6
#: More segments than this make questions slower than a build is worth.
MANY = 24


def merge_small(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's merge policy: takes some segments into the writer, gives those that stay."""
    alive = [one for one in segments if one.doc_count_all() > one.deleted_count()]
    small = sorted(
        (one for one in alive if one.doc_count_all() < COPIED),
        key=lambda one: one.doc_count_all(),
    )
    chosen: list[Any] = []
    copied = 0
    if len(small) >= TOGETHER:
        for one in small:
            copied += one.doc_count_all()
            if copied > COPIED and len(chosen) >= 2:
                break
            chosen.append(one)
    for one in chosen:
        reader = SegmentReader(writer.storage, writer.schema, one)
        writer.add_reader(reader)
        reader.close()
    return [one for one in alive if one not in chosen]
