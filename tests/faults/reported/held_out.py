"""Public reports that were collected after the doctor had been corrected by the others."""

from __future__ import annotations

from tests.faults.reported.apis import COGNITO, STAR, sam
from tests.faults.reported.report import DOMAIN, HTTP, OPEN, Report, Response, passed

HTTP_ID = (("apigw-requestid", "AbCdEf="),)
UNAUTHORIZED = Response(401, "UnauthorizedException", "Unauthorized")
FORBIDDEN = Response(403, "ForbiddenException", "Forbidden")
BAD = Response(502, "InternalServerErrorException", "Internal server error")
LISTED = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token"
IMPORTED = {
    "DefaultAuthorizer": "Pool",
    "Authorizers": {"Pool": {"UserPoolArn": {"Fn::ImportValue": "UserPoolArn"}}},
}
HELD_OUT = (
    Report("aws/aws-sam-cli#1027", ("int.throws",), passed(), BAD),
    Report("leodrak/ADFSCognito#1", ("int.throws", "int.malformed"), passed(), BAD),
    Report(
        "aws/serverless-application-model#2136",
        ("preflight.cognito",),
        UNAUTHORIZED,
        template=sam(Auth=IMPORTED, Cors="'*'"),
    ),
    Report(
        "aws/serverless-application-model#725",
        ("preflight.cognito",),
        UNAUTHORIZED,
        template=sam(Auth=COGNITO, Cors=STAR),
    ),
    Report("aws/aws-cdk#906", ("acao.missing-actual",), passed(), Response(200, body="{}")),
    Report(
        "serverless/serverless#1984",
        ("acah.custom",),
        Response(200, headers=(*OPEN, ("access-control-allow-headers", LISTED))),
        asks=("x-user-id",),
    ),
    Report(
        "anomalyco/sst#2232",
        ("int.gateway-timeout",),
        passed(),
        Response(503, message="Service Unavailable", headers=HTTP_ID, gateway=False),
        url=HTTP,
        milliseconds=30050,
    ),
    Report(
        "denoland/deno_registry2#87",
        ("int.lambda-timeout",),
        None,
        Response(500, message="Internal Server Error", headers=HTTP_ID, gateway=False),
        url=HTTP,
        asks=(),
        milliseconds=6030,
    ),
    Report(
        "amplify-education/serverless-domain-manager#321",
        ("deploy.no-mapping", "auth.api-key"),
        None,
        FORBIDDEN,
        url=DOMAIN,
        asks=(),
    ),
    Report(
        "kopertop/lambda-jwt#2",
        ("auth.authorizer-cache",),
        passed(),
        Response(403, "AccessDeniedException", "User is not authorized to access this resource"),
    ),
)
