"""Fixes of authorizers: a Cognito authorizer on the methods, and its properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from accountsctl.doctor.catalogue.fixes.operation import REMOVE, Fix, FixOperation, TemplateBody, value_at
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.facts.model import Method
from accountsctl.doctor.facts.places import Spelling
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.data_mappings import AUTHORIZATION
from accountsctl.model.http_methods import EXTENSION

COGNITO = AuthorizationType.COGNITO.value
SAM_NAMES = {"IdentityValidationExpression": "Identity/ValidationExpression", "ProviderARNs": "UserPoolArn"}


def require_cognito(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """The Cognito authorizer on every method that lacks it, made where there is none."""
    authorizer, made = _cognito_authorizer(scene, template)
    if authorizer is None:
        return
    yield from made
    for _, method in scene.api.every():
        asks = scene.method is not None and method.authorization == scene.method.authorization
        if method.verb == "OPTIONS" or not asks:
            continue
        yield from _attach(method, authorizer)


def _attach(method: Method, authorizer: str) -> Iterator[FixOperation]:
    """Put one method behind an authorizer."""
    pointer = method.place.pointer
    match method.spelling:
        case Spelling.RESOURCE:
            yield FixOperation(f"{pointer}/Properties/AuthorizationType", COGNITO)
            yield FixOperation(f"{pointer}/Properties/AuthorizerId", {"Ref": authorizer})
        case Spelling.SAM_EVENT:
            yield FixOperation(f"{pointer}/Properties/Auth/Authorizer", authorizer)
        case Spelling.DOCUMENT:
            yield FixOperation(f"{pointer}/security", [{authorizer: []}])
            yield FixOperation(f"{pointer}/{EXTENSION}auth", REMOVE)
        case Spelling.SAM_API:
            # Only OPTIONS is written so, which needs no authorizer.
            return
        case _:
            assert_never(method.spelling)


def _cognito_authorizer(scene: Scene, template: TemplateBody) -> tuple[str | None, list[FixOperation]]:
    for name, authorizer in scene.api.authorizers.items():
        if authorizer.type == COGNITO:
            return name, []
    pool = _pool_parameter(template)
    if pool is not None and scene.method is not None and scene.method.spelling is Spelling.DOCUMENT:
        return "Cognito", [_scheme_of_document(scene.method, template, pool)]
    rest = next(
        (
            name
            for name, resource in template["Resources"].items()
            if resource.get("Type") == "AWS::ApiGateway::RestApi"
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
            "IdentitySource": AUTHORIZATION,
            "ProviderARNs": [{"Ref": pool}],
        },
    }
    return "CognitoAuthorizer", [FixOperation("/Resources/CognitoAuthorizer", made)]


def _pool_parameter(template: TemplateBody) -> str | None:
    """The template's parameter for the ARN of a user pool."""
    names = map(str, template.get("Parameters") or {})
    return next((name for name in names if name.endswith("UserPoolArn")), None)


def _scheme_of_document(method: Method, template: TemplateBody, pool: str) -> FixOperation:
    """The authorizer as a security scheme of the OpenAPI document that holds a method.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
    """
    document = method.place.pointer.partition("/paths/")[0]
    old = "swagger" in value_at(template, document)
    scheme = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        f"{EXTENSION}authtype": COGNITO.lower(),
        f"{EXTENSION}authorizer": {"type": COGNITO.lower(), "providerARNs": [{"Ref": pool}]},
    }
    schemes = "securityDefinitions" if old else "components/securitySchemes"
    return FixOperation(f"{document}/{schemes}/Cognito", scheme)


def set_authorizer_property(part: str, value: Any) -> Fix:
    """Set one property of the method's authorizer, by its name in CloudFormation."""

    def fix(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
        authorizer = scene.authorizer
        if authorizer is None:
            return
        pointer = authorizer.place.pointer
        header = part == "IdentitySource"
        match authorizer.spelling:
            case Spelling.RESOURCE:
                yield FixOperation(f"{pointer}/Properties/{part}", value)
            case Spelling.DOCUMENT if header:
                yield FixOperation(f"{pointer}/name", "Authorization")
            case Spelling.DOCUMENT:
                inner = f"{pointer}/{EXTENSION}authorizer"
                yield FixOperation(f"{inner}/{part[0].lower()}{part[1:]}", value)
            case Spelling.SAM_API | Spelling.SAM_EVENT if header:
                yield FixOperation(f"{pointer}/Identity/Header", "Authorization")
            case Spelling.SAM_API | Spelling.SAM_EVENT:
                yield FixOperation(f"{pointer}/{SAM_NAMES[part]}", value)

    return fix


def trust_project_pool(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """Let the authorizer trust the user pool that the template gets as a parameter."""
    parameter = _pool_parameter(template)
    if parameter is not None:
        yield from set_authorizer_property("ProviderARNs", [{"Ref": parameter}])(scene, template)
