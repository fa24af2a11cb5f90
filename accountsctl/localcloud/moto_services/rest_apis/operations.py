"""Which operation of API Gateway a request is, by botocore's model of the service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services.apps import JsonObject, backends
from accountsctl.localcloud.moto_services.rest_routes import rest_routes

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from moto.apigateway.models import APIGatewayBackend, RestAPI

MODES = ("", "merge", "overwrite")


class GatewayFault(Exception):
    """The error of a call, as API Gateway answers it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def bad_request(message: str) -> GatewayFault:
    """400 BadRequestException."""
    return GatewayFault(400, "BadRequestException", message)


def not_found(message: str) -> GatewayFault:
    """404 NotFoundException."""
    return GatewayFault(404, "NotFoundException", message)


def conflict(message: str) -> GatewayFault:
    """409 ConflictException."""
    return GatewayFault(409, "ConflictException", message)


def not_imitated(what: str) -> GatewayFault:
    """501 for what the embedded cloud does not do."""
    return GatewayFault(501, "NotImplemented", f"The embedded cloud does not imitate {what}.")


@dataclass(frozen=True)
class ControlCall:
    """One call: its operation, the parameters in its path and query by their names on the wire, and its body."""

    model: OperationModel
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: JsonObject
    region: str

    @property
    def name(self) -> str:
        """The operation's name, such as `PutMethod`."""
        return str(self.model.name)

    @property
    def status(self) -> int:
        """The status of a success, by the model."""
        return int(self.model.http.get("responseCode", 200))

    @property
    def backend(self) -> APIGatewayBackend:
        """moto's state of API Gateway in the call's region."""
        backend: APIGatewayBackend = backends("apigateway")[ACCOUNT][self.region]
        return backend

    @property
    def api(self) -> RestAPI | None:
        """The REST API that the path names; None if there is none."""
        return self.backend.apis.get(self.path.get("restapi_id", ""))

    @property
    def operations(self) -> list[JsonObject]:
        """The patch operations of an Update call."""
        return list(self.body.get("patchOperations") or [])


def call_of(request: Request, region: str) -> ControlCall | None:
    """The call that a request is; None if the model has no such operation."""
    query = parse_qs(request.query, keep_blank_values=True)
    for route in rest_routes("apigateway"):
        path = route.path_of(request)
        # `mode` of a query is part of an operation's path, or one of its parameters.
        if path is not None and _mode(query) in ((_mode(parse_qs(route.query)),) if route.query else MODES):
            return ControlCall(route.model, path, query, _body(request, route.model), region)
    return None


def _body(request: Request, model: OperationModel) -> JsonObject:
    """The members of a JSON body; none for a call whose body is a document of the caller's own."""
    if not request.body or model.name in ("ImportRestApi", "PutRestApi", "ImportApiKeys"):
        return {}
    try:
        body = json.loads(request.body)
    except ValueError:
        raise bad_request("Invalid request input") from None
    if not isinstance(body, dict):
        raise bad_request("Invalid request input")
    return body


def _mode(query: Mapping[str, list[str]]) -> str:
    return query.get("mode", [""])[0]
