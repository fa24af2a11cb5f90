"""What is said after a call that failed."""

from __future__ import annotations

from datetime import datetime

import pytest

from accountsctl.commands.functions.explained import FunctionCode
from accountsctl.commands.functions.logs import FunctionLog
from accountsctl.commands.users.unanswered import MOST_LINES, Unanswered
from accountsctl.ports.http import HttpAnswer
from tests.unit.commands.functions.test_logs import NOW, FakeLogs

PATHS = {"/accounts": ("GET", "POST"), "/accounts/{id}": ("GET",)}
HANDLER = b"def handler(event, context):\n    return {}\n"
JWT = "eyJhbGciOi.eyJzdWIiOiIxIn0.c2ln"


def code(name: str) -> FunctionCode:
    return FunctionCode(name, "index.handler", {"index.py": HANDLER})


def answer(status: int, kind: str = "", body: str = "{}") -> HttpAnswer:
    return HttpAnswer(status, "", (("x-amzn-ErrorType", kind),) if kind else (), body)


class World:
    """The logs of one function, and how often somebody waited for something in them."""

    def __init__(self) -> None:
        self.logs = FakeLogs()
        self.waits = 0

    def wait(self) -> None:
        self.waits += 1
        if self.waits == 2:
            self.logs.add("pay-dev", 2, "[ERROR] KeyError: 'late'")

    def explain(self, response: HttpAnswer, since: datetime = NOW) -> tuple[str, ...]:
        log = FunctionLog({"pay": "pay-dev"}, self.logs)
        return Unanswered(lambda: log, lambda: PATHS, 4, self.wait, code).explain(response, since)


@pytest.mark.parametrize("status", [200, 201, 304, 400, 401, 404])
def test_an_answer_of_the_application_needs_no_words(status: int) -> None:
    world = World()
    assert world.explain(answer(status)) == ()
    assert world.logs.since == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_after_a_failure_the_functions_last_error_is_shown_with_its_trace_and_the_next_step(
    status: int,
) -> None:
    world = World()
    world.logs.add("pay-dev", -100, "[ERROR] ValueError: of an earlier call")
    world.logs.add("pay-dev", 1, "[ERROR] KeyError: 'id'\r  File \"/var/task/index.py\", line 3")
    world.logs.add("pay-dev", 1, "REPORT RequestId: 1\tDuration: 1 ms\tStatus: error")
    assert world.explain(answer(status)) == (
        "pay: KeyError: 'id'",
        '    File "amplify/backend/function/pay/src/index.py", line 3',
        "See `accountsctl logs pay`.",
    )


def test_a_long_trace_is_cut_and_says_so() -> None:
    world = World()
    world.logs.add("pay-dev", 1, "[ERROR] RecursionError: too deep" + "\r  frame" * 50)
    shown = world.explain(answer(502))
    assert len(shown) == MOST_LINES + 2
    assert shown[-2:] == ("  ...", "See `accountsctl logs pay`.")


def test_no_token_of_the_log_is_shown() -> None:
    world = World()
    world.logs.add("pay-dev", 1, f"[ERROR] Refused: {JWT}")
    assert world.explain(answer(502))[0] == "pay: Refused: ***"


def test_an_event_that_comes_late_is_waited_for() -> None:
    world = World()
    assert world.explain(answer(502))[0] == "pay: KeyError: 'late'"
    assert world.waits == 2


@pytest.mark.parametrize(
    "text", ["1 Task timed out after 3.00 seconds", "RequestId: 1 Error: Runtime exited with error"]
)
def test_an_end_by_lambda_itself_is_shown(text: str) -> None:
    world = World()
    world.logs.add("pay-dev", 1, text)
    said = world.explain(answer(502))
    assert (said[0], said[-1]) == (f"pay: {text}", "See `accountsctl logs pay`.")
    assert "  at amplify/backend/function/pay/src/index.py:1" in said


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (502, "API Gateway could not read what it returned"),
        (504, "did not respond within the time"),
        (500, "pay logged no error"),
    ],
)
def test_without_an_error_in_the_log_the_status_says_what_is_wrong(status: int, words: str) -> None:
    world = World()
    world.logs.add("pay-dev", 1, "all is well")
    assert words in world.explain(answer(status))[0]


def test_where_nothing_was_logged_the_doctor_is_named() -> None:
    world = World()
    world.waits = 2  # so that nothing comes
    assert world.explain(answer(500)) == (
        "No function logged anything about it.",
        "See `accountsctl doctor`.",
    )


@pytest.mark.parametrize("kind", ["MissingAuthenticationTokenException", "IncompleteSignatureException"])
def test_a_path_that_does_not_exist_is_answered_with_those_that_do(kind: str) -> None:
    shown = World().explain(answer(403, kind))
    assert shown[1] == "The API has /accounts (GET, POST), /accounts/{id} (GET)."


def test_another_refusal_names_no_paths() -> None:
    assert World().explain(answer(403, "AccessDeniedException")) == ()
