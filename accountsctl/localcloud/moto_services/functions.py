"""What we fix in moto's Lambda: limits that AWS checks and moto does not, code that is missing in S3, and
the logging configuration, which moto loses.

Functions are run by `accountsctl.localcloud.lambdas`; moto keeps their configuration and code.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from accountsctl.localcloud.contracts.function_names import name_and_qualifier
from accountsctl.localcloud.contracts.identifiers import new_uuid
from accountsctl.localcloud.moto_services import asynchronous, layers, publishing
from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.code_checks import (
    check_object,
    check_request,
    check_size,
    check_together,
)
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaAlias, LambdaBackend
    from moto.awslambda.models import LambdaFunction as MotoFunction

    class LambdaFunction(MotoFunction):
        """moto's function, with its logging configuration and its revision, which we add."""

        logging_config: dict[str, str]
        revision_id: str


Changed = TypeVar("Changed")


def install() -> None:
    """Fix moto.awslambda. Once per process."""
    moto = models("lambda")
    wrap(moto.LambdaBackend, "create_function", _create)
    wrap(moto.LambdaBackend, "update_function_code", _update_code)
    wrap(moto.LambdaBackend, "publish_version", _publish)
    wrap(moto.LambdaFunction, "update_configuration", _configure)
    wrap(moto.LambdaFunction, "_set_function_code", _code)
    wrap(moto.LambdaFunction, "update_function_code", _updating)
    wrap(moto.LambdaFunction, "__init__", _initialize)
    wrap(moto.LambdaFunction, "get_configuration", _configuration)


@dataclass(frozen=True)
class FoundFunction:
    """A function, or the version of it that a qualifier means; `invoked_arn` is that of an alias, if it was one."""

    function: LambdaFunction
    invoked_arn: str
    layers: tuple[bytes, ...]


def find(name_or_arn: str, region: str) -> FoundFunction | None:
    """A function by name, ARN or partial ARN, with or without a qualifier; None if there is none."""
    parts = name_or_arn.split(":")
    qualifier = None
    if name_or_arn.startswith("arn:"):
        region = parts[3]
        name, qualifier = parts[6], parts[7] if len(parts) > 7 else None
    elif len(parts) >= 3 and parts[1] == "function":
        name, qualifier = parts[2], parts[3] if len(parts) > 3 else None
    else:
        name, qualifier = parts[0], parts[1] if len(parts) > 1 else None
    account = next(iter(backends("lambda").values()), None)
    if account is None or region not in account.keys():  # noqa: SIM118 - "in" is true for any region
        return None
    unknown = importlib.import_module("moto.awslambda.exceptions").UnknownFunctionException
    backend: LambdaBackend = account[region]
    try:
        alias = backend._lambdas._get_function_aliases(name).get(qualifier or "")
        version = _version_of(alias) if alias else qualifier
        function = cast("LambdaFunction", backend.get_function(name, version))
    except unknown:
        return None
    return FoundFunction(function, alias.arn if alias else "", layers.layers_of(backend, function))


def weights_of(alias: LambdaAlias) -> Mapping[str, float]:
    """The share of the invocations of an alias that each further version gets."""
    config: Mapping[str, Mapping[str, float]] = alias.routing_config or {}  # type: ignore[assignment]
    return config.get("AdditionalVersionWeights") or {}


def _version_of(alias: LambdaAlias) -> str:
    """The version that an invocation of an alias runs: by its weights, one of two.

    https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
    """
    for version, weight in weights_of(alias).items():
        if random.random() < float(weight):  # noqa: S311 - a share of the invocations, not a secret
            return version
    return alias.function_version


def _create(
    original: Callable[..., LambdaFunction], backend: LambdaBackend, spec: JsonObject
) -> LambdaFunction:
    check_request((spec.get("Code") or {}).get("ZipFile", ""), "CreateFunction")
    name = name_and_qualifier(str(spec.get("FunctionName") or ""))[0]
    return original(backend, {**spec, "FunctionName": name})


def _publish(
    original: Callable[..., LambdaFunction],  # noqa: ARG001 - as wrap() gives it
    backend: LambdaBackend,
    function_name: str,
    description: str = "",
) -> LambdaFunction:
    function = cast("LambdaFunction", backend.get_function(function_name))
    return publishing.publish_version(backend, function, description)


def _configure(
    original: Callable[..., JsonObject], function: LambdaFunction, updates: JsonObject
) -> JsonObject:
    if "LoggingConfig" in updates:
        _set_logging(function, updates["LoggingConfig"])
    if "DeadLetterConfig" in updates:
        asynchronous.set_dead_letters(function, updates)
    _undone_if_refused(function, partial(original, function, _complete(function, updates)))
    function.revision_id = new_uuid()
    return function.get_configuration()


def _complete(function: LambdaFunction, updates: JsonObject) -> JsonObject:
    """The updates with what moto leaves undone done; every one of them may be published as a version."""
    if "Environment" in updates:
        function.__dict__["has_environment"] = True
        updates = {
            **updates,
            "Environment": {"Variables": (updates["Environment"] or {}).get("Variables") or {}},
        }
    if "TracingConfig" in updates:
        function.tracing_config = {"Mode": "PassThrough", **(updates["TracingConfig"] or {})}
    if "EphemeralStorage" in updates:
        function.ephemeral_storage = int(updates["EphemeralStorage"]["Size"])
    if "KMSKeyArn" in updates:
        function.kms_key_arn = updates["KMSKeyArn"] or None
    function.last_modified = _now()
    return updates


def _now() -> str:
    """The time as Lambda writes LastModified."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def _initialize(
    original: Callable[..., None],
    function: LambdaFunction,
    account_id: str,
    spec: JsonObject,
    *args: object,
    **named: object,
) -> None:
    environment = (
        {"Environment": {"Variables": {}, **(spec["Environment"] or {})}} if "Environment" in spec else {}
    )
    original(function, account_id, {**spec, **environment}, *args, **named)
    function.revision_id = new_uuid()
    function.last_modified = _now()
    function.__dict__["has_environment"] = "Environment" in spec
    _set_logging(function, spec.get("LoggingConfig") or {})
    asynchronous.set_dead_letters(function, spec)


def _configuration(
    original: Callable[..., JsonObject], function: LambdaFunction, *args: object, **named: object
) -> JsonObject:
    configuration = original(function, *args, **named)
    return {
        **configuration,
        "LoggingConfig": logging_of(function),
        # A saved state may hold functions from before we stored their revision.
        "RevisionId": function.__dict__.setdefault("revision_id", new_uuid()),
        **asynchronous.dead_letters(function),
    }


def _update_code(
    original: Callable[..., JsonObject | None],
    backend: LambdaBackend,
    function_name: str,
    qualifier: str,
    body: JsonObject,
) -> JsonObject | None:
    """UpdateFunctionCode; a dry run checks the code and reports its hash, and changes nothing."""
    if not body.get("DryRun"):
        return original(backend, function_name, qualifier, body)
    function = backend.get_function(function_name, qualifier)
    before = _copied(function)
    try:
        return function.update_function_code({**body, "DryRun": False})
    finally:
        function.__dict__.clear()
        function.__dict__.update(before)


def _updating(
    original: Callable[..., JsonObject], function: LambdaFunction, updates: JsonObject
) -> JsonObject:
    """The response of UpdateFunctionCode, which comes before the update has succeeded.

    https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
    """
    result = original(function, updates)
    function.last_modified = _now()
    function.revision_id = result["RevisionId"] = new_uuid()
    return {
        **result,
        "LastUpdateStatus": "InProgress",
        "LastUpdateStatusReason": "The function is being created.",
        "LastUpdateStatusReasonCode": "Creating",
    }


def _set_logging(function: LambdaFunction, requested: Mapping[str, str]) -> None:
    """Store a logging configuration; what it leaves out has Lambda's defaults."""
    structured = requested.get("LogFormat") == "JSON"
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"} if structured else {}
    group = requested.get("LogGroup") or f"/aws/lambda/{function.function_name}"
    function.logging_config = {"LogFormat": "Text", **levels, **requested, "LogGroup": group}
    function.logs_group_name = group


def logging_of(function: LambdaFunction) -> Mapping[str, str]:
    """The logging configuration of a function."""
    # A saved state may hold functions from before we stored the configuration.
    if "logging_config" not in function.__dict__:
        _set_logging(function, {})
    return function.logging_config


def environment_of(function: LambdaFunction) -> dict[str, str]:
    """The function's variables, and those that make Lambda's runtime log as JSON."""
    logging = logging_of(function)
    if logging["LogFormat"] != "JSON":
        return dict(function.environment_vars)
    logging_variables = {
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": logging["ApplicationLogLevel"],
    }
    return {**function.environment_vars, **logging_variables}


def _code(original: Callable[..., None], function: LambdaFunction, spec: JsonObject) -> None:
    """moto creates a function without code if S3 has none, and fails with a 500 if one is updated so."""
    if "S3Key" in spec and "S3Bucket" in spec and "UUID" not in spec:
        check_object(function.account_id, spec["S3Bucket"], spec["S3Key"])
    check_request(spec.get("ZipFile", ""), "UpdateFunctionCode")
    _undone_if_refused(function, partial(original, function, spec))


def _copied(function: MotoFunction) -> JsonObject:
    """What a function is made of, its code apart, which moto changes in place."""
    return {**function.__dict__, "code": dict(function.code)}


def _undone_if_refused(function: LambdaFunction, change: Callable[[], Changed]) -> Changed:
    """Change a function, which stays as it was if Lambda would refuse its code."""
    before = _copied(function)
    try:
        result = change()
        check_size(function.code_bytes or b"")
        found = backends("lambda")[function.account_id][function.region]
        check_together(function.code_bytes or b"", layers.layers_of(found, function))
    except Exception:
        function.__dict__.clear()
        function.__dict__.update(before)
        raise
    return result
