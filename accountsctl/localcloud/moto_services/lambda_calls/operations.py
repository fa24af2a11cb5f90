"""Which operation of Lambda a request is, and its input by the names of Lambda's model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from accountsctl.localcloud.contracts import constraints
from accountsctl.localcloud.contracts.function_names import name_and_qualifier
from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services.apps import JsonObject, backends
from accountsctl.localcloud.moto_services.rest_routes import rest_routes

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from moto.awslambda.models import LambdaBackend, LambdaFunction


class LambdaFault(Exception):
    """The error of a call, as Lambda answers it. `typed`: whether the body says that it is the user's."""

    def __init__(self, code: str, message: str, status: int = 400, *, typed: bool = True) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.typed = typed


def invalid(message: str, *, typed: bool = True) -> LambdaFault:
    """400 InvalidParameterValueException."""
    return LambdaFault("InvalidParameterValueException", message, typed=typed)


def missing(message: str = "The resource you requested does not exist.") -> LambdaFault:
    """404 ResourceNotFoundException."""
    return LambdaFault("ResourceNotFoundException", message, 404)


def no_function(arn: str) -> LambdaFault:
    """404 for a function, a version or an alias that does not exist."""
    return missing(f"Function not found: {arn}")


def no_alias(arn: str) -> LambdaFault:
    """404 for an alias, where only an alias is meant."""
    return missing(f"Cannot find alias arn: {arn}")


def conflict(message: str) -> LambdaFault:
    """409 ResourceConflictException."""
    return LambdaFault("ResourceConflictException", message, 409)


STALE = (
    "The Revision Id provided does not match the latest Revision Id. Call the {} API to retrieve the latest"
    " Revision Id"
)


@dataclass(frozen=True)
class LambdaCall:
    """One call: its operation, and its input by the members' names."""

    model: OperationModel
    input: Mapping[str, Any]
    region: str

    @property
    def name(self) -> str:
        """The operation's name, such as `CreateFunction`."""
        return str(self.model.name)

    @property
    def status(self) -> int:
        """The HTTP status of a response that succeeds; of DeleteFunction AWS was seen to send another one."""
        return 204 if self.name == "DeleteFunction" else int(self.model.http.get("responseCode", 200))

    @property
    def backend(self) -> LambdaBackend:
        """moto's state of Lambda in the call's region."""
        backend: LambdaBackend = backends("lambda")[ACCOUNT][self.region]
        return backend

    @property
    def function(self) -> LambdaFunction | None:
        """The function that FunctionName means, without a version or alias; None if there is none."""
        plain, _ = name_and_qualifier(str(self.input.get("FunctionName", "")))
        versions = self.backend._lambdas._functions.get(plain)
        return None if versions is None else versions["latest"]


def call_of(request: Request, region: str) -> LambdaCall | None:
    """The call that a request is; None if Lambda has no such operation. Raises LambdaFault for a malformed body."""
    query = parse_qs(request.query, keep_blank_values=True)
    for route in rest_routes("lambda"):
        path = route.path_of(request)
        if path is not None and route.takes(query):
            return LambdaCall(route.model, _input(route.model, path, query, request.body), region)
    return None


def check_revision(call: LambdaCall, current: str, read: str = "GetFunction/GetAlias") -> None:
    """Raise LambdaFault if a call is to change another revision than the current one; `read` names what gives it."""
    if call.input.get("RevisionId") not in (None, "", current):
        raise LambdaFault("PreconditionFailedException", STALE.format(read), 412)


LARGEST_NAME = 64
LIMITS = {"Timeout": (1, 900), "MemorySize": (128, 10240)}
"""Seconds and MB of a function without a capacity provider; the model has the limits of functions with one."""
UNCHECKED = ("SourceArn", "Runtime")
"""The model has a pattern that Lambda was seen not to check: ``arn:aws:execute-api:*:*:abc/*`` is taken. A runtime
is checked in other words, see `configuration`."""
ORDERS = {
    "[BUFFERED, RESPONSE_STREAM]": "[RESPONSE_STREAM, BUFFERED]",
    "[TRIM_HORIZON, LATEST, AT_TIMESTAMP]": "[LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
}
"""Values that Lambda was seen to list in another order than its model does."""


def check_constraints(call: LambdaCall) -> None:
    """Refuse an input that breaks the model's constraints or Lambda's limits, with everything that is wrong."""
    shape = call.model.input_shape
    if shape is None:
        return
    others = {name: value for name, value in call.input.items() if name not in (*LIMITS, *UNCHECKED)}
    found = [*constraints.each_fault(shape, others), *_limits(call)]
    text = constraints.in_one_sentence(found)
    if text is not None:
        for of_model, of_lambda in ORDERS.items():
            text = text.replace(of_model, of_lambda)
        raise LambdaFault("ValidationException", text)
    name = str(call.input.get("FunctionName", ""))
    if call.name == "CreateFunction" and len(name_and_qualifier(name)[0]) > LARGEST_NAME:
        rule = f"Member must have length less than or equal to {LARGEST_NAME}"
        raise invalid(str(constraints.in_one_sentence([constraints.fault(name, "functionName", rule)])))


def _limits(call: LambdaCall) -> Iterator[str]:
    for name, (low, high) in LIMITS.items():
        value = call.input.get(name)
        if value is not None and not low <= value <= high:
            bound = f"less than or equal to {high}" if value > high else f"greater than or equal to {low}"
            place = name[0].lower() + name[1:]
            yield constraints.fault(value, place, f"Member must have value {bound}")
    name = str(call.input.get("FunctionName", ""))
    plain, _ = name_and_qualifier(name)
    if "." in plain and call.name != "CreateFunction":
        # The model has names with dots for functions of other kinds, which are not here.
        rule = "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+"
        yield constraints.fault(name, "functionName", rule)


def _input(
    model: OperationModel, path: Mapping[str, str], query: Mapping[str, list[str]], body: bytes
) -> JsonObject:
    shape: Any = model.input_shape
    if shape is None:
        return {}
    found: JsonObject = {}
    content = {} if shape.serialization.get("payload") else _json(body)
    for name, member in shape.members.items():
        wire, place = member.serialization.get("name", name), member.serialization.get("location")
        value: Any = None
        if place == "uri":
            value = path.get(wire)
        elif place == "querystring" and wire in query:
            value = query[wire] if member.type_name == "list" else query[wire][-1]
        elif place is None:
            value = content.get(wire)
        if value is not None:
            found[name] = _typed(member, value, name)
    return found


def _json(body: bytes) -> JsonObject:
    try:
        content = json.loads(body) if body else {}
    except ValueError as fault:
        text = f"Could not parse request body into json: {fault}"
        raise LambdaFault("InvalidRequestContentException", text) from None
    if not isinstance(content, dict):
        raise LambdaFault("InvalidRequestContentException", "Could not parse request body into json")
    return content


TYPES = {**constraints.JSON_TYPES, "blob": (str,)}


def _typed(shape: Any, value: Any, place: str) -> Any:
    """The value, if it has the type of its shape; numbers of a query are text on the wire."""
    if shape.type_name in ("integer", "long") and isinstance(value, str) and re.fullmatch("-?[0-9]+", value):
        return int(value)
    types = TYPES.get(shape.type_name)
    if types is not None and not isinstance(value, types):
        raise LambdaFault("SerializationException", f"{place} must be of the type {shape.type_name}")
    if shape.type_name == "structure":
        present = {name: value[name] for name in shape.members if value.get(name) is not None}
        return {name: _typed(shape.members[name], item, f"{place}.{name}") for name, item in present.items()}
    if shape.type_name == "list":
        return [_typed(shape.member, item, place) for item in value]
    return value
