"""The syntax of our modules, read once in a process: the rules of the house look at all of it many times."""

from __future__ import annotations

import ast
import functools
import gc
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@functools.cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module's syntax tree, as `ast.walk` gives them; the module itself is the first."""
    with _kept():
        return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@functools.cache
def constants_of(path: Path) -> tuple[tuple[int, str], ...]:
    """Line and value of each text of a module that is not a docstring."""
    nodes = nodes_of(path)
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return tuple(
        (node.lineno, node.value)
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    )


@functools.cache
def tokens_of(path: Path) -> tuple[tokenize.TokenInfo, ...]:
    """The tokens of a module."""
    with _kept(), path.open("rb") as file:
        return tuple(tokenize.tokenize(file.readline))


def python_files(folder: Path) -> Iterator[Path]:
    """The modules below a folder, in the order of their paths; what the scaffold copies into projects is not ours."""
    return (path for path in sorted(folder.rglob("*.py")) if "scaffold" not in path.parts)


@contextmanager
def _kept() -> Iterator[None]:
    """What is made here stays to the end: the garbage collector, which would take most of the time, leaves it out."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
