"""Which operations of Lambda are done here, and what is done about the rest before and after moto's answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from accountsctl.localcloud.contracts.messages import Response
from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.lambda_calls.operations import LambdaCall
from accountsctl.localcloud.moto_services.lambda_calls.own import (
    account,
    aliases,
    concurrency,
    event_invoke,
    layers,
    mappings,
    policies,
    tags,
    urls,
    versions,
)

OWN: Mapping[str, Callable[[LambdaCall], JsonObject]] = {
    "AddLayerVersionPermission": layers.add_permission,
    "AddPermission": policies.add,
    "CreateAlias": aliases.create,
    "CreateEventSourceMapping": mappings.create,
    "CreateFunctionUrlConfig": urls.create,
    "DeleteAlias": aliases.delete,
    "DeleteEventSourceMapping": mappings.delete,
    "DeleteFunction": versions.delete,
    "DeleteFunctionCodeSigningConfig": account.code_signing,
    "DeleteFunctionConcurrency": concurrency.release,
    "DeleteFunctionEventInvokeConfig": event_invoke.delete,
    "DeleteFunctionUrlConfig": urls.delete,
    "DeleteLayerVersion": layers.delete,
    "DeleteProvisionedConcurrencyConfig": concurrency.unprovision,
    "GetAccountSettings": account.settings,
    "GetAlias": aliases.get,
    "GetEventSourceMapping": mappings.get,
    "GetFunction": versions.get,
    "GetFunctionCodeSigningConfig": account.code_signing,
    "GetFunctionConcurrency": concurrency.reserved,
    "GetFunctionConfiguration": versions.get_configuration,
    "GetFunctionEventInvokeConfig": event_invoke.get,
    "GetFunctionUrlConfig": urls.get,
    "GetLayerVersion": layers.get,
    "GetLayerVersionByArn": layers.get_by_arn,
    "GetLayerVersionPolicy": layers.policy,
    "GetPolicy": policies.get,
    "GetProvisionedConcurrencyConfig": concurrency.provisioned,
    "ListAliases": aliases.list_aliases,
    "ListEventSourceMappings": mappings.list_mappings,
    "ListFunctionEventInvokeConfigs": event_invoke.list_configs,
    "ListFunctions": versions.list_functions,
    "ListFunctionUrlConfigs": urls.list_configs,
    "ListLayers": layers.list_layers,
    "ListLayerVersions": layers.list_versions,
    "ListProvisionedConcurrencyConfigs": concurrency.all_provisioned,
    "ListTags": tags.list_tags,
    "ListVersionsByFunction": versions.list_versions,
    "PublishLayerVersion": layers.publish,
    "PublishVersion": versions.publish,
    "PutFunctionConcurrency": concurrency.reserve,
    "PutFunctionEventInvokeConfig": event_invoke.put,
    "PutProvisionedConcurrencyConfig": concurrency.provision,
    "RemoveLayerVersionPermission": layers.remove_permission,
    "RemovePermission": policies.remove,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
    "UpdateAlias": aliases.update,
    "UpdateEventSourceMapping": mappings.update,
    "UpdateFunctionEventInvokeConfig": event_invoke.update,
    "UpdateFunctionUrlConfig": urls.update,
}
"""By operation. moto does CreateFunction and the updates of a function."""
AFTER: Mapping[str, Callable[[LambdaCall], JsonObject]] = {
    "CreateFunction": versions.created,
    "UpdateFunctionCode": versions.updated,
    "UpdateFunctionConfiguration": versions.updated,
}
"""What is reported of a call that moto has done."""


def answer(call: LambdaCall) -> Response | None:
    """The response to an operation that is done here; None for the others."""
    own = OWN.get(call.name)
    return None if own is None else _response(call, own(call))


def after(call: LambdaCall, response: Response) -> Response:
    """The response to a call that moto has answered."""
    report = AFTER.get(call.name)
    if report is None or response.status >= 300 or call.input.get("DryRun"):
        return response
    return _response(call, report(call))


def _response(call: LambdaCall, content: JsonObject) -> Response:
    if call.status == 204:
        return Response(204, (), b"")
    headers = (("Content-Type", "application/json"),)
    return Response(call.status, headers, json.dumps(content).encode())
