"""The zoo: one small change of the healthy API for each cause that can be injected, and who can see it.

A fault changes the template, the request, or what the API answers. `static`: a template tells it. `live`: it can
be served by the embedded cloud, so that its answers and a browser tell it; `deployed`: what AWS tells of it does,
too. The faults of callers and answers stand in `callers`, those around an API (domains, CloudFront, HTTP APIs) in
`outside_rest_apis`; `all_faults` has them all.
"""

from __future__ import annotations

from tests.faults.base import ALLOW, CODE, SUB, URI
from tests.faults.changes import (
    ALL_SIGNED,
    IAM,
    NO_4XX,
    NO_POOL,
    OTHER_POOL,
    SIGNED,
    Body,
    Change,
    Fault,
    adds,
    both,
    codes,
    drops,
    guarded,
    integrates,
    preflight,
    properties,
    sets,
)


def _bare_lists(body: Body, _: str) -> None:
    response = properties(body, "ItemsOptions")["Integration"]["IntegrationResponses"][0]
    del response["ResponseParameters"]
    properties(body, "ItemsOptions")["MethodResponses"] = [{"StatusCode": "204"}]


def _undeclared(body: Body, _: str) -> None:
    declared = properties(body, "ItemsOptions")["MethodResponses"][0]["ResponseParameters"]
    del declared[f"method.response.header.{ALLOW}Origin"]


def _with_scopes(body: Body, _: str) -> None:
    properties(body, "ItemsGet")["AuthorizationScopes"] = ["items/read"]


def _validated(body: Body, _: str) -> None:
    adds(
        "Validator",
        "AWS::ApiGateway::RequestValidator",
        RestApiId={"Ref": "Api"},
        ValidateRequestParameters=True,
    )(body, "")
    sets(
        "ItemsOptions",
        RequestValidatorId={"Ref": "Validator"},
        RequestParameters={"method.request.header.X-Tenant": True},
    )(body, "")


def _any_without_branch(body: Body, origin: str) -> None:
    drops("AppOptions")(body, origin)
    sets("AppAny", AuthorizationType="NONE", AuthorizerId=None)(body, origin)
    code = CODE[: CODE.index("    if event")] + (
        '    if event["httpMethod"] not in ("GET", "POST"):\n        return {"statusCode": 405, "body": ""}\n'
        '    return answer(200, {"path": event["path"]})\n'
    )
    properties(body, "Function")["Code"] = {"ZipFile": code.replace("ORIGIN", origin)}


def _not_attached(body: Body, origin: str) -> None:
    for name, each in body["Resources"].items():
        if each["Type"].endswith("::Method"):
            sets(name, AuthorizationType="NONE", AuthorizerId=None)(body, origin)
    answer = '    return answer(200, {"path": event["path"]})'
    claims = (
        '    claims = (event["requestContext"].get("authorizer") or {}).get("claims")\n'
        '    return answer(200, {}) if claims else {"statusCode": 401, "body": ""}'
    )
    codes((answer, claims))(body, origin)


def _policy(effect: str, verb: str) -> Change:
    anyone = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
    }
    other = {**anyone, "Effect": effect, "Resource": f"execute-api:/*/{verb}/*"}
    return sets("Api", Policy={"Version": "2012-10-17", "Statement": [anyone, other]})


FAULTS: tuple[Fault, ...] = (
    # the preflight
    Fault("preflight.no-options", drops("ItemsOptions")),
    Fault("preflight.child-resource", drops("ItemOptions"), path="/items/1"),
    Fault("preflight.proxy-root", drops("AppOptions", "AppAny"), path="/app"),
    Fault("preflight.iam", sets("ItemsOptions", AuthorizationType="AWS_IAM")),
    Fault(
        "preflight.cognito",
        sets("ItemsOptions", AuthorizationType="COGNITO_USER_POOLS", AuthorizerId={"Ref": "Authorizer"}),
    ),
    Fault("preflight.lambda-authorizer", guarded("ItemsOptions")),
    Fault("preflight.api-key", sets("ItemsOptions", ApiKeyRequired=True)),
    Fault("preflight.validator", _validated),
    Fault("preflight.binary-media", sets("Api", BinaryMediaTypes=["*/*"])),
    Fault("preflight.mock-no-template", integrates("ItemsOptions", RequestTemplates=None)),
    Fault(
        "preflight.mock-passthrough-415",
        integrates("ItemsOptions", RequestTemplates=None, PassthroughBehavior="NEVER"),
    ),
    Fault(
        "preflight.mock-status-unmapped",
        lambda body, _: properties(body, "ItemsOptions")["Integration"]["IntegrationResponses"][0].update(
            SelectionPattern="5.."
        ),
    ),
    Fault("preflight.proxy-any-lambda", _any_without_branch, path="/app", token="id", deployed=False),
    Fault("preflight.mock-no-headers", _bare_lists),
    Fault("preflight.method-response-undeclared", _undeclared, live=False),
    Fault("preflight.unquoted-value", preflight("Origin", lambda origin: origin), live=False),
    Fault(
        "preflight.unquoted-value", preflight("Headers", lambda _: "Authorization"), live=False, note="a list"
    ),
    # the headers' values
    Fault("acah.authorization", preflight("Headers", lambda _: "'Content-Type'")),
    Fault("acah.custom", headers=(("x-api-key", "x"),)),
    Fault("acah.star-credentials", preflight("Headers", lambda _: "'*'"), credentials=True),
    Fault("client.json-content-type", preflight("Headers", lambda _: "'Authorization'"), method="POST"),
    Fault("client.acao-request-header", headers=(("Access-Control-Allow-Origin", "*"),)),
    Fault("client.header-nonascii", headers=(("Accept", "a" * 200),)),
    Fault(
        "acam.missing",
        preflight("Methods", lambda _: "'GET,OPTIONS,POST'", "ItemOptions"),
        path="/items/1",
        method="PUT",
    ),
    Fault(
        "acam.case", preflight("Methods", lambda _: "'get,put'", "ItemOptions"), path="/items/1", method="PUT"
    ),
    Fault("list.malformed", preflight("Headers", lambda _: "'Authorization; Content-Type'")),
    Fault("acao.wildcard-credentials", preflight("Origin", lambda _: "'*'"), credentials=True),
    Fault(
        "client.credentials",
        both(preflight("Origin", lambda _: "'*'"), preflight("Credentials", lambda _: None)),
        credentials=True,
    ),
    Fault("acac.not-true", preflight("Credentials", lambda _: "'True'"), credentials=True),
    Fault("acao.list", preflight("Origin", lambda origin: f"'{origin},https://app.example.com'")),
    Fault("acao.null", origin="null"),
    Fault("acao.pattern", preflight("Origin", lambda _: "'https://*.example.com'")),
    Fault("acao.invalid", preflight("Origin", lambda _: "'true'")),
    Fault("acao.trailing-slash", preflight("Origin", lambda origin: f"'{origin}/'")),
    Fault("acao.scheme", preflight("Origin", lambda origin: f"'{origin.replace('http:', 'https:')}'")),
    Fault("acao.port", preflight("Origin", lambda origin: f"'{origin.rpartition(':')[0]}:1'")),
    Fault("acao.host", preflight("Origin", lambda _: "'http://www.example.com'")),
    Fault(
        "acao.missing-actual",
        codes(('"Access-Control-Allow-Origin": "ORIGIN", ', "")),
        deployed=False,
    ),
    Fault(
        "acao.missing-error-path",
        codes(
            (
                '    return answer(200, {"path": event["path"]})',
                '    return {"statusCode": 500, "body": "{}"}',
            ),
        ),
        static=False,
        deployed=False,
    ),
    Fault(
        "acao.duplicate",
        codes(
            (
                '"headers": HEADERS, "body"',
                '"headers": HEADERS, "multiValueHeaders": {"Access-Control-Allow-Origin": ["*", "*"]}, "body"',
            )
        ),
        static=False,
        deployed=False,
    ),
    # who may call
    Fault("auth.iam-not-cognito", IAM),
    Fault("auth.iam-not-cognito", both(IAM, NO_4XX), masked=("gwresp.4xx",), note="the article's"),
    Fault("auth.route-missing+token", drops("ItemPut"), path="/items/1", method="PUT"),
    Fault("auth.sigv4-to-cognito", ALL_SIGNED, headers=SIGNED),
    Fault(
        "auth.cognito-identity-source",
        sets("Authorizer", IdentitySource="method.request.header.X-Token"),
        token="id",
    ),
    Fault("auth.cognito-wrong-pool", sets("Authorizer", ProviderARNs=[OTHER_POOL]), token="id"),
    Fault("auth.pool-unreachable", sets("Authorizer", ProviderARNs=[NO_POOL]), token="gone", static=False),
    Fault("auth.cognito-expired", token="expired", live=False),
    Fault("auth.token-invalid", token="invalid"),
    Fault("auth.cognito-access-no-scope", token="access"),
    Fault("auth.cognito-id-with-scope", _with_scopes, token="id"),
    Fault("auth.cognito-scope-mismatch", _with_scopes, token="access"),
    Fault("auth.cognito-regex", sets("Authorizer", IdentityValidationExpression="^Bearer .*$"), token="id"),
    Fault(
        "auth.cognito-other-client", sets("Authorizer", IdentityValidationExpression="^nobody$"), token="id"
    ),
    # The application's own 401: an answer alone does not tell it from one that is meant.
    Fault("auth.not-attached", _not_attached, token="id", deployed=False, answers=False),
    Fault("auth.lambda-authorizer-500", both(guarded("ItemsGet"), drops("GuardPermission"))),
    Fault("auth.resource-policy", _policy("Deny", "OPTIONS")),
    Fault("auth.api-key", sets("ItemsGet", ApiKeyRequired=True), headers=(("Accept-Language", "en"),)),
    Fault(
        "auth.throttle",
        sets(
            "Stage",
            MethodSettings=[
                {
                    "HttpMethod": "*",
                    "ResourcePath": "/*",
                    "ThrottlingRateLimit": 0,
                    "ThrottlingBurstLimit": 0,
                }
            ],
        ),
    ),
    # the function
    Fault("int.http-method", integrates("ItemsGet", IntegrationHttpMethod="GET")),
    Fault(
        "int.stage-variable",
        integrates("ItemsGet", Uri={SUB: URI.replace("${Function.Arn}", "${!stageVariables.fn}")}),
    ),
    Fault("int.no-permission", drops("Permission")),
    Fault(
        "int.wrong-source-arn",
        sets("Permission", SourceArn="arn:aws:execute-api:eu-west-1:123456789012:Api/*/*/*"),
    ),
    Fault("int.lambda-throttled", sets("Function", ReservedConcurrentExecutions=0)),
    Fault("int.malformed", codes(('"body": json.dumps(body)', '"body": {}')), deployed=False),
    Fault("int.throws", codes(("def handler(event", "def handle(event")), deployed=False),
    Fault(
        "int.selection-pattern",
        lambda body, _: properties(body, "StatusGet")["Integration"]["IntegrationResponses"][0].update(
            SelectionPattern="5.."
        ),
        path="/status",
    ),
    Fault(
        "int.non-proxy-missing-map",
        lambda body, _: properties(body, "StatusGet")["Integration"]["IntegrationResponses"][0].update(
            ResponseParameters={}
        ),
        path="/status",
        answers=False,
    ),
    # where it goes
    Fault("deploy.wrong-path", path="/Items"),
    Fault(
        "deploy.default-endpoint-disabled",
        sets("Api", DisableExecuteApiEndpoint=True),
        url="{api}/dev/items",
    ),
    Fault(
        "deploy.private",
        sets("Api", EndpointConfiguration={"Types": ["PRIVATE"]}),
        static=False,
        deployed=False,
    ),
)
