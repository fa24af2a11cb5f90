"""UpdateRestApi's patch operations, as far as moto lacks them or does otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.moto_services.patch_operations import PatchOperation, unescaped

if TYPE_CHECKING:
    from moto.apigateway.models import RestAPI

ENDPOINT_SWITCH = "/disableExecuteApiEndpoint"
BINARY_TYPES = "/binaryMediaTypes/"
COMPRESSION = "/minimumCompressionSize"
ENDPOINT = "/endpointConfiguration/"

_OWN = (BINARY_TYPES, COMPRESSION, ENDPOINT)


def change(original: Callable[..., None], api: RestAPI, operations: list[PatchOperation]) -> None:
    """moto takes "false" for true, expects a media type in the value, and confuses the members of an endpoint."""
    original(api, [operation for operation in operations if not operation["path"].startswith(_OWN)])
    for operation in operations:
        if operation["path"] == COMPRESSION:
            value = operation.get("value")
            api.minimum_compression_size = int(value) if value else None
        if operation["path"] == ENDPOINT_SWITCH:
            api.disableExecuteApiEndpoint = str(operation.get("value")).lower() == "true"
        elif operation["path"].startswith(BINARY_TYPES):
            named = unescaped(operation["path"].removeprefix(BINARY_TYPES))
            api.binaryMediaTypes = _listed(api.binaryMediaTypes, named, operation)
        elif operation["path"].startswith(ENDPOINT):
            # A new object, because a snapshot of the state may hold the old one.
            api.endpoint_configuration = _endpoint(api.endpoint_configuration, operation)


def _listed(current: list[str | None], named: str, operation: PatchOperation) -> list[str | None]:
    """The list after one operation on the item that its path names."""
    additions: list[str | None] = []
    match operation["op"]:
        case "add":
            additions = [named]
        case "replace":
            additions = [operation.get("value")]
    return [item for item in current if item not in (named, *additions)] + additions


def _endpoint(current: dict[str, Any], operation: PatchOperation) -> dict[str, Any]:
    name, _, item = operation["path"].removeprefix(ENDPOINT).partition("/")
    if name == "ipAddressType":
        return {**current, name: operation.get("value")}
    if name == "types":
        # An API has one type; a private one has dual-stack addresses.
        addresses = {"ipAddressType": "dualstack"} if operation.get("value") == "PRIVATE" else {}
        return {**current, name: [operation.get("value") or unescaped(item)], **addresses}
    named = unescaped(item) or operation.get("value") or ""
    return {**current, name: _listed(current.get(name) or [], named, operation)}
