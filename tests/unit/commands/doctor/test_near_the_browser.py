"""What a recording shows of the browser itself: its cache, workers, connections, and redirects of the page's server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from tests.unit.commands.doctor.recordings import ALLOWED, PAGE, causes, diagnosed, entry, preflight

FAILED = "net::ERR_FAILED"
IMAGE = "https://assets.example.com/image.png"
OTHER = "https://login.example.com/authorize"


def unsent(url: str = IMAGE, **more: Any) -> dict[str, Any]:
    return entry(url=url, status=0, error=FAILED, **more)


def without_cors(url: str = IMAGE, **answered: str) -> dict[str, Any]:
    found = entry(url=url, answered=answered, _resourceType="image")
    found["request"]["headers"] = []
    return found


def test_a_response_that_was_loaded_without_cors_before_is_of_the_cache() -> None:
    assert causes(diagnosed(without_cors(), unsent())) == ["client.cached-without-cors"]


@pytest.mark.parametrize("other", [without_cors("https://assets.example.com/b.png"), without_cors(**ALLOWED)])
def test_another_url_or_one_that_allows_the_page_proves_nothing(other: dict[str, Any]) -> None:
    assert causes(diagnosed(other, unsent())) == ["client.cached-without-cors", "client.service-worker"]


def of_worker(url: str, page: str = PAGE, **more: Any) -> dict[str, Any]:
    """A response of a page's service worker, as Chromium records it."""
    found = entry(url=url, answered=ALLOWED, page=page, **more)
    found["response"]["_fetchedViaServiceWorker"] = True
    return found


@pytest.mark.parametrize(
    "other",
    [
        of_worker(f"{PAGE}/main.js"),
        of_worker("https://cdn.example.com/a.js"),
        entry(url=f"{PAGE}/a.js", timings={"_workerRespondWithSettled": 12.5}),
    ],
)
def test_a_page_that_a_service_worker_answered_has_its_worker_first(other: dict[str, Any]) -> None:
    assert causes(diagnosed(other, unsent())) == ["client.service-worker", "client.cached-without-cors"]
    assert causes(diagnosed(other, unsent(method="PUT")))[0] == "client.service-worker"


@pytest.mark.parametrize(
    "other",
    [
        entry(url=f"{PAGE}/sw.js", sent={"service-worker": "script"}),
        of_worker("https://other.example.com/a.js", page="https://other.example.com"),
        entry(url=f"{PAGE}/a.js", timings={"_workerRespondWithSettled": -1}, _fetchedViaServiceWorker=False),
    ],
)
def test_a_workers_script_or_another_pages_worker_proves_nothing(other: dict[str, Any]) -> None:
    assert causes(diagnosed(other, unsent()))[0] == "client.cached-without-cors"
    assert diagnosed(other, unsent(method="PUT")).outcome is DiagnosisOutcome.UNKNOWN


@pytest.mark.parametrize(
    "error",
    [
        "net::ERR_SSL_PROTOCOL_ERROR",
        "net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
        "SSL_ERROR_RX_RECORD_TOO_LONG",
        "SSL_ERROR_UNSUPPORTED_VERSION",
    ],
)
def test_a_connection_without_tls_is_not_a_certificate(error: str) -> None:
    assert causes(diagnosed(entry(status=0, error=error))) == ["deploy.no-https"]
    assert causes(diagnosed(entry(status=0, error="net::ERR_CERT_DATE_INVALID"))) == ["deploy.tls"]


@pytest.mark.parametrize("error", ["net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_TIMED_OUT"])
def test_a_server_that_takes_no_connection_is_the_cause(error: str) -> None:
    assert causes(diagnosed(entry(status=0, error=error))) == ["deploy.unreachable"]
    assert causes(diagnosed(preflight(), entry(status=0, error=error))) == ["deploy.unreachable"]


def in_firefox(url: str) -> Diagnosis:
    log = {
        "version": "1.2",
        "creator": {"name": "Firefox", "version": "1"},
        "entries": [entry(url=url, status=0)],
    }
    (found,) = from_recording(json.dumps({"log": log}), "firefox.har").diagnoses
    return found


def test_firefox_gives_no_reason_and_a_near_server_has_few() -> None:
    assert causes(in_firefox("http://localhost:8000/api")) == ["deploy.unreachable"]
    assert causes(in_firefox("https://localhost:8000/api")) == ["deploy.tls", "deploy.unreachable"]
    assert in_firefox("https://api.example.com/api").outcome is DiagnosisOutcome.UNKNOWN


def redirected(**more: Any) -> dict[str, Any]:
    own = entry(url=f"{PAGE}/api", status=302, answered={"location": OTHER}, **more)
    own["request"]["headers"] = [{"name": "Referer", "value": f"{PAGE}/"}]
    return own


def test_a_redirect_of_the_pages_own_server_to_another_origin_is_the_cause() -> None:
    found = diagnosed(redirected(), entry(url=OTHER, error=FAILED))
    assert causes(found) == ["client.redirect"]
    assert found.ask.url == f"{PAGE}/api"


def test_a_page_that_the_browser_opens_may_be_redirected() -> None:
    found = diagnosed(redirected(_resourceType="document"), entry(url=OTHER, error=FAILED))
    assert found.ask.url == OTHER


def test_a_simple_request_that_is_refused_though_its_response_allows_the_page_had_credentials() -> None:
    failed = diagnosed(entry(answered=ALLOWED, error=FAILED))
    assert set(causes(failed)) == {"client.credentials", "acao.wildcard-credentials"}
    assert diagnosed(entry(answered=ALLOWED)).outcome is DiagnosisOutcome.PASS


def test_a_resource_policy_keeps_a_script_from_the_page() -> None:
    error = "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin"
    script = entry(url=IMAGE, error=error, _resourceType="script")
    script["request"]["headers"] = [{"name": "Referer", "value": f"{PAGE}/"}]
    assert causes(diagnosed(script)) == ["client.resource-policy"]
