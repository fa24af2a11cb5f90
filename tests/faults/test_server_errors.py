"""A 500 of API Gateway with a template that is healthy: at most two causes, and the test that tells them apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accountsctl.doctor.catalogue.questions import best_question
from tests.faults.reported.apis import ALLOWED, CALLS, STAR, Template, body, http, mock, rest, sam
from tests.faults.reported.report import (
    ANY,
    HTTP,
    Headers,
    Report,
    Response,
    chromium,
    firefox,
    passed,
    safari,
)
from tests.faults.test_reported import causes, diagnosed

HTTP_API: Headers = (("apigw-requestid", "Q1ea3GcAIAM="),)
THROUGH_EDGE: Headers = (("x-cache", "Error from cloudfront"), ("via", "1.1 a.cloudfront.net (CloudFront)"))
REFUSED = Response(500, "InternalServerErrorException", "Internal server error")
NO_AUTHORIZER = Response(500, "AuthorizerConfigurationException", body='{"message":null}')
BROKEN_HTTP = Response(500, message="Internal Server Error", headers=(*ANY, *HTTP_API), gateway=False)
NETWORK = Response(504, "InternalServerErrorException", "Network error communicating with endpoint")
STALE_OR_BUSY = ["deploy.stale", "int.lambda-throttled"]
OPEN: Template = {"AllowOrigins": ["*"], "AllowHeaders": ["*"], "AllowMethods": ["*"]}


def calling(**integration: str) -> Template:
    """A REST API whose GET has this integration."""
    calls = {"httpMethod": "POST", "responses": {"default": {"statusCode": "200"}}, **integration}
    get = {"responses": {"200": {"description": ""}}, "x-amazon-apigateway-integration": calls}
    return body({"/items": {"get": get, "options": mock(**ALLOWED)}})


BY_HTTP = calling(type="http_proxy", uri="https://backend.example.com/items")
BY_ROLE = calling(type="aws", uri=CALLS, credentials="arn:aws:iam::123456789012:role/items")
OF_TABLE = calling(
    type="aws",
    uri="arn:aws:apigateway:${AWS::Region}:dynamodb:action/Query",
)
OF_FUNCTION = calling(type="aws_proxy", uri=CALLS)


@pytest.mark.parametrize("browser", [chromium, firefox], ids=["chromium", "firefox"])
@pytest.mark.parametrize(
    ("template", "response", "named"),
    [
        # Lambda refuses to run a function that the template lets API Gateway call.
        (rest(), REFUSED, STALE_OR_BUSY),
        (sam(Cors=STAR), REFUSED, STALE_OR_BUSY),
        (sam(Cors=STAR), replace(REFUSED, headers=THROUGH_EDGE), STALE_OR_BUSY),
        (OF_FUNCTION, REFUSED, ["int.no-permission"]),
        (BY_HTTP, REFUSED, ["int.http-backend"]),
        (BY_HTTP, NETWORK, ["int.http-backend"]),
        (BY_ROLE, REFUSED, ["int.mapping-template"]),
        (OF_TABLE, REFUSED, ["int.mapping-template"]),
        (rest(), NO_AUTHORIZER, ["auth.pool-unreachable"]),
        (
            sam(Cors=STAR),
            Response(500, body='{"message": "Internal server error"}'),
            ["acao.missing-error-path"],
        ),
        (sam(Cors=STAR), Response(500, body='{"error": "boom"}'), ["acao.missing-error-path"]),
    ],
)
def test_a_500_of_a_healthy_template_leaves_two_causes_at_most(
    browser: object, template: Template, response: Response, named: list[str]
) -> None:
    assert callable(browser)
    report = Report("seen", (), passed(), response, template)
    assert causes(diagnosed(report, browser(report), template=True)) == named


def test_a_test_of_the_method_tells_an_old_deployment_from_a_busy_function() -> None:
    question = best_question(STALE_OR_BUSY)
    assert question is not None
    assert "test-invoke-method" in question.where
    assert sorted(question.split(STALE_OR_BUSY).values()) == [("deploy.stale",), ("int.lambda-throttled",)]


def test_an_http_api_has_one_500_for_a_function_that_throws_and_a_response_of_no_form() -> None:
    report = Report("seen", (), passed(), BROKEN_HTTP, http("GET /items", cors=OPEN), url=HTTP)
    found = diagnosed(report, chromium(report), template=True)
    assert causes(found) == ["int.throws"]
    assert "int.malformed" in found.walk.rarer


def test_words_of_an_http_api_are_none_of_a_rest_apis() -> None:
    """A REST API says 502 of a function that throws: by the status alone, its 500 is the code's own."""
    report = Report("seen", (), passed(), REFUSED, sam(Cors=STAR))
    assert causes(diagnosed(report, safari(report), template=True)) == ["acao.missing-error-path"]


def test_a_preflight_that_a_mock_answers_has_no_function_that_may_be_busy() -> None:
    report = Report("seen", (), REFUSED, None, sam(Cors=STAR))
    assert causes(diagnosed(report, chromium(report), template=True)) == ["deploy.stale"]
