"""Public reports, thirtieth set: what people paste of AWS backends, from threads.

Of 24 threads, chosen by their kinds alone and written down before any run, the doctor named the cause alone or as one
of two in 16 at the first run. Those of the others whose kind was corrected are here; of aws-cdk#30984 (a preflight with
a Content-Type, which no browser sends) and aws-cdk#9076 (an error of the deployment) it does not name the cause.
Of 12 more, collected after that, it named the cause so in 8; amplify-hosting#581 and amplify-js#5030 are open.
"""

from __future__ import annotations

from tests.faults.reported.pasted import Pasted

NOT_SIGNED = (
    "<Error><Code>AccessDenied</Code><Message>There were headers present in the request which were not signed"
    "</Message><HeadersNotSigned>x-amz-acl</HeadersNotSigned></Error>"
)
BLOCKED = (
    "Access to fetch at 'https://abc123.execute-api.eu-west-1.amazonaws.com/orders' from origin "
    "'http://localhost:5173' has been blocked by CORS policy: Response to preflight request doesn't pass access "
    "control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.\n"
)
FORBIDDEN = '{"message":"Forbidden"}'
PASTED_THIRTY = (
    Pasted(
        "Miserlou/Zappa#1317",
        ("auth.api-key",),
        f"https://abc123.execute-api.ap-south-1.amazonaws.com/staging answers\n\n{FORBIDDEN}\n\n"
        '{"staging": {"app_function": "shop.app", "api_key_required": true}}\n',
    ),
    # The URL above the body, of two.
    Pasted(
        "aws/serverless-java-container#166",
        ("deploy.wrong-path",),
        "https://abc123.execute-api.us-east-1.amazonaws.com/beta/shop starts, and "
        "https://abc123.execute-api.us-east-1.amazonaws.com/beta/health answers\n\n"
        '{"message":"Missing Authentication Token"}\n',
    ),
    Pasted(
        "serverless/serverless#8974",
        ("httpapi.no-cors",),
        f"{BLOCKED}functions:\n  order:\n    handler: order.run\n    events:\n      - httpApi:\n"
        "          path: /orders\n          method: post\n          cors: true\n",
    ),
    # An API of the resources: the routes are of the framework's own.
    Pasted(
        "serverless/serverless#7590",
        ("httpapi.no-cors",),
        f"{BLOCKED}```yaml\nprovider:\n  name: aws\n  httpApi:\n    Ref: Shop\nfunctions:\n  order:\n    events:\n"
        "      - httpApi: POST /orders\nresources:\n  Resources:\n    Shop:\n      Type: AWS::ApiGatewayV2::Api\n"
        "      Properties:\n        ProtocolType: HTTP\n        CorsConfiguration:\n"
        "          AllowOrigins: ['*']\n```\n",
    ),
    Pasted("odysseyscience/react-s3-uploader#110", ("auth.iam-bad-signature",), f"S3 says:\n{NOT_SIGNED}\n"),
    Pasted(
        "odysseyscience/react-s3-uploader#110, curl",
        ("auth.iam-bad-signature",),
        "$ curl -i -X PUT 'https://pictures.s3.eu-west-1.amazonaws.com/a.png?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Signature=abc' -H 'Origin: https://app.example.com' -H 'x-amz-acl: public-read'\n"
        f"HTTP/1.1 403 Forbidden\nAccess-Control-Allow-Origin: *\nServer: AmazonS3\n\n{NOT_SIGNED}\n",
    ),
    Pasted(
        "aws-amplify/amplify-cli#3932",
        ("edge.cf-methods", "edge.no-behavior"),
        "POST https://shop.example.com/paid 403\n\n403 ERROR\nThe request could not be satisfied.\n"
        "This distribution is not configured to allow the HTTP request method that was used for this request.\n",
    ),
)
