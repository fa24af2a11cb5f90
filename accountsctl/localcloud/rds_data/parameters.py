"""Parameters of a request, as PostgreSQL takes them: a type's OID and a value in text.

A string without a type hint is bound as text, so that it meets a uuid or jsonb column with the
same refusal as on AWS until a cast or a hint is given. A NULL without a hint has no type.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import math
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from accountsctl.localcloud.rds_data.errors import DataApiError

_BOOL, _BYTEA, _INT8, _TEXT, _FLOAT8 = 16, 17, 20, 25, 701
_HINTS = {"DATE": 1082, "TIME": 1083, "TIMESTAMP": 1114, "DECIMAL": 1700, "JSON": 114, "UUID": 2950}
_LONGEST = 2**63
_TIME = re.compile(r"\d{2}:\d{2}:\d{2}(\.\d{1,9})?")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Bound:
    """A value ready to be sent; `oid` 0 leaves the type to PostgreSQL."""

    oid: int
    value: bytes | None


def bind(parameters: Sequence[object] | None) -> dict[str, Bound]:
    """Every named parameter of one set; of two with one name the last counts."""
    bound: dict[str, Bound] = {}
    for parameter in parameters or ():
        if not isinstance(parameter, Mapping):
            raise _invalid("a parameter is not an object")
        name = parameter.get("name")
        if not isinstance(name, str) or not name:
            raise _invalid("a parameter has no name")
        bound[name] = _value(name, parameter.get("value"), parameter.get("typeHint"))
    return bound


def _value(name: str, field: object, hint: object) -> Bound:
    if hint is not None and not (isinstance(hint, str) and hint in _HINTS):
        allowed = ", ".join(sorted(_HINTS))
        raise _invalid(f"typeHint of parameter {name} must satisfy enum value set: [{allowed}]")
    if not isinstance(field, Mapping):
        raise _invalid(f"parameter {name} has no value")
    members = [(key, value) for key, value in field.items() if value is not None]
    if len(members) != 1:
        raise _invalid(f"the value of parameter {name} must have exactly one member set")
    kind, value = members[0]
    if kind == "arrayValue":
        raise DataApiError("ValidationException", "Array parameters are not supported.")
    if kind == "stringValue" and isinstance(value, str):
        return _string(name, value, hint)
    binder = _BINDERS.get(kind)
    result = binder(value, hint) if binder is not None else None
    if result is None:
        raise _invalid(f"the value of parameter {name} is not valid")
    return result


def _null(value: object, hint: str | None) -> Bound | None:
    return Bound(_HINTS[hint] if hint else 0, None) if value is True else None


def _boolean(value: object, _: str | None) -> Bound | None:
    return Bound(_BOOL, b"t" if value else b"f") if isinstance(value, bool) else None


def _long(value: object, _: str | None) -> Bound | None:
    if isinstance(value, bool) or not isinstance(value, int) or not -_LONGEST <= value < _LONGEST:
        return None
    return Bound(_INT8, str(value).encode())


def _double(value: object, _: str | None) -> Bound | None:
    if isinstance(value, str) and value in ("NaN", "Infinity", "-Infinity"):
        return Bound(_FLOAT8, value.encode())
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return Bound(_FLOAT8, repr(float(value)).encode())


def _blob(value: object, _: str | None) -> Bound | None:
    if not isinstance(value, str):
        return None
    try:
        return Bound(_BYTEA, b"\\x" + base64.b64decode(value, validate=True).hex().encode())
    except (binascii.Error, ValueError):
        return None


_BINDERS: Mapping[str, Callable[[object, str | None], Bound | None]] = {
    "isNull": _null,
    "booleanValue": _boolean,
    "longValue": _long,
    "doubleValue": _double,
    "blobValue": _blob,
}


def _string(name: str, value: str, hint: str | None) -> Bound:
    if "\0" in value:
        raise _invalid(f"the value of parameter {name} holds a NUL character, which PostgreSQL cannot store")
    if hint is None:
        return Bound(_TEXT, value.encode())
    if not _fits(value, hint):
        raise _invalid(f"the value of parameter {name} is not valid for typeHint {hint}")
    return Bound(_HINTS[hint], value.encode())


def _fits(value: str, hint: str) -> bool:
    try:
        if hint == "DATE":
            return bool(datetime.date.fromisoformat(value)) and len(value) == len("2020-01-01")
        if hint == "TIMESTAMP":
            day, _, time = value.partition(" ")
            return bool(datetime.date.fromisoformat(day)) and _TIME.fullmatch(time) is not None
        if hint == "UUID":
            return bool(uuid.UUID(value))
        if hint == "JSON":
            json.loads(value)
    except ValueError:
        return False
    if hint == "TIME":
        return _TIME.fullmatch(value) is not None
    return hint != "DECIMAL" or _DECIMAL.fullmatch(value) is not None


def _invalid(what: str) -> DataApiError:
    return DataApiError("ValidationException", f"Invalid request: {what}.")
