"""What curl printed and what DevTools showed of a request, in the forms in which people paste them."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.model.errors import UsageError

URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
NO_ROUTE = """HTTP/2 403
content-type: application/json
x-amzn-errortype: MissingAuthenticationTokenException

{"message":"Missing Authentication Token"}
"""
VERBOSE = f"""* Connected to abc123.execute-api.eu-west-1.amazonaws.com
> OPTIONS /dev/items HTTP/2
> Host: abc123.execute-api.eu-west-1.amazonaws.com
> Origin: https://app.example.com
> Access-Control-Request-Method: PUT
>
< {NO_ROUTE.replace(chr(10), chr(10) + "< ")}
"""
DEVTOOLS = f"""Request URL:
{URL}
Request Method:
OPTIONS
Status Code:
403 Forbidden
Response Headers
x-amzn-errortype:
MissingAuthenticationTokenException
Request Headers
access-control-request-method:
PUT
origin:
https://app.example.com
"""
OLD_DEVTOOLS = f"""Request URL:{URL}
Request Method:OPTIONS
Status Code:403
x-amzn-errortype:MissingAuthenticationTokenException
access-control-request-method:PUT
origin:https://app.example.com
"""
COMMAND = f"""$ curl -siX OPTIONS '{URL}' \\
    -H 'Origin: https://app.example.com' -H "Access-Control-Request-Method: PUT"
{NO_ROUTE}"""


def diagnosed(text: str, url: str | None = None, method: str | None = None) -> Diagnosis:
    (found,) = from_recording(text, "curl.txt", (), Query(url=url, method=method)).diagnoses
    return found


@pytest.mark.parametrize("text", [COMMAND, VERBOSE, DEVTOOLS, OLD_DEVTOOLS])
def test_a_refused_preflight_is_read_with_its_url_its_method_and_the_pages_origin(text: str) -> None:
    found = diagnosed(text)
    assert (found.ask.url, found.ask.method, found.ask.origin) == (URL, "PUT", "https://app.example.com")
    assert found.root is not None
    assert found.root.card.id == "preflight.no-options"
    assert found.root.evidence[0].place.source == "text curl.txt"
    assert found.not_checked == () or "the method" not in dict(found.not_checked)


def test_a_response_alone_needs_the_url_and_is_the_preflights_by_its_headers() -> None:
    text = "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: GET\n\n"
    with pytest.raises(UsageError) as refused:
        diagnosed(text)
    assert "--url" in refused.value.why
    found = diagnosed(text, url=URL, method="DELETE")
    assert found.root is not None
    assert found.root.card.id == "acam.missing"


def test_what_curl_did_not_send_is_assumed_and_named() -> None:
    found = diagnosed(f"$ curl -i -X OPTIONS {URL}\n{NO_ROUTE}")
    gaps = dict(found.not_checked)
    assert "-H 'Origin: http://localhost:4200'" in gaps["the page's origin"]
    assert "--method" in gaps["the method"]
    assert "--header" in gaps["the headers"]


def test_of_a_request_alone_the_preflight_is_named_as_not_seen_with_the_command_that_shows_it() -> None:
    text = (
        f"$ curl -i {URL} -H 'Authorization: Bearer x'\nHTTP/2 200\naccess-control-allow-origin: *\n\n{{}}\n"
    )
    found = diagnosed(text)
    assert "curl -i -X OPTIONS" in dict(found.not_checked)["the preflight"]
    assert "Bearer x" not in str(found)


def test_a_preflight_and_the_request_itself_are_one_fetch() -> None:
    allowed = "HTTP/2 204\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT\n"
    refused = (
        'HTTP/2 502\nx-amzn-errortype: InternalServerErrorException\n\n{"message": "Internal server error"}\n'
    )
    text = f"curl -i -X OPTIONS {URL}\n{allowed}\ncurl -i -X PUT {URL}\n{refused}"
    found = diagnosed(text)
    assert found.ask.method == "PUT"
    assert found.root is not None
    assert found.root.card.id == "int.throws"


def test_head_of_curl_stands_for_get_and_says_so() -> None:
    found = diagnosed(f"$ curl -I {URL}\nHTTP/2 200\nx-amz-apigw-id: a=\n")
    assert found.ask.method == "GET"
    assert "HEAD" in dict(found.not_checked)["the method"]
    assert found.root is not None
    assert found.root.card.id == "acao.missing-actual"


def test_a_line_of_the_console_in_the_same_text_names_the_origin() -> None:
    line = f"Access to fetch at '{URL}' from origin 'https://shop.example.com' has been blocked by CORS policy: No"
    found = diagnosed(
        f"{line} 'Access-Control-Allow-Origin' header is present.\ncurl -i {URL}\nHTTP/2 200\n\n{{}}\n"
    )
    assert found.ask.origin == "https://shop.example.com"


@pytest.mark.parametrize(
    ("note", "url"),
    [
        ("* Connection #0 to host api.example.com left intact", "https://api.example.com"),
        ("* Connection #0 to host api.example.com:8443 left intact", "https://api.example.com:8443"),
        ("* Connected to api.example.com (203.0.113.7) port 443 (#0)", "https://api.example.com"),
        ("* Connected to localhost (127.0.0.1) port 80", "http://localhost"),
        ("* Connection #0 to host localhost:3000 left intact", "https://localhost:3000"),
    ],
)
def test_curls_note_of_the_connection_names_the_host_of_a_response_without_a_url(note: str, url: str) -> None:
    found = diagnosed(f"< HTTP/2 503 \n< content-length: 33\n< \n{note}\n{{}}\n")
    assert found.ask.url == url
    assert "--url" in dict(found.not_checked)["the path"]


def test_a_note_of_the_connection_changes_no_url_that_is_known() -> None:
    note = "* Connection #0 to host proxy.example.com left intact"
    found = diagnosed(f"$ curl -i https://api.example.com/items\nHTTP/2 503\nserver: x\n\n{note}\n")
    assert found.ask.url == "https://api.example.com/items"
    assert "the path" not in dict(found.not_checked)


@pytest.mark.parametrize("between", ["", "\n"], ids=["at once", "after an empty line"])
def test_a_body_below_a_bare_status_line_tells_that_the_api_refused(between: str) -> None:
    text = f'HTTP/1.1 429 Too Many Requests\n{between}{{"message": "Too Many Requests"}}\n'
    found = diagnosed(text, url="https://abc123.execute-api.eu-west-1.amazonaws.com/")
    assert found.root is not None
    assert found.root.card.id == "auth.throttle"


def test_words_of_another_status_than_the_lines_tell_nothing() -> None:
    text = 'HTTP/1.1 400 Bad Request\n{"message": "Too Many Requests"}\n'
    found = diagnosed(text, url="https://abc123.execute-api.eu-west-1.amazonaws.com/")
    assert found.root is None or found.root.card.id != "auth.throttle"


def test_the_words_of_an_http_api_that_throttles_name_no_missing_configuration() -> None:
    text = 'HTTP/2 429\napigw-requestid: Q1ea=\n\n{"message":"Too Many Requests"}\n'
    found = diagnosed(text, url="https://abc123.execute-api.eu-west-1.amazonaws.com/")
    assert found.root is not None
    assert found.root.card.id == "auth.throttle"
