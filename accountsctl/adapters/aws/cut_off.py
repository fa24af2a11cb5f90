"""A response that ends in the middle of its document is a lost response: the SDK is to try again.

The SDK retries a connection that breaks, but not a document that does not end: it raises ResponseParserError, though
its message says that "further retries may succeed". One hook on each client turns such a response into the error
RequestTimeout, which the SDK retries by itself; another one has the SDK raise it when it has given up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping
from typing import Protocol
from xml.etree import ElementTree

from accountsctl.adapters.aws.tokens import Hooks

CODE = "RequestTimeout"
MESSAGE = "The response was cut off."
XML = f"<ErrorResponse><Error><Code>{CODE}</Code><Message>{MESSAGE}</Message></Error></ErrorResponse>"
BARE_XML = f"<Error><Code>{CODE}</Code><Message>{MESSAGE}</Message></Error>"
JSON = json.dumps({"__type": CODE, "message": MESSAGE})
ERRORS = {"query": XML, "rest-xml": BARE_XML, "json": JSON, "rest-json": JSON}
"""The error in the shape of each protocol whose documents are checked."""
PAGE = (b"<!doctype", b"<html")
"""The beginnings of a proxy's page, which is not a part of any response of AWS."""


class HttpResponse(Protocol):
    """What the hook changes of a botocore AWSResponse."""

    status_code: int


class ServiceProtocol(Protocol):
    """What the hook reads of a botocore ServiceModel."""

    @property
    def resolved_protocol(self) -> str: ...


class ParsedOperation(Protocol):
    """What the hook reads of a botocore OperationModel."""

    @property
    def service_model(self) -> ServiceProtocol: ...

    @property
    def has_streaming_output(self) -> bool: ...


def retry_cut_off_responses(hooks: Hooks) -> None:
    """Have this client try again after a response that was cut off."""
    hooks.register("before-parse", mark_cut_off)
    hooks.register("after-call", raise_cut_off)


def mark_cut_off(
    operation_model: ParsedOperation, response_dict: MutableMapping[str, object], **_: object
) -> None:
    """botocore's hook `before-parse`: put the error in the place of a document that does not end."""
    protocol = operation_model.service_model.resolved_protocol
    body = response_dict["body"]
    if operation_model.has_streaming_output or protocol not in ERRORS or not isinstance(body, bytes):
        return
    if not is_complete(body, protocol):
        response_dict["status_code"], response_dict["body"] = 400, ERRORS[protocol].encode()


def raise_cut_off(
    http_response: HttpResponse, parsed: Mapping[str, Mapping[str, object]], **_: object
) -> None:
    """botocore's hook `after-call`: it raises the error of a response by the status, which was one of success."""
    if http_response.status_code < 300 and parsed.get("Error", {}).get("Code") == CODE:
        http_response.status_code = 400


def is_complete(body: bytes, protocol: str) -> bool:
    """Whether a document of a protocol is empty, complete, or something else than a document of AWS."""
    start = body.lstrip()[:10].lower()
    if not start or start.startswith(PAGE):
        return True
    try:
        if protocol in ("json", "rest-json"):
            json.loads(body)
        elif start.startswith(b"<"):
            ElementTree.fromstring(body)  # noqa: S314 - by AWS, over TLS; botocore parses it in the same way
    except (ValueError, ElementTree.ParseError):
        return False
    return True
