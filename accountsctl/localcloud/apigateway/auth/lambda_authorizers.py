"""Lambda authorizers (TOKEN and REQUEST): invoke the function, read the policy that it returns, and cache it.

    an identity source is missing, or a token does not match the expression     401, the function is not invoked
    the function fails with exactly "Unauthorized"                              401
    it fails otherwise, may not be invoked, or returns no policy                500 AuthorizerConfigurationException
    its policy denies, or does not mention this method                          403

A policy is cached for authorizerResultTtlInSeconds, by the values of the identity sources. A policy that allows
only the method of the first request therefore denies the next method, as on AWS.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accountsctl.localcloud.apigateway.auth.policies import method_arn
from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import authorizer_failed, unauthorized
from accountsctl.localcloud.apigateway.integrations import invoking
from accountsctl.localcloud.apigateway.integrations.permission import allowed
from accountsctl.localcloud.apigateway.integrations.proxy_event import event
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION, Invoker, Lookups
from accountsctl.localcloud.contracts.policy_documents import PolicyDocument, listed

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import AuthorizerTypeDef

SOURCE = re.compile(r"^(method\.request\.(?:header|querystring)|stageVariables|context)\.([A-Za-z0-9._-]+)$")
DEFAULT_SOURCE = "method.request.header.Authorization"
DEFAULT_TTL = 300
LIMIT = 30.0  # seconds
MAPS = (
    "headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters",
    "pathParameters", "stageVariables",
)  # fmt: skip


@dataclass(frozen=True)
class Grant:
    """An authorizer's result: its policy, and the context that the integration receives."""

    policy: PolicyDocument
    context: Mapping[str, object]
    api_key: str | None


def sources(authorizer: AuthorizerTypeDef) -> list[str]:
    """The identity sources; a REQUEST authorizer may have none."""
    text = authorizer.get("identitySource")
    if not text and authorizer.get("type") == "TOKEN":
        text = DEFAULT_SOURCE
    return [source.strip() for source in (text or "").split(",") if source.strip()]


class LambdaAuthorizers:
    """Invokes authorizers, and caches what they return."""

    def __init__(self, lookups: Lookups, invoker: Invoker) -> None:
        self._lookups = lookups
        self._invoker = invoker
        self._lock = threading.Lock()
        self._cached: dict[tuple[str, ...], tuple[float, Grant]] = {}

    def grant(self, call: GatewayCall, authorizer: AuthorizerTypeDef) -> Grant:
        """The authorizer's grant for `call`, cached or new; GatewayError if there is none."""
        identity = _identity(call, authorizer)
        ttl = authorizer.get("authorizerResultTtlInSeconds")
        seconds = DEFAULT_TTL if ttl is None else int(ttl)
        key = (call.api.id, call.stage.name, call.api.deployment_id, authorizer["id"], *identity)
        with self._lock:
            until, cached = self._cached.get(key, (0.0, None))
        if cached is not None and call.seconds < until:
            return cached
        grant = self._invoke(call, authorizer, identity)
        if seconds and identity:
            with self._lock:
                self._cached[key] = (call.seconds + seconds, grant)
        return grant

    def invoke(self, call: GatewayCall, authorizer: AuthorizerTypeDef) -> Grant:
        """The authorizer's grant now: the cache is neither read nor written."""
        return self._invoke(call, authorizer, _identity(call, authorizer))

    def forget(self, api_id: str, stage: str | None = None) -> None:
        """Drop the cached grants of an API, or of one stage of it."""
        with self._lock:
            prefix = (api_id,) if stage is None else (api_id, stage)
            self._cached = {
                key: cached for key, cached in self._cached.items() if key[: len(prefix)] != prefix
            }

    def _invoke(self, call: GatewayCall, authorizer: AuthorizerTypeDef, identity: list[str]) -> Grant:
        function = invoking.function(call, authorizer.get("authorizerUri") or "", self._lookups)
        if function is None:
            raise authorizer_failed("Invalid Lambda function")
        source = f"arn:{PARTITION}:execute-api:{call.api.region}:{ACCOUNT}:{call.api.id}/authorizers/{authorizer['id']}"
        if not authorizer.get("authorizerCredentials") and not allowed(function.policy, source):
            raise authorizer_failed("Invalid permissions on Lambda function")
        payload = json.dumps(_event(call, authorizer, identity)).encode()
        begun = time.monotonic()
        try:
            done = invoking.invoke(self._invoker, function, payload, LIMIT)
        except invoking.TooSlow:
            raise authorizer_failed("Authorizer timed out") from None
        return _read(done.payload, int((time.monotonic() - begun) * 1000), failed=done.error is not None)


def _identity(call: GatewayCall, authorizer: AuthorizerTypeDef) -> list[str]:
    """The values of the identity sources; GatewayError if one is missing."""
    values = [_value(call, source) for source in sources(authorizer)]
    if not all(values):
        raise unauthorized()
    found = [str(value) for value in values]
    expression = authorizer.get("identityValidationExpression")
    if expression and authorizer.get("type") == "TOKEN" and not re.fullmatch(expression, found[0]):
        raise unauthorized()
    return found


def _value(call: GatewayCall, source: str) -> object:
    found = SOURCE.match(source)
    if found is None:
        return None
    place, name = found[1], found[2]
    match place:
        case "method.request.header":
            return call.request.header(name)
        case "method.request.querystring":
            return dict(call.query).get(name)
        case "stageVariables":
            return call.stage.variables.get(name)
    value: object = call.context()
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _event(call: GatewayCall, authorizer: AuthorizerTypeDef, identity: list[str]) -> dict[str, object]:
    if authorizer.get("type") == "TOKEN":
        return {"type": "TOKEN", "methodArn": method_arn(call), "authorizationToken": identity[0]}
    proxied = event(call)
    # An authorizer gets empty objects where a proxy integration gets null, and never a body.
    proxied.update({name: proxied[name] or {} for name in MAPS})
    del proxied["body"], proxied["isBase64Encoded"]
    return {"type": "REQUEST", "methodArn": method_arn(call), **proxied}


def _read(payload: bytes, latency: int, *, failed: bool) -> Grant:
    try:
        result = json.loads(payload)
    except ValueError:
        raise authorizer_failed("Invalid JSON in authorizer response") from None
    if failed:
        reason = result.get("errorMessage") if isinstance(result, dict) else None
        raise unauthorized() if reason == "Unauthorized" else authorizer_failed(str(reason))
    if not isinstance(result, dict) or not result.get("principalId"):
        raise authorizer_failed("Authorizer response has no principalId")
    policy, context = result.get("policyDocument"), result.get("context") or {}
    if not isinstance(policy, dict) or not _is_policy(policy):
        raise authorizer_failed("Invalid policy document")
    if not isinstance(context, dict) or not all(isinstance(v, str | int | float) for v in context.values()):
        raise authorizer_failed(
            "Authorizer response context values must be of type string, number, or boolean"
        )
    shown = {name: _text(value) for name, value in context.items()}
    grant = {"principalId": str(result["principalId"]), "integrationLatency": latency, **shown}
    return Grant(policy, grant, result.get("usageIdentifierKey"))


def _is_policy(policy: PolicyDocument) -> bool:
    statements = listed(policy.get("Statement"))
    return bool(statements) and all(
        isinstance(statement, dict)
        and statement.get("Effect") in ("Allow", "Deny")
        and {"Resource", "NotResource"} & set(statement)
        for statement in statements
    )


def _text(value: str | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
