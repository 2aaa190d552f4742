"""What is written into the tables: whole generations, and changes to the live one."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from search.postgresql import tables

#: Longer words are not kept: a question has 200 characters, and an index entry 2700 bytes.
_LONGEST = 250


def terms_of(schema: Any, document: dict[str, Any]) -> list[str]:
    """``field=word`` of a prepared document, each once, as Whoosh would index it."""
    found: dict[str, None] = {}
    for name, value in document.items():
        field = schema[name]
        if field.indexed:
            for word, *_ in field.index(value):
                text = word.decode("utf-8", "replace").replace("\0", "")
                if text and len(text) <= _LONGEST:
                    found[f"{name}={text}"] = None
    return list(found)


class _Documents:
    """Prepared documents as rows."""

    def __init__(self, schema: Any, identifier: str, model: str) -> None:
        self.schema = schema
        self._identifier, self._model = identifier, model
        # Numbers are indexed in steps for ranges; here a column is enough.
        self._columns = [name for name, field in schema.items() if field.column_type]
        self._stored = [name for name, field in schema.items() if field.stored]
        self._worded = {name for name, field in schema.items() if field.indexed} - {
            name for name in self._columns if schema[name].__class__.__name__ == "NUMERIC"
        }

    def row(self, document: dict[str, Any]) -> tuple[str, str, str, dict[str, Any], str]:
        """Identifier, model, code, values to sort by, stored fields as JSON."""
        stored = {name: document[name] for name in self._stored if name in document}
        return (
            str(document[self._identifier]),
            str(document[self._model]),
            str(document.get("code", "")),
            {name: document[name] for name in self._columns if name in document},
            json.dumps(stored, ensure_ascii=False, separators=(",", ":")).replace("\0", ""),
        )

    def terms(self, document: dict[str, Any]) -> list[str]:
        """``field=word``, each once."""
        kept = {name: value for name, value in document.items() if name in self._worded}
        return terms_of(self.schema, kept)


class Builder(_Documents):
    """Streams a generation's procedures into its table and inverts their words in memory."""

    def __init__(self, schema: Any, identifier: str, model: str, copy: psycopg.Copy) -> None:
        super().__init__(schema, identifier, model)
        self.size = 0
        self._copy = copy
        self._ids: dict[str, array[int]] = {}

    def add_document(self, **document: Any) -> None:
        """Number the procedure and write it."""
        number, ids = self.size, self._ids
        identifier, model, code, sorting, stored = self.row(document)
        self._copy.write_row((number, identifier, model, code, Jsonb(sorting), stored))
        for term in self.terms(document):
            if term not in ids:
                ids[term] = array("i")
            ids[term].append(number)
        self.size += 1

    def write_words(self, connection: psycopg.Connection[Any], name: str) -> None:
        """Write the posting lists, then indexes and statistics."""
        with connection.cursor().copy(tables.named(name, tables.COPY_WORDS)) as copy:
            copy.set_types(["text", "int4", "bytea"])
            for term, numbers in self._packed():
                copy.write_row((term, len(numbers) // 4, numbers))
        self._ids = {}
        connection.execute(tables.named(name, tables.FINISH))

    def _packed(self) -> Iterator[tuple[str, bytes]]:
        import numpy as np

        for term in sorted(self._ids):
            yield term, np.asarray(self._ids[term], dtype="<i4").tobytes()


class Writer(_Documents):
    """Changes to the live generation, collected and then written in one transaction."""

    def __init__(self, schema: Any, identifier: str, model: str) -> None:
        super().__init__(schema, identifier, model)
        #: Whoosh merges its segments when this is set; here the next build does.
        self.optimize = False
        self._gone: set[str] = set()
        self._models: set[str] = set()
        self._documents: dict[str, dict[str, Any]] = {}

    def update_document(self, **document: Any) -> None:
        """Write a procedure in place of the one with its identifier."""
        self._documents[str(document[self._identifier])] = document

    def delete_by_term(self, field: str, text: str) -> None:
        """Take out the procedure of an identifier, or all of a model."""
        if field == self._model:
            self._models.add(text)
            self._documents = {
                key: one for key, one in self._documents.items() if one[field] != text
            }
        elif field == self._identifier:
            self._gone.add(text)
            self._documents.pop(text, None)
        else:
            raise ValueError(f"cannot delete by {field}")

    def write(
        self, connection: psycopg.Connection[Any], name: str, number: int, version: int
    ) -> None:
        """Write everything as that version; new procedures are numbered from ``number`` on."""
        if not (self._gone or self._models or self._documents):
            return
        cursor = connection.cursor()
        identifiers = [*self._gone, *self._documents]
        cursor.execute(
            tables.named(name, tables.LIVING),
            {"identifiers": identifiers, "models": list(self._models)},
        )
        numbers = [row[0] for row in cursor.fetchall()]
        cursor.execute(tables.named(name, tables.BURY), {"numbers": numbers, "version": version})
        rows = []
        for document in self._documents.values():
            identifier, model, code, sorting, stored = self.row(document)
            words = self.terms(document)
            rows.append((number, identifier, model, code, Jsonb(sorting), stored, words))
            number += 1
        cursor.executemany(tables.named(name, tables.ADD), rows)
        self.advance(cursor, version, number)

    @staticmethod
    def advance(cursor: psycopg.Cursor[Any], version: int, number: int) -> None:
        """From the commit on every reader sees it."""
        cursor.execute(tables.ADVANCE, {"version": version, "next": number})
