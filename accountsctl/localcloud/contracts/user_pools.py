"""What triggers read of user pools, and what they change; implemented on moto's pools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class PoolTriggers:
    """A user pool; `functions`: the ARN of each trigger's function, by the names of LambdaConfig.

    `event_version` is that of the event of PreTokenGeneration: V1_0, V2_0 or V3_0.
    """

    id: str
    arn: str
    region: str
    functions: Mapping[str, str]
    event_version: str = "V1_0"

    @property
    def has_access_token_events(self) -> bool:
        """Whether the events of PreTokenGeneration are about access tokens too."""
        return self.event_version != "V1_0"


@dataclass(frozen=True)
class PoolUser:
    """A user; `attributes` include sub and the status that events show as cognito:user_status."""

    name: str
    attributes: Mapping[str, str]
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    preferred_role: str | None = None


@dataclass(frozen=True)
class NewClaims:
    """How a token changes: claims that are set, and those that are taken away."""

    added: Mapping[str, Any]
    removed: frozenset[str] = frozenset()


class UserPoolAccess(Protocol):
    """Each call is about the state of this moment; nothing is locked between two of them."""

    def pool(self, client_id: str | None, pool_id: str | None) -> PoolTriggers | None:
        """The pool of a client, or of an id; None if there is none."""

    def user(self, pool_id: str, name: str) -> PoolUser | None:
        """The user of a name, an alias or a sub; None if there is none."""

    def confirm(self, pool_id: str, name: str) -> None:
        """Confirm a user that has signed up."""

    def verify(self, pool_id: str, name: str, attributes: tuple[str, ...]) -> None:
        """Mark attributes (``email``, ``phone_number``) as verified."""

    def migrate(self, pool_id: str, name: str, password: str, attributes: Mapping[str, str]) -> None:
        """Create a confirmed user, whom a trigger knows from another directory."""

    def sign_in(self, pool_id: str, client_id: str, name: str) -> dict[str, Any]:
        """The AuthenticationResult of a user whom triggers let in."""

    def change_token(self, pool_id: str, token: str, claims: NewClaims) -> str:
        """The token with other claims, signed by the pool; it takes the place of `token`."""
