"""From PostgreSQL's text values to the Data API's Fields."""

from __future__ import annotations

import base64
import datetime
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accountsctl.localcloud.rds_data.arrays import MultidimensionalArray, parse_array
from accountsctl.localcloud.rds_data.errors import DataApiError
from accountsctl.localcloud.rds_data.types import PgType, unsupported_name

Field = dict[str, Any]
"""The Data API's union of a value: one member, named after its type. ``{"longValue": 1}``, ``{"isNull": True}``."""
Show = Callable[[str], Field]

compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
"""JSON text without spaces; json.dumps would make an encoder for each call."""
_NULL: Field = {"isNull": True}
_UTC = re.compile(r"\+00(?= BC$|$)")
_OFFSET = re.compile(
    r"(?P<local>.*)(?P<sign>[+-])(?P<hours>\d\d)(?::(?P<minutes>\d\d))?(?::(?P<seconds>\d\d))?"
)
_ARRAY_MEMBER = {"bool": "booleanValues", "long": "longValues", "double": "doubleValues"}


@dataclass(frozen=True)
class ResultOptions:
    """The request's resultSetOptions."""

    decimals_as_numbers: bool = False
    longs_as_text: bool = False


def shower(kind: PgType, options: ResultOptions) -> Show:
    """How values of this type are shown; an unsupported type is refused, whether or not there are rows."""
    if kind.kind == "unsupported":
        raise DataApiError(
            "UnsupportedResultException",
            f"The result contains the unsupported data type {unsupported_name(kind)}.",
        )
    if kind.kind == "array" and kind.element is not None:
        return _array(kind.element)
    if kind.kind == "decimal" and options.decimals_as_numbers:
        return _number
    if kind.kind == "long" and options.longs_as_text:
        return _text
    return _SHOWERS[kind.kind]


def records(values: Sequence[Sequence[str | None]], showers: Sequence[Show]) -> list[list[Field]]:
    """Every row as a list of Fields."""
    return [
        [_NULL if value is None else show(value) for value, show in zip(row, showers, strict=True)]
        for row in values
    ]


def plain(field: Field) -> object:
    """A Field as formatRecordsAs=JSON writes it."""
    ((member, value),) = field.items()
    if member == "isNull":
        return None
    if member == "arrayValue":
        ((_, items),) = value.items()
        return items
    return value


def _bool(text: str) -> Field:
    return {"booleanValue": text == "t"}


def _long(text: str) -> Field:
    return {"longValue": int(text)}


def _double(text: str) -> Field:
    return {"doubleValue": _finite(text)}


def _finite(text: str) -> float | str:
    """JSON has no NaN and no infinities: the protocol writes them as strings."""
    value = float(text)
    return value if math.isfinite(value) else text


def _number(text: str) -> Field:
    if text.lstrip("-").isdigit() and -(2**63) <= int(text) < 2**63:
        return {"longValue": int(text)}
    return _double(text)


def _text(text: str) -> Field:
    return {"stringValue": text}


def _json(text: str) -> Field:
    """json keeps the writer's spaces in PostgreSQL; the service returns both json types compact."""
    return {"stringValue": compact_json(text)}


def _instant(text: str) -> Field:
    return {"stringValue": utc(text)}


def _blob(text: str) -> Field:
    return {"blobValue": base64.b64encode(bytes.fromhex(text[2:])).decode()}


_SHOWERS: Mapping[str, Show] = {
    "bool": _bool,
    "long": _long,
    "double": _double,
    "decimal": _text,
    "text": _text,
    "instant": _instant,
    "json": _json,
    "blob": _blob,
}
_ITEM: Mapping[str, Callable[[str], Any]] = {
    "bool": lambda text: text == "t",
    "long": int,
    "double": _finite,
    "instant": lambda text: utc(text),
    "json": lambda text: compact_json(text),
}


def _array(element: PgType) -> Show:
    member = _ARRAY_MEMBER.get(element.kind, "stringValues")
    convert = _ITEM.get(element.kind, str)

    def show(text: str) -> Field:
        try:
            items = parse_array(text)
        except MultidimensionalArray:
            raise DataApiError(
                "UnsupportedResultException", "The result contains a multidimensional array."
            ) from None
        return {"arrayValue": {member: [None if item is None else convert(item) for item in items]}}

    return show


def compact_json(text: str) -> str:
    """JSON without spaces between its tokens. Numbers and strings stay as they are written."""
    return _JSON_SPACE.sub(lambda match: match.group("string") or "", text)


_JSON_SPACE = re.compile(r'(?P<string>"(?:[^"\\]|\\.)*+")|\s+', re.DOTALL)


def utc(text: str) -> str:
    """A timestamptz as the service shows it: in UTC, without the offset."""
    if _UTC.search(text):
        return _UTC.sub("", text)
    match = _OFFSET.fullmatch(text)
    if match is None:  # infinity
        return text
    offset = datetime.timedelta(
        hours=int(match["hours"]), minutes=int(match["minutes"] or 0), seconds=int(match["seconds"] or 0)
    )
    moment = datetime.datetime.fromisoformat(match["local"])
    moment += offset if match["sign"] == "-" else -offset
    in_utc = moment.isoformat(sep=" ")
    return in_utc.rstrip("0") if "." in in_utc else in_utc


def json_rows(labels: Sequence[str], rows: Sequence[Sequence[Field]]) -> str:
    """formattedRecords: the rows as one JSON array of objects, keyed by label."""
    if len(set(labels)) < len(labels):
        raise DataApiError(
            "BadRequestException",
            "The result set has duplicate column labels: to format records as JSON, every column needs its own.",
        )
    objects = [{label: plain(field) for label, field in zip(labels, row, strict=True)} for row in rows]
    return compact(objects)
