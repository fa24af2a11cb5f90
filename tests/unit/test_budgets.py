"""How large a file, a function, a class or a parameter list may be, and that nothing is patched."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.unit.source_trees import nodes_of, python_files

ROOT = Path(__file__).parents[2]
FILE, FUNCTION, CLASS, PARAMETERS = 300, 40, 12, 6
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*folders: str) -> Iterator[tuple[str, Sequence[ast.AST], int]]:
    """Path, syntax nodes and number of lines of every module of ours."""
    for folder in folders:
        for path in python_files(ROOT / folder):
            yield path.relative_to(ROOT).as_posix(), nodes_of(path), path.read_bytes().count(b"\n")


def too_large(name: str, nodes: Sequence[ast.AST], lines: int) -> Iterator[str]:
    """What of a module is over a limit."""
    if lines > FILE:
        yield f"{name}: file"
    for node in nodes:
        match node:
            case ast.ClassDef() if sum(isinstance(part, Function) for part in node.body) > CLASS:
                yield f"{name}: class {node.name}"
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if (node.end_lineno or node.lineno) - node.lineno >= FUNCTION:
                    yield f"{name}: function {node.name}"
                if len(parameters(node)) > PARAMETERS:
                    yield f"{name}: parameters of {node.name}"


def parameters(node: Function) -> list[str]:
    """A function's parameters, without the object or class that it belongs to."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [argument.arg for argument in arguments if argument.arg not in ("self", "cls")]


def test_nothing_is_larger_than_its_limit() -> None:
    modules = sources("accountsctl", "tests", "tools", "bench")
    assert [entry for module in modules for entry in too_large(*module)] == []


def test_no_test_patches_an_attribute() -> None:
    me = Path(__file__).relative_to(ROOT).as_posix()
    patches = [
        f"{name}:{node.lineno}"
        for name, nodes, _ in sources("tests")
        if name != me
        for node in nodes
        if isinstance(node, ast.Attribute)
        and (node.attr == "setattr" or ast.unparse(node).startswith("mock.patch"))
    ]
    assert patches == []


def class_names() -> dict[str, list[str]]:
    """Where each class name is defined."""
    places = defaultdict(list)
    for name, nodes, _ in sources("accountsctl"):
        for node in nodes:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    return places


def test_a_class_name_means_one_thing() -> None:
    """Within the embedded cloud a name may recur in another room; the tool around it shares none with it."""
    shared = {
        name: places
        for name, places in class_names().items()
        if len(places) > 1 and not all(place.startswith("accountsctl/localcloud/") for place in places)
    }
    assert shared == {}


def test_at_most_a_tenth_of_the_signatures_say_any() -> None:
    functions = [
        node
        for _, nodes, _ in sources("accountsctl")
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    vague = [node for node in functions if says_any(node)]
    assert len(vague) <= CEILING_OF_ANY * len(functions), f"{len(vague)} of {len(functions)}"


CEILING_OF_ANY = 0.10


def says_any(node: Function) -> bool:
    """Whether a parameter or the result is annotated with Any, alone or within another type."""
    arguments = [
        *node.args.posonlyargs,
        *node.args.args,
        *node.args.kwonlyargs,
        node.args.vararg,
        node.args.kwarg,
    ]
    annotations = [argument.annotation for argument in arguments if argument] + [node.returns]
    return any(
        isinstance(part, ast.Name) and part.id == "Any"
        for annotation in annotations
        if annotation
        for part in ast.walk(annotation)
    )
