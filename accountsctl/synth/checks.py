"""What our own templates' parameters must be: mistakes that every linter lets pass and AWS refuses late."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeGuard

from accountsctl.formats.frontend.cors import EVERY_ORIGIN
from accountsctl.formats.layout import code_folder
from accountsctl.model.errors import Fault
from accountsctl.model.names import VARIABLE_NAME
from accountsctl.model.project import SECRETS
from accountsctl.model.suggestions import did_you_mean
from accountsctl.synth import runtimes
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.kinds import ResourceKind
from accountsctl.synth.trigger_inputs import trigger_faults

ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?")
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
DATABASE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
USER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}")
CLUSTER = re.compile(r"[A-Za-z](?:-?[A-Za-z0-9])*")
ENDINGS = ("py", "js", "mjs", "cjs", "ts", "mts", "cts", "tsx")
"""Of files that a handler can be in."""
ARCHITECTURES = ("arm64", "x86_64")
LOG_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")


def parameter_faults(inputs: Inputs, today: date) -> Iterator[Fault]:
    """Everything wrong with the parameters of a resource that one of our templates renders."""
    match inputs.kind:
        case ResourceKind.RDS:
            yield from _rds(inputs)
        case ResourceKind.FUNCTION:
            yield from _function(inputs, today)
        case ResourceKind.API:
            yield from _api(inputs)
        case _:  # Amplify's own files, which are checked where they are read
            return


def _rds(inputs: Inputs) -> Iterator[Fault]:
    for key, shape in (("DBUsername", USER), ("DBClusterName", CLUSTER), ("DatabaseName", DATABASE)):
        value = inputs.parameters.get(key)
        if not (isinstance(value, str) and shape.fullmatch(value)):
            yield inputs.fault(
                key, f'"{key}" must be a name: letters and digits, a letter first; it is {value!r}.'
            )
    low, high = inputs.parameters.get("MinCapacity", 0.5), inputs.parameters.get("MaxCapacity", 2)
    for key, value, least in (("MinCapacity", low, 0), ("MaxCapacity", high, 1)):
        if not _is_number(value) or not least <= value <= 256 or value * 2 % 1:
            yield inputs.fault(
                key, f'"{key}" must be a capacity in half steps from {least} to 256; it is {value!r}.'
            )
    if _is_number(low) and _is_number(high) and low > high:
        yield inputs.fault("MaxCapacity", f'"MaxCapacity" ({high}) is below "MinCapacity" ({low}).')
    yield from _whole(inputs, "SecondsUntilAutoPause", 300, 300, 86400)
    yield from _whole(inputs, "Readers", 0, 0, 15)
    yield from _whole(inputs, "BackupRetentionDays", 7, 1, 35)
    yield from _whole(inputs, "AvailabilityZones", 2, 2, 6)
    zones, count = inputs.project.environment.zones, inputs.parameters.get("AvailabilityZones", 2)
    if zones and isinstance(count, int) and len(zones) < count:
        hint = 'Add to "zones" in the environment\'s file; a zone that is used already keeps its place.'
        yield inputs.fault(
            "AvailabilityZones", f'{count} zones are needed; "zones" names {len(zones)}.', hint
        )


def _function(inputs: Inputs, today: date) -> Iterator[Fault]:
    runtime = inputs.parameters.get("runtime", runtimes.DEFAULT)
    if refusal := runtimes.refusal(str(runtime), today):
        yield inputs.fault("runtime", refusal, f"Use {runtimes.replacement(str(runtime))}.")
    yield from _whole(inputs, "timeout", 25, 1, 900)
    yield from _whole(inputs, "memorySize", 512, 128, 10240)
    yield from _one_of(inputs, "architecture", "arm64", ARCHITECTURES)
    yield from _one_of(inputs, "logLevel", "INFO", LOG_LEVELS)
    yield from _handler(inputs)
    yield from trigger_faults(inputs)
    variables = inputs.parameters.get("variables", {})
    if not isinstance(variables, Mapping) or not all(
        VARIABLE_NAME.fullmatch(str(name)) for name in variables
    ):
        yield inputs.fault(
            "variables", '"variables" must be {"NAME": value}: letters, digits and _, two at least.'
        )
    secrets = inputs.parameters.get(SECRETS, [])
    if not isinstance(secrets, list) or not all(
        isinstance(name, str) and VARIABLE_NAME.fullmatch(name) for name in secrets
    ):
        yield inputs.fault(SECRETS, '"secrets" must be a list of names: letters, digits and _, two at least.')
    elif isinstance(variables, Mapping) and (both := sorted(set(secrets) & set(variables))):
        yield inputs.fault(SECRETS, f"{', '.join(both)} is a variable and a secret; it can be one of them.")


def _handler(inputs: Inputs) -> Iterator[Fault]:
    handler = str(inputs.parameters.get("handler", "index.handler"))
    module, dot, function = handler.rpartition(".")
    names = {
        f"{module.replace('.', '/')}.{ending}"
        for ending in ("py", "js", "mjs", "cjs", "ts", "mts", "cts", "tsx")
    } | {f"{module}.py"}
    if not dot or not function:
        yield inputs.fault("handler", f'"handler" must be "file.function"; it is {handler!r}.')
    elif not inputs.source.code:
        what = f"{inputs.resource.id} has no code."
        folder = code_folder(inputs.resource.id)
        yield Fault(folder, 0, what, f"Put the handler into {folder}/{module}.py.")
    elif names.isdisjoint(inputs.source.code) and not any(
        path in inputs.source.code for path in (f"{module}/__init__.py", f"{module}/index.js")
    ):
        yield inputs.fault(
            "handler", f'"handler" is {handler!r}, but src/ holds no {module}.py or {module}.js.'
        )


def _api(inputs: Inputs) -> Iterator[Fault]:
    cors = inputs.parameters.get("cors", {})
    if not isinstance(cors, Mapping):
        yield inputs.fault("cors", '"cors" must be an object.')
        return
    origins = cors.get("allowOrigins", [EVERY_ORIGIN])
    if not isinstance(origins, list) or not origins:
        yield inputs.fault("cors", '"allowOrigins" must be a list of origins, or ["*"].')
        return
    for origin in origins:
        if origin != EVERY_ORIGIN and not (isinstance(origin, str) and ORIGIN.fullmatch(origin)):
            hint = "An origin is scheme://host[:port], with no path and no slash at its end."
            yield inputs.fault(
                "cors", f"{origin!r} is not a valid origin, so no browser will ever send it.", hint
            )
    if EVERY_ORIGIN in origins and len(origins) > 1:
        yield inputs.fault("cors", '"*" allows every origin; the others beside it say nothing.')
    for key in ("allowHeaders", "exposeHeaders"):
        names = cors.get(key, [])
        if not isinstance(names, list) or not all(isinstance(n, str) and TOKEN.fullmatch(n) for n in names):
            yield inputs.fault("cors", f'"{key}" must be a list of header names.')
    if not isinstance(cors.get("maxAge", 600), int) or not 0 <= cors.get("maxAge", 600) <= 86400:
        yield inputs.fault("cors", '"maxAge" must be a number of seconds from 0 to 86400.')


def _whole(inputs: Inputs, key: str, default: int, least: int, most: int) -> Iterator[Fault]:
    value = inputs.parameters.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        yield inputs.fault(key, f'"{key}" must be a whole number from {least} to {most}; it is {value!r}.')


def _one_of(inputs: Inputs, key: str, default: str, known: tuple[str, ...]) -> Iterator[Fault]:
    value = inputs.parameters.get(key, default)
    if value not in known:
        what = f'"{key}" must be one of {", ".join(known)}; it is {value!r}.'
        yield inputs.fault(key, what, did_you_mean(str(value), known))


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
