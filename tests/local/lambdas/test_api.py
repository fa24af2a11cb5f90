"""Lambda's Invoke API."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.lambdas import Functions
from accountsctl.localcloud.lambdas.code import unpacked
from accountsctl.localcloud.lambdas.errors import InvokeError
from accountsctl.localcloud.lambdas.pool import Pool
from tests.local.lambdas.conftest import FakeLookups, zipped

Make = Callable[..., FunctionConfig]
REGION = "eu-west-1"


def invoke(functions: Functions, name: str, body: bytes = b"{}", query: str = "", **headers: str) -> Response:
    sent = tuple((key.replace("_", "-"), value) for key, value in headers.items())
    path = f"/2015-03-31/functions/{name}/invocations"
    return functions.handle(Request("POST", path, query, sent, body), REGION)


def test_request_response_answers_the_payload(functions: Functions, lookups: FakeLookups, make: Make) -> None:
    lookups.functions["f"] = make("def handler(e, c): print('hello'); return e")
    response = invoke(functions, "f", b'{"a": 1}', X_Amz_Log_Type="Tail")
    assert response.status == 200
    assert json.loads(response.body) == {"a": 1}
    assert response.header("X-Amz-Function-Error") is None
    assert b"hello" in base64.b64decode(response.header("X-Amz-Log-Result") or "")
    assert response.header("X-Amz-Executed-Version") == "$LATEST"


def test_an_empty_body_is_an_empty_object(functions: Functions, lookups: FakeLookups, make: Make) -> None:
    lookups.functions["f"] = make("def handler(e, c): return e")
    assert invoke(functions, "f", b"").body == b"{}"


def test_a_function_error_is_a_200_with_a_header(
    functions: Functions, lookups: FakeLookups, make: Make
) -> None:
    lookups.functions["f"] = make("def handler(e, c): return 1 / 0")
    response = invoke(functions, "f")
    assert (response.status, response.header("X-Amz-Function-Error")) == (200, "Unhandled")
    assert json.loads(response.body)["errorType"] == "ZeroDivisionError"


def test_an_event_is_accepted_and_run_later(
    functions: Functions, lookups: FakeLookups, make: Make, tmp_path: Path
) -> None:
    lookups.functions["f"] = make(f"def handler(e, c): open({str(tmp_path / 'done')!r}, 'w').close()")
    assert invoke(functions, "f", X_Amz_Invocation_Type="Event").status == 202
    for _ in range(300):
        if (tmp_path / "done").exists():
            return
        threading.Event().wait(0.01)
    pytest.fail("the event was never handled")


def test_a_dry_run_runs_nothing(
    functions: Functions, lookups: FakeLookups, make: Make, tmp_path: Path
) -> None:
    lookups.functions["f"] = make("")
    assert invoke(functions, "f", X_Amz_Invocation_Type="DryRun").status == 204
    assert not (tmp_path / "functions" / "code").exists()


def test_an_unknown_function_is_not_found(functions: Functions) -> None:
    response = invoke(functions, "nope")
    assert response.status == 404
    assert response.header("x-amzn-ErrorType") == "ResourceNotFoundException"
    assert json.loads(response.body) == {
        "Type": "User",
        "Message": f"Function not found: arn:aws:lambda:{REGION}:123456789012:function:nope:$LATEST",
    }


def test_a_name_may_be_an_encoded_arn(functions: Functions, lookups: FakeLookups, make: Make) -> None:
    lookups.functions["f"] = make("def handler(e, c): return 1")
    assert invoke(functions, "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Af").status == 200


@pytest.mark.parametrize(
    ("name", "query", "refusal"),
    [
        (
            "arn:aws:lambda:us-east-1:123456789012:function:f",
            "",
            (404, "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')"),
        ),
        (
            "f:live",
            "Qualifier=2",
            (400, "The derived qualifier from the function name does not match the specified qualifier."),
        ),
    ],
    ids=["another Region", "two qualifiers"],
)
def test_a_name_that_contradicts_the_call_is_refused_in_lambdas_words(
    functions: Functions, lookups: FakeLookups, make: Make, name: str, query: str, refusal: tuple[int, str]
) -> None:
    lookups.functions["f"] = make("def handler(e, c): return 1")
    response = invoke(functions, name, query=query)
    body = json.loads(response.body)
    assert (response.status, body.get("Message") or body.get("message")) == refusal


@dataclass(frozen=True)
class BadRequest:
    """A request that Invoke refuses, and the refusal."""

    body: bytes
    status: int
    error: str
    invocation_type: str = "RequestResponse"


@pytest.mark.parametrize(
    "bad",
    [
        BadRequest(b"{", 400, "InvalidRequestContentException"),
        BadRequest(b'"' + b"x" * 6 * 1024 * 1024 + b'"', 413, "RequestTooLargeException"),
        BadRequest(b'"' + b"x" * 1024 * 1024 + b'"', 413, "RequestEntityTooLargeException", "Event"),
        BadRequest(b"{}", 400, "InvalidParameterValueException", "Later"),
    ],
    ids=["not JSON", "over 6 MiB", "an event over 1 MiB", "an unknown invocation type"],
)
def test_bad_requests_are_refused(
    functions: Functions, lookups: FakeLookups, make: Make, bad: BadRequest
) -> None:
    lookups.functions["f"] = make("")
    response = invoke(functions, "f", bad.body, X_Amz_Invocation_Type=bad.invocation_type)
    assert (response.status, response.header("x-amzn-ErrorType")) == (bad.status, bad.error)


def test_an_unknown_runtime_is_refused(functions: Functions, lookups: FakeLookups, make: Make) -> None:
    lookups.functions["f"] = make("", runtime="dotnet8")
    response = invoke(functions, "f", X_Amz_Invocation_Type="Event")
    assert (response.status, response.header("x-amzn-ErrorType")) == (502, "InvalidRuntimeException")


def test_a_function_whose_concurrency_is_reserved_to_nothing_is_throttled(
    functions: Functions, lookups: FakeLookups, make: Make
) -> None:
    lookups.functions["f"] = make("def handler(e, c): return 1", reserved=0)
    assert invoke(functions, "f").status == 429


def test_a_closed_service_refuses(functions: Functions, lookups: FakeLookups, make: Make) -> None:
    lookups.functions["f"] = make("")
    functions.close()
    assert invoke(functions, "f").status == 503


def test_code_is_unpacked_once_and_never_outside_its_folder(tmp_path: Path) -> None:
    code = zipped({"../evil.py": "x", "pkg/mod.py": "y"})
    home = unpacked(code, tmp_path / "code")
    assert (home / "pkg" / "mod.py").read_text() == "y"
    assert not (tmp_path / "evil.py").exists()
    (home / "mark").touch()
    assert unpacked(code, tmp_path / "code") == home
    assert (home / "mark").exists()
    assert list((tmp_path / "code").iterdir()) == [home]


class FakeSandbox:
    """Counts what happens to it."""

    def __init__(self) -> None:
        self.usable = True
        self.closed = 0

    def close(self) -> None:
        self.closed += 1

    def kill(self) -> None:
        self.usable = False


def test_a_pool_whose_sandboxes_stay_busy_throttles() -> None:
    pool = Pool(FakeSandbox, limit=1, patience=0.01)  # type: ignore[arg-type]
    with pool.sandbox(), pytest.raises(InvokeError) as refused, pool.sandbox():
        pass
    assert refused.value.kind == "TooManyRequestsException"


def test_a_dead_sandbox_is_replaced() -> None:
    pool = Pool(FakeSandbox, limit=1)  # type: ignore[arg-type]
    with pool.sandbox() as first:
        pass
    first.kill()
    with pool.sandbox() as second:
        assert second is not first
    assert first.closed == 1  # type: ignore[attr-defined]


def test_a_busy_sandbox_of_a_retired_pool_ends_when_it_comes_back() -> None:
    pool = Pool(FakeSandbox, limit=1)  # type: ignore[arg-type]
    with pool.sandbox() as busy:
        pool.retire()
        assert busy.closed == 0  # type: ignore[attr-defined]
    assert busy.closed == 1  # type: ignore[attr-defined]
