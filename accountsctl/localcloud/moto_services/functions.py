"""What we fix in moto's Lambda: limits that AWS checks and moto does not, code that is missing in S3, and
the logging configuration, which moto loses.

Functions are run by `accountsctl.localcloud.lambdas`; moto keeps their configuration and code.
"""

from __future__ import annotations

import importlib
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services import asynchronous
from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaBackend
    from moto.awslambda.models import LambdaFunction as MotoFunction

    class LambdaFunction(MotoFunction):
        """moto's function, with its logging configuration, which we add."""

        logging_config: dict[str, str]


NAME = re.compile(
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d:)?(\d{12}:)?(function:)?"
    r"([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
"""FunctionName in Lambda's API model. The name becomes that of a log file."""
LARGEST_NAME = 64
LARGEST_UNZIPPED = 262_144_000
"""Bytes, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
LIMITS = {"Timeout": ("timeout", 1, 900), "MemorySize": ("memorySize", 128, 10240)}


def install() -> None:
    """Fix moto.awslambda. Once per process."""
    moto = models("lambda")
    wrap(moto.LambdaBackend, "create_function", _create)
    wrap(moto.LambdaFunction, "update_configuration", _configure)
    wrap(moto.LambdaFunction, "_set_function_code", _code)
    wrap(moto.LambdaFunction, "__init__", _initialize)
    wrap(moto.LambdaFunction, "get_configuration", _configuration)


def find(name_or_arn: str, region: str) -> LambdaFunction | None:
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
    try:
        function: LambdaFunction = account[region].get_function(name, qualifier)
    except unknown:
        return None
    return function


def _create(
    original: Callable[..., LambdaFunction], backend: LambdaBackend, spec: JsonObject
) -> LambdaFunction:
    _check(spec)
    _check_name(str(spec.get("FunctionName", "")))
    return original(backend, spec)


def _configure(
    original: Callable[..., JsonObject], function: LambdaFunction, updates: JsonObject
) -> JsonObject:
    _check(updates)
    if "LoggingConfig" in updates:
        _set_logging(function, updates["LoggingConfig"])
    if "DeadLetterConfig" in updates:
        asynchronous.set_dead_letters(function, updates)
    return original(function, updates)


def _initialize(
    original: Callable[..., None],
    function: LambdaFunction,
    account_id: str,
    spec: JsonObject,
    *args: object,
    **named: object,
) -> None:
    original(function, account_id, spec, *args, **named)
    _set_logging(function, spec.get("LoggingConfig") or {})
    asynchronous.set_dead_letters(function, spec)


def _configuration(
    original: Callable[..., JsonObject], function: LambdaFunction, *args: object, **named: object
) -> JsonObject:
    configuration = original(function, *args, **named)
    return {
        **configuration,
        "LoggingConfig": logging_of(function),
        **asynchronous.dead_letters(function),
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


def _check(spec: JsonObject) -> None:
    """Check the constraints of Lambda's API model; the error has the text of Lambda's own."""
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
        details = "; ".join(
            f"Value '{value}' at '{member}' failed to satisfy constraint: {rule}"
            for value, member, rule in faults
        )
        count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected"
        raise _client_error("ValidationException", f"{count}: {details}")


def _check_name(name: str) -> None:
    """The constraints of FunctionName, with the text of Lambda's own errors."""
    plain = name.rpartition("function:")[2]
    if not NAME.fullmatch(name):
        rule = f"Member must satisfy regular expression pattern: {NAME.pattern}"
    elif len(plain) > LARGEST_NAME:
        rule = f"Member must have length less than or equal to {LARGEST_NAME}"
    else:
        return
    text = f"Value '{name}' at 'functionName' failed to satisfy constraint: {rule}"
    raise _client_error("ValidationException", f"1 validation error detected: {text}")


def _check_size(code: bytes) -> None:
    """Refuse code that would fill the disk once it is unpacked. What is not a zip file fails when it runs."""
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        return
    if size >= LARGEST_UNZIPPED:
        text = f"Unzipped size must be smaller than {LARGEST_UNZIPPED} bytes"
        raise _client_error("InvalidParameterValueException", text)


def _runtimes() -> list[str]:
    """Every runtime that the API knows, the deprecated ones included."""
    utils = importlib.import_module("moto.core.utils")
    return list(utils.get_service_model("lambda").shape_for("Runtime").enum)


def _code(original: Callable[..., None], function: LambdaFunction, spec: JsonObject) -> None:
    """moto creates a function without code if S3 has none, and fails with a 500 if one is updated so."""
    if "S3Key" in spec and "S3Bucket" in spec and "UUID" not in spec:
        _check_object(function, spec["S3Bucket"], spec["S3Key"])
    before = dict(function.__dict__)
    original(function, spec)
    try:
        _check_size(function.code_bytes or b"")
    except Exception:
        function.__dict__.clear()
        function.__dict__.update(before)
        raise


def _check_object(function: LambdaFunction, bucket: str, key: str) -> None:
    exceptions = importlib.import_module("moto.s3.exceptions")
    missing = ("NoSuchKey", "The specified key does not exist.")
    try:
        exists = backends("s3")[function.account_id][function.partition].get_object(bucket, key) is not None
    except exceptions.MissingBucket:
        exists, missing = False, ("NoSuchBucket", "The specified bucket does not exist")
    except exceptions.MissingKey:
        exists = False
    if not exists:
        message = (
            f"Error occurred while GetObject. S3 Error Code: {missing[0]}. S3 Error Message: {missing[1]}"
        )
        raise _client_error("InvalidParameterValueException", message)


def _client_error(code: str, message: str) -> Exception:
    from moto.awslambda.exceptions import LambdaClientError

    return LambdaClientError(code, message)
