"""Whether Python code builds all its answers where they can be read: then a header that is not there is not sent.

An answer from a decorator, an adapter, an imported helper or a mapping that is put together elsewhere may have any
header. What is read: dict displays, names that hold one, and the functions of the same sources that return one.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

Body = ast.FunctionDef | ast.AsyncFunctionDef
HEADERS = frozenset({"headers", "multiValueHeaders"})
READERS = frozenset(
    {"print", "len", "str", "repr", "bool", "dict", "list", "dumps", "info", "debug", "error", "warning"}
)
"""Functions that read what they are given, and change nothing of it."""
NOT_READ = ast.Set(elts=[])
"""Stands for a value that is not followed."""


Values = dict[str, list[ast.expr | None]]
"""Every value that a name is given; None for one that is not followed: a parameter, or a part of another value."""


@dataclass(frozen=True)
class Sources:
    """The functions and the module-level values of all sources, by name."""

    functions: dict[str, Body] = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    """Names whose value is changed in a way that is not followed."""
    top: Values = field(default_factory=dict)
    """The module-level values alone: `values` has those of the function that is being read too."""
    plain: dict[str, bool] = field(default_factory=dict)
    """Whether a function answers plainly, of those that were read; False while it is being read."""


def answers_in_the_open(main: ast.Module, entry: str, trees: Sequence[ast.Module]) -> bool:
    """Whether every answer of the function `entry` of `main` is built where it can be read."""
    handlers = [node for node in main.body if isinstance(node, Body) and node.name == entry]
    values: Values = {}
    for tree in trees:
        for name, given in _assigned(_own_nodes(tree)).items():
            values.setdefault(name, []).extend(given)
    if len(handlers) != 1 or entry in values:
        return False  # A wrapper may have taken its place.
    changed = frozenset(name for tree in trees for name in _changed(tree))
    return _returns_plainly(handlers[0], Sources(_functions(trees), values, changed, values))


def gives_no_object(main: ast.Module, entry: str) -> int | None:
    """The line where the function `entry` gives what is not an object, as every answer of it does; None if not known.

    Without a return Python gives None.
    """
    handlers = [node for node in main.body if isinstance(node, Body) and node.name == entry]
    if len(handlers) != 1 or handlers[0].decorator_list:
        return None
    nodes = list(_own_nodes(handlers[0]))
    if any(isinstance(node, ast.Raise | ast.Yield | ast.YieldFrom) for node in nodes):
        return None
    returned = [node for node in nodes if isinstance(node, ast.Return)]
    if any(node.value is not None and not _is_no_object(node.value) for node in returned):
        return None
    return (returned or handlers)[0].lineno


def _is_no_object(value: ast.expr) -> bool:
    match value:
        case ast.Constant() | ast.JoinedStr() | ast.List() | ast.Tuple() | ast.ListComp():
            return True
        case ast.Call(func=ast.Attribute(attr="dumps")):
            return True
        case ast.IfExp(body=one, orelse=other):
            return _is_no_object(one) and _is_no_object(other)
    return False


def _functions(trees: Sequence[ast.Module]) -> dict[str, Body]:
    """The functions by name, without names that several have."""
    every = [node for tree in trees for node in ast.walk(tree) if isinstance(node, Body)]
    often = Counter(node.name for node in every)
    return {node.name: node for node in every if often[node.name] == 1}


def _assigned(nodes: Iterable[ast.AST]) -> Values:
    """What names are given in the nodes of one scope."""
    found: Values = {}
    followed: set[ast.AST] = set()
    stored: list[ast.Name] = []
    for node in nodes:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
                found.setdefault(target.id, []).append(node.value)
                followed.add(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stored.append(node)
    for name in stored:
        if name not in followed:
            found.setdefault(name.id, []).append(None)
    return found


def _parameters(function: Body) -> Values:
    return {node.arg: [None] for node in ast.walk(function.args) if isinstance(node, ast.arg)}


def _changed(tree: ast.AST) -> Iterator[str]:
    """Names that a call may change, or that are changed at a key which is not written there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in ("update", "setdefault"):
                yield from _names(called.value)
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name not in READERS:
                given = (*node.args, *(keyword.value for keyword in node.keywords))
                yield from (name for part in given for name in _reached(part))
        elif isinstance(node, ast.AugAssign):
            yield from _names(node.target)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.Subscript) and _is_stored_at_unknown(node):
            yield from _names(node.value)


def _reached(argument: ast.expr) -> Iterator[str]:
    """The name of a value that a function is given, or of which it is given a part."""
    while isinstance(argument, ast.Subscript | ast.Starred):
        argument = argument.value
    if isinstance(argument, ast.Name):
        yield argument.id


def _is_stored_at_unknown(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Store) and not isinstance(node.slice, ast.Constant)


def _names(node: ast.AST) -> Iterator[str]:
    return (part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _own_nodes(scope: Body | ast.Module) -> Iterator[ast.AST]:
    """The nodes of a function or module, without those of functions in it."""
    waiting: list[ast.AST] = list(scope.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Body | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _returns_plainly(function: Body, sources: Sources) -> bool:
    if function.name not in sources.plain:
        sources.plain[function.name] = False
        sources.plain[function.name] = not function.decorator_list and _answers_plainly(function, sources)
    return sources.plain[function.name]


def _answers_plainly(function: Body, sources: Sources) -> bool:
    nodes = list(_own_nodes(function))
    own = _assigned(nodes)
    for name, given in _parameters(function).items():
        own.setdefault(name, []).extend(given)
    local = replace(sources, values={**sources.top, **own})
    answers = [node.value for node in nodes if isinstance(node, ast.Return) and node.value]
    stored = [node.value for node in nodes if isinstance(node, ast.Assign) and _stores_headers(node)]
    return all(_is_plain(answer, local) for answer in answers) and all(
        _is_mapping(value, local) for value in stored
    )


def _stores_headers(node: ast.Assign) -> bool:
    """Whether something is put into an answer as its headers."""
    return any(
        isinstance(target, ast.Subscript)
        and isinstance(target.slice, ast.Constant)
        and target.slice.value in HEADERS
        for target in node.targets
    )


def _is_plain(answer: ast.expr, sources: Sources) -> bool:
    """Whether the headers of an answer can be read."""
    match answer:
        case ast.Constant() | ast.JoinedStr() | ast.List() | ast.Tuple():
            return True
        case ast.Await(value=value):
            return _is_plain(value, sources)
        case ast.IfExp(body=one, orelse=other):
            return _is_plain(one, sources) and _is_plain(other, sources)
        case ast.BoolOp(values=values):
            return all(_is_plain(value, sources) for value in values)
        case ast.Dict(keys=keys, values=values):
            return all(_is_plain_entry(key, value, sources) for key, value in zip(keys, values, strict=True))
        case ast.Name(id=name):
            return all(_is_plain(value, without) for value, without in _values_of(name, sources))
        case ast.Call(func=ast.Attribute(attr="dumps")):
            return True
        case ast.Call(func=ast.Name(id=name)) if name in sources.functions:
            return _returns_plainly(sources.functions[name], sources)
    return False


def _values_of(name: str, sources: Sources) -> Iterator[tuple[ast.expr, Sources]]:
    """What a name may be, each with the sources to read it by; what is not followed is a value that none reads."""
    given = () if name in sources.changed else sources.values.get(name, ())
    # `headers = headers or {}` names itself, which adds nothing.
    inner = replace(sources, values={**sources.values, name: [ast.Constant(None)]})
    yield from ((value or NOT_READ, inner) for value in given or (None,))


def _is_plain_entry(key: ast.expr | None, value: ast.expr, sources: Sources) -> bool:
    if key is None:
        return _is_plain(value, sources)
    if not isinstance(key, ast.Constant):
        return False
    return key.value not in HEADERS or _is_mapping(value, sources)


def _is_mapping(value: ast.expr, sources: Sources) -> bool:
    """Whether all names of headers can be read."""
    match value:
        case ast.Constant(value=None):
            return True
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, op=ast.BitOr(), right=other):
            return _is_mapping(one, sources) and _is_mapping(other, sources)
        case ast.BoolOp(values=values):
            return all(_is_mapping(part, sources) for part in values)
        case ast.Dict(keys=keys, values=values):
            return all(
                isinstance(key, ast.Constant) if key is not None else _is_mapping(part, sources)
                for key, part in zip(keys, values, strict=True)
            )
        case ast.Name(id=name):
            return all(_is_mapping(value, without) for value, without in _values_of(name, sources))
    return False
