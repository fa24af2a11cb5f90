"""What a request to the Data API must look like, checked before anything is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.rds_data.errors import DataApiError
from accountsctl.localcloud.rds_data.fields import ResultOptions
from accountsctl.localcloud.rds_data.statements import Shape

REQUEST_LIMIT = 4 * 1024 * 1024
MAX_HEAD = 1 << 18  # more than the headers of a request can have
_LENGTHS = {
    "resourceArn": (11, 570),
    "secretArn": (11, 570),
    "database": (0, 64),
    "schema": (0, 64),
    "transactionId": (0, 192),
    "sql": (0, 65536),
}
_CHOICES = {
    ("formatRecordsAs",): ("NONE", "JSON"),
    ("resultSetOptions", "decimalReturnType"): ("STRING", "DOUBLE_OR_LONG"),
    ("resultSetOptions", "longReturnType"): ("LONG", "STRING"),
}


Body = Mapping[str, Any]
"""A request's JSON, as `parse` checked it; AWS's service model defines its members."""


def parse(request: Request, required: tuple[str, ...]) -> Body:
    """The request's body; raises DataApiError, which names every fault of its members at once."""
    if len(request.body) > REQUEST_LIMIT - MAX_HEAD and _size(request) > REQUEST_LIMIT:
        raise DataApiError("BadRequestException", "The request is larger than the limit of 4 MiB.")
    try:
        body = request.json
    except ValueError:
        raise DataApiError("SerializationException", "The request body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise DataApiError("SerializationException", "The request body is not a JSON object.")
    faults = [*_missing(body, required), *_lengths(body), *_choices(body)]
    if faults:
        noun = "error" if len(faults) == 1 else "errors"
        raise _invalid(f"{len(faults)} validation {noun} detected: {'; '.join(faults)}")
    if body.get("schema"):
        raise _invalid("The schema parameter isn't supported")
    return body


def _size(request: Request) -> int:
    return len(request.body) + sum(len(name) + len(value) + 4 for name, value in request.headers)


def shape(body: Body) -> Shape:
    """The form in which ExecuteStatement's caller requests the response."""
    options = body.get("resultSetOptions") or {}
    return Shape(
        ResultOptions(
            decimals_as_numbers=options.get("decimalReturnType") == "DOUBLE_OR_LONG",
            longs_as_text=options.get("longReturnType") == "STRING",
        ),
        with_metadata=bool(body.get("includeResultMetadata")),
        as_json=body.get("formatRecordsAs") == "JSON",
    )


def sequence(body: Body, name: str) -> list[Any]:
    """A member that must be a list; an empty list if it is absent."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise DataApiError("SerializationException", f"{name} is not a list.")
    return value


def _missing(body: Body, required: tuple[str, ...]) -> list[str]:
    return [
        f"Value null at '{name}' failed to satisfy constraint: Member must not be null"
        for name in required
        if body.get(name) is None
    ]


def _lengths(body: Body) -> list[str]:
    faults = []
    for name, (least, most) in _LENGTHS.items():
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise DataApiError("SerializationException", f"{name} is not a string.")
        if not least <= len(value) <= most:
            bound = (
                f"greater than or equal to {least}" if len(value) < least else f"less than or equal to {most}"
            )
            faults.append(f"Value at '{name}' failed to satisfy constraint: Member must have length {bound}")
    return faults


def _choices(body: Body) -> list[str]:
    faults = []
    for path, allowed in _CHOICES.items():
        if path[0] not in body:
            continue
        value: Any = body
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None and value not in allowed:
            faults.append(
                f"Value at '{'.'.join(path)}' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(allowed)}]"
            )
    return faults


def _invalid(message: str) -> DataApiError:
    return DataApiError("ValidationException", message)
