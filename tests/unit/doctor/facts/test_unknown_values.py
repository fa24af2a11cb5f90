"""A healthy API of which one thing stands elsewhere or is known only to the deployment: it is never accused.

Each change hides one thing; what was hidden is named among what was not checked wherever the verdict rests on it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates

Body = dict[str, Any]
ALLOW = "method.response.header.Access-Control-Allow-"
URI = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"
OF_API = {"RestApiId": {"Ref": "Api"}}
OPEN = {"AuthorizationType": "NONE", "ResourceId": {"Ref": "Items"}, **OF_API}


def answered_options() -> Body:
    """The properties of a method that answers preflights well."""
    headers = {f"{ALLOW}{name}": "'*'" for name in ("Origin", "Methods")}
    headers[f"{ALLOW}Headers"] = "'authorization,x-api-key'"
    mock = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": '{"statusCode": 200}'},
        "IntegrationResponses": [{"StatusCode": "200", "ResponseParameters": headers}],
    }
    declared = [{"StatusCode": "200", "ResponseParameters": dict.fromkeys(headers, True)}]
    return {**OPEN, "HttpMethod": "OPTIONS", "Integration": mock, "MethodResponses": declared}


def healthy() -> Body:
    proxy = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": {"Fn::Sub": URI}}
    arn = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/*"
    resources = {
        "Api": ("RestApi", {"Name": "shop"}),
        "Items": (
            "Resource",
            {**OF_API, "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]}, "PathPart": "items"},
        ),
        "Get": ("Method", {**OPEN, "HttpMethod": "GET", "Integration": proxy}),
        "Options": ("Method", answered_options()),
        "Stage": ("Stage", {**OF_API, "StageName": "dev"}),
    }
    body: Body = {
        "Parameters": {"Hidden": {"Type": "String"}},
        "Conditions": {"Unknown": {"Fn::Equals": [{"Ref": "Hidden"}, "a"]}},
        "Resources": {
            name: {"Type": f"AWS::ApiGateway::{kind}", "Properties": properties}
            for name, (kind, properties) in resources.items()
        },
    }
    body["Resources"]["Function"] = {"Type": "AWS::Lambda::Function", "Properties": {"Timeout": 3}}
    body["Resources"]["MayCall"] = {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "FunctionName": {"Ref": "Function"},
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": {"Fn::Sub": arn},
        },
    }
    return body


def diagnosed(body: Body, *headers: str) -> Diagnosis:
    query = Query("http://localhost:4200", "/items", "GET", tuple((name, "x") for name in headers))
    apis = read_templates({"template.json": json.dumps(body)})
    (found,) = find_out(DiagnosisSources(static=lambda: apis), query).diagnoses
    return found


def properties(body: Body, name: str) -> Body:
    found: Body = body["Resources"][name]["Properties"]
    return found


def hides(name: str, *path: str | int, value: object) -> Callable[[Body], object]:
    """A change that puts a value in place of another one."""

    def change(body: Body) -> None:
        here: Any = properties(body, name)
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = copy.deepcopy(value)

    return change


def moves_away(*names: str, **others: object) -> Callable[[Body], object]:
    """A change that takes resources out, and puts others in."""

    def change(body: Body) -> None:
        for name in names:
            del body["Resources"][name]
        body["Resources"].update(others)

    return change


HIDDEN = {"Ref": "Hidden"}
HEADERS = ("Integration", "IntegrationResponses", 0, "ResponseParameters")
UNKNOWN_ORIGINS = (
    HIDDEN,
    {"Fn::Sub": "'${Hidden}'"},
    {"Fn::ImportValue": "origin"},
    {"Fn::If": ["Unknown", "'*'", "'https://a.example.com'"]},
    "'{{resolve:ssm:/shop/origin}}'",
    "'${stageVariables.origin}'",
    {"Fn::Select": [HIDDEN, ["'*'"]]},
    {"Fn::FindInMap": ["Origins", {"Ref": "AWS::Region"}, "origin"]},
)
GUARD = {"Type": "TOKEN", "AuthorizerUri": {"Fn::Sub": URI.replace("Function.Arn", "Hidden")}, **OF_API}
NESTED = {
    "Type": "AWS::CloudFormation::Stack",
    "Properties": {"TemplateURL": "a", "Parameters": {"Api": {"Ref": "Api"}}},
}
LOOP = {"Fn::ForEach::Parts": ["Part", ["A"], {"${Part}": {"Type": "AWS::Lambda::Permission"}}]}
ALIAS = {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "Function"}, "Name": "live"}}
CONNECTOR = {
    "Type": "AWS::Serverless::Connector",
    "Properties": {"Source": {"Id": "Api"}, "Destination": {"Id": "Function"}, "Permissions": ["Write"]},
}
POLICY = {
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": HIDDEN}]
}


def with_alias(body: Body) -> None:
    body["Resources"]["Live"] = ALIAS
    properties(body, "MayCall")["FunctionName"] = {"Ref": "Live"}
    properties(body, "Get")["Integration"]["Uri"] = {"Fn::Sub": URI.replace("Arn}", "Arn}:live")}


def by_role(body: Body) -> None:
    del body["Resources"]["MayCall"]
    properties(body, "Get")["Integration"]["Credentials"] = "arn:aws:iam::123456789012:role/caller"


def by_parameter(body: Body) -> None:
    del body["Resources"]["MayCall"], body["Resources"]["Function"]
    properties(body, "Get")["Integration"]["Uri"] = {"Fn::Sub": URI.replace("Function.Arn", "Hidden")}


def guarded(body: Body) -> None:
    body["Resources"]["Guard"] = {"Type": "AWS::ApiGateway::Authorizer", "Properties": GUARD}
    properties(body, "Get").update(AuthorizationType="CUSTOM", AuthorizerId={"Ref": "Guard"})


def pooled(body: Body) -> None:
    pool = {**OF_API, "Type": "COGNITO_USER_POOLS", "IdentitySource": HIDDEN, "ProviderARNs": [HIDDEN]}
    body["Resources"]["Guard"] = {"Type": "AWS::ApiGateway::Authorizer", "Properties": pool}
    properties(body, "Get").update(AuthorizationType="COGNITO_USER_POOLS", AuthorizerId={"Ref": "Guard"})


HIDING: dict[str, Callable[[Body], object]] = {
    **{
        f"origin {number}": hides("Options", *HEADERS, f"{ALLOW}Origin", value=value)
        for number, value in enumerate(UNKNOWN_ORIGINS)
    },
    "headers": hides("Options", *HEADERS, f"{ALLOW}Headers", value=HIDDEN),
    "methods": hides("Options", *HEADERS, f"{ALLOW}Methods", value=HIDDEN),
    "status by VTL": hides(
        "Options",
        *("Integration", "RequestTemplates", "application/json"),
        value='#set($code = 200)\n{"statusCode": $code}',
    ),
    "authorization": hides("Options", "AuthorizationType", value={"Fn::If": ["Unknown", "AWS_IAM", "NONE"]}),
    "policy": hides("Api", "Policy", value=POLICY),
    "principal": hides("MayCall", "Principal", value={"Fn::Sub": "apigateway.${AWS::URLSuffix}"}),
    "source": hides("MayCall", "SourceArn", value=HIDDEN),
    "condition": lambda body: body["Resources"]["Options"].update(Condition="Unknown"),
    "methods elsewhere": moves_away("Options", Parts=NESTED),
    "all methods elsewhere": moves_away("Get", "Options", "Items", Parts=NESTED),
    "options in a loop": moves_away("Options", **LOOP),
    "permission in a loop": moves_away("MayCall", **LOOP),
    "macro": lambda body: (moves_away("Options")(body), body.update(Transform=["Team::Macro"])),
    "body in S3": lambda body: (
        moves_away("Get", "Options", "Items")(body),
        properties(body, "Api").update(BodyS3Location={"Bucket": "b", "Key": "k"}),
    ),
    "connector": moves_away("MayCall", Connects=CONNECTOR),
    "alias": with_alias,
    "role": by_role,
    "function by parameter": by_parameter,
    "authorizer's function": guarded,
    "identity source": pooled,
    "usage plan": hides("Get", "ApiKeyRequired", value=True),
}


def test_the_api_of_which_nothing_is_hidden_passes() -> None:
    assert diagnosed(healthy(), "authorization").outcome is DiagnosisOutcome.PASS


@pytest.mark.parametrize("thing", HIDING)
def test_what_only_the_deployment_knows_accuses_nothing(thing: str) -> None:
    body = healthy()
    HIDING[thing](body)
    found = diagnosed(body, "authorization", *(["x-api-key"] if thing == "usage plan" else []))
    assert not found.fails, found.root


SOURCE = ["arn:aws:execute-api", {"Ref": "AWS::Region"}, "1", {"Fn::ImportValue": "api"}]
EITHER = {"Fn::If": ["Unknown", {"Ref": "AWS::NoValue"}, {"Ref": "Api"}]}
INVOKE = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}


@pytest.mark.parametrize(
    "change",
    [
        hides(
            "MayCall", "SourceArn", value={"Fn::Join": ["", [{"Fn::Join": [":", SOURCE]}, "/*/GET/items"]]}
        ),
        hides(
            "Api",
            "Policy",
            value={
                "Statement": [
                    {**INVOKE, "Resource": {"Fn::Select": [{"Ref": "Hidden"}, ["execute-api:/*", "arn:b/c"]]}}
                ]
            },
        ),
        lambda body: (
            moves_away("Options")(body),
            body["Resources"].update(
                Rest={"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": {"Id": EITHER}}}
            ),
        ),
        lambda body: [moves_away(name)(body) for name in ("Options", "Get")],
    ],
)
def test_a_part_of_a_value_that_may_be_the_apis_accuses_nothing(change: Callable[[Body], object]) -> None:
    body = healthy()
    change(body)
    found = diagnosed(body, "authorization")
    assert not found.fails, found.root


def test_an_unknown_value_is_named_among_what_was_not_checked() -> None:
    body = healthy()
    HIDING["origin 0"](body)
    unknown = dict(diagnosed(body, "authorization").not_checked)
    assert "access-control-allow-origin" in unknown["the headers of the response to OPTIONS"]


def test_a_known_value_that_is_wrong_is_still_named() -> None:
    body = healthy()
    hides("Options", *HEADERS, f"{ALLOW}Origin", value="'https://other.example.com'")(body)
    assert diagnosed(body, "authorization").fails


def test_a_permission_that_is_missing_in_a_complete_template_is_still_named() -> None:
    body = healthy()
    moves_away("MayCall")(body)
    found = diagnosed(body, "authorization")
    assert found.root is not None
    assert found.root.card.id == "int.no-permission"
