"""The page itself: what never reaches the API, or reaches the wrong one."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue.card import Card, Evidence, Scene, Stage
from accountsctl.doctor.catalogue.cards.deployment import EXECUTE


def _other_api(scene: Scene) -> Iterator[Evidence]:
    asked = EXECUTE.match(scene.ask.host)
    if asked and scene.api.id and asked.group(1) != scene.api.id:
        yield Evidence(
            scene.api.place,
            f"the client calls the API {asked.group(1)}",
            f"{scene.api.id}, of this environment",
        )


CARDS = (
    Card(
        "client.mixed",
        Stage.CLIENT,
        "The page is https and calls an http API; the request never leaves the browser.",
        "Mixed Content: ... This request has been blocked",
        "Call the API by https.",
        "measured",
        kind="code",
        reads=lambda shown: shown.verdict.code == "MixedContent",
    ),
    Card(
        "client.stale-config",
        Stage.CLIENT,
        "The client's configuration is of another environment.",
        "whatever that API answers",
        "accountsctl export, and build the page with what it writes.",
        "amplify-js#6931",
        kind="command",
        check=_other_api,
        # Another environment's API may work well.
        sure=False,
    ),
    Card(
        "client.redirect",
        Stage.EDGE,
        "The request was redirected to another origin: Authorization is dropped, and Origin becomes null.",
        "The header has a value that is not equal to the supplied origin",
        "Call the final URL.",
        "Fetch standard; measured",
        kind="code",
        reads=lambda shown: shown.verdict.hop > 0 or shown.verdict.phase == "redirect",
    ),
    Card(
        "client.csp",
        Stage.CLIENT,
        "The page's Content-Security-Policy does not list the API in connect-src.",
        "Refused to connect ... because it violates the Content Security Policy",
        "Add the API's origin to connect-src.",
        "measured",
        kind="code",
    ),
    Card(
        "client.lna",
        Stage.CLIENT,
        "A public page calls a loopback or private address, which Chromium asks about.",
        "Permission was denied for this request to access the `loopback` address space",
        "Grant the permission; no fault of the server.",
        "Chrome 142, Local Network Access; measured",
        kind="code",
    ),
    Card(
        "client.no-cors",
        Stage.NOTE,
        "mode: 'no-cors' gives an answer that nobody can read: status 0, no body.",
        "nothing: an opaque answer",
        "Remove mode: 'no-cors'.",
        "measured",
        kind="code",
    ),
    Card(
        "client.blocked",
        Stage.NOTE,
        "An extension blocks the request.",
        "net::ERR_BLOCKED_BY_CLIENT",
        "Try without extensions.",
        "Chromium",
        kind="code",
    ),
)
