"""What a template leaves to the deployment, and decides who is let in or what answers: it is named as not checked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doctor.facts.test_unknown_values import Body, by_parameter, diagnosed, guarded, healthy, hides

PARAMETER = {"Ref": "Hidden"}
INCLUDED = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/part.yaml"}}}
MAY_CALL = "whether API Gateway may call the function"
IMPORTED = {"Fn::ImportValue": {"Fn::Sub": "${Project}-${Stage}-Cart"}}
CALLED = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Arn}/invocations"
OF_IMPORTED = {"Fn::Sub": [CALLED, {"Arn": IMPORTED}]}
TEMPLATE = {"application/json": '{"statusCode": $stageVariables.status}'}


def under_a_condition(body: Body) -> None:
    body["Resources"]["MayCall"]["Condition"] = "Unknown"


def also_always(body: Body) -> None:
    under_a_condition(body)
    body["Resources"]["MayAlwaysCall"] = {**body["Resources"]["MayCall"], "Condition": "Always"}
    body["Conditions"]["Always"] = {"Fn::Equals": ["a", "a"]}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (hides("Api", "Policy", value=INCLUDED), "Policy of Api"),
        (hides("Api", "BinaryMediaTypes", value=PARAMETER), "BinaryMediaTypes of Api"),
        (hides("Options", "ApiKeyRequired", value=PARAMETER), "ApiKeyRequired of Options"),
        (hides("Get", "Integration", "Credentials", value=PARAMETER), "Integration of Get"),
        (hides("Options", "Integration", "RequestTemplates", value=TEMPLATE), "the status of the response to OPTIONS"),
        (hides("MayCall", "FunctionName", value=PARAMETER), f"{MAY_CALL} Function"),
        (hides("Get", "Integration", "Uri", value=OF_IMPORTED), f"{MAY_CALL} import Project-Stage-Cart"),
        (by_parameter, MAY_CALL),
        (guarded, MAY_CALL),
        (under_a_condition, "the condition Unknown"),
    ],
)  # fmt: skip
def test_what_is_taken_to_be_right_is_named(change: Any, named: str) -> None:
    body = healthy()
    change(body)
    assert any(what.startswith(named) for what, _ in diagnosed(body, "authorization").not_checked)


@pytest.mark.parametrize("change", [lambda _: None, also_always])
def test_nothing_is_named_where_all_is_known(change: Any) -> None:
    body = healthy()
    change(body)
    named = [what for what, _ in diagnosed(body, "authorization").not_checked]
    assert named == ["the headers of the response to GET"]


@pytest.mark.parametrize(
    "change",
    [
        hides("Options", "Integration", "IntegrationResponses", 0, "SelectionPattern", value=PARAMETER),
        lambda body: (
            hides("Options", "Integration", "ContentHandling", value=PARAMETER)(body),
            hides("Api", "BinaryMediaTypes", value=["*/*"])(body),
        ),
    ],
)
def test_a_mock_that_may_answer_accuses_nothing(change: Any) -> None:
    body = healthy()
    change(body)
    assert not diagnosed(body, "authorization").fails
