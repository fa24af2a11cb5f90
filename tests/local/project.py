"""A copy of the sample project with its own embedded cloud, driven as its user would: by the command."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from accountsctl.adapters.invocation import Settings
from accountsctl.bootstrap import Application
from accountsctl.ports.database import Database
from tests.local.commands import COMMAND as COMMAND
from tests.local.commands import run_command
from tests.sample import copy_sample_files

SAMPLE = Path(__file__).parents[2]
RDS = "amplify/backend/rds/accountsCluster/parameters.json"
API = "amplify/backend/api/accountsAPI/parameters.json"
HANDLER = "amplify/backend/function/accountsAPI/src/index.py"


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class LocalProject:
    """A project in a folder. `run` runs a command in it, without a terminal."""

    root: Path

    def run(self, *words: str, expect: int | None = 0, stdin: str = "", **environment: str) -> Done:
        ended = run_command(words, self.root, {**os.environ, "COLUMNS": "120", **environment}, stdin)
        if expect is not None:
            assert ended.returncode == expect, f"{words}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        return Done(ended.returncode, ended.stdout, ended.stderr)

    def edit(self, file: str, **changes: Any) -> None:
        path = self.root / file
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}, indent=2))

    def sql(self, statement: str) -> list[dict[str, Any]]:
        """Rows of the database, through the Data API and without a process of its own."""
        found = _database(self.root).execute(statement)
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    def cloud(self) -> Any:
        """`local status`."""
        return self.run("local", "status", "--json").json

    def client(self, service: str) -> Any:
        """A boto3 client of the embedded cloud; which class that is depends on the service's name."""
        session = Application(Settings(self.root)).session
        return session.client(service)

    def statements(self, resource: str) -> list[dict[str, Any]]:
        """The statements of the role that a function of the deployed environment has, as IAM holds them."""
        role = self.run("outputs", resource, "LambdaExecutionRole").out.strip()
        iam = self.client("iam")
        documents = [
            iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        ]
        return [statement for document in documents for statement in document["Statement"]]

    def aws(self) -> Any:
        """The variables with which AWS is the embedded cloud."""
        return self.run("local", "env", "--json").json


@cache
def _database(root: Path) -> Database:
    return Application(Settings(root)).database(None)


def copy_sample(root: Path) -> LocalProject:
    """The sample as a fresh clone has it, with `dev` checked out."""
    copy_sample_files(root)
    project = LocalProject(root)
    project.run("env", "checkout", "dev")
    return project


def unthrottle(project: LocalProject) -> None:
    """Let tests send as fast as they can; what throttling does is shown by tests of the gateway."""
    project.edit(API, throttling={"rateLimit": 5000, "burstLimit": 5000})
