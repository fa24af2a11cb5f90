"""The role by which API Gateway calls an authorizer's function: accused only where its trust policy is read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.reported.set_twenty_six import calling_by
from tests.faults.reported.set_twenty_three import with_authorizing_function
from tests.faults.reported.templates import Shown, diagnosis_of
from tests.faults.test_reported import causes

FAILS = ["auth.lambda-authorizer-500"]
Template = dict[str, Any]


def named(template: Template) -> list[str]:
    return causes(diagnosis_of(Shown("called", (), template, headers=("authorization",))))


def trusting(*principals: object) -> Template:
    """A role that these may assume."""
    statements = [
        {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
        for principal in principals
    ]
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": statements}}}


def test_a_role_for_lambda_alone_fails() -> None:
    assert named(calling_by("Caller", Caller=trusting("lambda.amazonaws.com"))) == FAILS


@pytest.mark.parametrize(
    "role",
    [
        trusting("lambda.amazonaws.com", "apigateway.amazonaws.com"),
        trusting({"Fn::Sub": "apigateway.${AWS::URLSuffix}"}),
        trusting({"Ref": "Service"}),
        {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Ref": "Trust"}}},
        {"Type": "Custom::Role", "Properties": {}},
    ],
)
def test_a_role_that_may_let_api_gateway_in_is_not_accused(role: Template) -> None:
    assert named(calling_by("Caller", Caller=role)) == []


def test_the_own_role_of_a_function_is_not_that_of_sam() -> None:
    template = calling_by("AuthorizerRole")
    template["Resources"]["Authorizer"]["Properties"]["AssumeRolePolicyDocument"] = {"Ref": "Trust"}
    assert named(template) == []
    assert named(calling_by("OtherRole")) == []


def test_an_authorizer_of_an_http_api_with_a_role_needs_no_permission() -> None:
    template = with_authorizing_function()
    function = {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "items", "Timeout": 3}}
    template["Resources"]["items"] = function
    assert named(template) == FAILS
    role = "arn:aws:iam::123456789012:role/caller"
    template["Resources"]["Jwt"]["Properties"]["AuthorizerCredentialsArn"] = role
    assert FAILS[0] not in named(template)
