"""Names and other texts that AWS refuses when something is created, and moto takes.

What botocore's model of a service demands (patterns, lengths, values) is checked for the texts of every call that
creates something. Some services demand more than their model says: those rules are here, from their documentation.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from accountsctl.localcloud.contracts import constraints
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services import calls
from accountsctl.localcloud.moto_services.errors import refusal
from accountsctl.localcloud.moto_services.rest_routes import service_model

CODES = {
    "cognito-idp": "InvalidParameterException",
    "dynamodb": "ValidationException",
    "events": "ValidationException",
    "iam": "ValidationError",
    "logs": "InvalidParameterException",
    "secretsmanager": "ValidationException",
    "ssm": "ValidationException",
}
"""The services whose calls are checked here, and the code of their refusals. Others check their inputs elsewhere."""


@dataclass(frozen=True)
class NameRule:
    """What a name must match, and the words of the refusal."""

    member: str
    pattern: re.Pattern[str]
    words: str


DOCUMENTED = {
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
    ("dynamodb", "CreateTable"): NameRule(
        "TableName",
        re.compile(r"[a-zA-Z0-9_.-]{3,255}"),
        "Invalid table/index name. Table/index names must be between 3 and 255 characters long, and may contain only "
        "the characters a-z, A-Z, 0-9, '_', '-', and '.'",
    ),
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    ("secretsmanager", "CreateSecret"): NameRule(
        "Name",
        re.compile(r"[A-Za-z0-9/_+=.@!-]+"),
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    ),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
    ("ssm", "PutParameter"): NameRule(
        "Name",
        re.compile(r"arn:.+|[a-zA-Z0-9_./-]+"),
        "Parameter name: can't contain other characters than letters, numbers and the symbols .-_/",
    ),
}
_BUCKET = re.compile(
    r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)(?<!--ol-s3)"
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""


def refusal_of(scope: str, request: Request) -> Response | None:
    """The refusal of a call that creates something of a name or with a text that AWS does not take."""
    if scope == "s3":
        return _bucket(request)
    name = calls.operation(request)
    if scope not in CODES or not (name.startswith("Create") or (scope, name) in DOCUMENTED):
        return None
    texts = _texts(request)
    rule = DOCUMENTED.get((scope, name))
    given = texts.get(rule.member) if rule else None
    if rule and given and not rule.pattern.fullmatch(given):
        return refusal(scope, 400, CODES[scope], rule.words, request)
    found = constraints.in_one_sentence(list(_faults(scope, name, texts)))
    return refusal(scope, 400, CODES[scope], found, request) if found else None


def _faults(scope: str, operation: str, texts: Mapping[str, str]) -> Iterator[str]:
    model = _model(scope)
    shape: Any = model.operation_model(operation).input_shape if operation in model.operation_names else None
    for name, member in shape.members.items() if shape is not None else ():
        if name in texts and member.type_name == "string":
            yield from constraints.text_faults(member, name, texts[name])


def _texts(request: Request) -> dict[str, str]:
    """The members that are texts; none of a body that cannot be read, which the service itself refuses."""
    if (request.header("Content-Type") or "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        content = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return {}
    pairs = content.items() if isinstance(content, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, str)}


def _bucket(request: Request) -> Response | None:
    """CreateBucket: a PUT on the bucket itself, without a query that names a part of it."""
    name = unquote(request.path.strip("/"))
    if request.method != "PUT" or not name or "/" in request.path.strip("/") or request.query:
        return None
    if _BUCKET.fullmatch(name) and ".." not in name and not _is_address(name):
        return None
    return refusal("s3", 400, "InvalidBucketName", "The specified bucket is not valid.", request)


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


_model = lru_cache(maxsize=4)(service_model)
