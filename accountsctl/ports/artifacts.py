"""The deployment bucket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class StoredObject:
    """An object of a bucket: when its content was last stored, and the ids of all its versions and delete markers."""

    key: str
    modified: datetime
    versions: tuple[str, ...]


class Artifacts(Protocol):
    """The deployment bucket (adapter: `adapters.aws.artifacts`)."""

    def put(
        self,
        bucket: str,
        key: str,
        content: bytes | Callable[[], bytes],
        *,
        owner: str = "",
        renew: bool = False,
    ) -> bool:
        """Upload unless the key exists already (keys are content hashes); True if it was sent.

        A callable is called only if it is. `owner`, a stack's name, is stored with the object. With `renew` an object
        that exists is dated now, so that no other push takes it for an old one.
        """

    def digest(self, bucket: str, key: str) -> str | None:
        """The base64 SHA-256 of an object; None if there is none."""

    def stored(self, bucket: str) -> Sequence[StoredObject]:
        """The objects that the bucket holds, without those that are deleted and only have old versions."""

    def belongs_to(self, bucket: str, stored: StoredObject, owner: str) -> bool:
        """Whether an object was stored with this owner, and not stored again since it was listed."""

    def delete(self, bucket: str, objects: Sequence[StoredObject]) -> int:
        """Delete the listed versions of these objects; returns how many objects there were."""

    def empty(self, bucket: str) -> int:
        """Delete every version of every object; returns how many there were."""
