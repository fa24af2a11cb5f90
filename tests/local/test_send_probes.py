"""The live layer over the embedded cloud: the doctor's requests, really sent."""

from __future__ import annotations

import time

import pytest

from accountsctl.adapters.http import HttpClient, address_class
from accountsctl.adapters.invocation import Settings
from accountsctl.bootstrap import Application
from accountsctl.commands.doctor.send_probes import SendProbes
from accountsctl.commands.users.sign_in import Credentials
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.observed.probe_plan import plan
from tests.local.project import LocalProject

ORIGIN = "https://app.example.com"


@pytest.fixture(scope="module")
def wiring(deployed: LocalProject) -> Application:
    return Application(Settings(deployed.root))


def probed(wiring: Application, token: str = "", **changes: object) -> dict[str, Exchange]:
    url = f"{wiring.deployed_outputs['api/accountsAPI']['RootUrl']}/accounts"
    ask = PageRequest(**{"origin": ORIGIN, "path": "/accounts", "url": url, **changes})  # type: ignore[arg-type]
    return {
        each.probe: each
        for each in SendProbes(HttpClient(), address_class).run(plan(ask, token=bool(token)), token)
    }


def test_every_probe_of_a_healthy_api_gets_what_the_gateway_says(wiring: Application) -> None:
    token = wiring.sign_in(Credentials()).id_token
    began = time.monotonic()
    found = probed(wiring, token)
    assert time.monotonic() - began < 5
    assert {id_: each.status for id_, each in found.items()} == {
        "P1": 204,
        "P2": 204,
        "P3": 200,
        "P4": 401,
        "P5": 403,
        "P6": 403,
        "P8": 200,
    }
    answer = found["P1"].answer
    assert answer is not None
    assert answer.value("access-control-allow-origin") == "*"
    assert (found["P4"].error_type, found["P5"].error_type, found["P6"].error_type) == (
        "UnauthorizedException",
        "IncompleteSignatureException",
        "MissingAuthenticationTokenException",
    )
    assert {each.address for each in found.values()} == {"loopback"}


def test_the_token_that_the_gateway_repeats_is_not_kept(wiring: Application) -> None:
    token = wiring.sign_in(Credentials()).id_token
    found = probed(wiring, f"Bearer {token}")
    assert found["P5"].body
    assert token.split(".")[1] not in repr(found)


def test_nobody_is_asked_twice_where_nobody_listens(wiring: Application) -> None:
    found = probed(wiring, url="http://127.0.0.1:9/dev/accounts")
    assert {id_: each.failure for id_, each in found.items()} == {"P1": "refused"}
