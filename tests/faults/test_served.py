"""Every fault that can be served, judged by Chromium, told by each layer, and mended.

The embedded cloud serves the faults and shares no code with the doctor. One module, so that they are served once.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from accountsctl.aws.inspector import AwsInspector
from accountsctl.aws.session import Session
from accountsctl.doctor.aiming import Query, asks
from accountsctl.doctor.ask import Ask, read_token
from accountsctl.doctor.deployed import read
from accountsctl.doctor.diagnosis import Diagnosis, diagnose
from accountsctl.doctor.facts import Api, Exchange
from accountsctl.doctor.probes import plan
from accountsctl.doctor.reading import read_templates
from accountsctl.doctor.walk import Subject
from accountsctl.probe import Probe, address_class
from accountsctl.workflows.diagnosing import subject_of
from accountsctl.workflows.probing import SendProbes
from tests.faults.chromium import CHROMIUM
from tests.faults.cloud import REGION
from tests.faults.conftest import Zoo, stack_name
from tests.faults.test_mending import MENDABLE, mended
from tests.faults.test_templates import told_to
from tests.faults.zoo import Fault

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed"
)
# What only the function's source tells, which AWS does not give.
OF_CODE = (
    "preflight.proxy-any-lambda",
    "acao.missing-actual",
    "acao.missing-error-path",
    "acao.duplicate",
    "auth.not-attached",
    "int.malformed",
    "int.throws",
)
# Two answers alike: the application's own, and the gateway's without a map or an authorizer.
OF_FACTS = ("auth.not-attached", "int.non-proxy-missing-map")


def deployed(zoo: Zoo, name: str) -> Api:
    """What AWS tells of a fault's API."""
    arn = zoo.cloud.formation.describe_stacks(StackName=stack_name(name))["Stacks"][0]["StackId"]
    inspector = AwsInspector(Session(REGION, endpoint=zoo.cloud.endpoint))
    (api,) = read(inspector.inspect({"api/zoo": arn}), stage="dev", pools=[zoo.cloud.pool_id])
    return api


def asked(zoo: Zoo, fault: Fault, root: str, api: Api) -> tuple[Ask, str]:
    """The page's request, and the token that it sends."""
    secret = zoo.cloud.tokens["access" if fault.token == "access" else "id"]
    query = Query(
        origin=fault.origin or zoo.page.origin,
        path=fault.path,
        method=fault.method,
        headers=fault.headers,
        credentials=fault.credentials,
        token=read_token(secret),
        now=int(time.time()),
    )
    (ask,) = asks(api, query, (), root)
    return ask, dict(fault.headers).get("authorization", secret)


def probed(ask: Ask, token: str) -> tuple[Exchange, ...]:
    """What the API answers the doctor."""
    planned = plan(ask, token=True, send_actual=True)
    return SendProbes(Probe(), address_class).run(planned, token)


@pytest.fixture(scope="session")
def told(zoo: Zoo) -> dict[str, dict[str, Diagnosis]]:
    """Every fault's diagnosis by layer: deployed, live, all."""
    found: dict[str, dict[str, Diagnosis]] = {}
    for name, fault in zoo.faults.items():
        api = deployed(zoo, name)
        (static,) = read_templates(
            {"api.json": json.dumps(zoo.bodies[name])}, {"authusersUserPoolArn": zoo.cloud.pool_arn}
        )
        ask, token = asked(zoo, fault, zoo.served[name].root, api)
        live = probed(ask, token)
        found[name] = {
            "deployed": diagnose(Subject((api,)), ask),
            "live": diagnose(subject_of((), ask, live), ask, live),
            "all": diagnose(subject_of((static, api), ask, live), ask, live),
        }
    return found


def test_all_layers_together_name_every_fault(zoo: Zoo, told: dict[str, dict[str, Diagnosis]]) -> None:
    wrong = {
        name: (
            found["all"].root and found["all"].root.card.id,
            [e.card.id for e in found["all"].alternatives],
        )
        for name, found in told.items()
        if found["all"].root is None
        or found["all"].root.card.id != zoo.faults[name].id
        or found["all"].alternatives
    }
    assert wrong == {}


def test_what_is_deployed_names_every_fault_but_those_of_code(
    zoo: Zoo, told: dict[str, dict[str, Diagnosis]]
) -> None:
    wrong = {
        name: found["deployed"].root and found["deployed"].root.card.id
        for name, found in told.items()
        if zoo.faults[name].id not in OF_CODE
        and (found["deployed"].root is None or found["deployed"].root.card.id != zoo.faults[name].id)
    }
    assert wrong == {}


def test_answers_alone_name_every_fault_or_a_set_with_it(
    zoo: Zoo, told: dict[str, dict[str, Diagnosis]]
) -> None:
    wrong = {}
    for name, found in told.items():
        live = found["live"]
        ids = [live.root.card.id] if live.root else []
        ids += [each.card.id for each in live.alternatives]
        if zoo.faults[name].id not in (*ids, *OF_FACTS):
            wrong[name] = ids
    assert wrong == {}


def test_no_token_is_in_what_the_doctor_keeps(zoo: Zoo, told: dict[str, dict[str, Diagnosis]]) -> None:
    text = repr(told)
    assert not [
        kind for kind, token in zoo.cloud.tokens.items() if token in text or token.split(".")[2] in text
    ]


@pytest.fixture(scope="session")
def seen(zoo: Zoo) -> dict[str, Any]:
    """What Chromium saw of every fault, and of the healthy API."""
    cases = {name: zoo.case(fault, zoo.served[name]) for name, fault in zoo.faults.items()}
    healthy = next(iter(zoo.faults.values()))
    return zoo.page.fetch({**cases, "healthy": zoo.case(healthy, zoo.healthy)})


@needs_chromium
def test_the_healthy_api_answers_the_page(seen: dict[str, Any]) -> None:
    assert seen["healthy"] == {"ok": True, "status": 200}


@needs_chromium
def test_chromium_and_the_doctor_agree_on_every_fault(zoo: Zoo, seen: dict[str, Any]) -> None:
    differ = {}
    for name, fault in zoo.faults.items():
        if not fault.static:
            continue
        found = told_to(fault, zoo.bodies[name], zoo.page.origin, zoo.cloud.pool_arn)
        assert found.walk.verdict is not None, name
        expected = {"ok": found.walk.verdict.ok, "status": found.walk.verdict.status}
        got = {"ok": seen[name]["ok"], "status": seen[name]["status"]}
        if expected != got:
            differ[name] = (expected, got)
    assert differ == {}


@needs_chromium
def test_no_fault_gives_the_page_its_answer(zoo: Zoo, seen: dict[str, Any]) -> None:
    fine = [name for name in zoo.faults if seen[name]["ok"] and seen[name]["status"] < 400]
    assert fine == []


@needs_chromium
def test_every_mended_fault_answers_chromium(zoo: Zoo, tmp_path: Path) -> None:
    bodies: dict[str, Any] = {}
    cases: dict[str, Fault] = {}
    for name, fault in zoo.faults.items():
        if fault in MENDABLE:
            _, after = mended(tmp_path / name, fault, zoo.bodies[name], zoo.page.origin, zoo.cloud.pool_arn)
            bodies[f"mended-{stack_name(name)}"] = after
            cases[f"mended-{stack_name(name)}"] = fault
    served = zoo.cloud.deploy(bodies)
    seen = zoo.page.fetch({name: zoo.case(fault, served[name]) for name, fault in cases.items()})
    assert {name: each for name, each in seen.items() if each["status"] != 200} == {}
