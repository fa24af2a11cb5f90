"""Whether Python code builds all its answers where they can be read: then a header that is not there is not sent.

An answer from a decorator, an adapter, an imported helper or a mapping that is put together elsewhere may have any
header. What is read: dict displays, names that hold one, and the functions of the same sources that return one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Body = ast.FunctionDef | ast.AsyncFunctionDef
HEADERS = frozenset({"headers", "multiValueHeaders"})
READERS = frozenset(
    {"print", "len", "str", "repr", "bool", "dict", "list", "dumps", "info", "debug", "error", "warning"}
)
"""Functions that read what they are given, and change nothing of it."""


@dataclass(frozen=True)
class Sources:
    """The functions and the module-level values of all sources, by name."""

    functions: dict[str, Body] = field(default_factory=dict)
    values: dict[str, ast.expr] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    """Names whose value is changed in a way that is not followed."""


def answers_in_the_open(main: ast.Module, entry: str, trees: Sequence[ast.Module]) -> bool:
    """Whether every answer of the function `entry` of `main` is built where it can be read."""
    handler = next((node for node in main.body if isinstance(node, Body) and node.name == entry), None)
    if handler is None:
        return False
    functions: dict[str, Body] = {}
    values: dict[str, ast.expr] = {}
    changed: set[str] = set()
    for tree in trees:
        functions |= {node.name: node for node in ast.walk(tree) if isinstance(node, Body)}
        values |= dict(_assigned(tree.body))
        changed |= set(_changed(tree))
    return _returns_plainly(handler, Sources(functions, values, frozenset(changed)), frozenset())


def _assigned(statements: Sequence[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    for node in statements:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


def _changed(tree: ast.AST) -> Iterator[str]:
    """Names that a call may change, or that are changed at a key which is not written there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in ("update", "setdefault"):
                yield from _names(called.value)
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name not in READERS:
                yield from (part.id for part in node.args if isinstance(part, ast.Name))
        elif isinstance(node, ast.AugAssign):
            yield from _names(node.target)
        elif isinstance(node, ast.Subscript) and _is_stored_at_unknown(node):
            yield from _names(node.value)


def _is_stored_at_unknown(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Store) and not isinstance(node.slice, ast.Constant)


def _names(node: ast.AST) -> Iterator[str]:
    return (part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _own_nodes(function: Body) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Body | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _returns_plainly(function: Body, sources: Sources, above: frozenset[str]) -> bool:
    if function.decorator_list or function.name in above:
        return False
    nodes = list(_own_nodes(function))
    local = Sources(sources.functions, {**sources.values, **dict(_assigned(nodes))}, sources.changed)
    answers = [node.value for node in nodes if isinstance(node, ast.Return) and node.value]
    stored = [node.value for node in nodes if isinstance(node, ast.Assign) and _stores_headers(node)]
    inner = above | {function.name}
    return all(_is_plain(answer, local, inner) for answer in answers) and all(
        _is_mapping(value, local, inner) for value in stored
    )


def _stores_headers(node: ast.Assign) -> bool:
    """Whether something is put into an answer as its headers."""
    return any(
        isinstance(target, ast.Subscript)
        and isinstance(target.slice, ast.Constant)
        and target.slice.value in HEADERS
        for target in node.targets
    )


def _is_plain(answer: ast.expr, sources: Sources, above: frozenset[str]) -> bool:
    """Whether the headers of an answer can be read."""
    match answer:
        case ast.Constant() | ast.JoinedStr() | ast.List() | ast.Tuple():
            return True
        case ast.Await(value=value):
            return _is_plain(value, sources, above)
        case ast.IfExp(body=one, orelse=other):
            return _is_plain(one, sources, above) and _is_plain(other, sources, above)
        case ast.BoolOp(values=values):
            return all(_is_plain(value, sources, above) for value in values)
        case ast.Dict(keys=keys, values=values):
            return all(
                _is_plain_entry(key, value, sources, above) for key, value in zip(keys, values, strict=True)
            )
        case ast.Name(id=name):
            known = sources.values.get(name)
            return known is not None and name not in sources.changed and _is_plain(known, sources, above)
        case ast.Call(func=ast.Attribute(attr="dumps")):
            return True
        case ast.Call(func=ast.Name(id=name)) if name in sources.functions:
            return _returns_plainly(sources.functions[name], sources, above)
    return False


def _is_plain_entry(key: ast.expr | None, value: ast.expr, sources: Sources, above: frozenset[str]) -> bool:
    if key is None:
        return _is_plain(value, sources, above)
    if not isinstance(key, ast.Constant):
        return False
    return key.value not in HEADERS or _is_mapping(value, sources, above)


def _is_mapping(value: ast.expr, sources: Sources, above: frozenset[str]) -> bool:
    """Whether all names of headers can be read."""
    match value:
        case ast.Constant(value=None):
            return True
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, op=ast.BitOr(), right=other):
            return _is_mapping(one, sources, above) and _is_mapping(other, sources, above)
        case ast.BoolOp(values=values):
            return all(_is_mapping(part, sources, above) for part in values)
        case ast.Dict(keys=keys, values=values):
            return all(
                isinstance(key, ast.Constant) if key is not None else _is_mapping(part, sources, above)
                for key, part in zip(keys, values, strict=True)
            )
        case ast.Name(id=name):
            known = sources.values.get(name)
            return known is not None and name not in sources.changed and _is_mapping(known, sources, above)
    return False
