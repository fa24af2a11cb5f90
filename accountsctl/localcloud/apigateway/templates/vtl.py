"""Renders mapping templates: VTL's meaning, with API Gateway's `$input`, `$context`, `$stageVariables`, `$util`.

A template is checked when its API is deployed (see `vtl_check`). A header that a request does not have is an
empty string, and false, as on API Gateway; so is what `$context` or `$stageVariables` do not have. Any other unknown
variable is printed as it is written.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.localcloud.apigateway.templates import jsonpath, vtl_values
from accountsctl.localcloud.apigateway.templates.vtl_check import path_steps
from accountsctl.localcloud.apigateway.templates.vtl_nodes import (
    Assignment,
    BinaryOperation,
    Choice,
    Expression,
    Leave,
    ListLiteral,
    Literal,
    Loop,
    MapLiteral,
    Node,
    Quoted,
    Reference,
    Step,
    Text,
    VtlError,
)
from accountsctl.localcloud.apigateway.templates.vtl_operators import binary, numbers
from accountsctl.localcloud.apigateway.templates.vtl_parse import parse
from accountsctl.localcloud.apigateway.templates.vtl_values import show, truth

GLOBALS = ("input", "context", "stageVariables", "util")
Overrides = dict[str, dict[str, Any]]
"""What templates set under `$context.requestOverride` and `$context.responseOverride`, for one request."""


def no_overrides() -> Overrides:
    """The overrides of a request before its first template."""
    return {
        "requestOverride": {"header": {}, "path": {}, "querystring": {}},
        "responseOverride": {"header": {}},
    }


@dataclass(frozen=True)
class TemplateInputs:
    """What a template may read. `params` has `header`, `path` and `querystring`.

    `overrides` is shared by the templates of a request: the response's template reads what the request's set.
    """

    params: Mapping[str, Mapping[str, str]]
    body: str
    context: Mapping[str, Any]
    stage_variables: Mapping[str, str]
    overrides: Overrides = field(default_factory=no_overrides)


@dataclass(frozen=True)
class TemplateResult:
    """The text, and what the templates so far set under `$context.responseOverride`."""

    text: str
    status: int | None
    headers: Mapping[str, str]


class _Left(Exception):
    """A #break or #stop was met; `text` is what was rendered until then."""

    def __init__(self, word: str, text: str = "") -> None:
        super().__init__(word)
        self.word = word
        self.text = text


def render(template: str, inputs: TemplateInputs) -> TemplateResult:
    """The template's text for one request."""
    run = _Run(inputs)
    try:
        text = run.text(parse(template))
    except _Left as left:
        text = left.text
    override = inputs.overrides["responseOverride"]
    status, header = override.get("status"), override.get("header")
    headers = {name: show(value) for name, value in header.items()} if isinstance(header, dict) else {}
    try:
        return TemplateResult(text, int(status) if status not in (None, "") else None, headers)
    except (TypeError, ValueError):
        raise VtlError("$context.responseOverride.status is not a number") from None


class _Run:
    def __init__(self, inputs: TemplateInputs) -> None:
        self._inputs = inputs
        self._params = {group: dict(values) for group, values in inputs.params.items()}
        context: dict[str, Any] = copy.deepcopy(dict(inputs.context))
        context.update(inputs.overrides)
        self.variables: dict[str, Any] = {
            "context": context,
            "stageVariables": dict(inputs.stage_variables),
            "input": {"body": inputs.body},
            "util": {},
        }

    def text(self, nodes: tuple[Node, ...]) -> str:
        done: list[str] = []
        for node in nodes:
            try:
                done.append(self._node(node))
            except _Left as left:
                raise _Left(left.word, "".join(done) + left.text) from None
        return "".join(done)

    def _node(self, node: Node) -> str:
        match node:
            case Text(text):
                return text
            case Reference():
                value = self._read(node)
                silent = node.quiet or node.name in GLOBALS
                return ("" if silent else node.source) if value is None else show(value)
            case Assignment(target, value):
                self._assign(target, self._value(value))
                return ""
            case Choice(branches):
                for condition, body in branches:
                    if condition is None or truth(self._value(condition)):
                        return self.text(body)
                return ""
            case Loop():
                return self._loop(node)
            case Leave(word):
                raise _Left(word)

    def _loop(self, loop: Loop) -> str:
        found = self._value(loop.values)
        values = list(found.values()) if isinstance(found, dict) else found
        outer = {name: self.variables.get(name) for name in ("foreach", loop.variable)}
        done: list[str] = []
        for index, value in enumerate(values if isinstance(values, list) else []):
            self.variables[loop.variable] = value
            self.variables["velocityCount"] = index + 1
            self.variables["foreach"] = {
                "index": index,
                "count": index + 1,
                "hasNext": index + 1 < len(values),
                "first": index == 0,
                "last": index + 1 == len(values),
                "parent": outer["foreach"],
            }
            try:
                done.append(self.text(loop.body))
            except _Left as left:
                done.append(left.text)
                if left.word != "break":
                    raise _Left(left.word, "".join(done)) from None
                break
        self.variables.update(outer)
        return "".join(done)

    def _assign(self, target: Reference, value: Any) -> None:
        place: Any = self.variables
        names = [target.name, *(self._key(step) for step in target.steps)]
        for name in names[:-1]:
            if isinstance(place, dict) and isinstance(name, str):
                place = place.setdefault(name, {})
            else:
                place = vtl_values.call(target.source, lambda held, key: held[key], [place, name])
        if not isinstance(place, dict | list):
            raise VtlError(f"{target.source} cannot be set")
        vtl_values.call(target.source, type(place).__setitem__, [place, names[-1], value])

    def _key(self, step: Step) -> Any:
        return step.name if step.name is not None else self._value((step.arguments or (Literal(""),))[0])

    def _value(self, expression: Expression) -> Any:
        match expression:
            case Literal(value):
                return value
            case Quoted(body):
                return self.text(body)
            case Reference():
                return self._read(expression)
            case ListLiteral((first, last), True):
                return numbers(self._value(first), self._value(last))
            case ListLiteral(items):
                return [self._value(item) for item in items]
            case MapLiteral(entries):
                return {show(self._value(key)): self._value(value) for key, value in entries}
            case BinaryOperation("!", (one,)):
                return not truth(self._value(one))
            case BinaryOperation("||", (left, right)):
                return truth(self._value(left)) or truth(self._value(right))
            case BinaryOperation("&&", (left, right)):
                return truth(self._value(left)) and truth(self._value(right))
            case BinaryOperation(sign, (left, right)):
                return binary(sign, self._value(left), self._value(right))
            case _:
                raise VtlError(f"{expression} has no value")

    def _read(self, reference: Reference) -> Any:
        value: Any = self.variables.get(reference.name)
        for position, step in enumerate(reference.steps):
            arguments = [self._value(argument) for argument in step.arguments or ()]
            if position == 0 and reference.name in ("input", "util") and step.arguments is not None:
                value = self._global(reference, step, arguments)
            else:
                value = _step(reference, step, value, arguments)
            if value is None:
                return None
        return value

    def _global(self, reference: Reference, step: Step, arguments: list[Any]) -> Any:
        if reference.name == "input" and step.name == "params":
            if not arguments:
                return self._params
            groups = (self._params.get(group, {}) for group in ("path", "querystring", "header"))
            group = next((group for group in groups if arguments[0] in group), None)
            return self._params.get(arguments[0], "") if group is None else group[arguments[0]]
        if reference.name == "input" and step.name in ("json", "path") and len(arguments) == 1:
            path = str(arguments[0])
            path_steps(reference, path)
            found = jsonpath.find(path, self._inputs.body)
            if step.name == "json":
                return json.dumps(found, separators=(",", ":"), ensure_ascii=False)
            return "" if found is None else found
        if reference.name == "util" and step.name is not None and step.name in vtl_values.UTIL:
            return vtl_values.call(reference.source, vtl_values.UTIL[step.name], arguments)
        raise VtlError(f"{reference.source} is not known to the embedded gateway")


def _step(reference: Reference, step: Step, value: Any, arguments: list[Any]) -> Any:
    if step.name is None:
        if isinstance(value, list) and isinstance(arguments[0], int) and -1 < arguments[0] < len(value):
            return value[arguments[0]]
        return value.get(arguments[0]) if isinstance(value, dict) else None
    if step.arguments is None:
        return value.get(step.name) if isinstance(value, dict) else None
    method = vtl_values.method(value, step.name)
    if method is None:
        raise VtlError(f"{reference.source}: {step.name} cannot be called on this value")
    return vtl_values.call(reference.source, method, [value, *arguments])
