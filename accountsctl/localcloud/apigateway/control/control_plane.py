"""The control-plane calls that are the gateway's own: it refuses deployments that it could not serve, tries live
methods and authorizers, exports what is deployed, and flushes what a stage has kept. All others are moto's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, unquote

from accountsctl.localcloud.apigateway.control import test_invoke
from accountsctl.localcloud.apigateway.control.test_invoke import InvocationRequest
from accountsctl.localcloud.apigateway.control.unsupported import reasons, reasons_of
from accountsctl.localcloud.apigateway.deployed.snapshot import ApiGatewayClients, DeployedApi, take
from accountsctl.localcloud.apigateway.errors import UnsupportedApi
from accountsctl.localcloud.apigateway.pipeline import DataPlane
from accountsctl.localcloud.contracts.api_snapshot import ApiSnapshot
from accountsctl.localcloud.contracts.lookups import Lookups
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.openapi import write

Snapshots = Callable[[str, str], ApiSnapshot | None]
DEPLOYMENTS = re.compile(r"/restapis/([^/]+)/deployments/?")
METHOD = re.compile(r"/restapis/([^/]+)/resources/([^/]+)/methods/([^/]+)/?")
AUTHORIZER = re.compile(r"/restapis/([^/]+)/authorizers/([^/]+)/?")
CACHE = re.compile(r"/restapis/([^/]+)/stages/([^/]+)/cache/(data|authorizers)/?")
EXPORT = re.compile(r"/restapis/([^/]+)/stages/([^/]+)/exports/([^/]+)/?")


class ControlPlane:
    """`snapshots` gives the snapshot of an API's deployment, None if it was never deployed here."""

    def __init__(
        self, lookups: Lookups, clients: ApiGatewayClients, plane: DataPlane, snapshots: Snapshots
    ) -> None:
        self._lookups = lookups
        self._clients = clients
        self._plane = plane
        self._snapshots = snapshots

    def respond(self, request: Request, region: str) -> Response | None:
        """The answer to a call of the gateway's own; None for any other."""
        if request.method == "GET":
            found = EXPORT.fullmatch(request.path)
            return self._export(request, region, *found.groups()) if found else None
        if request.method == "DELETE":
            found = CACHE.fullmatch(request.path)
            return self._flush(*found.groups()) if found else None
        if request.method != "POST":
            return None
        if found := DEPLOYMENTS.fullmatch(request.path):
            return self._refuse(region, found[1])
        if found := METHOD.fullmatch(request.path):
            return self._try_method(request, region, *found.groups())
        if found := AUTHORIZER.fullmatch(request.path):
            return self._try_authorizer(request, region, *found.groups())
        return None

    def read(self, region: str, api_id: str, deployment_id: str) -> ApiSnapshot:
        """The live state of an API, as a snapshot. Raises UnsupportedApi."""
        snapshot = take(self._clients("apigateway", region), region, api_id, deployment_id)
        found = reasons(DeployedApi(snapshot))
        if found:
            raise UnsupportedApi(found)
        return snapshot

    def _refuse(self, region: str, api_id: str) -> Response | None:
        try:
            self.read(region, api_id, "")
        except UnsupportedApi as unsupported:
            return _bad_request(str(unsupported))
        except self._clients("apigateway", region).exceptions.NotFoundException:
            return None  # the call itself says which API is not there
        return None

    def _flush(self, api_id: str, stage: str, what: str) -> Response:
        kept = self._plane.cache if what == "data" else self._plane.authorizers
        kept.forget(api_id, unquote(stage))
        return Response(202)

    def _live(self, region: str, api_id: str) -> DeployedApi | None:
        client = self._clients("apigateway", region)
        try:
            return DeployedApi(take(client, region, api_id, ""))
        except client.exceptions.NotFoundException:
            return None

    def _try_method(self, request: Request, region: str, api_id: str, resource: str, verb: str) -> Response:
        api = self._live(region, api_id)
        if api is None:
            return _not_found("Invalid Resource identifier specified")
        found = next((candidate for candidate in api.resources if candidate.id == resource), None)
        if found is None:
            return _not_found("Invalid Resource identifier specified")
        if verb not in found.methods:
            return _not_found("Invalid Method identifier specified")
        unsupported_reasons = reasons_of(api, found.methods[verb])
        if unsupported_reasons:
            return _bad_request("; ".join(unsupported_reasons))
        return _json(test_invoke.invoke_method(self._plane, api, found, verb, _invocation(request)))

    def _try_authorizer(self, request: Request, region: str, api_id: str, authorizer: str) -> Response:
        api = self._live(region, api_id)
        if api is None or authorizer not in api.authorizers:
            return _not_found("Invalid Authorizer identifier specified")
        settings = api.authorizers[authorizer]
        return _json(
            test_invoke.invoke_authorizer(self._plane, self._lookups, api, settings, _invocation(request))
        )

    def _export(self, request: Request, region: str, api_id: str, stage: str, kind: str) -> Response:
        client = self._clients("apigateway", region)
        name = unquote(stage)
        try:
            deployment = client.get_stage(restApiId=api_id, stageName=name)["deploymentId"]
        except client.exceptions.NotFoundException:
            return _not_found("Invalid stage identifier specified")
        snapshot = self._snapshots(api_id, deployment)
        if snapshot is None:
            return _not_found("Invalid Deployment identifier specified")
        if kind not in write.KINDS:
            return _bad_request(f"No API exporter for type '{kind}'")
        wanted = ",".join(parse_qs(request.query).get("extensions", []))
        document = write.document(snapshot, name, kind, {part.strip() for part in wanted.split(",") if part})
        yaml = "yaml" in (request.header("Accept") or "")
        text, content_type = write.text(document, yaml=yaml)
        disposition = f'attachment; filename="{write.filename(snapshot, kind, yaml=yaml)}"'
        headers = (("Content-Type", content_type), ("Content-Disposition", disposition))
        return Response(200, headers, text.encode())


def _invocation(request: Request) -> InvocationRequest:
    invocation: InvocationRequest = json.loads(request.body or b"{}")
    return invocation


def _json(value: object) -> Response:
    return Response(200, (("Content-Type", "application/json"),), json.dumps(value).encode())


def _error(status: int, kind: str, message: str) -> Response:
    headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", kind))
    return Response(status, headers, json.dumps({"message": message}).encode())


def _bad_request(message: str) -> Response:
    return _error(400, "BadRequestException", message)


def _not_found(message: str) -> Response:
    return _error(404, "NotFoundException", message)
