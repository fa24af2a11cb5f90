"""Public reports whose fault is in the template: SAM, CDK, the Serverless Framework, each written as its author had it.

Of the 19 of the first run the doctor named the cause, or passed where the thread's fault is elsewhere, in 15; in two it
called a missing CorsConfiguration by the OPTIONS that nothing answers; two are of buckets, which it does not read in a
template. What it said wrong of these, or of one of an earlier set, is here.
"""

from __future__ import annotations

from tests.faults.reported.apis import ALLOWED, body, function_url, http, mock
from tests.faults.reported.templates import Shown

MAPPED = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
TO_KINESIS = {
    "responses": {"200": {"description": "", "headers": {"Content-Type": {"type": "string"}}}},
    "x-amazon-apigateway-integration": {
        "type": "aws",
        "httpMethod": "POST",
        "uri": "arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord",
        "credentials": "arn:aws:iam::123456789012:role/to-kinesis",
        "requestTemplates": {"application/json": '{"StreamName": "records"}'},
        "responses": {"default": {"statusCode": "200", "responseParameters": MAPPED}},
    },
}
SHOWN_TEMPLATES = (
    # The integration response maps the header, the method response does not declare it.
    Shown(
        "awslabs/aws-solutions-constructs#1130",
        ("int.non-proxy-missing-map",),
        body({"/record": {"post": TO_KINESIS, "options": mock(**ALLOWED)}}),
        path="/record",
        method="POST",
        headers=("content-type",),
    ),
    Shown(
        "serverless/serverless#11557",
        ("httpapi.origin-not-listed",),
        http("GET /leads", cors={"AllowCredentials": True, "AllowOrigins": ["dev.ipeslawn.com"]}),
        path="/leads",
        credentials=True,
        origin="https://dev.ipeslawn.com",
    ),
    # The page signs by itself, and its preflight has no signature.
    Shown(
        "jamesmbourne/aws4-axios#671",
        ("function-url.no-cors",),
        function_url("AWS_IAM", public=False),
        path="/",
        headers=("authorization", "x-amz-date"),
    ),
)
