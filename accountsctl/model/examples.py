"""The examples that `add` can start from: a database, a function and an API that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DATABASE_OUTPUTS = ("Arn", "SecretArn")


@dataclass(frozen=True)
class Example:
    """An API over one table. `paths` are its methods by path; its files are in the package's scaffold folder."""

    name: str
    paths: Mapping[str, tuple[str, ...]]

    @property
    def first_path(self) -> str:
        """The path to call to see a response."""
        return next(iter(self.paths))


EXAMPLES: Mapping[str, Example] = {
    "accounts": Example(
        "accounts",
        {"/accounts": ("GET", "POST"), "/accounts/{id}": ("GET", "PUT", "PATCH", "DELETE")},
    )
}
