"""What APIs and function URLs report of each request that they answered, for CloudWatch's metrics and for the log."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Protocol

from accountsctl.localcloud.contracts.access_logs import AccessLine


class EndpointKind(StrEnum):
    """What answers HTTP here."""

    REST = "REST API"
    HTTP = "HTTP API"
    URL = "function URL"


class MeasuredEndpoint(NamedTuple):
    """What CloudWatch counts requests by.

    `id` is that of the API or URL, and the name of its log; `name` is the value of the metrics' first dimension: the
    REST API's name, the HTTP API's id, the function's name. A function URL has no stage.
    """

    kind: EndpointKind
    region: str
    id: str
    name: str
    stage: str = ""


class AnsweredRequest(NamedTuple):
    """One request. `route` is the API's own path for it, `path` the one that was sent, without the query.

    `why` is what API Gateway writes to its execution log about a failure, and never sends to the client. `access` is
    the line of the stage's access log, if it has one.
    """

    endpoint: MeasuredEndpoint
    method: str
    route: str
    path: str
    status: int
    request_id: str
    why: str | None = None
    access: AccessLine | None = None


class RequestRecorder(Protocol):
    def record(self, answered: AnsweredRequest) -> None:
        """Count a request, and log it if it failed."""


class NoRecorder:
    """Records nothing: for an API that is served without its cloud."""

    def record(self, answered: AnsweredRequest) -> None:
        """Do nothing."""
