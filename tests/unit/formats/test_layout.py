"""A project's paths are composed in one module."""

from __future__ import annotations

import re
from pathlib import Path

from accountsctl.formats import layout
from accountsctl.model.names import ResourceId
from tests.unit.source_trees import constants_of

PACKAGE = Path(layout.__file__).parents[1]
OTHERS = {"localcloud", "cli"}
"""The embedded cloud knows no project; the command line's texts may mention a path."""
PROJECT_PATH = re.compile(r"amplify/(backend|environments|build|\.config|\.local|\.removed)\b|templates/$")


def test_no_other_module_composes_a_path_of_a_project() -> None:
    composed = [
        f"{path.relative_to(PACKAGE)}:{line}: {literal}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != Path(layout.__file__) and path.relative_to(PACKAGE).parts[0] not in OTHERS
        for line, literal in constants_of(path)
        if PROJECT_PATH.match(literal)
    ]
    assert composed == []


def test_each_path_is_the_one_that_amplify_uses() -> None:
    function = ResourceId("function", "accountsAPI")
    assert layout.parameters_file(function) == "amplify/backend/function/accountsAPI/parameters.json"
    assert layout.code_folder(function) == "amplify/backend/function/accountsAPI/src"
    assert layout.environment_file("dev") == "amplify/environments/dev.json"
    assert layout.build_file("dev", function) == "amplify/build/dev/function/accountsAPI.json"
    assert layout.template_file("function.yaml.j2") == "templates/function.yaml.j2"
