"""A recording with requests to the page's own origin alone: CORS does not apply, and what failed is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.model.errors import CouldNotLook, UsageError
from tests.unit.commands.doctor.recordings import API, PAGE, entry

ITEMS = f"{PAGE}/api/items"
NOTHING_FAILED = "The doctor looks at what pages ask of other origins."


def bare(recorded: dict[str, Any], **headers: str) -> dict[str, Any]:
    """The entry with these headers alone, as of a page that the user opened, or an image."""
    recorded["request"]["headers"] = [{"name": name, "value": value} for name, value in headers.items()]
    return recorded


def refused(*entries: dict[str, Any]) -> CouldNotLook:
    with pytest.raises(CouldNotLook) as raised:
        from_recording(json.dumps({"log": {"entries": entries}}), "page.har")
    assert raised.value.what == "page.har shows no request to another origin."
    assert raised.value.exit_code == 4
    return raised.value


@pytest.mark.parametrize(
    ("recorded", "seen"),
    [
        (entry("POST", f"{ITEMS}?token=abc", 500), f"POST {ITEMS}?token (500)"),
        (entry(url=ITEMS, status=0, error="net::ERR_CONNECTION_REFUSED"), "(no response, net::ERR_CONNECT"),
        (bare(entry(url=PAGE, status=404, _resourceType="document")), f"GET {PAGE} (404)"),
        (entry(url=ITEMS, status=403, sent={"sec-fetch-site": "same-origin"}), f"GET {ITEMS} (403)"),
    ],
    ids=["error", "no response", "the page itself", "by Sec-Fetch-Site"],
)
def test_a_failed_request_is_named_with_its_status(recorded: dict[str, Any], seen: str) -> None:
    found = refused(entry(url=f"{PAGE}/fine"), recorded)
    assert "CORS does not apply to requests to the page's own origin." in found.why
    assert seen in found.why
    assert "/fine" not in found.why
    assert "abc" not in found.why
    assert PAGE in found.hint


def test_of_many_failed_requests_the_first_are_named_and_each_once() -> None:
    every = [entry(url=f"{ITEMS}/{number}", status=500) for number in range(7)]
    why = refused(*every, *every).why
    assert why.count("(500)") == 5
    assert why.endswith("and 2 more.")


def test_what_went_well_or_to_another_site_is_not_named() -> None:
    image = entry(url="https://cdn.example.com/a.png", status=404, _resourceType="image")
    found = refused(entry(url=ITEMS), bare(image, Referer=f"{PAGE}/"))
    assert found.why == NOTHING_FAILED


def test_the_place_of_a_url_that_cannot_be_read_is_named_where_nothing_else_was_recorded() -> None:
    with pytest.raises(UsageError) as raised:
        from_recording(
            json.dumps({"log": {"entries": [entry(url=ITEMS), entry(url="https://[::1/c")]}}), "page.har"
        )
    assert raised.value.what == "page.har: /log/entries/1/request/url is not a URL."
    assert "http" not in raised.value.what


def test_a_failed_request_goes_before_a_url_that_cannot_be_read() -> None:
    assert "(500)" in refused(entry(url=ITEMS, status=500), entry(url="https://[::1/c")).why


OF_GATEWAY = {"x-amz-apigw-id": "Q1ea3GcAIAM=", "x-amzn-errortype": "TooManyRequestsException"}
OF_CLOUDFRONT = {"server": "CloudFront", "content-type": "text/html"}
PAGE_FOR_ERROR = {"content-type": "text/html", "x-cache": "Error from cloudfront"}


def diagnosed(*entries: dict[str, Any]) -> Diagnosis:
    (found,) = from_recording(json.dumps({"log": {"entries": entries}}), "page.har").diagnoses
    return found


@pytest.mark.parametrize(
    ("status", "answered", "cause"),
    [
        (429, OF_GATEWAY, "auth.throttle"),
        (200, PAGE_FOR_ERROR, "edge.cf-error-page"),
        (504, OF_CLOUDFRONT, "edge.proxy-error"),
    ],
    ids=["API Gateway", "a page for an error", "CloudFront itself"],
)
def test_what_aws_refuses_at_the_pages_own_origin_is_an_error_with_its_cause(
    status: int, answered: dict[str, str], cause: str
) -> None:
    found = diagnosed(entry(url=f"{PAGE}/fine"), entry(url=ITEMS, status=status, answered=answered))
    assert found.outcome is DiagnosisOutcome.ERROR
    assert found.root is not None
    assert found.root.card.id == cause
    assert found.ask.url == ITEMS


CLOUDFRONT = {"server": "CloudFront", "content-type": "text/html", "x-cache": "Error from cloudfront"}
BUCKET = {"server": "AmazonS3", "content-type": "application/xml", "x-cache": "Error from cloudfront"}
TITLE = "<HTML><TITLE>ERROR: The request could not be satisfied</TITLE>"
NO_METHOD = f"{TITLE} This distribution is not configured to allow the HTTP request method that was used."
BLOCKED = f"{TITLE} Request blocked. We can't connect to the server for this app or website at this time."
NO_HOST = {**OF_GATEWAY, "x-amzn-errortype": "ForbiddenException", "via": "1.1 a.cloudfront.net (CloudFront)"}
INDEX = "<!doctype html><title>app</title>"


@pytest.mark.parametrize(
    ("method", "status", "answered", "body", "named"),
    [
        ("POST", 403, CLOUDFRONT, NO_METHOD, ["edge.cf-methods"]),
        ("GET", 403, CLOUDFRONT, BLOCKED, ["auth.waf"]),
        ("GET", 502, CLOUDFRONT, TITLE, ["edge.proxy-error"]),
        ("GET", 504, CLOUDFRONT, TITLE, ["edge.proxy-error"]),
        # The site's own host is no custom domain of the API.
        ("GET", 403, NO_HOST, '{"message":"Forbidden"}', ["edge.cf-host", "auth.api-key"]),
        ("GET", 403, BUCKET, "<Error><Code>AccessDenied</Code></Error>", ["edge.no-behavior"]),
        ("GET", 404, BUCKET, "<Error><Code>NoSuchKey</Code></Error>", ["edge.no-behavior"]),
        ("POST", 405, BUCKET, "<Error><Code>MethodNotAllowed</Code></Error>", ["edge.no-behavior"]),
        (
            "GET",
            200,
            {**CLOUDFRONT, "server": "AmazonS3", "x-cache": "Hit from cloudfront"},
            INDEX,
            ["edge.no-behavior"],
        ),
        ("GET", 200, {"content-type": "text/html; charset=utf-8"}, INDEX, ["edge.page-instead"]),
    ],
)
def test_cloudfront_and_the_site_tell_why_the_api_did_not_answer(
    method: str, status: int, answered: dict[str, str], body: str, named: list[str]
) -> None:
    found = diagnosed(entry(method, ITEMS, status, answered, body=body))
    assert found.outcome is DiagnosisOutcome.ERROR
    assert [one.card.id for one in (found.root, *found.alternatives) if one is not None] == named


@pytest.mark.parametrize(
    "answered", [{"server": "nginx", "content-type": "text/html"}, {"x-powered-by": "Express"}]
)
def test_another_servers_error_at_the_pages_own_origin_is_only_named(answered: dict[str, str]) -> None:
    assert "(404)" in refused(entry(url=ITEMS, status=404, answered=answered)).why


def test_a_part_of_a_page_that_a_script_loads_is_a_page() -> None:
    menu = entry(url=f"{PAGE}/parts/menu.html", answered={"content-type": "text/html"})
    assert (
        refused(menu, entry(url=ITEMS, answered={"content-type": "application/json"})).why == NOTHING_FAILED
    )


@pytest.mark.parametrize(
    ("answered", "more"),
    [
        ({"content-type": "application/json", "x-cache": "Hit from cloudfront"}, {}),
        ({"content-type": "application/json", "x-cache": "Error from cloudfront"}, {}),
        (PAGE_FOR_ERROR, {"_resourceType": "document"}),
        (PAGE_FOR_ERROR, {"_resourceType": "image"}),
    ],
    ids=["from the cache", "no page", "a navigation", "an image"],
)
def test_a_page_that_is_not_in_place_of_an_apis_error_is_none(
    answered: dict[str, str], more: dict[str, Any]
) -> None:
    assert refused(entry(url=ITEMS, answered=answered, **more)).why == NOTHING_FAILED


def test_a_failed_request_to_another_origin_comes_first() -> None:
    found = diagnosed(entry(url=ITEMS, status=429, answered=OF_GATEWAY), entry(status=200))
    assert found.ask.url == API
    assert found.outcome is DiagnosisOutcome.BLOCKED


def test_a_recording_without_credentials_may_have_left_them_out_at_the_pages_own_origin() -> None:
    answered = {"x-amz-apigw-id": "Q1ea3GcAIAM=", "x-amzn-errortype": "UnauthorizedException"}
    one = entry(url=ITEMS, status=401, answered=answered)
    assert diagnosed(one).ask.sanitized
    assert not diagnosed(entry(url=f"{PAGE}/fine", sent={"cookie": "a=b"}), one).ask.sanitized


def test_a_script_that_api_gateway_refuses_is_diagnosed_and_the_page_itself_is_not() -> None:
    answered = {"x-amz-apigw-id": "Q1ea3GcAIAM=", "x-amzn-errortype": "ForbiddenException"}
    site = "https://abc123.execute-api.eu-west-1.amazonaws.com"
    script = entry(
        url=f"{site}/_next/main.js", status=403, answered=answered, page=site, _resourceType="script"
    )
    found = diagnosed(script)
    assert found.root is not None
    assert found.root.card.id == "deploy.no-stage"
    assert "(403)" in refused({**script, "_resourceType": "document"}).why


def test_a_site_that_cloudfront_does_not_find_is_listed_and_no_api_is_suspected() -> None:
    image = entry(url=f"{PAGE}/a.png", status=403, answered=OF_CLOUDFRONT, _resourceType="image")
    assert "(403)" in refused(image).why
