"""At a terminal, what is missing is asked for, with choices, and a wrong answer is asked again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pexpect  # type: ignore[import-untyped]  # it has no annotations
import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run

COMMAND = Path(sys.executable).parent / "accountsctl"
DIALOGUE = [
    ("Which name", "my api!"),
    ("Type letters and digits, a letter first.", "web"),
    ("Which path? [/web]", "hello"),
    ("Type a path such as /items", "/hello"),
    ("1  hello", ""),
    ("2  (new function)", ""),
    ("Which function handles", "nothing"),
    ("Type a number from 1 to 2, or one of these names", "1"),
    ("Which methods", "fetch"),
    ("Type methods such as get,post.", "get, Post"),
    ("2  iam", ""),
    ("Who may call them", "3"),
]


WITHOUT_FUNCTION = [
    ("Which name", "web"),
    ("The project has no user pool yet", ""),
    ("Which path", "/hello"),
    ("1  (new function)", ""),
    ("Which function handles the requests? [(new function)]", "\r"),
    ("Which methods", "get"),
]


def answered(project: Path, dialogue: list[tuple[str, str]]) -> int:
    """`add api` at a terminal, each question answered; the exit code."""
    child = pexpect.spawn(str(COMMAND), ["add", "api"], cwd=str(project), encoding="utf-8", timeout=60)
    for shown, typed in dialogue:
        child.expect_exact(shown)
        if typed:
            child.sendline(typed)
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus)


def test_add_api_adds_the_function_too(project: Path) -> None:
    assert run(cli, ["init", "shop"]) == 0
    backend = project / "amplify/backend"
    new = [("Which name has the new function? [web]", "worker"), ("Which runtime", "nodejs24.x")]
    assert answered(project, [*WITHOUT_FUNCTION, ("Who may call them", "cognito"), *new]) == 2
    assert not (backend / "function").exists()  # the pool is missing: nothing was added
    assert answered(project, [*WITHOUT_FUNCTION, ("Who may call them", "none"), *new]) == 0
    parameters = json.loads((backend / "api/web/parameters.json").read_text())
    assert parameters["paths"]["/hello"]["function"] == "worker"
    assert json.loads((backend / "function/worker/parameters.json").read_text())["runtime"] == "nodejs24.x"


def test_add_api_asks_for_everything_and_asks_again(project: Path) -> None:
    for words in (["init", "shop"], ["add", "function", "hello", "--runtime", "python3.14"]):
        assert run(cli, words) == 0
    assert answered(project, DIALOGUE) == 0
    parameters = json.loads((project / "amplify/backend/api/web/parameters.json").read_text())
    assert parameters["paths"]["/hello"]["function"] == "hello"
    assert "NONE" in json.dumps(parameters)


@pytest.mark.parametrize("words", ["add api", "add function", "add rds"])
def test_without_a_terminal_the_missing_name_is_an_error(
    words: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cli, ["init", "shop"]) == 0
    assert run(cli, words.split()) == 2
    assert "NAME is missing." in capsys.readouterr().err
