"""Cognito with the users that it is given: ``(pool, client, username) -> password``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.model.errors import CloudError
from accountsctl.ports.sign_in import Tokens


@dataclass
class FakeSignIn:
    """Remembers who signed in, never with what."""

    users: Mapping[tuple[str, str, str], str]
    signed_in: list[tuple[str, str, str]] = field(default_factory=list)

    def sign_in(self, pool_id: str, client_id: str, username: str, password: str) -> Tokens:
        who = (pool_id, client_id, username)
        if self.users.get(who) != password:
            raise CloudError(
                f"AWS refused to sign in {username}.",
                why="Incorrect username or password.",
                code="NotAuthorizedException",
            )
        self.signed_in.append(who)
        return Tokens(f"id-of-{username}", f"access-of-{username}", f"refresh-of-{username}", 3600)
