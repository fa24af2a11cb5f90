"""The query of GET /accounts: which accounts, in which order, how many, and where the page before ended.

A page is no number and no offset, but everything behind the last row of the one before: rows that come and go
meanwhile make no other row appear twice, nor vanish. https://use-the-index-luke.com/no-offset
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from answers import Fault, invalid, printable
from validation import TYPES

ORDERED_BY = ("id", "nickname", "balance", "account_number")
ORDERS = tuple(sign + column for column in ORDERED_BY for sign in ("", "-"))
# The Data API answers at most 1 MiB; the longest account takes less than 800 bytes of it.
LONGEST_PAGE = 1000

_LIMIT = re.compile(r"[1-9][0-9]{0,3}")
_AFTER = re.compile(
    r"(?P<order>-?(?:id|(?P<number>balance)|(?P<text>nickname|account_number)))"
    r":(?P<id>[1-9][0-9]{0,17})"
    r"(?(number):(?P<amount>-?[0-9]{1,13}\.[0-9]{2}))"
    r"(?(text):(?P<line>[^\x00]{0,100}))"
)


@dataclass(frozen=True)
class Place:
    """A row's place in an order: its id, and before that its value in the column (None where that is the id)."""

    order: str
    id: int
    value: Decimal | str | None = None

    def __str__(self) -> str:
        """As `after` carries it."""
        end = "" if self.value is None else f":{self.value}"
        return f"{self.order}:{self.id}{end}"


@dataclass(frozen=True)
class Listing:
    """What was asked for. `named` is the query as the client wrote it, without its `after`."""

    type: str | None = None
    order: str = "id"
    limit: int = LONGEST_PAGE
    after: Place | None = None
    named: tuple[tuple[str, str], ...] = ()

    @property
    def column(self) -> str:
        """What is ordered by."""
        return self.order.removeprefix("-")

    @property
    def descending(self) -> bool:
        """The direction, of the column and of the id alike."""
        return self.order.startswith("-")

    def next_link(self, last: Place) -> str:
        """The Link header (RFC 8288) to the page behind `last`.

        The reference is a query alone, so that it is right for whatever path, stage or domain was asked.
        """
        query = urlencode([*self.named, ("after", str(last))], quote_via=quote, safe="")
        return f'<?{query}>; rel="next"'


class _Wrong(Exception):
    """One parameter's problem, on its way to the list of all."""


def listing(query: Mapping[str, Sequence[str]]) -> Listing:
    """The query, checked; 400 with every fault. The order that `after` carries goes before `order`."""
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for name, given in query.items():
        try:
            values[name] = _checked(name, given)
        except _Wrong as wrong:
            faults.append(Fault(printable(name), str(wrong)))
    if faults:
        raise invalid(faults)
    if "after" in values:
        values["order"] = values["after"].order
    named = tuple((name, query[name][0]) for name in ("type", "order", "limit") if name in query)
    return Listing(**values, named=named)


def _checked(name: str, given: Sequence[str]) -> Any:
    check = _PARAMETERS.get(name)
    if check is None:
        raise _Wrong("is not a parameter of this request")
    if len(given) != 1:
        raise _Wrong("is given twice")
    return check(given[0])


def _one_of(choices: Sequence[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in choices:
            raise _Wrong(f"must be one of: {', '.join(choices)}")
        return text

    return check


def _limit(text: str) -> int:
    if not _LIMIT.fullmatch(text) or int(text) > LONGEST_PAGE:
        raise _Wrong(f"must be a whole number from 1 to {LONGEST_PAGE}")
    return int(text)


def _after(text: str) -> Place:
    found = _AFTER.fullmatch(text)
    if found is None:
        raise _Wrong("must be what the Link of a page says")
    value = Decimal(found["amount"]) if found["amount"] else found["line"]
    return Place(found["order"], int(found["id"]), value)


_PARAMETERS: Mapping[str, Callable[[str], Any]] = {
    "type": _one_of(TYPES),
    "order": _one_of(ORDERS),
    "limit": _limit,
    "after": _after,
}
