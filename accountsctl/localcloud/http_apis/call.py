"""One HTTP request to a function URL or an HTTP API, and what is known about it so far."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.localcloud.contracts.http_events import trace_id
from accountsctl.localcloud.contracts.identifiers import new_uuid
from accountsctl.localcloud.contracts.messages import Request


@dataclass(frozen=True)
class HttpCall:
    """`path` is that of the event; `host` is AWS's name for the endpoint; `account` as the event shows it."""

    request: Request
    path: str
    api_id: str
    host: str
    account: str
    route_key: str = "$default"
    stage: str = "$default"
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    stage_variables: Mapping[str, str] = field(default_factory=dict)
    authorizer: Mapping[str, object] | None = None
    request_id: str = field(default_factory=new_uuid)
    seconds: float = field(default_factory=time.time)

    @property
    def trace_id(self) -> str:
        """X-Ray's trace header for this request; one that the client sent is kept."""
        return trace_id(self.request, self.seconds, self.request_id)
