"""Neighbours of what is reported: another server, status or browser, of which less can be said."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.report import (
    ANY,
    REST,
    Report,
    Response,
    chromium,
    firefox,
    passed,
    safari,
)
from tests.faults.reported.servers import ITEMS, JSON, NGINX, allowed, answer
from tests.faults.test_reported import REPORTS, causes, diagnosed

PAGE = ("content-type", "text/html")


def named(recording: str) -> list[str]:
    (found, *_) = from_recording(recording, "r.har", read_templates({}, {})).diagnoses
    return causes(found)


def report(preflight: Response | None, response: Response | None = None, url: str = ITEMS) -> Report:
    return Report("", (), preflight, response, url=url, asks=("authorization",) if preflight else ())


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("nginx/1.18.0", ["preflight.authenticated", "auth.waf"]),
        ("cloudflare", ["auth.waf", "preflight.authenticated"]),
        ("awselb/2.0", ["auth.waf", "edge.fixed-response"]),
    ],
)
def test_a_page_with_403_may_be_of_a_firewall_or_of_what_is_behind_the_proxy(
    server: str, expected: list[str]
) -> None:
    assert named(chromium(report(answer(403, ("server", server), PAGE)))) == expected


def test_a_load_balancers_403_that_is_not_a_page_is_first_a_fixed_response() -> None:
    refused = answer(403, ("server", "awselb/2.0"), ("content-type", "text/plain; charset=utf-8"))
    for seen in (report(refused), report(None, refused)):
        assert named(chromium(seen)) == ["edge.fixed-response", "auth.waf"]
    targets = answer(403, ("server", "uvicorn"), ("content-type", "text/plain"))
    assert "edge.fixed-response" not in named(chromium(report(targets)))


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("nginx", ["acao.missing-error-path", "auth.waf"]),
        ("cloudflare", ["auth.waf", "acao.missing-error-path"]),
    ],
)
def test_the_same_goes_for_the_request_itself(server: str, expected: list[str]) -> None:
    assert named(chromium(report(None, answer(403, ("server", server), PAGE)))) == expected


def test_a_page_with_403_that_the_page_may_read_is_not_of_a_firewall() -> None:
    read = answer(403, *ANY, ("server", "cloudflare"), PAGE)
    assert named(chromium(report(allowed("authorization"), read))) == []


@pytest.mark.parametrize("server", ["Apache", "cloudflare", "awselb/2.0"])
def test_only_nginx_refuses_with_400_for_a_client_certificate(server: str) -> None:
    assert "deploy.mtls" not in named(chromium(report(answer(400, ("server", server), PAGE))))


def test_the_words_of_nginx_tell_a_missing_certificate_from_an_applications_400() -> None:
    words = answer(400, *NGINX, body="<html>No required SSL certificate was sent</html>")
    assert named(firefox(report(words))) == ["deploy.mtls"]
    assert named(chromium(report(words))) == ["preflight.proxy-any-lambda", "deploy.mtls"]


@pytest.mark.parametrize(("status", "first"), [(400, "httpapi.origin-not-listed"), (503, "edge.proxy-error")])
def test_safari_names_first_what_most_servers_mean_by_a_status(status: int, first: str) -> None:
    assert named(safari(report(answer(status, *JSON))))[0] == first


def test_a_signed_request_to_an_api_is_not_one_to_a_store() -> None:
    refused = Response(403, error="AccessDeniedException")
    signed = f"{REST}?X-Amz-Algorithm=a&X-Amz-Signature=b"
    assert "edge.s3-no-cors" not in named(safari(report(None, refused, signed)))


@pytest.mark.parametrize("thread", ["aws/chalice#12", "aws/serverless-application-model#1983"])
def test_what_the_template_shows_comes_before_the_browsers_cache(thread: str) -> None:
    """Some versions of Chromium record status 0 of a response that CORS blocked."""
    shown = next(report for report in REPORTS if report.thread == thread and report.template)
    unseen = replace(shown, response=None, failure="net::ERR_FAILED")
    assert json.loads(chromium(unseen))["log"]["entries"][0]["response"]["status"] == 0
    assert set(causes(diagnosed(unseen, chromium(unseen), template=True))) & set(shown.causes)
    assert causes(diagnosed(unseen, chromium(unseen), template=False))[0] == "client.cached-without-cors"


NO_ROUTE = '{"message":"Missing Authentication Token"}'


@pytest.mark.parametrize("preflight", [True, False])
def test_an_emulator_of_api_gateway_says_in_its_words_that_there_is_no_route(preflight: bool) -> None:
    refused = answer(403, *JSON, ("content-length", "43"), body=f"{NO_ROUTE}\n")
    seen = report(refused) if preflight else report(None, refused)
    expected = ["preflight.no-options", "deploy.wrong-path"] if preflight else ["deploy.wrong-path"]
    assert named(chromium(seen)) == expected
    assert named(firefox(seen)) == expected


@pytest.mark.parametrize(
    ("server", "length"),
    [((), "45"), ((("server", "gunicorn"),), "42"), ((("server", "WSGIServer/0.2"),), "43")],
)
def test_a_frameworks_own_refusal_of_that_length_is_none_of_a_missing_route(
    server: tuple[tuple[str, str], ...], length: str
) -> None:
    """Django REST framework: {"detail":"CSRF Failed: CSRF token missing."} has 45 bytes."""
    refused = answer(403, *JSON, *server, ("content-length", length))
    assert "deploy.wrong-path" not in named(chromium(report(None, refused)))


def test_another_refusal_in_json_is_none_of_a_missing_route() -> None:
    refused = answer(403, *JSON, ("content-length", "27"), body='{"message":"Not signed in"}')
    for browser in (chromium, firefox):
        assert named(browser(report(refused))) == ["preflight.authenticated", "httpapi.origin-not-listed"]
        assert named(browser(report(None, refused))) == ["acao.missing-error-path"]


APPSYNC = "https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com/graphql"


def test_appsync_waits_for_its_resolvers_as_api_gateway_does() -> None:
    late = report(passed(), answer(504, *JSON, ("x-amzn-requestid", "7f1c")), APPSYNC)
    for browser in (chromium, firefox):
        assert named(browser(late)) == ["int.gateway-timeout"]
    of_another = report(passed(), answer(504, *JSON), ITEMS)
    assert named(chromium(of_another)) == ["acao.missing-error-path"]


@pytest.mark.parametrize(
    ("status", "asks", "expected"),
    [
        (403, ("authorization",), ["preflight.authenticated", "httpapi.origin-not-listed"]),
        (403, ("authorization", "sentry-trace"), ["preflight.authenticated", "acah.custom"]),
        (403, ("x-datadog-trace-id",), ["preflight.authenticated", "acah.custom"]),
        (403, ("x-api-key",), ["preflight.api-key", "httpapi.origin-not-listed"]),
        (401, ("x-api-key",), ["preflight.api-key", "preflight.authenticated"]),
        (401, ("authorization", "x-api-key"), ["preflight.authenticated"]),
    ],
)
def test_a_refused_preflight_is_explained_by_the_headers_that_it_asks_for(
    status: int, asks: tuple[str, ...], expected: list[str]
) -> None:
    assert named(chromium(replace(report(answer(status, *JSON)), asks=asks))) == expected


@pytest.mark.parametrize("origin", ["tauri://localhost", "capacitor://localhost", "ionic://localhost"])
def test_an_apps_own_origin_is_first_looked_for_in_the_list(origin: str) -> None:
    of_app = replace(report(None, answer(200, *JSON)), origin=origin)
    for recording in (chromium(of_app), firefox(of_app), safari(of_app)):
        assert named(recording) == ["httpapi.origin-not-listed", "acao.missing-actual"]
    words = f"Access to fetch at '{ITEMS}' from origin '{origin}' has been blocked by CORS policy: No "
    assert named(f"{words}'Access-Control-Allow-Origin' header is present.")[0] == "httpapi.origin-not-listed"
