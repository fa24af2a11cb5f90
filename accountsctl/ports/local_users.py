"""The users of a pool in a local environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class LocalUser:
    """A user by the name to sign in with, Cognito's status (CONFIRMED), and the groups, sorted."""

    name: str
    status: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewUser:
    """A user to add. `attributes` by Cognito's names (``custom:team``); groups that do not exist are created."""

    name: str
    groups: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


class LocalUsers(Protocol):
    """Adds and removes users (adapter: `adapters.local_users`). CloudError with Cognito's reason if it refuses."""

    def users(self, pool_id: str) -> tuple[LocalUser, ...]:
        """The pool's users by name."""

    def add(self, pool_id: str, user: NewUser) -> tuple[str, ...]:
        """Create a confirmed user whose new password `password` gives from then on. Returns the groups that it created.

        If a later step is refused, the user is removed again.
        """

    def remove(self, pool_id: str, name: str) -> None:
        """Remove a user, and forget the password."""

    def password(self, pool_id: str, name: str) -> str | None:
        """The password of a user that `add` created; None for any other. Never printed."""
