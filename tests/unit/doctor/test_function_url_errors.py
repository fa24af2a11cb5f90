"""What Lambda answers for a function that fails behind a URL, and what a function answers by itself."""

from __future__ import annotations

import json

import pytest

from accountsctl.doctor.diagnosis.diagnose import diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.report import FUNCTION, ORIGIN, Report, chromium, passed
from tests.faults.reported.servers import JSON, answer
from tests.faults.test_reported import causes, diagnosed

ID = ("x-amzn-requestid", "7f1c")


REFUSED_TYPE = ("x-amzn-errortype", "RequestEntityTooLargeException")


def named(status: int, length: int, url: str = FUNCTION, millis: int = 80) -> list[str]:
    response = answer(status, ID, ("content-length", str(length)), *JSON)
    report = Report(
        "", (), passed(("content-type",)), response, url=url, asks=("content-type",), milliseconds=millis
    )
    return causes(diagnosed(report, chromium(report), template=False))


def test_lambdas_own_error_is_of_a_function_that_throws_or_of_its_time() -> None:
    assert named(502, 21) == ["int.throws"]
    assert named(502, 21, millis=3_050) == ["int.lambda-timeout", "int.throws"]


def test_an_error_of_the_functions_own_lacks_the_header() -> None:
    assert named(502, 60) == ["acao.missing-error-path"]
    assert named(500, 21) == ["acao.missing-error-path"]


def too_large(*headers: tuple[str, str]) -> list[str]:
    response = answer(413, ID, *headers, *JSON)
    report = Report("", (), passed(("content-type",)), response, url=FUNCTION, asks=("content-type",))
    return causes(diagnosed(report, chromium(report), template=False))


def test_a_body_that_is_larger_than_lambda_takes_is_named() -> None:
    assert too_large(REFUSED_TYPE) == ["gwresp.413"]


def test_a_function_that_may_not_run_once_more_is_named() -> None:
    response = answer(429, ID, ("x-amzn-errortype", "TooManyRequestsException"), *JSON)
    report = Report("", (), passed(("content-type",)), response, url=FUNCTION, asks=("content-type",))
    assert causes(diagnosed(report, chromium(report), template=False)) == ["int.lambda-throttled"]


def test_a_413_of_the_functions_own_lacks_the_header() -> None:
    assert too_large() == ["acao.missing-error-path"]


def test_another_host_with_the_same_id_is_no_function_url() -> None:
    assert "int.throws" not in named(502, 21, url="https://api.example.com/items")


def judged(origins: list[str], code: str) -> str | None:
    """The root cause of a page's request to a function URL with a Cors configuration."""
    cors = {"AllowOrigins": origins, "AllowMethods": ["*"], "AllowHeaders": ["x-page"]}
    function = {
        "Handler": "index.handler",
        "Runtime": "nodejs22.x",
        "InlineCode": code,
        "FunctionUrlConfig": {"AuthType": "NONE", "Cors": cors},
    }
    body = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"Items": {"Type": "AWS::Serverless::Function", "Properties": function}},
    }
    (api,) = read_templates({"t.json": json.dumps(body)})
    query = Query(origin=ORIGIN, path="/", method="GET", headers=(("x-page", "1"),))
    (ask,) = page_requests(api, query, ())
    found = diagnose(Subject((api,)), ask)
    return found.root.card.id if found.root else None


PLAIN = "exports.handler = async () => ({statusCode: 200, body: '1'});"
WITH_HEADER = PLAIN.replace("body", "headers: {'Access-Control-Allow-Origin': '*'}, body")


@pytest.mark.parametrize(
    ("origins", "code", "root"),
    [
        # The configuration's headers and the code's are both sent: powertools#4163.
        (["*"], WITH_HEADER, "acao.duplicate"),
        (["*"], WITH_HEADER.replace("'*'", "process.env.ORIGIN"), None),
        (["*"], PLAIN, None),
        # The configuration answers the preflight: for an origin that it does not list, without headers.
        (["https://other.example.com"], PLAIN, "httpapi.origin-not-listed"),
    ],
)
def test_a_cors_configuration_adds_its_headers_to_those_of_the_code(
    origins: list[str], code: str, root: str | None
) -> None:
    assert judged(origins, code) == root
