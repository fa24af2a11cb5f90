"""Kinds of parts that published templates have and the healthy ones of these tests lack: each is said right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.base import template
from tests.faults.changes import Fault
from tests.faults.test_templates import ORIGIN, told

ARN = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*"
ANY_ONE = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}


def changed(name: str, **properties: Any) -> dict[str, Any]:
    """The healthy template with properties of one resource replaced."""
    body = template(ORIGIN)
    body["Resources"][name]["Properties"] |= properties
    return body


@pytest.mark.parametrize(
    ("path", "rest", "passes"),
    [
        ("/items/1", "/items/{id}", True),
        ("/app/a/b", "/app/{proxy+}", True),
        ("/items/1", "/other/{id}", False),
        ("/items", "/items/{id}", False),
    ],
)
def test_a_permission_may_name_path_parameters(path: str, rest: str, passes: bool) -> None:
    body = changed("Permission", SourceArn={"Fn::Sub": ARN + rest})
    found = told(Fault("", path=path), body)
    assert (found.outcome is DiagnosisOutcome.PASS) is passes
    assert passes or (found.root is not None and found.root.card.id == "int.wrong-source-arn")


@pytest.mark.parametrize(
    ("statement", "passes"),
    [
        (ANY_ONE, True),  # about what is not said: it names no Resource
        ({**ANY_ONE, "Resource": "execute-api:/*"}, True),
        ({**ANY_ONE, "NotResource": "execute-api:/*/GET/other"}, True),
        ({"Effect": "Allow", "NotPrincipal": "x", "Action": "*", "Resource": "*"}, True),
        ({"Effect": "Allow", "Principal": "*", "NotAction": "x", "Resource": "*"}, True),
        ({**ANY_ONE, "Resource": "execute-api:/*/GET/other"}, False),
    ],
)
def test_a_policy_whose_statements_are_about_all_but_something_accuses_nothing(
    statement: dict[str, Any], passes: bool
) -> None:
    found = told(Fault(""), changed("Api", Policy={"Statement": [statement]}))
    assert (found.outcome is DiagnosisOutcome.PASS) is passes
    assert passes or (found.root is not None and found.root.card.id == "auth.resource-policy")


def test_a_permission_for_a_stage_is_right_while_the_stage_s_name_is_not_known() -> None:
    body = changed("Permission", SourceArn={"Fn::Sub": ARN.replace("/*/*", "/prod/*") + "/items"})
    assert told(Fault(""), body).fails
    body["Parameters"]["StageName"] = {"Type": "String"}
    body["Resources"]["Stage"]["Properties"]["StageName"] = {"Ref": "StageName"}
    assert told(Fault(""), body).outcome is DiagnosisOutcome.PASS


@pytest.mark.parametrize(
    ("stage", "passes"), [("*", True), ("prod", True), ("test-invoke-stage", False), ("authorizers", False)]
)
def test_a_permission_may_be_for_a_stage_that_stands_elsewhere(stage: str, passes: bool) -> None:
    body = changed("Permission", SourceArn={"Fn::Sub": ARN.replace("/*/*", f"/{stage}/*") + "/items"})
    body["Resources"]["Stage"]["Properties"]["RestApiId"] = {"Fn::ImportValue": "api"}
    found = told(Fault(""), body)
    assert (found.outcome is DiagnosisOutcome.PASS) is passes
    assert passes or (found.root is not None and found.root.card.id == "int.wrong-source-arn")


@pytest.mark.parametrize("part", ["ParentId", "PathPart", "RestApiId"])
def test_a_method_below_a_path_that_is_not_known_is_at_no_path(part: str) -> None:
    body = changed("Items", **{part: {"Ref": "Hidden"}})
    body["Parameters"]["Hidden"] = {"Type": "String"}
    (api,) = read_templates({"t.json": json.dumps(body)})
    assert "/items" not in api.routes
    assert "/" not in api.routes
    assert api.partial
    assert not told(Fault(""), body).fails


def test_a_resource_of_an_api_below_none_of_its_parts_has_no_path() -> None:
    body = changed("Items", ParentId={"Ref": "Nowhere"})
    (api,) = read_templates({"t.json": json.dumps(body)})
    assert "/items" not in api.routes
    assert api.partial


def test_a_selection_pattern_that_is_not_known_may_be_the_default() -> None:
    body = template(ORIGIN)
    response = body["Resources"]["StatusGet"]["Properties"]["Integration"]["IntegrationResponses"][0]
    response["SelectionPattern"] = "5.."
    fault = Fault("", path="/status")
    assert told(fault, body).fails
    body["Parameters"]["Pattern"] = {"Type": "String"}
    response["SelectionPattern"] = {"Ref": "Pattern"}
    assert told(fault, body).outcome is DiagnosisOutcome.PASS


@pytest.mark.parametrize(
    ("kind", "uri", "passes"),
    [
        ("AWS", "arn:aws:apigateway:${AWS::Region}:states:action/StartExecution", True),
        ("HTTP", "https://backend.example.com", True),
        ("AWS", "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/f/invocations", False),
    ],
)
def test_a_selection_pattern_is_compared_with_the_status_of_a_service(
    kind: str, uri: str, passes: bool
) -> None:
    body = template(ORIGIN)
    integration = body["Resources"]["StatusGet"]["Properties"]["Integration"]
    integration |= {"Type": kind, "Uri": {"Fn::Sub": uri}, "IntegrationHttpMethod": "POST"}
    integration["IntegrationResponses"][0]["SelectionPattern"] = "200"
    assert (told(Fault("", path="/status"), body).outcome is DiagnosisOutcome.PASS) is passes
