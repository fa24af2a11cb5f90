"""Public reports, twenty-ninth set: what a random asker has (SAM, HTTP APIs, functions), from notes of teams.

Of the 29 threads and notes of the first run, chosen by their kinds alone, the doctor named the cause alone or as one of
two in 28; of 20 others, collected after it was corrected, in 18; of 18 more, again after that, in 15. What it said
wrong is here.
"""

from __future__ import annotations

from dataclasses import replace

from tests.faults.reported.apis import STAR, Template, body, function_url, http, mock, proxied
from tests.faults.reported.report import ALLOW, HTTP, REST, Headers, Report, Response, passed
from tests.faults.reported.templates import Shown, with_code

OF_HTTP_API: Headers = (("apigw-requestid", "Q1ea3GcAIAM="),)
JSON: Headers = (("content-type", "application/json"),)
ALLOWS_PAGE = {
    "AllowOrigins": ["https://app.example.com"],
    "AllowMethods": ["GET"],
    "AllowHeaders": ["authorization"],
}
# The CORS configuration of an HTTP API answers OPTIONS on every path, so the preflight of a wrong one passes.
WRONG_PATH = Report(
    "a dashboard's notes on its staging bugs",
    ("deploy.wrong-path",),
    passed(),
    Response(
        404,
        headers=(*OF_HTTP_API, *JSON, ("content-length", "23")),
        gateway=False,
        body='{"message":"Not Found"}',
    ),
    url=f"{HTTP}/admin",
)
# Starlette's CORSMiddleware refuses an origin with 400 and its other headers; no MOCK or CORS configuration does.
DISALLOWED = Response(
    400,
    headers=(
        *OF_HTTP_API,
        ("content-type", "text/plain; charset=utf-8"),
        ("vary", "Origin"),
        (f"{ALLOW}methods", "GET, POST, OPTIONS"),
        (f"{ALLOW}headers", "content-type"),
        ("content-length", "22"),
    ),
    gateway=False,
    body="Disallowed CORS origin",
)
OTHER_ORIGIN = Report(
    "a worklog of FastAPI behind Mangum",
    ("httpapi.origin-not-listed",),
    DISALLOWED,
    url=HTTP,
    method="POST",
    asks=("content-type",),
)
# It answers with the same status to a method or a header that it does not list, and allows the page's origin.
NOT_IN_LIST = Report(
    "a console's end-to-end tests",
    ("acam.missing",),
    Response(
        400,
        headers=(
            *OF_HTTP_API,
            ("vary", "Origin"),
            (f"{ALLOW}origin", "https://app.example.com"),
            (f"{ALLOW}methods", "GET, POST, PUT, DELETE, OPTIONS"),
            (f"{ALLOW}headers", "authorization, content-type"),
        ),
        gateway=False,
        body="Disallowed CORS method",
    ),
    url=HTTP,
    method="PATCH",
    asks=("authorization", "content-type"),
)
BY_REST = replace(DISALLOWED, headers=DISALLOWED.headers[1:], gateway=True)
FAILED = Response(502, "InternalServerErrorException", "Internal server error")
# The key is misspelt in every answer; a REST API refuses what has no statusCode.
MISSPELT = """def message(status, body):
    return {"statueCode": str(status), "body": body, "headers": {"Access-Control-Allow-Origin": "*"}}


def lambda_handler(event, context):
    return message(200, "{}")
"""
# Every answer of the code has the header, and Cors adds it to every response of the function URL.
ANSWERS = """CORS_HEADERS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type"}


def handler(event, context):
    return {"statusCode": 200, "headers": CORS_HEADERS, "body": "{}"}
"""


def with_cors_of_both() -> Template:
    """A function URL with Cors, whose code sends the header too."""
    template = function_url("NONE", {"AllowOrigins": ["*"], "AllowMethods": ["GET"], "AllowHeaders": ["*"]})
    template["Resources"]["Items"]["Properties"]["Code"] = {"ZipFile": ANSWERS}
    return template


SHOWN_TWENTY_NINE = (
    Shown("a site's notes on its function URL", ("acao.duplicate",), with_cors_of_both(), path="/"),
    # The functions answer with the page's origin by now; only the OPTIONS methods still say *.
    Shown(
        "a chat's notes on cookies",
        ("acao.wildcard-credentials",),
        body(
            {
                "/login": {
                    "post": proxied(),
                    "options": mock(Origin="'*'", Headers="'Content-Type'", Methods="'POST,OPTIONS'"),
                }
            }
        ),
        path="/login",
        method="POST",
        headers=("content-type",),
        credentials=True,
    ),
    Shown(
        "a helper of a form's function",
        ("int.malformed",),
        with_code(MISSPELT, runtime="python3.13", Cors=STAR),
    ),
)
TWENTY_NINE = (
    # OPTIONS has a method of its own, which calls the function: what its code does with it is not known.
    Report(
        "a newsletter's form",
        ("preflight.proxy-any-lambda",),
        FAILED,
        template=body({"/items": {"post": proxied(), "options": proxied()}}),
        method="POST",
        asks=("content-type",),
    ),
    NOT_IN_LIST,
    replace(NOT_IN_LIST, note=", template", template=http("ANY /{proxy+}")),
    WRONG_PATH,
    replace(WRONG_PATH, note=", template", template=http("GET /reports/admin", cors=ALLOWS_PAGE)),
    OTHER_ORIGIN,
    replace(OTHER_ORIGIN, note=", Firefox", browser="firefox"),
    replace(OTHER_ORIGIN, note=", template", browser="firefox", template=http("ANY /{proxy+}")),
    replace(OTHER_ORIGIN, note=", REST API", url=REST, preflight=BY_REST),
)
