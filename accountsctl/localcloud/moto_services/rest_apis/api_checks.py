"""What API Gateway refuses of CreateRestApi and UpdateRestApi."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, bad_request

if TYPE_CHECKING:
    from moto.apigateway.models import RestAPI

COMPRESSION = "Invalid minimum compression size, must be between 0 and 10485760"
LARGEST_COMPRESSION = 10_485_760
REPLACE_ONLY = "Invalid patch operation specified. Must be one of: [replace]"
PRIVATE_ADDRESSES = "Only dualstack ipAddressType is supported for Private APIs."
ENDPOINT_TYPES = ("REGIONAL", "EDGE", "PRIVATE")
IP_TYPES = ("ipv4", "dualstack")
TYPES, IP_TYPE = "/endpointConfiguration/types", "/endpointConfiguration/ipAddressType"
_PATHS = re.compile(
    "/(name|description|policy|apiKeySource|minimumCompressionSize|disableExecuteApiEndpoint|version"
    "|binaryMediaTypes/[^/]+|endpointConfiguration/(ipAddressType|(types|vpcEndpointIds)(/[^/]+)?))"
)


def create_rest_api(call: ControlCall) -> None:
    """Raise GatewayFault for a name, description, size or endpoint that cannot be."""
    if call.body.get("description") == "":
        raise bad_request("Description cannot be an empty string")
    if not call.body.get("name"):
        raise bad_request("API name cannot be empty")
    size = call.body.get("minimumCompressionSize")
    if size is not None and not 0 <= size <= LARGEST_COMPRESSION:
        raise bad_request(COMPRESSION)
    endpoint = call.body.get("endpointConfiguration") or {}
    types = endpoint.get("types")
    if types is not None and not types:
        raise bad_request("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
    if types is not None and len(types) > 1:
        raise bad_request("Cannot create an api with multiple Endpoint Types.")
    if types == ["PRIVATE"] and endpoint.get("ipAddressType") == "ipv4":
        raise bad_request(PRIVATE_ADDRESSES)


def update_rest_api(call: ControlCall) -> None:
    """Raise GatewayFault for the first patch operation that is not valid."""
    api = call.api
    assert api is not None
    for operation in call.operations:
        path = str(operation.get("path"))
        if not _PATHS.fullmatch(path):
            raise bad_request(f"Invalid patch path {path}")
        if path == "/minimumCompressionSize":
            _check_compression(operation)
        elif path.startswith(TYPES):
            _check_type(operation)
        elif path == IP_TYPE:
            _check_addresses(operation, api)


def _check_compression(operation: JsonObject) -> None:
    if operation.get("op") != "replace":
        raise bad_request(REPLACE_ONLY)
    value = operation.get("value")
    if value and not (re.fullmatch(r"\d+", value) and int(value) <= LARGEST_COMPRESSION):
        raise bad_request(COMPRESSION)


def _check_type(operation: JsonObject) -> None:
    if operation.get("op") not in ("add", "remove", "replace"):
        raise bad_request("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
    if operation["op"] != "remove" and operation.get("value") not in ENDPOINT_TYPES:
        raise bad_request(f"Invalid EndpointTypes specified. Valid options are {','.join(ENDPOINT_TYPES)}")


def _check_addresses(operation: JsonObject, api: RestAPI) -> None:
    if operation.get("op") != "replace":
        raise bad_request(REPLACE_ONLY)
    if operation.get("value") not in IP_TYPES:
        raise bad_request(f"ipAddressType must be either {' or '.join(IP_TYPES)}.")
    if operation["value"] == "ipv4" and api.endpoint_configuration.get("types") == ["PRIVATE"]:
        raise bad_request(PRIVATE_ADDRESSES)
