"""What the code of a page says of its request counts where a console's sentence leaves it open."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.observed.page_code import page_code
from accountsctl.model.errors import UsageError

API = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
PREFLIGHT = (
    f"Access to fetch at '{API}' from origin 'http://localhost:3000' has been blocked by CORS policy: Response to "
    "preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the "
    "requested resource.\n"
)
FIREFOX = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
    f"{API}. (Reason: CORS header 'Access-Control-Allow-Origin' missing).\n"
)
JSON = "content-type"


def of(text: str) -> Diagnosis:
    (found, *_) = from_recording(text, "pasted.txt", (), Query()).diagnoses
    return found


@pytest.mark.parametrize(
    ("code", "method", "names", "credentials"),
    [
        (f"fetch('{API}')", "GET", set(), False),
        (
            "fetch(url, { method: 'put', headers: { Authorization: `Bearer ${token}` } })",
            "PUT",
            {"authorization"},
            False,
        ),
        (
            "fetch(url, { method: 'POST', credentials: 'include', body: JSON.stringify(item) })",
            "POST",
            set(),
            True,
        ),
        (
            "const config = { headers: { 'x-api-key': key } };\naxios.post(url, { a: 1 }, config)",
            "POST",
            {JSON, "x-api-key"},
            False,
        ),
        ("axios.post(url, new FormData(form), { withCredentials: true })", "POST", set(), True),
        ("axios.get(url, { headers: { 'Content-Type': 'application/json' } })", "GET", set(), False),
        (
            "axios({ method: 'delete', url, headers: headers });\nconst headers = { Authorization: token }",
            "DELETE",
            {"authorization"},
            False,
        ),
        (
            "axios.defaults.headers.common['Authorization'] = token;\naxios.get('/items')",
            "GET",
            {"authorization"},
            False,
        ),
        (
            "const init = { headers: {}, body: item };\nAPI.post('items', '/items', init)",
            "POST",
            {JSON},
            False,
        ),
        (
            "$.ajax({ type: 'PUT', contentType: 'application/json', xhrFields: { withCredentials: true } })",
            "PUT",
            {JSON},
            True,
        ),
        ("$.getJSON(url, function (data) {})", "GET", set(), False),
        (
            "xhr.open('PUT', url, true);\nxhr.setRequestHeader('X-Own', 'a');\nxhr.withCredentials = true",
            "PUT",
            {"x-own"},
            True,
        ),
        (
            "const headers = new HttpHeaders().set('X-Own', 'a');\nthis.http.get<Item[]>(url, { headers })",
            "GET",
            {"x-own"},
            False,
        ),
        (
            "const own = new Headers();\nmyHeaders.append('X-Two', 'b');\nfetch(url, { headers })",
            "GET",
            {"x-two"},
            False,
        ),
    ],
)
def test_a_call_says_what_it_sends(code: str, method: str, names: set[str], credentials: bool) -> None:
    found = page_code(code, [API])
    assert found is not None
    assert (found.method, {name for name, _ in found.headers}, found.credentials) == (
        method,
        names,
        credentials,
    )


@pytest.mark.parametrize(
    "code",
    [
        "Fetch API cannot load the resource",
        "const r = await axios.get('https://other.example.com/x'); return { headers: { 'X-Own': 'a' } }",
        "fetch(url, { method: 'PUT' }); fetch(url, { method: 'POST' })",
    ],
)
def test_other_calls_and_those_that_differ_say_nothing(code: str) -> None:
    assert page_code(code, [API]) is None


def test_a_text_of_many_calls_takes_no_time_by_its_square() -> None:
    assert page_code("fetch(" * 20_000, []) is not None


def test_a_token_in_the_code_is_not_kept() -> None:
    found = page_code("fetch(url, { headers: { Authorization: 'secret', 'x-own': 'secret' } })", [API])
    assert found is not None
    assert "secret" not in repr(found)


def test_the_headers_of_the_code_take_the_place_of_what_is_assumed() -> None:
    found = of(PREFLIGHT + "fetch(url, { method: 'DELETE', headers: { 'x-api-key': key } })")
    assert found.ask.method == "DELETE"
    assert set(found.causes) == {"preflight.no-options", "preflight.cognito"}
    assert "the method" not in dict(found.not_checked)
    assert "the headers" not in dict(found.not_checked)
    assert dict(found.not_checked)["the page's code"].endswith("DELETE, the headers x-api-key.")


def test_a_header_of_responses_that_alone_needs_the_preflight_is_the_cause_to_look_at_first() -> None:
    own = "headers: { 'Access-Control-Allow-Origin': '*'"
    assert of(f"{PREFLIGHT}fetch(url, {{ {own} }} }})").causes[0] == "client.acao-request-header"
    needed = of(f"{PREFLIGHT}fetch(url, {{ {own}, Authorization: token }} }})")
    assert "client.acao-request-header" not in needed.causes


def test_firefoxs_words_are_of_the_preflight_if_the_code_needs_one() -> None:
    simple = of(f"{FIREFOX}fetch('{API}')")
    assert simple.causes[0] == "acao.missing-actual"
    assert (
        of(f"{FIREFOX}fetch('{API}', {{ headers: {{ Authorization: token }} }})")
        .causes[0]
        .startswith("preflight.")
    )


def test_code_in_the_mode_no_cors_has_no_line_of_a_console() -> None:
    with pytest.raises(UsageError) as raised:
        of(f"fetch('{API}', {{ mode: 'no-cors', headers: {{ Authorization: token }} }})")
    assert "cannot be read" in raised.value.what
    assert "no-cors" in raised.value.hint


def test_a_status_of_a_request_in_the_mode_no_cors_is_that_of_what_the_mode_leaves_out() -> None:
    found = of(
        f"POST {API} 415 (Unsupported Media Type)\nfetch('{API}', {{ method: 'POST', mode: 'no-cors' }})"
    )
    assert found.causes == ("client.no-cors", "int.media-type")
    assert of(f"POST {API} 415 (Unsupported Media Type)\nfetch('{API}', {{ method: 'POST' }})").causes == (
        "int.media-type",
    )
