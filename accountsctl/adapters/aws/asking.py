"""Questions of which some may be refused: what was not told is kept, with the reason, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.errors import error_code, translated
from accountsctl.model.errors import CloudError, CouldNotLook

T = TypeVar("T")
ABSENT = frozenset({"NotFoundException", "ResourceNotFoundException", "DBClusterNotFoundFault"})


class Asking:
    """Asks, and remembers what was not reported. `not_reported` are ``{what, why}``."""

    def __init__(self) -> None:
        self.not_reported: list[dict[str, str]] = []
        self._told = 0
        self._first: CloudError | None = None

    def ask(self, what: str, question: Callable[[], T]) -> T | None:
        """The answer; None where it was refused, which is then in `not_reported` as `what`."""
        try:
            with translated(f"tell {what}"):
                answer = question()
        except CloudError as error:
            self._first = self._first or error
            self.not_reported.append({"what": what, "why": error.why or error.what})
            return None
        self._told += 1
        return answer

    def find(self, what: str, question: Callable[[], T], absent: Collection[str] = ABSENT) -> T | bool | None:
        """The answer, False where AWS says that there is no such thing, None where it was refused."""

        def asked() -> T | bool:
            try:
                return question()
            except ClientError as error:
                if error_code(error) in absent:
                    return False
                raise

        return self.ask(what, asked)

    def pass_over(self, what: str, why: str) -> None:
        """Note what is not asked at all."""
        self.not_reported.append({"what": what, "why": why})

    def require_an_answer(self) -> None:
        """CouldNotLook where everything was refused, with the first reason."""
        if self._first is not None and not self._told:
            raise CouldNotLook(
                "Nothing of what is deployed could be looked at.",
                why=self._first.why,
                hint=self._first.hint or "Ask for the right to read, or use another profile with --profile.",
            ) from self._first


def plain(value: Any) -> Any:
    """What boto3 gives as JSON: times as text, and nothing of the answer's envelope."""
    match value:
        case dict():
            return {str(key): plain(each) for key, each in value.items() if key != "ResponseMetadata"}
        case list() | tuple():
            return [plain(each) for each in value]
        case None | str() | int() | float() | bool():
            return value
        case _:
            return value.isoformat() if hasattr(value, "isoformat") else str(value)
