"""Lambda, as whoever invokes a function sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class InvokedFunction:
    """What an invocation gave. `payload` is JSON, of the error if `failed`; `log` is its last 4 KB."""

    payload: str
    failed: bool
    log: str


class FunctionCaller(Protocol):
    """Invokes functions (adapter: `aws.functions`)."""

    def invoke(self, function: str, event: bytes) -> InvokedFunction:
        """Invoke a function (its name in Lambda) and wait for its result; CloudError if that is refused."""
