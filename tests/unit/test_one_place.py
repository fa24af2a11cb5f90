"""What has one place in the package stands nowhere else. The embedded cloud keeps its own, by contract."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import accountsctl
from accountsctl.doctor.browser import console
from accountsctl.doctor.browser.cors_error import ON_PREFLIGHT, CorsError
from accountsctl.model import cors_headers, data_mappings
from accountsctl.model.http_methods import METHODS
from accountsctl.model.loopback import IPV4, IPV6
from tests.unit.source_trees import nodes_of, python_files

PACKAGE = Path(accountsctl.__file__).parent
OTHER = "localcloud"
SET_OF_METHODS = 5
"""Shorter lists mean something of their own: the methods that the Fetch standard calls safe, those with a body."""


def syntax() -> Iterator[tuple[str, Sequence[ast.AST]]]:
    for file in python_files(PACKAGE):
        path = file.relative_to(PACKAGE)
        if path.parts[0] != OTHER:
            yield path.as_posix(), nodes_of(file)


def texts(node: ast.AST) -> list[str]:
    """The strings directly in a list, a tuple or a set, or one string that is such a list."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.split(",")
    elements = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else []
    return [each.value for each in elements if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def test_the_http_methods_are_listed_once() -> None:
    lists = [
        f"{path}:{node.lineno}"
        for path, nodes in syntax()
        for node in nodes
        if isinstance(node, ast.expr)
        and len({text.upper() for text in texts(node)} & set(METHODS)) >= SET_OF_METHODS
    ]
    assert [place.partition(":")[0] for place in lists] == [
        "doctor/browser/fetch.py",
        "model/http_methods.py",
    ]


def test_the_addresses_of_this_machine_are_written_once() -> None:
    places = {
        path
        for path, nodes in syntax()
        for node in nodes
        if isinstance(node, ast.Constant) and node.value in (IPV4, IPV6)
    }
    assert places == {"model/loopback.py"}


def test_the_composition_root_only_builds() -> None:
    tree = ast.parse((PACKAGE / "bootstrap.py").read_text("utf-8"))
    decisions = (ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.With, ast.Match, ast.Raise, ast.Compare)
    typing_only = next(node for node in tree.body if isinstance(node, ast.If))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, decisions)] == [typing_only.lineno]
    assert len((PACKAGE / "bootstrap.py").read_text("utf-8").splitlines()) <= 150


def test_the_headers_of_cors_are_named_once() -> None:
    names = {value for name, value in vars(cors_headers).items() if name.isupper()}
    places = {
        path
        for path, nodes in syntax()
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in names
    }
    assert places == {"model/cors_headers.py"}


def test_the_names_of_data_mappings_are_written_once() -> None:
    names = {value for name, value in vars(data_mappings).items() if name.isupper()}
    places = {
        path
        for path, nodes in syntax()
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names
    }
    assert places == {"model/data_mappings.py"}


def test_the_reasons_of_a_browser_are_named_once() -> None:
    places = {
        path
        for path, nodes in syntax()
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.removeprefix(ON_PREFLIGHT) in set(CorsError)
    }
    assert places == {"doctor/browser/cors_error.py"}


def test_what_a_console_says_is_written_once() -> None:
    sentences = (console.MISSING, console.NOT_EQUAL, console.NOT_STAR, console.NOT_OK, console.NO_REDIRECT)
    places = [
        path
        for path, nodes in syntax()
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(sentence in node.value for sentence in sentences)
    ]
    assert places == ["doctor/browser/console.py"] * len(sentences)
