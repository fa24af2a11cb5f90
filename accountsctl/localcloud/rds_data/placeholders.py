"""From named placeholders to PostgreSQL's numbered ones: ``:id`` becomes ``$1``.

A colon does not start a placeholder inside strings ('..', E'..', $tag$..$tag$), quoted identifiers and comments
(block comments nest), in ``::`` and ``:=``, and between the bounds of an array slice. Names may be
digits, as some drivers send them; such a name counts only if a parameter of that name was given,
and so does any name inside square brackets, because ``a[:n]`` may be a slice up to column n.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"""
      (?P<escaped>[eE]'(?:[^'\\]|\\.|'')*+(?:'|\Z))
    | (?P<string>'(?:[^']|'')*+(?:'|\Z))
    | (?P<quoted>"(?:[^"]|"")*+(?:"|\Z))
    | (?P<dollar>\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?(?:\$(?P=tag)\$|\Z))
    | (?P<line>--[^\n]*)
    | (?P<block>/\*)
    | (?P<cast>::|:=)
    | (?P<name>:(?P<word>\w+))
    | (?P<open>\[)
    | (?P<close>\])
    | (?P<identifier>[^\W\d][\w$]*)
    | (?P<number>\d\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
LONGEST_REMEMBERED = 4096  # characters of a statement that is numbered once, not with each call
_COMMENT_EDGE = re.compile(r"/\*|\*/")


@dataclass(frozen=True)
class Placeholder:
    """One ``:name`` in the SQL as sent."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class CompiledStatement:
    """SQL with numbered placeholders; `order` names the parameter behind ``$1``, ``$2``, ..."""

    sql: str
    order: tuple[str, ...]
    positions: Positions


class Positions(Mapping[int, int]):
    """Positions (1-based, in characters) in compiled SQL, mapped to positions in the SQL as sent."""

    def __init__(self, edges: tuple[tuple[int, int, int], ...]) -> None:
        self._edges = edges  # (offset in the original, its length there, its length in the result)

    def __getitem__(self, position: int) -> int:
        gained = 0
        for start, before, after in self._edges:
            here = start + gained + 1
            if position < here:
                break
            if position < here + after:
                return start + 1
            gained += after - before
        return position - gained

    def __iter__(self) -> Iterator[int]:
        raise TypeError("positions are looked up, not listed")

    def __len__(self) -> int:
        return len(self._edges)


def placeholders(sql: str, parameters: frozenset[str] = frozenset()) -> list[Placeholder]:
    """Every placeholder of `sql`, in order; `parameters` are the names of the request's parameters."""
    result: list[Placeholder] = []
    depth, offset = 0, 0
    while (token := _TOKEN.search(sql, offset)) is not None:
        kind = token.lastgroup
        offset = _comment_end(sql, token.end()) if kind == "block" else token.end()
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "name" and _counts(token, sql, parameters, inside=depth > 0):
            result.append(Placeholder(token["word"], token.start(), token.end()))
    return result


def compile_sql(sql: str, parameters: Mapping[str, bool]) -> CompiledStatement:
    """Number the placeholders. `parameters` states for each name whether its occurrences may share a number.

    An untyped NULL may not: PostgreSQL infers its type from the place where it stands, and two
    places may differ.
    """
    compiled = _remembered if len(sql) <= LONGEST_REMEMBERED else _compiled
    return compiled(sql, frozenset(parameters.items()))


def _compiled(sql: str, named: frozenset[tuple[str, bool]]) -> CompiledStatement:
    parameters = dict(named)
    pieces: list[str] = []
    order: list[str] = []
    numbers: dict[str, int] = {}
    edges: list[tuple[int, int, int]] = []
    done = 0
    for item in placeholders(sql, frozenset(parameters)):
        number = numbers.get(item.name)
        if number is None:
            order.append(item.name)
            number = len(order)
            if parameters.get(item.name, True):
                numbers[item.name] = number
        text = _separate(sql, item, f"${number}")
        pieces += [sql[done : item.start], text]
        edges.append((item.start, item.end - item.start, len(text)))
        done = item.end
    pieces.append(sql[done:])
    return CompiledStatement("".join(pieces), tuple(order), Positions(tuple(edges)))


_remembered = lru_cache(maxsize=256)(_compiled)


def _counts(token: re.Match[str], sql: str, parameters: frozenset[str], *, inside: bool) -> bool:
    word = token["word"]
    if inside and _after_operand(sql, token.start()):
        return False  # the upper bound of a slice: a[1:n]
    return word in parameters or not (inside or word[0].isdigit())


def _after_operand(sql: str, start: int) -> bool:
    return start > 0 and (sql[start - 1].isalnum() or sql[start - 1] in '_)]"$')


def _separate(sql: str, item: Placeholder, text: str) -> str:
    """Keep the number a token of its own: in ``SELECT:a`` it would become part of the word."""
    glued = item.start > 0 and (sql[item.start - 1].isalnum() or sql[item.start - 1] in "_$")
    return f" {text}" if glued else text


def _comment_end(sql: str, offset: int) -> int:
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(sql, offset)
        if edge is None:
            return len(sql)
        depth += 1 if edge.group() == "/*" else -1
        offset = edge.end()
    return offset
