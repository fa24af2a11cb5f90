"""Settings of asynchronous invocations, and dead letter queues, as functions keep them.

https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.event_sources import AsyncSettings
from accountsctl.localcloud.contracts.function_names import LATEST
from accountsctl.localcloud.moto_services.apps import JsonObject

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaFunction as MotoFunction

DEFAULTS = AsyncSettings()


def settings(function: MotoFunction, version: MotoFunction, qualifier: str) -> AsyncSettings:
    """The settings in force for what is invoked: `version`, as `qualifier` of the function names it."""
    config = event_invoke_configs(function).get(qualifier or LATEST) or {}
    destinations = config.get("DestinationConfig") or {}
    return AsyncSettings(
        retries=int(config.get("MaximumRetryAttempts", DEFAULTS.retries)),
        max_age=float(config.get("MaximumEventAgeInSeconds", DEFAULTS.max_age)),
        on_success=(destinations.get("OnSuccess") or {}).get("Destination") or None,
        on_failure=(destinations.get("OnFailure") or {}).get("Destination") or None,
        dead_letters=version.__dict__.get("dead_letters"),
    )


def event_invoke_configs(function: MotoFunction) -> dict[str, JsonObject]:
    """A function's EventInvokeConfigs, by the version or alias that they are for."""
    stored = function.__dict__.get("event_invoke_configs")
    # A saved state may hold functions from before we stored them; moto kept one.
    if stored is None and function.event_invoke_config:
        old = function.event_invoke_config[0]
        stored = {LATEST: {**old.config, "modified": old.last_modified}}
    return dict(stored or {})


def set_event_invoke_configs(function: MotoFunction, configs: dict[str, JsonObject]) -> None:
    """Keep them."""
    function.__dict__["event_invoke_configs"] = configs


def set_dead_letters(function: MotoFunction, spec: JsonObject) -> None:
    """Keep the DeadLetterConfig of CreateFunction or UpdateFunctionConfiguration; no TargetArn ends it."""
    function.__dict__["dead_letters"] = (spec.get("DeadLetterConfig") or {}).get("TargetArn") or None


def dead_letters(function: MotoFunction) -> JsonObject:
    """The DeadLetterConfig as GetFunctionConfiguration reports it; {} without one."""
    # A saved state may hold functions from before we stored it.
    target = function.__dict__.get("dead_letters")
    return {"DeadLetterConfig": {"TargetArn": target}} if target else {}
