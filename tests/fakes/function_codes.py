"""A fake of the functions' code in Lambda."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.model.errors import CloudError
from tests.fakes.stacks import sha256


@dataclass
class FakeCodes:
    """`ports.FunctionCodes` in memory: `digests` by function; `bucket` has the objects that it can be given.

    `updated` and `read` are the functions of each call. `refuses`: Lambda refuses updates.
    """

    bucket: Mapping[str, bytes] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    updated: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    refuses: CloudError | None = None

    def digest(self, function: str) -> str | None:
        self.read.append(function)
        return self.digests.get(function)

    def update(self, function: str, bucket: str, key: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.updated.append(function)
        self.digests[function] = sha256(self.bucket[key])
