"""What can go wrong with a call: before it was received, after it was done, and with the command that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

URL = "https://aws"


class Fault(Enum):
    """`..._AFTER` and LOST: the call was done. EXPIRED stays until the command has ended."""

    THROTTLED = auto()
    UNREACHABLE = auto()
    LOST = auto()
    BROKEN_AFTER = auto()
    EXPIRED = auto()
    FORBIDDEN = auto()
    INTERRUPTED = auto()
    INTERRUPTED_AFTER = auto()
    KILLED = auto()
    KILLED_AFTER = auto()


class Killed(BaseException):
    """SIGKILL, as far as Python can play it: no handler for errors or for Ctrl-C sees it."""


def refusal(operation: str, code: str) -> ClientError:
    """A response of AWS that refuses a call."""
    return ClientError({"Error": {"Code": code, "Message": "as the test wants"}}, operation)


class FaultPlan:
    """The faults of one command: by the number of its call, from 0. `calls` are the operations that it made.

    `at` are faults by operation, ``cloudformation.ExecuteChangeSet``, for its first calls in order; None is no fault.
    """

    def __init__(
        self,
        faults: Mapping[int, Fault] | None = None,
        at: Mapping[str, Sequence[Fault | None]] | None = None,
    ) -> None:
        self._faults = faults or {}
        self._at = {operation: list(each) for operation, each in (at or {}).items()}
        self._expired = False
        self.calls: list[str] = []
        self.met: list[Fault] = []

    def prepare(self, service: str, client: Any) -> None:
        """Called once with each new client that such plans use: it has no retries of its own."""

    def send(self, operation: str, call: Callable[[], AWSResponse]) -> AWSResponse:
        """Make the call, unless its fault comes before it."""
        coming = self._at.get(operation)
        fault = coming.pop(0) if coming else self._faults.get(len(self.calls))
        self.calls.append(operation)
        if fault is not None:
            self.met.append(fault)
        if fault is Fault.EXPIRED:
            self._expired = True
        if self._expired:
            raise refusal(operation, "ExpiredToken")
        match fault:
            case Fault.THROTTLED:
                raise refusal(operation, "Throttling")
            case Fault.FORBIDDEN:
                raise refusal(operation, "AccessDenied")
            case Fault.UNREACHABLE:
                raise EndpointConnectionError(endpoint_url=URL)
            case Fault.INTERRUPTED:
                raise KeyboardInterrupt
            case Fault.KILLED:
                raise Killed
        response = call()
        match fault:
            case Fault.LOST:
                raise ConnectionClosedError(endpoint_url=URL)
            case Fault.BROKEN_AFTER:
                raise refusal(operation, "InternalFailure")
            case Fault.INTERRUPTED_AFTER:
                raise KeyboardInterrupt
            case Fault.KILLED_AFTER:
                raise Killed
        return response
