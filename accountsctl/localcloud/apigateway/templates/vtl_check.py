"""What a template may use: checked when its API is deployed, so that nothing is guessed when a request comes."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.localcloud.apigateway.templates import jsonpath
from accountsctl.localcloud.apigateway.templates.vtl_nodes import (
    Assignment,
    BinaryOperation,
    Choice,
    Expression,
    ListLiteral,
    Literal,
    Loop,
    MapLiteral,
    Node,
    Quoted,
    Reference,
    VtlError,
)
from accountsctl.localcloud.apigateway.templates.vtl_parse import parse
from accountsctl.localcloud.apigateway.templates.vtl_values import METHODS


def check(template: str) -> None:
    """Raise VtlError if `template` uses something that the embedded gateway does not support."""
    for reference in _references(parse(template)):
        _check_path(reference)
        for step in reference.steps:
            if step.name and step.arguments is not None and step.name not in METHODS:
                raise VtlError(
                    f"{reference.source}: the method {step.name} is not known to the embedded gateway"
                )


def _check_path(reference: Reference) -> None:
    """`$input.json` and `$input.path` take a path that is known now, or is made when a request comes."""
    first = reference.steps[0] if reference.steps else None
    if reference.name != "input" or first is None or first.name not in ("json", "path"):
        return
    match first.arguments:
        case (Literal(str(path)),):
            path_steps(reference, path)
        case None | ():
            raise VtlError(f"{reference.source} needs a JSONPath")


def path_steps(reference: Reference, path: str) -> None:
    """Raise VtlError for a JSONPath that the embedded gateway does not support."""
    try:
        jsonpath.steps(path)
    except jsonpath.PathError as fault:
        raise VtlError(f"{reference.source}: {fault}") from None


def _references(nodes: tuple[Node, ...]) -> Iterator[Reference]:
    for node in nodes:
        match node:
            case Reference():
                yield from _within(node)
            case Assignment(target, value):
                yield from (*_within(target), *_within(value))
            case Loop(_, values, body):
                yield from (*_within(values), *_references(body))
            case Choice(branches):
                for condition, body in branches:
                    yield from _within(condition) if condition is not None else ()
                    yield from _references(body)


def _within(expression: Expression) -> Iterator[Reference]:
    match expression:
        case Reference():
            yield expression
            for step in expression.steps:
                for argument in step.arguments or ():
                    yield from _within(argument)
        case Quoted(body):
            yield from _references(body)
        case BinaryOperation(_, operands) | ListLiteral(operands):
            for operand in operands:
                yield from _within(operand)
        case MapLiteral(entries):
            for key, value in entries:
                yield from (*_within(key), *_within(value))
