"""The sixth set's reports of object stores, and of CORS headers that were wrong."""

from __future__ import annotations

from tests.faults.reported.report import ALLOW, ANY, OPEN, Report, Response
from tests.faults.reported.servers import EXPRESS, ITEMS, JSON, LOCAL, UVICORN, allowed, answer, origins

WERKZEUG = ("server", "Werkzeug/1.0.1 Python/3.7.9")
XML = ("content-type", "application/xml")
S3 = ("server", "AmazonS3")
BY_EDGE = (("x-cache", "Error from cloudfront"), ("via", "1.1 abc.cloudfront.net (CloudFront)"))
TRACING = ("content-type", "request-context", "request-id", "traceparent")
ORIGINS = (
    Report(
        "tauri-apps/tauri#2327",
        ("acao.host", "acao.missing-actual"),
        None,
        answer(200, *JSON),
        url=ITEMS,
        asks=(),
        origin="tauri://localhost",
        browser="safari",
    ),
    Report(
        "koala73/worldmonitor#262",
        ("acao.scheme", "httpapi.origin-not-listed"),
        allowed(
            "content-type", "authorization", origin="https://tauri.localhost", server=(("server", "Vercel"),)
        ),
        url="https://api.worldmonitor.app/api/news",
        origin="http://tauri.localhost",
    ),
    Report(
        "ionic-team/ionic-framework#22470",
        ("acao.host", "httpapi.origin-not-listed"),
        answer(200, ("server", "nginx/1.18.0"), ("vary", "Origin")),
        url="https://api.chechen-dictionary.com/api/v1/get-cws-by-alphabet-letter/",
        asks=("content-type",),
        origin="http://localhost",
    ),
    Report(
        "microsoft/Web-Dev-For-Beginners#89",
        ("acao.host", "httpapi.origin-not-listed"),
        None,
        answer(200, *EXPRESS, *JSON, ("vary", "Origin")),
        url="http://localhost:5000/api/accounts/test",
        asks=(),
        origin="http://127.0.0.1:8080",
    ),
    # The list has https://fasal-saathi.xyz/.
    Report(
        "Eshajha19/agri#3134",
        ("acao.trailing-slash", "acao.host", "httpapi.origin-not-listed"),
        answer(400, *UVICORN, ("vary", "Origin"), ("content-type", "text/plain; charset=utf-8")),
        url="https://api.fasal-saathi.xyz/crops",
        origin="https://fasal-saathi.xyz",
        credentials=True,
    ),
    Report(
        "ba-st/Stargate#126",
        ("acao.trailing-slash",),
        None,
        answer(200, *origins("https://app.example.com/"), *JSON),
        url=ITEMS,
        asks=(),
    ),
    Report(
        "aws/aws-sam-cli#3719",
        ("acao.list",),
        allowed(
            "content-type",
            origin="http://localhost:3000,http://localhost:3002",
            status=200,
            server=(WERKZEUG,),
        ),
        url="http://127.0.0.1:3001/users",
        asks=("content-type",),
        origin="http://localhost:3002",
    ),
    Report(
        "Giphy/GiphyAPI#105",
        ("acao.duplicate",),
        None,
        answer(200, *origins("*", "*"), *JSON),
        url="https://api.giphy.com/v1/gifs/search",
        asks=(),
    ),
    Report(
        "suttacentral/suttacentral#2453",
        ("acao.duplicate",),
        None,
        answer(200, *origins("*", "*"), *JSON, ("server", "cloudflare")),
        url="https://suttacentral.net/api/suttas/mn1",
        asks=(),
    ),
)
HEADERS = (
    Report(
        "gstroup/apimocker#54",
        ("acam.missing",),
        answer(
            200,
            *ANY,
            (f"{ALLOW}methods", "GET,PUT,POST,DELETE"),
            (f"{ALLOW}headers", "Content-Type"),
            *EXPRESS,
        ),
        url="http://localhost:7879/myApp/myService/v1/account",
        method="PATCH",
        asks=("content-type",),
        origin="http://localhost:8080",
    ),
    Report(
        "oberonamsterdam/jsonapi-mock#6",
        ("acam.missing",),
        answer(
            200,
            *ANY,
            (f"{ALLOW}headers", "Content-Type, Accept"),
            ("allow", "GET,HEAD,PATCH,DELETE"),
            *EXPRESS,
        ),
        url="http://localhost:3004/posts/1",
        method="PATCH",
        asks=("content-type",),
        origin="http://localhost:8080",
    ),
    Report(
        "getsentry/sentry-javascript#8823",
        ("acah.custom",),
        allowed("sentry-trace", "content-type", status=200),
        url="https://sentry.io/api/embed/error-page/",
        method="POST",
        asks=("baggage", "content-type", "sentry-trace"),
    ),
    Report(
        "getsentry/sentry-replay#317",
        ("acah.custom",),
        answer(
            400, ("server", "nginx"), ("content-type", "text/plain; charset=utf-8"), ("via", "1.1 google")
        ),
        url="https://o1.ingest.sentry.io/api/1/envelope/",
        method="POST",
        asks=TRACING,
    ),
    Report(
        "Necmttn/ax#693",
        ("acah.custom",),
        allowed("content-type", origin="http://localhost:5173"),
        url="http://127.0.0.1:4731/api/sessions",
        asks=("content-type", "traceparent"),
        origin="http://localhost:5173",
    ),
    Report(
        "corydolphin/flask-cors#132",
        ("acac.not-true", "client.credentials"),
        allowed("content-type", origin=LOCAL, status=200, server=(WERKZEUG,)),
        url="http://localhost:5000/companies",
        method="POST",
        asks=("content-type",),
        credentials=True,
        origin=LOCAL,
    ),
    Report(
        "joostfarla/serverless-cors-plugin#3",
        ("acac.not-true", "client.credentials"),
        None,
        Response(200, headers=(*origins("https://app.example.com"), *JSON), body="{}"),
        asks=(),
        credentials=True,
    ),
    Report(
        "sky-uk/api-explorer#100",
        ("acao.wildcard-credentials", "client.credentials"),
        allowed("content-type", status=200),
        url=ITEMS,
        method="POST",
        asks=("content-type",),
        credentials=True,
    ),
)
STORES = (
    Report(
        "aws-amplify/amplify-hosting#3267",
        ("edge.s3-no-cors",),
        answer(403, XML, S3, *BY_EDGE),
        url="https://main.d1twcvjf92buo6.amplifyapp.com/config.json",
    ),
    Report(
        "aws-amplify/amplify-js#169",
        ("edge.s3-no-cors",),
        answer(403, XML, S3, ("x-amz-id-2", "KNx0jQUT"), ("x-amz-request-id", "8B01F0E44B34D800")),
        url="https://iagramly-userfiles-mobilehub-5555.s3.amazonaws.com/public/Hello",
        method="PUT",
        asks=("authorization", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"),
        origin=LOCAL,
    ),
    Report(
        "floci-io/floci#1865",
        ("edge.s3-no-cors",),
        answer(403, XML),
        url="http://localhost:4566/my-bucket/key.png?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=dcd8",
        method="PUT",
        asks=("content-type",),
        origin="http://localhost:3030",
    ),
    Report(
        "localstack/localstack#877",
        ("acah.custom",),
        allowed("authorization", "content-type", "content-md5", "x-amz-date", status=200),
        url="http://localhost:4572/my-bucket/key?AWSAccessKeyId=test&Signature=abc",
        method="PUT",
        asks=("cache-control", "content-type", "x-requested-with"),
        origin="http://localhost:8000",
        browser="firefox",
    ),
    Report(
        "localstack/localstack#160",
        ("acah.authorization", "acah.custom"),
        answer(200, *OPEN, ("server", "BaseHTTP/0.3 Python/2.7.13")),
        url="http://localhost:4572/my-bucket",
        asks=("authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-user-agent"),
        origin="http://localhost:8080",
    ),
    Report(
        "localstack/localstack#10316",
        ("acao.host", "httpapi.origin-not-listed"),
        answer(403, ("server", "hypercorn-h11")),
        url="http://localhost:4566/graphql/abc",
        method="POST",
        asks=("content-type", "x-api-key", "x-amz-user-agent"),
        origin="http://localhost:3001",
    ),
)
PAGES = (
    Report(
        "Icehunter/dune-admin#4",
        ("client.lna",),
        url="http://localhost:8080/api/v1/status",
        origin="https://dune-admin.layout.tools",
        asks=(),
        failure="net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS",
    ),
    Report(
        "scottbarnesg/smart-sec-cam#14",
        ("deploy.tls",),
        url="https://192.168.1.5:8444/rooms",
        origin="https://192.168.1.5:8443",
        asks=(),
        browser="firefox",
    ),
)
