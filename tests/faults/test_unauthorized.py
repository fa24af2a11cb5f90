"""Who refused a request with 401 or 403, by what the request sent and by what little of the response is known."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from accountsctl.doctor.browser.page_request import read_token
from accountsctl.doctor.catalogue.questions import best_question
from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.answers import ISSUER, SIGNED, token
from tests.faults.reported.apis import COGNITO, STAR, Template, http, sam
from tests.faults.reported.report import (
    ANY,
    HTTP,
    ORIGIN,
    Headers,
    Report,
    Response,
    chromium,
    firefox,
    passed,
    safari,
)
from tests.faults.test_reported import causes, diagnosed

HTTP_API: Headers = (*ANY, ("apigw-requestid", "Q1ea3GcAIAM="))
OPEN: Template = {"AllowOrigins": ["*"], "AllowHeaders": ["*"], "AllowMethods": ["*"]}
JWT = http("GET /items", cors=OPEN, jwt=True)
POOL = sam(Cors=STAR, Auth={**COGNITO, "AddDefaultAuthorizerToCorsPreflight": False})
UNAUTHORIZED = Response(401, "UnauthorizedException", "Unauthorized")
DENIED = Response(403, "AccessDeniedException")
GOOD, ACCESS = ({"iss": ISSUER, "exp": 4000000000, "token_use": use} for use in ("id", "access"))


def challenged(status: int, challenge: str) -> Response:
    """An HTTP API's refusal that the page may read; its words are the same whatever is wrong."""
    words = "Unauthorized" if status == 401 else "Forbidden"
    named = (("www-authenticate", challenge),) if challenge else ()
    return Response(status, message=words, headers=(*HTTP_API, *named), gateway=False)


def invalid(description: str) -> str:
    """As API Gateway writes it: http-api-troubleshooting-jwt.html of its Developer Guide."""
    return f'Bearer scope="" error="invalid_token" error_description="{description}"'


@pytest.mark.parametrize("template", [None, JWT], ids=["alone", "template"])
@pytest.mark.parametrize(
    ("response", "cause"),
    [
        (challenged(401, invalid("the token has expired")), "auth.cognito-expired"),
        (challenged(401, invalid("the token does not have a valid audience")), "auth.cognito-other-client"),
        (challenged(401, invalid("issuer does not match")), "auth.cognito-wrong-pool"),
        (challenged(403, 'Bearer scope="a b" error="insufficient_scope"'), "auth.cognito-scope-mismatch"),
    ],
)
def test_a_jwt_authorizer_says_what_is_wrong_with_the_token(
    template: Template | None, response: Response, cause: str
) -> None:
    report = Report("seen", (), passed(), response, template, url=HTTP)
    found = diagnosed(report, firefox(report), template=template is not None)
    assert (found.outcome, causes(found)) == (DiagnosisOutcome.ERROR, [cause])


@pytest.mark.parametrize(
    ("response", "named"),
    [
        (challenged(401, "Bearer"), ["auth.cognito-identity-source"]),
        (challenged(403, ""), ["auth.lambda-deny", "auth.iam-not-cognito"]),
        # A function that throws 'Unauthorized', or that has nothing to read: neither sends a challenge.
        (challenged(401, ""), ["auth.lambda-deny", "auth.cognito-identity-source"]),
    ],
)
def test_an_http_apis_own_refusal_is_not_a_response_of_the_application(
    response: Response, named: list[str]
) -> None:
    report = Report("seen", (), passed(), response, url=HTTP)
    found = diagnosed(report, firefox(report), template=False)
    assert (found.outcome, causes(found)) == (DiagnosisOutcome.ERROR, named)


def test_a_challenge_without_an_error_says_that_no_token_was_found_whatever_the_template_reads() -> None:
    report = Report("seen", (), passed(), challenged(401, "Bearer"), JWT, url=HTTP)
    found = diagnosed(report, firefox(report), template=True)
    assert (found.outcome, causes(found)[0]) == (DiagnosisOutcome.ERROR, "auth.cognito-identity-source")


@pytest.mark.parametrize(
    ("asks", "named"),
    [
        ((), ["auth.iam-no-token", "auth.lambda-deny"]),
        (SIGNED, ["auth.iam-denied", "auth.iam-bad-signature"]),
    ],
)
def test_what_was_sent_tells_who_of_an_http_api_says_forbidden(
    asks: tuple[str, ...], named: list[str]
) -> None:
    """One word for every 403: http-api-access-control-iam.html, http-api-lambda-authorizer.html."""
    preflight = passed(asks) if asks else None
    report = Report("seen", (), preflight, challenged(403, ""), url=HTTP, asks=asks)
    assert causes(diagnosed(report, firefox(report), template=False)) == named


@pytest.mark.parametrize("use", ["access", "id"])
def test_a_jwt_authorizer_takes_access_tokens_and_id_tokens(use: str) -> None:
    (api,) = read_templates({"t.json": json.dumps(JWT)}, {})
    sent = read_token(token(iss=ISSUER, exp=4000000000, token_use=use))
    (ask,) = page_requests(api, Query(ORIGIN, path="/items", method="GET", token=sent, now=1700000000), ())
    assert diagnose(Subject((api,)), ask).outcome is DiagnosisOutcome.PASS


@pytest.mark.parametrize("value", ["Bearer undefined", "Bearer null", "undefined", "Bearer ", "Bearer"])
def test_a_variable_without_a_value_is_no_token(value: str) -> None:
    report = Report("seen", (), passed(), UNAUTHORIZED, token=value)
    for template in (None, POOL):
        found = diagnosed(replace(report, template=template), firefox(report), template=template is not None)
        assert causes(found) == ["auth.no-token"]


def test_a_word_in_the_place_of_a_token_says_nothing_of_the_pool() -> None:
    report = Report("seen", (), passed(), UNAUTHORIZED, POOL, token="Bearer REDACTED")
    found = diagnosed(report, firefox(report), template=True)
    assert causes(found) == ["auth.cognito-access-no-scope", "auth.cognito-wrong-pool"]
    assert found.walk.rarer == ("auth.pool-unreachable",)
    question = best_question(causes(found))
    assert question is not None
    assert sorted(question.split(causes(found)).values()) == [(cause,) for cause in sorted(causes(found))]


@pytest.mark.parametrize(
    ("report", "named"),
    [
        (
            Report("token", (), passed(), UNAUTHORIZED),
            ["auth.cognito-access-no-scope", "auth.cognito-expired"],
        ),
        (Report("id", (), passed(), UNAUTHORIZED, token=token(**GOOD)), ["auth.cognito-wrong-pool"]),
        (
            Report("access", (), passed(), UNAUTHORIZED, token=token(**ACCESS)),
            ["auth.cognito-access-no-scope"],
        ),
        (Report("none", (), None, UNAUTHORIZED, asks=()), ["auth.no-token"]),
        (
            Report("pool", (), passed(), UNAUTHORIZED, POOL),
            ["auth.cognito-expired", "auth.cognito-access-no-scope"],
        ),
        (
            Report("signed", (), passed(SIGNED), DENIED, asks=SIGNED, token="AWS4-HMAC-SHA256 A"),
            ["auth.iam-denied", "auth.iam-bad-signature"],
        ),
        (Report("preflight", (), UNAUTHORIZED), ["preflight.cognito", "httpapi.default-route"]),
        (
            Report("mock", (), Response(500, "InternalServerErrorException", "Internal server error")),
            ["preflight.binary-media", "preflight.mock-no-template"],
        ),
    ],
    ids=lambda each: str(each) if isinstance(each, Report) else "",
)
def test_a_status_alone_names_two_causes_at_most_by_the_credential(report: Report, named: list[str]) -> None:
    found = diagnosed(report, safari(report), template=report.template is not None)
    assert causes(found)[: len(named)] == named
    assert len(causes(found)) <= 2


def test_a_recording_with_headers_is_not_judged_by_its_status_alone() -> None:
    report = Report(
        "expired", (), passed(), Response(401, "UnauthorizedException", "The incoming token has expired")
    )
    assert causes(diagnosed(report, chromium(report), template=False)) == ["auth.cognito-expired"]
