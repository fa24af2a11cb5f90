"""Calls of which some may be refused: each refusal is recorded with its reason, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.errors import error_code, translated
from accountsctl.model.errors import CloudError, CouldNotLook

T = TypeVar("T")
ABSENT = frozenset({"NotFoundException", "ResourceNotFoundException", "DBClusterNotFoundFault"})


class PartialReads:
    """Reads from AWS, and records what was not reported. `not_reported` are ``{what, why}``."""

    def __init__(self) -> None:
        self.not_reported: list[dict[str, str]] = []
        self._responses = 0
        self._first_refusal: CloudError | None = None

    def read(self, what: str, call: Callable[[], T]) -> T | None:
        """The response of `call`; None if it was refused, which is then in `not_reported` as `what`."""
        try:
            with translated(f"tell {what}"):
                response = call()
        except CloudError as error:
            self._first_refusal = self._first_refusal or error
            self.not_reported.append({"what": what, "why": error.why or error.what})
            return None
        self._responses += 1
        return response

    def read_if_present(
        self, what: str, call: Callable[[], T], absent: Collection[str] = ABSENT
    ) -> T | bool | None:
        """The response, False if AWS reports that there is no such thing, None if the call was refused."""

        def call_or_false() -> T | bool:
            try:
                return call()
            except ClientError as error:
                if error_code(error) in absent:
                    return False
                raise

        return self.read(what, call_or_false)

    def skip(self, what: str, why: str) -> None:
        """Record what is not read at all."""
        self.not_reported.append({"what": what, "why": why})

    def require_a_response(self) -> None:
        """CouldNotLook if every call was refused, with the first reason."""
        if self._first_refusal is not None and not self._responses:
            raise CouldNotLook(
                "Nothing of what is deployed could be looked at.",
                why=self._first_refusal.why,
                hint=self._first_refusal.hint
                or "Ask for the right to read, or use another profile with --profile.",
            ) from self._first_refusal


def plain(value: object) -> object:
    """What boto3 returns as JSON: times as text, and without the metadata of the response."""
    match value:
        case dict():
            return {str(key): plain(member) for key, member in value.items() if key != "ResponseMetadata"}
        case list() | tuple():
            return [plain(item) for item in value]
        case None | str() | int() | float() | bool():
            return value
        case datetime():
            return value.isoformat()
        case _:
            return str(value)


def selected(response: object, keys: Collection[str]) -> dict[str, object]:
    """Those of `keys` that a response has, as JSON."""
    assert isinstance(response, dict)
    return {key: plain(response[key]) for key in keys if key in response}
