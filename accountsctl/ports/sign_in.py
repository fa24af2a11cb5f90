"""Signing in to Cognito as an application's client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Tokens:
    """A signed-in user's tokens; never printed but by `auth token`, never logged."""

    id_token: str
    access_token: str
    refresh_token: str
    expires_in: int


class SignIn(Protocol):
    """Cognito, as an application's client (adapter: `adapters.aws.cognito`)."""

    def sign_in(self, pool_id: str, client_id: str, username: str, password: str) -> Tokens:
        """Sign in by SRP; CloudError with Cognito's reason where it is refused."""
