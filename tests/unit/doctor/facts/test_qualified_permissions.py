"""A permission is for what it names: the function, one of its aliases, or one of its versions.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.doctor.facts.templates import read_templates

PATH = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/%s/invocations"
FUNCTION = {"Runtime": "nodejs22.x", "Handler": "index.handler", "FunctionName": "accounts"}
LIVE = {"FunctionName": {"Ref": "Fn"}, "FunctionVersion": "1", "Name": "live"}
OF_LIVE = {"Ref": "Live"}
OF_FUNCTION = {"Ref": "Fn"}
NAMED = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:accounts"


def may_be_called(called: str, permitted: Any, **more: Any) -> bool:
    """Whether a template's permission is for what its integration calls."""
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": PATH % called}}
    body = {"openapi": "3.0.1", "paths": {"/x": {"get": {"x-amazon-apigateway-integration": integration}}}}
    permission = {"FunctionName": permitted, "Action": "lambda:InvokeFunction", "Principal": "*", **more}
    resources = {
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": FUNCTION},
        "Live": {"Type": "AWS::Lambda::Alias", "Properties": LIVE},
        "One": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": OF_FUNCTION}},
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}},
        "Permission": {"Type": "AWS::Lambda::Permission", "Properties": permission},
    }
    (api,) = read_templates({"t.json": json.dumps({"Resources": resources})})
    (function,) = api.functions.values()
    return bool(function.gateway_permissions.every)


@pytest.mark.parametrize(
    ("called", "permitted", "may"),
    [
        ("${Fn.Arn}", OF_FUNCTION, True),
        ("${Fn.Arn}", "accounts", True),
        ("${Fn.Arn}", OF_LIVE, False),
        ("${Fn.Arn}", {"Ref": "One"}, False),
        ("${Fn.Arn}:live", OF_LIVE, True),
        ("${Fn.Arn}:live", {"Fn::Sub": "${Fn}:live"}, True),
        ("${Fn.Arn}:live", OF_FUNCTION, False),
        ("${Fn.Arn}:$LATEST", OF_FUNCTION, True),
        ("${Live}", OF_LIVE, True),
        ("${Live}", {"Fn::Sub": "${Fn.Arn}:live"}, True),
        ("${Live}", OF_FUNCTION, False),
        ("${One}", {"Ref": "One"}, True),
        ("${One}", {"Fn::Sub": "${Fn}:1"}, True),
        ("${One}", OF_LIVE, False),
        (NAMED, "accounts", True),
        (f"{NAMED}:live", "accounts:live", True),
        (f"{NAMED}:live", "accounts", False),
    ],
)
def test_a_permission_is_for_the_alias_or_the_version_that_it_names(
    called: str, permitted: Any, *, may: bool
) -> None:
    assert may_be_called(called, permitted) is may


def test_a_permission_that_asks_for_the_token_of_alexa_is_not_for_api_gateway() -> None:
    assert not may_be_called("${Fn.Arn}", OF_FUNCTION, EventSourceToken="amzn1.ask.skill.x")
