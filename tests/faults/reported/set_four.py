"""Public reports, fourth set: none had been a source of a card or of a test.

Each was rebuilt, and its cause written down, before the doctor saw any: 45 of these 56 were named right or among at
most two at the first run, 36 of them alone. Three recordings were built again since, as Chromium was measured to save
them (saveSvgAsPng#126, outline#10261, workbox#2632); they were wrong at the first run too.
"""

from __future__ import annotations

from tests.faults.reported.answers import TIMEOUT
from tests.faults.reported.report import ANY, REST, Report, Response, passed
from tests.faults.reported.servers import JSON, LOCAL, answer, origins
from tests.faults.reported.set_four_pages import PAGES
from tests.faults.reported.set_four_proxies import PROXIES
from tests.faults.reported.set_four_servers import SERVERS
from tests.faults.reported.set_four_stores import STORES

GATEWAYS = (
    Report(
        "Miserlou/Zappa#1825",
        ("acao.duplicate",),
        None,
        Response(200, headers=(*JSON, *origins(", ".join(["https://app.example.com"] * 3)))),
        asks=(),
    ),
    Report("Miserlou/Zappa#1758", ("acao.missing-actual",), passed(), Response(200, body="{}", headers=JSON)),
    Report(
        "aws-amplify/amplify-js#4607",
        ("int.gateway-timeout",),
        passed(("content-type",)),
        TIMEOUT,
        method="POST",
        asks=("content-type",),
        milliseconds=29100,
    ),
    # ANY /{proxy+} with an authorizer takes OPTIONS as well.
    Report(
        "arpadt.com/articles/cors-in-http-api",
        ("httpapi.default-route",),
        answer(
            401,
            *origins("http://localhost:3000"),
            ("apigw-requestid", "AbCdEf="),
            ("www-authenticate", "Bearer"),
            *JSON,
        ),
        url="https://api.example.com/todos",
        origin=LOCAL,
    ),
    # A request validator refuses the body before the function.
    Report(
        "mays.co/api-subdomain-and-production-ai-reliability",
        ("auth.validator",),
        passed(("content-type",)),
        Response(400, "BadRequestException", "Invalid request body"),
        url=REST.replace("dev/items", "prod/generate"),
        method="POST",
        asks=("content-type",),
        origin="https://mays.co",
    ),
    Report(
        "aws-amplify/amplify-js#12537",
        ("auth.throttle",),
        Response(429, "TooManyRequestsException", "Too Many Requests"),
        asks=("authorization",),
    ),
    # The web ACL's rule of 8 KB.
    Report(
        "aws-solutions/deepracer-on-aws#89",
        ("auth.waf",),
        passed(("authorization", "content-type")),
        Response(403, "ForbiddenException", "Forbidden", headers=ANY),
        method="POST",
        asks=("authorization", "content-type"),
        sends=9_500,
    ),
    Report(
        "aws/chalice#971",
        ("auth.lambda-deny",),
        passed(),
        Response(403, "AccessDeniedException", "User is not authorized to access this resource"),
    ),
)
SET_FOUR = (*PROXIES, *SERVERS, *STORES, *PAGES, *GATEWAYS)
