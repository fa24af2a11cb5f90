"""Calls that set a tag which only AWS itself may set; CloudFormation does so here too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.tag_keys import is_reserved
from accountsctl.localcloud.moto_services.errors import refusal

CODES: Mapping[str, str] = {
    "apigateway": "BadRequestException",
    "cognito-identity": "InvalidParameterException",
    "cognito-idp": "InvalidParameterException",
    "dynamodb": "ValidationException",
    "ec2": "InvalidParameterValue",
    "events": "ValidationException",
    "iam": "InvalidInput",
    "kms": "TagException",
    "lambda": "InvalidParameterValueException",
    "logs": "InvalidParameterException",
    "rds": "InvalidParameterValue",
    "secretsmanager": "InvalidParameterException",
    "sns": "InvalidParameter",
    "sqs": "InvalidParameterValue",
    "ssm": "ValidationException",
    "states": "ValidationException",
}
"""The services whose tags are checked here, and the code of their refusals; CloudFormation and S3 check their own."""
WORDS = {
    "apigateway": "Invalid tag key. Tag keys cannot start with 'aws:' (case insensitive)",
    "ec2": "Tag keys starting with 'aws:' are reserved for internal use",
}
"""What the services say, as far as it is known; the others say it as API Gateway does."""
_RESERVED = re.compile(rb"[\"=]aws(:|%3a)", re.IGNORECASE)
_FORM_KEY = re.compile(
    r"(TagSpecification\.\d+\.)?Tags?\.(member\.|Tag\.)?\d+\.Key|Tag\.\d+\.Key|Tags\.entry\.\d+\.key"
)
_NAMES = ("tags", "userpooltags", "identitypooltags")


def refusal_of(scope: str, request: Request) -> Response | None:
    """The refusal of a call that sets such a tag; None for any other."""
    if scope not in CODES or request.method in ("GET", "DELETE") or not _RESERVED.search(request.body):
        return None
    if not any(map(is_reserved, _keys(request))):
        return None
    return refusal(scope, 400, CODES[scope], WORDS.get(scope, WORDS["apigateway"]), request)


def _keys(request: Request) -> Iterator[str]:
    """The keys of the tags in a body; none of a body that cannot be read, which the service itself refuses."""
    if (request.header("Content-Type") or "").startswith("application/x-www-form-urlencoded"):
        for name, value in parse_qsl(request.body.decode("utf-8", "replace")):
            if _FORM_KEY.fullmatch(name):
                yield value
        return
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    for name, value in content.items() if isinstance(content, dict) else ():
        if name.lower() in _NAMES:
            yield from _of(value)


def _of(tags: Any) -> Iterator[str]:
    """The keys of tags in either form: a map, or a list of Key and Value (KMS: of TagKey and TagValue)."""
    if isinstance(tags, dict):
        yield from tags
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, dict):
            yield str(tag.get("Key") or tag.get("key") or tag.get("TagKey") or "")
