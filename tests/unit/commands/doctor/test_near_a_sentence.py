"""What stands near a console's sentence in the same text: a server's log, a response's headers, another browser."""

from __future__ import annotations

import json

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.observed.transcript_lines import text_exchanges
from accountsctl.model.errors import UsageError
from tests.faults.reported.apis import COGNITO, STAR, sam
from tests.unit.commands.doctor.recordings import causes, diagnosed, entry, preflight

PAGE = "http://localhost:3000"
LOCAL = "http://localhost:8000/login"
PUBLIC = "https://api.example.com/login"
GATEWAY = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/login"
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
NOT_LISTED, UNHANDLED, NO_OPTIONS = (
    "httpapi.origin-not-listed",
    "preflight.proxy-any-lambda",
    "preflight.no-options",
)
IN_ERROR = "acao.missing-error-path"
AT_PREFLIGHT = "preflight.cognito"
FIREFOX = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {}. "
    "(Reason: CORS header 'Access-Control-Allow-Origin' missing)."
)


def blocked(url: str = LOCAL, *, by_preflight: bool = True, page: str = PAGE) -> str:
    step = "Response to preflight request doesn't pass access control check: " if by_preflight else ""
    return (
        f"Access to fetch at '{url}' from origin '{page}' has been blocked by CORS policy: {step}{MISSING}\n"
    )


def read(text: str) -> Diagnosis:
    (found,) = from_recording(text, "console.txt", (), Query()).diagnoses
    return found


PREFLIGHT, ACTUAL = blocked(), blocked(by_preflight=False)


@pytest.mark.parametrize(
    ("sentence", "log", "cause"),
    [
        # Starlette's CORS filter refuses with 400; other servers know no OPTIONS.
        (
            PREFLIGHT,
            'INFO:     127.0.0.1:55714 - "OPTIONS /login?a=1 HTTP/1.1" 400 Bad Request',
            NOT_LISTED,
        ),
        (
            PREFLIGHT,
            'INFO:     127.0.0.1:55714 - "OPTIONS /login HTTP/1.1" 405 Method Not Allowed',
            UNHANDLED,
        ),
        (PREFLIGHT, "\x1b[0mOPTIONS /login \x1b[33m404\x1b[0m 2.115 ms - 146\x1b[0m", NO_OPTIONS),
        (
            PREFLIGHT,
            '[GIN] 2020/01/01 - 12:00:00 | 404 |   1.2µs |   127.0.0.1 | OPTIONS  "/login"',
            NO_OPTIONS,
        ),
        (
            PREFLIGHT,
            'ActionController::RoutingError (No route matches [OPTIONS] "/login"):',
            NO_OPTIONS,
        ),
        (PREFLIGHT, "Method Not Allowed (OPTIONS): /login", UNHANDLED),
        (PREFLIGHT, "Request method 'OPTIONS' not supported", UNHANDLED),
        (
            PREFLIGHT,
            '{"Message":"The requested resource does not support http method \'OPTIONS\'."}',
            UNHANDLED,
        ),
        (ACTUAL, '127.0.0.1 - - [05/Mar/2023 12:00:01] "POST /login HTTP/1.1" 500 -', IN_ERROR),
        (
            FIREFOX.format(LOCAL) + "\n",
            'INFO: 127.0.0.1:5 - "OPTIONS /login HTTP/1.1" 400 Bad Request',
            NOT_LISTED,
        ),
    ],
)
def test_a_servers_log_gives_the_status_of_the_request(sentence: str, log: str, cause: str) -> None:
    found = read(f"{sentence}{log}\n")
    assert causes(found)[0] == cause
    assert "server's log" in dict(found.not_checked)["the status"]


def test_a_log_changes_no_status_that_the_browser_shows_and_an_options_is_no_request() -> None:
    shown = f"{blocked(PUBLIC, by_preflight=False)}POST {PUBLIC} net::ERR_FAILED 429\n"
    assert causes(read(f'{shown}"POST /login HTTP/1.1" 500 -\n')) == causes(read(shown))
    assert causes(read(f'{ACTUAL}"OPTIONS /login HTTP/1.1" 200 -\n')) == causes(read(ACTUAL))


def test_a_preflight_that_the_log_has_with_success_is_not_suspected() -> None:
    log = '"OPTIONS /login HTTP/1.1" 200 -\n"POST /login HTTP/1.1" 500 -\n'
    found = read(f"{FIREFOX.format(LOCAL)}\n{log}")
    assert (found.ask.method, causes(found)) == ("POST", [IN_ERROR])


@pytest.mark.parametrize(
    "other",
    [
        '"OPTIONS /other HTTP/1.1" 400 -',
        '"POST /login HTTP/1.1" 500 -',
        "Content-Type: application/json\nAccept: */*",
        "server: uvicorn\ndate: Fri, 26 May 2017\naccess-control-allow-origin: *",
        "Request Headers\nallow: GET\nserver: nginx",
    ],
)
def test_lines_of_another_response_change_nothing(other: str) -> None:
    assert causes(read(f"{PREFLIGHT}{other}\n")) == causes(read(PREFLIGHT))


@pytest.mark.parametrize(
    ("url", "below", "cause"),
    [
        (LOCAL, "Status Code: 403 Forbidden\nserver: AmazonS3\nx-amz-request-id: 1", "edge.s3-no-cors"),
        (
            GATEWAY,
            "Response Headers\nx-amzn-errortype:\nForbiddenException\nx-amzn-requestid:\n1\n"
            f"Request Headers\norigin:\n{PAGE}",
            "deploy.no-stage",
        ),
        (LOCAL, "HTTP/1.1 405 Method Not Allowed\nAllow: GET,POST\nServer: nginx", UNHANDLED),
    ],
)
def test_the_headers_below_a_sentence_are_those_of_its_response(url: str, below: str, cause: str) -> None:
    assert causes(read(f"{blocked(url)}\n{below}\n"))[0] == cause


def test_a_body_of_the_gateway_near_a_sentence_is_that_of_its_response_if_the_status_is_the_same() -> None:
    sentence = f"{blocked(GATEWAY, by_preflight=False)}\nGET {GATEWAY} net::ERR_FAILED 403 (Forbidden)\n"
    by_status = causes(read(sentence))
    by_body = causes(read(f'{sentence}{{"message":"Forbidden"}}\n'))
    assert (by_status, by_body) == (
        ["deploy.wrong-path", "auth.iam-no-token"],
        ["deploy.no-stage", "auth.api-key"],
    )
    assert causes(read(f'{sentence}{{"message":"Internal server error"}}\n')) == by_status


ACCESS = (
    '{{"requestId": "r", "httpMethod": "{}", "resourcePath": "{}", "status": "401", "error": '
    '{{"message": "Unauthorized", "messageString": "\\"Unauthorized\\""}}}}'
)


@pytest.mark.parametrize(("verb", "first"), [("GET", "auth.no-token"), ("OPTIONS", AT_PREFLIGHT)])
@pytest.mark.parametrize("path", ["/login", "/{proxy+}", "/other"])
def test_an_access_log_of_api_gateway_has_the_status_of_a_sentence(verb: str, first: str, path: str) -> None:
    sentence = blocked(GATEWAY, by_preflight=verb == "OPTIONS")
    with_log = causes(read(f"{sentence}\n{ACCESS.format(verb, path)}\n"))
    without = causes(read(sentence))
    assert (with_log[0], without[0] == first) == (without[0] if path == "/other" else first, False)


def test_an_access_log_of_api_gateway_names_a_refused_request_alone() -> None:
    passed = ACCESS.replace('"401"', '"200"').format("GET", "/a")
    found = read(f"{passed}\n{ACCESS.format('OPTIONS', '/b')}")
    assert (found.outcome, causes(found)[0]) == (DiagnosisOutcome.BLOCKED, AT_PREFLIGHT)
    with pytest.raises(UsageError):
        read(passed)


@pytest.mark.parametrize(
    ("below", "named"),
    [
        ("Allow:GET,POST\nServer:nginx/1.10.0 (Ubuntu)", [UNHANDLED, NO_OPTIONS]),
        ("Allow: GET, HEAD, OPTIONS\nServer: Werkzeug", [UNHANDLED, "preflight.mock-no-headers"]),
        ("Server: nginx\nStatus Code: 401\nWww-Authenticate: Basic", ["preflight.authenticated"]),
    ],
)
def test_what_a_server_says_of_its_methods_or_its_status_counts(below: str, named: list[str]) -> None:
    assert causes(read(f"{blocked(PUBLIC)}{below}\n")) == named


def test_a_server_on_this_machine_that_fails_on_options_is_no_api_gateway() -> None:
    assert causes(read(f"{PREFLIGHT}OPTIONS {LOCAL} 500 (Internal Server Error)\n")) == [
        "int.throws",
        UNHANDLED,
    ]


def test_a_kind_of_error_of_the_gateway_gives_its_status() -> None:
    headers = "x-amzn-errortype: InternalServerErrorException\nx-amzn-requestid: 1\n"
    assert "int.throws" in causes(read(f"{blocked(GATEWAY, by_preflight=False)}{headers}"))
    assert "preflight.mock-no-template" in causes(read(f"{blocked(GATEWAY)}{headers}"))


def test_the_same_request_in_two_browsers_is_one_with_what_tells_most() -> None:
    chromium = (
        f"XMLHttpRequest cannot load {PUBLIC}?_=1413809942129. {MISSING} Origin '{PAGE}' is therefore not "
        "allowed access. The response had HTTP status code 503."
    )
    found = read(f"{FIREFOX.format(f'{PUBLIC}?_=1413809903947')}\n{chromium}\n")
    assert causes(found)[0] == "edge.proxy-error"
    by_firefox = read(f"{FIREFOX.format(PUBLIC)} Status code: 403.\n{blocked(PUBLIC, by_preflight=False)}")
    assert by_firefox.ask.origin == PAGE
    other = from_recording(f"{FIREFOX.format(f'{PUBLIC}/7')}\n{chromium}\n", "console.txt").diagnoses
    assert len(other) == 2


def test_a_request_without_response_has_the_status_of_the_servers_log() -> None:
    request = (
        f"OPTIONS /login HTTP/1.1\nHost: localhost:8000\nOrigin: {PAGE}\nAccess-Control-Request-Method: PUT\n"
    )
    log = (
        "Processing ApplicationController#index [OPTIONS]\n\nActionController::MethodNotAllowed (Only get):\n"
    )
    assert causes(read(f"{request}\n--\n\n{log}")) == [UNHANDLED]
    assert text_exchanges(f'{request}\n"PUT /login HTTP/1.1" 500 -\n') == []


def test_a_status_of_old_chromium_without_more_words_is_the_preflights() -> None:
    found = read(f"XMLHttpRequest cannot load {PUBLIC}. Invalid HTTP status code 404\n")
    assert (causes(found), found.ask.profile) == ([UNHANDLED], Profile.CHROMIUM)


@pytest.mark.parametrize(
    ("page", "first"), [("https://203.0.113.7", NOT_LISTED), ("https://server", NOT_LISTED)]
)
def test_a_page_that_is_opened_by_its_address_is_not_in_the_list(page: str, first: str) -> None:
    named = "https://panel.example.com/system"
    assert causes(read(blocked(named, page=page)))[0] == first
    assert causes(read(blocked(named, page=PAGE)))[0] != first
    assert causes(read(blocked("https://203.0.113.9/system", page=page)))[0] != first


@pytest.mark.parametrize("url", ["https://s3.amazonaws.com", "https://s3.amazonaws.com/"])
def test_only_a_url_with_its_path_asks_for_the_whole_store(url: str) -> None:
    by = "has been blocked from loading by Cross-Origin Resource Sharing policy"
    assert (
        causes(read(f"Image from origin '{url}' {by}: {MISSING}")) == ["edge.aws-service"]
    ) is url.endswith("/")


@pytest.mark.parametrize(("status", "action"), [(405, "captcha"), (202, "challenge")])
def test_what_a_firewall_says_itself_is_its_refusal_at_any_host(status: int, action: str) -> None:
    answered = {"x-amzn-waf-action": action, "content-length": "0"}
    refused = entry("POST", GATEWAY, status, answered, {"authorization": "x"}, error="net::ERR_FAILED")
    assert causes(diagnosed(refused, preflight(GATEWAY, method="POST"))) == ["auth.waf"]


def test_with_a_template_what_other_servers_usually_refuse_is_not_suspected() -> None:
    apis = read_templates({"t.json": json.dumps(sam(Cors=STAR, Auth=COGNITO))}, {})
    refused = preflight("https://api.example.com/items", 401, {})
    found = diagnosed(entry(url="https://api.example.com/items", status=0), refused, apis=apis)
    assert "preflight.authenticated" not in causes(found)


def test_of_a_preflight_that_passes_the_request_itself_is_asked_for() -> None:
    found = read(
        f"Request URL:{LOCAL}\nRequest Method:OPTIONS\nStatus Code:200 OK\nAccess-Control-Allow-Headers:Authorization\n"
        f"Access-Control-Allow-Origin:{PAGE}\nServer:WildFly/8\nAccess-Control-Request-Headers:authorization\n"
        f"Access-Control-Request-Method:POST\nOrigin:{PAGE}\n"
    )
    assert found.outcome is DiagnosisOutcome.UNKNOWN
    assert "Copy it too" in dict(found.not_checked)["the request itself"]
