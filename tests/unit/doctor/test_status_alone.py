"""A console that has a status and no header: what is said of errors, of files, and of what a request changed."""

from __future__ import annotations

import pytest

from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.reports.plain import plain_words
from tests.faults.reported.pasted import Pasted, diagnosis_of_text
from tests.faults.reported.report import DOMAIN, FUNCTION, ORIGIN, REST
from tests.faults.reported.set_sixteen import NO_HEADER
from tests.faults.test_reported import causes

FONT = "https://d111111abcdef8.cloudfront.net/fonts/a.woff2"
SAFARI = f"Origin {ORIGIN} is not allowed by Access-Control-Allow-Origin. Status code: 200\n"
ERROR = ["acao.missing-error-path", "int.non-proxy-missing-map"]


def blocked(url: str, status: int | None, method: str = "POST") -> Pasted:
    first = f"Access to fetch at '{url}' from origin '{ORIGIN}' has been blocked by CORS policy: {NO_HEADER}"
    second = f"\n{method} {url} net::ERR_FAILED {status}" if status else ""
    return Pasted("", (), first + second, Query(method=method))


def named(url: str, status: int | None, method: str = "POST") -> list[str]:
    return causes(diagnosis_of_text(blocked(url, status, method)))


@pytest.mark.parametrize("status", [405, 409, 422])
def test_an_error_without_the_header_is_no_answer_that_is_all_right(status: int) -> None:
    assert named(REST, status) == ERROR
    assert named(FUNCTION, status) == ERROR[:1]


def test_a_bad_request_may_be_refused_by_the_function_or_a_validator() -> None:
    assert named(REST, 400) == ["acao.missing-error-path", "auth.validator"]


def test_a_body_of_another_type_is_refused_before_the_function() -> None:
    assert named(REST, 415) == ["int.media-type"]
    assert named(DOMAIN, 415) == ["acao.missing-error-path", "int.media-type"]


def test_an_answer_without_the_header_is_not_for_another_origin_unless_safari_says_so() -> None:
    assert named(REST, 200)[0] == "acao.missing-actual"
    assert "acao.host" not in named(REST, 200)
    of_safari = Pasted("", (), f"{SAFARI}Fetch API cannot load {REST} due to access control checks.")
    assert causes(diagnosis_of_text(of_safari)) == ["acao.missing-actual", "acao.host"]


def test_a_file_behind_cloudfront_is_first_of_its_cache() -> None:
    assert named(FONT, None, "GET")[0] == "edge.cf-origin-header"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (201, "Its changes were made all the same."),
        (None, "Its changes may have been made all the same."),
        (409, "may read the answer."),
    ],
)
def test_what_an_error_did_not_change_is_not_said_to_be_changed(status: int | None, words: str) -> None:
    plain = plain_words(diagnosis_of_text(blocked(REST, status)))
    assert plain is not None
    assert plain.happened.endswith(words)
