"""What hides a cause: gateway responses. Never a root cause, always worth fixing."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.console import NOT_OK
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING, OTHER_ORIGIN
from accountsctl.doctor.catalogue.fixes import gateway_responses, parameters
from accountsctl.doctor.catalogue.scene import Check, Evidence, Scene, when
from accountsctl.doctor.catalogue.simulate import literal
from accountsctl.doctor.facts.model import GatewayResponse
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.cors_headers import ALLOW_ORIGIN

cause = Causes()
SOURCE = "API Gateway Developer Guide, gateway response types"
DEFAULTS = ("DEFAULT_4XX", "DEFAULT_5XX")


def _family_has(scene: Scene, name: str) -> bool:
    five = name.startswith(("API_CONF", "AUTHORIZER_", "INTEGRATION_"))
    family = scene.api.responses.get("DEFAULT_5XX" if five else "DEFAULT_4XX")
    return family is not None and ALLOW_ORIGIN in family.headers


@cause(
    id="gwresp.specific-overrides",
    stage=RequestStage.MASK,
    what="A gateway response for this kind of error lacks the CORS headers, and DEFAULT_4XX or DEFAULT_5XX"
    " does not apply to it.",
    browser=f"{MISSING}, for that error only",
    fix="Copy the CORS headers into every customised gateway response.",
    source=SOURCE,
    edit=gateway_responses.add_cors_headers(),
    zoo="tests/faults/test_pairs.py",
)
def _specific(scene: Scene) -> Iterator[Evidence]:
    for name, response in scene.api.responses.items():
        if name not in DEFAULTS:
            lacks_origin = ALLOW_ORIGIN not in response.headers and _family_has(scene, name)
            yield from when(
                lacks_origin,
                response.place.of("headers"),
                f"{name} without Access-Control-Allow-Origin",
                "as DEFAULT_* has it",
            )


def _default(family: str) -> Check:
    def check(scene: Scene) -> Iterator[Evidence]:
        response = scene.api.responses.get(family)
        if scene.api.kind != ApiKind.REST or (scene.api.responses_elsewhere and response is None):
            return
        if response is None:
            yield Evidence(
                scene.api.place, f"no gateway response {family}", f"{family} with the CORS headers"
            )
        elif ALLOW_ORIGIN not in response.headers:
            place = response.place.of("headers")
            yield Evidence(place, f"{family} without Access-Control-Allow-Origin", "mapped: '*'")

    return check


cause.add(
    _default("DEFAULT_4XX"),
    id="gwresp.4xx",
    stage=RequestStage.MASK,
    what="The gateway's own 4xx answers carry no CORS headers, so the browser hides them.",
    browser=f"{MISSING}, instead of the 401 or 403",
    fix="Add Access-Control-Allow-Origin to DEFAULT_4XX: the page then sees the real error, which is "
    "still to be fixed.",
    source="amplify-cli#5183, serverless#4994, chalice#787",
    edit=gateway_responses.add_cors_headers("DEFAULT_4XX"),
    zoo="tests/faults/test_pairs.py",
)


cause.add(
    _default("DEFAULT_5XX"),
    id="gwresp.5xx",
    stage=RequestStage.MASK,
    what="The gateway's own 5xx answers carry no CORS headers, so the browser hides them.",
    browser=f"{MISSING}, instead of the 500, 502 or 504",
    fix="Add Access-Control-Allow-Origin to DEFAULT_5XX: the page then sees the real error, which is "
    "still to be fixed.",
    source="amplify-cli#5183",
    edit=gateway_responses.add_cors_headers("DEFAULT_5XX"),
    zoo="tests/faults/test_pairs.py",
)


def _origin(response: GatewayResponse, origin: str) -> str | None:
    expression = response.headers.get(ALLOW_ORIGIN)
    return literal(expression, origin) if expression is not None else None


@cause(
    id="gwresp.static-origin",
    stage=RequestStage.MASK,
    what="A gateway response names one origin, and the page has another.",
    browser=f"{OTHER_ORIGIN}, on errors only",
    fix="Use '*', or method.request.header.Origin.",
    source=SOURCE,
    edit=gateway_responses.add_cors_headers(),
    parameters=parameters.allow_origin,
    zoo="tests/faults/test_pairs.py",
)
def _pinned(scene: Scene) -> Iterator[Evidence]:
    for name, response in scene.api.responses.items():
        value = _origin(response, scene.ask.origin)
        if value is not None and value not in ("*", scene.ask.origin) and not is_unknown(value):
            yield Evidence(response.place.of("headers"), f"{name} names {value}", scene.ask.origin)


@cause(
    id="gwresp.status-rewritten",
    stage=RequestStage.MASK,
    what="StatusCode on DEFAULT_4XX or DEFAULT_5XX gives every error the same status.",
    browser="a misleading status",
    fix="Remove StatusCode.",
    source=SOURCE,
    edit=gateway_responses.remove_status,
    zoo="tests/faults/test_pairs.py",
)
def _rewritten(scene: Scene) -> Iterator[Evidence]:
    for name in DEFAULTS:
        response = scene.api.responses.get(name)
        if response is not None and response.status is not None:
            yield Evidence(
                response.place.of("status"), f"{name} makes every status {response.status}", "no StatusCode"
            )


cause.add(
    id="gwresp.masks-preflight",
    stage=RequestStage.MASK,
    what="DEFAULT_4XX has CORS headers, so a refused preflight shows only its status.",
    browser=NOT_OK,
    fix="Fix what refuses the preflight.",
    source="measured",
)


cause.add(
    id="gwresp.413",
    stage=RequestStage.AUTH,
    what="The request's body is too large (API Gateway takes 10 MB, a function 6 MB); no CORS headers can be added to "
    "this answer.",
    browser=MISSING,
    fix="Upload to S3 by a presigned URL.",
    source="API Gateway quotas and known issues",
    kind="code",
    refusals=(
        said.TOO_LARGE,
        said.TOO_LARGE_ENTITY,
        said.TOO_LARGE_FOR_LAMBDA,
        said.TOO_LARGE_UNTYPED,
        said.TOO_LARGE_FOR_URL,
        said.HTTP_TOO_LARGE,
    ),
    zoo="tests/faults/recorded.py",
)


cause.add(
    id="gwresp.waf-custom",
    stage=RequestStage.MASK,
    what="A web ACL's custom response replaces the gateway's, without CORS headers.",
    browser=MISSING,
    fix="Add the headers to the web ACL's custom response.",
    source=SOURCE,
)
