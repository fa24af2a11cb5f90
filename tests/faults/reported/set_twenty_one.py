"""Public reports, twenty-first set: of the CORS filters of frameworks.

They were taken in the order in which a search found them, if the thread settles the cause, and written down before
the doctor saw any: all were named right at the first run.
"""

from __future__ import annotations

from tests.faults.reported.report import FUNCTION, Headers, Report, Response
from tests.faults.reported.servers import EXPRESS, JSON, LOCAL, allowed, answer, origins
from tests.faults.reported.set_nine import WERKZEUG

HTML: Headers = (("content-type", "text/html; charset=utf-8"),)
SPRING: Headers = (
    ("vary", "Origin"),
    ("vary", "Access-Control-Request-Method"),
    ("vary", "Access-Control-Request-Headers"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("pragma", "no-cache"),
    ("x-frame-options", "DENY"),
)
WITHOUT_CORS = SPRING[3:]
AUTH = ("preflight.authenticated",)

SET_TWENTY_ONE = (
    Report(
        "CodeGenieApp/serverless-express#141",
        ("acao.missing-actual",),
        None,
        Response(200, body="{}", headers=(*JSON, *EXPRESS)),
        asks=(),
    ),
    Report(
        "spring-projects/spring-security#4448",
        AUTH,
        answer(401, ("www-authenticate", 'Basic realm="Spring"'), *WITHOUT_CORS, *JSON),
        url="http://localhost:8080/api/items",
        origin="http://localhost:4200",
    ),
    Report(
        "spring-projects/spring-framework#23752",
        AUTH,
        answer(
            401,
            ("access-control-allow-origin", "http://localhost:4200"),
            ("access-control-allow-methods", "POST"),
            ("access-control-allow-headers", "authorization"),
            *SPRING,
            *JSON,
        ),
        url="http://localhost:8080/oauth/token",
        method="POST",
        origin="http://localhost:4200",
    ),
    Report(
        "spring-attic/spring-security-oauth#1749",
        AUTH,
        answer(401, *WITHOUT_CORS, *JSON),
        url="http://localhost:8080/oauth/token",
        method="POST",
        origin="http://localhost:4200",
    ),
    Report(
        "eclipse-xpanse/xpanse#601",
        AUTH,
        answer(401, *WITHOUT_CORS, ("www-authenticate", "Bearer")),
        url="http://localhost:8080/xpanse/services",
        origin=LOCAL,
    ),
    Report(
        "spring-projects/spring-security#4729",
        AUTH,
        answer(401, *WITHOUT_CORS, ("www-authenticate", 'Basic realm="Realm"'), *HTML),
        url="http://localhost:8080/rest/client/user",
        method="POST",
        asks=("content-type",),
        origin="http://localhost:4200",
    ),
    Report(
        "apache/rocketmq-dashboard#720",
        AUTH,
        answer(401, *JSON),
        url="http://localhost:8082/api/cluster",
        origin="http://localhost:5173",
    ),
    # No CORS at all.
    Report(
        "anomalyco/opencode#748",
        ("preflight.no-options", "preflight.proxy-any-lambda", "preflight.mock-no-headers"),
        answer(404, ("content-type", "text/plain;charset=UTF-8"), ("content-length", "13")),
        url="http://localhost:4096/session",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
        browser="firefox",
    ),
    Report(
        "corydolphin/flask-cors#154",
        ("acao.missing-error-path",),
        answer(
            200,
            ("access-control-allow-origin", "http://localhost:7000"),
            ("access-control-allow-headers", "accept, content-type"),
            ("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
            ("allow", "POST, OPTIONS"),
            WERKZEUG,
            *HTML,
        ),
        answer(500, WERKZEUG, *HTML, ("x-xss-protection", "0")),
        url="http://localhost:5000/testPost",
        method="POST",
        asks=("content-type",),
        origin="http://localhost:7000",
    ),
    Report(
        "corydolphin/flask-cors#201",
        AUTH,
        answer(401, WERKZEUG, *HTML),
        url="http://localhost:5000/test",
        origin="http://127.0.0.1:8080",
    ),
    # Another middleware answers before the one for CORS.
    Report(
        "adamchainz/django-cors-headers#343",
        ("acao.missing-error-path", "acao.missing-actual"),
        None,
        answer(404, ("server", "WSGIServer/0.2 CPython/3.6.5"), *HTML, ("x-frame-options", "SAMEORIGIN")),
        url="http://localhost:8000/api/items",
        asks=(),
        origin="http://localhost:8080",
    ),
    # A comma is missing in the list.
    Report(
        "adamchainz/django-cors-headers#922",
        ("httpapi.origin-not-listed",),
        None,
        answer(
            200,
            ("server", "WSGIServer/0.2 CPython/3.11.4"),
            *HTML,
            ("vary", "origin"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
        ),
        url="http://localhost:8000/test-cors/",
        asks=(),
        origin=LOCAL,
    ),
    Report(
        "worldcoin/developer-portal#959",
        ("preflight.no-options", "preflight.proxy-any-lambda"),
        answer(
            405, ("server", "cloudflare"), ("vary", "RSC, Next-Router-State-Tree"), ("content-length", "0")
        ),
        url="https://developer.worldcoin.org/api/v2/minikit/transaction",
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "ts-rest/ts-rest#667",
        ("preflight.no-options", "preflight.proxy-any-lambda"),
        answer(405, ("vary", "RSC, Next-Router-State-Tree"), ("content-length", "0")),
        url="http://localhost:3000/api/posts",
        method="POST",
        asks=("content-type",),
        origin="http://localhost:3001",
    ),
    Report(
        "zakiego/salin-abangku#35",
        ("acao.missing-actual",),
        None,
        answer(
            200,
            *JSON,
            ("server", "Vercel"),
            ("x-vercel-cache", "MISS"),
            ("vary", "RSC, Next-Router-State-Tree, Next-Router-Prefetch"),
        ),
        url="https://salin.example.com/api/hello",
        asks=(),
    ),
    Report(
        "awslabs/nx-plugin-for-aws#168",
        ("acao.duplicate",),
        allowed("content-type"),
        Response(200, body="[]", headers=(*origins("*", "*"), *JSON)),
        url=FUNCTION,
        method="POST",
        asks=("content-type",),
    ),
)
