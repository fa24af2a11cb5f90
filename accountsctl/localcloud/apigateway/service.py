"""API Gateway's data plane behind one door: deployments come in, requests are answered.

Which deployment answers is decided here; the way of a request through it is `pipeline`.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypedDict

from accountsctl.localcloud.apigateway import gateway_responses
from accountsctl.localcloud.apigateway.call import GatewayCall, extended_id, request_id
from accountsctl.localcloud.apigateway.control.control_plane import ControlPlane
from accountsctl.localcloud.apigateway.deployed.snapshot import ApiGatewayClients, DeployedApi
from accountsctl.localcloud.apigateway.deployed.stages import Stages
from accountsctl.localcloud.apigateway.errors import GatewayError, configuration_error
from accountsctl.localcloud.apigateway.limits.usage_plans import UsagePlans
from accountsctl.localcloud.apigateway.pipeline import DataPlane
from accountsctl.localcloud.contracts import access_logs
from accountsctl.localcloud.contracts.access_logs import AccessLine
from accountsctl.localcloud.contracts.api_snapshot import ApiSnapshot
from accountsctl.localcloud.contracts.lookups import Invoker, Lookups
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.requests import (
    AnsweredRequest,
    EndpointKind,
    MeasuredEndpoint,
    NoRecorder,
    RequestRecorder,
)

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import MethodSnapshotTypeDef, MethodTypeDef

ApiSummary = Mapping[str, Mapping[str, "MethodSnapshotTypeDef"]]
BODILESS = (204, 304)  # HTTP gives these no body, whatever a template left
LIVE = ("/apikeys", "/usageplans")
CONTROL = re.compile(r"^/restapis/(?P<api>[^/]+)(?:/deployments(?:/(?P<deployment>[^/]+))?)?(?P<rest>/.*)?$")


class DeployedState(TypedDict):
    """The gateway's own state as JSON: the snapshots by API and deployment."""

    snapshots: dict[str, dict[str, ApiSnapshot]]


class Gateway:
    """Serves deployed APIs.

    `deployed_apis` are the ids of those that have a deployment, as a view that needs no lock.
    `watched`: the shell calls `observe` after every control-plane call, so that stages need not be read
    again for each request. `recorder` is given each request that a stage answered.
    """

    def __init__(
        self,
        lookups: Lookups,
        invoker: Invoker,
        clients: ApiGatewayClients,
        changed: Callable[[], None],
        *,
        watched: bool = False,
        recorder: RequestRecorder | None = None,
    ) -> None:
        self._clients = clients
        self._recorder = recorder or NoRecorder()
        self._changed = changed
        self._stages = Stages(clients, keep=watched)
        self._usage_plans = UsagePlans(clients, keep=watched)
        self._plane = DataPlane(lookups, invoker, self._usage_plans)
        self._control = ControlPlane(lookups, clients, self._plane, self._snapshot)
        self._lock = threading.Lock()
        self._snapshots: dict[str, dict[str, ApiSnapshot]] = {}
        self.deployed_apis = self._snapshots.keys()
        self._ready: dict[tuple[str, str], DeployedApi] = {}

    # control plane

    def control(self, request: Request, region: str) -> Response | None:
        """The answer to a control-plane call that is the gateway's own; None for any other."""
        return self._control.respond(request, region)

    def deployed(self, region: str, api_id: str, deployment_id: str) -> None:
        """Take the snapshot of a deployment that was just made. Raises UnsupportedApi; see `control`."""
        snapshot = self._control.read(region, api_id, deployment_id)
        with self._lock:
            self._snapshots.setdefault(api_id, {})[deployment_id] = snapshot
            self._ready.pop((api_id, deployment_id), None)
        self._stages.forget(api_id)
        self._changed()

    def observe(self, request: Request, response: Response, region: str) -> None:
        """Take note of a control-plane call that was answered: deployments, stages, deletions."""
        if request.method == "GET" or response.status >= 300:
            return
        if request.path.startswith(LIVE):
            self._usage_plans.forget()
        found = CONTROL.match(request.path)
        if found is None:
            return
        api_id = found["api"]
        if request.method == "POST" and _is_deployments(request.path):
            self.deployed(region, api_id, json.loads(response.body)["id"])
        elif request.method == "DELETE" and found["rest"] in (None, "/"):
            self._drop(api_id, found["deployment"])
        self._stages.forget(api_id)

    def summary(self, api_id: str, deployment_id: str) -> ApiSummary | None:
        """`apiSummary` of GetDeployment: authorization of each path and verb, as it was deployed."""
        snapshot = self._snapshot(api_id, deployment_id)
        if snapshot is None:
            return None
        return {
            resource["path"]: {verb: _summary(method) for verb, method in resource["methods"].items()}
            for resource in snapshot["resources"]
            if resource["methods"]
        }

    def dump(self) -> DeployedState:
        """Every snapshot, as JSON."""
        with self._lock:
            snapshots = {api: dict(deployments) for api, deployments in self._snapshots.items()}
            return {"snapshots": snapshots}

    def load(self, state: DeployedState) -> None:
        """What `dump` gave."""
        with self._lock:
            self._snapshots.clear()
            self._snapshots.update({api: dict(held) for api, held in state["snapshots"].items()})
            self._ready.clear()

    # data plane

    def handle(self, request: Request, api_id: str, stage: str, path: str) -> Response:
        """Answer one request; `path` is what follows the stage, still encoded."""
        try:
            call = self._call(request, api_id, stage, path or "/")
        except GatewayError as error:
            return _marked(gateway_responses.bare(error), request_id(), extended_id())
        failed = None
        try:
            response = self._plane.serve(call)
        except GatewayError as error:
            response, failed = gateway_responses.respond(error, call), error
        self._recorder.record(_answered(call, response, failed))
        return _marked(response, call.request_id, call.extended_id)

    def _call(self, request: Request, api_id: str, stage_name: str, path: str) -> GatewayCall:
        held = self._snapshots.get(api_id)
        region = next(iter(held.values()))["region"] if held else None
        stage = self._stages.get(region, api_id, stage_name) if region and stage_name else None
        if held is None or stage is None:
            raise GatewayError(None, "Forbidden", status=403, error_type="ForbiddenException")
        if stage.deployment_id not in held:
            raise configuration_error("The deployment of the stage is not known")
        api = self._api(api_id, stage.deployment_id)
        if api.settings.get("disableExecuteApiEndpoint") or api.private:
            raise GatewayError(None, "Forbidden", status=403, error_type="ForbiddenException")
        return GatewayCall(request, api, stage, path)

    def _api(self, api_id: str, deployment_id: str) -> DeployedApi:
        key = (api_id, deployment_id)
        with self._lock:
            if key not in self._ready:
                self._ready[key] = DeployedApi(self._snapshots[api_id][deployment_id])
            return self._ready[key]

    def _snapshot(self, api_id: str, deployment_id: str) -> ApiSnapshot | None:
        return self._snapshots.get(api_id, {}).get(deployment_id)

    def _drop(self, api_id: str, deployment_id: str | None) -> None:
        with self._lock:
            if deployment_id is None:
                self._snapshots.pop(api_id, None)
                self._plane.authorizers.forget(api_id)
                self._plane.cache.forget(api_id)
            else:
                self._snapshots.get(api_id, {}).pop(deployment_id, None)
            for key in [key for key in self._ready if key[0] == api_id]:
                del self._ready[key]
        self._changed()


def _answered(call: GatewayCall, response: Response, failed: GatewayError | None) -> AnsweredRequest:
    api, route = call.api, call.resource.path if call.resource else call.path
    endpoint = MeasuredEndpoint(
        EndpointKind.REST, api.region, api.id, str(api.settings.get("name")), call.stage.name
    )
    why = (failed.why or failed.message) if failed else None
    access = _access_line(call, response, failed) if call.stage.access_log else None
    answered = (call.request.method, route, call.path, response.status, call.request_id)
    return AnsweredRequest(endpoint, *answered, why, access)


def _access_line(call: GatewayCall, response: Response, failed: GatewayError | None) -> AccessLine:
    assert call.stage.access_log is not None
    context = {
        **call.context(),
        "status": response.status,
        "responseLength": len(response.body),
        "responseLatency": int((time.time() - call.seconds) * 1000),
        "integrationLatency": call.integration_milliseconds,
        "integration": {"latency": call.integration_milliseconds},
        "xrayTraceId": call.trace_id,
    }
    if failed is not None:
        context["integrationErrorMessage"] = failed.why
        context["error"] = {
            "message": failed.message,
            "messageString": json.dumps(failed.message),
            "responseType": failed.kind,
        }
    return access_logs.line(call.stage.access_log, call.api.id, call.stage.name, context)


def _marked(response: Response, request: str, extended: str) -> Response:
    """With the two headers by which an answer of API Gateway can be distinguished from any other's."""
    marks = (("x-amzn-RequestId", request), ("x-amz-apigw-id", extended))
    body = b"" if response.status in BODILESS else response.body
    return Response(response.status, (*marks, *response.headers), body)


def _is_deployments(path: str) -> bool:
    return path.rstrip("/").endswith("/deployments") and path.count("/") - path.endswith("/") == 3


def _summary(method: MethodTypeDef) -> MethodSnapshotTypeDef:
    return {
        "authorizationType": method.get("authorizationType") or "NONE",
        "apiKeyRequired": bool(method.get("apiKeyRequired")),
    }
