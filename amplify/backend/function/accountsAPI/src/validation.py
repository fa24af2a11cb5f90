"""An account's fields as a client sent them: checked, or as a list of everything that is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from answers import Fault, invalid, printable
from body import Sent

TYPES = ("domestic", "international")
LONGEST_NICKNAME = 100
LONGEST_ACCOUNT_NUMBER = 34
# numeric(15,2): thirteen digits before the point, two after it.
LIMIT = Decimal(10) ** 13
CENT = Decimal("0.01")
LARGEST_ID = 2**63 - 1

_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
_BAD_CATEGORIES = frozenset({"Cc", "Cs"})  # control characters, and halves of surrogate pairs
# The digits that a double keeps of a number in JSON, rounded as JavaScript's `toPrecision(15)` rounds.
_DOUBLE = Context(prec=15, rounding=ROUND_HALF_UP)


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


def account(sent: Sent, own_id: int | None = None) -> Account:
    """The whole account that was sent; 400 with every fault.

    `own_id` is the id in the path: a client may send back the id that it was given, but no other.
    """
    missing = [Fault(field, "is missing") for field in _FIELDS if field not in sent.members]
    return Account(**_checked(sent, own_id, missing))


def patch(sent: Sent, own_id: int) -> Mapping[str, Any]:
    """The fields that a JSON Merge Patch (RFC 7396) sets, by name; 400 with every fault.

    In a merge patch null takes a member away, and an account has none that it could do without.
    """
    removed = {field for field in _FIELDS if field in sent.members and sent.members[field] is None}
    faults = [Fault(field, "cannot be removed") for field in _FIELDS if field in removed]
    kept = {field: value for field, value in sent.members.items() if field not in removed}
    return _checked(Sent(kept, sent.faults), own_id, faults)


def _checked(sent: Sent, own_id: int | None, found: list[Fault]) -> Mapping[str, Any]:
    """The fields that were sent, each checked; 400 with their faults and those `found` before."""
    faults = [*sent.faults, *found]
    values: dict[str, Any] = {}
    for field, check in _FIELDS.items():
        try:
            if field in sent.members:
                values[field] = check(sent.members[field])
        except _Wrong as wrong:
            faults.append(Fault(field, str(wrong)))
    faults.extend(_strangers(sent.members, own_id))
    if faults:
        raise invalid(faults)
    return values


def _strangers(members: Mapping[str, Any], own_id: int | None) -> list[Fault]:
    faults = []
    for field, value in members.items():
        if field == "id" and (not isinstance(value, Decimal) or value != own_id):
            faults.append(Fault(field, "cannot be set: the server gives it"))
        elif field not in _FIELDS and field != "id":
            faults.append(Fault(printable(field), "is not a field of an account"))
    return faults


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
    """A number as clients mean it that reckon with doubles: 0.1 + 0.2 is 0.30000000000000004 to them."""
    if not isinstance(value, Decimal):
        raise _Wrong("must be a number")
    number = _DOUBLE.create_decimal_from_float(float(value))
    if abs(number) >= LIMIT:
        raise _Wrong("must be less than 10,000,000,000,000 either way")
    rounded = number.quantize(CENT)
    if rounded != number:
        raise _Wrong("must have at most two decimals")
    return rounded + 0  # -0.00 becomes 0.00


_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "nickname": _nickname,
    "balance": _balance,
    "type": _type,
    "account_number": _account_number,
}
