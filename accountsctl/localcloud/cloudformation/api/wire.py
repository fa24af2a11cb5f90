"""The query protocol, both ways, driven by botocore's own model of the service.

Requests are form bodies (``Tags.member.1.Key=...``); answers are XML in which every member of the
operation's output shape that has a value appears under its own name.
See https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import botocore.session

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.contracts import constraints
from accountsctl.localcloud.contracts.messages import Request, Response

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
Fields = Mapping[str, str]


@cache
def _model() -> Any:
    return botocore.session.get_session().get_service_model("cloudformation")


def parse(request: Request) -> tuple[str, dict[str, Any]]:
    """The action's name and its input; raises InvalidAction where there is no such action."""
    text = request.body.decode() if request.method == "POST" else request.query
    fields = dict(parse_qsl(text, keep_blank_values=True))
    action = fields.get("Action", "")
    if action not in _model().operation_names:
        raise CloudFormationError(
            f"Could not find operation {action or '(none)'} for version 2010-05-15", "InvalidAction"
        )
    shape = _model().operation_model(action).input_shape
    values = _structure(shape, fields, "") if shape else {}
    broken = constraints.faults(shape, values) if shape else None
    if broken:
        raise CloudFormationError(broken)
    return action, values


def answer(action: str, result: Mapping[str, Any]) -> Response:
    """A success, in the shape that the operation's output has."""
    shape = _model().operation_model(action).output_shape
    inner = ""
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{action}Result")
        inner = _element(wrapper, shape, result)
    body = (
        f'<{action}Response xmlns="{NAMESPACE}">{inner}'
        f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata></{action}Response>"
    )
    return _response(200, body)


def refusal(error: CloudFormationError) -> Response:
    """An error, as boto3 turns it into a ClientError."""
    side = "Sender" if error.status < 500 else "Receiver"
    body = (
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>{side}</Type><Code>{error.code}</Code>'
        f"<Message>{_text(str(error))}</Message></Error><RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
    )
    return _response(error.status, body)


def _response(status: int, body: str) -> Response:
    return Response(status, (("Content-Type", "text/xml"),), body.encode())


def _structure(shape: Any, fields: Fields, prefix: str) -> dict[str, Any]:
    found = {}
    for name, member in shape.members.items():
        key = f"{prefix}{member.serialization.get('name', name)}"
        value = _value(member, fields, key)
        if value is not None:
            found[name] = value
    return found


def _value(shape: Any, fields: Fields, key: str) -> Any:
    """The value under `key`; None if nothing was sent."""
    if shape.type_name == "list":
        return _list(shape, fields, key)
    if shape.type_name == "structure":
        return _structure(shape, fields, f"{key}.") or None
    if shape.type_name == "map":
        pairs = {}
        index = 1
        while f"{key}.entry.{index}.key" in fields:
            pairs[fields[f"{key}.entry.{index}.key"]] = fields.get(f"{key}.entry.{index}.value", "")
            index += 1
        return pairs or None
    if key not in fields:
        return None
    text = fields[key]
    if shape.type_name == "boolean":
        return text.lower() == "true"
    return int(text) if shape.type_name in ("integer", "long") else text


def _list(shape: Any, fields: Fields, key: str) -> list[Any] | None:
    found: list[Any] = []
    while True:
        value = _value(shape.member, fields, f"{key}.member.{len(found) + 1}")
        if value is None:
            return found or ([] if key in fields else None)
        found.append(value)


def _element(tag: str, shape: Any, value: Any) -> str:
    if value is None:
        return ""
    match shape.type_name:
        case "structure":
            inner = "".join(
                _element(member.serialization.get("name", name), member, value.get(name))
                for name, member in shape.members.items()
            )
        case "list":
            inner = "".join(_element("member", shape.member, item) for item in value)
        case "map":
            inner = "".join(
                f"<entry>{_element('key', shape.key, key)}{_element('value', shape.value, item)}</entry>"
                for key, item in value.items()
            )
        case "boolean":
            inner = "true" if value else "false"
        case _:
            inner = _text(str(value))
    return f"<{tag}>{inner}</{tag}>"


def _text(text: str) -> str:
    """Text as XML may hold it: characters that XML 1.0 has no way to write become U+FFFD."""
    legal = "".join(
        character if character in "\t\n\r" or character >= " " else "\ufffd" for character in text
    )
    return escape(legal).replace("\r", "&#13;")
