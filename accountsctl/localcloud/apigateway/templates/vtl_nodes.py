"""What a parsed template consists of: text, references, assignments, choices, and expressions over them."""

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


Expression = Literal | Quoted | Reference | BinaryOperation
Node = Text | Reference | Assignment | Choice
