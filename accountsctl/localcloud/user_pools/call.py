"""One operation of a user pool, with what its triggers need to know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from accountsctl.localcloud.contracts.dispatch import ServiceTarget
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.user_pools import PoolTriggers
from accountsctl.localcloud.user_pools.triggers import Occasion

ADMIN_CLIENT = "CLIENT_ID_NOT_APPLICABLE"


@dataclass(frozen=True)
class PoolCall:
    """The request, its JSON body, and its pool."""

    request: Request
    where: ServiceTarget
    body: Mapping[str, Any]
    pool: PoolTriggers

    @property
    def client_id(self) -> str:
        return str(self.body.get("ClientId") or ADMIN_CLIENT)

    @property
    def username(self) -> str:
        parameters: Mapping[str, str] = (
            self.body.get("AuthParameters") or self.body.get("ChallengeResponses") or {}
        )
        return str(self.body.get("Username") or parameters.get("USERNAME") or "")

    @property
    def metadata(self) -> dict[str, dict[str, str]]:
        """The clientMetadata of the trigger's request; nothing if the call has none."""
        given = self.body.get("ClientMetadata")
        return {"clientMetadata": dict(given)} if given else {}

    def occasion(self, name: str, source: str, user: str | None = None) -> Occasion:
        return Occasion(name, f"{name}_{source}", self.client_id, user or self.username)


def body_of(message: Request | Response) -> dict[str, Any]:
    """The JSON object of a message; empty if it has none."""
    try:
        body = json.loads(message.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def with_body(response: Response, body: Mapping[str, Any]) -> Response:
    """The response with another body."""
    headers = tuple(pair for pair in response.headers if pair[0].lower() != "content-length")
    return replace(response, headers=headers, body=json.dumps(body).encode())


def attributes_of(given: object) -> dict[str, str]:
    """A list of Name and Value as a mapping."""
    pairs = given if isinstance(given, list) else []
    return {str(pair["Name"]): str(pair.get("Value", "")) for pair in pairs}
