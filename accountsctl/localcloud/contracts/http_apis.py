"""An HTTP API as its data plane reads it: the state of this moment, which stages with AutoDeploy serve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from accountsctl.localcloud.contracts.access_logs import AccessLog


@dataclass(frozen=True)
class JwtRules:
    """A JWT authorizer: where the token is, who must have issued it, and for which clients."""

    source: str
    issuer: str
    audience: tuple[str, ...]


@dataclass(frozen=True)
class HttpIntegration:
    """A Lambda proxy integration; `seconds`: how long it waits."""

    function: str
    payload_version: str
    seconds: float


@dataclass(frozen=True)
class HttpRoute:
    """A route by its key (``GET /orders/{id}``, ``$default``); None if it has no integration or authorizer."""

    key: str
    integration: HttpIntegration | None
    authorizer: JwtRules | None
    scopes: tuple[str, ...] = ()
    iam: bool = False
    """Whether the request must be signed, by someone who may ``execute-api:Invoke`` it."""


@dataclass(frozen=True)
class HttpApi:
    """`stages`: the variables of each stage by its name; `cors`: the configuration, None without.

    `access_logs`: by the names of the stages that have one.
    """

    id: str
    region: str
    disabled: bool
    cors: Mapping[str, Any] | None
    routes: tuple[HttpRoute, ...]
    stages: Mapping[str, Mapping[str, str]]
    access_logs: Mapping[str, AccessLog] = field(default_factory=dict)


class HttpApis(Protocol):
    def http_api(self, api_id: str) -> HttpApi | None:
        """The HTTP API of an id, in any region; None if there is none."""
