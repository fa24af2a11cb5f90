"""The flow CUSTOM_AUTH: triggers define, create and verify the challenges of a sign-in.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
"""

from __future__ import annotations

import collections
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accountsctl.localcloud.contracts.dispatch import ServiceTarget
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.user_pools import PoolUser, UserPoolAccess
from accountsctl.localcloud.moto_services import public_calls
from accountsctl.localcloud.user_pools.call import PoolCall
from accountsctl.localcloud.user_pools.triggers import TriggerError, Triggers

CHALLENGE = "CUSTOM_CHALLENGE"
KEPT = 1000
WRONG = "Incorrect username or password."
HEADERS = (("Content-Type", "application/x-amz-json-1.1"),)


@dataclass
class CustomSession:
    """A sign-in under way: its user, the results so far, and what the create trigger keeps to itself."""

    user: str
    client_id: str
    results: list[dict[str, Any]] = field(default_factory=list)
    private: dict[str, str] = field(default_factory=dict)
    metadata: str | None = None


class CustomAuth:
    """Sessions live minutes and are not saved: a sign-in that a kill cut off starts again."""

    def __init__(self, access: UserPoolAccess, triggers: Triggers) -> None:
        self._access = access
        self._triggers = triggers
        self._sessions: collections.OrderedDict[str, CustomSession] = collections.OrderedDict()

    def begin(self, call: PoolCall, serve: Callable[[Request, ServiceTarget], Response]) -> Response:
        """InitiateAuth. moto checks the client, its flows and its secret; it refuses nothing else of the flow."""
        refusal = serve(call.request, call.where)
        if refusal.status != 200:
            return refusal
        parameters = call.body.get("AuthParameters") or {}
        if parameters.get("CHALLENGE_NAME") == "SRP_A":
            raise TriggerError(
                "InvalidParameterException", "The embedded cloud supports CUSTOM_AUTH without SRP_A only."
            )
        user = self._access.user(call.pool.id, call.username)
        if user is None:
            raise TriggerError("NotAuthorizedException", WRONG)
        return self._next(call, CustomSession(user.name, call.client_id), user)

    def respond(self, call: PoolCall) -> Response:
        """RespondToAuthChallenge to a custom challenge."""
        session = self._sessions.pop(str(call.body.get("Session")), None)
        user = self._access.user(call.pool.id, session.user) if session else None
        if session is None or user is None or session.client_id != call.client_id:
            raise TriggerError("NotAuthorizedException", "Invalid session for the user.")
        answers = call.body.get("ChallengeResponses") or {}
        asked = {
            "userAttributes": dict(user.attributes),
            "privateChallengeParameters": session.private,
            "challengeAnswer": answers.get("ANSWER"),
            **call.metadata,
        }
        occasion = call.occasion("VerifyAuthChallengeResponse", "Authentication", user.name)
        verdict = self._triggers.run(call.pool, occasion, asked, {"answerCorrect": None})
        correct = bool(verdict.get("answerCorrect"))
        result = {
            "challengeName": CHALLENGE,
            "challengeResult": correct,
            "challengeMetadata": session.metadata,
        }
        session.results.append(result)
        return self._next(call, session, user)

    def _next(self, call: PoolCall, session: CustomSession, user: PoolUser) -> Response:
        """What the define trigger decides: tokens, a failure, or another challenge."""
        asked = {"userAttributes": dict(user.attributes), "session": session.results, **call.metadata}
        plain = {"challengeName": None, "issueTokens": None, "failAuthentication": None}
        occasion = call.occasion("DefineAuthChallenge", "Authentication", user.name)
        decision = self._triggers.run(call.pool, occasion, asked, plain)
        if decision.get("failAuthentication"):
            raise TriggerError("NotAuthorizedException", WRONG)
        if decision.get("issueTokens"):
            tokens = self._access.sign_in(call.pool.id, call.client_id, user.name)
            return _answer({"ChallengeParameters": {}, "AuthenticationResult": tokens})
        if decision.get("challengeName") != CHALLENGE:
            raise TriggerError(
                "InvalidLambdaResponseException",
                f"The embedded cloud supports no challenge {decision.get('challengeName')} in CUSTOM_AUTH.",
            )
        return self._challenge(call, session, user)

    def _challenge(self, call: PoolCall, session: CustomSession, user: PoolUser) -> Response:
        asked = {
            "userAttributes": dict(user.attributes),
            "challengeName": CHALLENGE,
            "session": session.results,
            **call.metadata,
        }
        plain = {
            "publicChallengeParameters": None,
            "privateChallengeParameters": None,
            "challengeMetadata": None,
        }
        occasion = call.occasion("CreateAuthChallenge", "Authentication", user.name)
        made = self._triggers.run(call.pool, occasion, asked, plain)
        session.private = made.get("privateChallengeParameters") or {}
        session.metadata = made.get("challengeMetadata")
        token = secrets.token_urlsafe(32)
        self._sessions[token] = session
        while len(self._sessions) > KEPT:
            self._sessions.popitem(last=False)
        public = {**(made.get("publicChallengeParameters") or {}), "USERNAME": user.name}
        return _answer({"ChallengeName": CHALLENGE, "Session": token, "ChallengeParameters": public})


def _answer(body: dict[str, Any]) -> Response:
    return public_calls.readable_by_pages(Response(200, HEADERS, json.dumps(body).encode()))
