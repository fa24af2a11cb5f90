"""Every command has a schema of what it prints with --json, and the schema is one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from accountsctl.model.errors import (
    ChangeSetRefused,
    Fault,
    ProjectError,
    RefusedChange,
    StackFailed,
    UsageError,
)
from accountsctl.ui.errors import error_json
from tests.unit.cli.test_finish import COMMANDS

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "docs" / "schemas" / "commands.json").read_text("utf-8")
)
NO_ONE_VALUE = {"db shell", "dev", "help", "completion"}


def test_every_command_that_prints_one_value_has_a_schema_and_no_other() -> None:
    assert set(SCHEMA["properties"]) == COMMANDS.keys() - NO_ONE_VALUE


def test_the_schema_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "error",
    [
        UsageError("What.", hint="Next."),
        ProjectError([Fault("a.json", 1, "A.")]),
        StackFailed("What.", hint="Next."),
        ChangeSetRefused("s", [RefusedChange((), "No.")]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_is_as_its_schema_says(error: Any) -> None:
    jsonschema.validate(error_json(error), {"$defs": SCHEMA["$defs"], "$ref": "#/$defs/error"})
