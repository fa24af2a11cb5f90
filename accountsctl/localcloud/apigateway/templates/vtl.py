"""Renders mapping templates: VTL's meaning, with API Gateway's `$input`, `$context`, `$stageVariables`, `$util`.

A template is checked when its API is deployed: a method or a variable that this module does not know is
refused there. A header that a request does not have is an empty string, and false, as on API Gateway.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from accountsctl.localcloud.apigateway.templates import jsonpath
from accountsctl.localcloud.apigateway.templates.vtl_nodes import (
    Assignment,
    BinaryOperation,
    Choice,
    Expression,
    Literal,
    Node,
    Quoted,
    Reference,
    Step,
    Text,
    VtlError,
)
from accountsctl.localcloud.apigateway.templates.vtl_parse import parse

GLOBALS = ("input", "context", "stageVariables", "util")

_STRING: Mapping[str, Callable[..., Any]] = {
    "matches": lambda text, pattern: re.fullmatch(pattern, text) is not None,
    "equals": lambda text, other: text == other,
    "equalsIgnoreCase": lambda text, other: text.lower() == str(other).lower(),
    "contains": lambda text, part: part in text,
    "startsWith": lambda text, part: text.startswith(part),
    "endsWith": lambda text, part: text.endswith(part),
    "toLowerCase": lambda text: text.lower(),
    "toUpperCase": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "length": len,
    "isEmpty": lambda text: not text,
    "replace": lambda text, old, new: text.replace(old, new),
    "toString": lambda text: text,
}
_MAP: Mapping[str, Callable[..., Any]] = {
    "get": lambda values, key: values.get(key, ""),
    "containsKey": lambda values, key: key in values,
    "isEmpty": lambda values: not values,
    "size": len,
}
_LIST: Mapping[str, Callable[..., Any]] = {
    "get": lambda values, index: values[index],
    "isEmpty": lambda values: not values,
    "size": len,
}
_UTIL: Mapping[str, Callable[..., Any]] = {
    "escapeJavaScript": lambda text: json.dumps(text)[1:-1].replace("'", "\\'"),
    "urlEncode": lambda text: quote(text, safe=""),
    "urlDecode": unquote,
    "base64Encode": lambda text: base64.b64encode(text.encode()).decode(),
    "base64Decode": lambda text: base64.b64decode(text).decode(),
}
_KINDS: tuple[tuple[Any, Mapping[str, Callable[..., Any]]], ...] = (
    (Mapping, _MAP),
    (str, _STRING),
    (list, _LIST),
)
_METHODS = {*_STRING, *_MAP, *_LIST, *_UTIL, "params", "json", "path"}


@dataclass(frozen=True)
class TemplateInputs:
    """What a template may read. `params` has `header`, `path` and `querystring`."""

    params: Mapping[str, Mapping[str, str]]
    body: str
    context: Mapping[str, Any]
    stage_variables: Mapping[str, str]


@dataclass(frozen=True)
class TemplateResult:
    """The text, and what the template set under `$context.responseOverride`."""

    text: str
    status: int | None
    headers: Mapping[str, str]


def check(template: str) -> None:
    """Raise VtlError if `template` uses something that the embedded gateway does not support."""
    for reference in _references(parse(template)):
        _check_path(reference)
        for step in reference.steps:
            if step.name and step.arguments is not None and step.name not in _METHODS:
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
            _path_steps(reference, path)
        case None | ():
            raise VtlError(f"{reference.source} needs a JSONPath")


def _path_steps(reference: Reference, path: str) -> None:
    try:
        jsonpath.steps(path)
    except jsonpath.PathError as fault:
        raise VtlError(f"{reference.source}: {fault}") from None


def render(template: str, inputs: TemplateInputs) -> TemplateResult:
    """The template's text for one request."""
    run = _Run(inputs)
    text = run.text(parse(template))
    override = run.variables["context"].get("responseOverride", {})
    status = override.get("status")
    headers = {name: show(value) for name, value in override.get("header", {}).items()}
    return TemplateResult(text, int(status) if status not in (None, "") else None, headers)


class _Run:
    def __init__(self, inputs: TemplateInputs) -> None:
        self._inputs = inputs
        context = {**inputs.context, "responseOverride": {"header": {}}}
        self.variables: dict[str, Any] = {
            "context": context,
            "stageVariables": dict(inputs.stage_variables),
            "input": {"body": inputs.body},
            "util": {},
        }

    def text(self, nodes: tuple[Node, ...]) -> str:
        return "".join(self._node(node) for node in nodes)

    def _node(self, node: Node) -> str:
        match node:
            case Text(text):
                return text
            case Reference():
                value = self._read(node)
                return ("" if node.quiet else node.source) if value is None else show(value)
            case Assignment(target, value):
                self._assign(target, self._value(value))
                return ""
            case Choice(branches):
                for condition, body in branches:
                    if condition is None or truth(self._value(condition)):
                        return self.text(body)
                return ""

    def _assign(self, target: Reference, value: Any) -> None:
        names = [target.name, *(step.name or "" for step in target.steps)]
        place: dict[str, Any] = self.variables
        for name in names[:-1]:
            place = place.setdefault(name, {})
            if not isinstance(place, dict):
                raise VtlError(f"{target.source} cannot be set")
        place[names[-1]] = value

    def _value(self, expression: Expression) -> Any:
        match expression:
            case Literal(value):
                return value
            case Quoted(body):
                return self.text(body)
            case Reference():
                return self._read(expression)
            case BinaryOperation("!", (one,)):
                return not truth(self._value(one))
            case BinaryOperation("||", (left, right)):
                return truth(self._value(left)) or truth(self._value(right))
            case BinaryOperation("&&", (left, right)):
                return truth(self._value(left)) and truth(self._value(right))
            case BinaryOperation(operator, (left, right)):
                same = bool(self._value(left) == self._value(right))
                return same if operator == "==" else not same
            case _:
                raise VtlError(f"{expression} has no value")

    def _read(self, reference: Reference) -> Any:
        value: Any = self.variables.get(reference.name)
        for position, step in enumerate(reference.steps):
            arguments = [self._value(argument) for argument in step.arguments or ()]
            if position == 0 and reference.name in GLOBALS and step.arguments is not None:
                value = self._global(reference, step, arguments)
            else:
                value = _step(reference, step, value, arguments)
            if value is None:
                return None
        return value

    def _global(self, reference: Reference, step: Step, arguments: list[Any]) -> Any:
        if reference.name == "input" and step.name == "params":
            if not arguments:
                return self._inputs.params
            groups = (self._inputs.params.get(group, {}) for group in ("path", "querystring", "header"))
            return next((group[arguments[0]] for group in groups if arguments[0] in group), "")
        if reference.name == "input" and step.name in ("json", "path") and len(arguments) == 1:
            path = str(arguments[0])
            _path_steps(reference, path)
            found = jsonpath.find(path, self._inputs.body)
            if step.name == "json":
                return json.dumps(found, separators=(",", ":"), ensure_ascii=False)
            return "" if found is None else found
        if reference.name == "util" and step.name is not None and step.name in _UTIL:
            return _called(reference, _UTIL[step.name], arguments)
        raise VtlError(f"{reference.source} is not known to the embedded gateway")


def _step(reference: Reference, step: Step, value: Any, arguments: list[Any]) -> Any:
    if step.name is None:
        if isinstance(value, list) and isinstance(arguments[0], int) and -1 < arguments[0] < len(value):
            return value[arguments[0]]
        return value.get(arguments[0]) if isinstance(value, Mapping) else None
    if step.arguments is None:
        return value.get(step.name) if isinstance(value, Mapping) else None
    methods = next((methods for kind, methods in _KINDS if isinstance(value, kind)), {})
    if step.name not in methods:
        raise VtlError(f"{reference.source}: {step.name} cannot be called on this value")
    return _called(reference, methods[step.name], [value, *arguments])


def _called(reference: Reference, method: Callable[..., Any], arguments: list[Any]) -> Any:
    try:
        return method(*arguments)
    except (re.error, TypeError, ValueError, AttributeError, IndexError) as reason:
        raise VtlError(f"{reference.source}: {reason}") from None


def _references(nodes: tuple[Node, ...]) -> Iterator[Reference]:
    for node in nodes:
        match node:
            case Reference():
                yield from _within(node)
            case Assignment(target, value):
                yield from (*_within(target), *_within(value))
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
        case BinaryOperation(_, operands):
            for operand in operands:
                yield from _within(operand)


def truth(value: Any) -> bool:
    """What `#if` takes for true."""
    return value is not None and value is not False and value != ""


def show(value: Any) -> str:
    """A value as a template prints it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}={show(part)}" for key, part in value.items()) + "}"
    return json.dumps(value, separators=(",", ":")) if isinstance(value, list) else str(value)
