# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""AWS Lambda: functions and permissions."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.cloudformation.providers import cfn_response
from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    bring_tags,
    changed,
    chosen,
    parameters,
    refuse,
    tag_map,
    tagged,
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.reading import found, own_tags
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::Lambda::Function"]
DEFAULTS: Mapping[str, Any] = {
    "Description": "",
    "Environment": {"Variables": {}},
    "MemorySize": 128,
    "Timeout": 3,
    "Layers": [],
    "TracingConfig": {"Mode": "PassThrough"},
    "EphemeralStorage": {"Size": 512},
    "LoggingConfig": {"LogFormat": "Text"},
}
"""What an update sends for a property that the template no longer sets."""
CONFIGURATION = (
    "Description Handler KmsKeyArn MemorySize Role Runtime Timeout Environment Layers TracingConfig VpcConfig"
    " EphemeralStorage LoggingConfig DeadLetterConfig SnapStart ImageConfig"
)
ENTRY = {"python": "index.py", "nodejs": "index.js"}


def refuse_limits(properties: Properties) -> None:
    """Lambda's own limits, which its schema does not carry."""
    limits = (("timeout", "Timeout", 1, 900), ("memorySize", "MemorySize", 128, 10240))
    for api_name, prop, lowest, highest in limits:
        value = int(properties.get(prop, lowest))
        if not lowest <= value <= highest:
            bound = (
                f"greater than or equal to {lowest}" if value < lowest else f"less than or equal to {highest}"
            )
            raise ProviderError(
                f"1 validation error detected: Value '{value}' at '{api_name}' failed to satisfy constraint:"
                f" Member must have value {bound}"
            )


class FunctionProvider:
    """AWS::Lambda::Function; Ref is its name."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        client = context.client("lambda")
        name = properties.get("FunctionName") or context.name(64)
        settled = {**tagged(context, properties), "Code": _code(properties)}
        call = parameters(client, "create_function", settled, FunctionName=name)
        arn = client.create_function(**call)["FunctionArn"]
        with undone_by(lambda: client.delete_function(FunctionName=name)):
            self._reserve(client, name, {}, properties)
        return ProvidedResource(name, {"Arn": arn})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        client = context.client("lambda")
        arn = client.get_function(FunctionName=physical_id)["Configuration"]["FunctionArn"]
        names = CONFIGURATION.split()
        if changed(old, new, *names):
            settled = {**DEFAULTS, **chosen(new, CONFIGURATION)}
            client.update_function_configuration(
                **parameters(client, "update_function_configuration", settled, FunctionName=physical_id)
            )
        if changed(old, new, "Code", "Architectures") or _inline_entry(old) != _inline_entry(new):
            settled = {**_code(new), **chosen(new, "Architectures")}
            client.update_function_code(
                **parameters(client, "update_function_code", settled, FunctionName=physical_id)
            )
        self._reserve(client, physical_id, old, new)
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_resource(Resource=arn, TagKeys=keys),
            lambda tags: client.tag_resource(Resource=arn, Tags=tag_map(tags)),
        )
        return ProvidedResource(physical_id, {"Arn": arn})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("lambda").delete_function(FunctionName=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        """All but the code, of which Lambda reports no more than a hash."""
        client = context.client("lambda")
        function = found(client, "get_function", FunctionName=physical_id)
        actual = function.at("Configuration").properties(context, chosen(properties, CONFIGURATION))
        if "Layers" in properties:
            layers = function.at("Configuration").value.get("Layers", [])
            actual["Layers"] = [layer["Arn"] for layer in layers]
        if "Tags" in properties:
            actual["Tags"] = own_tags(context, properties["Tags"], function.value.get("Tags"))
        if "ReservedConcurrentExecutions" in properties:
            reserved = function.at("Concurrency").value.get("ReservedConcurrentExecutions")
            actual["ReservedConcurrentExecutions"] = reserved
        return actual

    def _check(self, properties: Properties) -> None:
        refuse(properties, UNSUPPORTED)
        refuse_limits(properties)

    def _reserve(self, client: LambdaClient, name: str, old: Properties, new: Properties) -> None:
        if not changed(old, new, "ReservedConcurrentExecutions"):
            return
        if "ReservedConcurrentExecutions" in new:
            reserved = int(new["ReservedConcurrentExecutions"])
            client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
        else:
            client.delete_function_concurrency(FunctionName=name)


def _inline_entry(properties: Properties) -> str | None:
    if "ZipFile" not in properties.get("Code", {}):
        return None
    runtime = properties.get("Runtime", "")
    return next((file for family, file in ENTRY.items() if runtime.startswith(family)), None)


def _code(properties: Properties) -> Parameters:
    """The code as the API takes it: source written in the template becomes a zip with one file."""
    code = dict(properties["Code"])
    refuse(code, "ImageUri")
    if "ZipFile" not in code:
        return code
    entry = _inline_entry(properties)
    if entry is None:
        raise ProviderError("ZipFile can only be used with Node.js and Python runtimes")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for name, source in {entry: code["ZipFile"], **cfn_response.modules(entry, code["ZipFile"])}.items():
            file = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            file.external_attr = 0o644 << 16
            files.writestr(file, source)
    return {**code, "ZipFile": archive.getvalue()}


class PermissionProvider:
    """AWS::Lambda::Permission: one statement of a function's policy; Ref is the statement's id."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("lambda")
        sid = context.name(100)
        client.add_permission(**parameters(client, "add_permission", properties, StatementId=sid))
        return ProvidedResource(sid, {"Id": sid})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        raise ProviderError(f"{physical_id} cannot be updated: all of its properties are create-only")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("lambda").remove_permission(
                FunctionName=properties["FunctionName"], StatementId=physical_id
            )

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        """The statement; of a principal that is an account Lambda makes an ARN, so only services are compared."""
        policy = found(context.client("lambda"), "get_policy", FunctionName=properties["FunctionName"])
        statements = {
            statement["Sid"]: statement for statement in json.loads(policy.value["Policy"])["Statement"]
        }
        if physical_id not in statements:
            raise ProviderError(f"The permission {physical_id} does not exist", "NotFound")
        return chosen(_permission(statements[physical_id]), " ".join(properties))


def _permission(statement: Properties) -> Parameters:
    """A statement of a function's policy as the properties that it was made of."""
    conditions = {
        key.lower(): value
        for tests in statement.get("Condition", {}).values()
        for key, value in tests.items()
    }
    principal = statement.get("Principal", {})
    service = principal.get("Service") if isinstance(principal, Mapping) else None
    return {
        "Action": statement.get("Action"),
        **({"Principal": service} if service else {}),
        "SourceArn": conditions.get("aws:sourcearn"),
        "SourceAccount": conditions.get("aws:sourceaccount"),
        "EventSourceToken": conditions.get("lambda:eventsourcetoken"),
    }
