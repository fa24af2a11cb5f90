"""Every fault of an API as a browser's request meets it: status, x-amzn-ErrorType and body, byte for byte.

The API is deployed through CloudFormation and called over HTTP, so that a value which is lost on the way
shows here.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.local.apigateway.deployed.templates import (
    REGION,
    api,
    function,
    invocation,
    mock,
    permission,
    proxy,
    ref,
    without,
)
from tests.local.deployed_api import Api

POOL = f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/{REGION}_Nosuch"
SERVER = '{"message":"Internal server error"}'
FAILED = (500, "InternalServerErrorException", SERVER)
BAD = (502, "InternalServerErrorException", SERVER)
MISSING = (403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}')
FORBIDDEN = (403, "ForbiddenException", '{"message":"Forbidden"}')
UNAUTHORIZED = (401, "UnauthorizedException", '{"message":"Unauthorized"}')

METHODS = {
    "GET /": proxy(),
    "GET /ok": proxy(),
    "OPTIONS /ok": mock(),
    "GET /iam": proxy(AuthorizationType="AWS_IAM"),
    "OPTIONS /iam": mock(AuthorizationType="AWS_IAM"),
    "GET /cognito": proxy(AuthorizationType="COGNITO_USER_POOLS", AuthorizerId=ref("Users")),
    "OPTIONS /cognito": mock(AuthorizationType="COGNITO_USER_POOLS", AuthorizerId=ref("Users")),
    "GET /throws": proxy(),
    "GET /malformed": proxy(),
    "GET /text": proxy(),
    "GET /slow": proxy("Patient", {"TimeoutInMillis": 200}),
    "GET /timeout": proxy("Hasty"),
    "GET /stopped": proxy("Stopped"),
    "GET /unpermitted": proxy("Closed"),
    "GET /elsewhere": proxy("Elsewhere"),
    "GET /nofunction": proxy(integration={"Uri": invocation("${AWS::StackName}-nosuch")}),
    "GET /get": proxy(integration={"IntegrationHttpMethod": "GET"}),
    "GET /unset": proxy(integration={"Uri": invocation("${!stageVariables.nosuch}")}),
    "GET /set": proxy(integration={"Uri": invocation("${!stageVariables.name}")}),
    "OPTIONS /notemplate": without(mock(), "RequestTemplates"),
    "OPTIONS /nostatus": mock({"RequestTemplates": {"application/json": "{}"}}),
    "OPTIONS /words": mock({"RequestTemplates": {"application/json": '{"statusCode": "soon"}'}}),
    "OPTIONS /unquoted": mock({"RequestTemplates": {"application/json": "{statusCode:200}"}}),
    "OPTIONS /noresponses": without(mock(), "IntegrationResponses"),
    "OPTIONS /pattern": mock({"IntegrationResponses": [{"StatusCode": "200", "SelectionPattern": "5.."}]}),
    "OPTIONS /never": {
        **without(mock(), "RequestTemplates"),
        "Integration": {
            **without(mock(), "RequestTemplates")["Integration"],
            "PassthroughBehavior": "NEVER",
        },
    },
    "OPTIONS /xml": mock(
        {"RequestTemplates": {"text/xml": '{"statusCode": 200}'}, "PassthroughBehavior": "WHEN_NO_TEMPLATES"}
    ),
    "OPTIONS /bare": mock({"IntegrationResponses": [{"StatusCode": "200"}]}),
    "GET /needs": proxy(
        RequestValidatorId=ref("Validator"),
        RequestParameters={"method.request.querystring.b": True, "method.request.header.X-A": True},
    ),
    "POST /needs": proxy(
        RequestValidatorId=ref("Validator"), RequestModels={"application/json": ref("Item")}
    ),
}
RESOURCES: dict[str, Any] = {
    "Patient": function(Timeout=10),
    "PatientPermission": permission("Patient"),
    "Hasty": function(Timeout=1),
    "HastyPermission": permission("Hasty"),
    "Stopped": function(ReservedConcurrentExecutions=0),
    "StoppedPermission": permission("Stopped"),
    "Closed": function(),
    "Elsewhere": function(),
    "ElsewherePermission": permission("Elsewhere", "CustomAPI/*/*/*"),
    "Users": {
        "Type": "AWS::ApiGateway::Authorizer",
        "Properties": {
            "RestApiId": ref("Api"),
            "Name": "users",
            "Type": "COGNITO_USER_POOLS",
            "IdentitySource": "method.request.header.Authorization",
            "ProviderARNs": [POOL],
        },
    },
    "Validator": {
        "Type": "AWS::ApiGateway::RequestValidator",
        "Properties": {
            "RestApiId": ref("Api"),
            "ValidateRequestBody": True,
            "ValidateRequestParameters": True,
        },
    },
    "Item": {
        "Type": "AWS::ApiGateway::Model",
        "Properties": {
            "RestApiId": ref("Api"),
            "ContentType": "application/json",
            "Schema": {"type": "object", "required": ["name"]},
        },
    },
}

JWT = "eyJhbGciOiJub25lIn0.e30.c2ln"
BEARER = f"Bearer {JWT}"
DIGEST = base64.b64encode(hashlib.sha256(JWT.encode()).digest()).decode()
KEY_VALUE = (
    403,
    "IncompleteSignatureException",
    '{"message":"Invalid key=value pair (missing equal-sign) in Authorization header '
    f"(hashed with SHA-256 and encoded with Base64): '{DIGEST}'.\"}}",
)
CASES: list[tuple[str, str, dict[str, str], tuple[int, str | None, str]]] = [
    ("GET", "/ok", {}, (200, None, "ok")),
    ("GET", "/ok/", {}, (200, None, "ok")),
    ("OPTIONS", "/ok", {}, (200, None, "")),
    ("GET", "/set", {}, (200, None, "ok")),
    ("GET", "/OK", {}, MISSING),
    ("GET", "/nosuch", {}, MISSING),
    ("POST", "/ok", {}, MISSING),
    ("OPTIONS", "/", {}, MISSING),
    ("GET", "/iam", {}, MISSING),
    ("OPTIONS", "/iam", {}, MISSING),
    ("GET", "/nosuch", {"Authorization": BEARER}, KEY_VALUE),
    ("GET", "/iam", {"Authorization": BEARER}, KEY_VALUE),
    ("GET", "/cognito", {}, UNAUTHORIZED),
    ("GET", "/cognito", {"Authorization": JWT}, UNAUTHORIZED),
    ("GET", "/cognito", {"Authorization": "AWS4-HMAC-SHA256 Credential=x"}, UNAUTHORIZED),
    ("OPTIONS", "/cognito", {}, UNAUTHORIZED),
    ("GET", "/throws", {}, BAD),
    ("GET", "/malformed", {}, BAD),
    ("GET", "/text", {}, BAD),
    ("GET", "/slow", {}, (504, "InternalServerErrorException", '{"message":"Endpoint request timed out"}')),
    ("GET", "/timeout", {}, BAD),
    ("GET", "/stopped", {}, BAD),
    ("GET", "/unpermitted", {}, FAILED),
    ("GET", "/elsewhere", {}, FAILED),
    ("GET", "/nofunction", {}, FAILED),
    ("GET", "/get", {}, FAILED),
    ("GET", "/unset", {}, FAILED),
    ("OPTIONS", "/notemplate", {}, FAILED),
    ("OPTIONS", "/nostatus", {}, FAILED),
    ("OPTIONS", "/words", {}, FAILED),
    ("OPTIONS", "/unquoted", {}, (200, None, "")),
    ("OPTIONS", "/noresponses", {}, FAILED),
    ("OPTIONS", "/pattern", {}, FAILED),
    ("OPTIONS", "/never", {}, (415, "BadRequestException", '{"message":"Unsupported Media Type"}')),
    ("OPTIONS", "/xml", {}, (415, "BadRequestException", '{"message":"Unsupported Media Type"}')),
    ("OPTIONS", "/bare", {}, (200, None, "")),
    (
        "GET",
        "/needs",
        {},
        (400, "BadRequestException", '{"message":"Missing required request parameters: [X-A, b]"}'),
    ),
    ("POST", "/needs", {}, (400, "BadRequestException", '{"message":"Invalid request body"}')),
]


@pytest.fixture(scope="session")
def plain(deploy: Callable[[dict[str, Any]], Api]) -> Api:
    """The API of `METHODS`, with no gateway response of its own."""
    return deploy(api(METHODS, RESOURCES, stage={"Variables": {"name": ref("Function")}}))


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES]
)
def test_a_fault_tells_what_api_gateway_tells(
    plain: Api, method: str, path: str, headers: dict[str, str], expected: tuple[int, str | None, str]
) -> None:
    assert plain.send(method, path, headers).summary == expected


def test_a_signer_without_a_policy_is_denied(plain: Api, client: Callable[[str], Any]) -> None:
    iam = client("iam")
    iam.create_user(UserName="bob")
    made = iam.create_access_key(UserName="bob")["AccessKey"]
    keys = Credentials(made["AccessKeyId"], made["SecretAccessKey"])
    where = f"arn:aws:execute-api:{REGION}:********9012:{plain.id}/dev/GET/iam"
    words = (
        "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: execute-api:Invoke "
        f"on resource: {where}"
    )
    assert plain.send("GET", "/iam", signed(plain, keys)).summary == (
        403,
        "AccessDeniedException",
        f'{{"Message":"{words}"}}',
    )
    statement = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": f"arn:aws:execute-api:*:*:{plain.id}/*",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_user_policy(UserName="bob", PolicyName="call", PolicyDocument=json.dumps(document))
    assert plain.send("GET", "/iam", signed(plain, keys)).summary == (200, None, "ok")
    wrong = Credentials(made["AccessKeyId"], "another")
    assert plain.send("GET", "/iam", signed(plain, wrong)).summary[:2] == (403, "InvalidSignatureException")


def signed(made: Api, keys: Credentials) -> dict[str, str]:
    """The headers of a signed GET /iam."""
    request = AWSRequest("GET", made.url("/iam"), headers={"Host": made.host})
    SigV4Auth(keys, "execute-api", REGION).add_auth(request)
    return dict(request.headers.items())


def test_a_token_of_a_pool_that_is_gone_is_a_fault_of_the_authorizer(plain: Api) -> None:
    claims = {"iss": f"https://cognito-idp.{REGION}.amazonaws.com/{REGION}_Nosuch", "token_use": "id"}
    parts = [
        base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=")
        for each in ({"kid": "k"}, claims)
    ]
    summary = plain.send("GET", "/cognito", {"Authorization": ".".join([*parts, "c2ln"])}).summary
    assert summary == (500, "AuthorizerConfigurationException", '{"message":null}')


def test_every_answer_of_the_gateway_bears_its_marks(plain: Api) -> None:
    for path, stage in (("/ok", "dev"), ("/nosuch", "dev"), ("/ok", "nosuch")):
        answer = plain.send("GET", path, stage=stage)
        assert answer.header("x-amzn-RequestId")
        assert answer.header("x-amz-apigw-id")
