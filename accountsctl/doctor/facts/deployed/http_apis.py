"""HTTP APIs (apigatewayv2): routes instead of resources, and CORS that the gateway answers by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.doctor.facts.deployed.arns import function_arn, function_name
from accountsctl.doctor.facts.deployed.resources import place
from accountsctl.doctor.facts.identity_sources import identity_source
from accountsctl.doctor.facts.model import Authorizer, HttpCors, Integration, Method, Stage
from accountsctl.doctor.facts.templates.jwt_rules import audiences_of, issuer_of
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.data_mappings import HTTP_API_AUTHORIZATION

Json = Mapping[str, Any]


def routes(api: Json) -> dict[str, dict[str, Method]]:
    """path -> verb -> method; ``$default`` is a path of its own with the verb ANY."""
    names = {entry["AuthorizerId"]: entry.get("Name", "") for entry in api.get("authorizers") or ()}
    integrations = {
        integration["IntegrationId"]: integration for integration in api.get("integrations") or ()
    }
    found: dict[str, dict[str, Method]] = {}
    for index, route in enumerate(api.get("routes") or ()):
        verb, _, path = route["RouteKey"].partition(" ")
        if not path:
            verb, path = "ANY", route["RouteKey"]
        fields = {
            "authorization": "AuthorizationType",
            "authorizer": "AuthorizerId",
            "scopes": "AuthorizationScopes",
            "integration": "Target",
        }
        target = str(route.get("Target") or "").rpartition("/")[2]
        authorizer = route.get("AuthorizerId")
        found.setdefault(path, {})[verb] = Method(
            verb=verb,
            place=place("apigatewayv2:GetRoutes", f"/Items/{index}", fields),
            authorization=route.get("AuthorizationType") or AuthorizationType.NONE,
            authorizer=names.get(authorizer, authorizer) if authorizer else None,
            scopes=tuple(route.get("AuthorizationScopes") or ()),
            api_key=bool(route.get("ApiKeyRequired")),
            integration=_integration(integrations[target]) if target in integrations else None,
        )
    return found


def _integration(reported: Json) -> Integration:
    fields = {"http_method": "IntegrationMethod", "uri": "IntegrationUri", "timeout_ms": "TimeoutInMillis"}
    uri = str(reported.get("IntegrationUri") or "")
    arn = lambda_arn(uri)
    return Integration(
        type=reported.get("IntegrationType", ""),
        place=place("apigatewayv2:GetIntegrations", f"/{reported['IntegrationId']}", fields),
        http_method=reported.get("IntegrationMethod"),
        uri=uri,
        function=function_name(arn) if arn else None,
        timeout_ms=reported.get("TimeoutInMillis"),
    )


def lambda_arn(uri: str) -> str | None:
    """The function of an HTTP API's integration, which may name it with or without API Gateway's own path."""
    return (
        uri if ":function:" in uri and uri.startswith("arn:aws") and "/" not in uri else function_arn(uri, {})
    )


def authorizers(api: Json) -> dict[str, Authorizer]:
    """The authorizers by name; the issuer's last part is the user pool's id."""
    found = {}
    for index, authorizer in enumerate(api.get("authorizers") or ()):
        name = authorizer.get("Name") or authorizer["AuthorizerId"]
        kind = authorizer.get("AuthorizerType", "")
        issuer = issuer_of(authorizer)
        arn = lambda_arn(str(authorizer.get("AuthorizerUri") or ""))
        found[name] = Authorizer(
            name=name,
            type=kind,
            place=place(
                "apigatewayv2:GetAuthorizers", f"/Items/{index}", {"pools": "JwtConfiguration/Issuer"}
            ),
            identity_source=identity_source(
                kind, ", ".join(authorizer.get("IdentitySource") or ()), HTTP_API_AUTHORIZATION
            ),
            pools=(issuer.rstrip("/").rpartition("/")[2],) if issuer else None,
            issuer=issuer,
            audiences=audiences_of(authorizer),
            ttl=int(authorizer.get("AuthorizerResultTtlInSeconds") or 0),
            function=function_name(arn) if arn else None,
            role=bool(authorizer.get("AuthorizerCredentialsArn")),
        )
    return found


def stages(api: Json) -> dict[str, Stage]:
    """The stages by name."""
    return {
        stage["StageName"]: Stage(
            name=stage["StageName"],
            place=place("apigatewayv2:GetStages", f"/Items/{index}", {"variables": "StageVariables"}),
            variables=stage.get("StageVariables") or {},
        )
        for index, stage in enumerate(api.get("stages") or ())
    }


def cors(api: Json) -> HttpCors | None:
    """The API's own CORS configuration; None if it has none, and the backend answers."""
    return configured_cors(api["api"].get("CorsConfiguration"), "apigatewayv2:GetApi", "/CorsConfiguration")


def configured_cors(stated: Json | None, operation: str, pointer: str) -> HttpCors | None:
    """The CORS configuration of an HTTP API or a function URL, which have the same form; None if there is none."""
    if not stated:
        return None
    fields = {
        "origins": "AllowOrigins",
        "methods": "AllowMethods",
        "headers": "AllowHeaders",
        "credentials": "AllowCredentials",
    }
    return HttpCors(
        place=place(operation, pointer, fields),
        origins=tuple(stated.get("AllowOrigins") or ()),
        methods=_lower(stated.get("AllowMethods")),
        headers=_lower(stated.get("AllowHeaders")),
        credentials=bool(stated.get("AllowCredentials")),
    )


def _lower(values: list[str] | None) -> tuple[str, ...]:
    return tuple(value.lower() for value in values or ())
