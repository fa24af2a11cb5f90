"""Public reports whose answers came without the headers that the browser wants, and the cause that each found."""

from __future__ import annotations

from tests.faults.reported.apis import (
    ALLOWED,
    STAR,
    body,
    mock,
    proxied,
    sam,
)
from tests.faults.reported.report import (
    ALLOW,
    DOMAIN,
    EDGE,
    FUNCTION,
    ORIGIN,
    REST,
    Report,
    Response,
    passed,
)


def answers(*headers: tuple[str, str], status: int = 200) -> Response:
    """A preflight's answer with Access-Control-Allow headers."""
    return Response(status, headers=tuple((f"{ALLOW}{name}", value) for name, value in headers))


def allows(origin: str) -> Response:
    """A preflight's answer that allows all but maybe the origin."""
    return answers(
        ("origin", origin), ("methods", "GET,POST,OPTIONS"), ("headers", "authorization,content-type")
    )


ALLOW_LISTS = (
    Report(
        "serverless/serverless#3324",
        ("acao.list",),
        allows("http://localhost:5050,*"),
        origin="http://localhost:5050",
        method="POST",
    ),
    Report(
        "serverless/serverless#2476",
        ("acao.list",),
        allows("https://app.example.com,https://www.example.com"),
    ),
    Report(
        "aws/serverless-application-model#3769",
        ("acao.list",),
        allows("https://app.example.com,https://b.example.com"),
        template=sam(Cors={**STAR, "AllowOrigin": "'https://app.example.com,https://b.example.com'"}),
    ),
    Report(
        "serverless/serverless#3852",
        ("acao.list", "acao.invalid"),
        allows("beta.leafycode.com leafycode.com"),
        origin="https://beta.leafycode.com",
    ),
    Report("serverless/serverless#5780", ("acao.invalid",), allows("undefined")),
    Report("serverless/blog#498", ("acao.invalid",), allows("")),
    Report(
        "aws-solutions-library-samples/guidance-for-clickstream-analytics-on-aws#127",
        ("acao.invalid",),
        allows("d3mpqdtjegq8im.cloudfront.net"),
        origin="http://d3mpqdtjegq8im.cloudfront.net",
    ),
    Report(
        "hummingbird-project/hummingbird-examples#130",
        ("acao.duplicate",),
        answers(("origin", "*"), ("origin", "*"), ("headers", "authorization")),
        url=FUNCTION,
    ),
    Report("oslabs-beta/Lambda-Lens#89", ("acao.trailing-slash",), allows(f"{ORIGIN}/")),
    Report("aws/aws-cdk#30453", ("acao.host",), allows("https://first.example.com")),
    Report(
        "serverless/serverless#6190",
        ("acam.missing",),
        answers(("origin", "*"), ("methods", "OPTIONS,GET,POST"), ("headers", "authorization")),
        method="PATCH",
    ),
    Report(
        "aws-amplify/amplify-category-api#519",
        ("acah.custom",),
        answers(
            ("origin", "*"),
            ("methods", "POST"),
            ("headers", "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token"),
        ),
        method="POST",
        asks=("authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"),
    ),
    Report(
        "ten24group/fw24#332",
        ("acah.custom",),
        answers(("origin", "*"), ("methods", "GET"), ("headers", "Content-Type,Authorization")),
        asks=("authorization", "x-correlation-id"),
    ),
    Report(
        "aws/serverless-application-model#1887",
        ("client.acao-request-header",),
        answers(("origin", "*"), ("methods", "POST,OPTIONS"), ("headers", "Content-Type,Authorization")),
        method="POST",
        asks=("access-control-allow-origin", "content-type"),
        origin="null",
    ),
    Report(
        "aws-amplify/amplify-js#259",
        ("client.acao-request-header",),
        answers(
            ("origin", "*"),
            ("methods", "GET,OPTIONS"),
            ("headers", "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token"),
        ),
        asks=("access-control-allow-methods", "authorization", "x-amz-date"),
    ),
    Report(
        "aws/serverless-application-model#1151",
        ("acah.authorization",),
        answers(("origin", "*"), ("methods", "GET,OPTIONS")),
        template=sam(Cors="'*'"),
    ),
    Report(
        "alma-cdk/openapix#39",
        ("preflight.unquoted-value",),
        answers(("methods", "POST, OPTIONS"), ("headers", "Content-Type,Authorization")),
        method="POST",
        template=body({"/items": {"post": proxied(), "options": mock(**{**ALLOWED, "Origin": "*"})}}),
    ),
    Report(
        "serverless/serverless#7060",
        ("acao.wildcard-credentials", "client.credentials"),
        answers(("origin", "*"), ("credentials", "true"), ("headers", "content-type")),
        asks=("content-type",),
        method="POST",
        credentials=True,
    ),
    Report(
        "joostfarla/serverless-cors-plugin#1",
        ("client.credentials", "acao.wildcard-credentials"),
        answers(("origin", "*"), ("headers", "content-type")),
        asks=("content-type",),
        method="POST",
        credentials=True,
    ),
    Report(
        "HeroTools/pager-backend#46",
        ("acao.wildcard-credentials",),
        answers(
            ("origin", "*"),
            ("methods", "*"),
            ("headers", "authorization,content-type"),
            ("credentials", "true"),
        ),
        credentials=True,
        template=sam(Cors={**STAR, "AllowCredentials": "'true'"}),
    ),
    Report(
        "CodeGenieApp/serverless-express#508",
        ("acah.authorization", "acah.custom"),
        answers(("origin", "*"), ("methods", "GET")),
        url=FUNCTION,
    ),
)
BARE = Response(200, body="{}", headers=(("content-type", "application/json"),))
ACTUAL = (
    Report("aws-amplify/amplify-js#223", ("acao.missing-actual",), passed(), BARE),
    Report(
        "serverless/serverless#4681",
        ("acao.missing-actual",),
        passed(("content-type",)),
        BARE,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "aws/aws-cdk#16876",
        ("acao.missing-actual",),
        passed(("content-type",)),
        BARE,
        body({"/items": {"post": proxied(), "options": mock(**ALLOWED)}}),
        method="POST",
        asks=("content-type",),
    ),
    Report("onmyway133/blog#1051", ("acao.missing-actual",), None, BARE, asks=()),
    Report(
        "spektor.dev/cors-and-other-gotchas-with-aws-api-gateway-lambda",
        ("acao.missing-actual",),
        passed(("content-type",)),
        BARE,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "serverless/serverless#2099",
        ("int.non-proxy-missing-map", "acao.missing-error-path"),
        passed(("content-type",)),
        Response(401, body="{}", headers=(("content-type", "application/json"),)),
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "jeremydaly/lambda-api#109",
        ("acao.missing-error-path",),
        None,
        Response(401, body='{"error":"Unauthorized"}', headers=(("content-type", "application/json"),)),
        asks=(),
    ),
    Report(
        "serverless/serverless#7575",
        ("acac.not-true",),
        Response(
            200,
            headers=(
                (f"{ALLOW}origin", ORIGIN),
                (f"{ALLOW}credentials", "true"),
                (f"{ALLOW}headers", "authorization"),
            ),
        ),
        Response(200, headers=((f"{ALLOW}origin", ORIGIN),)),
        credentials=True,
    ),
    Report(
        "aws-powertools/powertools-lambda-python#4163",
        ("acao.duplicate",),
        None,
        Response(200, headers=((f"{ALLOW}origin", ORIGIN), (f"{ALLOW}origin", ORIGIN))),
        url=FUNCTION,
        asks=(),
    ),
    Report(
        "samvera/serverless-iiif#71",
        ("acao.duplicate",),
        None,
        Response(200, headers=((f"{ALLOW}origin", f"*, {ORIGIN}"),)),
        url=FUNCTION,
        asks=(),
    ),
    Report(
        "samvera/serverless-iiif#111",
        ("edge.cf-origin-header",),
        None,
        Response(
            200, headers=((f"{ALLOW}origin", "https://other.example.com"), ("x-cache", "Hit from cloudfront"))
        ),
        url=EDGE,
        asks=(),
    ),
    Report(
        "Kludex/mangum#307",
        ("client.redirect",),
        None,
        Response(
            307,
            headers=(
                ("location", "https://abc123.execute-api.eu-west-1.amazonaws.com/items/"),
                (f"{ALLOW}origin", "*"),
            ),
        ),
        url=DOMAIN,
        asks=(),
        redirected=Response(403, "ForbiddenException", "Forbidden"),
    ),
    Report(
        "fastapi/fastapi#5066",
        ("client.redirect",),
        passed(),
        Response(307, headers=(("location", f"{REST}/"),)),
        asks=("authorization",),
    ),
    Report(
        "fastapi/fastapi#4990",
        ("client.redirect", "client.mixed"),
        passed(),
        Response(307, headers=(("location", "http://api.example.com/items/"), (f"{ALLOW}origin", "*"))),
        url=DOMAIN,
    ),
)
HEADERS = (*ALLOW_LISTS, *ACTUAL)
