"""What a console's sentence leaves without a status: two suspects by frequency, and the question that leads to each."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.unknown_status import OF_PREFLIGHTS, OF_REQUESTS
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.reports.json_report import question_of, report_json
from tests.faults.test_reported import causes

MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
OF_PREFLIGHT = "Response to preflight request doesn't pass access control check: "
API = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
HOSTS = (
    API,
    "https://abcdefghij.lambda-url.eu-west-1.on.aws/",
    "https://d111111abcdef8.cloudfront.net/a.woff2",
    "https://my-bucket.s3.eu-west-1.amazonaws.com/a.json",
    "https://api.example.com/items",
    "http://localhost:3000/items",
    "http://localhost:4566/restapis/abc/dev/_user_request_/items",
)


def of_sentence(url: str, words: str, method: str | None = None) -> Diagnosis:
    text = f"Access to fetch at '{url}' from origin 'https://app.example.com' has been blocked by CORS policy: {words}"
    (found,) = from_recording(text, "console.txt", (), Query(method=method)).diagnoses
    return found


def of_text(text: str) -> Diagnosis:
    (found, *_) = from_recording(text, "console.txt", (), Query()).diagnoses
    return found


@pytest.mark.parametrize("url", HOSTS)
@pytest.mark.parametrize("words", [MISSING, OF_PREFLIGHT + MISSING], ids=["request", "preflight"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_at_most_two_are_named_and_the_answers_lead_to_them_and_to_the_rarer(
    url: str, words: str, method: str
) -> None:
    found = of_sentence(url, words, method)
    named = causes(found)
    assert 1 <= len(named) <= 2
    every = (*named, *found.walk.rarer)
    assert len(set(every)) == len(every)
    question = question_of(found)
    if len(every) == 1:
        assert question is None
        return
    assert question is not None
    split = question.split(every if "status" in question.text else named)
    assert set(split) > {"another"} or "another" not in split
    assert all(len(left) <= 2 for left in split.values())
    assert set(named) <= {cause for left in split.values() for cause in left}


def test_the_tables_name_causes_that_exist_once_and_at_most_two_of_a_status() -> None:
    for table in (OF_REQUESTS, OF_PREFLIGHTS):
        for rows in table.values():
            ids = [id_ for row in rows for id_ in row.causes]
            assert set(ids) <= set(BY_ID)
            assert len(ids) == len(set(ids))
            assert all(0 < len(row.causes) <= 2 for row in rows)


def test_the_question_asks_for_the_request_that_the_sentence_is_about() -> None:
    assert "the OPTIONS request" in str(question_of(of_sentence(API, OF_PREFLIGHT + MISSING)))
    reported = report_json(of_sentence(API, MISSING, "POST"), {})["question"]
    assert reported["ask"] == "Which status does the response to the POST request have?"
    assert {"answer": "413", "causes": ["gwresp.413"]} in reported["answers"]
    answers = report_json(of_sentence(API, MISSING, "GET"), {})["question"]["answers"]
    assert "413" not in [answer["answer"] for answer in answers]


@pytest.mark.parametrize(
    ("url", "words", "first"),
    [
        # The Lambda console's own trigger: its ANY takes OPTIONS to the function.
        (
            "https://abc123.execute-api.eu-west-1.amazonaws.com/default/myFunction",
            OF_PREFLIGHT + MISSING,
            "preflight.proxy-any-lambda",
        ),
        (API, OF_PREFLIGHT + MISSING, "preflight.no-options"),
        ("https://undefined.s3.amazonaws.com/", MISSING, "deploy.wrong-path"),
        # What lists all buckets has no CORS.
        ("https://s3.sa-east-1.amazonaws.com/", OF_PREFLIGHT + MISSING, "edge.aws-service"),
        ("https://s3.amazonaws.com/my-bucket/a.png", MISSING, "edge.s3-no-cors"),
        ("https://awis.amazonaws.com/api", MISSING, "edge.aws-service"),
        ("https://a1b2-ats.iot.eu-west-1.amazonaws.com/things/t", OF_PREFLIGHT + MISSING, "edge.aws-service"),
        ("http://localhost:4566/my-queue", OF_PREFLIGHT + MISSING, "httpapi.origin-not-listed"),
        ("https://d111111abcdef8.cloudfront.net/fonts/a.woff2", MISSING, "edge.cf-origin-header"),
        ("https://d111111abcdef8.cloudfront.net/api/items", MISSING, "acao.missing-actual"),
    ],
)
def test_the_url_and_the_step_say_which_is_the_first(url: str, words: str, first: str) -> None:
    assert causes(of_sentence(url, words))[0] == first


@pytest.mark.parametrize(
    ("url", "of_request", "of_preflight"),
    [
        (API.replace("/dev/", "/dev//"), "deploy.wrong-path", "deploy.wrong-path"),
        ("https://api.example.com//items", "deploy.wrong-path", "deploy.wrong-path"),
        (
            f"https://{'a' * 26}.appsync-api.eu-west-1.amazonaws.com/graphql",
            "int.gateway-timeout",
            "auth.waf",
        ),
        (
            "https://login.auth.eu-west-1.amazoncognito.com/oauth2/authorize",
            "edge.page-instead",
            "edge.page-instead",
        ),
        ("https://accounts.google.com/o/oauth2/v2/auth", "edge.page-instead", "edge.page-instead"),
        (
            "https://login.auth.eu-west-1.amazoncognito.com/oauth2/token",
            "acao.missing-actual",
            "preflight.authenticated",
        ),
    ],
)
def test_the_url_itself_says_what_is_called(url: str, of_request: str, of_preflight: str) -> None:
    assert causes(of_sentence(url, MISSING))[0] == of_request
    assert causes(of_sentence(url, OF_PREFLIGHT + MISSING))[0] == of_preflight


@pytest.mark.parametrize("path", ["/Prod", "/dev/", "/v1", "/"])
def test_an_apis_url_without_a_resource_may_be_the_wrong_path(path: str) -> None:
    url = API.replace("/dev/items", path)
    assert causes(of_sentence(url, MISSING)) == ["acao.missing-actual", "deploy.wrong-path"]
    assert causes(of_sentence(url, OF_PREFLIGHT + MISSING)) == ["preflight.no-options", "deploy.wrong-path"]


def test_firefox_has_one_sentence_for_both_requests_so_that_one_of_each_is_named() -> None:
    found = of_text(
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        f"{API}. (Reason: CORS header 'Access-Control-Allow-Origin' missing)."
    )
    assert causes(found) == ["acao.missing-actual", "preflight.no-options"]
    question = question_of(found)
    assert question is not None
    assert question.split(causes(found)) == {
        "OPTIONS": ("preflight.no-options",),
        "the request itself": ("acao.missing-actual",),
    }


def test_a_key_that_the_page_sends_may_be_asked_for_by_options_too() -> None:
    text = f"Access to fetch at '{API}' from origin 'https://a.com' has been blocked by CORS policy: "
    query = Query(method="POST", headers=(("x-api-key", "k"),))
    (found,) = from_recording(text + OF_PREFLIGHT + MISSING, "console.txt", (), query).diagnoses
    assert "preflight.api-key" in found.walk.rarer
    assert "preflight.iam" not in found.walk.rarer


def test_a_store_that_refused_a_preflight_compares_no_signature() -> None:
    found = of_text(
        f"{OF_PREFLIGHT}{MISSING} Origin 'http://localhost:3000' is therefore not allowed access. The response had "
        "HTTP status code 403.\nThe file is at https://my-bucket.s3-ap-southeast-1.amazonaws.com/sample.jpeg"
    )
    assert causes(found) == ["edge.s3-no-cors"]
    assert "stands near it" in dict(found.not_checked)["the URL"]


def test_several_urls_near_a_sentence_without_one_say_nothing() -> None:
    found = of_text(f"{OF_PREFLIGHT}{MISSING}\nhttps://api.one.com/a\nhttps://api.two.com/b")
    assert "does not name it in these lines" in dict(found.not_checked)["the URL"]


@pytest.mark.parametrize(
    ("url", "status", "both"),
    [
        ("https://api.example.com/items", 401, ["acao.missing-error-path", "preflight.authenticated"]),
        (API, 403, ["deploy.wrong-path", "preflight.no-options"]),
        (API, 502, ["int.throws", "int.malformed"]),
        ("http://localhost:9324/", 400, ["acao.missing-error-path", "httpapi.origin-not-listed"]),
    ],
)
def test_words_that_are_those_of_a_preflight_too_name_one_cause_of_each(
    url: str, status: int, both: list[str]
) -> None:
    old = f"XMLHttpRequest cannot load {url}. {MISSING} Origin 'http://a.com' is therefore not allowed access. The "
    assert causes(of_text(f"{old}response had HTTP status code {status}.")) == both
    firefox = (
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        f"{url}. (Reason: CORS header 'Access-Control-Allow-Origin' missing). Status code: {status}."
    )
    assert causes(of_text(firefox)) == both
    chromium = of_sentence(url, f"{MISSING}\nGET {url} net::ERR_FAILED {status}")
    assert both[1] not in causes(chromium) or status == 502


def test_what_is_known_to_need_a_preflight_was_not_refused_before_it() -> None:
    text = (
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        f"{API}. (Reason: CORS header 'Access-Control-Allow-Origin' missing). Status code: 403."
    )
    (found,) = from_recording(text, "c.txt", (), Query(method="PUT")).diagnoses
    assert all(cause.startswith(("preflight.", "deploy.", "auth.")) for cause in causes(found))
    assert found.probes[0].method == "OPTIONS"


def test_a_list_that_lacks_the_page_is_where_a_preflight_with_success_leads() -> None:
    # tauri-apps/tauri-invoke-http#13: the console says no more than this, and the status was 200.
    found = of_sentence("http://localhost:23486/main", OF_PREFLIGHT + MISSING)
    assert "httpapi.origin-not-listed" in found.walk.rarer
    answers = report_json(found, {})["question"]["answers"]
    (with_success,) = [answer["causes"] for answer in answers if answer["answer"] == "200 to 299"]
    assert with_success == ["httpapi.origin-not-listed", "preflight.mock-no-headers"]
