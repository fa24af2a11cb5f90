"""What Lambda answers for a function that fails behind a URL, and what a function answers by itself."""

from __future__ import annotations

from tests.faults.reported.report import FUNCTION, Report, chromium, passed
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


def test_a_413_of_the_functions_own_lacks_the_header() -> None:
    assert too_large() == ["acao.missing-error-path"]


def test_another_host_with_the_same_id_is_no_function_url() -> None:
    assert "int.throws" not in named(502, 21, url="https://api.example.com/items")
