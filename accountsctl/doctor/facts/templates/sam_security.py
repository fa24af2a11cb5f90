"""What SAM's Auth makes of the operations of a document: their security, their schemes, the resource policy.

Source: `set_path_default_authorizer` and the functions around it in
https://github.com/aws/serverless-application-model/blob/develop/samtranslator/swagger/swagger.py
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from accountsctl.doctor.facts.templates.common import listed, mapping
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.data_mappings import REQUEST
from accountsctl.model.http_methods import EXTENSION, OPENAPI_ANY

Json = dict[str, Any]
IAM, NONE = AuthorizationType.IAM.value, AuthorizationType.NONE.value
KEY, NO_KEY = "api_key", "api_key_false"
IAM_SCHEME: Mapping[str, Any] = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    f"{EXTENSION}authtype": "awsSigv4",
}
KEY_SCHEME: Mapping[str, Any] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
INVOKE = "execute-api:Invoke"


def security_of_event(own: Mapping[str, Any], authorizers: Mapping[str, Any]) -> list[Json]:
    """The security that an event states itself, with the marks against an API's defaults."""
    found: list[Json] = []
    named = own.get("Authorizer")
    if named:
        scopes = own.get(
            "AuthorizationScopes", mapping(authorizers.get(str(named))).get("AuthorizationScopes")
        )
        found.append({str(named): listed(scopes) if named not in (NONE, IAM) else []})
    key = own.get("ApiKeyRequired")
    if key is not None:
        found.append({KEY if _is_true(key) else NO_KEY: []})
    return found


def secured(operation: Json, verb: str, auth: Mapping[str, Any]) -> Json:
    """An operation under an API's Auth: the default authorizer and key, unless it states its own."""
    if f"{EXTENSION}integration" not in operation:
        return operation
    options = verb == "options"
    names = {IAM, *mapping(auth.get("Authorizers"))}
    default = auth.get("DefaultAuthorizer")
    security = [part for part in listed(operation.get("security")) if isinstance(part, Mapping)]
    if default and not (options and _is_off(auth.get("AddDefaultAuthorizerToCorsPreflight"))):
        security = _with_default(security, names, str(default), scopes_of(auth, str(default))) or security
    if _is_true(auth.get("ApiKeyRequired")):
        open_options = options and _is_off(auth.get("AddApiKeyRequiredToCorsPreflight"))
        security = _with_key(security, wanted=not open_options)
    return {**operation, "security": security} if security or "security" in operation else operation


def scopes_of(auth: Mapping[str, Any], name: str) -> list[Any]:
    """The scopes of an authorizer."""
    return listed(mapping(mapping(auth.get("Authorizers")).get(name)).get("AuthorizationScopes"))


def _with_default(
    security: list[Mapping[str, Any]], names: set[str], default: str, scopes: list[Any]
) -> list[Mapping[str, Any]]:
    others = [part for part in security if names.isdisjoint(part)]
    own = [part for part in security if not names.isdisjoint(part)]
    without = next((part for part in others if NONE in part), None)
    if without is not None:
        return [part for part in others if part is not without]
    return [*others, *(own or [{default: scopes}])]


def _with_key(security: list[Mapping[str, Any]], *, wanted: bool) -> list[Mapping[str, Any]]:
    others = [part for part in security if {KEY, NO_KEY}.isdisjoint(part)]
    refused = any(NO_KEY in part for part in security)
    return [*others, {KEY: []}] if wanted and not refused else others


def _is_true(value: Any) -> bool:
    """Whether SAM takes a switch for on: any text is, ``false`` too; one that is not known is taken to be right."""
    return bool(value) and not is_unknown(value)


def _is_off(value: Any) -> bool:
    """Whether a switch that is on by default is off."""
    return value is not None and not _is_true(value)


def schemes_of(auth: Mapping[str, Any], of_events: Iterable[Mapping[str, Any]]) -> Json:
    """The security schemes that SAM makes of a REST API's Auth and its events'.

    A document that names AWS_IAM or api_key by itself has to define it.
    """
    events = list(of_events)
    found: Json = {}
    if auth.get("DefaultAuthorizer") or any(event.get("Authorizer") == IAM for event in events):
        found[IAM] = IAM_SCHEME
    if any(_is_true(stated.get("ApiKeyRequired")) for stated in (auth, *events)):
        found[KEY] = KEY_SCHEME
    for name, stated in mapping(auth.get("Authorizers")).items():
        found[str(name)] = _scheme(mapping(stated))
    return found


def _scheme(stated: Mapping[str, Any]) -> Json:
    identity = mapping(stated.get("Identity"))
    pools = stated.get("UserPoolArn")
    made: Json = {"identityValidationExpression": identity.get("ValidationExpression")}
    if pools:
        made |= {"type": "cognito_user_pools", "providerARNs": listed(pools)}
    else:
        kind = str(stated.get("FunctionPayloadType") or "TOKEN")
        made |= {"type": kind.lower(), **_called(stated)}
        if identity.get("ReauthorizeEvery") is not None:
            made["authorizerResultTtlInSeconds"] = identity["ReauthorizeEvery"]
        if kind == "REQUEST":
            made["identitySource"] = ", ".join(identity_sources(identity, REQUEST, ""))
            identity = {"Header": "Unused"}
    return {
        "type": "apiKey",
        "in": "header",
        "name": identity.get("Header") or "Authorization",
        f"{EXTENSION}authorizer": {key: value for key, value in made.items() if value is not None},
    }


def invocation_uri(function: str) -> str:
    """The URI by which API Gateway calls a function, by the function's ARN."""
    return f"arn:aws:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{function}/invocations"


def _called(stated: Mapping[str, Any]) -> Json:
    role = stated.get("FunctionInvokeRole")
    called: Json = {"authorizerUri": invocation_uri(str(stated.get("FunctionArn")))}
    return called | ({"authorizerCredentials": role} if role and role != NONE else {})


def identity_sources(identity: Mapping[str, Any], request: str, other: str) -> list[str]:
    """What identifies a caller, each with its prefix: that of parts of a request, and that of other values."""
    prefixes = {
        "Headers": f"{request}header.",
        "QueryStrings": f"{request}querystring.",
        "StageVariables": f"{other}stageVariables.",
        "Context": f"{other}context.",
    }
    return [f"{prefix}{name}" for key, prefix in prefixes.items() for name in listed(identity.get(key))]


def http_schemes(auth: Mapping[str, Any]) -> Json:
    """The security schemes that an HTTP API's Auth makes."""
    found: Json = {IAM: IAM_SCHEME} if auth.get("EnableIamAuthorizer") is True else {}
    for name, value in mapping(auth.get("Authorizers")).items():
        stated = mapping(value)
        if stated.get("JwtConfiguration"):
            made: Json = {
                "type": "jwt",
                "identitySource": stated.get("IdentitySource"),
                "jwtConfiguration": stated["JwtConfiguration"],
            }
        else:
            identity = mapping(stated.get("Identity"))
            made = {
                "type": "request",
                **_called(stated),
                "identitySource": identity_sources(identity, "$request.", "$"),
            }
        found[str(name)] = {
            "type": "apiKey",
            "name": "Unused",
            "in": "header",
            f"{EXTENSION}authorizer": made,
        }
    return found


def policy_with(policy: Json, stated: Mapping[str, Any], resources: list[str]) -> Json:
    """A resource policy with the statements that SAM writes for what a ResourcePolicy names."""
    statements = [*listed(policy.get("Statement"))]
    for made in (*_statements(stated, resources), *listed(stated.get("CustomStatements"))):
        if made not in statements:
            statements.append(made)
    return {"Version": "2012-10-17", "Statement": statements} if statements else policy


def _statements(stated: Mapping[str, Any], resources: list[str]) -> Iterator[Json]:
    base: Json = {"Action": INVOKE, "Resource": resources}
    for key, effect in (("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")):
        if stated.get(key):
            yield {**base, "Effect": effect, "Principal": {"AWS": listed(stated[key])}}
    for condition in _conditions(stated):
        yield {**base, "Effect": "Allow", "Principal": "*"}
        yield {**base, "Effect": "Deny", "Principal": "*", "Condition": condition}


def _conditions(stated: Mapping[str, Any]) -> Iterator[Json]:
    for key, test in (("IpRangeWhitelist", "NotIpAddress"), ("IpRangeBlacklist", "IpAddress")):
        if stated.get(key):
            yield {test: {"aws:SourceIp": listed(stated[key])}}
    for suffix, test in (("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals")):
        kinds = ("SourceVpc", "IntrinsicVpc", "IntrinsicVpce")
        named = [part for kind in kinds for part in listed(stated.get(f"{kind}{suffix}"))]
        if named:
            yield {test: {"aws:SourceVpc": named}}


def policy_resources(path: str, methods: Iterable[str], stage: str) -> list[str]:
    """The methods of a path, as a policy names them."""
    verbs = ("*" if method in (OPENAPI_ANY, "any") else method.upper() for method in methods)
    plain = re.sub(r"\{[a-zA-Z0-9._-]+\+?\}", "*", path)
    return [f"execute-api:/{stage}/{verb}{plain}" for verb in verbs]
