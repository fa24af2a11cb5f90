"""Fixes of methods: who may call them, what they validate, and those that are missing."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from accountsctl.doctor.catalogue.fixes.apis import configure_cors
from accountsctl.doctor.catalogue.fixes.operation import (
    REMOVE,
    Fix,
    FixOperation,
    TemplateBody,
    deployments_of,
    value_at,
)
from accountsctl.doctor.catalogue.fixes.preflight_headers import (
    declaration,
    declared_headers,
    mapped_values,
    preflight_values,
)
from accountsctl.doctor.catalogue.fixes.spelling import is_resource, properties_pointer
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.facts.model import Method
from accountsctl.doctor.facts.places import Spelling
from accountsctl.model.api_gateway import ApiKind, AuthorizationType, IntegrationType
from accountsctl.model.cors_headers import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, titled
from accountsctl.model.http_methods import EXTENSION


def set_method_property(pointer: str, value: Any) -> Fix:
    """Set one property of the method that the scene is about."""

    def fix(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
        if scene.method is not None:
            yield FixOperation(f"{properties_pointer(scene.method)}/{pointer}", value)

    return fix


def open_options(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
    """OPTIONS without any authorization: a browser sends a preflight without credentials."""
    method = scene.method
    if method is None:
        return
    pointer = method.place.pointer
    match method.spelling:
        case Spelling.RESOURCE:
            yield FixOperation(f"{pointer}/Properties/AuthorizationType", AuthorizationType.NONE.value)
            if method.api_key:
                yield FixOperation(f"{pointer}/Properties/ApiKeyRequired", False)
            for name in ("AuthorizerId", "AuthorizationScopes"):
                yield FixOperation(f"{pointer}/Properties/{name}", REMOVE)
        case Spelling.DOCUMENT:
            yield FixOperation(f"{pointer}/security", [])
            yield FixOperation(f"{pointer}/{EXTENSION}auth", {"type": AuthorizationType.NONE.value})
        case Spelling.SAM_EVENT:
            yield FixOperation(f"{pointer}/Properties/Auth/Authorizer", AuthorizationType.NONE.value)
        case Spelling.SAM_API:
            # SAM writes OPTIONS from the API's property Cors; its authorizer stands beside that.
            auth = f"{pointer.rpartition('/')[0]}/Auth"
            yield FixOperation(f"{auth}/AddDefaultAuthorizerToCorsPreflight", False)
            yield FixOperation(f"{auth}/AddApiKeyRequiredToCorsPreflight", False)
        case _:
            assert_never(method.spelling)


def remove_validation(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
    if scene.method is None:
        return
    if is_resource(scene.method):
        yield FixOperation(f"{properties_pointer(scene.method)}/RequestValidatorId", REMOVE)
        yield FixOperation(f"{properties_pointer(scene.method)}/RequestParameters", REMOVE)
    else:
        yield FixOperation(f"{properties_pointer(scene.method)}/parameters", REMOVE)


def add_options(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """An OPTIONS method for the route: as its neighbours have it, or a plain one."""
    route = scene.route or scene.ask.path
    known = scene.api.routes.get(route) or {}
    first = next(iter(known.values()), None)
    if first is None:
        return
    if scene.api.kind != ApiKind.REST:
        yield from configure_cors(scene, template)
        return
    if not is_resource(first):
        path = first.place.pointer.rpartition("/")[0]
        yield FixOperation(f"{path}/options", _options_of_document(scene, known, declaration(template, path)))
        return
    name = first.place.pointer.rpartition("/")[2]
    properties = template["Resources"][name]["Properties"]
    made = {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "RestApiId": properties["RestApiId"],
            "ResourceId": properties["ResourceId"],
            "HttpMethod": "OPTIONS",
            "AuthorizationType": AuthorizationType.NONE.value,
            "Integration": {
                "Type": IntegrationType.MOCK.value,
                "RequestTemplates": {"application/json": '{"statusCode": 204}'},
                "IntegrationResponses": [
                    {
                        "StatusCode": "204",
                        "ResponseParameters": mapped_values(preflight_values(scene, known, None)),
                    }
                ],
            },
            "MethodResponses": [{"StatusCode": "204", "ResponseParameters": declared_headers()}],
        },
    }
    yield FixOperation(f"/Resources/{name}Options", made)
    yield from deploy_after(scene, template, f"{name}Options")


def deploy_after(scene: Scene, template: TemplateBody, name: str) -> Iterator[FixOperation]:
    """The API's Deployments wait for a new method, or they would not hold it."""
    for deployment, resource in deployments_of(scene, template):
        if "DependsOn" in resource:
            before = (
                resource["DependsOn"] if isinstance(resource["DependsOn"], list) else [resource["DependsOn"]]
            )
            yield FixOperation(f"/Resources/{deployment}/DependsOn", [*before, name])


def _options_of_document(
    scene: Scene, known: Mapping[str, Method], header: Mapping[str, object]
) -> dict[str, Any]:
    names = (ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS)
    return {
        "responses": {
            "204": {"description": "CORS", "headers": {titled(name): dict(header) for name in names}}
        },
        "security": [],
        f"{EXTENSION}integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "responses": {
                "default": {
                    "statusCode": "204",
                    "responseParameters": mapped_values(preflight_values(scene, known, None)),
                }
            },
        },
    }


def add_missing_method(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """The verb that is missing, as one of its neighbours on the path."""
    known = scene.api.routes.get(scene.route or "") or {}
    like = next((operation for verb, operation in known.items() if verb != "OPTIONS"), None)
    if like is None:
        return
    method = copy.deepcopy(value_at(template, like.place.pointer))
    if not is_resource(like):
        yield FixOperation(f"{like.place.pointer.rpartition('/')[0]}/{scene.ask.method.lower()}", method)
        return
    method["Properties"]["HttpMethod"] = scene.ask.method
    name = f"{like.place.pointer.rpartition('/')[2]}{scene.ask.method.capitalize()}"
    yield FixOperation(f"/Resources/{name}", method)
    yield from deploy_after(scene, template, name)
