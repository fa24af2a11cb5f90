"""Templates with many APIs or permissions: each is worked out once, and found without a look at all of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.doctor.facts.permissions import GatewayPermissions, Permission
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.document import Document
from accountsctl.doctor.facts.templates.indexes import of_rest_api, once
from accountsctl.doctor.facts.templates.origin_checks import read_origin_checks
from accountsctl.doctor.facts.templates.resolving import Resolver

PLACE = SourcePlace(Layer.STATIC, "template.json")
ARN = "arn:aws:execute-api:eu-west-1:123456789012:abc"


def may(source: str | None, **more: Any) -> Permission:
    return Permission("apigateway.amazonaws.com", PLACE, source, **more)


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGateway::{kind}", "Properties": properties}


def reader(resources: dict[str, Any]) -> Reader:
    document = Document("template.json", {"Resources": resources})
    return Reader(document, Resolver(document))


NAMED, OTHER = may(f"{ARN}/*/GET/items"), may(f"{ARN}/*/GET/orders")
VARIABLE, ANY_VERB = may(f"{ARN}/*/GET/items/{{id}}"), may(f"{ARN}/*/*/files")
EVERYTHING, UNKNOWN = may(None), may("${Source}/*/GET/items")
SHORT, OF_AUTHORIZER = may(f"{ARN}/*"), may(f"{ARN}/authorizers/x")


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        (["GET/items"], [NAMED]),
        (["GET/items/*"], [VARIABLE]),
        (["DELETE/files"], []),
        (["GET/nothing"], []),
    ],
)
def test_of_many_permissions_those_that_may_be_for_a_call_are_found(
    calls: list[str], found: list[Permission]
) -> None:
    """What has a wildcard, and what only the deployment knows, may be for any call."""
    wild = [VARIABLE, ANY_VERB, EVERYTHING, UNKNOWN, SHORT]
    permissions = GatewayPermissions([NAMED, OTHER, OF_AUTHORIZER, *wild])
    assert list(permissions.for_calls(calls)) == [*found, *wild]


def test_a_permission_by_url_or_of_another_service_is_none_of_the_gateway() -> None:
    others = [may(None, by_url=True), Permission("s3.amazonaws.com", PLACE), may(None, action="lambda:Get")]
    assert GatewayPermissions([*others, NAMED]).every == [NAMED]


def test_what_is_worked_out_of_a_template_is_worked_out_once() -> None:
    read, numbers = reader({}), iter(range(3))
    assert [once(read, "x", lambda: next(numbers)) for _ in range(3)] == [0, 0, 0]


def test_the_resources_of_an_api_are_found_in_their_order() -> None:
    read = reader(
        {
            "B": resource("Stage", RestApiId={"Ref": "One"}),
            "A": resource("Deployment", RestApiId={"Ref": "One"}),
            "C": resource("Stage", RestApiId={"Ref": "Two"}),
            "D": resource("Method", RestApiId={"Ref": "One"}),
        }
    )
    stages = ("AWS::ApiGateway::Deployment", "AWS::ApiGateway::Stage")
    assert [id_ for id_, _ in of_rest_api(read, "One", *stages)] == ["B", "A"]
    assert [id_ for id_, _ in of_rest_api(read, "Two", *stages)] == ["C"]
    assert of_rest_api(read, "Three", *stages) == []


def test_the_apis_of_a_template_have_its_lines_in_common() -> None:
    template = {"Resources": {name: resource("RestApi", Name=name) for name in ("One", "Two")}}
    one, two = read_templates({"t.json": json.dumps(template, indent=1)})
    assert one.lines is two.lines
    assert one.lines["t.json", "/Resources/Two"] > 1


def test_a_comment_after_empty_lines_leaves_the_lines_of_the_code_where_they_are() -> None:
    code = (
        "\n\n\n  # origin.startswith('https://a.example')\n\nif origin.endswith('example.com'):\n    pass\n"
    )
    found = read_origin_checks({"index.py": code})
    assert (found.line, found.part) == (6, "example.com")
