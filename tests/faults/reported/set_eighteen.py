"""Public reports, eighteenth set: of proxies before APIs.

They were taken in the order in which a search found them, if the thread settles the cause, and written down before
the doctor saw any: of 12 of 15 the cause was named right or among at most two at the first run. What the console of
two more says (traefik#5567, ngrok#196) leaves more causes.
"""

from __future__ import annotations

from tests.faults.reported.report import ALLOW, ANY, OPEN, Headers, Report
from tests.faults.reported.servers import JSON, LOCAL, NGINX, answer, origins

HTML: Headers = (("content-type", "text/html; charset=utf-8"),)
EMPTY = answer(200, ("content-length", "0"))
NOTHING = ("preflight.mock-no-headers",)

SET_EIGHTEEN = (
    Report(
        "monsur/enable-cors.org#161",
        ("acah.custom", "client.json-content-type", "acah.authorization"),
        answer(204, *ANY, (f"{ALLOW}methods", "GET, POST, OPTIONS"), ("server", "nginx/1.18.0")),
        url="https://api.example.com/items",
        method="POST",
        asks=("content-type",),
        browser="firefox",
    ),
    Report(
        "monsur/enable-cors.org#14",
        ("acao.missing-error-path",),
        None,
        answer(404, *NGINX),
        url="https://api.example.com/items/7",
        asks=(),
    ),
    Report(
        "mautrix/docs#57",
        ("acao.duplicate",),
        None,
        answer(200, *origins("*", "*"), ("server", "nginx/1.24.0"), *JSON),
        url="https://matrix.example.com/.well-known/matrix/client",
        asks=(),
    ),
    Report(
        "outmoded/discuss#282",
        ("edge.proxy-error",),
        None,
        answer(502, *NGINX),
        url="https://api.example.com/items",
        asks=(),
    ),
    Report(
        "monsur/enable-cors.org#101",
        ("acao.wildcard-credentials",),
        None,
        answer(200, *ANY, ("server", "nginx/1.6.2"), *JSON),
        url="https://api.example.com/items",
        asks=(),
        credentials=True,
    ),
    Report(
        "mdn/content#26252",
        ("acao.missing-error-path",),
        None,
        answer(404, *NGINX),
        url="https://api.example.com/missing",
        asks=(),
        browser="firefox",
    ),
    Report(
        "traefik/traefik#9976",
        NOTHING,
        answer(200, ("via", "proxy A"), ("content-length", "0")),
        url="http://test.www.lab.example.com/",
        method="POST",
        asks=("content-type",),
        origin="https://google.fr".replace("https", "http"),
    ),
    Report(
        "traefik/traefik#6665",
        (*NOTHING, "httpapi.origin-not-listed"),
        EMPTY,
        url="https://api.example.com/",
    ),
    Report(
        "traefik/traefik#7607",
        NOTHING,
        EMPTY,
        url="http://whoami.localhost/",
        method="POST",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "traefik/traefik#6784",
        ("acao.wildcard-credentials",),
        answer(200, *OPEN, (f"{ALLOW}headers", "content-type"), ("content-length", "0")),
        url="https://api.example.com/items",
        method="POST",
        asks=("content-type",),
        credentials=True,
    ),
    Report(
        "traefik/traefik#4979",
        NOTHING,
        EMPTY,
        url="https://api.example.com/items",
        method="POST",
        asks=("content-type",),
    ),
    # The page of a warning.
    Report(
        "inconshreveable/ngrok#874",
        ("edge.page-instead",),
        answer(
            200,
            ("server", "uvicorn"),
            ("vary", "Origin"),
            (f"{ALLOW}methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
            (f"{ALLOW}credentials", "true"),
            (f"{ALLOW}origin", LOCAL),
            (f"{ALLOW}headers", "authorization"),
        ),
        answer(200, *HTML, ("ngrok-error-code", "ERR_NGROK_6024"), ("ngrok-trace-id", "1")),
        url="https://abc.ngrok.io/surveys",
        origin=LOCAL,
    ),
)
