"""Signing in to Cognito as an application's client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from accountsctl.model.errors import UsageError


class NoSignIn(UsageError):
    """There is no pool to sign in with, or no one to sign in as: what needs no token can still be called."""


@dataclass(frozen=True)
class SignInTarget:
    """A pool, and the app client through which its users sign in."""

    pool_id: str
    client_id: str


@dataclass(frozen=True)
class Tokens:
    """A signed-in user's tokens; never printed but by `auth token`, never logged."""

    id_token: str
    access_token: str
    refresh_token: str
    expires_in: int


class ChallengeAnswers(Protocol):
    """What a user is asked for after the password; each raises UsageError if there is no answer."""

    def code(self, challenge: str, destination: str) -> str:
        """The code of a second factor: `challenge` is Cognito's name (SMS_MFA), `destination` where it was sent."""

    def new_password(self) -> str:
        """The permanent password that replaces a temporary one."""


class SignIn(Protocol):
    """Cognito, as an application's client (adapter: `adapters.aws.cognito`)."""

    def sign_in(
        self, target: SignInTarget, username: str, password: str, answers: ChallengeAnswers
    ) -> Tokens:
        """Sign in by SRP; CloudError with Cognito's reason if it is refused."""
