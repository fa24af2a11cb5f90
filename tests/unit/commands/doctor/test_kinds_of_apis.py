"""What is true of HTTP APIs, function URLs and WebSockets, which are no REST APIs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Certainty, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, checked, page_requests
from accountsctl.doctor.facts.model import Api, HttpCors, Method, Stage
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.errors import CouldNotLook, UsageError
from tests.unit.commands.doctor.recordings import ALLOWED, causes, diagnosed, entry, preflight

HTTP = "https://abc123.execute-api.eu-west-1.amazonaws.com/items"
URL = "https://abcd.lambda-url.eu-west-1.on.aws/items"
NAMED = {"apigw-requestid": "AbCdEf="}
PLACE = SourcePlace(Layer.STATIC, "template.yaml")


def unsent(url: str) -> dict[str, Any]:
    """A request that the browser did not send."""
    return entry(url=url, status=0, error="net::ERR_FAILED")


def api(kind: str) -> Api:
    """An API with GET /items, as its template has it."""
    return Api("api", Layer.STATIC, PLACE, {"/items": {"GET": Method("GET", PLACE)}}, kind=kind)


@pytest.mark.parametrize(
    ("apis", "expected"),
    [
        # The configuration answers 204 without headers for an origin that it does not list.
        ((), ["httpapi.origin-not-listed", "httpapi.no-cors"]),
        ((api(ApiKind.HTTP),), ["httpapi.no-cors"]),
    ],
)
def test_an_http_api_that_answers_options_without_headers_lacks_a_cors_configuration_or_the_origin(
    apis: tuple[Api, ...], expected: list[str]
) -> None:
    found = diagnosed(preflight(HTTP, 204, NAMED), unsent(HTTP), apis=apis)
    assert causes(found) == expected


def test_an_http_api_that_takes_no_options_says_not_found() -> None:
    refused = preflight(HTTP, 404, NAMED, body='{"message":"Not Found"}')
    assert causes(diagnosed(refused, unsent(HTTP)))[0] == "preflight.no-options"
    known = diagnosed(refused, unsent(HTTP), apis=(api(ApiKind.HTTP),))
    assert causes(known) == ["preflight.no-options"]


@pytest.mark.parametrize(
    ("kind", "status", "words", "typed"),
    [
        (ApiKind.HTTP, 404, "Not Found", {}),
        (ApiKind.REST, 403, "Forbidden", {"x-amzn-errortype": "ForbiddenException"}),
    ],
)
def test_a_stage_that_is_not_there_has_the_refusal_of_the_kind_of_api(
    kind: str, status: int, words: str, typed: dict[str, str]
) -> None:
    """As AWS answers: no CORS headers either, since no API is known yet."""
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/items"
    stages = {"dev": Stage("dev", PLACE)}
    cors = HttpCors(PLACE, origins=("*",)) if kind == ApiKind.HTTP else None
    known = replace(api(kind), stages=stages, http_cors=cors)
    (ask,) = page_requests(known, Query(origin="https://app.example.com", url=url, method="GET"), ())
    simulated = diagnose(Subject((known,)), ask)
    answer = simulated.walk.preflight or simulated.walk.actual
    assert (causes(simulated), answer and answer.status) == (["deploy.no-stage"], status)
    assert answer is not None
    assert answer.value("access-control-allow-origin") is None
    ids = NAMED if kind == ApiKind.HTTP else {"x-amz-apigw-id": "a"}
    seen = entry(url=url, status=status, answered={**ids, **typed}, body=json.dumps({"message": words}))
    seen["response"]["_error"] = "net::ERR_FAILED"
    assert causes(diagnosed(seen, apis=(known,))) == ["deploy.no-stage"]


@pytest.mark.parametrize("apis", [(), (api(ApiKind.FUNCTION_URL),)])
def test_a_function_url_that_answers_options_without_headers_lacks_a_cors_configuration(
    apis: tuple[Api, ...],
) -> None:
    found = diagnosed(preflight(URL, 200, {}), unsent(URL), apis=apis)
    assert causes(found) == ["function-url.no-cors"]


@pytest.mark.parametrize("kind", [ApiKind.HTTP, ApiKind.FUNCTION_URL])
@pytest.mark.parametrize("status", [403, 404, 500, 502])
def test_only_a_rest_api_has_a_stale_deployment(kind: ApiKind, status: int) -> None:
    url = URL if kind is ApiKind.FUNCTION_URL else HTTP
    found = diagnosed(preflight(url, status, {}, body="{}"), unsent(url), apis=(api(kind),))
    assert "deploy.stale" not in causes(found)


def test_a_rest_api_that_answers_options_without_headers_lacks_them_in_its_mock() -> None:
    url = HTTP.replace("/items", "/dev/items")
    found = diagnosed(preflight(url, 204, {"x-amz-apigw-id": "a="}), unsent(url))
    assert causes(found) == ["preflight.mock-no-headers"]


def test_cors_does_not_apply_to_web_sockets() -> None:
    socket = {"request": {"method": "GET", "url": "wss://abc123.execute-api.eu-west-1.amazonaws.com/dev"}}
    with pytest.raises(CouldNotLook, match="no request") as raised:
        from_recording(json.dumps({"log": {"entries": [socket]}}), "page.har")
    assert "CORS does not apply" in raised.value.why
    with pytest.raises(UsageError, match="CORS does not apply to WebSockets"):
        checked(Query(url="wss://abc123.execute-api.eu-west-1.amazonaws.com/dev"))


@pytest.mark.parametrize(("status", "words"), [(401, "Unauthorized"), (403, "Forbidden"), (500, "mine")])
@pytest.mark.parametrize("apis", [(), (api(ApiKind.HTTP),)])
def test_an_error_of_an_http_api_without_headers_means_that_it_has_no_cors_configuration(
    apis: tuple[Api, ...], status: int, words: str
) -> None:
    refused = entry(url=HTTP, status=status, answered=NAMED, body=f'{{"message":"{words}"}}')
    passed = preflight(HTTP, 204, {**ALLOWED, **NAMED})
    assert causes(diagnosed(passed, refused, apis=apis)) == ["httpapi.error-without-cors"]


@pytest.mark.parametrize(
    ("status", "words", "outcome", "cause"),
    [
        (413, "Request Entity Too Large", DiagnosisOutcome.ERROR, ["gwresp.413"]),
        # Its own 404 has no CORS headers: an application said so.
        (404, "Not Found", DiagnosisOutcome.PASS, []),
    ],
)
def test_an_http_apis_own_words_are_no_success_though_the_page_reads_them(
    status: int, words: str, outcome: DiagnosisOutcome, cause: list[str]
) -> None:
    body = f'{{"message":"{words}"}}'
    found = diagnosed(entry("POST", HTTP, status, {**ALLOWED, **NAMED}, body=body))
    assert (found.outcome, causes(found)) == (outcome, cause)


def test_a_template_that_allows_the_origin_is_no_evidence_of_an_error_without_headers() -> None:
    allowing = replace(api(ApiKind.HTTP), http_cors=HttpCors(PLACE, origins=("*",)))
    passed = preflight(HTTP, 204, {**ALLOWED, **NAMED})
    found = diagnosed(passed, entry(url=HTTP, status=401, answered=NAMED), apis=(allowing,))
    assert causes(found) == ["httpapi.error-without-cors"]
    assert found.certainty is Certainty.LIKELY


def test_an_error_of_a_rest_api_s_function_stays_the_function_s() -> None:
    found = diagnosed(preflight(), entry(status=500, body="mine"))
    assert causes(found) == ["acao.missing-error-path"]


@pytest.mark.parametrize("status", [429, 502, 504])
@pytest.mark.parametrize("kind", [{}, {"x-amzn-errortype": "InternalServerErrorException"}])
def test_a_function_url_that_fails_on_options_has_no_cors_configuration(
    status: int, kind: dict[str, str]
) -> None:
    failed = preflight(URL, status, kind, body="Internal Server Error")
    assert causes(diagnosed(failed, unsent(URL)))[0] == "function-url.no-cors"


WEB_SOCKET = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "WEBSOCKET"}}


def test_a_template_with_web_sockets_only_cannot_be_checked_and_says_why() -> None:
    with pytest.raises(CouldNotLook) as refused:
        read_templates({"t.json": json.dumps({"Resources": {"Chat": WEB_SOCKET}})})
    assert refused.value.what == "t.json has only WebSocket APIs (Chat)."
    assert refused.value.why.startswith("CORS does not apply to WebSockets")


@pytest.mark.parametrize("properties", [{"ProtocolType": "HTTP"}, {"Name": "imported"}])
def test_web_sockets_are_named_beside_what_is_checked(properties: dict[str, str]) -> None:
    http = {"Type": "AWS::ApiGatewayV2::Api", "Properties": properties}
    (read,) = read_templates({"t.json": json.dumps({"Resources": {"Chat": WEB_SOCKET, "Shop": http}})})
    assert (read.name, [what for what, _ in read.not_reported]) == ("Shop", ["the WebSocket API Chat"])
