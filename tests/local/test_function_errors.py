"""A function that fails, as its author sees it: by `call`, by `logs`, by `invoke`."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.local.project import COMMAND, HANDLER, LocalProject, copy_sample

pytestmark = pytest.mark.slow

BROKEN = """\
import json
import time


def price(account):
    return account["price"]


def handler(event, context):
    print("asked for", event.get("path"), flush=True)
    match event.get("path"):
        case "/accounts":
            return price({})
        case "/accounts/text":
            return "a text"
    return {"statusCode": 200, "body": json.dumps({"ok": True})}
"""
TRACE = f'File "{HANDLER}", line 6, in price'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    made = copy_sample(tmp_path_factory.mktemp("broken") / "accounts")
    (made.root / HANDLER).write_text(BROKEN)
    made.run("push", "--yes")
    yield made
    made.run("local", "stop")


def test_a_call_that_fails_shows_the_file_and_the_line_of_the_error(project: LocalProject) -> None:
    said = project.run("call", "GET", "/accounts", expect=1).err
    assert said.startswith("502 Bad Gateway\naccountsAPI: KeyError: 'price'\n")
    assert TRACE in said
    assert "See `accountsctl logs accountsAPI`." in said


def test_an_answer_of_a_wrong_shape_is_explained(project: LocalProject) -> None:
    said = project.run("call", "GET", "/accounts/text", expect=1).err
    assert "accountsAPI logged no error, but API Gateway could not read what it returned." in said
    assert '"statusCode"' in said


def test_doctor_names_a_call_that_fails_though_no_function_logged_an_error(project: LocalProject) -> None:
    project.run("call", "GET", "/accounts/text", expect=1)
    calls = check_of_calls(project, 1)
    assert calls["outcome"] == "finding"
    assert "GET /accounts/text: Execution failed due to configuration error: Malformed" in calls["told"]
    assert calls["next"] == "accountsctl call GET /accounts/text --api api/accountsAPI"
    logged = project.run("local", "logs").out
    assert " 502 GET /dev/accounts/text on /accounts/{id} " in logged
    assert "eyJ" not in logged

    project.run("call", "GET", "/accounts/fine")
    assert "/accounts/text" not in check_of_calls(project, None)["told"]


def check_of_calls(project: LocalProject, expect: int | None) -> Any:
    """The check of the calls."""
    found = project.run("doctor", "--json", expect=expect).json["checks"]
    return next(check for check in found if check["check"] == "calls")


def test_a_path_that_does_not_exist_is_answered_with_those_that_do(project: LocalProject) -> None:
    said = project.run("call", "GET", "/acounts", expect=1).err
    assert "The API has /accounts (GET, POST), /accounts/{id} (DELETE, GET, PATCH, PUT)." in said


def test_the_log_has_the_trace_in_the_projects_own_file(project: LocalProject) -> None:
    project.run("call", "GET", "/accounts", expect=1)
    assert TRACE in project.run("logs").out
    failed = project.run("logs", "accountsAPI", "--filter", "KeyError", "--json").json
    assert {line["level"] for line in failed} == {"ERROR"}
    assert all(TRACE in line["message"] for line in failed)
    nothing = project.run("logs", "--filter", "no line has this")
    assert nothing.out == ""
    assert 'Nothing that contains "no line has this" was logged in the last 10m.' in nothing.err


def test_a_followed_log_shows_what_comes_and_ends_with_ctrl_c(project: LocalProject) -> None:
    words = [str(COMMAND), "logs", "-f", "--since", "2h", "--filter", "asked for"]
    with subprocess.Popen(
        words, cwd=project.root, stdout=subprocess.PIPE, text=True, env={**os.environ}
    ) as run:
        assert run.stdout is not None
        project.run("call", "GET", "/accounts/followed")
        while "asked for /accounts/followed" not in (line := run.stdout.readline()):
            assert line, "the log ended"
        project.run("call", "GET", "/accounts/again")
        while "asked for /accounts/again" not in (line := run.stdout.readline()):
            assert line, "the log ended"
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=20) == 0


def test_an_invocation_prints_what_is_returned_and_says_what_was_logged(project: LocalProject) -> None:
    fine = project.run("invoke", "accountsAPI", "-e", "-", stdin='{"path": "/"}')
    assert fine.json == {"statusCode": 200, "body": '{"ok": true}'}
    assert "asked for /" in fine.err
    failed = project.run("invoke", "function/accountsAPI", "-e", "-", stdin='{"path": "/accounts"}', expect=1)
    assert failed.json["errorType"] == "KeyError"
    assert TRACE in failed.err


@pytest.mark.parametrize("kind", ["api", "cognito", "dynamodb", "http-api", "s3", "schedule", "sns", "sqs"])
def test_an_event_of_each_kind_can_be_sent(project: LocalProject, kind: str) -> None:
    assert project.run("invoke", "accountsAPI", "--generate", kind).json["statusCode"] == 200


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (("nosuch",), "", "There is no function nosuch"),
        (("accountsAPI", "--generate", "fax"), "", "--generate fax is not a kind of event."),
        (("accountsAPI", "-e", "-"), "{", "The event in stdin is not JSON."),
        (("accountsAPI", "-e", "gone.json"), "", "gone.json cannot be read."),
        (("accountsAPI", "-e", "-", "--generate", "s3"), "{}", "exclude each other"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    project: LocalProject, words: tuple[str, ...], stdin: str, said: str
) -> None:
    assert said in project.run("invoke", *words, stdin=stdin, expect=2).err
