"""What the API answers: one value for a good end, one exception for every refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True)
class Answer:
    """A status, a JSON-able body (None: no body at all) and headers of its own."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with what a client sent; `field` is empty where the body as a whole is meant."""

    field: str
    problem: str


class Refusal(Exception):
    """The request ends here. `message` is for the client: it tells no secret and nothing of other clients."""

    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.faults = tuple(faults)
        self.headers = dict(headers or {})

    def answer(self, request_id: str) -> Answer:
        """The refusal as an answer: ``{message, faults?, requestId}``."""
        body: dict[str, Any] = {"message": self.message}
        if self.faults:
            body["faults"] = [{"field": fault.field, "problem": fault.problem} for fault in self.faults]
        body["requestId"] = request_id
        return Answer(self.status, body, self.headers)


def invalid(faults: Sequence[Fault]) -> Refusal:
    """400, with every fault named."""
    return Refusal(HTTPStatus.BAD_REQUEST, "The request is not valid.", faults)


def printable(name: str) -> str:
    """A name that a client made up, fit to be sent back in a fault."""
    return name[:100].encode("ascii", "backslashreplace").decode()


def no_such_account() -> Refusal:
    """404 for an account that is not there, or cannot be."""
    return Refusal(HTTPStatus.NOT_FOUND, "There is no such account.")


def try_later(message: str, seconds: int) -> Refusal:
    """503 with Retry-After: nothing is wrong with the request."""
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, message, headers={"Retry-After": str(seconds)})
