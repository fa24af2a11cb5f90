"""What API Gateway refuses of UpdateStage: wrong access log settings, and operations that are not imitated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.rest_apis.operations import (
    ControlCall,
    bad_request,
    not_found,
    not_imitated,
)
from accountsctl.localcloud.moto_services.stage_settings import method_of

if TYPE_CHECKING:
    from moto.apigateway.models import Stage

CANARIES = "canary releases"
DOCUMENTATION = "versions of an API's documentation"
NO_ROLE = "CloudWatch Logs role ARN must be set in account settings to enable logging"
LOG_LEVEL = "/logging/loglevel"
LOGS = "/accessLogSettings"
LOG_PATHS = (f"{LOGS}/destinationArn", f"{LOGS}/format")


_SETTINGS = (
    "metrics/enabled|logging/dataTrace|logging/loglevel|throttling/burstLimit|throttling/rateLimit"
    "|caching/(ttlInSeconds|enabled|dataEncrypted|requireAuthorizationForCacheControl"
    "|unauthorizedCacheControlHeaderStrategy)"
)
_PATHS = re.compile(
    "/(deploymentId|description|cacheClusterEnabled|cacheClusterSize|clientCertificateId|documentationVersion"
    f"|tracingEnabled|variables/.+|accessLogSettings.*|canarySettings.*|[^/]+/[^/]+(/({_SETTINGS}))?)"
)
_OF_METHODS = (
    "/{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace,"
    " /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit"
    "/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds,"
    " /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted,"
    " /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl,"
    " /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy"
)
_OF_ALL = (
    "/*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit"
    " /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted,"
    " /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy"
)
CHANGED = (
    "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings,"
    f" /accessLogSettings/destinationArn, /accessLogSettings/format, {_OF_METHODS}, {_OF_ALL},"
    " /variables/{variable_name}, /tracingEnabled"
)
"""What a stage is changed by, as API Gateway lists it."""


def check_stage(call: ControlCall) -> None:
    """Raise GatewayFault for the name of a stage that is not one (a deployment may have none), and for a canary."""
    if not re.fullmatch("[A-Za-z0-9_-]*", call.body.get("stageName") or ""):
        raise bad_request("Stage name only allows a-zA-Z0-9_")
    for member, what in (("canarySettings", CANARIES), ("documentationVersion", DOCUMENTATION)):
        if call.body.get(member):
            raise not_imitated(what)


def create_stage(call: ControlCall) -> None:
    """Raise GatewayFault for the name of a stage that is not one, or a deployment that is not there."""
    check_stage(call)
    assert call.api is not None
    if call.body.get("deploymentId") not in call.api.deployments:
        raise bad_request("Deployment id does not exist")


def update_stage(call: ControlCall) -> None:
    """Raise GatewayFault for a stage that is not there, or for the first operation that is not valid."""
    api = call.api
    assert api is not None
    if call.path["stage_name"] not in api.stages:
        raise not_found("Invalid stage identifier specified")
    for operation in call.operations:
        if operation.get("op") not in ("add", "replace", "remove"):
            raise not_imitated(f"the operation {operation.get('op')} on a stage")
        path = str(operation.get("path"))
        if not _PATHS.fullmatch(path) or path.startswith("/tags/"):
            raise bad_request(f"Invalid method setting path: {path}. Must be one of: [{CHANGED}]")
        if path.startswith("/canarySettings") and operation["op"] != "remove":
            raise not_imitated(CANARIES)
        if path.startswith(LOGS):
            _check_logs(operation)
        _check_method_setting(call, operation, api.stages[call.path["stage_name"]])


def _check_logs(operation: JsonObject) -> None:
    path = operation["path"]
    if operation["op"] == "remove":
        if path != LOGS:
            raise bad_request(
                f"Cannot remove method setting {path[1:]} because there is no method setting for this method "
            )
    elif path not in LOG_PATHS:
        raise bad_request(f"Invalid accessLogSettings path. Must be one of : [{', '.join(LOG_PATHS)}]")
    elif not operation.get("value"):
        raise bad_request("Access Log value must not be empty")


def _check_method_setting(call: ControlCall, operation: JsonObject, stage: Stage) -> None:
    method = method_of(operation["path"])
    if operation["op"] == "remove" and method is not None and method not in stage.method_settings:
        raise bad_request(
            f"Cannot remove method setting {method} because there is no method setting for this method "
        )
    logs = operation["path"].endswith(LOG_LEVEL) and operation["op"] != "remove"
    if logs and operation.get("value") != "OFF" and not call.backend.account.cloudwatch_role_arn:
        raise bad_request(NO_ROLE)
