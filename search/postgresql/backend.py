"""haystack's backend over PostgreSQL: only the place of the index is another.

Questions, score and query language are those of search/backend.py.
"""

from __future__ import annotations

from typing import Any

from search.backend import VietnameseWhooshBackend, VietnameseWhooshEngine
from search.postgresql.store import store_at


class VietnamesePostgresBackend(VietnameseWhooshBackend):
    """``PATH`` is the address of a database: ``postgresql://user:password@host:port/name``."""

    def open_store(self, path: str) -> Any:
        """The process's store at the address."""
        return store_at(path)

    def setup(self) -> None:
        """The schema is ours, not one that was stored with the index."""
        super().setup()
        self.store.schema = self.schema
        self.store.lazy = self.content_field_name


class VietnamesePostgresEngine(VietnameseWhooshEngine):
    """The engine that HAYSTACK_CONNECTIONS names for ``SEARCH_URL=postgresql://…``."""

    backend = VietnamesePostgresBackend
