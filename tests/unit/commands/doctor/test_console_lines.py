"""Lines that people copy from a browser's console, given where a recording is: who called what, and what failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.commands.doctor.sources import read_files
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.reports.json_report import question_of
from accountsctl.doctor.reports.plain import plain_words
from accountsctl.doctor.reports.share import shared_report
from accountsctl.model.errors import UsageError
from tests.unit.commands.doctor.recordings import PAGE, causes

HEALTHY = Path(__file__).parents[3] / "data/doctor/healthy/explicit-cognito.yaml"
API = "https://abc.execute-api.eu-west-1.amazonaws.com/dev/items"
CHROMIUM = f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: "
PREFLIGHT = f"{CHROMIUM}Response to preflight request doesn't pass access control check: "
REDIRECTED = CHROMIUM.replace(" from origin", " (redirected from 'https://a.com/b') from origin")
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
FIREFOX = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
    f"{API}. (Reason: "
)
SAFARI = f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: "


def pasted(text: str, query: Query | None = None) -> Diagnosis:
    (found,) = from_recording(text, "console.txt", query=query or Query()).diagnoses
    return found


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (f"{PREFLIGHT}Redirect is not allowed for a preflight request.", "preflight.redirect"),
        (
            f"{CHROMIUM}Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
            "acam.missing",
        ),
        (
            f"{CHROMIUM}Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response.",
            "acah.custom",
        ),
        (
            f"{CHROMIUM}The 'Access-Control-Allow-Origin' header has a value 'https://b.com' that is not equal to the "
            "supplied origin.",
            "acao.host",
        ),
        (
            f"{PREFLIGHT}The value of the 'Access-Control-Allow-Origin' header in the response must not be the "
            "wildcard '*' when the request's credentials mode is 'include'.",
            "client.credentials",
        ),
        (
            f"{CHROMIUM}The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be "
            "'true' when the request's credentials mode is 'include'.",
            "acac.not-true",
        ),
        (
            f"{CHROMIUM}The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only one is "
            "allowed.",
            "acao.duplicate",
        ),
        (
            f"{CHROMIUM}Permission was denied for this request to access the `loopback` address space.",
            "client.lna",
        ),
        (f"app.js:3  GET {API} net::ERR_NAME_NOT_RESOLVED", "deploy.wrong-host"),
        (
            f"Refused to connect to '{API}' because it violates the following Content Security Policy directive: "
            "\"connect-src 'self'\".",
            "client.csp",
        ),
        (
            f"{REDIRECTED}{MISSING}",
            "client.redirect",
        ),
        (
            f"{FIREFOX}Did not find method in CORS header \u2018Access-Control-Allow-Methods\u2019).",
            "acam.missing",
        ),
        (
            f"{FIREFOX}header \u2018authorization\u2019 is not allowed according to header "
            "\u2018Access-Control-Allow-Headers\u2019 from CORS preflight response).",
            "acah.authorization",
        ),
        (
            f"{FIREFOX}Credential is not supported if the CORS header \u2018Access-Control-Allow-Origin\u2019 is "
            "\u2018*\u2019).",
            "client.credentials",
        ),
    ],
)
def test_words_that_tell_the_header_name_its_cause(words: str, cause: str) -> None:
    found = pasted(words)
    assert found.fails
    # With cookies, the star itself may be the cause.
    assert [named for named in causes(found) if named != "acao.wildcard-credentials"] == [cause]


@pytest.mark.parametrize(
    ("words", "usual", "method"),
    [
        (f"{PREFLIGHT}{MISSING}\nPOST {API} net::ERR_FAILED", "preflight.no-options", "POST"),
        (f"{CHROMIUM}{MISSING}", "acao.missing-actual", "GET"),
        (f"{PREFLIGHT}It does not have HTTP ok status.", "preflight.no-options", "GET"),
    ],
)
def test_without_a_status_the_question_is_the_status(words: str, usual: str, method: str) -> None:
    found = pasted(words)
    assert (found.exit_code, found.ask.method, causes(found)[0]) == (3, method, usual)
    question = question_of(found)
    assert question is not None
    assert question.text.startswith("Which status")
    assert sorted(question.split(causes(found)).values()) == [(cause,) for cause in sorted(causes(found))]


@pytest.mark.parametrize(
    ("words", "origin"),
    [
        (f"{CHROMIUM}{MISSING}\nGET {API} net::ERR_FAILED 401 (Unauthorized)", PAGE),
        (
            f"[Error] {SAFARI}401\n[Error] Fetch API cannot load {API} due to access control checks.\n"
            f"[Error] Failed to load resource: {SAFARI}401 (items, line 0)",
            PAGE,
        ),
    ],
)
def test_a_status_that_a_line_names_leaves_the_causes_of_this_status(words: str, origin: str) -> None:
    found = pasted(words)
    assert (found.ask.url, found.ask.origin) == (API, origin)
    assert causes(found)[:2] == ["auth.no-token", "auth.cognito-expired"]


@pytest.mark.parametrize(
    "words",
    [
        f"XMLHttpRequest cannot load {API}. {MISSING} Origin '{PAGE}' is therefore not allowed access. The response "
        "had HTTP status code 401.",
        f"{FIREFOX}CORS header \u2018Access-Control-Allow-Origin\u2019 missing). Status code: 401.",
    ],
)
def test_words_of_either_request_leave_the_usual_cause_of_both(words: str) -> None:
    found = pasted(words)
    assert causes(found) == ["auth.no-token", "preflight.cognito"]
    question = question_of(found)
    assert question is not None
    assert question.split(causes(found)) == {"no": ("auth.no-token",), "yes": ("preflight.cognito",)}


@pytest.mark.parametrize("status", [404, 409, 422])
def test_an_error_of_an_application_that_the_page_can_read_lacks_no_header(status: int) -> None:
    found = pasted(f"GET https://api.example.com/items {status} (Not Found)")
    assert (found.outcome, causes(found)) == (DiagnosisOutcome.PASS, [])


def test_a_refusal_of_the_gateway_that_the_page_can_read_is_an_error_and_no_block() -> None:
    found = pasted(f"GET {API} 500 (Internal Server Error)")
    assert found.outcome is DiagnosisOutcome.ERROR
    assert "int.throws" in causes(found)


def test_what_the_console_does_not_name_is_said_with_the_option_that_states_it() -> None:
    words = "Preflight response is not successful. Status code: 403"
    gaps = dict(pasted(words).not_checked)
    assumed = ["the page's origin", "the method", "the URL", "the headers"]
    assert list(gaps)[:4] == assumed
    assert all("--" in gaps[what] for what in assumed)
    query = Query(origin="https://app.example.com", method="PUT", url=API)
    found = pasted(words, query)
    assert (found.ask.origin, found.ask.method, found.ask.url) == (query.origin, "PUT", API)
    assert not set(assumed) & set(dict(found.not_checked))


def test_a_line_that_is_of_either_request_says_so_with_the_option_for_the_other() -> None:
    words = f"{FIREFOX}CORS header \u2018Access-Control-Allow-Origin\u2019 missing). Status code: 403."
    subject = "which of the two requests failed"
    assert "--header Authorization" in dict(pasted(words).not_checked)[subject]
    stated = pasted(words, Query(headers=(("Authorization", ""),)))
    assert subject not in dict(stated.not_checked)
    assert "preflight.no-options" in causes(stated)
    assert subject not in dict(pasted(f"{CHROMIUM}{MISSING}").not_checked)


def test_a_sentence_that_is_broken_over_lines_is_read() -> None:
    assert causes(pasted((PREFLIGHT + MISSING).replace(" ", "\n  ")))[0] == "preflight.no-options"


def test_each_url_is_a_request_of_its_own() -> None:
    other = (PREFLIGHT + MISSING).replace("/items", "/orders")
    text = f"{PREFLIGHT}{MISSING}\nGET {API} net::ERR_FAILED\n{other}\n{PREFLIGHT}{MISSING}"
    found = from_recording(text, "console.txt").diagnoses
    assert [diagnosis.ask.path for diagnosis in found] == ["/items", "/orders"]
    (chosen,) = from_recording(text, "console.txt", query=Query(path="/orders")).diagnoses
    assert chosen.ask.path == "/orders"


def test_values_of_a_query_are_not_kept() -> None:
    found = pasted((PREFLIGHT + MISSING).replace("/items", "/items?key=secret"))
    assert "secret" not in repr(found)


def test_a_template_tells_the_cause_of_the_step_that_the_console_names(tmp_path: Path) -> None:
    text = HEALTHY.read_text()
    bare = text.replace("            method.response.header.Access-Control-Allow-Origin: \"'*'\"\n", "", 1)
    assert bare != text
    template = tmp_path / "template.yaml"
    template.write_text(bare)
    (found,) = from_recording(PREFLIGHT + MISSING, "console.txt", read_files([template])).diagnoses
    assert (causes(found), found.certainty) == (["preflight.mock-no-headers"], Certainty.CERTAIN)


def test_a_template_that_does_not_explain_it_is_not_what_is_deployed() -> None:
    (found,) = from_recording(PREFLIGHT + MISSING, "console.txt", read_files([HEALTHY])).diagnoses
    assert (found.outcome, causes(found)) == (DiagnosisOutcome.BLOCKED, ["deploy.stale"])
    assert "something else is deployed" in dict(found.not_checked)["the templates"]


def test_the_words_name_no_status_that_is_not_known() -> None:
    for words in (PREFLIGHT, CHROMIUM):
        plain = plain_words(pasted(words + MISSING))
        assert plain is not None
        assert " 0" not in plain.happened


@pytest.mark.parametrize("text", ["", "it does not work", "{", '{"log": {}}', f"GET {API} 200 (OK)"])
def test_other_text_is_refused_with_what_is_wanted(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        from_recording(text, "console.txt")
    assert refused.value.hint == (
        "Save the network panel as HAR, or copy the console's lines, or what curl -i shows."
    )


def test_lines_without_a_url_can_be_shared() -> None:
    found = pasted(f"{SAFARI}403")
    assert "# CORS report" in shared_report([found], {})


def test_an_allowed_origin_that_is_not_a_url_is_another_origin() -> None:
    words = f"{CHROMIUM}The 'Access-Control-Allow-Origin' header has a value 'https://[a' that is not equal to the "
    assert pasted(f"{words}supplied origin.").exit_code in (1, 3)


def test_the_url_of_a_signed_upload_is_read_though_it_is_long() -> None:
    long = f"{API}?token={'a' * 6000}"
    assert pasted(
        f"Access to fetch at '{long}' from origin '{PAGE}' has been blocked by CORS policy: {MISSING}"
    )
