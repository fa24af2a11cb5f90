"""A template with methods of a REST API that stands in another stack: what the methods say counts, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.reports.plain import plain_words
from tests.faults.all_faults import FAULTS
from tests.faults.base import template
from tests.faults.changes import Fault
from tests.faults.hiding import body_of, diagnosed
from tests.faults.test_templates import ORIGIN, told

HEALTHY = [
    file
    for file in sorted((Path(__file__).parents[3] / "data/doctor/healthy").iterdir())
    if file.stem.startswith(("explicit", "cdk"))
]
OF_THE_API = {
    "auth.resource-policy",
    "auth.route-missing+token",
    "auth.throttle",
    "deploy.default-endpoint-disabled",
    "deploy.mtls",
    "deploy.no-mapping",
    "deploy.no-stage",
    "deploy.stage-in-domain-path",
    "deploy.wrong-path",
    "edge.cf-authorization",
    "edge.cf-host",
    "edge.cf-methods",
    "int.stage-variable",
    "int.wrong-source-arn",
    "preflight.binary-media",
    "preflight.child-resource",
    "preflight.no-options",
}
"""Faults of what stands with the API, or may stand there."""
OF_METHODS = ("Method", "Resource", "RequestValidator", "Model", "Authorizer")


def alone(body: dict[str, Any]) -> dict[str, Any]:
    """The template with what is of the methods alone; the API, its stage and its gateway responses are elsewhere."""
    resources = body["Resources"]
    (api,) = (name for name, stated in resources.items() if stated["Type"] == "AWS::ApiGateway::RestApi")
    kept = {
        name: stated
        for name, stated in resources.items()
        if not stated["Type"].startswith("AWS::ApiGateway")
        or stated["Type"].removeprefix("AWS::ApiGateway::") in OF_METHODS
    }
    text = json.dumps({**body, "Resources": kept, "Outputs": {}})
    for root in (
        f'{{"Fn::GetAtt": ["{api}", "RootResourceId"]}}',
        f'{{"Fn::GetAtt": "{api}.RootResourceId"}}',
    ):
        text = text.replace(root, '{"Fn::ImportValue": "api-root"}')
    text = text.replace(f'{{"Ref": "{api}"}}', '{"Fn::ImportValue": "api-id"}').replace(
        f"${{{api}}}", "${ApiId}"
    )
    made: dict[str, Any] = json.loads(text)
    made.setdefault("Parameters", {})["ApiId"] = {"Type": "String"}
    return made


def read(body: dict[str, Any]) -> tuple[Api, ...]:
    return read_templates({"methods.json": json.dumps(body)})


@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_healthy_methods_alone_are_judged_and_accuse_nothing(file: Path) -> None:
    body = alone(body_of(file))
    (api,) = read(body)
    asked = body["Metadata"]["doctor"]
    assert (api.imported, api.partial) == (True, True)
    assert api.method(api.route(asked["path"]), asked["method"]) is not None
    found = diagnosed(body, (api,))
    assert found is not None
    assert not found.fails, found.root
    assert "the API itself" in dict(found.not_checked)


def of_methods(fault: Fault) -> bool:
    """Whether a fault stands in a template with one REST API, and is told by it."""
    if not fault.static:
        return False
    kinds = [stated.get("Type") for stated in fault.body(ORIGIN)["Resources"].values()]
    return kinds.count("AWS::ApiGateway::RestApi") == 1


def named(fault: Fault) -> str | None:
    """The cause that the methods alone show; None if they show none."""
    body = alone(fault.body(ORIGIN))
    if not any(stated["Type"] == "AWS::ApiGateway::Method" for stated in body["Resources"].values()):
        return None
    found = told(fault, body)
    return found.root.card.id if found.root is not None and found.fails else None


def test_a_fault_of_a_method_is_named_and_of_the_rest_none() -> None:
    every = [fault for fault in FAULTS if of_methods(fault)]
    causes = {str(fault): (fault.id, named(fault)) for fault in every}
    wrong = {name: (fault, cause) for name, (fault, cause) in causes.items() if cause not in (fault, None)}
    assert wrong == {}
    assert {fault for fault, cause in causes.values() if cause is None} == OF_THE_API
    assert sum(cause is not None for _, cause in causes.values()) > 60


@pytest.mark.parametrize(
    ("parent", "route"),
    [
        ({"Ref": "RootResource"}, "/items"),
        ({"Fn::ImportValue": "api-RootResourceId"}, "/items"),
        ({"Ref": "UsersResource"}, "/{UsersResource}/items"),
        ("a1b2c3", "/{a1b2c3}/items"),
    ],
)
def test_what_is_above_a_resource_is_the_root_by_its_name_or_any_part(parent: Any, route: str) -> None:
    items = {"RestApiId": "abc123def4", "ParentId": parent, "PathPart": "items"}
    get = {"RestApiId": "abc123def4", "ResourceId": {"Ref": "Items"}, "HttpMethod": "GET"}
    resources = {
        "Items": {"Type": "AWS::ApiGateway::Resource", "Properties": items},
        "Get": {"Type": "AWS::ApiGateway::Method", "Properties": get},
    }
    (api,) = read({"Resources": resources})
    assert list(api.routes) == [route]


def test_a_template_with_an_api_of_its_own_has_no_imported_one() -> None:
    body = template(ORIGIN)
    body["Resources"]["ItemsGet"]["Properties"]["RestApiId"] = "abc123def4"
    assert [api.imported for api in read(body)] == [False]


def signed(responses: dict[str, Any] | None = None) -> dict[str, Any]:
    """Methods alone, of which GET wants a signed request, and a gateway response where one is given."""
    body = alone(template(ORIGIN))
    body["Resources"]["ItemsGet"]["Properties"].update(AuthorizationType="AWS_IAM")
    if responses is not None:
        properties = {
            "RestApiId": {"Fn::ImportValue": "api-id"},
            "ResponseType": "DEFAULT_4XX",
            "ResponseParameters": responses,
        }
        body["Resources"]["Errors"] = {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}
    return body


ALLOWS_ALL = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}


@pytest.mark.parametrize(
    ("responses", "outcome", "masks", "known"),
    [
        (None, DiagnosisOutcome.ERROR, [], False),
        ({}, DiagnosisOutcome.BLOCKED, ["gwresp.4xx"], True),
        (ALLOWS_ALL, DiagnosisOutcome.ERROR, [], True),
    ],
    ids=["not in the file", "without the headers", "with the headers"],
)
def test_a_refusal_is_hidden_for_sure_only_where_its_gateway_response_is_in_the_file(
    responses: dict[str, Any] | None, outcome: DiagnosisOutcome, masks: list[str], known: bool
) -> None:
    body = signed(responses)
    (api,) = read(body)
    sent = (("authorization", "Bearer e30.e30.x"),)
    (ask,) = page_requests(api, Query(origin=ORIGIN, path="/items", method="GET", headers=sent), ())
    found = diagnose(Subject((api,)), ask)
    assert found.root is not None
    assert found.root.card.id.startswith("auth.iam")
    assert (found.outcome, [mask.card.id for mask in found.masked_by]) == (outcome, masks)
    words = plain_words(found)
    assert words is not None
    assert ("not known" in words.happened) is not known
    assert any("gateway responses stand with the API" in why for _, why in found.not_checked) is not known
