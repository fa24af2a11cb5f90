"""Fixes of authorizers: a Cognito authorizer on the methods, and its properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accountsctl.doctor.catalogue.fixes.operation import REMOVE, Fix, FixOperation, Template
from accountsctl.doctor.catalogue.fixes.spelling import is_resource, properties_pointer
from accountsctl.doctor.catalogue.scene import Scene

COGNITO = "COGNITO_USER_POOLS"


def require_cognito(scene: Scene, template: Template) -> Iterator[FixOperation]:
    """The Cognito authorizer on every method that lacks it, made where there is none."""
    authorizer, made = _cognito_authorizer(scene, template)
    if authorizer is None:
        return
    yield from made
    for _, method in scene.api.every():
        asks = scene.method is not None and method.authorization == scene.method.authorization
        if method.verb == "OPTIONS" or not asks:
            continue
        if is_resource(method):
            yield FixOperation(f"{properties_pointer(method)}/AuthorizationType", COGNITO)
            yield FixOperation(f"{properties_pointer(method)}/AuthorizerId", {"Ref": authorizer})
        elif "/Events/" in method.place.pointer:
            yield FixOperation(f"{method.place.pointer}/Properties/Auth/Authorizer", authorizer)
        else:
            yield FixOperation(f"{method.place.pointer}/security", [{authorizer: []}])
            yield FixOperation(f"{method.place.pointer}/x-amazon-apigateway-auth", REMOVE)


def _cognito_authorizer(scene: Scene, template: Template) -> tuple[str | None, list[FixOperation]]:
    for name, each in scene.api.authorizers.items():
        if each.type == COGNITO:
            return name, []
    pool = next(
        (each for each in template.get("Parameters") or {} if str(each).endswith("UserPoolArn")), None
    )
    rest = next(
        (
            name
            for name, each in template["Resources"].items()
            if each.get("Type") == "AWS::ApiGateway::RestApi"
        ),
        None,
    )
    if pool is None or rest is None:
        return None, []
    made = {
        "Type": "AWS::ApiGateway::Authorizer",
        "Properties": {
            "RestApiId": {"Ref": rest},
            "Name": "Cognito",
            "Type": COGNITO,
            "IdentitySource": "method.request.header.Authorization",
            "ProviderARNs": [{"Ref": pool}],
        },
    }
    return "CognitoAuthorizer", [FixOperation("/Resources/CognitoAuthorizer", made)]


def set_authorizer_property(part: str, value: Any) -> Fix:
    def fix(scene: Scene, _: Template) -> Iterator[FixOperation]:
        authorizer = scene.api.authorizers.get((scene.method.authorizer if scene.method else None) or "")
        if authorizer is None:
            return
        explicit = authorizer.place.pointer.count("/") == 2
        base = f"{authorizer.place.pointer}/Properties" if explicit else authorizer.place.pointer
        if explicit:
            yield FixOperation(f"{base}/{part}", value)
        elif part == "IdentitySource":
            told = "Identity/Header" if "/Auth/" in base else "name"
            yield FixOperation(f"{base}/{told}", "Authorization")
        elif "/Auth/" in base:
            yield FixOperation(f"{base}/Identity/ValidationExpression", value)
        else:
            inner = f"{base}/x-amazon-apigateway-authorizer"
            yield FixOperation(f"{inner}/{part[0].lower()}{part[1:]}", value)

    return fix


def trust_project_pool(scene: Scene, template: Template) -> Iterator[FixOperation]:
    parameter = next(
        (each for each in template.get("Parameters") or {} if str(each).endswith("UserPoolArn")), None
    )
    if parameter is not None:
        yield from set_authorizer_property("ProviderARNs", [{"Ref": parameter}])(scene, template)
