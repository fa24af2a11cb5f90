"""Security schemes and requirements: which authorizer stands before a method, and whether it requires a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accountsctl.localcloud.openapi.definition import Authorization
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


def authorizers(document: Node) -> dict[str, Node]:
    """Every scheme that carries an authorizer, with the arguments of CreateAuthorizer; AWS creates unused ones too."""
    return {
        name: _authorizer(name, scheme) for name, scheme in schemes(document).items() if AUTHORIZER in scheme
    }


def authorization(document: Node, operation: Node, warnings: list[str]) -> Authorization:
    """The authorization of a method, as PutMethod has it, with the `authorizer` by its name in the document."""
    settings: Authorization = {"authorizationType": "NONE", "apiKeyRequired": False}
    requested = (operation.get(AUTH) or {}).get("type")
    if requested:
        settings["authorizationType"] = str(requested).upper()
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
    return [(name, scopes or []) for alternative in required or [] for name, scopes in alternative.items()]


def _kind(scheme: Node) -> str:
    return str(scheme[AUTHORIZER].get("type") or "").upper()


def _authorizer(name: str, scheme: Node) -> Node:
    settings = scheme[AUTHORIZER]
    authorizer: dict[str, object] = {"name": name, "type": _kind(scheme)}
    authorizer.update({key: settings[key] for key in SCALARS.split() if settings.get(key) is not None})
    if scheme.get(AUTHTYPE):
        authorizer["authType"] = scheme[AUTHTYPE]
    if settings.get("providerARNs"):
        authorizer["providerARNs"] = list(settings["providerARNs"])
    source = settings.get("identitySource")
    if not source and authorizer["type"] != "REQUEST" and scheme.get("name"):
        source = f"method.request.header.{scheme['name']}"
    if source:
        authorizer["identitySource"] = source
    return authorizer
