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
from urllib.parse import parse_qsl
from xml.parsers import expat

from accountsctl.localcloud.contracts import constraints
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services import calls
from accountsctl.localcloud.moto_services.errors import refusal

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel, Shape

MODELS = {
    "apigateway": ("apigateway", "apigatewayv2"),
    "monitoring": ("cloudwatch",),
    "states": ("stepfunctions",),
}
"""By credential scope: the names of the services in botocore, if they differ."""
KINDS: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
}


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
    kinds = KINDS.get(shape.type_name) if shape is not None else None
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
    for service in MODELS.get(scope, (scope,)):
        model = _model(service)
        if name and name in model.operation_names:
            return model.operation_model(name)
        for method, pattern, candidate in _routes(service):
            if not name and method == request.method and pattern.fullmatch(request.path.rstrip("/") or "/"):
                return model.operation_model(candidate)
    return None


@lru_cache(maxsize=4)
def _routes(service: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """The operations of a REST service by method and path."""
    model = _model(service)
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = http.get("requestUri", "/").split("?")[0].rstrip("/") or "/"
        pattern = re.sub(r"\\\{[^}]+?\\\+\\\}", ".+", re.escape(path))
        routes.append(
            (http.get("method", "POST"), re.compile(re.sub(r"\\\{[^}]+?\\\}", "[^/]+", pattern)), name)
        )
    return tuple(routes)


@lru_cache(maxsize=4)
def _model(service: str) -> ServiceModel:
    import botocore.session

    return botocore.session.get_session().get_service_model(service)
