"""Python code as it runs for one HTTP method: branches for other methods, and what only they use, are left out.

Known are comparisons of something called a method with literal methods (``event["httpMethod"] == "GET"``,
``method in ("PUT", "PATCH")``, ``match method``). Of any other condition both branches stay.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.model.http_methods import METHODS

_METHOD = re.compile(r"method['\"]?(?:, ['\"\w]*)?[\])]*(?:\.upper\(\))?$", re.IGNORECASE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def cut_python(sources: Mapping[str, str], entry: str, verb: str) -> dict[str, ast.Module]:
    """The modules by name, without what the function `entry` does not reach for a method."""
    cut = {name: _cut(ast.parse(text), verb) for name, text in sources.items()}
    for function in [node for tree in cut.values() for node in ast.walk(tree) if isinstance(node, Function)]:
        used = {part.id for part in ast.walk(function) if isinstance(part, ast.Name) and _is_read(part)}
        function.body = [node for node in function.body if _given(node) in {"", *used}] or [ast.Pass()]
    used = _used(cut, entry)
    for tree in cut.values():
        tree.body = [node for node in tree.body if _defined(node) in {"", *used}]
    return cut


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _given(node: ast.stmt) -> str:
    """The one name that a statement gives a value; empty if it does anything else."""
    target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    return target.id if isinstance(target, ast.Name) else ""


def _defined(node: ast.stmt) -> str:
    """The function or the value that a statement defines; empty if it does anything else."""
    return node.name if isinstance(node, Function) else _given(node)


def _cut(node: Any, verb: str) -> Any:
    """A part of the tree, which is changed, as it runs for a method."""
    if isinstance(node, ast.IfExp) and (taken := _decided(node.test, verb)) is not None:
        return _cut(node.body if taken else node.orelse, verb)
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            setattr(node, name, _cut(value, verb))
        elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            setattr(node, name, _statements(value, verb) or ([ast.Pass()] if name == "body" else []))
        elif isinstance(value, list):
            setattr(node, name, [_cut(part, verb) if isinstance(part, ast.AST) else part for part in value])
    return node


def _statements(block: list[ast.stmt], verb: str) -> list[ast.stmt]:
    """The statements that run, to the first that ends the function."""
    kept: list[ast.stmt] = []
    for statement in block:
        taken = _branch(statement, verb)
        kept += [_cut(statement, verb)] if taken is None else _statements(taken, verb)
        if kept and isinstance(kept[-1], ast.Return | ast.Raise):
            break
    return kept


def _branch(statement: ast.stmt, verb: str) -> list[ast.stmt] | None:
    """What a statement runs for a method; None if another condition decides, or it has no branches."""
    if isinstance(statement, ast.If):
        taken = _decided(statement.test, verb)
        return None if taken is None else statement.body if taken else statement.orelse
    if not isinstance(statement, ast.Match) or not _is_method(statement.subject):
        return None
    for case in statement.cases:
        verbs = _verbs_of_pattern(case.pattern)
        if verbs is None or case.guard is not None:
            return None
        if verb in verbs or not verbs:
            return case.body
    return []


def _verbs_of_pattern(pattern: ast.pattern) -> set[str] | None:
    """The methods that a case is for, empty for all; None if it is another kind of case."""
    match pattern:
        case ast.MatchValue(value=ast.Constant(value=str(verb))):
            return {verb}
        case ast.MatchOr(patterns=patterns):
            found = [_verbs_of_pattern(part) for part in patterns]
            return {verb for verbs in found for verb in verbs or ()} if all(found) else None
        case ast.MatchAs(pattern=None):
            return set()
    return None


def _decided(test: ast.expr, verb: str) -> bool | None:
    """Whether a condition holds for a method; None if something else decides."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _decided(operand, verb)
            return None if inner is None else not inner
        case ast.BoolOp(op=op, values=values):
            parts = [_decided(value, verb) for value in values]
            ends = isinstance(op, ast.Or)
            return ends if ends in parts else None if None in parts else not ends
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            verbs = _verbs(right) if _is_method(left) else _verbs(left) if _is_method(right) else None
            if verbs is None or not isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn):
                return None
            return (verb in verbs) is isinstance(op, ast.Eq | ast.In)
    return None


def _is_method(node: ast.expr) -> bool:
    """Whether an expression seems to be the method of the request."""
    if isinstance(node, ast.BoolOp):
        return all(map(_is_method, node.values))
    return _METHOD.search(ast.unparse(node)) is not None


def _verbs(node: ast.expr) -> set[str] | None:
    """The methods that are written in an expression; None if it has anything else."""
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    found = {part.value for part in parts if isinstance(part, ast.Constant) and part.value in METHODS}
    return {str(verb) for verb in found} if len(found) == len(parts) else None


def _used(trees: Mapping[str, ast.Module], entry: str) -> set[str]:
    """The names that the function `entry` and the statements outside of functions use, and those that these use."""
    definitions: dict[str, list[ast.AST]] = {}
    waiting = [entry]
    for node in [node for tree in trees.values() for node in tree.body]:
        if name := _defined(node):
            definitions.setdefault(name, []).append(node)
        elif not isinstance(node, ast.ImportFrom) or any(alias.asname for alias in node.names):
            waiting += _names(node)
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += [other for node in definitions.get(name, ()) for other in _names(node)]
    return used


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.alias):
            yield part.name
