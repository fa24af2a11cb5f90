"""Public reports of apps in web views, and of pages with a library's own headers: those whose reporter shows requests.

They were taken in the order in which a search found them, if the thread settles the cause, and written down before
the doctor saw any; the others of the set are in pasted-clients.txt. Of 17 of all 25 the cause was named right or among
at most two at the first run. Of two more no words tell it: a library's "0 Unknown Error", and the sentence of a
preflight without headers, of which a server on the same machine may have four causes.
"""

from __future__ import annotations

from tests.faults.reported.report import ALLOW, HTTP, OPEN, REST, Report, Response, passed
from tests.faults.reported.servers import JSON, answer
from tests.faults.reported.set_sixteen import SIGNED_BY_SDK

DATADOG = ("traceparent", "tracestate", "x-datadog-origin", "x-datadog-parent-id", "x-datadog-trace-id")
NEXT = (("vary", "RSC, Next-Router-State-Tree, Next-Router-Prefetch"), ("content-length", "0"))
SET_CLIENTS = (
    # The app's scheme is capacitor: on iOS alone, which the list of the backend lacks.
    Report(
        "Morelitea/initiative#499",
        ("httpapi.origin-not-listed", "acao.null"),
        answer(400, ("server", "uvicorn"), ("vary", "Origin"), ("content-type", "text/plain")),
        url="https://initiative.example.com/api/v1/config",
        asks=("content-type",),
        origin="capacitor://com.morelitea.initiative",
        browser="safari",
    ),
    # The middleware refuses the preflight because of the headers of Datadog's tracing.
    Report(
        "dust-tt/dust#21377",
        ("acah.custom",),
        answer(403, *NEXT),
        url="https://dust.tt/api/auth-context",
        asks=DATADOG,
        origin="https://app.dust.tt",
    ),
    Report(
        "jhaals/yopass#2736",
        ("acao.invalid",),
        Response(
            200,
            headers=(
                (f"{ALLOW}origin", ""),
                (f"{ALLOW}methods", "OPTIONS,POST"),
                (f"{ALLOW}headers", "content-type"),
            ),
        ),
        url=REST,
        method="POST",
        asks=("content-type",),
    ),
    # The integration's limit is the function's and half a second more, and the start took two.
    Report(
        "serverless/serverless#11222",
        ("int.gateway-timeout",),
        passed(),
        answer(
            503,
            ("apigw-requestid", "LBxyzgTgIAMEVkA="),
            *JSON,
            ("content-length", "33"),
            body='{"message":"Service Unavailable"}',
        ),
        url=HTTP,
        milliseconds=6_620,
    ),
    # x-amz-security-token is sent as "undefined".
    Report(
        "kndt84/aws-api-gateway-client#31",
        ("auth.iam-unknown-key",),
        Response(200, headers=(*OPEN, (f"{ALLOW}headers", ",".join(SIGNED_BY_SDK)))),
        Response(
            403, "UnrecognizedClientException", "The security token included in the request is invalid."
        ),
        asks=("authorization", "x-amz-date"),
        origin="http://localhost:8080",
        kind="xhr",
    ),
    Report(
        "NatLabRockies/api-umbrella#116",
        ("preflight.api-key",),
        answer(403, ("server", "openresty"), *JSON, ("content-length", "121")),
        url="https://api.example.gov/forms/submissions",
        method="POST",
        asks=("content-type", "x-api-key"),
    ),
    Report(
        "ggml-org/llama.cpp#6544",
        ("preflight.authenticated", "preflight.api-key"),
        answer(401, ("server", "llama.cpp"), ("content-type", "application/json; charset=utf-8")),
        url="http://localhost:8080/v1/chat/completions",
        method="POST",
        asks=("authorization", "content-type"),
        origin="http://localhost:5173",
    ),
)
