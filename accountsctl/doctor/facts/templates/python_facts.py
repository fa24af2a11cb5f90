"""What Python's syntax trees show of answers: the headers that they name, and the form of what is written out."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from accountsctl.model.cors_headers import ALLOW_ORIGIN

REST_KEYS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
PROXY_KEYS = {*REST_KEYS, "cookies"}
"""What an answer may have; cookies are of payload format 2.0, so of HTTP APIs and function URLs."""


@dataclass
class Seen:
    """What a walk through syntax trees gathers; `statuses` has None for one that is not written there.

    `other_bodies`: an answer's body may be something else than a text.
    """

    allows: set[str] = field(default_factory=set)
    computed: bool = False
    strings: set[str] = field(default_factory=set)
    malformed: int | None = None
    refused_by_rest: int | None = None
    bare_errors: int | None = None
    with_header: bool = False
    other_bodies: bool = False
    claims: bool = False
    statuses: set[int | None] = field(default_factory=set)
    constants: dict[str, ast.Constant] = field(default_factory=dict)
    """The names that all sources give one text, where they define it."""
    stated: dict[str, list[str]] = field(default_factory=dict)


def gather(tree: ast.AST, seen: Seen) -> None:
    """Add what a tree shows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            seen.strings.add(node.value)
        for key, value in _entries(node):
            _entry(key, value, seen)
            if key == "statusCode":
                seen.statuses.add(_status(value))
        if isinstance(node, ast.Dict):
            _answer(node, seen)
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == "claims"
        ):
            seen.claims = True


def _entries(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Text keys with their values: of a dict display, and of ``headers["X"] = value``."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                yield str(target.slice.value), node.value


def constants_of(trees: Iterable[ast.Module]) -> dict[str, ast.Constant]:
    """The texts that modules give names which nothing else is called."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    often = Counter([*names, *(node.arg for node in nodes if isinstance(node, ast.arg))])
    return {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and often[target.id] == 1 and isinstance(node.value.value, str)
    }


def _entry(key: str, value: ast.expr, seen: Seen) -> None:
    if isinstance(value, ast.Name):
        value = seen.constants.get(value.id, value)
    literal = value.value if isinstance(value, ast.Constant) else None
    if key.lower() == ALLOW_ORIGIN:
        if isinstance(literal, str):
            seen.allows.add(literal)
        else:
            seen.computed = True
    if isinstance(literal, str | bool):
        # API Gateway writes a boolean as JSON does.
        text = str(literal).lower() if isinstance(literal, bool) else literal
        seen.stated.setdefault(key.lower(), []).append(text)


def _status(value: ast.expr) -> int | None:
    """A status that is written out; None if it is worked out."""
    text = str(value.value) if isinstance(value, ast.Constant) else ""
    return int(text) if text.isascii() and text.isdigit() else None


def _answer(node: ast.Dict, seen: Seen) -> None:
    """A dict with a statusCode is an answer: is its shape right, and has an error the header?"""
    entries = dict(_entries(node))
    whole = all(isinstance(key, ast.Constant) for key in node.keys)
    if "statusCode" not in entries:
        return
    status, body = entries["statusCode"], entries.get("body")
    seen.other_bodies = seen.other_bodies or not (body is None or _is_text(body))
    wrong_body = isinstance(body, ast.Dict | ast.List | ast.Set)
    wrong_status = isinstance(status, ast.Constant) and not str(status.value).isdigit()
    if whole and (wrong_body or wrong_status or set(entries) - PROXY_KEYS):
        seen.malformed = seen.malformed or node.lineno
    if whole and ("cookies" in entries or _has_wrong_values(entries)):
        seen.refused_by_rest = seen.refused_by_rest or node.lineno
    headers = entries.get("headers")
    named = isinstance(headers, ast.Dict) and any(key.lower() == ALLOW_ORIGIN for key, _ in _entries(headers))
    opaque = headers is not None and not isinstance(headers, ast.Dict)
    if named or opaque:
        seen.with_header = True
    elif whole and isinstance(status, ast.Constant) and isinstance(status.value, int) and status.value >= 400:
        seen.bare_errors = seen.bare_errors or node.lineno


def _is_text(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=str(_)) | ast.JoinedStr() | ast.Call(func=ast.Name(id="str")):
            return True
        case ast.Call(func=ast.Attribute(attr="dumps")):
            return True
    return False


def _has_wrong_values(entries: dict[str, ast.expr]) -> bool:
    """Whether a header has a list for its value, or one of multiValueHeaders none."""
    return any(
        isinstance(value, kinds)
        for name, kinds in (
            ("headers", ast.List | ast.Dict),
            ("multiValueHeaders", ast.Constant | ast.JoinedStr),
        )
        if isinstance(headers := entries.get(name), ast.Dict)
        for _, value in _entries(headers)
    )
