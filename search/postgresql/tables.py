"""The tables of an index in PostgreSQL: one row that names the live generation, three tables each.

    bck_search                    one row: live generation, its layout, size, version of contents
    bck_search_<generation>_docs  procedures; those of the build are numbered from 0 to size - 1
    bck_search_<generation>_words posting lists of the build: "field=word" → numbers (int32, LE)
    bck_search_<generation>_gone  numbers that hold no longer, since which version

Rows are only ever added: who reads an older version finds all of it. A procedure that changes
gets a new number and its old one is gone. Everything lies in the first schema of the search path.
"""

from __future__ import annotations

from functools import lru_cache

from psycopg import sql

from search.schema import VERSION

#: Changes whenever tables written before must not be read any more.
LAYOUT = f"{VERSION}.1"

CREATE_POINTER = """
    CREATE TABLE IF NOT EXISTS bck_search (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        generation text NOT NULL,
        layout text NOT NULL,
        size integer NOT NULL,
        next_number integer NOT NULL,
        version bigint NOT NULL
    )
"""
STATE = "SELECT generation, layout, size, next_number, version FROM bck_search"
POINT = """
    INSERT INTO bck_search (generation, layout, size, next_number, version)
    VALUES (%(name)s, %(layout)s, %(size)s, %(size)s, 0)
    ON CONFLICT (single) DO UPDATE SET generation = excluded.generation, layout = excluded.layout,
        size = excluded.size, next_number = excluded.next_number, version = 0
"""
#: Tables of generations in the schema that CREATE TABLE uses.
GENERATIONS = r"""
    SELECT tablename FROM pg_tables
    WHERE schemaname = current_schema() AND tablename ~ '^bck_search_[0-9a-f]+_(docs|words|gone)$'
"""
#: Advisory locks: two keys, of the product and of schema and purpose.
LOCK_SPACE = 0x42434B
LOCK_KEY = "hashtext('bck_search ' || %(purpose)s || ' ' || current_schema())"
#: A lock of that key is held by somebody (pg_locks shows both keys as unsigned).
LOCK_HELD = f"""
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = {LOCK_SPACE}
            AND objid::bigint = {LOCK_KEY} & 4294967295::bigint
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
"""  # noqa: S608 - constants of this file


@lru_cache(maxsize=256)
def named(name: str, statement: str) -> bytes:
    """The statement with the generation's tables for ``{docs}``, ``{words}`` and ``{gone}``."""
    tables = {
        kind: sql.Identifier(f"bck_search_{name}_{kind}") for kind in ("docs", "words", "gone")
    }
    return sql.SQL(statement).format(**tables).as_bytes()


CREATE = """
    CREATE TABLE {docs} (
        number integer NOT NULL, identifier text NOT NULL, model text NOT NULL, code text NOT NULL,
        sorting jsonb NOT NULL, stored text NOT NULL, words text[]
    );
    CREATE TABLE {words} (
        term text COLLATE "C" NOT NULL, count integer NOT NULL, numbers bytea NOT NULL
    );
    CREATE TABLE {gone} (number integer NOT NULL PRIMARY KEY, version bigint NOT NULL)
"""
COPY_DOCS = "COPY {docs} (number, identifier, model, code, sorting, stored) FROM STDIN"
COPY_WORDS = "COPY {words} (term, count, numbers) FROM STDIN WITH (FORMAT BINARY)"
#: After the rows: indexes are made faster at once, and the planner knows the tables.
FINISH = """
    ALTER TABLE {docs} ADD PRIMARY KEY (number);
    CREATE INDEX ON {docs} (identifier);
    ALTER TABLE {words} ADD PRIMARY KEY (term);
    ANALYZE {docs};
    ANALYZE {words}
"""
#: Numbers of the living procedures among these identifiers, or of these models.
LIVING = """
    SELECT number FROM {docs} AS d
    WHERE (identifier = ANY(%(identifiers)s) OR model = ANY(%(models)s))
        AND NOT EXISTS (SELECT FROM {gone} AS g WHERE g.number = d.number)
"""
BURY = "INSERT INTO {gone} (number, version) SELECT unnest(%(numbers)s::int[]), %(version)s"
ADD = """
    INSERT INTO {docs} (number, identifier, model, code, sorting, stored, words)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
ADVANCE = "UPDATE bck_search SET version = %(version)s, next_number = %(next)s"

#: The last procedure, some posting list and the table of the gone can be read.
ALL_PRESENT = """
    SELECT (%(next)s = 0 OR EXISTS (SELECT FROM {docs} WHERE number = %(next)s - 1))
        AND (%(size)s = 0 OR EXISTS (SELECT FROM {words}))
        AND NOT EXISTS (SELECT FROM {gone} WHERE number < 0)
"""
BUILT = "SELECT number, code FROM {docs} WHERE number < %(size)s ORDER BY number"
ADDED = """
    SELECT number, code, words FROM {docs}
    WHERE number >= %(first)s AND number < %(end)s ORDER BY number
"""
BURIED = "SELECT number FROM {gone} WHERE version > %(since)s AND version <= %(version)s"
#: Posting lists of all fields but one ("<" to "=" and ">" to "=" are the field's neighbours).
LISTS_BUT = "SELECT term, numbers FROM {words} WHERE term < %(first)s OR term >= %(end)s"
COUNTS = "SELECT term, count FROM {words} WHERE term >= %(first)s AND term < %(end)s ORDER BY term"
LISTS = "SELECT term, numbers FROM {words} WHERE term = ANY(%(terms)s)"
STORED = "SELECT number, stored FROM {docs} WHERE number = ANY(%(numbers)s)"
ALL_STORED = """
    SELECT stored FROM {docs} AS d
    WHERE NOT EXISTS (SELECT FROM {gone} AS g WHERE g.number = d.number) ORDER BY number
"""
SORTING = """
    SELECT number, sorting -> %(field)s FROM {docs}
    WHERE number >= %(first)s AND number < %(end)s
"""
DROP = "DROP TABLE IF EXISTS {docs}, {words}, {gone}"
