"""Every fault that can be served, judged by Chromium, told by each layer, and fixed.

The embedded cloud serves the faults and shares no code with the doctor. One module, so that they are served once.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.aws.inspector import AwsInspector
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.http import HttpClient, address_class
from accountsctl.commands.doctor.cors import subject_of
from accountsctl.commands.doctor.send_probes import SendProbes
from accountsctl.doctor.browser.page_request import PageRequest, read_token
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.deployed.reader import read
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.observed.probe_plan import plan
from tests.faults.changes import Fault
from tests.faults.chromium import CHROMIUM
from tests.faults.cloud import REGION, Served
from tests.faults.conftest import Zoo, stack_name
from tests.faults.test_fixes import apply_fix, by_its_fix, pushed
from tests.faults.test_templates import sent_by, told_to

pytestmark = pytest.mark.slow
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed"
)


def deployed(zoo: Zoo, inspector: AwsInspector, name: str) -> Api:
    """What AWS tells of a fault's API."""
    arn = zoo.cloud.formation.describe_stacks(StackName=stack_name(name))["Stacks"][0]["StackId"]
    (api,) = read(inspector.inspect({"api/zoo": arn}), stage="dev", pools=[zoo.cloud.pool_id])
    return api


def asked(zoo: Zoo, fault: Fault, served: Served, api: Api) -> tuple[PageRequest, str]:
    """The page's request, and what it sends as Authorization."""
    headers = zoo.headers(fault, served)
    secret = zoo.secret(fault, headers)
    query = Query(
        origin=fault.origin or zoo.page.origin,
        path=fault.path,
        method=fault.method,
        headers=tuple(headers.items()),
        credentials=fault.credentials,
        token=read_token(secret) if secret else None,
        url=zoo.url(fault, served) if fault.url else None,
        now=int(time.time()),
    )
    (ask,) = page_requests(api, query, (), served.root)
    return sent_by(fault, ask), secret


def probed(ask: PageRequest, token: str) -> tuple[Exchange, ...]:
    """What the API answers the doctor."""
    planned = plan(ask, token=True, send_actual=True)
    return SendProbes(HttpClient(), address_class).run(planned, token)


@pytest.fixture(scope="session")
def told(zoo: Zoo) -> dict[str, dict[str, Diagnosis]]:
    """Every fault's diagnosis by layer: deployed, live, all."""
    found: dict[str, dict[str, Diagnosis]] = {}
    inspector = AwsInspector(Session(REGION, endpoint=zoo.cloud.endpoint, key=zoo.cloud.key))
    for name, fault in zoo.faults.items():
        api = deployed(zoo, inspector, name)
        (static,) = read_templates(
            {"api.json": json.dumps(zoo.bodies[name])}, {"authusersUserPoolArn": zoo.cloud.pool_arn}
        )
        served = zoo.served[name]
        ask, secret = asked(zoo, fault, served, api)
        zoo.prime(fault, served)
        live = probed(ask, secret)
        found[name] = {
            "deployed": diagnose(Subject((api,)), ask),
            "live": diagnose(subject_of((), ask, live), ask, live),
            "all": diagnose(subject_of((static, api), ask, live), ask, live),
        }
    return found


def ids(found: Diagnosis) -> set[str]:
    """The root cause and what cannot be told from it."""
    suspects = (found.root, *found.alternatives)
    return {each.card.id for each in suspects if each is not None}


def masks(found: Diagnosis) -> set[str]:
    """What hides it. A mask of the preflight shows where its cause is one of the preflight."""
    return {each.card.id for each in found.masked_by} - {"gwresp.masks-preflight"}


def test_all_layers_together_name_every_fault_and_what_masks_it(
    zoo: Zoo, told: dict[str, dict[str, Diagnosis]]
) -> None:
    expected = {name: ({fault.id, *fault.among}, set(fault.masked)) for name, fault in zoo.faults.items()}
    got = {name: (ids(found["all"]), masks(found["all"])) for name, found in told.items()}
    assert got == expected
    unseen = [
        name
        for name, found in told.items()
        if (root := found["all"].root) is not None
        and root.card.check is not None
        and root.card.stays is None
        and {each.place.layer for each in root.evidence} <= {Layer.LIVE}
    ]
    assert unseen == []


def test_what_is_deployed_names_every_fault_that_it_can_know(
    zoo: Zoo, told: dict[str, dict[str, Diagnosis]]
) -> None:
    knowable = [name for name, fault in zoo.faults.items() if fault.deployed]
    got = {name: ids(told[name]["deployed"]) for name in knowable}
    assert got == {name: {zoo.faults[name].id} for name in knowable}


def test_what_it_cannot_know_it_does_not_take_for_another_fault(
    zoo: Zoo, told: dict[str, dict[str, Diagnosis]]
) -> None:
    others = {name: ids(told[name]["deployed"]) for name, fault in zoo.faults.items() if not fault.deployed}
    assert {name: each for name, each in others.items() if each} == {}


def test_answers_alone_name_every_fault_or_a_set_with_it(
    zoo: Zoo, told: dict[str, dict[str, Diagnosis]]
) -> None:
    wrong = {
        name: ids(found["live"])
        for name, found in told.items()
        if zoo.faults[name].answers
        and zoo.faults[name].id not in {*ids(found["live"]), *found["live"].walk.rarer}
    }
    assert wrong == {}


def test_no_token_is_in_what_the_doctor_keeps(zoo: Zoo, told: dict[str, dict[str, Diagnosis]]) -> None:
    text = repr(told)
    # A JWT's signature; of a token of another kind all of it.
    assert not [kind for kind, token in zoo.cloud.tokens.items() if token.rpartition(".")[2] in text]


@pytest.fixture(scope="session")
def seen(zoo: Zoo) -> dict[str, Any]:
    """What Chromium saw of every fault, and of the healthy API."""
    for name, fault in zoo.faults.items():
        zoo.prime(fault, zoo.served[name])
    cases = {name: zoo.case(fault, zoo.served[name]) for name, fault in zoo.faults.items()}
    return zoo.page.fetch({**cases, "healthy": zoo.case(Fault(""), zoo.healthy)})


@needs_chromium
def test_the_healthy_api_answers_the_page(seen: dict[str, Any]) -> None:
    assert seen["healthy"] == {"ok": True, "status": 200}


@needs_chromium
def test_chromium_and_the_doctor_agree_on_every_fault_by_every_layer(
    zoo: Zoo, seen: dict[str, Any], told: dict[str, dict[str, Diagnosis]]
) -> None:
    differ = {}
    for name, fault in zoo.faults.items():
        got = (seen[name]["ok"], seen[name]["status"])
        layers = {"all": told[name]["all"], "live": told[name]["live"]}
        if fault.deployed:
            layers["deployed"] = told[name]["deployed"]
        if fault.static:
            body = zoo.bodies[name]
            layers["static"] = told_to(fault, body, zoo.page.origin, zoo.cloud.pool_arn)
        for layer, found in layers.items():
            verdict = found.walk.verdict
            if verdict is None and fault.id == "client.redirect":
                continue  # the doctor names the redirect, and does not follow it
            if verdict is None or (verdict.ok, verdict.status) != got:
                differ[name, layer] = (verdict, got)
    assert differ == {}


@needs_chromium
def test_no_fault_gives_the_page_its_answer(zoo: Zoo, seen: dict[str, Any]) -> None:
    fine = [name for name in zoo.faults if seen[name]["ok"] and seen[name]["status"] < 400]
    assert fine == []


@needs_chromium
def test_every_fault_that_is_fixed_and_pushed_answers_chromium(
    zoo: Zoo, told: dict[str, dict[str, Diagnosis]], tmp_path: Path
) -> None:
    """The stacks that are there are updated, as a push does: what is not deployed anew stays broken."""
    bodies: dict[str, Any] = {}
    for name, fault in zoo.faults.items():
        # A token of a pool that is gone no template makes good.
        if BY_ID[fault.id].fixable and fault.token != "gone":
            apply_fix(tmp_path / name, zoo.bodies[name], told[name]["all"], zoo.cloud.pool_arn)
            bodies[name] = pushed(tmp_path / name)
    zoo.cloud.change({stack_name(name): body for name, body in bodies.items()})
    cases = {name: zoo.case(by_its_fix(zoo.faults[name]), zoo.served[name]) for name in bodies}
    seen = zoo.page.fetch(cases)
    assert {name: each for name, each in seen.items() if each["status"] != 200} == {}
