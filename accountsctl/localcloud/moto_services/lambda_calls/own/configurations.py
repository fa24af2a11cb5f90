"""A function's configuration as Lambda reports it; https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html."""

from __future__ import annotations

import hashlib
import platform
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts.identifiers import new_uuid
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.moto_services import asynchronous, functions
from accountsctl.localcloud.moto_services.apps import JsonObject, backends

if TYPE_CHECKING:
    from accountsctl.localcloud.moto_services.functions import LambdaFunction

BEING_CREATED = "The function is being created."
ONLY_OF_ONE = ("State", "LastUpdateStatus", "RuntimeVersionConfig")
"""What a list does not have."""


def configuration(function: LambdaFunction, arn: str | None = None) -> JsonObject:
    """The configuration of a function or a version. `arn`: the ARN to report, if it is another one than its own."""
    state = function.__dict__
    found: JsonObject = {
        "Architectures": list(function.architectures),
        "CodeSha256": function.code_sha_256,
        "CodeSize": function.code_size,
        "Description": function.description,
        "EphemeralStorage": {"Size": function.ephemeral_storage},
        "FunctionArn": arn or function.function_arn,
        "FunctionName": function.function_name,
        "Handler": function.handler,
        "LastModified": function.last_modified,
        "LastUpdateStatus": "Successful",
        "LoggingConfig": dict(functions.logging_of(function)),
        "MemorySize": function.memory_size,
        "PackageType": function.package_type,
        "RevisionId": revision(function),
        "Role": function.role,
        "Runtime": function.run_time,
        "RuntimeVersionConfig": {"RuntimeVersionArn": runtime_version(function)},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "State": "Active",
        "Timeout": function.timeout,
        "TracingConfig": dict(function.tracing_config),
        "Version": str(function.version),
        **asynchronous.dead_letters(function),
    }
    if function.environment_vars or state.get("has_environment"):
        found["Environment"] = {"Variables": dict(function.environment_vars)}
    if function.layers:
        found["Layers"] = [dict(layer) for layer in function.layers]
    if state.get("_vpc_config"):
        found["VpcConfig"] = _network(function)
    if function.kms_key_arn:
        found["KMSKeyArn"] = function.kms_key_arn
    return found


def listed(function: LambdaFunction, arn: str | None = None) -> JsonObject:
    """The configuration as a list has it."""
    return {name: value for name, value in configuration(function, arn).items() if name not in ONLY_OF_ONE}


def being_created(found: JsonObject) -> JsonObject:
    """The configuration in the response of the call that makes a function or version."""
    pending = {"State": "Pending", "StateReason": BEING_CREATED, "StateReasonCode": "Creating"}
    return {**{name: value for name, value in found.items() if name != "LastUpdateStatus"}, **pending}


def being_updated(found: JsonObject) -> JsonObject:
    """The configuration in the response of the call that updates a function; afterwards the update has succeeded.

    https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
    """
    return {
        **found,
        "LastUpdateStatus": "InProgress",
        "LastUpdateStatusReason": BEING_CREATED,
        "LastUpdateStatusReasonCode": "Creating",
    }


def revision(function: LambdaFunction) -> str:
    """The function's RevisionId. A saved state may hold functions from before we stored it."""
    return str(function.__dict__.setdefault("revision_id", new_uuid()))


def revise(function: LambdaFunction) -> None:
    """Give the function a new RevisionId: it has changed."""
    function.revision_id = new_uuid()


def runtime_version(function: LambdaFunction) -> str:
    """The ARN of the runtime's version: another one for each runtime, architecture, and kind of machine."""
    what = f"{function.run_time} {function.architectures} {platform.python_version()} {platform.machine()}"
    return f"arn:{PARTITION}:lambda:{function.region}::runtime:{hashlib.sha256(what.encode()).hexdigest()}"


def _network(function: LambdaFunction) -> JsonObject:
    config: Any = function.__dict__["_vpc_config"]
    subnets = list(config.get("SubnetIds") or [])
    ec2 = backends("ec2")[ACCOUNT][function.region]
    known = {name: subnet for zone in ec2.subnets.values() for name, subnet in zone.items()}
    return {
        "Ipv6AllowedForDualStack": bool(config.get("Ipv6AllowedForDualStack", False)),
        "SecurityGroupIds": list(config.get("SecurityGroupIds") or []),
        "SubnetIds": subnets,
        "VpcId": known[subnets[0]].vpc_id if subnets and subnets[0] in known else "",
    }
