"""What API Gateway refuses of UpdateStage: wrong access log settings, and operations that are not imitated."""

from __future__ import annotations

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.rest_apis.operations import (
    ControlCall,
    GatewayFault,
    bad_request,
    not_found,
)

LOGS = "/accessLogSettings"
LOG_PATHS = (f"{LOGS}/destinationArn", f"{LOGS}/format")


def update_stage(call: ControlCall) -> None:
    """Raise GatewayFault for a stage that is not there, or for the first operation that is not valid."""
    api = call.api
    assert api is not None
    if call.path["stage_name"] not in api.stages:
        raise not_found("Invalid stage identifier specified")
    for operation in call.operations:
        if operation.get("op") not in ("add", "replace", "remove"):
            what = f"the operation {operation.get('op')} on a stage"
            raise GatewayFault(501, "NotImplemented", f"The embedded cloud does not imitate {what}.")
        if str(operation.get("path")).startswith(LOGS):
            _check_logs(operation)


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
