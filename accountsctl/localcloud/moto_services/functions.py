"""What we fix in moto's Lambda: limits that AWS checks and moto does not, code that is missing in S3, and
the logging configuration, which moto loses.

Functions are run by `accountsctl.localcloud.lambdas`; moto keeps their configuration and code.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.moto_services.apps import backends, models
from accountsctl.localcloud.moto_services.patching import wrap

LIMITS = {"Timeout": ("timeout", 1, 900), "MemorySize": ("memorySize", 128, 10240)}


def install() -> None:
    """Fix moto.awslambda. Once per process."""
    moto = models("lambda")
    wrap(moto.LambdaBackend, "create_function", _create)
    wrap(moto.LambdaFunction, "update_configuration", _configure)
    wrap(moto.LambdaFunction, "_set_function_code", _code)
    wrap(moto.LambdaFunction, "__init__", _made)
    wrap(moto.LambdaFunction, "get_configuration", _configuration)


def find(name_or_arn: str, region: str) -> Any:
    """A function by name, ARN or partial ARN, with or without a qualifier; None where there is none."""
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
    if account is None or region not in account.keys():  # noqa: SIM118 - "in" would say yes to any region
        return None
    unknown = importlib.import_module("moto.awslambda.exceptions").UnknownFunctionException
    try:
        return account[region].get_function(name, qualifier)
    except unknown:
        return None


def _create(original: Any, backend: Any, spec: dict[str, Any]) -> Any:
    _check(spec)
    return original(backend, spec)


def _configure(original: Any, function: Any, updates: dict[str, Any]) -> Any:
    _check(updates)
    if "LoggingConfig" in updates:
        _log_to(function, updates["LoggingConfig"])
    return original(function, updates)


def _made(
    original: Any, function: Any, account_id: str, spec: dict[str, Any], *args: Any, **more: Any
) -> None:
    original(function, account_id, spec, *args, **more)
    _log_to(function, spec.get("LoggingConfig") or {})


def _configuration(original: Any, function: Any, *args: Any, **named: Any) -> Any:
    return {**original(function, *args, **named), "LoggingConfig": logging_of(function)}


def _log_to(function: Any, wanted: Mapping[str, Any]) -> None:
    """Keep a logging configuration; what it leaves out has Lambda's defaults."""
    structured = wanted.get("LogFormat") == "JSON"
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"} if structured else {}
    group = wanted.get("LogGroup") or f"/aws/lambda/{function.function_name}"
    function.logging_config = {"LogFormat": "Text", **levels, **wanted, "LogGroup": group}
    function.logs_group_name = group


def logging_of(function: Any) -> Mapping[str, str]:
    """The logging configuration of a function, also of one that was made before we kept it."""
    if "logging_config" not in function.__dict__:
        _log_to(function, {})
    kept: Mapping[str, str] = function.logging_config
    return kept


def environment_of(function: Any) -> dict[str, str]:
    """The function's variables, and those by which Lambda tells its runtime to log as JSON."""
    logging = logging_of(function)
    if logging["LogFormat"] != "JSON":
        return dict(function.environment_vars)
    told = {
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": logging["ApplicationLogLevel"],
    }
    return {**function.environment_vars, **told}


def _check(spec: Mapping[str, Any]) -> None:
    """The constraints of Lambda's API model, in the words in which Lambda refuses."""
    faults = []
    for key, (member, low, high) in LIMITS.items():
        value = spec.get(key)
        if value is not None and not low <= value <= high:
            bound = f"less than or equal to {high}" if value > high else f"greater than or equal to {low}"
            faults.append((value, member, f"Member must have value {bound}"))
    runtime = spec.get("Runtime")
    if runtime is not None and runtime not in _runtimes():
        faults.append((runtime, "runtime", f"Member must satisfy enum value set: [{', '.join(_runtimes())}]"))
    if faults:
        words = "; ".join(
            f"Value '{value}' at '{member}' failed to satisfy constraint: {rule}"
            for value, member, rule in faults
        )
        count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected"
        raise _client_error("ValidationException", f"{count}: {words}")


def _runtimes() -> list[str]:
    """Every runtime that the API knows, the deprecated ones included."""
    utils = importlib.import_module("moto.core.utils")
    return list(utils.get_service_model("lambda").shape_for("Runtime").enum)


def _code(original: Any, function: Any, spec: dict[str, Any]) -> Any:
    """moto makes a function without code where S3 has none, and answers an update of it with a 500."""
    if "S3Key" in spec and "S3Bucket" in spec and "UUID" not in spec:
        _check_object(function, spec["S3Bucket"], spec["S3Key"])
    return original(function, spec)


def _check_object(function: Any, bucket: str, key: str) -> None:
    faults = importlib.import_module("moto.s3.exceptions")
    missing = ("NoSuchKey", "The specified key does not exist.")
    try:
        there = backends("s3")[function.account_id][function.partition].get_object(bucket, key) is not None
    except faults.MissingBucket:
        there, missing = False, ("NoSuchBucket", "The specified bucket does not exist")
    except faults.MissingKey:
        there = False
    if not there:
        words = f"Error occurred while GetObject. S3 Error Code: {missing[0]}. S3 Error Message: {missing[1]}"
        raise _client_error("InvalidParameterValueException", words)


def _client_error(code: str, message: str) -> Exception:
    made: Exception = importlib.import_module("moto.awslambda.exceptions").LambdaClientError(code, message)
    return made
