"""The fix works: every fault that `--fix` can fix is fixed in its project, and passes then, to a browser too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.adapters.project_files.templates import FileTemplates
from accountsctl.commands.doctor.fix import ProposedFix, propose_fix
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.subject import Suspect
from accountsctl.synth import assemble
from tests.faults.all_faults import FAULTS
from tests.faults.base import template
from tests.faults.changes import IAM, Fault, preflight
from tests.faults.project import TEMPLATE, project, project_of_apis
from tests.faults.sampling import first_of_each
from tests.faults.test_templates import ORIGIN, POOL_ARN, told

# The rest is fixed by others than templates: code, clients, tokens, domains, and policies that only people may widen.
FIXABLE = [each for each in FAULTS if each.static and BY_ID[each.id].fixable]


def by_its_fix(fault: Fault) -> Fault:
    """The request that the fix is for: a page that sent no token has to send one, which no template does."""
    return replace(fault, token=None) if fault.token == "none" else fault


def apply_fix(root: Path, body: Mapping[str, Any], found: Diagnosis, pool: str) -> tuple[ProposedFix, Any]:
    """What `--fix --apply` makes of a project with this template, of which that was found."""
    files = project(root, body, pool)
    done = propose_fix(files, FileTemplates(), "dev", [found])
    files.apply(done.edit)
    return done, json.loads((root / TEMPLATE).read_text())


def pushed(root: Path) -> dict[str, Any]:
    """The template that a push of the project would deploy."""
    assembly = assemble(FileProjects(root).read("dev"))
    (child,) = (each for each in assembly.children if str(each.id) == "api/zoo")
    found = json.loads(child.template.text)
    assert isinstance(found, dict)
    return found


def way_of_fixing(fault: Fault) -> str:
    """The edit that fixes a fault; what sets headers of a preflight is one for each kind of value."""
    edit = getattr(BY_ID[fault.id].edit, "__qualname__", "")
    return f"{edit} {fault.id.partition('.')[0]}" if edit.startswith("set_preflight") else edit


@pytest.mark.parametrize("fault", first_of_each(FIXABLE, way_of_fixing))
def test_a_fixed_template_passes(fault: Fault, tmp_path: Path) -> None:
    body = fault.body(ORIGIN)
    found, after = apply_fix(tmp_path, body, told(fault, body), POOL_ARN)
    assert {fault.id, *fault.masked} <= {*found.fixed}
    assert len(found.diffs) == 1
    again = told(by_its_fix(fault), after)
    assert (again.outcome, again.root) == (DiagnosisOutcome.PASS, None)
    assert [each.card.id for each in again.warnings if each.card.kind != "code"] == []


def test_a_fix_changes_no_more_than_it_must_and_lets_the_deployment_follow(tmp_path: Path) -> None:
    body = template(ORIGIN)
    body["Resources"]["ItemsOptions"]["Properties"]["AuthorizationType"] = "AWS_IAM"
    _, after = apply_fix(tmp_path, body, told(Fault(""), body), POOL_ARN)
    assert after["Resources"]["Deployment"].pop("Metadata") == {"accountsctl": {"snapshot": True}}
    assert after == template(ORIGIN)


def test_a_fix_adds_no_gateway_response_that_hid_nothing(tmp_path: Path) -> None:
    """A preflight's header is the cause; that refusals have no CORS headers is a warning alone."""
    body = template(ORIGIN)
    preflight("Headers", lambda _: "'Content-Type'")(body, ORIGIN)
    for name in ("Default4XX", "Default5XX"):
        del body["Resources"][name]
        body["Resources"]["Deployment"]["DependsOn"].remove(name)
    asked = told(Fault(""), body)
    assert {"gwresp.4xx", "gwresp.5xx"} <= {each.card.id for each in asked.warnings}
    found, after = apply_fix(tmp_path, body, asked, POOL_ARN)
    assert found.fixed == ("acah.authorization",)
    assert "AWS::ApiGateway::GatewayResponse" not in {each["Type"] for each in after["Resources"].values()}


def test_the_name_of_a_resource_does_not_decide_how_it_is_fixed(tmp_path: Path) -> None:
    """A method called CorsOptions is a resource all the same, not the Cors of a SAM API."""
    text = json.dumps(template(ORIGIN)).replace("ItemsOptions", "CorsOptions")
    body = json.loads(text)
    preflight("Headers", lambda _: "'Content-Type'", "CorsOptions")(body, ORIGIN)
    found, after = apply_fix(tmp_path, body, told(Fault(""), body), POOL_ARN)
    assert found.fixed == ("acah.authorization",)
    assert told(Fault(""), after).outcome is DiagnosisOutcome.PASS


def test_a_pushed_fix_is_a_deployment_of_its_own(tmp_path: Path) -> None:
    body = template(ORIGIN)
    IAM(body, ORIGIN)
    apply_fix(tmp_path, body, told(Fault(""), body), POOL_ARN)
    first = {name for name in pushed(tmp_path)["Resources"] if name.startswith("Deployment")}
    again = json.loads((tmp_path / TEMPLATE).read_text())
    again["Resources"]["ItemsGet"]["Properties"]["AuthorizationType"] = "NONE"
    (tmp_path / TEMPLATE).write_text(json.dumps(again))
    second = {name for name in pushed(tmp_path)["Resources"] if name.startswith("Deployment")}
    assert first != second
    assert len(first) == len(second) == 1


def test_each_api_gets_its_own_fix_though_all_take_the_same_path(tmp_path: Path) -> None:
    breaks = {"one": preflight("Headers", lambda _: "'Content-Type'"), "two": IAM}
    bodies = {name: template(ORIGIN) for name in breaks}
    for name, change in breaks.items():
        change(bodies[name], ORIGIN)
    files = project_of_apis(tmp_path, bodies, POOL_ARN)
    every = [replace(told(Fault(""), body), api=f"api/{name}") for name, body in bodies.items()]
    found = propose_fix(files, FileTemplates(), "dev", every)
    assert (found.fixed, found.unfixed) == (("acah.authorization", "auth.iam-not-cognito"), ())
    files.apply(found.edit)
    for name in bodies:
        after = json.loads((tmp_path / TEMPLATE.replace("zoo", name)).read_text())
        assert told(Fault(""), after).outcome is DiagnosisOutcome.PASS


def test_a_stale_deployment_is_fixed_by_following(tmp_path: Path) -> None:
    files = project(tmp_path, template(ORIGIN), POOL_ARN)
    healthy = told(Fault(""), template(ORIGIN))
    stale = replace(healthy, outcome=DiagnosisOutcome.BLOCKED, root=Suspect(BY_ID["deploy.stale"]))
    found = propose_fix(files, FileTemplates(), "dev", [stale])
    assert found.fixed == ("deploy.stale",)
    files.apply(found.edit)
    after = json.loads((tmp_path / TEMPLATE).read_text())
    assert after["Resources"]["Deployment"]["Metadata"] == {"accountsctl": {"snapshot": True}}
    assert propose_fix(files, FileTemplates(), "dev", [stale]).diffs == ()
