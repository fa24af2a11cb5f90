"""Lines of API Gateway's execution log and Lambda's name the cause, alone or next to a console's sentence."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.commands.doctor.recordings import as_pasted
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis
from accountsctl.doctor.diagnosis.targets import Query

API = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
BLOCKED = f"Access to fetch at '{API}' from origin 'http://localhost:3000' has been blocked by CORS policy: "
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource.\n"
PREFLIGHT = "Response to preflight request doesn't pass access control check: "
MALFORMED = "Execution failed due to configuration error: Malformed Lambda proxy response"


def of(text: str) -> Diagnosis:
    (found, *_) = from_recording(text, "pasted.txt", (), Query()).diagnoses
    return found


@pytest.mark.parametrize(
    ("line", "causes"),
    [
        (f"(id) {MALFORMED}\n(id) Method completed with status: 502", {"int.malformed"}),
        (
            "HTTP Method: GET, Resource Path: /\nExecution failed due to configuration error: Invalid permissions on "
            "Lambda function\nMethod completed with status: 500",
            {"int.no-permission", "int.wrong-source-arn"},
        ),
        ("2026-11-30T10:00:00 4f Task timed out after 3.00 seconds", {"int.lambda-timeout"}),
        ("Execution failed due to a timeout error", {"int.gateway-timeout"}),
        ("Lambda invocation failed with status: 429. Lambda request id: 1", {"int.lambda-throttled"}),
        (
            "Lambda execution failed with status 200 due to customer function error: x is undefined",
            {"int.throws"},
        ),
        ('{"errorType": "Runtime.ImportModuleError", "errorMessage": "Cannot find module"}', {"int.throws"}),
        (
            "Execution failed due to configuration error: No match for output mapping and no default endpoint",
            {"int.selection-pattern", "preflight.mock-status-unmapped"},
        ),
        ("API Key  not authorized because method 'GET /items' requires API Key", {"auth.api-key"}),
    ],
)
def test_a_line_names_its_causes_alone_and_next_to_a_sentence(line: str, causes: set[str]) -> None:
    for found in (of(line), of(f"{BLOCKED}{MISSING}{line}")):
        assert found.fails
        assert set(found.causes) <= causes
        assert found.causes
        assert found.certainty is not Certainty.CERTAIN


def test_the_log_of_another_method_says_nothing_of_a_preflight() -> None:
    of_post = f"HTTP Method: POST, Resource Path: /items\n{MALFORMED}"
    assert "int.malformed" not in of(f"{BLOCKED}{PREFLIGHT}{MISSING}{of_post}").causes
    assert of(f"{BLOCKED}{PREFLIGHT}{MISSING}{MALFORMED}").causes == ("int.malformed",)


def test_a_body_of_api_gateway_alone_is_its_refusal() -> None:
    assert of('It shows:\n{"message":"Missing Authentication Token"}').causes[0] == "deploy.wrong-path"
    assert "auth.api-key" in of('`{"message":"Forbidden"}`').causes


def test_a_url_in_prose_is_that_of_headers_without_one() -> None:
    found = of(
        f"It fails at {API}.\n\nHTTP/1.1 403 Forbidden\nContent-Type: application/json\n"
        "x-amzn-ErrorType: MissingAuthenticationTokenException\n"
    )
    assert (found.ask.url, found.causes[0]) == (API, "deploy.wrong-path")


def test_a_command_in_backticks_has_the_status_in_words_below() -> None:
    found = of("`curl -X OPTIONS https://www.example.com/api/1/items/1/`\n=> `405 METHOD NOT ALLOWED`")
    assert found.causes[0] == "preflight.proxy-any-lambda"


@pytest.mark.parametrize("url", ["http://localhost:10001/items", "http://example.com/items"])
@pytest.mark.parametrize("page", ["https://app.example.com/", "[PAGE-URL]"])
def test_mixed_content_is_what_the_browser_calls_so(page: str, url: str) -> None:
    found = of(
        f"Mixed Content: The page at '{page}' was loaded over HTTPS, but requested an insecure XMLHttpRequest endpoint "
        f"'{url}'. This request has been blocked; the content must be served over HTTPS."
    )
    assert found.causes == ("client.mixed",)


def test_what_a_recording_has_in_its_bodies_is_no_log() -> None:
    assert as_pasted(f'{{"log": "{MALFORMED * 40}"}}') == ""
    assert as_pasted(f"{BLOCKED}{MISSING}{MALFORMED}")
