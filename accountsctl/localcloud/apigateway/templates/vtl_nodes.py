"""What a parsed template consists of: text, references, assignments, choices, loops, and expressions over them."""

from __future__ import annotations

from dataclasses import dataclass


class VtlError(Exception):
    """A template outside the part of VTL that is understood."""


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Literal:
    value: str | int | bool


@dataclass(frozen=True)
class Quoted:
    """A double-quoted string: a template of its own."""

    body: tuple[Node, ...]


@dataclass(frozen=True)
class ListLiteral:
    """`[1, 2]`; a `[1..3]` has its ends in `range`."""

    items: tuple[Expression, ...]
    range: bool = False


@dataclass(frozen=True)
class MapLiteral:
    """`{"a": 1}`."""

    entries: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True)
class Step:
    """`.name`, `.name(arguments)` or `[index]` after a reference's name."""

    name: str | None
    arguments: tuple[Expression, ...] | None


@dataclass(frozen=True)
class Reference:
    name: str
    steps: tuple[Step, ...]
    source: str
    quiet: bool = False


@dataclass(frozen=True)
class BinaryOperation:
    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Assignment:
    target: Reference
    value: Expression


@dataclass(frozen=True)
class Choice:
    """`#if`: the first branch whose condition holds; a condition of None is `#else`."""

    branches: tuple[tuple[Expression | None, tuple[Node, ...]], ...]


@dataclass(frozen=True)
class Loop:
    """`#foreach($variable in values)`."""

    variable: str
    values: Expression
    body: tuple[Node, ...]


@dataclass(frozen=True)
class Leave:
    """`#break` leaves a loop; `#stop` ends the template."""

    word: str


Expression = Literal | Quoted | Reference | BinaryOperation | ListLiteral | MapLiteral
Node = Text | Reference | Assignment | Choice | Loop | Leave
