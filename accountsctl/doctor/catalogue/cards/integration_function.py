"""The function behind the method: its response, its time, and what is kept of both."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import (
    MISSING,
    OTHER_ORIGIN,
    integration_of_request,
    proxy_integration,
)
from accountsctl.doctor.catalogue.cli_commands import LOG_OF_FUNCTION
from accountsctl.doctor.catalogue.fixes import integrations
from accountsctl.doctor.catalogue.scene import Evidence, Scene, when
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.model.api_gateway import MAPPED, ApiKind
from accountsctl.model.cors_headers import ALLOW_ORIGIN

cause = Causes()
GATEWAY_SECONDS = 29.0
HTTP_API_SECONDS = 30.0


def _unread(scene: Scene) -> bool:
    """Whether a layer does not know the function's code, or what it answers is built out of sight."""
    return scene.handler is None


def _may_be_malformed(scene: Scene) -> bool:
    """Of code that was read, the answers that are written out are known to be valid, and not what it puts together."""
    written_out = scene.handler is not None and scene.handler.is_valid
    return _unread(scene) or (proxy_integration(scene) is not None and not written_out)


@cause(
    id="int.malformed",
    stage=RequestStage.INTEGRATION,
    what="The function's response is not a valid proxy response: it is a text or a number, or has an unknown key, a "
    "text as statusCode, or an object as body.",
    browser=MISSING,
    fix="Return {statusCode: number, headers: {...}, body: text}. An async handler has to await what it calls, and "
    "return the answer itself: a callback after its end comes too late.",
    source="API Gateway Developer Guide, Lambda proxy integrations",
    kind="code",
    refusals=(said.BAD_ANSWER, said.HTTP_FAILED),
    stays=_may_be_malformed,
    split=LOG_OF_FUNCTION,
    zoo="tests/faults/zoo.py",
)
def _malformed(scene: Scene) -> Iterator[Evidence]:
    handler = scene.handler if proxy_integration(scene) else None
    if handler is None:
        return
    of_rest = handler.unknown_to_rest if scene.api.kind == ApiKind.REST else None
    place = handler.malformed or of_rest
    if place is not None:
        yield Evidence(
            place, "returns what is not a valid proxy response", "{statusCode, headers, body: text}"
        )


@cause(
    id="int.throws",
    stage=RequestStage.INTEGRATION,
    what="The function throws, or cannot be loaded.",
    browser=MISSING,
    fix="Read its log; catch the error, and answer with the CORS headers.",
    source="amplify-js#6931, serverless#4037",
    kind="code",
    refusals=(said.BAD_ANSWER, said.HTTP_FAILED, said.URL_FAILED),
    # What the code does with the data of a day no source tells.
    stays=lambda _: True,
    split=LOG_OF_FUNCTION,
    zoo="tests/faults/zoo.py",
)
def _throws(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if proxy_integration(scene) else None
    if function is None:
        return
    if function.handler is not None and function.handler.broken:
        yield Evidence(function.handler.place, function.handler.broken, "code that loads and answers")
    elif function.state in ("Failed", "Inactive"):
        yield Evidence(function.place.of("state"), f"the function's state is {function.state}", "Active")


def _took_its_time(scene: Scene, answered: Exchange) -> bool | None:
    """Whether the answer came when the function's time was over; False if it came before."""
    function = scene.function
    if function is None or function.timeout is None or not answered.milliseconds:
        return None
    return answered.milliseconds >= 900 * function.timeout


@cause(
    id="int.lambda-timeout",
    stage=RequestStage.INTEGRATION,
    what="The function runs longer than its own Timeout, and is stopped.",
    browser=MISSING,
    fix="Raise Timeout, or answer faster.",
    source="amplify-cli#4200",
    refusals=(said.BAD_ANSWER, said.HTTP_FAILED, said.URL_FAILED),
    sure=False,
    proved=_took_its_time,
    split=LOG_OF_FUNCTION,
    zoo="tests/faults/callers.py",
)
def _late(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if proxy_integration(scene) else None
    if function is not None and function.timeout is not None:
        yield from when(
            function.timeout < GATEWAY_SECONDS,
            function.place.of("timeout"),
            f"Timeout {function.timeout:g} s",
            "time enough for the slowest call, up to 29 s",
        )


@cause(
    id="int.aurora-resume",
    stage=RequestStage.INTEGRATION,
    what="The database was paused; the Data API raised DatabaseResumingException, which the function did not catch.",
    browser=MISSING,
    fix="Catch it: answer 503 with Retry-After, or try again while there is time.",
    source="Aurora Serverless v2, auto-pause",
    kind="code",
    refusals=(said.BAD_ANSWER, said.TIMEOUT),
    sure=False,
    split="call once more: the second call finds the database awake",
    zoo="tests/faults/facts_and_answers.py",
)
def _sleeping(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if proxy_integration(scene) else None
    if function is not None and function.database_sleeps and function.handler is not None:
        yield from when(
            function.handler.resumes is False,
            function.handler.place,
            "the database may pause, and the code does not know DatabaseResumingException",
            "an answer 503 with Retry-After, or a retry",
        )


@cause(
    id="int.gateway-timeout",
    stage=RequestStage.INTEGRATION,
    what="The function takes longer than API Gateway waits for it (29 s; an HTTP API and AppSync 30 s).",
    browser=MISSING,
    fix="Answer within 29 s (HTTP API, AppSync: 30 s), or work asynchronously.",
    source="API Gateway quotas",
    kind="code",
    refusals=(said.TIMEOUT, said.HTTP_TIMEOUT),
    sure=False,
    # Of a function that is not known no layer tells how long it takes.
    stays=_unread,
    split=LOG_OF_FUNCTION,
    zoo="tests/faults/callers.py",
)
def _too_late(scene: Scene) -> Iterator[Evidence]:
    function, integration = scene.function, proxy_integration(scene)
    if function is not None and integration is not None and function.timeout is not None:
        usual = HTTP_API_SECONDS if scene.api.kind == ApiKind.HTTP else GATEWAY_SECONDS
        limit = integration.timeout_ms / 1000 if integration.timeout_ms else usual
        yield from when(
            function.timeout > limit,
            function.place.of("timeout"),
            f"the function may take {function.timeout:g} s, the gateway waits {limit:g} s",
            f"an answer within {limit:g} s",
        )


cause.add(
    id="int.response-too-big",
    stage=RequestStage.INTEGRATION,
    what="The function's answer is larger than 6 MB.",
    browser=MISSING,
    fix="Answer in pages, or with a link to S3.",
    source="Lambda quotas",
    kind="code",
    refusals=(said.BAD_ANSWER,),
    split=LOG_OF_FUNCTION,
    zoo="tests/faults/callers.py",
)


@cause(
    id="int.non-proxy-missing-map",
    stage=RequestStage.ACTUAL_HEADERS,
    what="The integration is not a proxy integration, and not each of its responses sets "
    "Access-Control-Allow-Origin: API Gateway drops a header that the method response does not declare.",
    browser=MISSING,
    fix="Set the header in every integration response, declare it in MethodResponses.ResponseParameters, and deploy.",
    source="API Gateway Developer Guide, CORS",
    reads=lambda shown: shown.is_bare,
    edit=integrations.map_origin,
    zoo="tests/faults/zoo.py",
)
def _unmapped(scene: Scene) -> Iterator[Evidence]:
    integration, method = integration_of_request(scene), scene.method
    if integration is None or integration.type not in MAPPED or method is None:
        return
    for response in integration.responses:
        declared = (method.declared or {}).get(response.status)
        if ALLOW_ORIGIN not in response.headers and ALLOW_ORIGIN not in response.computed:
            yield Evidence(
                response.place.of("headers"), f"{response.status} maps no Access-Control-Allow-Origin", "'*'"
            )
        elif declared is not None and ALLOW_ORIGIN in response.headers and ALLOW_ORIGIN not in declared:
            yield Evidence(
                method.place.of("declared"),
                f"{response.status} maps Access-Control-Allow-Origin, and its method response does not declare it",
                "declared in MethodResponses",
            )


@cause(
    id="int.stage-cache",
    stage=RequestStage.ACTUAL_HEADERS,
    what="The stage's cache gives one origin's answer to another.",
    browser=OTHER_ORIGIN,
    fix="Make the Origin header part of the cache key.",
    source="inferred from acao.vary",
    reads=lambda shown: shown.error == CorsError.ORIGIN_MISMATCH and not shown.preflight,
    zoo="tests/faults/callers.py",
)
def _cached(scene: Scene) -> Iterator[Evidence]:
    """A function that always names one site would give the same answer without a cache."""
    handler = scene.handler
    if scene.preflight or (handler is not None and not handler.computed):
        return
    for stage in scene.api.stages.values():
        if stage.cached and not stage.cache_keys_origin:
            yield Evidence(
                stage.place, "the stage's cache has no key for Origin", "CacheKeyParameters with Origin"
            )
