"""What a recorded request itself shows of its cause: its token, its time, its length, and the browser's own words."""

from __future__ import annotations

import json
from dataclasses import replace

from accountsctl.doctor.browser.console import console_text
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from tests.faults.reported.answers import BAD, ISSUER, SIGNED, token
from tests.faults.reported.report import ANY, EDGE, Report, Response, chromium, firefox, passed, safari
from tests.faults.reported.set_twenty_six import TWENTY_SIX, throttled
from tests.faults.reported.templates import Shown, diagnosis_of
from tests.faults.test_reported import causes, diagnosed

UNAUTHORIZED = Response(401, "UnauthorizedException", "Unauthorized")
REFUSED = Report("refused", (), passed(), UNAUTHORIZED)
NO_METHOD = Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token")


def seen(report: Report) -> Diagnosis:
    return diagnosed(report, firefox(report), template=False)


def issued_by(issuer: str) -> Report:
    return replace(REFUSED, token=token(iss=issuer, exp=4000000000, token_use="id"))


def test_a_signed_request_has_no_token_to_be_wrong() -> None:
    found = seen(
        replace(REFUSED, preflight=passed(SIGNED), asks=SIGNED, token="AWS4-HMAC-SHA256 Credential=A")
    )
    assert causes(found) == ["auth.sigv4-to-cognito"]
    assert not [id_ for id_ in found.walk.rarer if id_.startswith("auth.cognito-")]


def test_a_token_of_cognito_is_refused_by_a_cognito_authorizer() -> None:
    found = seen(issued_by(ISSUER))
    assert "auth.lambda-deny" in found.walk.rarer
    assert all(id_.startswith("auth.cognito-") for id_ in causes(found))


def test_a_token_of_another_issuer_is_refused_by_a_lambda_authorizer() -> None:
    found = seen(issued_by("https://shop.eu.auth0.com/"))
    assert causes(found) == ["auth.lambda-deny"]
    assert "auth.cognito-wrong-pool" in found.walk.rarer


def test_a_failure_after_three_seconds_is_lambdas_default_time_out_first() -> None:
    failed = Report("failed", (), passed(), BAD, milliseconds=3080)
    assert causes(seen(failed)) == ["int.lambda-timeout", "int.throws"]
    assert causes(seen(replace(failed, milliseconds=1400))) == ["int.throws", "int.malformed"]


def test_a_preflight_of_a_signed_request_is_of_iam_or_has_no_method() -> None:
    assert causes(seen(Report("signed", (), NO_METHOD, asks=SIGNED))) == [
        "preflight.iam",
        "preflight.no-options",
    ]


def test_a_page_of_cloudfront_is_not_of_an_http_api() -> None:
    page = Response(403, body="<html>", headers=(("server", "CloudFront"),), gateway=False)
    report = Report("page", (), page, url=EDGE)
    found = diagnosed(report, chromium(report), template=False)
    assert "httpapi.default-route" not in (*causes(found), *found.walk.rarer)


def test_safari_says_that_an_origin_is_not_allowed_and_not_whether_the_header_is_missing() -> None:
    other = Report("other", (), passed(), Response(200, body="{}"))
    found = diagnosed(other, safari(other), template=False)
    assert causes(found) == ["acao.missing-actual", "acao.host"]
    assert found.root is not None
    assert any("(not recorded)" in evidence.observed for evidence in found.root.evidence)
    assert "Safari" in dict(found.not_checked)["the response's headers"]
    assert found.walk.verdict is not None
    shown = console_text(found.walk.verdict, found.ask, found.walk.blocked_status)
    assert (
        shown
        == "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 200"
    )


def test_safari_names_the_status_of_a_preflight_that_was_refused() -> None:
    found = diagnosed(*_in_safari(Report("refused", (), NO_METHOD)), template=False)
    assert found.walk.verdict is not None
    shown = console_text(found.walk.verdict, found.ask, found.walk.blocked_status)
    assert shown == "Preflight response is not successful. Status code: 403"


def _in_safari(report: Report) -> tuple[Report, str]:
    return report, safari(report)


def test_safaris_words_show_credentials_that_its_recording_leaves_out() -> None:
    with_cookies = Report("cookies", (), None, Response(200, headers=ANY), asks=(), credentials=True)
    recording = json.loads(safari(with_cookies))
    (entry,) = recording["log"]["entries"]
    entry["request"]["headers"] = [pair for pair in entry["request"]["headers"] if pair["name"] != "cookie"]
    found = diagnosed(with_cookies, json.dumps(recording), template=False)
    assert causes(found) == ["client.credentials", "acao.wildcard-credentials"]


def test_a_page_that_sends_a_token_most_likely_needs_no_cookies() -> None:
    star = Report("token", (), passed(), Response(200, headers=ANY), credentials=True)
    found = diagnosed(star, firefox(star), template=False)
    assert causes(found) == ["client.credentials", "acao.wildcard-credentials"]


def test_safaris_request_without_an_origin_is_of_the_recordings_page() -> None:
    refused = Report("refused", (), passed(), BAD)
    recording = json.loads(safari(refused))
    (entry,) = recording["log"]["entries"]
    kept = ("Accept", "Sec-Fetch-Dest")
    entry["request"]["headers"] = [pair for pair in entry["request"]["headers"] if pair["name"] in kept]
    entry["response"]["_error"] = "The operation could not be completed."
    found = diagnosed(refused, json.dumps(recording), template=False)
    assert found.ask.origin == refused.origin
    assert "The operation could not be completed." in dict(found.not_checked)["the response"]


def test_a_header_for_responses_is_not_asked_to_be_allowed() -> None:
    asks = ("access-control-allow-origin",)
    found = seen(Report("client", (), passed(("authorization",)), asks=asks))
    assert causes(found) == ["client.acao-request-header"]
    assert found.root is not None
    assert found.root.evidence[0].expected.startswith("a request without access-control-allow-origin")


def of_thread(thread: str) -> Report:
    return next(report for report in TWENTY_SIX if report.thread == thread)


def test_a_limit_on_a_function_may_be_used_up_and_without_one_the_deployment_is_another() -> None:
    limited = of_thread("nasa/cumulus#2406")
    unlimited = replace(limited, template=throttled(None))
    assert causes(diagnosed(limited, chromium(limited), template=True)) == ["int.lambda-throttled"]
    named = causes(diagnosed(unlimited, chromium(unlimited), template=True))
    assert named == ["deploy.stale", "int.lambda-throttled"]
    # A limit alone blocks nothing.
    assert causes(diagnosis_of(Shown("limited", (), throttled(2), path="/granules"))) == []


def test_two_slashes_in_a_row_are_a_wrong_path_once_the_gateway_refuses_them() -> None:
    doubled = of_thread("aws-samples/aws-serverless-saas-workshop#50")
    assert causes(diagnosed(doubled, chromium(doubled), template=True)) == ["deploy.wrong-path"]
    assert doubled.template is not None
    asked = Shown("asked", (), doubled.template, path="//items", method="POST")
    assert "deploy.wrong-path" not in causes(diagnosis_of(asked))
