"""A project that is built by commands: what the tests of editing share."""

from __future__ import annotations

import json
from pathlib import Path

from accountsctl.cli import cli
from accountsctl.cli.boundary import run

BACKEND = "backend-config.json"


def do(*words: str, expect: int = 0) -> None:
    assert run(cli, list(words)) == expect, words


def contents(root: Path) -> dict[str, bytes]:
    """Everything that is read of a project; what a killed command left half-made has a name that nobody reads."""
    files = (each for each in root.rglob("*") if each.is_file())
    return {
        str(each.relative_to(root)): each.read_bytes()
        for each in files
        if not any(part.endswith(".tmp") for part in each.parts)
    }


def backend(root: Path) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = json.loads((root / BACKEND).read_text())
    return found


def shop() -> None:
    """A whole backend, by flags alone."""
    do("init", "shop")
    do("import", "auth", "users")
    do("add", "rds", "db", "--database", "shop")
    do("add", "function", "hello", "--runtime", "python3.14")
    do("add", "dependency", "function/hello", "rds/db", "Arn", "SecretArn")
    do("add", "api", "web", "--path", "/hello", "--function", "hello", "--methods", "get,post")
