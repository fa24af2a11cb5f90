"""Invoking a trigger: the event, the right to invoke the function, and what each failure becomes.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from accountsctl.localcloud.contracts.lookups import Invoker, Lookups
from accountsctl.localcloud.contracts.resource_policies import Access, allows
from accountsctl.localcloud.contracts.user_pools import PoolTriggers

SERVICE = "cognito-idp.amazonaws.com"
VERSIONS = {"V1_0": "1", "V2_0": "2", "V3_0": "3"}

TriggerObject = dict[str, Any]
"""The request or the response of a trigger's event: which members it has depends on the trigger."""


class TriggerError(Exception):
    """A trigger has ended the operation. `kind` is the error's name in Cognito's API."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Occasion:
    """Why a trigger is invoked: `name` in LambdaConfig, `source` (``PreSignUp_SignUp``), and for whom."""

    name: str
    source: str
    client_id: str
    user: str

    def as_source(self, prefix: str, source: str) -> Occasion:
        """The same trigger under a source that does not begin with its name."""
        return replace(self, source=f"{prefix}_{source}")


class Triggers:
    """Invokes the functions of pools."""

    def __init__(self, lookups: Lookups, invoker: Invoker) -> None:
        self._lookups = lookups
        self._invoker = invoker

    def run(
        self,
        pool: PoolTriggers,
        occasion: Occasion,
        request: Mapping[str, object],
        response: Mapping[str, object] | None = None,
    ) -> TriggerObject:
        """The `response` of the event as the function returned it; the one that was sent if there is no trigger."""
        sent = dict(response or {})
        arn = pool.functions.get(occasion.name)
        if arn is None:
            return sent
        event = _event(pool, occasion, request, sent)
        payload = self._invoke(pool, occasion, arn, json.dumps(event).encode())
        try:
            returned = json.loads(payload)
        except ValueError:
            returned = None
        answer = returned.get("response") if isinstance(returned, dict) else None
        if not isinstance(answer, dict):
            raise TriggerError("InvalidLambdaResponseException", "Unrecognizable lambda output")
        return answer

    def _invoke(self, pool: PoolTriggers, occasion: Occasion, arn: str, payload: bytes) -> bytes:
        function = self._lookups.function(arn, pool.region)
        access = Access(SERVICE, "lambda:InvokeFunction", arn, pool.arn)
        if function is None or not allows(function.policy, access):
            raise TriggerError(
                "UnexpectedLambdaException",
                f"{occasion.name} invocation failed due to error AccessDeniedException.",
            )
        done = self._invoker.invoke(function, payload)
        if done.error is None:
            return done.payload
        raise TriggerError(
            "UserLambdaValidationException", f"{occasion.name} failed with error {_why(done.payload)}."
        )


def _event(
    pool: PoolTriggers, occasion: Occasion, request: Mapping[str, object], response: Mapping[str, object]
) -> TriggerObject:
    version = VERSIONS[pool.event_version] if occasion.name == "PreTokenGeneration" else "1"
    return {
        "version": version,
        "region": pool.region,
        "userPoolId": pool.id,
        "userName": occasion.user,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": occasion.client_id},
        "triggerSource": occasion.source,
        "request": dict(request),
        "response": dict(response),
    }


def _why(payload: bytes) -> str:
    """The function's own message, as Cognito passes it on to the app."""
    try:
        error = json.loads(payload)
    except ValueError:
        return "unknown"
    return str(error.get("errorMessage", "unknown")) if isinstance(error, dict) else "unknown"
