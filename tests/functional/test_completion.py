"""The shell completes commands, environments, resources and attributes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functional.shop import do, shop


def completed(words: str, *, root: Path) -> list[str]:
    """What a bash completion offers after `words`."""
    environment = {
        **os.environ,
        "_ACCOUNTSCTL_COMPLETE": "bash_complete",
        "COMP_WORDS": f"accountsctl {words}",
        "COMP_CWORD": str(len(words.split(" "))),
    }
    command = [sys.executable, "-m", "accountsctl"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_the_shell_completes_commands_environments_resources_and_attributes(project: Path) -> None:
    shop()
    assert "checkout" in completed("env ", root=project)
    assert completed("env checkout ", root=project) == ["dev"]
    assert completed("remove rds", root=project) == ["rds/db"]
    assert completed("add dependency function/hello rds/db ", root=project) == [
        "Arn",
        "DatabaseName",
        "Name",
        "SecretArn",
    ]


def test_the_shell_completes_what_is_typed_after_a_flag_or_to_call(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop()
    profiles = project / "config"
    profiles.write_text("[default]\nregion = eu-west-1\n[profile shop]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(profiles))
    assert completed("call PO", root=project) == ["POST"]
    assert completed("call GET /h", root=project) == ["/hello"]
    assert "python3.14" in completed("add function x --runtime python", root=project)
    assert completed("push --region eu-west-1", root=project) == ["eu-west-1"]
    assert completed("push --profile s", root=project) == ["shop"]
    assert completed("env add x --profile s", root=project) == ["shop"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("env add x --region eu-west-1", ["eu-west-1"]),
        ("init x --region eu-west-1", ["eu-west-1"]),
        ("push --allow-data-loss r", ["rds/db"]),
        ("call GET /hello --api ", ["web"]),
        ("auth token --auth ", ["users"]),
        ("db status --resource ", ["db"]),
        ("doctor cors --path /", ["/hello"]),
        ("update function hello --runtime nodejs24", ["nodejs24.x"]),
        ("convert a", ["auth/users"]),
        ("restore ", ["api/other"]),
    ],
)
def test_a_name_of_the_project_or_of_aws_is_completed_wherever_one_is_typed(
    project: Path, words: str, offered: list[str]
) -> None:
    shop()
    do("add", "api", "other", "--path", "/other", "--function", "hello")
    do("remove", "api/other")
    assert [name for name in completed(words, root=project) if name != "api/web"] == offered


def test_completing_in_a_broken_project_offers_nothing_and_says_nothing(project: Path) -> None:
    do("init", "shop")
    (project / "amplify/environments/dev.json").write_text("{")
    assert completed("remove ", root=project) == ["resource", "dependency", "trigger"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    do("completion", shell)
    assert "_ACCOUNTSCTL_COMPLETE" in capsys.readouterr().out
