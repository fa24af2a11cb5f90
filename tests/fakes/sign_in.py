"""Cognito with the users that it is given: ``(pool, client, username) -> password``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.model.errors import CloudError
from accountsctl.ports.sign_in import ChallengeAnswers, SignInTarget, Tokens


@dataclass
class FakeSignIn:
    """Remembers who signed in, never with what. `factors` are by user: a challenge and the answer that it takes."""

    users: Mapping[tuple[str, str, str], str]
    factors: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    signed_in: list[tuple[str, str, str]] = field(default_factory=list)

    def sign_in(
        self, target: SignInTarget, username: str, password: str, answers: ChallengeAnswers
    ) -> Tokens:
        who = (target.pool_id, target.client_id, username)
        if self.users.get(who) != password:
            raise CloudError(
                f"AWS refused to sign in {username}.",
                why="Incorrect username or password.",
                code="NotAuthorizedException",
            )
        if username in self.factors:
            challenge, right = self.factors[username]
            new = challenge == "NEW_PASSWORD_REQUIRED"
            answer = answers.new_password() if new else answers.code(challenge, "")
            if answer != right:
                raise CloudError("AWS refused.", why="Invalid code.", code="CodeMismatchException")
        self.signed_in.append(who)
        return Tokens(f"id-of-{username}", f"access-of-{username}", f"refresh-of-{username}", 3600)
