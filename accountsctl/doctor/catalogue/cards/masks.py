"""What hides a cause: gateway responses. Never a root cause, always worth mending."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Card, Check, Evidence, Scene, Stage, when
from accountsctl.doctor.catalogue.simulate import ALLOW_ORIGIN, literal
from accountsctl.doctor.facts.model import GatewayResponse

SOURCE = "API Gateway Developer Guide, gateway response types"
DEFAULTS = ("DEFAULT_4XX", "DEFAULT_5XX")


def _default(family: str) -> Check:
    def check(scene: Scene) -> Iterator[Evidence]:
        if scene.api.kind != "REST":
            return
        response = scene.api.responses.get(family)
        if response is None:
            yield Evidence(
                scene.api.place, f"no gateway response {family}", f"{family} with the CORS headers"
            )
        elif ALLOW_ORIGIN not in response.headers:
            place = response.place.of("headers")
            yield Evidence(place, f"{family} without Access-Control-Allow-Origin", "mapped: '*'")

    return check


def _specific(scene: Scene) -> Iterator[Evidence]:
    for name, response in scene.api.responses.items():
        if name not in DEFAULTS:
            told = ALLOW_ORIGIN not in response.headers and _family_has(scene, name)
            yield from when(
                told,
                response.place.of("headers"),
                f"{name} without Access-Control-Allow-Origin",
                "as DEFAULT_* has it",
            )


def _family_has(scene: Scene, name: str) -> bool:
    five = name.startswith(("API_CONF", "AUTHORIZER_", "INTEGRATION_"))
    family = scene.api.responses.get("DEFAULT_5XX" if five else "DEFAULT_4XX")
    return family is not None and ALLOW_ORIGIN in family.headers


def _pinned(scene: Scene) -> Iterator[Evidence]:
    for name, response in scene.api.responses.items():
        value = _origin(response, scene.ask.origin)
        if value is not None and value not in ("*", scene.ask.origin):
            yield Evidence(response.place.of("headers"), f"{name} names {value}", scene.ask.origin)


def _origin(response: GatewayResponse, origin: str) -> str | None:
    expression = response.headers.get(ALLOW_ORIGIN)
    return literal(expression, origin) if expression is not None else None


def _rewritten(scene: Scene) -> Iterator[Evidence]:
    for name in DEFAULTS:
        response = scene.api.responses.get(name)
        if response is not None and response.status is not None:
            yield Evidence(
                response.place.of("status"), f"{name} makes every status {response.status}", "no StatusCode"
            )


BARE = "No 'Access-Control-Allow-Origin' header is present on the requested resource"
CARDS = (
    Card(
        "gwresp.specific-overrides",
        Stage.MASK,
        "A customised type lacks the CORS headers, and replaces DEFAULT_4XX or DEFAULT_5XX altogether.",
        f"{BARE}, for that error only",
        "Copy the CORS headers into every customised gateway response.",
        SOURCE,
        check=_specific,
    ),
    Card(
        "gwresp.4xx",
        Stage.MASK,
        "The gateway's own 4xx answers carry no CORS headers, so the browser hides them.",
        f"{BARE}, instead of the 401 or 403",
        "DEFAULT_4XX with Access-Control-Allow-Origin; it unmasks the cause, it does not cure it.",
        "amplify-cli#5183, serverless#4994, chalice#787",
        check=_default("DEFAULT_4XX"),
    ),
    Card(
        "gwresp.5xx",
        Stage.MASK,
        "The gateway's own 5xx answers carry no CORS headers, so the browser hides them.",
        f"{BARE}, instead of the 500, 502 or 504",
        "DEFAULT_5XX with Access-Control-Allow-Origin; it unmasks the cause, it does not cure it.",
        "amplify-cli#5183",
        check=_default("DEFAULT_5XX"),
    ),
    Card(
        "gwresp.static-origin",
        Stage.MASK,
        "A gateway response names one origin, and the page has another.",
        "The header has a value that is not equal to the supplied origin, on errors only",
        "'*', or method.request.header.Origin.",
        SOURCE,
        check=_pinned,
    ),
    Card(
        "gwresp.status-rewritten",
        Stage.MASK,
        "StatusCode on DEFAULT_4XX or DEFAULT_5XX gives every error the same status.",
        "a misleading status",
        "Remove StatusCode.",
        SOURCE,
        check=_rewritten,
    ),
    Card(
        "gwresp.masks-preflight",
        Stage.MASK,
        "DEFAULT_4XX has CORS headers, so a refused preflight shows only its status.",
        "It does not have HTTP ok status",
        "Cure what refuses the preflight.",
        "measured",
    ),
    Card(
        "gwresp.413",
        Stage.AUTH,
        "The body is larger than 10 MB; this answer cannot be given CORS headers.",
        BARE,
        "Upload to S3 by a presigned URL.",
        "API Gateway quotas and known issues",
        kind="code",
        refusals=(said.TOO_LARGE, said.TOO_LARGE_ENTITY),
    ),
    Card(
        "gwresp.waf-custom",
        Stage.MASK,
        "A web ACL's custom response replaces the gateway's, without CORS headers.",
        BARE,
        "Add the headers to the web ACL's custom response.",
        SOURCE,
    ),
)
