"""Over every project and command: only files of ours change, and Git shows no secret."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run
from tests.functional.gen1 import amplify_project, full_project
from tests.functional.gen1.amplify_project import FUNCTION, REST_INPUTS, TEAM, contents, write
from tests.functional.gen1.full_project import write_full_project

SECRET = "hush-hush-hush"
OURS = ("amplify/environments/", "amplify/build/", "amplify/.local/", ".gitignore")
SHARED = "amplify/.config/local-env-info.json"
"""Which environment is checked out: Amplify keeps it there too, and Git ignores it."""
CREDENTIALS = [{"ProviderName": "Google", "client_id": "1", "client_secret": SECRET}]
COMMANDS = [
    ["init"],
    ["env", "add", "laptop", "--cloud", "local", "--from", "dev"],
    ["env", "list"],
    ["env", "checkout", "laptop"],
    ["status"],
    ["render"],
    ["validate"],
    ["push", "--dry-run"],
    ["policy"],
    ["local", "status"],
    ["env", "checkout", "dev"],
    ["render"],
    ["convert", "function/work"],
    ["adopt", "--undo"],
]


def imported(root: Path) -> None:
    """A project with an imported pool whose sign-in secrets Amplify keeps."""
    pool = {"userPoolId": "eu-west-1_Abc", "hostedUIProviderCreds": json.dumps(CREDENTIALS)}
    team = json.loads(json.dumps(TEAM))
    team["dev"]["categories"]["auth"] = {"users": pool}
    write(root, "amplify/team-provider-info.json", team)
    write(root, full_project.BACKEND_FILE, amplify_project.BACKEND)
    write(root, "amplify/backend/function/work/work-cloudformation-template.json", FUNCTION)
    write(root, "amplify/backend/function/work/src/index.js", "exports.handler = async () => 1;\n")
    write(root, "amplify/backend/api/web/cli-inputs.json", REST_INPUTS)


def managed(root: Path) -> None:
    """A project with every format, whose values for a managed pool hold secrets."""
    write_full_project(root)
    team = json.loads(json.dumps(full_project.TEAM))
    team["dev"]["categories"]["auth"] = {"users": {"hostedUIProviderCreds": json.dumps(CREDENTIALS)}}
    write(root, "amplify/team-provider-info.json", team)


def built(root: Path) -> None:
    """A project after `amplify build`, with overrides and hooks."""
    imported(root)
    write(root, "amplify/backend/api/web/override.ts", "export function override() {}\n")
    write(root, "amplify/hooks/pre-push.sh", "exit 1\n")
    write(root, "amplify/backend/api/web/build/web-cloudformation-template.json", FUNCTION)
    write(root, "amplify/backend/api/web/build/parameters.json", {"tableName": "orders"})


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.parametrize("project", [imported, managed, built])
def test_only_files_of_ours_change_and_git_shows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: Callable[[Path], None]
) -> None:
    root = tmp_path / "shop"
    project(root)
    git(root.parent, "init", "-q", str(root))
    git(root, "add", "-A")
    monkeypatch.chdir(root)
    before = {path: text for path, text in contents(root).items() if not path.startswith(".git/")}
    for command in COMMANDS:
        run(cli, command)  # whether it succeeds or is refused
        after = {path: text for path, text in contents(root).items() if not path.startswith(".git/")}
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        assert {path for path in changed if not path.startswith(OURS)} <= {SHARED}, command
        shown = {
            line[3:] for line in git(root, "status", "--porcelain", "-uall").splitlines() if line[:2] == "??"
        }
        assert all(path.startswith(("amplify/environments/", ".gitignore")) for path in shown), command
        assert not [path for path in shown if SECRET in (root / path).read_text()], command
