"""Which index a CONCURRENTLY statement makes or drops: what it leaves behind has to be found in the catalog.

PostgreSQL builds such an index in several transactions. If the statement fails on its way, an invalid index remains,
which slows writes and serves no query: https://www.postgresql.org/docs/16/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accountsctl.formats.sql import significant

_NAME_WORDS = 3  # name, dot, name


@dataclass(frozen=True)
class ConcurrentIndex:
    """CREATE INDEX CONCURRENTLY: the table as it is written (``a.b``), and the index's name; empty if PostgreSQL
    chooses it."""

    table: str
    name: str


def created_index(sql: str) -> ConcurrentIndex | None:
    """The index of a CREATE [UNIQUE] INDEX CONCURRENTLY; None for any other statement."""
    words = list(significant(sql))
    if not (_taken(words, "create") and (_taken(words, "unique") or True) and _taken(words, "index")):
        return None
    if not _taken(words, "concurrently"):
        return None
    _taken(words, "if", "not", "exists")
    name = "" if words[:1] and words[0].lower() == "on" else _unquoted(words.pop(0)) if words else ""
    if not _taken(words, "on"):
        return None
    _taken(words, "only")
    return ConcurrentIndex(_dotted(words), name) if words else None


def dropped_indexes(sql: str) -> tuple[str, ...]:
    """The names, as they are written, of a DROP INDEX CONCURRENTLY; empty for any other statement."""
    words = list(significant(sql))
    if not _taken(words, "drop", "index", "concurrently"):
        return ()
    _taken(words, "if", "exists")
    names = []
    while words:
        name = _dotted(words)
        names.append(name)
        del words[: _NAME_WORDS if "." in words[1:2] else 1]
        if not _taken(words, ","):
            break
    return tuple(names)


def reindexes(sql: str) -> bool:
    """Whether this is a REINDEX CONCURRENTLY."""
    words = [word.lower() for word in significant(sql)]
    return words[:1] == ["reindex"] and "concurrently" in words


def _taken(words: list[str], *expected: str) -> bool:
    """Whether `words` begin so; if so, they are removed."""
    if [word.lower() for word in words[: len(expected)]] != list(expected):
        return False
    del words[: len(expected)]
    return True


def _dotted(words: Sequence[str]) -> str:
    return "".join(words[:_NAME_WORDS]) if "." in words[1:2] else words[0]


def _unquoted(name: str) -> str:
    """An identifier as the catalog stores it."""
    if name.startswith('"'):
        return name[1:-1].replace('""', '"')
    return name.lower()
