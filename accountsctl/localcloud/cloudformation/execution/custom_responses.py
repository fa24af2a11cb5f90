"""What custom resources' functions answer: each request has a URL of its own, to which its response is PUT.

A URL is good for one response, and only as long as its request waits.
"""

from __future__ import annotations

import json
import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypedDict

from accountsctl.localcloud.contracts.dispatch import CUSTOM_RESPONSES
from accountsctl.localcloud.contracts.messages import Request, Response

LOOK = 0.1
"""Seconds between two looks whether the response is still wanted."""
LARGEST = 4096
"""Bytes of a response: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html"""


class CustomResponse(TypedDict, total=False):
    """A response as the function sent it; anyone may have written the function."""

    Status: str
    Reason: str
    PhysicalResourceId: str
    NoEcho: bool
    Data: dict[str, object]


@dataclass
class PendingRequest:
    """One request that waits for its response."""

    token: str
    _answers: queue.SimpleQueue[CustomResponse | None] = field(default_factory=queue.SimpleQueue)

    def answer(self, response: CustomResponse | None) -> None:
        self._answers.put(response)

    def wait(self, seconds: float, is_given_up: Callable[[], bool]) -> CustomResponse | None:
        """The response; None if there is none within `seconds`, or no one wants it any more."""
        end = time.monotonic() + seconds
        while True:
            left = max(0.0, end - time.monotonic())
            try:
                return self._answers.get(timeout=min(left, LOOK))
            except queue.Empty:
                if left == 0 or is_given_up():
                    return None


class CustomResponses:
    """Takes each response to the request that waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: dict[str, PendingRequest] = {}

    @contextmanager
    def request(self) -> Iterator[PendingRequest]:
        """A request that may be answered within the block."""
        pending = PendingRequest(secrets.token_urlsafe(32))
        with self._lock:
            self._pending[pending.token] = pending
        try:
            yield pending
        finally:
            with self._lock:
                self._pending.pop(pending.token, None)

    def handle(self, request: Request) -> Response:
        """The PUT of a response; 403 for one that no request waits for, as for a URL that has expired."""
        with self._lock:
            pending = self._pending.get(request.path.removeprefix(CUSTOM_RESPONSES))
        if pending is None or request.method != "PUT":
            return Response(403, (("Content-Type", "text/plain"),), b"No request waits for this response.\n")
        pending.answer(_parsed(request.body))
        return Response(200)

    def close(self) -> None:
        """Let every request go without a response."""
        with self._lock:
            for pending in self._pending.values():
                pending.answer(None)


def _parsed(body: bytes) -> CustomResponse:
    """The response; a failure with AWS's reason if it is not one."""
    if len(body) > LARGEST:
        return {"Status": "FAILED", "Reason": "Response object is too long."}
    try:
        response: CustomResponse = json.loads(body)
    except ValueError:
        return {"Status": "FAILED", "Reason": "Invalid JSON."}
    if not isinstance(response, dict) or response.get("Status") not in ("SUCCESS", "FAILED"):
        return {"Status": "FAILED", "Reason": "Invalid Status. It must be either SUCCESS or FAILED."}
    if not isinstance(response.get("Data", {}) or {}, dict):
        return {"Status": "FAILED", "Reason": "Invalid Data. It must be a JSON object."}
    return response
