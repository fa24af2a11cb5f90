"""What is said after a call that failed."""

from __future__ import annotations

from datetime import datetime

import pytest

from accountsctl.commands.functions.explained import FunctionCode
from accountsctl.commands.functions.logs import FunctionLog
from accountsctl.commands.users.unanswered import (
    MOST_LINES,
    RefusedAccess,
    Unanswered,
    by_path,
)
from accountsctl.model.endpoints import EndpointRoute, HttpEndpointKind
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

    def __init__(self, access: RefusedAccess | None = None, reasons: tuple[str, ...] = ()) -> None:
        self.logs = FakeLogs()
        self.waits = 0
        self.access = access or RefusedAccess()
        self.reasons = reasons
        self.handler = ""

    def wait(self) -> None:
        self.waits += 1
        if self.waits == 2:
            self.logs.add("pay-dev", 2, "[ERROR] KeyError: 'late'")

    def explain(self, response: HttpAnswer, since: datetime = NOW) -> tuple[str, ...]:
        log = FunctionLog({"pay": "pay-dev"}, self.logs)
        looked_at = Unanswered(
            log=lambda: log,
            paths=lambda: PATHS,
            reasons=lambda _: self.reasons,
            access=self.access,
            looks=4,
            wait=self.wait,
            code=code,
            handler=lambda: self.handler,
        )
        return looked_at.explain(response, since)


@pytest.mark.parametrize(("handler", "explained"), [("pay", True), ("", False)])
def test_a_response_that_cannot_be_read_is_explained_though_nothing_was_logged(
    handler: str, explained: bool
) -> None:
    world = World(reasons=("Execution failed due to configuration error: Malformed Lambda proxy response",))
    world.handler, world.waits = handler, 9  # nothing comes late
    said = "\n".join(world.explain(answer(502)))
    assert ("pay logged no error, but API Gateway could not read what it returned." in said) == explained
    assert ('"statusCode"' in said) == explained


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
@pytest.mark.parametrize(
    ("method", "path", "reason"),
    [
        ("GET", "/nope?limit=3", "The API has no path /nope."),
        ("GET", "/accounts/1/more", "The API has no path /accounts/1/more."),
        ("FETCH", "/accounts?limit=3", "/accounts does not take FETCH."),
        ("DELETE", "/accounts/7", "/accounts/{id} does not take DELETE."),
        (
            "GET",
            "/accounts",
            "GET /accounts takes signed requests only (AWS_IAM), or it is not deployed yet.",
        ),
    ],
)
def test_a_path_that_does_not_exist_is_named_with_those_that_do(
    kind: str, method: str, path: str, reason: str
) -> None:
    shown = World(RefusedAccess(method=method, path=path)).explain(answer(403, kind))
    assert shown == (reason, "The API has /accounts (GET, POST), /accounts/{id} (GET).")


def test_a_signed_request_of_a_path_that_exists_is_not_asked_for_a_signature() -> None:
    access = RefusedAccess(signed=True, method="GET", path="/accounts")
    shown = World(access).explain(answer(403, "MissingAuthenticationTokenException"))
    assert shown[0] == "GET /accounts is not deployed yet."


def test_another_refusal_names_no_paths() -> None:
    assert World().explain(answer(403, "AccessDeniedException")) == ()


def test_the_reason_of_the_apis_own_log_is_shown_where_no_function_logged_an_error() -> None:
    reason = f"Invalid permissions on Lambda function {JWT}"
    world = World(reasons=("older", reason))
    world.waits = 2
    assert world.explain(answer(500)) == (
        "No function logged anything about it.",
        "The log of the API: Invalid permissions on Lambda function ***",
        "See `accountsctl doctor`.",
    )
    world.logs.add("pay-dev", 1, "all is well")
    assert world.explain(answer(500))[:2] == (
        "pay logged no error.",
        "The log of the API: Invalid permissions on Lambda function ***",
    )


HTTP = RefusedAccess(HttpEndpointKind.HTTP)
URL = RefusedAccess(HttpEndpointKind.URL, "AWS_IAM")


@pytest.mark.parametrize(
    ("access", "response", "words"),
    [
        (HTTP, answer(404, body='{"message": "Not Found"}'), "The API has /accounts (GET, POST)"),
        (HTTP, answer(401, body='{"message":"Unauthorized"}'), "takes a current token"),
        (HTTP, answer(403, body='{"message":"Forbidden"}'), "--iam"),
        (URL, answer(403, "AccessDeniedException"), "signed requests only"),
        (URL, answer(403, "AccessDeniedException"), "--iam"),
        (RefusedAccess(URL.kind, "AWS_IAM", signed=True), answer(403, "AccessDeniedException"), "policy"),
        (RefusedAccess(URL.kind, "NONE"), answer(403, "AccessDeniedException"), "lambda:InvokeFunctionUrl"),
    ],
)
def test_a_refusal_of_an_http_api_or_a_function_url_is_explained(
    access: RefusedAccess, response: HttpAnswer, words: str
) -> None:
    assert words in " ".join(World(access).explain(response))


@pytest.mark.parametrize(
    ("access", "response"),
    [
        (HTTP, answer(404, body='{"message": "no such order"}')),
        (HTTP, answer(404, body="no JSON")),
        (HTTP, answer(403, "MissingAuthenticationTokenException")),
        (URL, answer(403)),
        (URL, answer(404)),
    ],
)
def test_an_answer_of_the_function_itself_is_not_explained(
    access: RefusedAccess, response: HttpAnswer
) -> None:
    assert World(access).explain(response) == ()


def test_a_function_that_is_not_a_resource_has_no_command_for_its_log() -> None:
    world = World()
    world.logs.add("shop-F", 1, "[ERROR] KeyError: 'id'")
    log = FunctionLog({"custom/shop#F": "shop-F"}, world.logs)
    explained = Unanswered(lambda: log, dict, lambda _: (), HTTP, 1, world.wait, code)
    assert explained.explain(answer(500), NOW) == (
        "custom/shop#F: KeyError: 'id'",
        "See `accountsctl doctor`.",
    )


def test_routes_are_named_by_path() -> None:
    routes = [EndpointRoute("POST", "/a", "NONE"), EndpointRoute("GET", "/a", "JWT")]
    assert by_path([*routes, EndpointRoute("ANY", "$default", "NONE")]) == {
        "/a": ("GET", "POST"),
        "$default": ("ANY",),
    }
