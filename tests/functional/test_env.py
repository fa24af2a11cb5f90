"""Environments on disk: sound before they are written, never two with one stack, never half of a checkout."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.cli import cli
from accountsctl.cli.boundary import run

STAGING = "amplify/environments/staging.json"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a pool, `dev` checked out, as the current folder."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    do("init", "shop")
    do("import", "auth", "users")
    return folder


def do(*words: str, expect: int = 0) -> None:
    assert run(cli, list(words)) == expect, words


def contents(root: Path) -> dict[str, bytes]:
    files = (each for each in root.rglob("*") if each.is_file())
    return {
        str(each.relative_to(root)): each.read_bytes()
        for each in files
        if not any(part.endswith(".tmp") for part in each.parts)
    }


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        (["--region", "nonsense"], '"region"'),
        (["--account", "12"], '"accountId"'),
        (["--profile", "two\nlines"], '"profile"'),
    ],
)
def test_an_environment_that_would_be_unsound_is_not_written(
    project: Path, capsys: pytest.CaptureFixture[str], flags: list[str], problem: str
) -> None:
    before = contents(project)
    do("env", "add", "staging", *flags, expect=2)
    assert problem in capsys.readouterr().err
    assert contents(project) == before


def test_a_new_environment_never_takes_the_stack_of_another(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("env", "add", "staging")
    path = project / STAGING
    path.write_text(path.read_text().replace("shop-staging", "shop-qa"))
    do("env", "add", "qa", expect=2)
    assert "staging has the stack shop-qa already" in capsys.readouterr().err
    assert not (project / "amplify/environments/qa.json").exists()
    do("env", "add", "qa", "--region", "eu-central-1")


def test_two_environments_with_one_stack_are_a_fault_of_both(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("env", "add", "staging")
    path = project / STAGING
    path.write_text(path.read_text().replace("shop-staging", "shop-dev"))
    for name, other in (("dev", "staging"), ("staging", "dev")):
        do("render", "-e", name, expect=2)
        told = capsys.readouterr().err
        assert f"amplify/environments/{name}.json:4" in told
        assert f"that of the environment {other} too" in told


def test_another_environment_that_is_broken_is_no_fault_of_this_one(project: Path) -> None:
    (project / STAGING).write_text("{")
    do("render", "-e", "dev")


KILLED = """
import os, signal, sys
from accountsctl.adapters.project_files import disk
from accountsctl.cli import cli
from accountsctl.cli.boundary import run

left = int(sys.argv[1])

def deadly(step):
    def done(*words, **named):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return step(*words, **named)
    return done

for name in ("write", "move", "set_mode", "make_folder", "remove"):
    setattr(disk.Disk, name, deadly(getattr(disk.Disk, name)))
sys.exit(run(cli, sys.argv[2:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["env", "checkout", "staging"],
        ["env", "add", "qa"],
        ["add", "rds", "db", "--database", "shop"],
        ["remove", "auth/users"],
    ],
    ids=" ".join,
)
def test_a_process_that_is_really_killed_before_any_step_leaves_old_or_new(
    project: Path, words: list[str]
) -> None:
    do("env", "add", "staging")
    old = contents(project)
    seen = list[dict[str, bytes]]()
    for step in range(100):
        for each in project.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        for path, content in old.items():
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(step), *words], check=False, capture_output=True
        )
        FileWorkspace(project)  # the next command finishes what is pending
        seen.append(contents(project))
        if done.returncode != -signal.SIGKILL:
            assert done.returncode == 0, done.stderr
            break
    new = seen[-1]
    assert new != old
    assert len(seen) > 2
    assert all(each in (old, new) for each in seen)


def completed(words: str, *, root: Path) -> list[str]:
    """What a bash completion offers after `words`; nothing may be said beside it."""
    environment = {
        **os.environ,
        "_ACCOUNTSCTL_COMPLETE": "bash_complete",
        "COMP_WORDS": f"accountsctl {words}",
        "COMP_CWORD": str(len(words.split(" "))),
    }
    command = [sys.executable, "-m", "accountsctl"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_the_shell_completes_what_outputs_is_asked_for(project: Path) -> None:
    assert completed("outputs ", root=project) == ["auth/users"]
    assert "UserPoolId" in completed("outputs auth/users ", root=project)
    do("env", "add", "staging")
    assert completed("push -e st", root=project) == ["staging"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("backend-config.json", b"\xff\xfe{"),
        ("backend-config.json", b"[]"),
        ("backend-config.json", b'{"auth": 3}'),
        ("amplify/environments/dev.json", b"{"),
        ("amplify/.config/local-env-info.json", b"3"),
        ("amplify/.config/local-pending.json", b"{"),
        ("templates/auth.yaml.j2", b"{% if"),
        ("amplify/backend/auth/users/template.json", b"{"),
    ],
)
def test_completing_in_a_broken_project_says_nothing(project: Path, file: str, text: bytes) -> None:
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_bytes(text)
    for words in ("remove ", "env checkout ", "outputs auth/users "):
        completed(words, root=project)


def test_a_journal_that_nobody_here_wrote_is_a_fault_and_no_traceback(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "amplify/.config/local-pending.json").write_text("{")
    do("env", "get", expect=2)
    assert "local-pending.json" in capsys.readouterr().err


def test_details_are_the_files_themselves(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    do("env", "add", "staging")
    capsys.readouterr()
    do("env", "list", "--details", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["staging"] == json.loads((project / STAGING).read_text())
