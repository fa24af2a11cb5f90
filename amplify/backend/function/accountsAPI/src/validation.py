"""What a client sent, as an `Account` or as a list of everything that is wrong with it."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from answers import Fault, invalid

TYPES = ("domestic", "international")
LONGEST_NICKNAME = 100
LONGEST_ACCOUNT_NUMBER = 34
# numeric(15,2): thirteen digits before the point, two after it.
LIMIT = Decimal(10) ** 13
CENT = Decimal("0.01")
LARGEST_ID = 2**63 - 1

_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
_BAD_CATEGORIES = frozenset({"Cc", "Cs"})  # control characters, and halves of surrogate pairs


@dataclass(frozen=True)
class Account:
    """The fields of an account that a client writes."""

    nickname: str
    balance: Decimal
    type: str
    account_number: str

    def values(self) -> Mapping[str, Any]:
        """The fields by name, to be bound to a statement."""
        return asdict(self)


class _Wrong(Exception):
    """One field's problem, on its way to the list of all."""


def account_id(text: str | None) -> int | None:
    """The id in a path; None where it can be no account's."""
    if text is None or not _ID.fullmatch(text):
        return None
    number = int(text)
    return number if 0 < number <= LARGEST_ID else None


def account(body: str | None, is_base64: bool, own_id: int | None = None) -> Account:
    """The account in a request's body; 400 with every fault.

    `own_id` is the id in the path: a client may send back the id that it was given, but no other.
    """
    sent, faults = _object(_text(body, is_base64))
    values: dict[str, Any] = {}
    for field, check in _FIELDS.items():
        try:
            if field not in sent:
                raise _Wrong("is missing")
            values[field] = check(sent[field])
        except _Wrong as wrong:
            faults.append(Fault(field, str(wrong)))
    faults.extend(_strangers(sent, own_id))
    if faults:
        raise invalid(faults)
    return Account(**values)


def _strangers(sent: Mapping[str, Any], own_id: int | None) -> list[Fault]:
    faults = []
    for field, value in sent.items():
        if field == "id" and (not isinstance(value, Decimal) or value != own_id):
            faults.append(Fault(field, "cannot be set: the server gives it"))
        elif field not in _FIELDS and field != "id":
            faults.append(Fault(_printable(field), "is not a field of an account"))
    return faults


def _text(body: str | None, is_base64: bool) -> str:
    if not is_base64:
        return body or ""
    try:
        return base64.b64decode(body or "", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise invalid([Fault("", "The body is not UTF-8 text.")]) from error


def _object(text: str) -> tuple[Mapping[str, Any], list[Fault]]:
    """The JSON object in `text`, and a fault for every name that it gives twice."""
    twice: list[Fault] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        times = Counter(name for name, _ in found)
        twice.extend(Fault(_printable(name), "is given twice") for name in times if times[name] > 1)
        return dict(found)

    try:
        sent = json.loads(
            text, object_pairs_hook=pairs, parse_float=_number, parse_int=_number, parse_constant=_constant
        )
    except (ValueError, RecursionError) as error:
        raise invalid([Fault("", "The body is not JSON.")]) from error
    if not isinstance(sent, dict):
        raise invalid([Fault("", "The body is not a JSON object.")])
    return sent, twice


def _number(text: str) -> Decimal:
    """Every JSON number as it was written; one whose exponent no Decimal holds is out of every range."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _nickname(value: Any) -> str:
    return _line(value, LONGEST_NICKNAME)


def _account_number(value: Any) -> str:
    return _line(value, LONGEST_ACCOUNT_NUMBER)


def _line(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise _Wrong("must be a string")
    text = value.strip()
    if not text:
        raise _Wrong("must not be empty")
    if len(text) > longest:
        raise _Wrong(f"must have at most {longest} characters")
    if any(unicodedata.category(character) in _BAD_CATEGORIES for character in text):
        raise _Wrong("must not contain control characters")
    return text


def _type(value: Any) -> str:
    if value not in TYPES:
        raise _Wrong(f"must be one of: {', '.join(TYPES)}")
    return str(value)


def _balance(value: Any) -> Decimal:
    if not isinstance(value, Decimal):
        raise _Wrong("must be a number")
    if abs(value) >= LIMIT:
        raise _Wrong("must be less than 10,000,000,000,000 either way")
    rounded = value.quantize(CENT)
    if rounded != value:
        raise _Wrong("must have at most two decimals")
    return rounded + 0  # -0.00 becomes 0.00


_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "nickname": _nickname,
    "balance": _balance,
    "type": _type,
    "account_number": _account_number,
}


def _printable(name: str) -> str:
    """A name that a client made up, fit to be sent back."""
    return name[:100].encode("ascii", "backslashreplace").decode()
