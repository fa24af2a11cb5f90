"""What GetExport tells of a stage: the whole deployed snapshot, as OpenAPI with API Gateway's extensions.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
An export without integrations (some imitations of API Gateway give one) tells nothing that can be relied on:
no method can be deployed without an integration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.doctor.deployed.arns import escaped, function_arn, function_name, pool_id
from accountsctl.doctor.deployed.resources import PROXIES, place, required, response
from accountsctl.doctor.facts import Authorizer, GatewayResponse, Integration, Method

SOURCE = "apigateway:GetExport"
INTEGRATION = "x-amazon-apigateway-integration"
ANY = "x-amazon-apigateway-any-method"
AUTHORIZER = "x-amazon-apigateway-authorizer"
AUTHTYPE = "x-amazon-apigateway-authtype"
RESPONSES = "x-amazon-apigateway-gateway-responses"
VALIDATOR = "x-amazon-apigateway-request-validator"
VALIDATORS = "x-amazon-apigateway-request-validators"
BINARY_TYPES = "x-amazon-apigateway-binary-media-types"
POLICY = "x-amazon-apigateway-policy"
GATEWAY_HEADER = "gatewayresponse.header."
VERBS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", ANY})
LOCATIONS = {"header": "header", "query": "querystring"}
INTEGRATION_FIELDS = {
    "type": "type",
    "http_method": "httpMethod",
    "uri": "uri",
    "function": "uri",
    "templates": "requestTemplates",
    "passthrough": "passthroughBehavior",
    "content_handling": "contentHandling",
    "timeout_ms": "timeoutInMillis",
    "responses": "responses",
}
METHOD_FIELDS = {
    "authorization": "security",
    "authorizer": "security",
    "scopes": "security",
    "api_key": "security",
    "required": "parameters",
    "body_model": "requestBody",
    "integration": INTEGRATION,
    "declared": "responses",
}

Document = Mapping[str, Any]


def complete(document: Document) -> bool:
    """True where the export tells of integrations, so that it can be read as the deployed snapshot."""
    operations = [told for _, _, told in _operations(document)]
    return bool(operations) and all(INTEGRATION in told for told in operations)


def uris(document: Document) -> Iterator[str]:
    """The URIs of all integrations and authorizers."""
    for _, _, told in _operations(document):
        yield (told.get(INTEGRATION) or {}).get("uri") or ""
    for scheme in schemes(document).values():
        yield (scheme.get(AUTHORIZER) or {}).get("authorizerUri") or ""


def routes(document: Document, variables: Mapping[str, str]) -> dict[str, dict[str, Method]]:
    """path -> verb -> method, as they are deployed."""
    found: dict[str, dict[str, Method]] = {}
    for path, verb, told in _operations(document):
        found.setdefault(path, {})["ANY" if verb == ANY else verb.upper()] = _Operation(
            document, path, verb, told
        ).method(variables)
    return found


def _operations(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, item in (document.get("paths") or {}).items():
        for verb, told in item.items():
            if verb in VERBS:
                yield path, verb, told


def schemes(document: Document) -> Mapping[str, Any]:
    """The security schemes, in the spelling of OpenAPI 2 or 3."""
    three: Mapping[str, Any] = (document.get("components") or {}).get("securitySchemes") or {}
    return three or document.get("securityDefinitions") or {}


class _Operation:
    """One operation of an export."""

    def __init__(self, document: Document, path: str, verb: str, told: Mapping[str, Any]) -> None:
        self._document = document
        self._told = told
        self._pointer = f"/paths/{escaped(path)}/{verb}"
        self._verb = verb

    def method(self, variables: Mapping[str, str]) -> Method:
        authorization, authorizer, scopes = self._security()
        validator = self._validator()
        integration = self._integration(variables)
        return Method(
            verb="ANY" if self._verb == ANY else self._verb.upper(),
            place=place(SOURCE, self._pointer, METHOD_FIELDS),
            authorization=authorization,
            authorizer=authorizer,
            scopes=scopes,
            api_key=any(_is_api_key(self._scheme(name)) for name, _ in self._required_schemes()),
            required=required(validator, self._parameters()),
            body_model=bool(validator.get("validateRequestBody")) and self._has_model(),
            integration=integration,
            declared=self._declared(integration.type),
        )

    def _required_schemes(self) -> Iterator[tuple[str, list[str]]]:
        for each in self._told.get("security") or ():
            yield from each.items()

    def _scheme(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = schemes(self._document).get(name) or {}
        return found

    def _security(self) -> tuple[str, str | None, tuple[str, ...]]:
        """The authorization type as GetMethod names it, the authorizer's name, and the scopes."""
        own = (self._told.get("x-amazon-apigateway-auth") or {}).get("type", "NONE")
        for name, scopes in self._required_schemes():
            scheme = self._scheme(name)
            kind = str(scheme.get(AUTHTYPE, "")).lower()
            if kind == "awssigv4":
                return "AWS_IAM", None, ()
            if AUTHORIZER in scheme:
                cognito = scheme[AUTHORIZER].get("type", "").lower() == "cognito_user_pools"
                return "COGNITO_USER_POOLS" if cognito else "CUSTOM", name, tuple(scopes)
        return str(own).upper(), None, ()

    def _validator(self) -> Mapping[str, Any]:
        name = self._told.get(VALIDATOR) or self._document.get(VALIDATOR)
        found: Mapping[str, Any] = (self._document.get(VALIDATORS) or {}).get(name) or {}
        return found

    def _parameters(self) -> dict[str, bool]:
        return {
            f"method.request.{LOCATIONS[each['in']]}.{each['name']}": bool(each.get("required"))
            for each in self._told.get("parameters") or ()
            if each.get("in") in LOCATIONS
        }

    def _has_model(self) -> bool:
        body = any(each.get("in") == "body" for each in self._told.get("parameters") or ())
        return body or bool(self._told.get("requestBody"))

    def _integration(self, variables: Mapping[str, str]) -> Integration:
        told, pointer = self._told[INTEGRATION], f"{self._pointer}/{INTEGRATION}"
        arn = function_arn(told.get("uri", ""), variables)
        return Integration(
            type=told["type"].upper(),
            place=place(SOURCE, pointer, INTEGRATION_FIELDS),
            http_method=told.get("httpMethod"),
            uri=told.get("uri", ""),
            function=function_name(arn) if arn else None,
            templates=told.get("requestTemplates") or {},
            passthrough=(told.get("passthroughBehavior") or "when_no_match").upper(),
            content_handling=told.get("contentHandling"),
            timeout_ms=told.get("timeoutInMillis"),
            responses=tuple(
                response(
                    each, None if key == "default" else key, SOURCE, f"{pointer}/responses/{escaped(key)}"
                )
                for key, each in (told.get("responses") or {}).items()
            ),
        )

    def _declared(self, integration: str) -> dict[str, frozenset[str]] | None:
        responses = self._told.get("responses") or {}
        if not responses and integration in PROXIES:
            return None
        return {
            status: frozenset(name.lower() for name in each.get("headers") or {})
            for status, each in responses.items()
        }


def _is_api_key(scheme: Mapping[str, Any]) -> bool:
    return scheme.get("name", "").lower() == "x-api-key" and AUTHORIZER not in scheme


def authorizers(document: Document, variables: Mapping[str, str]) -> dict[str, Authorizer]:
    """The authorizers that deployed methods use."""
    root = "/components/securitySchemes" if "components" in document else "/securityDefinitions"
    found = {}
    for name, scheme in schemes(document).items():
        told = scheme.get(AUTHORIZER)
        if told is None:
            continue
        pointer = f"{root}/{escaped(name)}"
        header = f"method.request.header.{scheme.get('name', 'Authorization')}"
        arn = function_arn(told.get("authorizerUri", ""), variables)
        arns = told.get("providerARNs")
        found[name] = Authorizer(
            name=name,
            type=told.get("type", "").upper(),
            place=place(SOURCE, pointer, _AUTHORIZER_FIELDS),
            identity_source=told.get("identitySource") or header,
            pools=tuple(pool_id(each) for each in arns) if arns is not None else None,
            expression=told.get("identityValidationExpression"),
            ttl=int(told.get("authorizerResultTtlInSeconds", 300)),
            function=function_name(arn) if arn else None,
            role=bool(told.get("authorizerCredentials")),
        )
    return found


_AUTHORIZER_FIELDS = {
    "type": f"{AUTHORIZER}/type",
    "identity_source": "name",
    "pools": f"{AUTHORIZER}/providerARNs",
    "expression": f"{AUTHORIZER}/identityValidationExpression",
    "ttl": f"{AUTHORIZER}/authorizerResultTtlInSeconds",
    "function": f"{AUTHORIZER}/authorizerUri",
    "role": f"{AUTHORIZER}/authorizerCredentials",
}


def gateway_responses(document: Document) -> dict[str, GatewayResponse]:
    """The customised gateway responses that are deployed."""
    return {
        kind: gateway_response(kind, told, SOURCE, f"/{RESPONSES}/{kind}")
        for kind, told in (document.get(RESPONSES) or {}).items()
    }


def gateway_response(kind: str, told: Mapping[str, Any], source: str, pointer: str) -> GatewayResponse:
    """A gateway response; its parts are named alike in GetGatewayResponses and in an export."""
    status = told.get("statusCode")
    fields = {"status": "statusCode", "headers": "responseParameters"}
    return GatewayResponse(
        type=kind,
        place=place(source, pointer, fields),
        status=int(status) if status else None,
        headers={
            name.removeprefix(GATEWAY_HEADER).lower(): value
            for name, value in (told.get("responseParameters") or {}).items()
            if name.startswith(GATEWAY_HEADER)
        },
    )
