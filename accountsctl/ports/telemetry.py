"""What is measured of a running environment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accountsctl.model.endpoints import HttpEndpoint


@dataclass(frozen=True)
class Errors:
    """How often a function failed, and the last failure in one line without secrets (empty if none is reported)."""

    count: int
    latest: str = ""


class Telemetry(Protocol):
    """What is measured of a running environment (adapters: `aws.telemetry`, `machine`)."""

    def errors(self, function: str, since: datetime) -> Errors:
        """A function's failures since then; CloudError if that is not reported."""

    def capacity(self, cluster: str, /) -> float | None:
        """A Serverless cluster's capacity units now, 0 where it is paused; None if nothing is measured."""


@dataclass(frozen=True)
class Minute:
    """The requests to an API in the minute that begins at `begins`: all, refused ones (4xx), failed ones (5xx)."""

    begins: datetime
    requests: int
    refused: int
    failed: int

    @property
    def is_good(self) -> bool:
        """Whether some request succeeded, and none failed."""
        return not self.failed and self.requests > self.refused


@dataclass(frozen=True)
class FailedCall:
    """What a log has of a request that failed: when, which (``GET /items``; empty if it does not say), and why."""

    at: datetime
    request: str
    reason: str


@dataclass(frozen=True)
class ApiLogged:
    """What the log of an API has. `written` is False if the API writes none, or none that may be read.

    `complete`: `failed` are all failed calls whose routes have not succeeded since then.
    """

    failed: tuple[FailedCall, ...] = ()
    written: bool = True
    complete: bool = False


@dataclass(frozen=True)
class ApiErrors:
    """The requests to an API, by the minutes in which there were any, oldest first, and what its log has."""

    minutes: tuple[Minute, ...]
    logged: ApiLogged


class ApiLog(Protocol):
    """Why calls of APIs failed (adapters: `aws.execution_logs`, `api_log_files`)."""

    def read(self, endpoint: HttpEndpoint, since: datetime) -> ApiLogged:
        """What failed since then, oldest first."""

    def of_request(self, api: str, stage: str, request: str, at: datetime, /) -> tuple[str, ...]:
        """What the log of an API's stage has of one request, oldest line first, without secrets.

        `request` is its id (x-amzn-RequestId), `at` about when it was sent. Empty if the log has nothing of it;
        CloudError if there is no log, or if it may not be read.
        """


class ApiTelemetry(Protocol):
    """How often calls of APIs fail (adapter: `aws.api_errors`)."""

    def api_errors(self, endpoint: HttpEndpoint, since: datetime) -> ApiErrors:
        """The requests since then; CloudError if that is not reported."""
