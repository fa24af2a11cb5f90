"""What is true of HTTP APIs, function URLs and WebSockets, which are no REST APIs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.targets import Query, checked
from accountsctl.doctor.facts.model import Api, Method
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.errors import CouldNotLook, UsageError
from tests.unit.commands.doctor.recordings import causes, diagnosed, entry, preflight

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


@pytest.mark.parametrize("apis", [(), (api(ApiKind.HTTP),)])
def test_an_http_api_that_answers_options_without_headers_lacks_a_cors_configuration(
    apis: tuple[Api, ...],
) -> None:
    found = diagnosed(preflight(HTTP, 204, NAMED), unsent(HTTP), apis=apis)
    assert causes(found) == ["httpapi.no-cors"]


def test_an_http_api_that_takes_no_options_says_not_found() -> None:
    refused = preflight(HTTP, 404, NAMED, body='{"message":"Not Found"}')
    assert causes(diagnosed(refused, unsent(HTTP)))[0] == "preflight.no-options"
    known = diagnosed(refused, unsent(HTTP), apis=(api(ApiKind.HTTP),))
    assert causes(known) == ["preflight.no-options"]


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
