"""A request's body, as the JSON object that it has to be."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any

from answers import Fault, Refusal, invalid, printable
from events import Event

LONGEST_BODY = 10_000
"""Bytes. The longest account that there can be takes less, also where every character is escaped."""


@dataclass(frozen=True)
class Sent:
    """What a client sent: the object's members, and a fault for every name that it gives twice."""

    members: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()


def sent(event: Event) -> Sent:
    """The JSON object in the body, every number a Decimal; 400 where there is none, 413 where it is too large."""
    twice: list[Fault] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        times = Counter(name for name, _ in found)
        twice.extend(Fault(printable(name), "is given twice") for name in times if times[name] > 1)
        return dict(found)

    text = _text(event)
    try:
        members = json.loads(
            text, object_pairs_hook=pairs, parse_float=_number, parse_int=_number, parse_constant=_constant
        )
    except (ValueError, RecursionError) as error:
        raise invalid([Fault("", "The body is not JSON.")]) from error
    if not isinstance(members, dict):
        raise invalid([Fault("", "The body is not a JSON object.")])
    return Sent(members, tuple(twice))


def _text(event: Event) -> str:
    try:
        raw = _bytes(event.get("body") or "", bool(event.get("isBase64Encoded")))
        if len(raw) > LONGEST_BODY:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
        return raw.decode()
    except (binascii.Error, UnicodeError) as error:
        raise invalid([Fault("", "The body is not UTF-8 text.")]) from error


def _bytes(body: str, is_base64: bool) -> bytes:
    return base64.b64decode(body, validate=True) if is_base64 else body.encode()


def _number(text: str) -> Decimal:
    """Every JSON number as it was written; of an exponent that no Decimal holds, what a double makes of it."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(float(text))


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
