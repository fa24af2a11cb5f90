"""An environment's file, ``amplify/environments/<name>.json``, as a value, with all its faults at once.

The file is committed, so what looks like a secret is refused, by its key or by its form; the value itself
never stands in a fault. Keys that are not known here are somebody else's and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from accountsctl.formats import json_reader
from accountsctl.formats.json_source import JsonPath, Source
from accountsctl.model.backend import Backend
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import Fault
from accountsctl.model.names import ENVIRONMENT_NAME, NAMINGS, ResourceId, parse_resource_id

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
_ZONE = re.compile(r"[a-z]{2,4}(-[a-z0-9]+)+[a-z]")
_STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
_STACK_ID = re.compile(r"arn:[a-z-]+:cloudformation:[a-z0-9-]+:[0-9]{12}:stack/[A-Za-z0-9-]+/.+")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ACCOUNT = re.compile(r"[0-9]{12}")
ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\x21-\x7e]+")
"""The ARN of a role. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"""
_SECRET_KEY = re.compile(
    r"(password|passwd|passphrase|pwd|secret|secretvalue|secretstring|secretkey|accesskey|privatekey"
    r"|sessiontoken|accesstoken|refreshtoken|idtoken)$"
)
_SECRET_FORM = re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----")
_NO_SECRET = re.compile(r"(\{\{resolve:.*\}\}|arn:.*|true|false|[0-9.]*)", re.IGNORECASE)


def parse(text: str, file: str, name: str) -> tuple[Environment | None, tuple[Fault, ...]]:
    """The environment `name` and every fault of its file; None if there is any."""
    return parse_source(json_reader.read(text, file), name)


def parse_source(source: Source, name: str) -> tuple[Environment | None, tuple[Fault, ...]]:
    """`parse`, from a text that was read before."""
    faults = [*source.faults, *secrets(source)]
    if not ENVIRONMENT_NAME.fullmatch(name):
        what = f'"{name}" is not a valid name for an environment.'
        hint = "Take 2 to 16 small letters, digits and single hyphens, a letter first, and rename the file."
        faults.append(Fault(source.file, 0, what, hint))
    if isinstance(source.value, dict):
        faults += _field_faults(source)
        faults += _table_faults(source, "parameters")
        faults += _table_faults(source, "imported")
        faults += _omit_faults(source)
    elif not source.faults:
        faults.append(source.fault((), "An environment must be an object."))
    if faults:
        return None, tuple(sorted(set(faults)))
    return _environment(source.value, name), ()


def unknown_resources(source: Source, backend: Backend) -> tuple[Fault, ...]:
    """What the environment says about resources that the backend does not have."""
    return tuple(
        source.fault(
            (key, on.category, on.name),
            f'"{key}" names {on}, which does not exist.',
            "Correct the name, or remove it.",
        )
        for key in ("parameters", "imported")
        for on in _resources_of(source.value, key)
        if backend.get(on) is None
    )


def secrets(source: Source) -> tuple[Fault, ...]:
    """The places of a committed file that seem to hold a secret."""
    return tuple(
        source.fault(
            path,
            f'"{path[-1]}" looks like a secret, and this file is committed.',
            "Remove it, and change the secret if it was real; keep secrets in AWS Secrets Manager.",
        )
        for path, value in _strings(source.value, ())
        if looks_secret(path, value)
    )


def _environment(value: dict[str, Any], name: str) -> Environment:
    return Environment(
        name=name,
        cloud=Cloud(value["cloud"]),
        region=value["region"],
        stack_name=value["stackName"],
        profile=value.get("profile"),
        account_id=value.get("accountId"),
        role_arn=value.get("roleArn"),
        protected=value.get("protected", False),
        naming=value.get("naming", 1),
        zones=tuple(value.get("zones", ())),
        parameters=value.get("parameters", {}),
        imported=value.get("imported", {}),
        stack_id=value.get("stackId", ""),
        bucket=value.get("bucket", ""),
        adopted=value.get("adopted", False),
        omit=frozenset(_omitted(value)),
    )


def _omitted(value: dict[str, Any]) -> Iterator[ResourceId]:
    """The resources that ``local.omit`` names; those that are not of the form category/name are faults."""
    local = value.get("local")
    names = local.get("omit") if isinstance(local, dict) else None
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and (resource := parse_resource_id(name)):
            yield resource


def _omit_faults(source: Source) -> Iterator[Fault]:
    local = source.value.get("local", {})
    if not isinstance(local, dict) or not isinstance(local.get("omit", []), list):
        yield source.fault(("local",), '"local" must be {"omit": ["category/name", ...]}.')
        return
    for index, name in enumerate(local.get("omit", [])):
        if not isinstance(name, str) or parse_resource_id(name) is None:
            yield source.fault(("local", "omit", index), '"omit" lists resources as "category/name".')


def _field_faults(source: Source) -> Iterator[Fault]:
    value = source.value
    for key, pattern, must in (
        ("cloud", re.compile("|".join(Cloud)), f'"cloud" must be {" or ".join(Cloud)}.'),
        ("region", _REGION, '"region" must be a region, such as eu-central-1.'),
        (
            "stackName",
            _STACK_NAME,
            '"stackName" must be letters, digits and hyphens, 128 at most, a letter first.',
        ),
    ):
        if key not in value:
            if source.complete:
                yield source.fault((), f'"{key}" is missing.', f'Add "{key}".')
        elif not _matches(pattern, value[key]):
            yield source.fault((key,), must)
    for key, pattern, must in (
        ("profile", re.compile(r"[^\x00-\x1f]+"), '"profile" must be the name of an AWS profile.'),
        ("accountId", _ACCOUNT, '"accountId" must be a string of 12 digits.'),
        ("roleArn", ROLE_ARN, '"roleArn" must be the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME.'),
    ):
        if value.get(key) is not None and not _matches(pattern, value[key]):
            yield source.fault((key,), must)
    if not isinstance(value.get("protected", False), bool):
        yield source.fault(("protected",), '"protected" must be true or false.')
    yield from _place_faults(source)
    yield from _adoption_faults(source)


def _adoption_faults(source: Source) -> Iterator[Fault]:
    for key, pattern, must in (
        ("stackId", _STACK_ID, '"stackId" must be the ARN of a CloudFormation stack.'),
        ("bucket", _BUCKET, '"bucket" must be the name of an S3 bucket.'),
    ):
        if key in source.value and not _matches(pattern, source.value[key]):
            yield source.fault((key,), must)
    adopted = source.value.get("adopted", False)
    if not isinstance(adopted, bool):
        yield source.fault(("adopted",), '"adopted" must be true or false.')
    elif adopted and source.complete:
        for key in ("stackId", "bucket"):
            if key not in source.value:
                yield source.fault(
                    ("adopted",), f'An adopted environment needs "{key}".', "`accountsctl adopt` writes it."
                )


def _place_faults(source: Source) -> Iterator[Fault]:
    naming, zones = source.value.get("naming", 1), source.value.get("zones", [])
    if naming not in NAMINGS or isinstance(naming, bool):
        yield source.fault(
            ("naming",), '"naming" must be 1 or 2.', "Leave it as it is once the stack exists."
        )
    if not isinstance(zones, list) or not all(_matches(_ZONE, zone) for zone in zones):
        yield source.fault(("zones",), '"zones" must be a list of availability zones, such as eu-central-1a.')
    elif len(set(zones)) < len(zones):
        yield source.fault(("zones",), '"zones" names one availability zone twice.')


def _table_faults(source: Source, key: str) -> Iterator[Fault]:
    """`key` must be category -> name -> key -> value where it is there at all."""
    level: list[tuple[JsonPath, Any]] = [((key,), source.value[key])] if key in source.value else []
    for shape in ("categories", "resources", "keys"):
        below: list[tuple[JsonPath, Any]] = []
        for path, value in level:
            if isinstance(value, dict):
                below += [((*path, name), child) for name, child in value.items()]
            else:
                where = ".".join(str(part) for part in path)
                yield source.fault(path, f'"{where}" must be an object of {shape}.')
        level = below


def _resources_of(value: Any, key: str) -> Iterator[ResourceId]:
    table = value.get(key) if isinstance(value, dict) else None
    if not isinstance(table, dict):
        return
    for category, names in table.items():
        if isinstance(names, dict):
            yield from (ResourceId(category, name) for name in names)


def _strings(value: Any, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    if isinstance(value, str):
        yield path, value
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from _strings(child, (*path, key))


def looks_secret(path: JsonPath, value: str) -> bool:
    """Whether a value is a secret by its key or by its form, so surely that a file with it is refused."""
    if _SECRET_FORM.search(value):
        return True
    key = re.sub(r"[^a-z]", "", str(path[-1]).lower()) if path else ""
    return bool(_SECRET_KEY.search(key)) and not _NO_SECRET.fullmatch(value)


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
