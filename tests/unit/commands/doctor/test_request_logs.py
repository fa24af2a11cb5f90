"""The error of a refused request is looked up in the API's log by the request's id; what was answered well is not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from accountsctl.commands.doctor.cors import Findings
from accountsctl.commands.doctor.request_logs import MOST, with_logs
from accountsctl.doctor.diagnosis.diagnose import Certainty
from accountsctl.model.endpoints import HttpEndpoint
from accountsctl.model.errors import CloudError
from accountsctl.ports.telemetry import ApiLogged
from tests.unit.commands.doctor.recordings import ALLOWED, diagnosed, entry, preflight

CONFIGURATION = "Execution failed due to configuration error:"
FUNCTION = "Lambda execution failed with status 200 due to customer function error:"
URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
ANSWERED = {"x-amzn-requestid": "r-1", "x-amzn-errortype": "InternalServerErrorException"}
FAILED = diagnosed(preflight(URL), entry(url=URL, status=502, answered=ANSWERED, error="net::ERR_FAILED"))
WELL = diagnosed(preflight(URL), entry(url=URL, answered={**ALLOWED, "x-amzn-requestid": "r-2"}))


@dataclass
class Log:
    """The log of one API, or an error; what was asked for is kept."""

    error: CloudError | None = None
    reason: str = "Execution failed"
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def read(self, _endpoint: HttpEndpoint, _since: datetime) -> ApiLogged:
        return ApiLogged()

    def of_request(self, api: str, stage: str, request: str, _at: datetime) -> tuple[str, ...]:
        self.asked.append((api, stage, request))
        if self.error:
            raise self.error
        return (self.reason,)


def test_a_refused_request_has_its_error() -> None:
    log = Log()
    (found,) = with_logs(Findings((FAILED,)), log).diagnoses
    assert log.asked == [("abc123", "dev", "r-1")]
    assert found.logged == ("GET 502 (request r-1): Execution failed",)


def test_a_request_that_passes_is_not_looked_up() -> None:
    log = Log()
    assert with_logs(Findings((WELL,)), log).diagnoses == (WELL,)
    assert log.asked == []


def test_a_log_that_cannot_be_read_is_not_checked() -> None:
    log = Log(CloudError("The stage dev writes no execution log.", hint="Turn it on."))
    (found,) = with_logs(Findings((FAILED,)), log).diagnoses
    assert found.logged == ()
    assert found.not_checked[-1] == ("the API's log", "The stage dev writes no execution log. Turn it on.")


def test_only_a_few_requests_are_looked_up() -> None:
    log = Log()
    with_logs(Findings((FAILED,) * (MOST + 3)), log)
    assert len(log.asked) == MOST


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (f"{CONFIGURATION} Malformed Lambda proxy response", ["int.malformed"]),
        (
            f"{CONFIGURATION} Invalid permissions on Lambda function",
            ["int.no-permission", "int.wrong-source-arn"],
        ),
        (
            f"{FUNCTION} 2026-01-02T03:04:05.678Z 1a2b Task timed out after 3.00 seconds.",
            ["int.lambda-timeout"],
        ),
        (
            f"{FUNCTION} Response payload size exceeded maximum allowed payload size (6291556 bytes).",
            ["int.response-too-big"],
        ),
        (f"{FUNCTION} name 'x' is not defined.", ["int.throws"]),
        (f"{FUNCTION} An error occurred (DatabaseResumingException) when calling.", ["int.aurora-resume"]),
        ("Execution failed due to a timeout error", ["int.gateway-timeout"]),
        (
            f"{CONFIGURATION} No match for output mapping and no default endpoint configured.",
            ["int.selection-pattern", "preflight.mock-status-unmapped"],
        ),
        (
            f"{CONFIGURATION} statusCode should be an integer which defined in request template",
            ["preflight.mock-no-template"],
        ),
        (
            f"{CONFIGURATION} Output mapping refers to an invalid method response: 201",
            ["int.mapping-template", "preflight.binary-media"],
        ),
        (f"{CONFIGURATION} Authorizer error", ["auth.lambda-authorizer-500"]),
        (f"{CONFIGURATION} Invalid endpoint address", ["int.http-backend"]),
    ],
)
def test_the_cause_that_the_log_names_takes_the_place_of_several(reason: str, expected: list[str]) -> None:
    assert FAILED.certainty is Certainty.AMBIGUOUS
    (found,) = with_logs(Findings((FAILED,)), Log(reason=reason)).diagnoses
    assert found.root is not None
    assert sorted(suspect.card.id for suspect in (found.root, *found.alternatives)) == expected
    assert found.certainty is (Certainty.AMBIGUOUS if len(expected) > 1 else Certainty.CERTAIN)
    assert [evidence.place.source for evidence in found.root.evidence][-1] == "the API's log"
    assert found.root.evidence[-1].observed.endswith(reason)


def test_a_line_that_names_no_cause_leaves_them_as_they_are() -> None:
    (found,) = with_logs(Findings((FAILED,)), Log(reason="Method completed with status: 502")).diagnoses
    assert (found.root, found.alternatives, found.certainty) == (
        FAILED.root,
        FAILED.alternatives,
        FAILED.certainty,
    )


def test_a_cause_that_is_known_stays() -> None:
    known = replace(FAILED, certainty=Certainty.LIKELY)
    reason = f"{CONFIGURATION} Malformed Lambda proxy response"
    (found,) = with_logs(Findings((known,)), Log(reason=reason)).diagnoses
    assert found.root == FAILED.root
