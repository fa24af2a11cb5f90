"""Public reports, seventh set: collected after the doctor had been corrected by the sixth.

Each was rebuilt, and its cause written down, before the doctor saw any: 26 of these 30 were named right or among at
most two at the first run, 22 of them alone. Two stay open, and are not here: Firefox tells no reason for what an
extension blocks (vinceanalytics/vince#3), and a script without CORS is not looked at (okgrow/analytics#32).
"""

from __future__ import annotations

from tests.faults.reported.report import ALLOW, ANY, OPEN, Report, Response, passed
from tests.faults.reported.servers import ITEMS, JSON, LOCAL, NGINX, allowed, answer

HTML = ("content-type", "text/html")
KESTREL = ("server", "Kestrel")
WITHOUT_KEY = Response(403, "ForbiddenException", "Forbidden")
OPTIONS = (
    # OPTIONS falls through to the function.
    Report(
        "go-to-k/cdkd#644",
        ("preflight.proxy-any-lambda", "preflight.mock-no-headers", "function-url.no-cors"),
        answer(200, *JSON),
        url="http://127.0.0.1:60924/",
        method="POST",
        asks=("content-type",),
        origin="http://127.0.0.1:5050",
    ),
    Report(
        "localstack/localstack#2723",
        ("preflight.non-2xx",),
        allowed(
            "content-type", "authorization", status=404, server=(("server", "BaseHTTP/0.6 Python/3.8.2"),)
        ),
        url="http://localhost:4567/restapis/cjhlullf4b/dev/_user_request_/user",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "oauth2-proxy/oauth2-proxy#735",
        ("preflight.authenticated",),
        answer(401, ("server", "nginx/1.19.1"), HTML),
        url=ITEMS,
    ),
    Report(
        "bitly/oauth2_proxy#471",
        ("preflight.redirect", "preflight.authenticated"),
        answer(
            302,
            ("location", "https://api.example.com/oauth2/sign_in?rd=/abc"),
            HTML,
            ("server", "nginx/1.13.5"),
        ),
        url="https://api.example.com/abc/abc",
    ),
    # Client certificates are wanted, and a preflight has none.
    Report(
        "kubernetes/ingress-nginx#5129",
        ("deploy.mtls", "preflight.authenticated"),
        answer(400, ("server", "nginx/1.17.8"), HTML),
        url=ITEMS,
        method="PUT",
        asks=("content-type",),
    ),
    Report(
        "kubernetes/ingress-nginx#625",
        ("preflight.authenticated",),
        answer(
            401,
            ("server", "nginx/1.11.12"),
            HTML,
            ("www-authenticate", 'Basic realm="Authentication Required"'),
        ),
        url=ITEMS,
    ),
    Report(
        "NatLabRockies/api-umbrella#143",
        ("preflight.authenticated", "preflight.api-key"),
        answer(403, *JSON, ("server", "openresty")),
        url="https://api.example.com/user",
        asks=("x-api-key",),
    ),
    Report(
        "caigee-cmd/cli2api#148",
        ("preflight.authenticated", "preflight.api-key"),
        answer(401, *JSON),
        url="http://127.0.0.1:8080/v1/chat/completions",
        method="POST",
        asks=("authorization", "content-type"),
        origin="chrome-extension://klickieipjdmihlbbhikjoipddogidjo",
    ),
    Report(
        "vivid-planet/dextinity#4388",
        ("httpapi.origin-not-listed", "acao.host"),
        answer(
            204,
            ("vary", "Origin, Access-Control-Request-Headers"),
            (f"{ALLOW}methods", "GET,HEAD,PUT,PATCH,POST"),
        ),
        url="http://localhost:8000/api/graphql",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
)
HEADERS = (
    Report(
        "cyco130/vavite#98",
        ("acao.wildcard-credentials", "client.credentials"),
        answer(204, *OPEN, (f"{ALLOW}headers", "content-type"), ("vary", "Access-Control-Request-Headers")),
        url="http://localhost:3000/api/login",
        method="POST",
        asks=("content-type",),
        credentials=True,
        origin="http://localhost:5173",
    ),
    Report(
        "eclipse-ditto/ditto#814",
        ("acao.wildcard-credentials", "client.credentials"),
        None,
        answer(200, *ANY, ("content-type", "text/event-stream"), ("server", "nginx")),
        url="http://ditto.example.com/api/2/things",
        asks=(),
        credentials=True,
        kind="eventsource",
        origin="http://localhost:8081",
    ),
    Report(
        "graphql/graphql-playground#490",
        ("acah.custom",),
        allowed("authorization", "content-type", status=200),
        url="https://api.deutschebahn.com/free1bahnql/v1/graphql",
        method="POST",
        asks=("content-type", "x-apollo-tracing"),
        origin="http://localhost:8080",
    ),
    Report(
        "jeremydaly/lambda-api#167",
        ("acah.custom",),
        passed(("x-api-key",)),
        url="https://app-api-integr.trustedshops.com/v0/plugins/b2b",
        asks=("sentry-trace",),
        browser="firefox",
    ),
    Report(
        "mpetazzoni/sse.js#58",
        ("client.acao-request-header", "acah.custom"),
        allowed("authorization", "cache-control"),
        url=ITEMS,
        asks=("access-control-allow-origin", "authentication-source", "authorization", "cache-control"),
    ),
)
RESPONSES = (
    Report(
        "honojs/hono#3493",
        ("acao.missing-actual",),
        None,
        answer(200, *JSON),
        url="http://localhost:3001/users",
        asks=(),
        origin=LOCAL,
    ),
    Report(
        "http4s/http4s#834",
        ("acao.missing-error-path",),
        None,
        answer(500, ("content-length", "0")),
        url="http://localhost:8080/items",
        asks=(),
        origin=LOCAL,
    ),
    Report(
        "adamchainz/django-cors-headers#512",
        ("acao.missing-error-path",),
        allowed("authorization", status=200),
        answer(500, HTML, ("server", "WSGIServer/0.2 CPython/3.8.2"), body="<h1>Server Error (500)</h1>"),
        url="http://localhost:8000/api/items/",
        origin=LOCAL,
    ),
    Report(
        "adamchainz/django-cors-headers#394",
        ("edge.proxy-error",),
        allowed("content-type", status=200),
        answer(502, *NGINX, body="<html><center><h1>502 Bad Gateway</h1></center></html>"),
        url="https://api.example.com/items/",
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "graphql/swapi-graphql#238",
        ("acao.missing-actual",),
        allowed("content-type", server=(("server", "Netlify"),)),
        answer(200, *JSON, ("server", "Netlify")),
        url="https://swapi-graphql.netlify.app/.netlify/functions/index",
        method="POST",
        asks=("content-type",),
        origin="https://studio.apollographql.com",
    ),
    Report(
        "http4k/http4k#1353",
        ("acao.missing-actual",),
        allowed("authorization", "session", status=200),
        answer(200, ("content-type", "text/event-stream")),
        url="http://localhost:23456/chat/sse/thread/1/message",
        asks=("authorization", "session"),
        origin=LOCAL,
    ),
    Report(
        "tpeczek/Lib.AspNetCore.ServerSentEvents#60",
        ("acao.missing-actual",),
        None,
        answer(200, ("content-type", "text/event-stream"), KESTREL),
        url="https://api.example.com/updates",
        asks=(),
        kind="eventsource",
        origin="https://portal.example.com",
    ),
    # A client of service accounts has no web origins.
    Report(
        "keycloak/keycloak#37529",
        ("acao.missing-actual", "httpapi.origin-not-listed"),
        None,
        answer(200, *JSON, ("cache-control", "no-store")),
        url="https://id.example.com/realms/demo/protocol/openid-connect/token",
        method="POST",
        asks=(),
    ),
    Report(
        "acode/cli#60",
        ("acao.missing-error-path",),
        None,
        answer(400, ("content-type", "text/plain")),
        url="http://pras.stdlib.com/happy@dev/",
        method="POST",
        asks=(),
        origin="http://localhost:8080",
    ),
    Report(
        "stefanprodan/AspNetCoreRateLimit#450",
        ("auth.throttle", "acao.missing-error-path"),
        None,
        answer(429, ("content-type", "text/plain"), KESTREL, ("retry-after", "1")),
        url="https://localhost:5001/api/items",
        asks=(),
        origin=LOCAL,
    ),
    Report(
        "emissary-ingress/emissary#2030",
        ("auth.throttle", "acao.missing-error-path"),
        allowed("authorization", status=200, server=(("server", "envoy"),)),
        answer(429, ("server", "envoy"), ("x-envoy-ratelimited", "true")),
        url=ITEMS,
    ),
    Report(
        "pmuens/serverless-secured-api#2",
        ("auth.api-key",),
        passed(("x-api-key",)),
        WITHOUT_KEY,
        asks=("x-api-key",),
    ),
    Report(
        "kubernetes/ingress-nginx#8786",
        ("client.redirect",),
        None,
        answer(302, ("location", "https://api-auth.xyz.com/oauth2/start?rd=http://api.xyz.com/api"), HTML),
        url="https://api.xyz.com/api/v1/onboard/getAssociatedOrganization",
        asks=(),
        credentials=True,
        origin="https://ui.xyz.com",
    ),
)
PAGES = (
    Report(
        "pear-devs/pear-desktop#2981",
        ("acao.missing-actual", "httpapi.origin-not-listed", "acao.host"),
        None,
        answer(200, ("content-type", "text/javascript"), ("vary", "Origin"), ("cache-control", "no-cache")),
        url="http://localhost:5173/@vite/client",
        asks=(),
        kind="script",
        origin="https://music.youtube.com",
    ),
)
SET_SEVEN = (*OPTIONS, *HEADERS, *RESPONSES, *PAGES)
