"""What a call to Lambda needs. Lambda's operations are known by method and path, from botocore's model.

An action has the name of its operation, apart from the exceptions below. Sources for both, and for what is named as
the resource of an action:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs

from accountsctl.localcloud.contracts.function_names import name_and_qualifier
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services.rest_routes import rest_routes
from accountsctl.localcloud.rights.need import NO_RESOURCE, Need

_ACTIONS = {
    "Invoke": "InvokeFunction",
    "InvokeWithResponseStream": "InvokeFunction",
    "GetLayerVersionByArn": "GetLayerVersion",
}
"""The actions that have another name than their operation."""
_WITHOUT_RESOURCE = (
    "CreateEventSourceMapping",
    "GetAccountSettings",
    "ListCodeSigningConfigs",
    "ListEventSourceMappings",
    "ListFunctions",
    "ListLayerVersions",
    "ListLayers",
)
"""Operations whose action has no resource, whatever they name."""
_ARNS = ("Resource", "CodeSigningConfigArn", "DurableExecutionArn", "ResourceArn")
"""Parameters of a path that are the ARN of the resource."""


def needs(request: Request, region: str) -> list[Need]:
    """The action of the operation on what it names. Of a call that Lambda does not have, only the service is known."""
    query = parse_qs(request.query, keep_blank_values=True)
    for route in rest_routes("lambda"):
        path = route.path_of(request)
        if path is not None and route.takes(query):
            name = str(route.model.name)
            single = {key: values[-1] for key, values in query.items()}
            action = f"lambda:{_ACTIONS.get(name, name)}"
            if name in _WITHOUT_RESOURCE:
                return [Need(action, NO_RESOURCE)]
            return [Need(action, _arn(_resource(name, path, single, request.body), region))]
    return [Need("lambda:*", None)]


def _resource(operation: str, path: Mapping[str, str], query: Mapping[str, str], body: bytes) -> str | None:
    """What the call names: an ARN, or the part of one after the account; None if it names nothing."""
    if operation == "GetLayerVersionByArn":
        return query.get("Arn")
    if operation == "CreateFunction":
        name = _created(body)
        return _function(name) if name else None
    if "FunctionName" in path:
        return _qualified(_function(path["FunctionName"]), query.get("Qualifier"))
    if "LayerName" in path:
        layer, version = path["LayerName"], path.get("VersionNumber")
        named = layer if layer.startswith("arn:") else f"layer:{layer}"
        return f"{named}:{version}" if version else named
    if "UUID" in path:
        return f"event-source-mapping:{path['UUID']}"
    if "CapacityProviderName" in path:
        provider = path["CapacityProviderName"]
        return provider if provider.startswith("arn:") else f"capacity-provider:{provider}"
    return next((path[name] for name in _ARNS if name in path), None)


def _function(name: str) -> str:
    """``ACCOUNT:function:NAME`` names a function too."""
    return name if name.startswith("arn:") else f"function:{':'.join(filter(None, name_and_qualifier(name)))}"


def _qualified(function: str, qualifier: str | None) -> str:
    """The function with the version or alias that is named; a name may have one already."""
    return f"{function}:{qualifier}" if qualifier and not name_and_qualifier(function)[1] else function


def _created(body: bytes) -> str | None:
    try:
        name = json.loads(body).get("FunctionName")
    except (ValueError, AttributeError):
        return None  # Lambda refuses such a call for its body
    return name if isinstance(name, str) else None


def _arn(resource: str | None, region: str) -> str | None:
    if resource is None or resource.startswith("arn:"):
        return resource
    return f"arn:{PARTITION}:lambda:{region}:{ACCOUNT}:{resource}"
