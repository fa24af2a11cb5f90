"""Security schemes and requirements: which authorizer stands before a method, and whether it wants a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accountsctl.localcloud.openapi.document import Node

AUTHORIZER = "x-amazon-apigateway-authorizer"
AUTHTYPE = "x-amazon-apigateway-authtype"
AUTH = "x-amazon-apigateway-auth"
SCALARS = "authorizerUri authorizerCredentials identityValidationExpression authorizerResultTtlInSeconds"


def schemes(document: Node) -> Mapping[str, Node]:
    """The document's security schemes by name, wherever its version has them."""
    found: Mapping[str, Node] = document.get("securityDefinitions") or (document.get("components") or {}).get(
        "securitySchemes", {}
    )
    return found or {}


def authorizers(document: Node) -> dict[str, dict[str, Any]]:
    """Every scheme that carries an authorizer, as CreateAuthorizer takes it; used or not, it is made."""
    return {name: _authorizer(name, each) for name, each in schemes(document).items() if AUTHORIZER in each}


def authorization(document: Node, operation: Node, warnings: list[str]) -> dict[str, Any]:
    """The authorization of a method, as PutMethod has it, with the `authorizer` by its name in the document."""
    settings: dict[str, Any] = {"authorizationType": "NONE", "apiKeyRequired": False}
    asked = (operation.get(AUTH) or {}).get("type")
    if asked:
        settings["authorizationType"] = str(asked).upper()
    for name, scopes in _requirements(document, operation):
        scheme = schemes(document).get(name)
        if scheme is None:
            warnings.append(f"The security scheme {name} is not defined and is ignored.")
        elif AUTHORIZER in scheme:
            kind = _kind(scheme)
            settings["authorizationType"] = "COGNITO_USER_POOLS" if kind == "COGNITO_USER_POOLS" else "CUSTOM"
            settings["authorizer"] = name
            if kind == "COGNITO_USER_POOLS" and scopes:
                settings["authorizationScopes"] = list(scopes)
        elif str(scheme.get(AUTHTYPE, "")).lower() == "awssigv4":
            settings["authorizationType"] = "AWS_IAM"
        elif scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key":
            settings["apiKeyRequired"] = True
        else:
            warnings.append(
                f"Security scheme type {scheme.get('type')} of {name} is not supported and is ignored."
            )
    return settings


def _requirements(document: Node, operation: Node) -> Iterable[tuple[str, list[str]]]:
    """An operation's own `security` replaces that of the document, also where it is empty."""
    required = operation["security"] if "security" in operation else document.get("security")
    return [(name, scopes or []) for each in required or [] for name, scopes in each.items()]


def _kind(scheme: Node) -> str:
    return str(scheme[AUTHORIZER].get("type") or "").upper()


def _authorizer(name: str, scheme: Node) -> dict[str, Any]:
    settings = scheme[AUTHORIZER]
    made: dict[str, Any] = {"name": name, "type": _kind(scheme)}
    made.update({key: settings[key] for key in SCALARS.split() if settings.get(key) is not None})
    if scheme.get(AUTHTYPE):
        made["authType"] = scheme[AUTHTYPE]
    if settings.get("providerARNs"):
        made["providerARNs"] = list(settings["providerARNs"])
    source = settings.get("identitySource")
    if not source and made["type"] != "REQUEST" and scheme.get("name"):
        source = f"method.request.header.{scheme['name']}"
    if source:
        made["identitySource"] = source
    return made
