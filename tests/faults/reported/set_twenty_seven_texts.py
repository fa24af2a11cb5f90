"""Those of the twenty-seventh set whose reporter shows the lines of a console, of curl or of DevTools."""

from __future__ import annotations

from accountsctl.doctor.diagnosis.targets import Query
from tests.faults.reported.apis import Template, function_url
from tests.faults.reported.pasted import Pasted

NO_MATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)


def with_one_permission() -> Template:
    """A function URL for everyone, with the one permission that Terraform's construct gives."""
    template = function_url("NONE")
    del template["Resources"]["InvokeFunction"]
    return template


PASTED_TWENTY_SEVEN = (
    Pasted(
        "TerraConstructs/base#98",
        ("function-url.no-permission",),
        "$ curl -i https://abcdefghij0123456789.lambda-url.eu-west-1.on.aws/\nHTTP/1.1 403 Forbidden\n"
        'x-amzn-ErrorType: AccessDeniedException\n\n{"Message":"Forbidden"}\n',
        template=with_one_permission(),
    ),
    Pasted(
        "cortexlabs/cortex#1226",
        ("int.gateway-timeout",),
        "< HTTP/2 503 \n< content-length: 33\n< apigw-requestid: RL2XYiwjPHcEMEQ=\n< \n"
        "* Connection #0 to host 2bw8mwpull.execute-api.us-west-2.amazonaws.com left intact\n"
        '{"message":"Service Unavailable"}\n',
    ),
    Pasted(
        "aws/context-ontology-accelerator#211",
        ("client.csp",),
        "Fetch API cannot load https://artifacts.s3.amazonaws.com/p1.json?AWSAccessKeyId=A&Signature=abc&Expires=1. "
        "Refused to connect because it violates the document's Content Security Policy.",
    ),
    # CloudFront signs for the function URL, and the page has to hash the body.
    Pasted(
        "minorun365/html-share#4",
        ("auth.iam-bad-signature",),
        "$ curl -i -X POST https://console.example.com/api/pairings/claim -d '{}'\nHTTP/2 403\n"
        f'x-amzn-errortype: InvalidSignatureException\n\n{{"message":"{NO_MATCH}"}}\n',
    ),
    Pasted(
        "mhart/aws4#65",
        ("auth.iam-bad-signature",),
        "Request URL:https://api.example.com/v0/userdata\nRequest Method:POST\nStatus Code:403 \n"
        "Response Headers\ncontent-length:192\nx-amzn-errortype:InvalidSignatureException\n"
        "x-cache:Error from cloudfront\nRequest Headers\n:authority:api.example.com\n"
        "authorization:AWS4-HMAC-SHA256 Credential=ASIA/20171123/eu-west-1/execute-api/aws4_request, "
        "SignedHeaders=content-length;host;x-amz-date, Signature=abc\norigin:http://localhost:8080\n",
    ),
    Pasted(
        "aws-samples/aws-cdk-examples#261",
        ("deploy.wrong-path",),
        "$ curl https://n8pjnrg6h4.execute-api.us-east-1.amazonaws.com/prod/\n"
        '{\n  "message": "Missing Authentication Token"\n}\n',
    ),
    # The module leaves the stage's limits out, which Terraform writes as 0.
    Pasted(
        "terraform-aws-modules/terraform-aws-apigateway-v2#13",
        ("auth.throttle",),
        'HTTP/1.1 429 Too Many Requests\n{\n    "message": "Too Many Requests"\n}\n',
        Query(url="https://abc123.execute-api.eu-west-1.amazonaws.com/"),
    ),
    Pasted(
        "arabold/serverless-react-boilerplate#5",
        ("acao.missing-actual",),
        "Access to manifest at 'http://localhost:8080/manifest.json' from origin 'http://localhost:3000' has been "
        "blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    ),
)
