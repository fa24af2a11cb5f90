"""Public reports, fifth set: collected after the doctor had been corrected by the fourth.

Each was rebuilt, and its cause written down, before the doctor saw any: 22 of these 27 were named right or among at
most two at the first run, 16 of them alone.
"""

from __future__ import annotations

from tests.faults.reported.answers import BAD, SIGNED
from tests.faults.reported.report import Report, Response, passed
from tests.faults.reported.servers import JSON, LOCAL, allowed, answer

HTML = ("content-type", "text/html; charset=UTF-8")
SPRING = (("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("cache-control", "no-cache"))
STORE = "https://storage.googleapis.com/my-bucket"
SIGN_INS = (
    Report(
        "szerhusenBC/jwt-spring-security-demo#34",
        ("preflight.authenticated",),
        answer(401, *SPRING, *JSON),
        url="http://localhost:8080/protected",
        origin="http://localhost:4200",
    ),
    Report(
        "hephaestus-build/Hephaestus#673",
        ("preflight.authenticated",),
        answer(403, *SPRING),
        url="https://api.example.com/workspaces",
    ),
    Report(
        "confluentinc/rest-utils#117",
        ("preflight.authenticated",),
        answer(401, ("www-authenticate", 'basic realm="c3"'), ("server", "Jetty(9.4.11)")),
        url="http://localhost:8081/subjects",
        method="POST",
        asks=("authorization", "content-type"),
        origin=LOCAL,
    ),
    Report(
        "dotnet/aspnetcore#11764",
        ("preflight.authenticated",),
        answer(
            401,
            ("www-authenticate", "Negotiate"),
            ("www-authenticate", "NTLM"),
            ("server", "Microsoft-IIS/10.0"),
            HTML,
        ),
        url="http://server.corp/hub/negotiate",
        method="POST",
        asks=("x-requested-with",),
        origin="http://localhost:4200",
    ),
    # No one may call the function without IAM: allUsers is not its invoker.
    Report(
        "firebase/firebase-functions#646",
        ("preflight.authenticated",),
        answer(403, HTML, ("server", "Google Frontend")),
        url="https://us-central1-project.cloudfunctions.net/test",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    # The page calls the function in another region than it is in.
    Report(
        "firebase/functions-samples#395",
        ("deploy.wrong-path", "deploy.wrong-host", "preflight.no-options"),
        answer(404, HTML, ("server", "Google Frontend")),
        url="https://us-central1-project.cloudfunctions.net/addMessage",
        method="POST",
        asks=("authorization", "content-type"),
        origin="http://localhost:4200",
    ),
    # Cloudflare Access wants the user to sign in again.
    Report(
        "CodeWithCJ/SparkyFitness#448",
        ("client.redirect",),
        None,
        answer(302, ("location", "https://team.cloudflareaccess.com/cdn-cgi/access/login/fit.example.com")),
        url="https://fit.example.com/locales/en/translation.json",
        origin="https://fit.example.com",
        asks=(),
        redirected=answer(200, HTML, ("server", "cloudflare")),
    ),
    Report(
        "aws-amplify/amplify-js#114",
        ("auth.iam-expired",),
        passed(SIGNED),
        Response(403, "ExpiredTokenException", "The security token included in the request is expired"),
        asks=SIGNED,
    ),
)
SERVERS = (
    # Heroku: the application has crashed (H10).
    Report(
        "prose/gatekeeper#67",
        ("edge.proxy-error", "deploy.unreachable"),
        None,
        answer(503, ("server", "Cowboy"), HTML, ("via", "1.1 vegur"), body="Application error"),
        url="https://app.herokuapp.com/authenticate/8017e66b",
        asks=(),
    ),
    Report(
        "wasp-lang/wasp#2479",
        ("edge.proxy-error", "deploy.unreachable"),
        answer(502, ("server", "Fly/0d1f5cf1 (2025-01-30)"), ("via", "1.1 fly.io")),
        url="https://app-server.fly.dev/auth/me",
    ),
    Report(
        "mnzpk/WikiNav#9",
        ("edge.proxy-error",),
        None,
        answer(502, ("server", "nginx/1.18.0"), HTML, body="<html><h1>502 Bad Gateway</h1></html>"),
        url="https://wikinav.wmcloud.org/api/v1/latest/meta",
        origin="https://wikinav.toolforge.org",
        asks=(),
    ),
    Report(
        "webpack/webpack#10329",
        ("deploy.unreachable",),
        url="http://localhost:8080/sockjs-node/info",
        origin="http://localhost:7000",
        asks=(),
        failure="net::ERR_CONNECTION_REFUSED",
    ),
    Report(
        "blockfrost/blockfrost-backend-ryo#30",
        ("auth.throttle", "acao.missing-error-path"),
        allowed("project_id", status=200),
        answer(429, *JSON, ("server", "cloudflare"), body='{"status_code":429}'),
        url="https://cardano-mainnet.blockfrost.io/api/v0/epochs/latest",
        asks=("project_id",),
    ),
    Report(
        "hapifhir/hapi-fhir#718",
        ("acah.custom",),
        allowed("origin", "accept", "x-requested-with", "content-type", status=200),
        url="http://hapi.fhir.org/baseDstu3/Patient",
        method="PUT",
        asks=("content-type", "prefer"),
        origin="http://localhost:8000",
    ),
    Report(
        "googleapis/google-cloud-python#10247",
        ("edge.s3-no-cors",),
        answer(
            200, ("x-guploader-uploadid", "AEnB2Ur"), HTML, ("server", "UploadServer"), ("vary", "Origin")
        ),
        url=f"{STORE}/photo.jpg?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Signature=6bcf",
        method="PUT",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "leerob/nextjs-gcp-storage#8",
        ("edge.s3-no-cors",),
        None,
        answer(400, ("content-type", "application/xml"), ("server", "UploadServer"), body="<Error>"),
        url=f"{STORE}/",
        method="POST",
        asks=(),
        origin=LOCAL,
        browser="firefox",
    ),
    Report(
        "GoogleCloudPlatform/django-cloud-deploy#324",
        ("edge.s3-no-cors",),
        None,
        answer(
            200,
            ("content-type", "font/woff2"),
            ("server", "UploadServer"),
            ("x-goog-hash", "crc32c=n03x6A=="),
        ),
        url=f"{STORE}/static/webfonts/fa-solid-900.woff2",
        asks=(),
        kind="font",
    ),
    Report(
        "Notifuse/notifuse#9",
        ("edge.s3-no-cors",),
        answer(403, ("server", "cloudflare"), ("content-type", "application/xml")),
        url="https://emails.957ce1eef8747bbabf5d.r2.cloudflarestorage.com/",
        asks=("authorization", "x-amz-content-sha256", "x-amz-date"),
    ),
)
PAGES = (
    # helmet 5 sends Cross-Origin-Resource-Policy: same-origin.
    Report(
        "helmetjs/helmet#343",
        ("client.resource-policy",),
        None,
        answer(200, ("content-type", "text/javascript"), ("cross-origin-resource-policy", "same-origin")),
        url="https://some-api.example.com/widget.js",
        asks=(),
        kind="script",
        cors=False,
        failure="net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin",
    ),
    # A button in a form submits it, and the page is loaded again.
    Report(
        "axios/axios#4967",
        ("client.aborted",),
        url="http://localhost:8080/users/reg",
        method="POST",
        asks=(),
        origin="http://localhost:5500",
        failure="net::ERR_ABORTED",
    ),
    Report(
        "axios/axios#572",
        ("client.credentials", "acao.wildcard-credentials"),
        None,
        answer(200, ("access-control-allow-origin", "*"), *JSON, ("server", "Google Frontend")),
        url="http://time.jsontest.com/",
        asks=(),
        credentials=True,
        origin="http://localhost:8080",
    ),
    Report(
        "matrix-org/matrix-hookshot#566",
        ("acao.missing-actual", "acao.null"),
        None,
        answer(200, ("content-type", "application/javascript"), ("x-powered-by", "Express")),
        url="http://localhost:9002/widgetapi/v1/static/assets/index.bfc942df.js",
        asks=(),
        kind="script",
        origin="null",
    ),
    Report(
        "Automattic/jetpack#9973",
        ("acao.null", "httpapi.origin-not-listed"),
        answer(204, ("server", "cloudflare")),
        url="https://api.song.link/v1-alpha.1/links",
        asks=("content-type",),
        origin="null",
    ),
)
GATEWAYS = (
    # The path has no slash, and so becomes a part of the stage's name.
    Report(
        "aws-amplify/amplify-cli#3332",
        ("deploy.no-stage", "deploy.wrong-path"),
        Response(403, "ForbiddenException", "Forbidden"),
        url="https://abc123.execute-api.eu-west-1.amazonaws.com/devitems",
        asks=SIGNED,
    ),
    Report(
        "spektor.dev/cors-and-other-gotchas-with-aws-api-gateway-lambda",
        ("acao.missing-actual",),
        passed(("content-type",)),
        Response(200, body="{}", headers=JSON),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "aws/aws-lambda-dotnet#80",
        ("gwresp.413",),
        passed(("content-type",)),
        answer(413, ("content-type", "text; charset=utf-8"), ("x-cache", "Error from cloudfront")),
        method="POST",
        asks=("content-type",),
        sends=7_000_000,
    ),
    Report("aws-powertools/powertools-lambda-python#5399", ("int.malformed",), passed(), BAD),
)
SET_FIVE = (*SIGN_INS, *SERVERS, *PAGES, *GATEWAYS)
