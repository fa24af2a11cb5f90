"""Whether a request itself is the reason why a service failed: bytes that are not JSON, or no input of its operation.

It is asked when a service raised what it does not expect, so that a valid request costs nothing. AWS answers such a
request with 400. Sources: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html and the API Reference of each
service, "Common Errors".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl
from xml.parsers import expat

from accountsctl.localcloud.contracts import constraints
from accountsctl.localcloud.contracts.constraints import JSON_TYPES
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services import calls
from accountsctl.localcloud.moto_services.errors import refusal
from accountsctl.localcloud.moto_services.rest_routes import rest_routes, service_model

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

MODELS = {
    "apigateway": ("apigateway", "apigatewayv2"),
    "monitoring": ("cloudwatch",),
    "states": ("stepfunctions",),
}
"""By credential scope: the names of the services in botocore, if they differ."""


def refusal_of(scope: str, request: Request) -> Response | None:
    """The refusal of a request that no input of its operation could be; None if nothing is wrong with it."""
    operation = _operation(scope, request)
    if operation is None or operation.input_shape is None:
        return None
    protocol = operation.service_model.metadata["protocol"]
    if protocol in ("query", "ec2"):
        try:
            form = parse_qsl(request.body.decode() or request.query, keep_blank_values=True)
        except UnicodeDecodeError:
            return refusal(scope, 400, "MalformedQueryString", "The body of the request is not valid UTF-8.")
        return _lacking(scope, operation, {re.split(r"\.", name)[0]: value for name, value in form})
    if protocol == "rest-xml":
        return None if _is_xml(request.body) else _not_xml(scope)
    return _of_json(scope, operation, request.body)


def _of_json(scope: str, operation: OperationModel, body: bytes) -> Response | None:
    try:
        values = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return refusal(scope, 400, "SerializationException", "The body of the request is not valid JSON.")
    if not isinstance(values, dict):
        return refusal(scope, 400, "SerializationException", "The body of the request is not a JSON object.")
    wrong = next(_wrong_kinds(operation.input_shape, values, ""), None)
    if wrong is not None:
        return refusal(scope, 400, "SerializationException", wrong)
    return _lacking(scope, operation, values)


def _lacking(scope: str, operation: OperationModel, values: Mapping[str, Any]) -> Response | None:
    shape: Any = operation.input_shape
    located = [name for name, member in shape.members.items() if member.serialization.get("location")]
    names = [
        name for name in shape.required_members if name not in located and not _given(shape, name, values)
    ]
    found = [constraints.fault(None, name[0].lower() + name[1:], "Member must not be null") for name in names]
    message = constraints.in_one_sentence(found)
    if message is None:
        return None
    code = "InvalidParameterException" if scope.startswith("cognito") else "ValidationException"
    if operation.service_model.metadata["protocol"] in ("query", "ec2"):
        code = "MissingParameter" if scope == "ec2" else "ValidationError"
    return refusal(scope, 400, code, message)


def _given(shape: Any, name: str, values: Mapping[str, Any]) -> bool:
    """A member by its name here or on the wire: a list of a query is sent under a name of its own."""
    written = shape.members[name].serialization.get("name", name)
    return values.get(name) is not None or values.get(written) is not None


def _wrong_kinds(shape: Shape | None, value: object, path: str) -> Iterator[str]:
    """The places where a value is not what the model has there."""
    kinds = JSON_TYPES.get(shape.type_name) if shape is not None else None
    if shape is None or value is None or kinds is None:
        return
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield f"{path} is not a {shape.type_name}."
        return
    anything: Any = shape
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, member in anything.members.items():
            if not member.serialization.get("location"):
                written = member.serialization.get("name", name)
                yield from _wrong_kinds(member, value.get(written), f"{path}.{written}".lstrip("."))
    elif shape.type_name == "list" and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _wrong_kinds(anything.member, item, f"{path}[{number}]")


def _is_xml(body: bytes) -> bool:
    if not body:
        return False
    try:
        expat.ParserCreate().Parse(body, True)
    except expat.ExpatError:
        return False
    return True


def _not_xml(scope: str) -> Response:
    text = "The XML you provided was not well-formed or did not validate against our published schema"
    return refusal(scope, 400, "MalformedXML", text)


def _operation(scope: str, request: Request) -> OperationModel | None:
    """The operation that a request names, by its action or by its method and path; None if it names none."""
    name = calls.operation(request)
    services = MODELS.get(scope, (scope,))
    if name:
        named = (model for model in map(_model, services) if name in model.operation_names)
        return next((model.operation_model(name) for model in named), None)
    query = parse_qs(request.query, keep_blank_values=True)
    routes = (route for service in services for route in rest_routes(service) if route.takes(query))
    return next((route.model for route in routes if route.path_of(request) is not None), None)


_model = lru_cache(maxsize=4)(service_model)
