"""Settings of asynchronous invocations: of a function, and of each of its versions and aliases.

https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.moto_services import asynchronous
from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    LambdaFault,
    invalid,
    missing,
)
from accountsctl.localcloud.moto_services.lambda_calls.own import names
from accountsctl.localcloud.moto_services.lambda_calls.own.pages import page
from accountsctl.localcloud.moto_services.lambda_calls.roles import SENDS, may_send

if TYPE_CHECKING:
    from accountsctl.localcloud.moto_services.functions import LambdaFunction

SETTINGS = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
NO_FUNCTION = "The function doesn't exist."


def put(call: LambdaCall) -> JsonObject:
    """PutFunctionEventInvokeConfig: what it leaves out is not set."""
    return _set(call, {})


def update(call: LambdaCall) -> JsonObject:
    """UpdateFunctionEventInvokeConfig: what it leaves out stays."""
    return _set(call, None)


def get(call: LambdaCall) -> JsonObject:
    """GetFunctionEventInvokeConfig."""
    function, qualifier = _named(call, f"{_arn(call)} doesn't have an EventInvokeConfig")
    return _reported(function, qualifier, _config(call, function, qualifier))


def list_configs(call: LambdaCall) -> JsonObject:
    """ListFunctionEventInvokeConfigs."""
    function, _ = _named(call, NO_FUNCTION)
    configs = asynchronous.event_invoke_configs(function)
    return page(
        call,
        "FunctionEventInvokeConfigs",
        [_reported(function, qualifier, config) for qualifier, config in configs.items()],
    )


def delete(call: LambdaCall) -> JsonObject:
    """DeleteFunctionEventInvokeConfig."""
    function, qualifier = _named(call, f"{_arn(call)} doesn't have an EventInvokeConfig")
    _config(call, function, qualifier)
    configs = asynchronous.event_invoke_configs(function)
    del configs[qualifier]
    asynchronous.set_event_invoke_configs(function, configs)
    return {}


def _set(call: LambdaCall, start: JsonObject | None) -> JsonObject:
    given = {name: call.input[name] for name in SETTINGS if call.input.get(name) is not None}
    if not given:
        raise invalid("You must specify at least one of error handling or destination setting.")
    function, qualifier = _named(call, NO_FUNCTION)
    for arn in _destinations(given.get("DestinationConfig") or {}):
        _check_destination(call, function, arn, given["DestinationConfig"])
    before = start if start is not None else _config(call, function, qualifier)
    configs = asynchronous.event_invoke_configs(function)
    configs[qualifier] = {**before, **given, "modified": datetime.now(UTC).timestamp()}
    asynchronous.set_event_invoke_configs(function, configs)
    return _reported(function, qualifier, configs[qualifier])


def _arn(call: LambdaCall) -> str:
    wanted = names.named(call)
    return f"The function {wanted.arn}:{wanted.qualifier or names.LATEST}"


def _named(call: LambdaCall, otherwise: str) -> tuple[LambdaFunction, str]:
    """The function and what is named of it; raises LambdaFault with the text if there is none."""
    wanted = names.named(call)
    try:
        names.resolved(call, wanted)
    except LambdaFault:
        raise missing(otherwise) from None
    return names.latest(call), wanted.qualifier or names.LATEST


def _config(call: LambdaCall, function: LambdaFunction, qualifier: str) -> JsonObject:
    config = asynchronous.event_invoke_configs(function).get(qualifier)
    if config is None:
        raise missing(f"{_arn(call)} doesn't have an EventInvokeConfig")
    return config


def _destinations(config: Mapping[str, Any]) -> list[str]:
    ends = [(config.get(end) or {}).get("Destination") for end in ("OnSuccess", "OnFailure")]
    return [str(arn) for arn in ends if arn]


def _check_destination(
    call: LambdaCall, function: LambdaFunction, arn: str, config: Mapping[str, Any]
) -> None:
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    if service not in SENDS:
        raise invalid(f"The provided destination config {_shown(config)} is invalid.")
    if function.function_arn == arn:
        raise invalid("You can't specify the function as a destination for itself.")
    if service == "lambda" and names.stored(call, arn.split(":")[6] if arn.count(":") > 5 else "") is None:
        raise invalid(f"The destination ARN {arn} is invalid.")
    if not may_send(function.role, arn):
        raise invalid(
            f"The function's execution role does not have permissions to call {SENDS[service]} on {arn}"
        )


def _shown(config: Mapping[str, Any]) -> str:
    """A DestinationConfig as Lambda's refusal has it."""
    parts = []
    for end in ("OnSuccess", "OnFailure"):
        target = (config.get(end) or {}).get("Destination")
        text = f"{end}(destination={target})" if target else "null"
        parts.append(f"{end[0].lower()}{end[1:]}={text}")
    return f"DestinationConfig({', '.join(parts)})"


def _reported(function: LambdaFunction, qualifier: str, config: JsonObject) -> JsonObject:
    destinations = config.get("DestinationConfig") or {}
    shown = {end: dict(destinations.get(end) or {}) for end in ("OnFailure", "OnSuccess")}
    return {
        **{name: config[name] for name in SETTINGS if name in config},
        "DestinationConfig": shown,
        "FunctionArn": f"{function.function_arn}:{qualifier}",
        "LastModified": config["modified"],
    }
