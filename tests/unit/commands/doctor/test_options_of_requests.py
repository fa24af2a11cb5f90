"""What a user may type of a request, and what is answered to what a browser could not send."""

from __future__ import annotations

import json

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.targets import Query, checked, page_requests
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.model.errors import CouldNotLook, UsageError
from tests.faults.reported.apis import http

SOCKET = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "a", "ProtocolType": "WEBSOCKET"}}
BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {}}
REST = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "a"}}


def text(**resources: object) -> str:
    return json.dumps({"Resources": resources})


@pytest.mark.parametrize(
    ("query", "what", "hint"),
    [
        (Query(method="GET POST"), '"GET POST" is not a valid method.', "--method GET"),
        (Query(method=""), '"" is not a valid method.', "--method GET"),
        (Query(method="trace"), "A page cannot send TRACE.", "--method GET"),
        (Query(headers=(("", "x"),)), '"" is not a valid name of a header.', "--header"),
        (Query(headers=(("X Own", "1"),)), '"X Own" is not a valid name of a header.', "--header"),
        (Query(headers=(("Origin", "https://a.example"),)), "A page cannot set Origin.", "--origin ORIGIN"),
        (Query(headers=(("cookie", "a=1"),)), "A page cannot set cookie.", "--credentials"),
        (Query(headers=(("Host", "a"),)), "A page cannot set Host.", "Leave it out."),
        (Query(headers=(("Sec-Own", "a"),)), "A page cannot set Sec-Own.", "Leave it out."),
    ],
)
def test_what_no_page_can_send_is_refused_with_the_reason_and_what_to_type(
    query: Query, what: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refused:
        checked(query)
    assert refused.value.what == what
    assert refused.value.why
    assert hint in refused.value.hint


@pytest.mark.parametrize("method", ["GET", "patch", "QUERY", "M-SEARCH"])
def test_any_other_word_is_a_method(method: str) -> None:
    assert checked(Query(method=method, headers=(("X-Own", "1"),))).method == method


@pytest.mark.parametrize(
    ("resources", "what", "hint"),
    [
        ({"Chat": SOCKET}, "t.json has only WebSocket APIs (Chat).", "log"),
        (
            {"Files": BUCKET},
            "t.json: no API stands there, only S3 buckets (Files).",
            "--url https://BUCKET.s3.REGION.amazonaws.com/KEY --origin ORIGIN",
        ),
    ],
)
def test_a_template_without_an_api_says_what_it_has_instead(
    resources: dict[str, object], what: str, hint: str
) -> None:
    sources = DiagnosisSources(
        static=lambda: read_templates({"t.json": text(**resources)}), files=("t.json",)
    )
    with pytest.raises(CouldNotLook) as refused:
        find_out(sources, Query(path="/x"))
    assert refused.value.what == what
    assert hint in refused.value.hint


def test_another_template_with_an_api_is_judged_all_the_same() -> None:
    apis = read_templates(
        {"s.json": text(Chat=SOCKET), "r.json": text(Api=REST), "b.json": text(Files=BUCKET)}
    )
    assert [api.name for api in apis] == ["r.json#Api", "b.json#Files"]
    found = find_out(DiagnosisSources(static=lambda: apis), Query(path="/x"))
    assert [diagnosis.api for diagnosis in found.diagnoses] == ["r.json#Api"]


@pytest.mark.parametrize("name", ["Cookie", "Date", "Via", "Sec-Fetch-Site", "Proxy-Own"])
def test_a_page_sends_no_token_in_a_header_that_the_browser_keeps_to_itself(name: str) -> None:
    """https://fetch.spec.whatwg.org/#forbidden-request-header"""
    template = http("GET /items", jwt=True)
    source = [f"$request.header.{name}", "$request.header.X-Own"]
    template["Resources"]["Jwt"]["Properties"]["IdentitySource"] = source
    (api,) = read_templates({"t.json": json.dumps(template)}, {})
    (ask,) = page_requests(api, Query(origin="https://a.example", path="/items", method="GET"), ())
    assert ask.token_headers == ("x-own",)
