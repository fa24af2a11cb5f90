"""What we fix in moto's settings of asynchronous invocations: dead letter queues are kept, a configuration is replaced.

https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.event_sources import AsyncSettings
from accountsctl.localcloud.moto_services.apps import JsonObject, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaBackend
    from moto.awslambda.models import LambdaFunction as MotoFunction

DEFAULTS = AsyncSettings()


def install() -> None:
    """Fix moto.awslambda. Once per process."""
    moto = models("lambda")
    wrap(moto.LambdaBackend, "put_function_event_invoke_config", _put)
    wrap(moto.LambdaBackend, "update_function_event_invoke_config", _update)


def settings(function: MotoFunction) -> AsyncSettings:
    """The settings in force."""
    config = function.event_invoke_config[0].config if function.event_invoke_config else {}
    destinations = config.get("DestinationConfig") or {}
    return AsyncSettings(
        retries=int(config.get("MaximumRetryAttempts", DEFAULTS.retries)),
        max_age=float(config.get("MaximumEventAgeInSeconds", DEFAULTS.max_age)),
        on_success=(destinations.get("OnSuccess") or {}).get("Destination") or None,
        on_failure=(destinations.get("OnFailure") or {}).get("Destination") or None,
        dead_letters=function.__dict__.get("dead_letters"),
    )


def set_dead_letters(function: MotoFunction, spec: JsonObject) -> None:
    """Keep the DeadLetterConfig of CreateFunction or UpdateFunctionConfiguration; no TargetArn ends it."""
    function.__dict__["dead_letters"] = (spec.get("DeadLetterConfig") or {}).get("TargetArn") or None


def dead_letters(function: MotoFunction) -> JsonObject:
    """The DeadLetterConfig as GetFunctionConfiguration reports it; {} without one."""
    # A saved state may hold functions from before we stored it.
    target = function.__dict__.get("dead_letters")
    return {"DeadLetterConfig": {"TargetArn": target}} if target else {}


def _put(
    original: Callable[..., JsonObject], backend: LambdaBackend, function_name: str, config: JsonObject
) -> JsonObject:
    """moto would keep the first configuration for ever."""
    backend.get_function(function_name).event_invoke_config = []
    return original(backend, function_name, config)


def _update(
    original: Callable[..., JsonObject], backend: LambdaBackend, function_name: str, config: JsonObject
) -> JsonObject:
    """Change only what the call names."""
    present = backend.get_function(function_name).event_invoke_config
    return original(backend, function_name, {**(present[0].config if present else {}), **config})
