"""HTTP APIs in moto's API Gateway v2, as their data plane reads them; what it accepts and no one plays is refused."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from accountsctl.localcloud.contracts.access_logs import AccessLog
from accountsctl.localcloud.contracts.http_apis import HttpApi, HttpIntegration, HttpRoute, JwtRules
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.errors import not_imitated, refusal

if TYPE_CHECKING:
    from moto.apigatewayv2.models import Api, Authorizer, Integration, Route
    from moto.apigatewayv2.responses import ApiGatewayV2Response

SCOPE = "apigatewayv2"
URI = re.compile(r"^arn:[^:]+:apigateway:[^:]+:lambda:path/[^/]+/functions/(.+)/invocations$")
PLAYED = re.compile(r"/v2/(apis(/[^/]+(/(routes|integrations|stages|authorizers|cors)(/.+)?)?)?|tags/.+)/?")
ROUTE_KEY = re.compile(r"\$default|(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|ANY) /\S*")
NO_ROUTE_KEY = (
    "The provided route key is not formatted properly for HTTP protocol. Format should be "
    '"<HTTP METHOD> /<RESOURCE PATH>" or "$default"'
)
SECONDS = 30.0
VALUES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "apis": ("protocolType", ("HTTP",)),
    "authorizers": ("authorizerType", ("JWT",)),
    "integrations": ("integrationType", ("AWS_PROXY",)),
    "routes": ("authorizationType", ("NONE", "JWT", "AWS_IAM")),
}
"""By what a path names: the member that may have these values only."""
MEMBERS: Mapping[str, tuple[str, ...]] = {
    "apis": ("target", "routeKey", "credentialsArn"),
    "integrations": ("integrationSubtype", "requestParameters", "responseParameters", "tlsConfig"),
    "routes": ("requestParameters", "requestModels"),
    "stages": ("deploymentId", "routeSettings"),
}
"""Members that nothing follows."""


def install() -> None:
    """Add GetAuthorizers to moto.apigatewayv2. Once per process."""
    responses = importlib.import_module("moto.apigatewayv2.responses").ApiGatewayV2Response
    responses.get_authorizers = _get_authorizers


def _get_authorizers(response: ApiGatewayV2Response) -> tuple[int, dict[str, str], str]:
    api_id = response.path.rstrip("/").split("/")[-2]
    authorizers = response.apigatewayv2_backend.get_api(api_id).authorizers.values()
    return 200, {}, json.dumps({"items": [authorizer.to_json() for authorizer in authorizers]})


def refusal_of(request: Request) -> Response | None:
    """501 for what moto accepts and no data plane follows; None for any other call."""
    if not PLAYED.fullmatch(request.path):
        return not_imitated(SCOPE, f"{request.method} {request.path} of API Gateway v2", request)
    if request.method == "PUT":
        return not_imitated(SCOPE, "an import of an HTTP API outside of CloudFormation", request)
    if request.method not in ("POST", "PATCH"):
        return None
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        return None  # moto refuses it
    kind = request.path.rstrip("/").split("/")[4:5] or ["apis"]
    if kind[0] == "routes" and "routeKey" in body:
        refused = _route_refusal(request, body["routeKey"])
        if refused is not None:
            return refused
    wrong = next(_unsupported(kind[0], body), None)
    return None if wrong is None else not_imitated(SCOPE, wrong, request)


def _unsupported(kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    """What of a request's body no data plane follows."""
    member, played = VALUES.get(kind, ("", ()))
    if body.get(member) is not None and body[member] not in played:
        yield f"{member} {body[member]} of HTTP APIs"
    yield from (f"{name} of HTTP APIs" for name in MEMBERS.get(kind, ()) if body.get(name))
    if kind == "stages" and any((body.get("defaultRouteSettings") or {}).values()):
        yield "throttling and detailed metrics of HTTP APIs"
    if kind == "stages" and body.get("autoDeploy") is False:
        yield "a stage of an HTTP API without autoDeploy"


def _route_refusal(request: Request, key: str) -> Response | None:
    """Why a route cannot have this key; None if it can."""
    if not ROUTE_KEY.fullmatch(key):
        return refusal(SCOPE, 400, "BadRequestException", NO_ROUTE_KEY)
    _, _, _, api_id, _, *route = request.path.rstrip("/").split("/")
    api, _ = _found(api_id)
    if api is not None and key in (other.route_key for name, other in api.routes.items() if [name] != route):
        return refusal(SCOPE, 409, "ConflictException", f"Route with key {key} already exists for this API")
    return None


def find(api_id: str) -> HttpApi | None:
    """The API of an id; None if there is none."""
    api, region = _found(api_id)
    return None if api is None else _api(api, region)


def _found(api_id: str) -> tuple[Api | None, str]:
    """moto's API of an id, and its region; None if there is none."""
    for regions in backends(SCOPE).values():
        for region, backend in regions.items():
            if api_id in backend.apis:
                return backend.apis[api_id], region
    return None, ""


def _api(api: Api, region: str) -> HttpApi:
    stages = {name: dict(stage.stage_variables or {}) for name, stage in api.stages.items()}
    logs = {name: AccessLog.of(stage.access_log_settings) for name, stage in api.stages.items()}
    return HttpApi(
        id=api.api_id,
        region=region,
        disabled=str(api.disable_execute_api_endpoint).lower() == "true",
        cors=cast("Mapping[str, Any] | None", api.cors_configuration or None),
        routes=tuple(_route(api, route) for route in api.routes.values()),
        stages=stages,
        access_logs={name: log for name, log in logs.items() if log},
    )


def _route(api: Api, route: Route) -> HttpRoute:
    integration = api.integrations.get((route.target or "").removeprefix("integrations/"))
    authorizer = api.authorizers.get(route.authorizer_id or "")
    return HttpRoute(
        key=route.route_key,
        integration=None if integration is None else _integration(integration),
        authorizer=_rules(authorizer) if authorizer and route.authorization_type == "JWT" else None,
        scopes=tuple(route.authorization_scopes or ()),
        iam=route.authorization_type == "AWS_IAM",
    )


def _integration(integration: Integration) -> HttpIntegration:
    uri = integration.integration_uri or ""
    called = URI.match(uri)
    milliseconds = integration.timeout_in_millis
    return HttpIntegration(
        function=called[1] if called else uri,
        payload_version=integration.payload_format_version or "1.0",
        seconds=SECONDS if milliseconds is None else milliseconds / 1000,
    )


def _rules(authorizer: Authorizer) -> JwtRules:
    settings = cast("Mapping[str, Any]", authorizer.jwt_config)  # declared as text, and is a mapping
    config = {name.lower(): value for name, value in settings.items()}
    sources = authorizer.identity_source
    source = (
        sources if isinstance(sources, str) else next(iter(sources or ()), "$request.header.Authorization")
    )
    return JwtRules(source, str(config.get("issuer", "")), tuple(config.get("audience") or ()))
