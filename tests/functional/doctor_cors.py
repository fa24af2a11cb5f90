"""`doctor cors` as its user calls it: what its tests share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
from click.testing import CliRunner, Result

from accountsctl.cli import cli

SAMPLE = Path(__file__).parents[2]
SCHEMA = json.loads((SAMPLE / "accountsctl/doctor/schema.json").read_text())
PARAMETERS = "amplify/backend/api/accountsAPI/parameters.json"
ORIGIN = "https://app.example.com"
STATIC = ("--layer", "static")


def cors(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(cli, ["doctor", "cors", *words], input=stdin)


def reported(result: Result) -> Any:
    value = json.loads(result.stdout)
    jsonschema.validate(value, SCHEMA)
    return value


def set_authorization(project: Path, value: str) -> None:
    path = project / PARAMETERS
    path.write_text(path.read_text().replace("COGNITO_USER_POOLS", value))
