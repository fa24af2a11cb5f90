"""What Lambda refuses of a function's configuration, when it is created and when it is updated."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.lambda_calls.layers import check_layers
from accountsctl.localcloud.moto_services.lambda_calls.operations import LambdaCall, LambdaFault, invalid
from accountsctl.localcloud.moto_services.lambda_calls.roles import SENDS, may_send, trusted
from accountsctl.localcloud.moto_services.runtimes import newest_like, retired

VARIABLE = "[a-zA-Z]([a-zA-Z0-9_])+"
LARGEST_ENVIRONMENT = 4096
"""Bytes of the variables as JSON."""
RESERVED = frozenset(
    {
        *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV"),
        *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"),
        *("AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"),
        *("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"),
    }
)
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime"""


def check_configuration(call: LambdaCall) -> None:
    """Raise LambdaFault for members of CreateFunction or UpdateFunctionConfiguration that Lambda refuses."""
    _environment((call.input.get("Environment") or {}).get("Variables") or {})
    if call.input.get("Runtime"):
        _check_runtime(call)
    check_layers(call)
    _network(call)
    role = call.input.get("Role")
    if role is not None and not trusted(role):
        raise invalid("The role defined for the function cannot be assumed by Lambda.")
    function = call.function
    role = role or (function.role if function is not None else "")
    _dead_letters((call.input.get("DeadLetterConfig") or {}).get("TargetArn") or "", role)


def _check_runtime(call: LambdaCall) -> None:
    runtime = str(call.input["Runtime"])
    shape: Any = call.model.input_shape
    known = shape.members["Runtime"].enum
    if runtime not in known:
        raise invalid(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set:"
            f" [{', '.join(known)}] or be a valid ARN"
        )
    refuse_retired(runtime, datetime.now(UTC).date(), updating=call.name != "CreateFunction")


def refuse_retired(runtime: str, today: date, *, updating: bool) -> None:
    """Refuse a runtime from the day on which Lambda no longer creates, or updates, functions with it."""
    if retired(runtime, today, updating=updating):
        raise invalid(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda"
            f" functions. We recommend you use the new runtime ({newest_like(runtime, today)}) while creating or"
            " updating functions."
        )


def _environment(variables: Mapping[str, str]) -> None:
    if any(not re.fullmatch(VARIABLE, name) for name in variables):
        text = (
            "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys"
            f" must satisfy constraint: [Member must satisfy regular expression pattern: {VARIABLE}]"
        )
        raise LambdaFault("ValidationException", text)
    refused = (
        "Lambda was unable to configure your environment variables because the environment variables you have"
    )
    if reserved := [name for name in variables if name in RESERVED]:
        raise invalid(
            f"{refused} provided contains reserved keys that are currently not supported for modification."
            f" Reserved keys used in this request: {', '.join(reserved)}"
        )
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > LARGEST_ENVIRONMENT:
        raise invalid(f"{refused} provided exceeded the 4KB limit. String measured: {measured}")


def _network(call: LambdaCall) -> None:
    """Subnets and security groups come together, and must be there."""
    config = call.input.get("VpcConfig") or {}
    subnets, groups = config.get("SubnetIds") or [], config.get("SecurityGroupIds") or []
    if bool(subnets) != bool(groups):
        raise invalid("SubnetIds and SecurityIds must coexist or be both empty list.")
    ec2 = backends("ec2")[ACCOUNT][call.region]
    known = {name for zone in ec2.subnets.values() for name in zone}
    for subnet in subnets:
        if subnet not in known:
            raise invalid(
                "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message:"
                f" The subnet ID '{subnet}' does not exist"
            )
    for group in groups:
        if not any(group in of_vpc for of_vpc in ec2.groups.values()):
            raise invalid(
                "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error"
                f" Message: The security group '{group}' does not exist"
            )


def _dead_letters(target: str, role: str) -> None:
    if not target:
        return
    service = target.split(":")[2] if target.count(":") >= 5 else ""
    if service not in ("sqs", "sns"):
        raise invalid(
            "The provided dead letter target is not valid: it must be the ARN of an SQS queue or SNS topic."
        )
    if not may_send(role, target):
        raise invalid(
            f"The provided execution role does not have permissions to call {SENDS[service]} on {service.upper()}"
        )
