"""The page itself: what never reaches the API, or reaches the wrong one."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.redirects import REDIRECTS
from accountsctl.doctor.browser.urls import api_of_host
from accountsctl.doctor.browser.verdict import Phase
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING, OTHER_ORIGIN
from accountsctl.doctor.catalogue.scene import Evidence, Scene, Shown

cause = Causes()


cause.add(
    id="client.mixed",
    stage=RequestStage.CLIENT,
    what="The page is https, and the URL that it calls, or is redirected to, is http.",
    browser="Mixed Content: ... This request has been blocked",
    fix="Call the API by https. If it redirects to http: call the URL that needs no redirect (often with or without "
    "the slash at its end), or let the server know that its clients use https (X-Forwarded-Proto).",
    source="measured",
    kind="code",
    reads=lambda shown: shown.error == CorsError.MIXED_CONTENT,
    zoo="tests/faults/callers.py",
)


@cause(
    id="client.stale-config",
    stage=RequestStage.CLIENT,
    what="The client's configuration is of another environment, or a part of it is not set: the URL has undefined, "
    "null or none in its place.",
    browser="whatever that API answers",
    fix="Build the page with this environment's configuration (accountsctl export writes it). Where "
    "the URL has undefined, null or none, set the variable that the code reads there, in the environment of the build "
    "(VITE_, NEXT_PUBLIC_, REACT_APP_) too.",
    source="amplify-js#6931",
    kind="command",
    # Another environment's API may work well.
    sure=False,
    zoo="tests/faults/facts_and_answers.py",
)
def _other_api(scene: Scene) -> Iterator[Evidence]:
    called = api_of_host(scene.ask.host)
    if called and scene.api.id and called != scene.api.id:
        yield Evidence(
            scene.api.place,
            f"the client calls the API {called}",
            f"{scene.api.id}, of this environment",
        )


def _was_redirected(shown: Shown) -> bool:
    """Whether a redirect was refused, or what it led to."""
    refused_itself = not shown.preflight and shown.answer.status in REDIRECTS
    return refused_itself or shown.verdict.hop > 0 or shown.verdict.phase is Phase.REDIRECT


cause.add(
    id="client.redirect",
    stage=RequestStage.EDGE,
    what="The request was redirected. The redirect itself needs CORS headers; on the way to another origin "
    "Authorization is dropped, and Origin becomes null.",
    browser=f"{MISSING}, or: {OTHER_ORIGIN}",
    fix="Call the final URL: the one in Location, with or without the slash at its end; of S3, the host with the "
    "bucket's region (x-amz-bucket-region): bucket.s3.REGION.amazonaws.com. If it leads to a page to sign in, "
    "no fetch can follow it: open the URL in the window (location.assign), or sign in first.",
    source="Fetch standard; measured",
    kind="code",
    reads=_was_redirected,
    zoo="tests/faults/callers.py",
)


cause.add(
    id="client.csp",
    stage=RequestStage.CLIENT,
    what="The page's Content-Security-Policy does not list the API in connect-src.",
    browser="Refused to connect ... because it violates the Content Security Policy",
    fix="Add the API's origin to connect-src.",
    source="measured",
    kind="code",
    zoo="tests/faults/recorded.py",
)


cause.add(
    id="client.not-http",
    stage=RequestStage.CLIENT,
    what="The URL that the page calls is not one of a web server: it has no http:// or https:// before its host "
    "(localhost:8080), or the page was opened as a file, and what it loads is one too.",
    browser="Cross origin requests are only supported for protocol schemes: ... http, https; Firefox: CORS request "
    "not http",
    fix="Write the whole URL, with http:// or https:// and the host. A page that was opened as a file needs a web "
    "server (npx serve, python3 -m http.server).",
    source="MDN, CORS request not HTTP",
    kind="code",
    zoo="tests/faults/recorded.py",
)


cause.add(
    id="client.lna",
    stage=RequestStage.CLIENT,
    what="A public page calls a loopback or private address: Chromium asks the user first, and refuses it to a page "
    "without https.",
    browser="Permission was denied for this request to access the `loopback` address space",
    fix="Allow it when the browser asks. The server is not at fault.",
    source="Chrome 142, Local Network Access; measured",
    kind="code",
    zoo="tests/faults/recorded.py",
)


cause.add(
    id="client.no-cors",
    stage=RequestStage.NOTE,
    what="mode: 'no-cors' gives a response that cannot be read: status 0, no body.",
    browser="nothing: an opaque answer",
    fix="Remove mode: 'no-cors'.",
    source="measured",
    kind="code",
)


cause.add(
    id="client.blocked",
    stage=RequestStage.NOTE,
    what="An extension blocks the request.",
    browser="net::ERR_BLOCKED_BY_CLIENT",
    fix="Try without extensions.",
    source="Chromium",
    kind="code",
    zoo="tests/faults/recorded.py",
)
