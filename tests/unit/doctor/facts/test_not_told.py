"""Of a healthy API one thing stands elsewhere, or only the deployment knows it, in many ways: nothing is accused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.doctor.facts.test_unknown_values import (
    ALLOW,
    HEADERS,
    HIDDEN,
    URI,
    Body,
    diagnosed,
    healthy,
    hides,
    moves_away,
)

Change = Callable[[Body], object]
ORIGIN, LIST, VERBS = f"{ALLOW}Origin", f"{ALLOW}Headers", f"{ALLOW}Methods"
INTEGRATION = "Integration"
RESPONSES = (INTEGRATION, "IntegrationResponses")
NO_VALUE = {"Ref": "AWS::NoValue"}
EXPORT = {"Fn::ImportValue": "other"}
FORWARDING = {
    "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "OriginRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
}
VARIABLE = {"Fn::Sub": URI.replace("Function.Arn}", "Function.Arn}:${!stageVariables.alias}")}


def if_asked(one: object, other: object) -> Body:
    """One of two values, and only the deployment knows which."""
    return {"Fn::If": ["Unknown", one, other]}


def mapped(expression: str) -> tuple[Change, ...]:
    """A GET that takes its header from elsewhere by a mapping expression."""
    responses = [{"StatusCode": "200", "ResponseParameters": {ORIGIN: expression}}]
    called = {"Type": "HTTP", "IntegrationHttpMethod": "GET", "Uri": "https://b.example.com"}
    return (
        hides("Get", INTEGRATION, value={**called, "IntegrationResponses": responses}),
        hides("Get", "MethodResponses", value=[{"StatusCode": "200", "ResponseParameters": {ORIGIN: True}}]),
    )


def listed(kind: str, **more: object) -> Change:
    """A parameter that is a list."""
    return lambda body: body["Parameters"].update({"List": {"Type": kind, **more}})


def quoted(value: object) -> Body:
    """A value between the quotes of a mapping expression."""
    return {"Fn::Join": ["", ["'", value, "'"]]}


def stack(**parameters: object) -> Body:
    """A nested stack, or what else gets the API to add to it."""
    return {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "x", "Parameters": parameters},
    }


def custom(kind: str) -> Body:
    """A resource that is given the API."""
    return {"Type": kind, "Properties": {"ServiceToken": "arn", "RestApiId": {"Ref": "Api"}}}


def conditional(name: str) -> Change:
    """A resource that is there by a condition."""
    return lambda body: body["Resources"][name].update({"Condition": "Unknown"})


def behind_cloudfront(behavior: Body, **others: object) -> Change:
    """A distribution before the API."""
    host = {"Fn::Sub": "${Api}.execute-api.${AWS::Region}.amazonaws.com"}
    every = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
    default = {
        "TargetOriginId": "api",
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": every,
        **behavior,
    }
    config = {"Origins": [{"Id": "api", "DomainName": host}], "DefaultCacheBehavior": default}
    distribution = {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}
    return moves_away(Edge=distribution, **others)


ALIAS = {
    "Type": "AWS::Lambda::Alias",
    "Properties": {"FunctionName": {"Ref": "Function"}, "Name": "live", "FunctionVersion": "1"},
}
PLAN = {
    "Type": "AWS::ApiGateway::UsagePlan",
    "Properties": {"ApiStages": [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Stage"}}]},
}
KEYED = hides("Get", "ApiKeyRequired", value=True)
CALLS_ALIAS = hides("Get", INTEGRATION, "Uri", value=VARIABLE)
ELSEWHERE = URI.replace("${Function.Arn}", "${Other}")

UNKNOWN: dict[str, tuple[Change, ...]] = {
    "status": (hides("Options", *RESPONSES, 0, "StatusCode", value={"Fn::Join": ["", ["2", HIDDEN]]}),),
    "part of a list": (hides("Options", *HEADERS, LIST, value=quoted({"Fn::Join": [",", ["a", EXPORT]]})),),
    "passthrough": (hides("Options", INTEGRATION, "PassthroughBehavior", value=HIDDEN),),
    "included templates": (
        hides("Options", INTEGRATION, "RequestTemplates", value={"Fn::Transform": {"Name": "AWS::Include"}}),
    ),
    "a custom resource's value": (hides("Options", *HEADERS, ORIGIN, value={"Fn::GetAtt": ["Custom", "Origin"]}),),
    "template as JSON": (
        hides(
            "Options", INTEGRATION, "RequestTemplates", value={"application/json": {"Fn::ToJsonString": {"a": 1}}}
        ),
    ),
    "verb": (hides("Options", "HttpMethod", value=HIDDEN),),
    "path": (hides("Items", "PathPart", value={"Fn::Join": ["", ["it", HIDDEN]]}),),
    "table of headers": (hides("Options", *HEADERS, value=if_asked({ORIGIN: "'*'"}, {ORIGIN: "'x'"})),),
    "responses": (hides("Options", *RESPONSES, value=if_asked([], [{"StatusCode": "200"}])),),
    "one response": (hides("Options", *RESPONSES, 0, value=if_asked({"StatusCode": "200"}, NO_VALUE)),),
    "integration": (hides("Options", INTEGRATION, value=if_asked({"Type": "MOCK"}, {"Type": "HTTP"})),),
    "declared headers": (hides("Options", "MethodResponses", 0, "ResponseParameters", value=HIDDEN),),
    "declared responses": (hides("Options", "MethodResponses", value=if_asked([], [{"StatusCode": "200"}])),),
    "macro in an integration": (
        hides("Options", INTEGRATION, value={"Fn::Transform": {"Name": "Ours"}, "Type": "MOCK"}),
    ),
    "macro in a method": (
        hides("Options", "Fn::Transform", value={"Name": "Ours"}),
        hides("Options", "HttpMethod", value="GET"),
    ),
    "secret": (hides("Options", *HEADERS, LIST, value="'{{resolve:secretsmanager:x:SecretString:h}}'"),),
    "header of a backend": mapped("integration.response.header.Access-Control-Allow-Origin"),
    "body of a backend": mapped("integration.response.body.origin"),
    "header by a stage variable": mapped("stageVariables.origin"),
    "header by the context": mapped("context.authorizer.origin"),
    "list parameter": (
        listed("CommaDelimitedList", Default="authorization,x-api-key"),
        hides("Options", *HEADERS, LIST, value=quoted({"Fn::Join": [",", {"Ref": "List"}]})),
    ),
    "list parameter of SSM": (
        listed("AWS::SSM::Parameter::Value<List<String>>", Default="/a"),
        hides("Options", *HEADERS, LIST, value=quoted({"Fn::Join": [",", {"Ref": "List"}]})),
    ),
    "conditional OPTIONS": (conditional("Options"),),
    "conditional permission": (conditional("MayCall"),),
    "conditional function": (conditional("Function"),),
    "authorization": (hides("Options", "AuthorizationType", value=if_asked("AWS_IAM", NO_VALUE)),),
    "key": (hides("Options", "ApiKeyRequired", value=if_asked(True, False)),),
    "policy": (
        hides("Api", "Policy", value=if_asked({"Statement": [{"Effect": "Deny", "Principal": "*"}]}, NO_VALUE)),
    ),
    "endpoint": (hides("Api", "EndpointConfiguration", value={"Types": [if_asked("PRIVATE", "REGIONAL")]}),),
    "variables of a stage": (CALLS_ALIAS, hides("Stage", "Variables", value=HIDDEN)),
    "stage": (CALLS_ALIAS, moves_away("Stage")),
    "one of two stages": (
        CALLS_ALIAS,
        hides("Stage", "Variables", value={"alias": "live"}),
        moves_away(
            Other={
                "Type": "AWS::ApiGateway::Stage",
                "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "other"},
            }
        ),
    ),
    "policy of CloudFront": (behind_cloudfront({**FORWARDING, "OriginRequestPolicyId": EXPORT}),),
    "cache policy of CloudFront": (behind_cloudfront({"CachePolicyId": EXPORT}),),
    "methods of CloudFront": (
        listed("CommaDelimitedList"),
        behind_cloudfront({**FORWARDING, "AllowedMethods": {"Ref": "List"}}),
    ),
}  # fmt: skip
ELSEWHERE_IN_THE_WORLD: dict[str, tuple[Change, ...]] = {
    "nested stack": (moves_away("Options", Nested=stack(Api={"Fn::Sub": "${Api}"})),),
    "custom resource": (moves_away("Options", Cors=custom("Custom::Cors")),),
    "plain custom resource": (moves_away("Options", Cors=custom("AWS::CloudFormation::CustomResource")),),
    "module": (moves_away("Options", Cors=custom("Our::Cors::Preflight::MODULE")),),
    "export": (
        moves_away("Options"),
        lambda body: body.update(Outputs={"Root": {"Value": {"Fn::GetAtt": ["Api", "RootResourceId"]}}}),
    ),
    "export of a path": (
        moves_away("Options"),
        lambda body: body.update(Outputs={"Items": {"Value": {"Ref": "Items"}}}),
    ),
    "clone": (moves_away("Options", "Get"), hides("Api", "CloneFrom", value="abc")),
    "document in a bucket": (
        moves_away("Options", "Get"),
        hides("Api", "BodyS3Location", value={"Bucket": "b"}),
    ),
    "macro": (moves_away("Options", **{"Fn::Transform": {"Name": "Ours"}}),),
    "authorizer": (
        hides("Get", "AuthorizationType", value="COGNITO_USER_POOLS"),
        hides("Get", "AuthorizerId", value=EXPORT),
    ),
    "function": (
        hides("Get", INTEGRATION, "Uri", value={"Fn::Sub": [ELSEWHERE, {"Other": EXPORT}]}),
        moves_away("Function", "MayCall"),
    ),
    "permission": (moves_away("MayCall", Nested=stack(Function={"Fn::GetAtt": ["Function", "Arn"]})),),
    "plan": (KEYED,),
    "key of a plan": (
        KEYED,
        moves_away(Plan=PLAN),
        lambda body: body.update(Outputs={"Plan": {"Value": {"Ref": "Plan"}}}),
    ),
    "domain": (hides("Api", "DisableExecuteApiEndpoint", value=True),),
}
ALLOWED: dict[str, tuple[Change, ...]] = {
    "principal of a partition": (
        hides("MayCall", "Principal", value={"Fn::Sub": "apigateway.${AWS::URLSuffix}"}),
    ),
    "any principal": (hides("MayCall", "Principal", value="*"),),
    "by ARN": (hides("MayCall", "FunctionName", value={"Fn::GetAtt": ["Function", "Arn"]}),),
    "by name": (
        hides("Function", "FunctionName", value="shop"),
        hides("MayCall", "FunctionName", value="123456789012:function:shop"),
    ),
    "by alias": (
        moves_away(Alias=ALIAS),
        hides("Get", INTEGRATION, "Uri", value={"Fn::Sub": URI.replace("Function.Arn", "Alias")}),
        hides("MayCall", "FunctionName", value={"Ref": "Alias"}),
    ),
    "by role": (
        moves_away("MayCall"),
        hides("Get", INTEGRATION, "Credentials", value="arn:aws:iam::*:user/*"),
    ),
    "from any API": (
        hides("MayCall", "SourceArn", value={"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:1:*/*/*/*"}),
    ),
    "from an attribute": (
        hides(
            "MayCall",
            "SourceArn",
            value={"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:1:${Api.RestApiId}/*"},
        ),
    ),
    "from elsewhere": (hides("MayCall", "SourceArn", value=EXPORT),),
}
CASES = {
    f"{kind}: {name}": changes
    for kind, group in (("unknown", UNKNOWN), ("elsewhere", ELSEWHERE_IN_THE_WORLD), ("allowed", ALLOWED))
    for name, changes in group.items()
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_told_accuses_nothing(name: str) -> None:
    body = healthy()
    for change in CASES[name]:
        change(body)
    found = diagnosed(body, "authorization", "x-api-key")
    assert not found.fails, found.root and found.root.card.id


FAULTS: dict[str, tuple[Change, str]] = {
    "a backend's header of a MOCK": (
        hides("Options", *HEADERS, ORIGIN, value="integration.response.header.a"),
        "preflight.mock-no-headers",
    ),
    "no variable on any stage": (CALLS_ALIAS, "int.stage-variable"),
    "an API that a custom resource calls": (
        moves_away(
            "Options",
            Calls={
                "Type": "Custom::Warm",
                "Properties": {"Url": {"Fn::Sub": "https://${Api}.execute-api.eu-west-1.amazonaws.com"}},
            },
        ),
        "preflight.no-options",
    ),
    "an API whose id alone is given out": (
        lambda body: moves_away("Options")(body) or body.update(Outputs={"Id": {"Value": {"Ref": "Api"}}}),
        "preflight.no-options",
    ),
    "a permission for another API": (
        hides(
            "MayCall",
            "SourceArn",
            value={"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:1:${Other.RestApiId}/*"},
        ),
        "int.wrong-source-arn",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_told_is_named(name: str) -> None:
    change, cause = FAULTS[name]
    body = healthy()
    change(body)
    found = diagnosed(body, "authorization")
    assert found.root is not None
    assert found.root.card.id == cause
