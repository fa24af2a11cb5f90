"""Every port has a contract: one suite over its adapter and, if tests use a fake of the port, over that too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PORTS = sorted(path.stem for path in (TESTS.parent / "accountsctl" / "ports").glob("[a-z]*.py"))


def classes(path: Path) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef))


def imported(path: Path) -> dict[str, str]:
    """The names that a module imports, with the module that each comes from."""
    imports = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
    ]
    return {alias.name: node.module or "" for node in imports for alias in node.names}


def protocols(port: str) -> set[str]:
    """The names of a port's protocols."""
    return {
        node.name
        for node in classes(TESTS.parent / "accountsctl" / "ports" / f"{port}.py")
        if any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
    }


@pytest.mark.parametrize("port", PORTS)
def test_every_port_has_a_suite_of_its_name_over_an_adapter(port: str) -> None:
    names = imported(TESTS / "contract" / f"test_{port}.py")

    assert protocols(port) <= names.keys()
    assert any(module.startswith("accountsctl.adapters.") for module in names.values())


def test_every_fake_is_held_to_a_contract() -> None:
    fakes = {node.name for path in (TESTS / "fakes").glob("*.py") for node in classes(path)}
    suites = (TESTS / "contract").glob("test_*.py")
    held = {name for suite in suites for name in imported(suite)}

    assert {name for name in fakes if name.startswith("Fake")} - held == set()
