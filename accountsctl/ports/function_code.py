"""The code of functions in Lambda."""

from __future__ import annotations

from typing import Protocol


class FunctionCodes(Protocol):
    """What Lambda runs, past any stack (adapter: `adapters.aws.function_code`)."""

    def digest(self, function: str) -> str | None:
        """The base64 SHA-256 of a function's zip, by its name in Lambda; None if there is no such function."""

    def update(self, function: str, bucket: str, key: str) -> None:
        """Give a function the zip of this object, and wait until it runs; CloudError if Lambda refuses or fails."""
