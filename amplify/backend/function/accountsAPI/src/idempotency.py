"""Idempotency-Key: a client that got no answer to its POST may send it again, and makes one account only."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from http import HTTPStatus

from answers import Fault, Refusal, invalid
from validation import Account

# 1 to 255 printable ASCII characters, the first and the last no space.
_KEY = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")


@dataclass(frozen=True)
class Wish:
    """A request that is to be done once: whose key it is, and a digest that tells it from any other request."""

    caller: str
    key: str
    digest: str


def wish(caller: str, key: str, account: Account) -> Wish:
    """The wish for this account; 400 where the key is none."""
    if not _KEY.fullmatch(key):
        problem = "must be 1 to 255 printable ASCII characters, without spaces around them"
        raise invalid([Fault("Idempotency-Key", problem)])
    return Wish(caller, key, digest(account))


def digest(account: Account) -> str:
    """Equal for equal accounts, however they were written: with 12.5 or 12.50, in whatever order of fields."""
    canonical = json.dumps({**account.values(), "balance": str(account.balance)}, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def used_otherwise() -> Refusal:
    """422 where the key came before, with another account."""
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "This Idempotency-Key was used for another request.")
