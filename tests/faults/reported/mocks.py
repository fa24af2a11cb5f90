"""Public reports whose OPTIONS was a broken MOCK, and the cause that each thread found."""

from __future__ import annotations

from tests.faults.changes import integrates, sets
from tests.faults.reported.apis import (
    ALLOWED,
    COGNITO,
    STAR,
    body,
    mock,
    proxied,
    rest,
    sam,
)
from tests.faults.reported.report import (
    Report,
    Response,
)

BROKEN = Response(500, "InternalServerErrorException", "Internal server error")
BINARY = ("preflight.binary-media",)
NO_TEMPLATE = ("preflight.mock-no-template",)
MOCKS = (
    Report(
        "aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws#483",
        ("deploy.stale", "preflight.binary-media"),
        BROKEN,
        template=rest(
            sets("Api", BinaryMediaTypes=["*/*"]),
            integrates("ItemsOptions", ContentHandling="CONVERT_TO_TEXT"),
        ),
    ),
    Report(
        "serverless/serverless#1703",
        NO_TEMPLATE,
        BROKEN,
        asks=("x-requested-with",),
        template=rest(integrates("ItemsOptions", RequestTemplates=None)),
    ),
    Report(
        "hashicorp/terraform#23988",
        NO_TEMPLATE,
        BROKEN,
        method="POST",
        asks=("content-type",),
        template=rest(
            integrates("ItemsOptions", RequestTemplates={"application/json": '{"status_code": 200}'})
        ),
    ),
    Report("joostfarla/serverless-cors-plugin#7", NO_TEMPLATE, BROKEN),
    Report(
        "alma-cdk/openapix#37",
        NO_TEMPLATE,
        BROKEN,
        method="POST",
        asks=("content-type",),
        template=body({"/items": {"post": proxied(), "options": mock("", **ALLOWED)}}),
    ),
    Report(
        "squidfunk/terraform-aws-api-gateway-enable-cors#10",
        BINARY,
        BROKEN,
        template=rest(sets("Api", BinaryMediaTypes=["*/*"])),
    ),
    Report("activescott/serverless-aws-static-file-handler#165", BINARY, BROKEN),
    Report(
        "aws/serverless-application-model#1344",
        BINARY,
        BROKEN,
        template=sam(
            Auth={**COGNITO, "AddDefaultAuthorizerToCorsPreflight": False},
            Cors=STAR,
            BinaryMediaTypes=["*~1*"],
        ),
    ),
    Report(
        "clebert/aws-simple#167",
        BINARY,
        BROKEN,
        template=body(
            {"/items": {"get": proxied(), "options": mock(**ALLOWED)}},
            **{"x-amazon-apigateway-binary-media-types": ["*/*"]},
        ),
    ),
    Report(
        "serverless/serverless#7243", BINARY, BROKEN, template=rest(sets("Api", BinaryMediaTypes=["*/*"]))
    ),
)
