"""The error of a refused request is looked up in the API's log by the request's id; what was answered well is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from accountsctl.commands.doctor.cors import Findings
from accountsctl.commands.doctor.request_logs import MOST, with_logs
from accountsctl.model.endpoints import HttpEndpoint
from accountsctl.model.errors import CloudError
from accountsctl.ports.telemetry import ApiLogged
from tests.unit.commands.doctor.recordings import ALLOWED, diagnosed, entry, preflight

URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
ANSWERED = {"x-amzn-requestid": "r-1", "x-amzn-errortype": "InternalServerErrorException"}
FAILED = diagnosed(preflight(URL), entry(url=URL, status=502, answered=ANSWERED, error="net::ERR_FAILED"))
WELL = diagnosed(preflight(URL), entry(url=URL, answered={**ALLOWED, "x-amzn-requestid": "r-2"}))


@dataclass
class Log:
    """The log of one API, or an error; what was asked for is kept."""

    error: CloudError | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def read(self, _endpoint: HttpEndpoint, _since: datetime) -> ApiLogged:
        return ApiLogged()

    def of_request(self, api: str, stage: str, request: str, _at: datetime) -> tuple[str, ...]:
        self.asked.append((api, stage, request))
        if self.error:
            raise self.error
        return ("Execution failed",)


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
