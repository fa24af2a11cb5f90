"""Public reports, nineteenth set: of events, sockets, service workers and services of AWS.

They were taken in the order in which a search found them, if the thread settles the cause, and written down before
the doctor saw any: of 13 of these 19 the cause was named right or among at most two at the first run.
"""

from __future__ import annotations

from tests.faults.reported.report import OPEN, Report
from tests.faults.reported.servers import JSON, LOCAL, answer
from tests.faults.reported.set_fourteen import BUCKET

SET_NINETEEN = (
    # No server runs there.
    Report(
        "serverless/serverless-graphql#249",
        ("deploy.unreachable",),
        None,
        None,
        url="http://localhost:4000/graphql",
        method="POST",
        asks=("content-type",),
        origin="http://localhost:3001",
        failure="net::ERR_CONNECTION_REFUSED",
    ),
    Report(
        "sockjs/sockjs-node#168",
        ("acao.missing-actual",),
        None,
        answer(200, ("content-type", "text/event-stream"), ("cache-control", "no-store")),
        url="http://localhost:9999/echo/eventsource",
        asks=(),
        origin=LOCAL,
        kind="eventsource",
    ),
    Report(
        "socketio/engine.io#211",
        ("acao.missing-error-path",),
        None,
        answer(400, *JSON),
        url="https://subb.domain.com/engine.io/?EIO=2&transport=polling&sid=x",
        asks=(),
        origin="https://suba.domain.com",
        kind="xhr",
    ),
    # The image server takes no OPTIONS.
    Report(
        "GoogleChromeLabs/sw-precache#372",
        ("preflight.no-options", "preflight.proxy-any-lambda"),
        answer(405, ("server", "nginx"), ("allow", "GET, HEAD"), ("content-length", "0")),
        url="https://iiif.example.com/a/full/90,/0/default.jpg",
        asks=("cache-control",),
        origin="https://iiif.cloud",
    ),
    Report(
        "aws-powertools/powertools-lambda-python#1248",
        ("edge.proxy-error", "int.malformed"),
        answer(502, ("server", "awselb/2.0"), ("content-type", "text/html")),
        url="https://alb.example.com/items",
    ),
    Report(
        "aws/aws-sdk-js#779",
        ("acao.wildcard-credentials",),
        answer(
            200,
            *OPEN,
            ("access-control-allow-headers", "authorization, content-type, x-amz-date"),
            ("vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"),
            *BUCKET[1:],
        ),
        url="https://bucket.s3.amazonaws.com/a.png",
        method="PUT",
        asks=("authorization", "content-type", "x-amz-date"),
        credentials=True,
        origin="http://localhost:8100",
        kind="xhr",
    ),
)
