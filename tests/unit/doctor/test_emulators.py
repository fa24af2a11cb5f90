"""What emulators of API Gateway say on a developer's machine."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.targets import Query
from tests.faults.test_reported import causes

WORDS = "The API id 'k3jx9' does not correspond to a deployed API Gateway API"
BODY = f'{{"message": "{WORDS}"}}'
URLS = (
    "http://localhost:4566/restapis/k3jx9/dev/_user_request_/items",
    "http://localhost:4566/_aws/execute-api/k3jx9/dev/items",
    "http://k3jx9.execute-api.localhost.localstack.cloud:4566/dev/items",
)


def of_curl(url: str, command: str, more: str) -> list[str]:
    text = f"$ curl -i {command} '{url}'\nHTTP/1.1 404 NOT FOUND\nServer: TwistedWeb/24.3.0\n{more}\n"
    (found, *_) = from_recording(text, "curl.txt", (), Query()).diagnoses
    return causes(found)


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("command", ["", "-X OPTIONS"])
def test_localstack_says_that_no_such_api_is_deployed(url: str, command: str) -> None:
    assert of_curl(url, command, f"Content-Type: application/json\n\n{BODY}") == ["deploy.no-stage"]


@pytest.mark.parametrize("url", URLS)
def test_its_length_says_so_where_the_browser_keeps_the_words(url: str) -> None:
    text = (
        f"Request URL: {url}\nRequest Method: OPTIONS\nStatus Code: 404 NOT FOUND\nResponse Headers\n"
        f"Content-Type: application/json\nContent-Length: {len(BODY)}\nServer: TwistedWeb/24.3.0\n"
    )
    (found, *_) = from_recording(text, "headers.txt", (), Query()).diagnoses
    assert causes(found) == ["deploy.no-stage"]


def test_another_404_of_json_is_none_of_it() -> None:
    named = of_curl(URLS[0], "-X OPTIONS", 'Content-Type: application/json\n\n{"message": "Not found"}')
    assert "deploy.no-stage" not in named
