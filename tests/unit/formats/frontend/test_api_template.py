"""The methods of an API, by path, whether its template has them as resources or as an OpenAPI document."""

from __future__ import annotations

from accountsctl.formats.frontend.api_template import callable_paths, methods_by_path

ROOT = {"Fn::GetAtt": ["Api", "RootResourceId"]}


def method(name: str, resource: object) -> dict[str, object]:
    return {"Type": "AWS::ApiGateway::Method", "Properties": {"HttpMethod": name, "ResourceId": resource}}


def test_methods_are_found_in_resources_without_the_browsers_own() -> None:
    resources = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {}},
        "Items": {"Type": "AWS::ApiGateway::Resource", "Properties": {"PathPart": "items", "ParentId": ROOT}},
        "Post": method("POST", {"Ref": "Items"}),
        "Get": method("GET", {"Ref": "Items"}),
        "Options": method("OPTIONS", {"Ref": "Items"}),
        "Top": method("ANY", ROOT),
    }
    assert methods_by_path({"Resources": resources}) == {"/items": ("GET", "POST"), "/": ("ANY",)}


def test_methods_are_found_in_a_document() -> None:
    operations: dict[str, object] = {
        "get": {},
        "x-amazon-apigateway-any-method": {},
        "options": {},
        "parameters": [],
    }
    document = {"paths": {"/items": operations, "/empty": {"options": {}}}}
    template = {"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document}}}}
    assert methods_by_path(template) == {"/items": ("ANY", "GET"), "/empty": ()}


def test_a_get_can_be_sent_to_any_method_of_a_document() -> None:
    paths: dict[str, object] = {
        "/long": {"x-amazon-apigateway-any-method": {}},
        "/a": {"get": {}},
        "/a/{id}": {"get": {}},
        "/b": {"put": {}},
    }
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": {"paths": paths}}}
    assert list(callable_paths({"Resources": {"Api": api}})) == ["/a", "/long"]
