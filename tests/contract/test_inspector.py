"""What an inspector answers: `aws.inspector` over scripted answers, of which botocore checks every shape.

(The same adapter over the embedded cloud: tests/local/test_inspecting.py.)
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from accountsctl.adapters.aws.inspector import AwsInspector
from accountsctl.doctor.facts.deployed.reader import read
from accountsctl.model.errors import CouldNotLook
from accountsctl.ports.inspector import Inspector
from tests.fakes.session import Scripted
from tests.unit.doctor.seen import CLUSTER, FUNCTION, POOL, POOL_ARN, api, export

REGION = "eu-west-1"
STACK = f"arn:aws:cloudformation:{REGION}:123456789012:stack/s/1"
NESTED = f"arn:aws:cloudformation:{REGION}:123456789012:stack/inner/2"
TOLD = api()
ANSWERS: Mapping[str, Any] = {
    "ListStackResources": lambda asked: {
        "StackResourceSummaries": [
            resource("Inner", "AWS::CloudFormation::Stack", NESTED)
            if STACK in str(asked)
            else resource("Api", "AWS::ApiGateway::RestApi", "api1"),
        ]
    },
    "GetRestApi": {"id": "api1", "name": "a", "policy": '{\\"Version\\":\\"2012-10-17\\"}'},
    "GetResources": lambda asked: (
        {"items": TOLD["resources"][:1], "position": "2"}
        if "position=2" not in asked["url"] and "position" not in asked["query_string"]
        else {"items": TOLD["resources"][1:]}
    ),
    "GetAuthorizers": {"items": TOLD["authorizers"]},
    "GetGatewayResponses": {"items": TOLD["gatewayResponses"]},
    "GetRequestValidators": {"items": TOLD["validators"]},
    "GetStages": {
        "item": [{"stageName": "dev", "deploymentId": "d1", "variables": {"password": "hush"}}],
    },
    "GetDeployment": TOLD["deployments"]["d1"],
    "GetExport": lambda _: {"body": io.BytesIO(json.dumps(export()).encode())},
    "GetDomainNames": {"items": [{"domainName": "a.test"}]},
    "GetBasePathMappings": {"items": [{"basePath": "(none)", "restApiId": "api1", "stage": "dev"}]},
    "ListDistributions": lambda _: {"DistributionList": distributions()},
    "GetFunctionConfiguration": {
        "FunctionName": "accounts",
        "Timeout": 25,
        "State": "Active",
        "Environment": {"Variables": {"DB": CLUSTER, "KEY": "hush"}},
    },
    "GetPolicy": {"Policy": '{"Statement": []}'},
    "GetFunctionConcurrency": {"ReservedConcurrentExecutions": 0},
    "DescribeUserPool": {"UserPool": {"Id": POOL}},
    "ListUserPoolClients": {"UserPoolClients": [{"ClientId": "c1"}]},
    "DescribeUserPoolClient": {
        "UserPoolClient": {"ClientId": "c1", "ClientSecret": "hush" * 6, "AllowedOAuthScopes": ["openid"]}
    },
    "DescribeDBClusters": {
        "DBClusters": [{"DBClusterArn": CLUSTER, "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.0}}]
    },
}


def distributions() -> dict[str, Any]:
    """One distribution before the API, with a header that only its origin should know."""
    header = {"HeaderName": "X-Secret", "HeaderValue": "hush"}
    host = f"api1.execute-api.{REGION}.amazonaws.com"
    origin = {"Id": "o", "DomainName": host, "CustomHeaders": {"Quantity": 1, "Items": [header]}}
    behavior = {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"}
    nothing = {"Quantity": 0}
    told = {
        "Id": "E1",
        "ARN": "arn:aws:cloudfront::123456789012:distribution/E1",
        "Status": "Deployed",
        "LastModifiedTime": "2026-11-23T00:00:00Z",
        "DomainName": "d.cloudfront.test",
        "Aliases": nothing,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behavior,
        "CacheBehaviors": nothing,
        "CustomErrorResponses": nothing,
        "Comment": "",
        "PriceClass": "PriceClass_All",
        "Enabled": True,
        "ViewerCertificate": {},
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        "WebACLId": "",
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
        "Staging": False,
    }
    return {"Marker": "", "MaxItems": 1, "IsTruncated": False, "Quantity": 1, "Items": [told]}


def resource(logical: str, kind: str, physical: str) -> dict[str, Any]:
    return {
        "LogicalResourceId": logical,
        "ResourceType": kind,
        "PhysicalResourceId": physical,
        "ResourceStatus": "CREATE_COMPLETE",
        "LastUpdatedTimestamp": "2026-11-23T00:00:00Z",
    }


@pytest.fixture
def stack() -> str:
    return STACK


def scripted(errors: Mapping[str, str] | None = None, answers: Mapping[str, Any] | None = None) -> Scripted:
    """An account with one healthy API, `answers` over its own."""
    return Scripted(errors or {}, {**ANSWERS, **(answers or {})})


def inspect(session: Any, stack: str) -> Mapping[str, Any]:
    inspector: Inspector = AwsInspector(session)
    return inspector.inspect({"api/a": stack})


def test_an_api_of_a_stack_is_told_under_the_name_of_its_resource(stack: str) -> None:
    told = inspect(scripted(), stack)
    (api,) = told["apis"]
    assert api["name"] == "api/a"
    assert [each["stageName"] for each in api["stages"]] == ["dev"]
    assert [each["path"] for each in api["resources"]] == ["/", "/accounts"]
    assert "usagePlans" not in told  # no method asks for a key
    assert json.loads(json.dumps(told)) == told


def test_what_is_told_can_be_read_as_facts(stack: str) -> None:
    (found,) = read(inspect(scripted(), stack))
    assert found.routes["/accounts"]["GET"].authorization == "COGNITO_USER_POOLS"
    assert (found.stale, found.not_reported) == ({}, ())
    assert found.policy == {"Version": "2012-10-17"}
    assert found.domains[0].mappings == {"": "dev"}
    function = found.functions["accounts"]
    assert (function.concurrency, function.permissions, function.database_sleeps) == (0, (), True)
    assert found.clients["c1"].scopes == ("openid",)
    assert [each.methods for each in found.distributions] == [frozenset({"GET", "HEAD"})]


def test_an_endpoint_of_ones_own_has_no_cloudfront_before_it(stack: str) -> None:
    session = scripted()
    session.endpoint = "http://127.0.0.1:1"
    told = inspect(session, stack)
    assert "ListDistributions" not in session.asked
    assert told["notReported"] == []


@pytest.mark.parametrize(
    "other", [POOL_ARN.replace("123456789012", "9"), POOL_ARN.replace(REGION, "us-east-1")]
)
def test_a_pool_elsewhere_is_not_said_to_be_gone(stack: str, other: str) -> None:
    told = [{**TOLD["authorizers"][0], "providerARNs": [other]}]
    found = inspect(
        scripted({"DescribeUserPool": "ResourceNotFoundException"}, {"GetAuthorizers": {"items": told}}),
        stack,
    )
    assert found["pools"] == {}
    assert [each["why"] for each in found["notReported"]] == ["It is in another region or account."]


def test_a_function_in_another_region_is_not_said_to_be_gone(stack: str) -> None:
    elsewhere = json.loads(json.dumps(TOLD["resources"]).replace(f"lambda:{REGION}", "lambda:us-east-1"))
    refused = {"GetFunctionConfiguration": "ResourceNotFoundException"}
    answers = {
        "GetResources": {"items": elsewhere},
        "GetExport": lambda _: {"body": io.BytesIO(json.dumps(export(paths={})).encode())},
    }
    found = inspect(scripted(refused, answers), stack)
    assert list(found["functions"].values()) == [{"exists": True}]


def test_no_secret_is_kept(stack: str) -> None:
    assert "hush" not in json.dumps(inspect(scripted(), stack))


@pytest.mark.parametrize(
    ("operation", "code", "key", "expected"),
    [
        ("GetFunctionConfiguration", "ResourceNotFoundException", "functions", {"exists": False}),
        ("DescribeUserPool", "ResourceNotFoundException", "pools", {"exists": False}),
    ],
)
def test_what_is_not_there_is_a_fact_and_no_refusal(
    stack: str, operation: str, code: str, key: str, expected: Any
) -> None:
    told = inspect(scripted({operation: code}), stack)
    assert list(told[key].values()) == [expected]
    assert told["notReported"] == []


def test_a_function_without_a_policy_lets_nobody_in(stack: str) -> None:
    told = inspect(scripted({"GetPolicy": "ResourceNotFoundException"}), stack)
    assert told["functions"][FUNCTION]["policy"] == {"Statement": []}
    assert told["notReported"] == []


def test_a_function_url_is_reported_with_the_policy_of_its_function(stack: str) -> None:
    config = {
        "FunctionUrl": "https://abc123.lambda-url.eu-west-1.on.aws/",
        "FunctionArn": FUNCTION,
        "AuthType": "NONE",
        "CreationTime": "2026-11-23T00:00:00Z",
        "LastModifiedTime": "2026-11-23T00:00:00Z",
    }
    answers = {
        "ListStackResources": {"StackResourceSummaries": [resource("Url", "AWS::Lambda::Url", FUNCTION)]},
        "GetFunctionUrlConfig": config,
    }
    told = inspect(scripted(answers=answers), stack)
    assert told["functionUrls"] == [
        {"name": "api/a", "config": {key: config[key] for key in ("FunctionUrl", "FunctionArn", "AuthType")}}
    ]
    assert told["functions"][FUNCTION]["policy"] == {"Statement": []}
    (found,) = read(told)
    assert (found.name, found.id) == ("api/a", "abc123")
    refused = inspect(scripted({"GetFunctionUrlConfig": "AccessDeniedException"}, answers), stack)
    assert [each["what"] for each in refused["notReported"]] == ["the function URL api/a"]


def test_keys_are_counted_where_a_method_asks_for_one(stack: str) -> None:
    description = api()
    description["resources"][1]["resourceMethods"]["GET"]["apiKeyRequired"] = True
    answers = {
        "GetResources": {"items": description["resources"]},
        "GetUsagePlans": {"items": [{"id": "p1", "apiStages": [{"apiId": "api1", "stage": "dev"}]}]},
        "GetUsagePlanKeys": {"items": [{"id": "k1", "value": "hush"}]},
    }
    told = inspect(scripted(answers=answers), stack)
    assert told["usagePlans"][0]["keys"] == 1
    assert "hush" not in json.dumps(told)


@pytest.mark.parametrize(
    ("operation", "what"),
    [
        ("GetResources", "resources of api/a"),
        ("GetExport", "the export of api/a's stage dev"),
        ("GetStages", "the stages of api/a"),
        ("GetPolicy", "who may call the function accounts"),
        ("DescribeDBClusters", "the cluster db"),
        ("GetDomainNames", "the custom domains"),
        ("ListDistributions", "the CloudFront distributions"),
    ],
)
def test_a_call_that_is_refused_is_not_reported_and_the_rest_is(
    stack: str, operation: str, what: str
) -> None:
    told = inspect(scripted({operation: "AccessDeniedException"}), stack)
    assert [each["what"] for each in told["notReported"]] == [what]
    assert "You may not." in told["notReported"][0]["why"]
    assert told["apis"][0]["id"]


def test_where_everything_is_refused_nothing_could_be_looked_at(stack: str) -> None:
    with pytest.raises(CouldNotLook) as caught:
        inspect(scripted({"*": "AccessDeniedException"}), stack)
    assert caught.value.exit_code == 4
    assert "You may not." in caught.value.why
    assert caught.value.hint


BUCKETS = {
    "ListStackResources": {"StackResourceSummaries": [resource("Files", "AWS::S3::Bucket", "shop-files")]}
}
RULE = {"AllowedOrigins": ["https://app.example.com"], "AllowedMethods": ["PUT"], "ExposeHeaders": ["ETag"]}


@pytest.mark.parametrize(
    ("errors", "rules"),
    [
        ({}, {"rules": [RULE]}),
        ({"GetBucketCors": "NoSuchCORSConfiguration"}, {"rules": []}),
        ({"GetBucketCors": "AccessDenied"}, {}),
    ],
)
def test_a_bucket_is_reported_with_its_cors_rules_if_there_are_some_and_they_may_be_read(
    stack: str, errors: Mapping[str, str], rules: Mapping[str, object]
) -> None:
    found = inspect(scripted(errors, {**BUCKETS, "GetBucketCors": {"CORSRules": [RULE]}}), stack)
    assert found["buckets"] == [{"name": "api/a#Files", "bucket": "shop-files", **rules}]
    assert [gap["what"] for gap in found["notReported"]] == (
        [] if rules else ["the CORS rules of shop-files"]
    )
