"""Public reports, sixteenth set: console lines, curl's output and templates as they were pasted, and recordings.

They were collected by the themes of APIs on AWS that people ask about; each was rebuilt before the doctor saw any: 12
of these 20 were named first or among at most two at the first run. The one of aws-cdk#35872, a function URL with one of
two permissions, is among the facts and answers, since a template alone does not show it.
"""

from __future__ import annotations

from typing import Any

from accountsctl.doctor.diagnosis.targets import Query
from tests.faults.reported.answers import BAD
from tests.faults.reported.apis import SAM
from tests.faults.reported.pasted import Pasted
from tests.faults.reported.report import Report, Response
from tests.faults.reported.servers import JSON, LOCAL, allowed, answer
from tests.faults.reported.set_fourteen import MOVED
from tests.faults.reported.templates import Shown, with_code

SIGNED_BY_SDK = ("authorization", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-user-agent")
POOL_DOMAIN = "https://mydomain.auth.us-east-1.amazoncognito.com"
NOT_CACHABLE = (
    "<HTML><H1>403 ERROR</H1>This distribution is not configured to allow the HTTP request method that was used for "
    "this request. The distribution supports only cachable requests.</HTML>"
)
BY_CLOUDFRONT = (
    ("server", "CloudFront"),
    ("content-type", "text/html"),
    ("x-cache", "Error from cloudfront"),
)
SIXTEEN = (
    Report(
        "aws/aws-appsync-community#5",
        ("edge.cf-methods",),
        answer(403, *BY_CLOUDFRONT, body=NOT_CACHABLE),
        url="https://graphql.example.com/graphql",
        method="POST",
        asks=("content-type", "x-api-key"),
        origin=LOCAL,
    ),
    Report(
        "OWASP/Serverless-Goat#14",
        ("deploy.no-stage",),
        None,
        Response(403, "ForbiddenException", "Forbidden"),
        url="https://eh2w2331i5.execute-api.us-east-1.amazonaws.com/api/convert?document_url=x",
        asks=(),
    ),
    Report(
        "samvera/serverless-iiif#58",
        ("auth.resource-policy",),
        None,
        Response(
            403,
            "AccessDeniedException",
            "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
            "arn:aws:execute-api:us-east-1:********4595:gdaw62mwig/latest/GET/iiif/2/x.jpg/info.json",
        ),
        url="https://gdaw62mwig.execute-api.us-east-1.amazonaws.com/latest/iiif/2/x.jpg/info.json",
        asks=(),
    ),
    Report(
        "Lissy93/who-dat#37",
        ("acah.custom",),
        allowed("Authorization", "Content-Type"),
        url="https://who-dat.example.com/example.com",
        asks=("x-api-key",),
    ),
    Report(
        "dherault/serverless-offline#947",
        ("preflight.no-options",),
        answer(404, *JSON, ("cache-control", "no-cache"), ("content-length", "60")),
        url="http://localhost:4002/2015-03-31/functions/items-dev-get/invocations",
        method="POST",
        asks=SIGNED_BY_SDK,
        origin=LOCAL,
    ),
    # The issuer is the domain of the hosted UI, which has no discovery document.
    Report(
        "manfredsteyer/angular-oauth2-oidc#608",
        ("deploy.wrong-host", "deploy.wrong-path"),
        None,
        answer(404, ("server", "Server"), ("x-amz-cognito-request-id", "1b2c")),
        url=f"{POOL_DOMAIN}/.well-known/openid-configuration",
        asks=(),
        origin="http://localhost:6200",
        kind="xhr",
    ),
    Report(
        "TTLabs/EvaporateJS#193",
        ("preflight.redirect", "deploy.wrong-host"),
        MOVED,
        url="https://s3.amazonaws.com/mybucket/1470681030091-Chrysanthemum.jpg?uploads",
        method="POST",
        asks=("authorization", "x-amz-date"),
        origin="http://localhost:9000",
        browser="firefox",
    ),
    # The function parses a multipart body as JSON.
    Report(
        "apollographql/apollo-server#4112",
        ("int.throws",),
        None,
        BAD,
        url="https://api.example.com/graphql",
        method="POST",
        asks=(),
        sends=3000,
        kind="xhr",
    ),
)


def _by_stage_variable() -> dict[str, Any]:
    """A SAM API whose stage names the function by a variable; nothing lets it call the function."""
    uri = (
        "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${AWS::Region}:"
        "${AWS::AccountId}:function:${!stageVariables.LambdaFunctionName}/invocations"
    )
    calls = {"httpMethod": "POST", "type": "aws_proxy", "uri": {"Fn::Sub": uri}}
    document = {"swagger": "2.0", "paths": {"/": {"get": {"x-amazon-apigateway-integration": calls}}}}
    api = {
        "StageName": "Prod",
        "Variables": {"LambdaFunctionName": {"Ref": "LambdaFunction"}},
        "DefinitionBody": document,
    }
    function = {"CodeUri": "s3://bucket/key", "Handler": "index.handler", "Runtime": "nodejs22.x"}
    return {
        "Transform": SAM,
        "Resources": {
            "Api": {"Type": "AWS::Serverless::Api", "Properties": api},
            "LambdaFunction": {"Type": "AWS::Serverless::Function", "Properties": function},
        },
    }


WITH_COOKIES = (
    "exports.handler = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, "
    "cookies: ['a=b; Secure'], body: 'ok' });"
)
SHOWN_SIXTEEN = (
    Shown("aws/serverless-application-model#47", ("int.no-permission",), _by_stage_variable(), path="/"),
    Shown("anomalyco/sst#2760", ("int.malformed",), with_code(WITH_COOKIES)),
)
NO_HEADER = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
PREFLIGHT_FAILED = f"Response to preflight request doesn't pass access control check: {NO_HEADER}"
PASTED_SIXTEEN = (
    # The API has no such path.
    Pasted(
        "aws-amplify/amplify-js#4940",
        ("preflight.no-options", "deploy.wrong-path"),
        "Access to XMLHttpRequest at 'https://szxjza7hz5.execute-api.us-east-1.amazonaws.com/loco/myendpoint' from "
        f"origin 'http://localhost:4200' has been blocked by CORS policy: {PREFLIGHT_FAILED}",
        Query(method="POST", headers=(("content-type", "application/json"),)),
    ),
    Pasted(
        "hashicorp/terraform-provider-aws#33390",
        ("httpapi.no-cors", "preflight.no-options"),
        """$ curl -i -X OPTIONS https://a1b2c3d4.execute-api.us-east-1.amazonaws.com/ \\
  -H 'Origin: http://localhost:3000' -H 'Access-Control-Request-Method: POST' \\
  -H 'Access-Control-Request-Headers: content-type'
HTTP/2 404
content-type: application/json
content-length: 23
apigw-requestid: LBxyzgTgIAMEVkA=

{"message":"Not Found"}
""",
    ),
    Pasted(
        "makeplane/plane#4928",
        ("acah.custom",),
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        "https://plane.domain.com/api/v1/workspaces/general/projects/{project-id}/issues/. (Reason: header \u2018"
        "x-api-key\u2019 is not allowed according to header \u2018Access-Control-Allow-Headers\u2019 from CORS "
        "preflight response)",
    ),
    Pasted(
        "adobe/spacecat-api-service#400",
        ("acah.custom",),
        "Access to fetch at 'https://spacecat.experiencecloud.live/api/v1/tools/import/jobs' from origin "
        f"'{LOCAL}' has been blocked by CORS policy: Request header field x-import-api-key is not allowed by "
        "Access-Control-Allow-Headers in preflight response.",
    ),
    Pasted(
        "aws/aws-sdk-js#581",
        ("edge.aws-service",),
        f"XMLHttpRequest cannot load https://cloudformation.eu-west-1.amazonaws.com/. {NO_HEADER} Origin "
        "'http://localhost:8080' is therefore not allowed access. The response had HTTP status code 403.",
    ),
    # A sign-out by XMLHttpRequest, which is redirected to Cognito's page.
    Pasted(
        "aws-samples/cloudfront-authorization-at-edge#299",
        ("client.redirect",),
        "Access to XMLHttpRequest at 'https://auth.mydomain.net/logout?client_id=MY_CLIENT_ID' (redirected from "
        "'https://dashboard.mydomain.net/signout') from origin 'https://dashboard.mydomain.net' has been blocked by "
        f"CORS policy: {PREFLIGHT_FAILED}",
    ),
    # A page of file:// in an app.
    Pasted(
        "amazon-archives/amazon-cognito-auth-js#113",
        ("acao.null",),
        f"Failed to load {POOL_DOMAIN}/oauth2/token: The 'Access-Control-Allow-Origin' header has a value 'null' that "
        "is not equal to the supplied origin. Origin 'null' is therefore not allowed access.",
        Query(method="POST"),
    ),
    Pasted(
        "ChildMindInstitute/mindlogger-app#445",
        ("edge.proxy-error", "int.gateway-timeout"),
        "POST https://api.mindlogger.org/api/v1/applet/ 504 (GATEWAY_TIMEOUT)\nAccess to XMLHttpRequest at "
        "'https://api.mindlogger.org/api/v1/applet/' from origin 'https://admin.mindlogger.org' has been blocked by "
        f"CORS policy: {NO_HEADER}",
    ),
    # Large files are sent in parts, by POST, which the bucket's rules lack.
    Pasted(
        "aws/aws-sdk-js#1928",
        ("edge.s3-no-cors",),
        """> OPTIONS /video.mp4?uploads HTTP/1.1
> Host: my-bucket.s3.amazonaws.com
> Access-Control-Request-Method: POST
> Origin: https://app.example.com
>
< HTTP/1.1 403 Forbidden
< x-amz-request-id: 24E1C8F3D1E5A9B2
< Content-Type: application/xml
< Server: AmazonS3
<
<Error><Code>AccessForbidden</Code></Error>
""",
    ),
)
