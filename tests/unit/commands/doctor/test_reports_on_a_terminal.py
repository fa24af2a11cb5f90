"""What `doctor cors` prints of a recording or of pasted text: true to what was seen, and to what was asked."""

from __future__ import annotations

import io
import json

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.browser.page_request import read_token
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.ui.diagnosis import show_all
from accountsctl.ui.evidence_places import different_lines, lines_of_place
from accountsctl.ui.screen import Screen
from tests.unit.commands.doctor.recordings import ALLOWED, causes, diagnosed, entry, preflight
from tests.unit.doctor.observed.test_har import jwt

GATEWAY = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
FAILED = "net::ERR_FAILED"
REFUSED = {"x-amzn-errortype": "UnauthorizedException", "x-amz-apigw-id": "a="}
FIREFOX = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
    "https://api.example.com/items. (Reason: CORS header \u2018Access-Control-Allow-Origin\u2019 missing). "
    "Status code: 403."
)


def printed(*found: Diagnosis) -> str:
    out = io.StringIO()
    show_all(Screen(out, io.StringIO()), found, {})
    return " ".join(out.getvalue().split())


def pasted(text: str) -> str:
    return printed(*from_recording(text, "console.txt", ()).diagnoses)


def with_token(token: str) -> list[str]:
    refused = entry(url=GATEWAY, status=401, answered=REFUSED, sent={"authorization": "***"}, error=FAILED)
    log = {"version": "1.2", "creator": {"name": "WebInspector"}, "entries": [refused]}
    query = Query(token=read_token(token), now=2_000_000_000)
    (found,) = from_recording(json.dumps({"log": log}), "page.har", (), query).diagnoses
    return causes(found)


def test_what_a_font_was_refused_is_said_of_a_font() -> None:
    font = entry(url="https://cdn.example.com/a.woff2", error=FAILED, _resourceType="font")
    assert "Access to font at 'https://cdn.example.com/a.woff2'" in printed(diagnosed(font))
    said = pasted(
        "Access to XMLHttpRequest at 'https://api.example.com/items' from origin 'http://localhost:3000' has been "
        "blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."
    )
    assert "Browser shows Access to XMLHttpRequest at" in said


def test_firefox_has_one_sentence_for_both_requests_and_nothing_is_said_to_have_been_sent() -> None:
    said = pasted(FIREFOX)
    assert "Browser shows Cross-Origin Request Blocked" in said
    assert "The API answered 403 to your GET, or to the browser's request for permission before it" in said
    assert "Your GET was sent" not in said


def test_of_many_rarer_causes_the_first_are_named() -> None:
    said = pasted(FIREFOX)
    rarer = said.partition("rarer causes of the same response: ")[2].partition(". The API's")[0]
    assert rarer.endswith("more")
    assert len(rarer.split(", ")) == 8


def test_who_acts_is_one_short_sentence() -> None:
    blocked = diagnosed(preflight(answered={}), entry(status=0, error=FAILED))
    assert (
        "Who acts the backend; nothing in your page fixes it. For a report to send them, add --share report.md to this "
        "command"
    ) in printed(blocked)


def test_each_of_several_causes_has_its_fix_and_a_command_says_which_it_shows() -> None:
    answered = {"x-amzn-errortype": "ForbiddenException", "x-amz-apigw-id": "a="}
    said = printed(
        diagnosed(entry(url=GATEWAY, status=403, answered=answered, sent={"x-api-key": "***"}, error=FAILED))
    )
    assert "Fix: Send a key that is valid as x-api-key" in said
    assert "Fix: Find the rule in the web ACL's sampled requests" in said
    assert "auth.api-key: aws apigateway get-usage-plans" in said


def test_of_a_preflight_alone_it_is_said_that_it_passes() -> None:
    asked = "$ curl -i -X OPTIONS https://api.example.com/items -H 'Origin: http://localhost:3000' \\\n"
    asked += (
        " -H 'Access-Control-Request-Method: PUT'\nHTTP/1.1 204 No Content\naccess-control-allow-origin: *\n"
    )
    said = pasted(f"{asked}access-control-allow-methods: PUT\n\n")
    assert (
        "The API allows the preflight: the browser would send your PUT. What it answers then was not" in said
    )


def test_cloudfront_refuses_no_get_for_its_method() -> None:
    page = {"server": "CloudFront", "x-cache": "Error from cloudfront", "content-type": "text/html"}
    url = "https://d111111abcdef8.cloudfront.net/items"
    found = diagnosed(entry(url=url, status=403, answered=page, error=FAILED))
    assert (causes(found), found.walk.rarer) == (["edge.cf-host"], ("auth.waf",))
    assert causes(diagnosed(preflight(url=url, status=403, answered=page)))[0] == "edge.cf-methods"


def test_what_the_api_answers_after_a_refused_preflight_is_not_foretold() -> None:
    unseen = diagnosed(preflight(answered={}), entry(status=0, error=FAILED))
    assert "Then what the API answers your GET, which was not seen" in printed(unseen)
    seen = diagnosed(preflight(), entry(answered={}, error=FAILED))
    assert "Then nothing further found after this fix" in printed(seen)


def test_a_mask_says_what_it_does() -> None:
    throttled = {"x-amzn-errortype": "TooManyRequestsException", "x-amz-apigw-id": "a="}
    said = printed(diagnosed(entry(url=GATEWAY, status=429, answered=throttled, error=FAILED)))
    assert "Masked by gwresp.4xx: The gateway's own 4xx answers carry no CORS headers" in said


def test_of_a_body_alone_it_is_not_said_that_the_browser_blocked_it() -> None:
    said = pasted(
        f"$ curl '{GATEWAY}' -H 'Origin: http://localhost:3000' -H 'authorization: Bearer abc'\n"
        '{"message":"Unauthorized"}\n'
    )
    assert "The API answered 401. Its headers were not shown" in said
    assert f"Or, if the refusal has CORS headers: GET {GATEWAY} 401 (Unauthorized)" in said
    assert said.count("curl without -i") == 1


def test_requests_that_pass_are_listed_in_their_order() -> None:
    first = diagnosed(preflight(), entry(answered=ALLOWED))
    second = diagnosed(preflight(method="HEAD"), entry("HEAD", answered=ALLOWED))
    said = printed(first, second)
    assert said.index("PASS GET") < said.index("PASS HEAD")


def test_a_token_that_is_none_is_named_if_it_is_stated() -> None:
    assert with_token("not-a-jwt")[0] == "auth.token-invalid"


def test_a_token_that_the_command_line_states_is_that_of_the_recorded_request() -> None:
    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC"
    assert with_token(jwt(token_use="id", iss=issuer, exp=1)) == ["auth.cognito-expired"]
    assert "auth.cognito-access-no-scope" not in with_token(
        jwt(token_use="id", iss=issuer, exp=2_000_000_001)
    )
    assert "auth.cognito-access-no-scope" in with_token(jwt(token_use="access", iss=issuer))


def test_a_long_place_is_broken_before_the_slashes_of_its_pointer() -> None:
    where = "api.json:320 /Resources/Options/Properties/Integration/IntegrationResponses/0"
    assert lines_of_place(where, 100) == [where]
    assert lines_of_place(where, 40) == [
        "api.json:320",
        "/Resources/Options/Properties",
        "/Integration/IntegrationResponses/0",
    ]


def test_of_lines_of_a_log_that_differ_in_ids_alone_one_is_shown() -> None:
    one, other = "4ad40743-8087-444a-9be9-b52f93f81095", "db64ef78-adf1-40f1-b8fa-55fde680554d"
    assert list(different_lines([f"boom {one}", f"boom {other}", "bang"])) == [f"boom {one}", "bang"]
    assert list(different_lines([f"boom {one}"], [f"boom {other}"])) == []
