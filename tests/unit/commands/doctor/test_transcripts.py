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
