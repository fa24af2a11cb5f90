"""`doctor cors --share`: what the backend team needs is in the report, and nothing that is secret."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.browser import redact
from accountsctl.doctor.reports.scrub import is_plain, scrubbed, shared_url
from accountsctl.doctor.reports.share import shared_report
from tests.unit.commands.doctor.recordings import ALLOWED, PAGE, diagnosed, entry, preflight

HOST = "https://abc123def4.execute-api.eu-west-1.amazonaws.com"
FAILED = "net::ERR_FAILED"
MESSAGES = (
    "'{}' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer {}'.",
    "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256): '{}'.",
    "User: arn:aws:iam::123456789012:user/{} is not authorized",
    "{}",
)


@dataclass(frozen=True)
class Secrets:
    """Secrets of one recording. `opaque` has no form by which it could be known."""

    opaque: str
    jwt: str
    cookie: str
    query: str
    password: str
    account: str
    pool: str
    email: str

    def values(self) -> tuple[str, ...]:
        """Each of them, and the parts of the token."""
        parts = self.jwt.split(".")
        return (
            self.opaque,
            *parts,
            self.cookie,
            self.query,
            self.password,
            self.account,
            self.pool,
            self.email,
        )


def made(seed: int) -> Secrets:
    digest = [hashlib.sha256(f"{seed}/{place}".encode()).digest() for place in range(8)]
    text = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in digest]
    opaque = {0: text[0], 1: digest[0].hex(), 2: base64.b64encode(digest[0]).decode(), 3: text[0][:20]}[
        seed % 4
    ]
    return Secrets(
        opaque,
        f"eyJ{text[1]}.{text[2]}.{text[3]}",
        text[4],
        text[5][:12],
        text[6][:8],
        str(100_000_000_000 + seed % 800_000_000_000),
        f"eu-west-1_{text[7][:9].replace('-', 'A').replace('_', 'B')}",
        f"{text[6][:6].replace('-', 'a').replace('_', 'b')}@example.com",
    )


def recording(secrets: Secrets, message: str, sanitized: bool) -> str:
    """A refused request that holds a secret in every place where a recording may have one."""
    url = f"{HOST.replace('://', f'://me:{secrets.password}@')}/dev/{secrets.opaque}?key={secrets.query}#{secrets.query}"
    sent = {"referer": f"{PAGE}/?code={secrets.query}", "x-custom": secrets.opaque}
    if not sanitized:
        sent |= {
            "authorization": f"Bearer {secrets.jwt}",
            "cookie": f"session={secrets.cookie}",
            "x-api-key": secrets.opaque,
            "x-amz-security-token": secrets.cookie,
        }
    answered = {
        "x-amzn-errortype": "IncompleteSignatureException",
        "x-amzn-requestid": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "set-cookie": f"a={secrets.cookie}",
        "location": f"https://example.com/?token={secrets.query}",
        "x-amzn-remapped-authorization": secrets.opaque,
        "server": secrets.opaque,
        "access-control-allow-headers": secrets.opaque,
    }
    words = message.replace("{}", secrets.opaque)
    body = json.dumps({"message": f"{words} {secrets.pool} {secrets.account} {secrets.email} {secrets.jwt}"})
    refused = entry("POST", url, 403, answered, sent, body=body, error=FAILED)
    refused["request"]["postData"] = {
        "text": json.dumps({"password": secrets.password, "token": secrets.jwt})
    }
    refused["request"]["cookies"] = [{"name": "session", "value": secrets.cookie}]
    first = preflight(url, names="authorization,x-custom", method="POST")
    log = {"version": "1.2", "creator": {"name": "WebInspector"}, "entries": [first, refused]}
    return json.dumps({"log": log})


# What is no word is known by chance only: of a million random tokens some read like words.
@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, 2**64), st.sampled_from(MESSAGES), st.booleans())
def test_no_secret_of_a_recording_is_in_its_report(seed: int, message: str, sanitized: bool) -> None:
    secrets = made(seed)
    found = from_recording(recording(secrets, message, sanitized), "/home/me/page.har")
    report = shared_report(found.diagnoses, found.lines)
    assert [secret for secret in secrets.values() if secret in report] == []
    assert "/home/me" not in report


def test_the_report_has_what_the_backend_team_needs() -> None:
    answered = {
        "x-amzn-errortype": "UnauthorizedException",
        "x-amzn-requestid": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    }
    refused = entry(url=f"{HOST}/dev/items", status=401, answered=answered, body="{}", error=FAILED)
    found = diagnosed(preflight(f"{HOST}/dev/items"), refused)
    report = shared_report([found], {})
    for text in (
        f"## GET {HOST}/dev/items",
        f"* Page: {PAGE}",
        "401 UnauthorizedException",
        "x-amzn-requestid: c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "asked for: authorization",
        "has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header",
        "Who may have to act: ",
    ):
        assert text in report


def test_a_request_that_passes_is_left_out_where_another_is_blocked() -> None:
    well, bare = diagnosed(entry(answered=ALLOWED)), diagnosed(entry("POST", error=FAILED))
    assert "## GET" not in shared_report([well, bare], {})
    assert "## GET" in shared_report([well], {})


@pytest.mark.parametrize(
    "word",
    ["accounts", "accountsAPI", "v1", "IncompleteSignatureException", "DEFAULT", "UserPoolArn", "items2"],
)
def test_words_are_plain(word: str) -> None:
    assert is_plain(word)
    assert scrubbed(word) == word


@pytest.mark.parametrize("word", ["c2VjcmV0b3BhcXVl", "deadbeef00cafe11", "a1b2c3d4e5", "QWxhZGRpbjpvcGVu"])
def test_what_is_no_word_is_left_out(word: str) -> None:
    assert not is_plain(word)
    assert word not in scrubbed(f"it is {word}, no more")
    assert word not in shared_url(f"https://api.example.com/{word}/items?x={word}")


def test_what_a_template_says_stays() -> None:
    for text in (
        "Access-Control-Allow-Origin: '*'",
        "AuthorizationType: COGNITO_USER_POOLS",
        "/Resources/AccountsMethodGet/Properties/AuthorizationType",
        "method.request.header.Authorization",
    ):
        assert scrubbed(text) == text


def test_the_names_of_headers_of_ones_own_stay() -> None:
    names = "Authorization,X-Api-Key,X-Amzn-Trace-Id,X-CSRF-Token,X-Request-ID,x-tenant-id"
    assert scrubbed(names) == names
    assert "X-kq" not in scrubbed("X-kqzwvbtrpl, X-9f8e7d6c5b4a-key")


def test_the_id_of_a_request_stays_in_a_line_of_the_apis_log_and_what_is_secret_does_not() -> None:
    request = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    answered = {"x-amzn-errortype": "InternalServerErrorException", "x-amzn-requestid": request}
    refused = entry(url=f"{HOST}/dev/items", status=502, answered=answered, body="{}", error=FAILED)
    found = diagnosed(preflight(f"{HOST}/dev/items"), refused)
    line = f"GET 502 (request {request}): Malformed Lambda proxy response to c2VjcmV0b3BhcXVl"
    report = shared_report([replace(found, logged=(line,))], {})
    assert f"* GET 502 (request {request}): Malformed Lambda proxy response to ***" in report


@pytest.mark.parametrize(("stage", "named"), [("dev", "dev"), ("staging2", "staging2"), ("k9f3q7", "STAGE")])
def test_commands_name_the_api_and_the_stage_of_the_url_but_for_what_is_left_out(
    stage: str, named: str
) -> None:
    url, refused = (
        f"{HOST}/{stage}/items",
        {"x-amz-apigw-id": "a", "x-amzn-errortype": "TooManyRequestsException"},
    )
    shared = shared_report([diagnosed(entry(url=url, status=429, answered=refused, error=FAILED))], {})
    assert f"aws apigateway create-deployment --rest-api-id abc123def4 --stage-name {named}\n" in shared
    assert named == stage or stage not in shared


@pytest.mark.parametrize("text", ["x" * 100_000, "eyJ" * 60_000, "aa-" * 30_000])
def test_a_long_text_takes_no_more_than_its_length(text: str) -> None:
    begun = process_time()
    assert len(scrubbed(text)) <= len(text)
    assert redact.text(text) == text
    assert process_time() - begun < 5  # from each character to the end: half a minute
