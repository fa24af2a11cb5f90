"""Concurrency that functions reserve, and that versions and aliases have provisioned.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    LambdaFault,
    conflict,
    invalid,
    no_function,
)
from accountsctl.localcloud.moto_services.lambda_calls.own import names
from accountsctl.localcloud.moto_services.lambda_calls.own.pages import page

if TYPE_CHECKING:
    from accountsctl.localcloud.moto_services.functions import LambdaFunction

ACCOUNT_CONCURRENCY = 1000
LEAST_UNRESERVED = 100
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""
ONLY_FUNCTIONS = (
    "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation."
    " Please specify either a function name or an unqualified function ARN."
)
NOT_LATEST = "The function resource provided must be an alias or a published version."


def reserve(call: LambdaCall) -> JsonObject:
    """PutFunctionConcurrency."""
    wanted, reserved = names.named(call), int(call.input["ReservedConcurrentExecutions"])
    if wanted.qualifier:
        raise invalid(ONLY_FUNCTIONS)
    if names.stored(call, wanted.name) is None:
        raise no_function(f"{wanted.arn}:{names.LATEST}")
    function = names.latest(call)
    if reserved and reserved > unreserved(call, function) - LEAST_UNRESERVED:
        text = (
            "Specified ReservedConcurrentExecutions for function decreases account's"
            f" UnreservedConcurrentExecution below its minimum value of [{LEAST_UNRESERVED}]."
        )
        raise invalid(text, typed=False)
    provisioned = sum(one["requested"] for one in _configs(function).values())
    if provisioned > reserved:
        raise invalid(
            f" ReservedConcurrentExecutions  {reserved} should not be lower than function's total provisioned"
            f" concurrency [{provisioned}]."
        )
    function.reserved_concurrency = reserved
    return {"ReservedConcurrentExecutions": reserved}


def reserved(call: LambdaCall) -> JsonObject:
    """GetFunctionConcurrency."""
    found = names.latest(call).reserved_concurrency
    return {} if found is None else {"ReservedConcurrentExecutions": int(found)}


def release(call: LambdaCall) -> JsonObject:
    """DeleteFunctionConcurrency."""
    names.latest(call).reserved_concurrency = None
    return {}


def unreserved(call: LambdaCall, function: LambdaFunction | None = None) -> int:
    """What other functions than this one leave of the account's concurrency."""
    others = [entry["latest"] for entry in call.backend._lambdas._functions.values()]
    return ACCOUNT_CONCURRENCY - sum(
        int(other.reserved_concurrency or 0) for other in others if other is not function
    )


def provision(call: LambdaCall) -> JsonObject:
    """PutProvisionedConcurrencyConfig; it is ready at once."""
    wanted, number = names.named(call), int(call.input["ProvisionedConcurrentExecutions"])
    if wanted.qualifier == names.LATEST:
        raise invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
    names.require_version_or_alias(call, wanted)
    function = names.latest(call)
    _check_alone(call, function, wanted)
    _check_number(call, function, wanted, number)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    configs = function.__dict__.setdefault("provisioned", {})
    configs[wanted.qualifier] = {"requested": number, "modified": now}
    return _reported(configs[wanted.qualifier], ready=False)


def provisioned(call: LambdaCall) -> JsonObject:
    """GetProvisionedConcurrencyConfig."""
    wanted = _provided(call)
    config = _configs(names.latest(call)).get(wanted.qualifier)
    if config is None:
        text = "No Provisioned Concurrency Config found for this function"
        raise LambdaFault("ProvisionedConcurrencyConfigNotFoundException", text, 404)
    return _reported(config)


def all_provisioned(call: LambdaCall) -> JsonObject:
    """ListProvisionedConcurrencyConfigs."""
    function = names.latest(call)
    found = [
        {"FunctionArn": f"{function.function_arn}:{qualifier}", **_reported(config)}
        for qualifier, config in _configs(function).items()
    ]
    return page(call, "ProvisionedConcurrencyConfigs", found)


def unprovision(call: LambdaCall) -> JsonObject:
    """DeleteProvisionedConcurrencyConfig."""
    wanted = _provided(call)
    forget(names.latest(call), wanted.qualifier)
    return {}


def forget(function: LambdaFunction, qualifier: str) -> None:
    """End what a version or an alias has provisioned: it is deleted."""
    _configs(function).pop(qualifier, None)


def _configs(function: LambdaFunction) -> dict[str, JsonObject]:
    found: dict[str, JsonObject] = function.__dict__.get("provisioned") or {}
    return found


def _provided(call: LambdaCall) -> names.NamedFunction:
    wanted = names.named(call)
    if wanted.qualifier == names.LATEST:
        raise invalid(NOT_LATEST)
    names.require_version_or_alias(call, wanted)
    return wanted


def _check_alone(call: LambdaCall, function: LambdaFunction, wanted: names.NamedFunction) -> None:
    """A version is provisioned by its number or by one alias, not by both."""
    aliases, configs = names.aliases(call, function), _configs(function)
    if wanted.is_version:
        pointing = [alias.name for alias in aliases.values() if alias.function_version == wanted.qualifier]
        if any(name in configs for name in pointing):
            raise conflict("Version is pointed by a Provisioned Concurrency alias")
    elif aliases[wanted.qualifier].function_version in configs:
        raise conflict(
            "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
        )


def _check_number(
    call: LambdaCall, function: LambdaFunction, wanted: names.NamedFunction, number: int
) -> None:
    others = sum(one["requested"] for name, one in _configs(function).items() if name != wanted.qualifier)
    if function.reserved_concurrency is not None:
        if number + others > int(function.reserved_concurrency):
            raise invalid(
                "Requested Provisioned Concurrency should not be greater than the"
                " reservedConcurrentExecution for function"
            )
        return
    free = unreserved(call)
    if number > free:
        text = (
            "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency"
            f" [{free}]."
        )
        raise invalid(text, typed=False)
    if number > free - LEAST_UNRESERVED:
        text = (
            "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below"
            f" its minimum value of [{LEAST_UNRESERVED}]."
        )
        raise invalid(text, typed=False)


def _reported(config: JsonObject, *, ready: bool = True) -> JsonObject:
    allocated = config["requested"] if ready else 0
    return {
        "RequestedProvisionedConcurrentExecutions": config["requested"],
        "AvailableProvisionedConcurrentExecutions": allocated,
        "AllocatedProvisionedConcurrentExecutions": allocated,
        "Status": "READY" if ready else "IN_PROGRESS",
        "LastModified": config["modified"],
    }
