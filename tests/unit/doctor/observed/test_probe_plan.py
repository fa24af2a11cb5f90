"""Which requests the doctor sends, and what it keeps of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from accountsctl.commands.doctor.send_probes import SendProbes
from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.urls import base_of, path_of
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.request_failures import RequestFailure
from accountsctl.doctor.observed.probe_plan import FOREIGN, MOST, NO_VALUE, Probe, ProbePlan, exchange, plan
from accountsctl.model.errors import CloudError
from accountsctl.ports.http import HttpAnswer
from tests.fakes.http import FakeHttp

ORIGIN = "https://app.example.com"
API = "https://abc.execute-api.eu-west-1.amazonaws.com/dev"
JWT = "eyJhbGciOi.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


def ask(**changes: Any) -> PageRequest:
    return PageRequest(**{"origin": ORIGIN, "path": "/items", "url": f"{API}/items", **changes})


def by_id(made: ProbePlan) -> dict[str, Probe]:
    return {each.id: each for each in made.probes}


def test_a_get_with_a_token_is_asked_about_in_eight_requests_at_most() -> None:
    made = plan(ask(), token=True, own_url=f"{API}/own")
    assert [each.id for each in made.probes] == ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"]
    assert len(made.probes) == MOST
    assert made.not_reported == ()


def test_the_preflight_is_the_browsers_own() -> None:
    first = by_id(plan(ask(method="PUT", body=True)))["P1"]
    assert (first.method, first.url) == ("OPTIONS", f"{API}/items")
    assert dict(first.headers) == {
        "Accept": "*/*",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,content-type",
        "Origin": ORIGIN,
    }


def test_where_the_browser_sends_no_preflight_the_doctor_sends_none() -> None:
    made = plan(ask(credential=Credential.NONE))
    assert [each.id for each in made.probes] == ["P4", "P8"]


def test_the_unknown_route_is_beside_the_stage_and_read_only() -> None:
    probes = by_id(plan(ask(method="DELETE"), token=True))
    assert probes["P5"].url == f"{API}/accountsctl-doctor/no-such-route"
    assert (probes["P5"].method, probes["P5"].authorized) == ("GET", True)
    assert probes["P6"].method == "OPTIONS"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_may_change_something_is_sent_only_when_asked_for(method: str) -> None:
    careful, bold = (plan(ask(method=method), token=True, send_actual=each) for each in (False, True))
    assert {each.method for each in careful.probes} <= {"OPTIONS", "GET"}
    assert careful.not_reported[0][0] == f"the answer to {method} itself"
    assert {each.method for each in bold.probes} >= {method}
    assert bold.not_reported == ()


@pytest.mark.parametrize(
    ("credential", "what"),
    [
        (Credential.TOKEN, "the answer to a request with a token"),
        (Credential.SIGNATURE, "the answer to a signed request"),
        (Credential.NONE, None),
    ],
)
def test_what_cannot_be_sent_is_said(credential: Credential, what: str | None) -> None:
    made = plan(ask(credential=credential))
    assert [each[0] for each in made.not_reported] == ([what] if what else [])
    assert not any(each.authorized for each in made.probes)


def test_a_request_whose_api_key_is_not_known_is_not_sent_without_it() -> None:
    """What API Gateway refuses then is no refusal of the page's."""
    made = plan(ask(headers=(("X-Api-Key", NO_VALUE),)), token=True, send_actual=True)
    assert {"P3", "P4", "P8"} & by_id(made).keys() == set()
    assert "--header x-api-key:KEY" in dict(made.not_reported)["the answer to a request with an API key"]


def test_the_actual_request_carries_the_pages_headers_and_no_secret_is_in_the_plan() -> None:
    made = plan(ask(headers=(("X-Api-Key", "hush"), ("X-Trace", ""))), token=True)
    assert dict(by_id(made)["P3"].headers) == {
        "Accept": "*/*",
        "X-Api-Key": "hush",
        "X-Trace": "x",
        "Origin": ORIGIN,
    }
    assert dict(by_id(made)["P8"].headers)["Origin"] == FOREIGN
    assert "hush" not in repr(made)


def test_nothing_secret_is_kept_of_an_exchange() -> None:
    probe = by_id(plan(ask(headers=(("X-Api-Key", "hush"),)), token=True))["P3"]
    answer = FetchResponse(
        403,
        (
            ("x-amzn-ErrorType", "IncompleteSignatureException"),
            ("Set-Cookie", "session=hush"),
            ("Location", f"https://x.test/?token={JWT}&a=hush"),
            ("Content-Type", "application/json"),
        ),
    )
    said = f'{{"message":"\'{JWT}\' not a valid key=value pair (missing equal-sign) hush"}}'
    kept = exchange(probe, answer, said, token=f"Bearer {JWT}")
    assert "hush" not in repr(kept)
    assert "eyJ" not in repr(kept)
    assert kept.sent["Authorization"] == "Bearer ***"
    assert "not a valid key=value pair" in str(kept.body)
    assert kept.error_type == "IncompleteSignatureException"
    assert kept.answer is not None
    assert kept.answer.value("location") == "https://x.test/?token&a"


def test_an_opaque_token_and_a_signature_are_not_kept_either() -> None:
    probe = Probe("P3", "GET", f"{API}/items?key=hush", (), authorized=True)
    kept = exchange(probe, FetchResponse(403), "bad: opaque-secret-token", token="opaque-secret-token")
    assert "opaque" not in repr(kept)
    assert "hush" not in repr(kept)
    signature = "AWS4-HMAC-SHA256 Credential=AKIA/2026/x, SignedHeaders=host, Signature=abc"
    kept = exchange(probe, FetchResponse(403), signature, token=signature)
    assert "AKIA" not in repr(kept)
    assert kept.sent["Authorization"] == "AWS4-HMAC-SHA256 ***"


@pytest.mark.parametrize(
    ("status", "kind", "kept"),
    [(200, "application/json", False), (200, "text/html", True), (404, "application/json", True)],
)
def test_data_of_an_answer_that_went_well_is_not_kept(status: int, kind: str, kept: bool) -> None:
    probe = by_id(plan(ask()))["P4"]
    answer = FetchResponse(status, (("Content-Type", kind),))
    assert bool(exchange(probe, answer, "somebody's balance").body) is kept


@pytest.mark.parametrize(
    ("url", "base", "path"),
    [
        (f"{API}/items/1", API, "/items/1"),
        (f"{API}", API, "/"),
        (
            "http://127.0.0.1:80/_aws/execute-api/x/dev/items",
            "http://127.0.0.1:80/_aws/execute-api/x/dev",
            "/items",
        ),
        ("https://api.example.com/v1/items", "https://api.example.com", "/v1/items"),
    ],
)
def test_an_apis_paths_begin_after_the_stage(url: str, base: str, path: str) -> None:
    assert (base_of(url), path_of(url)) == (base, path)


@dataclass
class Failing(FakeHttp):
    """A host that fails in one way."""

    code: str = ""
    urls: list[str] = field(default_factory=list)

    def send(self, method: str, url: str, headers: Any, body: bytes | None) -> HttpAnswer:
        self.urls.append(url)
        raise CloudError("no answer", why="It broke.", code=self.code)


@pytest.mark.parametrize(
    ("code", "failure", "asked"),
    [
        ("UnknownHost", RequestFailure.DNS, 1),
        ("ConnectionRefused", RequestFailure.REFUSED, 1),
        ("CertificateError", RequestFailure.TLS, 1),
        ("Timeout", RequestFailure.TIMEOUT, 1),
        ("NoAnswer", RequestFailure.OTHER, 7),
    ],
)
def test_a_host_that_cannot_be_reached_is_asked_once(code: str, failure: RequestFailure, asked: int) -> None:
    http = Failing(code=code)
    found = SendProbes(http, lambda _: "public").run(plan(ask(), token=True), JWT)
    assert len(http.urls) == asked
    assert {(each.failure, each.answer, each.status) for each in found} == {(failure, None, 0)}
    assert all(isinstance(each.failure, RequestFailure) for each in found)


def test_a_failure_is_shown_by_its_name_or_else_in_the_clients_words() -> None:
    shown = {
        code: {each.failure_text for each in SendProbes(Failing(code=code), str).run(plan(ask()))}
        for code in ("UnknownHost", "NoAnswer")
    }
    assert shown == {"UnknownHost": {"dns"}, "NoAnswer": {"It broke."}}


def test_the_token_is_sent_where_the_plan_says_so_and_nowhere_else() -> None:
    http = FakeHttp()
    times = iter(range(100))
    sender = SendProbes(http, lambda _: "loopback", lambda: next(times))
    found = sender.run(plan(ask(), token=True), f"Bearer {JWT}")
    sent = [(method, headers.get("Authorization")) for method, _, headers, _ in http.sent]
    assert sent.count(("GET", f"Bearer {JWT}")) == 3
    assert ("GET", None) in sent
    assert ("OPTIONS", f"Bearer {JWT}") not in sent
    assert {(each.milliseconds, each.address) for each in found} == {(1000, "loopback")}
    assert "eyJ" not in repr(found)


def test_a_function_that_hangs_does_not_keep_the_other_questions_from_being_asked() -> None:
    http = Failing(code="Timeout")
    found = SendProbes(http, lambda _: "public").run(plan(ask(credential=Credential.NONE)))
    assert [(each.probe, each.failure) for each in found] == [("P4", "timeout"), ("P8", "timeout")]
