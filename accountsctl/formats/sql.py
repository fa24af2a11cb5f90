"""SQL text to statements: the RDS Data API takes one a call, a migration file holds several.

A semicolon ends a statement only where PostgreSQL's own lexer would see it as one: not within strings
(``'…'``, ``E'…\\'…'``, ``$tag$…$tag$``), quoted names, comments (which nest), parentheses (a rule's list
of actions), or the body of a routine written ``BEGIN ATOMIC … END``. The rules are those of psql's scanner:
https://www.postgresql.org/docs/16/sql-syntax-lexical.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\n\r\f\v]+)
    | (?P<line_comment>--[^\r\n]*)
    | (?P<block_comment>/\*)
    | (?P<escape_string>[eE]')
    | (?P<string>'(?:[^']|'')*(?:'|\Z))
    | (?P<name>"(?:[^"]|"")*(?:"|\Z))
    | (?P<dollar>\$(?:[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_\u0080-\U0010ffff]*)?\$)
    | (?P<word>[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_$\u0080-\U0010ffff]*)
    | (?P<number>[$]?[0-9][A-Za-z0-9_.]*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# A string goes on where only space with a line break (and comments) stands between two quotes; an escape
# string's continuation is an escape string too.
_ESCAPED = re.compile(r"(?:[^'\\]|\\.|'')*+(?P<end>'|\Z)", re.DOTALL)
_CONTINUED = re.compile(r"(?:[ \t\f\v]|--[^\r\n]*)*[\r\n](?:[ \t\n\r\f\v]|--[^\r\n]*(?=[\r\n]))*'")
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_INSIGNIFICANT = frozenset({"space", "line_comment", "block_comment"})
_ROUTINES = frozenset({"function", "procedure"})
_QUERIES = frozenset({"select", "with", "values", "table", "show", "explain", "fetch"})
_TRANSACTION_WORDS = frozenset({"begin", "start", "commit", "end", "rollback", "abort", "prepare"})


@dataclass(frozen=True)
class Statement:
    """One statement without its semicolon, and the line (from 1) on which it begins."""

    text: str
    line: int
    words: tuple[str, ...]
    """Its first words in lower case, five at most: enough to tell what kind of statement it is."""

    @property
    def ends_transaction(self) -> bool:
        """True for BEGIN, COMMIT and their like, which break into a transaction that someone else holds."""
        match self.words:
            case ("rollback", *rest) if "to" in rest:
                return False
            case ("prepare", second, *_):
                return second == "transaction"
            case ("start", *rest):
                return rest[:1] == ["transaction"]
            case (first, *_):
                return first in _TRANSACTION_WORDS
        return False

    @property
    def returns_rows(self) -> bool:
        """True for a query, and for what returns the rows that it writes."""
        if self.words[:1] and self.words[0] in _QUERIES:
            return True
        return any(word.lower() == "returning" for word in significant(self.text))

    @property
    def alone(self) -> bool:
        """True for what PostgreSQL refuses within a transaction block."""
        match self.words:
            case ("vacuum" | "alter", *rest) if self.words[0] == "vacuum" or rest[:1] == ["system"]:
                return True
            case ("create" | "drop" | "reindex", *rest):
                return "concurrently" in rest or rest[:1] in (["database"], ["tablespace"])
        return False


class UnfinishedSql(Exception):
    """A string, quoted name, dollar quote or comment is opened at `line` and never closed."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(f"{what} that begins in line {line} is never closed")
        self.line = line


@dataclass(frozen=True)
class _Token:
    kind: str
    start: int
    end: int

    def of(self, sql: str) -> str:
        return sql[self.start : self.end]


class _Depth:
    """Whether a semicolon stands inside something: parentheses, or a routine's BEGIN ATOMIC body."""

    def __init__(self) -> None:
        self.parentheses = 0
        self.blocks = 0
        self.words: list[str] = []

    def saw(self, text: str) -> None:
        self.parentheses = max(0, self.parentheses + {"(": 1, ")": -1}.get(text, 0))

    def saw_word(self, word: str) -> None:
        if len(self.words) < 5:
            self.words.append(word)
        if self.parentheses or not self._routine():
            return
        if word == "begin" or (word == "case" and self.blocks):
            self.blocks += 1
        elif word == "end" and self.blocks:
            self.blocks -= 1

    def _routine(self) -> bool:
        words = self.words[:4]
        if words[:1] != ["create"]:
            return False
        rest = words[3:] if words[1:3] == ["or", "replace"] else words[1:]
        return bool(_ROUTINES.intersection(rest[:1]))

    @property
    def inside(self) -> bool:
        return self.parentheses > 0 or self.blocks > 0


def split_statements(sql: str) -> tuple[Statement, ...]:
    """The statements of `sql` in order; comments around them, and empty ones, are left out."""
    return tuple(_statements(sql))


def significant(sql: str) -> tuple[str, ...]:
    """The tokens of `sql` as they are written, without space and comments."""
    return tuple(token.of(sql) for token in _tokens(sql) if token.kind not in _INSIGNIFICANT)


def _statements(sql: str) -> Iterator[Statement]:
    depth, first, last = _Depth(), -1, 0
    for token in _tokens(sql):
        if token.kind in _INSIGNIFICANT:
            continue
        text = token.of(sql)
        if text == ";" and not depth.inside:
            if first >= 0:
                yield _statement(sql, first, last, depth)
            depth, first = _Depth(), -1
            continue
        first, last = (token.start if first < 0 else first), token.end
        if token.kind == "word":
            depth.saw_word(text.lower())
        elif token.kind == "other":
            depth.saw(text)
    if first >= 0:
        yield _statement(sql, first, last, depth)


def _statement(sql: str, first: int, last: int, depth: _Depth) -> Statement:
    return Statement(sql[first:last], _line(sql, first), tuple(depth.words))


def _tokens(sql: str) -> Iterator[_Token]:
    at = 0
    while at < len(sql):
        found = _TOKEN.match(sql, at)
        assert found is not None, "the last alternative matches anything"
        kind = str(found.lastgroup)
        end = _end(sql, kind, found)
        yield _Token(kind, at, end)
        at = end


def _end(sql: str, kind: str, found: re.Match[str]) -> int:
    """Where a token really ends; UnfinishedSql where it does not."""
    match kind:
        case "block_comment":
            return _comment_end(sql, found.start())
        case "escape_string":
            return _escape_end(sql, found)
        case "dollar":
            closing = sql.find(found[0], found.end())
            if closing < 0:
                raise UnfinishedSql(f"The text in {found[0]}", _line(sql, found.start()))
            return closing + len(found[0])
        case "string" | "name" if not _closed(found[0]):
            what = "A string" if kind == "string" else "A quoted name"
            raise UnfinishedSql(what, _line(sql, found.start()))
    return found.end()


def _closed(quoted: str) -> bool:
    """Whether a quoted text ends with a quote that is neither its first nor one half of a doubled one."""
    inner = quoted[1:]
    return (len(inner) - len(inner.rstrip(quoted[0]))) % 2 == 1


def _escape_end(sql: str, found: re.Match[str]) -> int:
    at = found.end()
    while True:
        body = _ESCAPED.match(sql, at)
        if body is None or not body["end"]:
            raise UnfinishedSql("A string", _line(sql, found.start()))
        continued = _CONTINUED.match(sql, body.end())
        if continued is None:
            return body.end()
        at = continued.end()


def _comment_end(sql: str, start: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(sql, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    raise UnfinishedSql("A comment", _line(sql, start))


def _line(sql: str, at: int) -> int:
    return sql.count("\n", 0, at) + 1
