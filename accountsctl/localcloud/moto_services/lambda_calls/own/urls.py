"""The URLs of functions and of their aliases; https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.moto_services import function_urls
from accountsctl.localcloud.moto_services.apps import JsonObject, models
from accountsctl.localcloud.moto_services.lambda_calls.operations import LambdaCall, conflict, missing
from accountsctl.localcloud.moto_services.lambda_calls.own import names
from accountsctl.localcloud.moto_services.lambda_calls.own.pages import page

if TYPE_CHECKING:
    from moto.awslambda.models import FunctionUrlConfig

    from accountsctl.localcloud.moto_services.functions import LambdaFunction

NO_FUNCTION = "Function does not exist"


def create(call: LambdaCall) -> JsonObject:
    """CreateFunctionUrlConfig."""
    function, qualifier = _function(call)
    if function_urls.config_of(function, qualifier) is not None:
        raise conflict(
            f"Failed to create function url config for [functionArn = {names.named(call).qualified_arn}]. Error"
            " message:  FunctionUrlConfig exists for this Lambda function"
        )
    kind: Any = models("lambda").FunctionUrlConfig
    config = kind(function, {name: call.input[name] for name in ("AuthType", "Cors") if name in call.input})
    function_urls.set_config(function, qualifier, config)
    shown = _reported(function, qualifier, config)
    return {name: value for name, value in _as_given(call, shown).items() if name != "LastModifiedTime"}


def update(call: LambdaCall) -> JsonObject:
    """UpdateFunctionUrlConfig; what the call leaves out stays."""
    function, qualifier = _function(call)
    config = _config(function, qualifier)
    config.update({name: call.input[name] for name in ("AuthType", "Cors") if name in call.input})
    return _as_given(call, _reported(function, qualifier, config))


def get(call: LambdaCall) -> JsonObject:
    """GetFunctionUrlConfig."""
    function, qualifier = _named(call)
    return _reported(function, qualifier, _config(function, qualifier))


def list_configs(call: LambdaCall) -> JsonObject:
    """ListFunctionUrlConfigs: of the function and of its aliases."""
    function, _ = _function(call)
    configs = function_urls.configs_of(function)
    shown = [_reported(function, qualifier, config) for qualifier, config in configs.items()]
    return page(call, "FunctionUrlConfigs", shown)


def delete(call: LambdaCall) -> JsonObject:
    """DeleteFunctionUrlConfig."""
    function, qualifier = _named(call)
    _config(function, qualifier)
    function_urls.set_config(function, qualifier, None)
    return {}


def _named(call: LambdaCall, otherwise: str | None = None) -> tuple[LambdaFunction, str]:
    wanted = names.named(call)
    entry = names.stored(call, wanted.name)
    if entry is None or (wanted.qualifier and wanted.qualifier not in names.aliases(call, entry["latest"])):
        raise missing(otherwise) if otherwise else missing()
    return entry["latest"], wanted.qualifier


def _function(call: LambdaCall) -> tuple[LambdaFunction, str]:
    return _named(call, NO_FUNCTION)


def _config(function: LambdaFunction, qualifier: str) -> FunctionUrlConfig:
    config = function_urls.config_of(function, qualifier)
    if config is None:
        raise missing()
    return config


def _reported(function: LambdaFunction, qualifier: str, config: FunctionUrlConfig) -> JsonObject:
    arn = f"{function.function_arn}:{qualifier}" if qualifier else function.function_arn
    found = {**config.to_dict(), "FunctionArn": arn, "InvokeMode": "BUFFERED"}
    return {name: value for name, value in found.items() if value is not None}


def _as_given(call: LambdaCall, shown: JsonObject) -> JsonObject:
    """The answer of a call that changes: it has the InvokeMode only if the call has it."""
    given = "InvokeMode" in call.input
    return {name: value for name, value in shown.items() if given or name != "InvokeMode"}
