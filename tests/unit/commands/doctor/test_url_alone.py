"""`doctor cors --url` of an API of which nothing is known but what it answers."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.browser.fetch import Headers, Profile
from accountsctl.doctor.browser.page_request import read_token
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.observed.probe_plan import ProbePlan, exchange
from accountsctl.ui.diagnosis import show_all
from accountsctl.ui.screen import Screen

PAGE, API = "https://app.example.com", "https://api.example.org/items"
ANY = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "authorization"))


def asked(status: int, headers: Headers, url: str = API, page: str = PAGE, **query: Any) -> Diagnosis:
    """What is found where every preflight passes, and every other request gets this response."""
    return answered({"OPTIONS": FetchResponse(204, ANY)}, FetchResponse(status, headers), url, page, **query)


def answered(
    answers: Mapping[str, FetchResponse],
    otherwise: FetchResponse,
    url: str = API,
    page: str = PAGE,
    **query: Any,
) -> Diagnosis:
    """What is found by the answers to each method."""

    def send(plan: ProbePlan, _token: str) -> tuple[Exchange, ...]:
        return tuple(exchange(probe, answers.get(probe.method, otherwise), "") for probe in plan.probes)

    (found,) = find_out(DiagnosisSources(send=send), Query(page, url=url, **query)).diagnoses
    return found


def test_an_open_api_without_the_header_is_blocked_though_no_token_was_given() -> None:
    found = asked(200, ())
    assert found.root is not None
    assert (found.outcome, found.root.card.id) == (DiagnosisOutcome.BLOCKED, "acao.missing-actual")
    assert found.not_checked == (
        ("the answer to a request with a token", "No token was given; --token sends one."),
    )


def test_an_open_api_with_the_header_passes() -> None:
    assert asked(200, ANY).outcome is DiagnosisOutcome.PASS


@pytest.mark.parametrize("status", [302, 401, 403, 500])
def test_an_api_that_answers_no_one_without_a_token_is_not_known(status: int) -> None:
    found = asked(status, ())
    assert found.outcome is DiagnosisOutcome.UNKNOWN
    assert (
        "the headers of the response to GET",
        "Nothing that was looked at tells them.",
    ) in found.not_checked
    assert found.warnings == ()


TYPE = ("x-amzn-ErrorType", "UnauthorizedException")


@pytest.mark.parametrize(
    ("headers", "warned"), [((TYPE,), ["gwresp.4xx"]), ((TYPE, *ANY), [])], ids=["without", "with"]
)
def test_a_refusal_that_the_page_cannot_read_is_a_warning(headers: Headers, warned: list[str]) -> None:
    found = asked(401, headers)
    assert [warning.card.id for warning in found.warnings] == warned
    assert [seen.place.source for warning in found.warnings for seen in warning.evidence] == [
        "http P4"
    ] * len(warned)


@pytest.mark.parametrize(
    ("page", "url", "profile", "asks"),
    [
        (PAGE, "http://127.0.0.1:3000/items", Profile.CHROMIUM, True),
        (PAGE, "https://192.168.1.7/items", Profile.CHROMIUM, True),
        ("null", "http://localhost:3000/items", Profile.CHROMIUM, True),
        (PAGE, "http://127.0.0.1:3000/items", Profile.FIREFOX, False),
        (PAGE, API, Profile.CHROMIUM, False),
        ("http://localhost:4200", "http://127.0.0.1:3000/items", Profile.CHROMIUM, False),
        ("chrome-extension://abcdefgh", "http://127.0.0.1:3000/items", Profile.CHROMIUM, False),
    ],
)
def test_chromium_asks_the_user_of_a_public_page_before_it_calls_a_nearer_address(
    page: str, url: str, profile: Profile, asks: bool
) -> None:
    found = asked(200, ANY, url, page, profile=profile)
    assert found.outcome is DiagnosisOutcome.PASS
    assert ("client.lna" in [warning.card.id for warning in found.warnings]) is asks


NO_TOKEN = (("x-amzn-ErrorType", "MissingAuthenticationTokenException"),)


@pytest.mark.parametrize(
    ("itself", "causes"),
    [
        (FetchResponse(200, ()), ["preflight.no-options"]),
        (FetchResponse(401, (TYPE,)), ["preflight.no-options"]),
        (FetchResponse(403, NO_TOKEN), ["deploy.wrong-path", "preflight.no-options"]),
        (FetchResponse(404, ()), ["deploy.wrong-path", "preflight.no-options"]),
    ],
    ids=["open", "behind an authorizer", "no route, or for signers", "not there"],
)
def test_a_request_that_a_route_takes_excludes_a_wrong_path(itself: FetchResponse, causes: list[str]) -> None:
    found = answered({"OPTIONS": FetchResponse(403, NO_TOKEN)}, itself)
    assert found.root is not None
    assert [suspect.card.id for suspect in (found.root, *found.alternatives)] == causes
    assert (found.certainty is Certainty.AMBIGUOUS) is (len(causes) > 1)


@pytest.mark.parametrize(
    ("url", "made_up"), [(f"{API}/1", True), (API, False), ("https://api.example.org/items/17", False)]
)
def test_a_404_for_an_id_of_the_doctors_own_is_said_to_be_that(url: str, made_up: bool) -> None:
    found = answered(
        {"OPTIONS": FetchResponse(204, ANY)},
        FetchResponse(404, ANY),
        url,
        token=read_token("a.b.c"),
        secret="a",
    )
    out = io.StringIO()
    show_all(Screen(out, io.StringIO()), [found], {})
    said = " ".join(out.getvalue().split())
    assert "404 is an error of the application" in said
    assert ("the doctor asks for 1, which need not be there" in said) is made_up
