"""No false alarm: templates of every spelling that work, and variants of the zoo's base, are healthy."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.facts.templates import read_templates
from tests.faults import hiding
from tests.faults.base import ALLOW, template
from tests.faults.changes import Fault, preflight
from tests.faults.test_templates import ORIGIN, told

HEALTHY = sorted((Path(__file__).parents[1] / "data" / "doctor" / "healthy").iterdir())
# Their functions send the headers, and stand in no template.
BY_FUNCTION = ("amplify-open",)


def diagnosed(file: Path) -> Diagnosis:
    """The request for which a template says that it is healthy."""
    found = hiding.diagnosed(hiding.body_of(file), tuple(read_templates({file.name: file.read_text()})))
    assert found is not None
    return found


def test_there_are_sixty_of_them_at_least() -> None:
    assert len(HEALTHY) >= 60


@pytest.mark.parametrize("file", HEALTHY, ids=lambda each: each.stem)
def test_a_healthy_template_is_healthy(file: Path) -> None:
    found = diagnosed(file)
    assert (found.outcome, found.root) == (DiagnosisOutcome.PASS, None)


@pytest.mark.parametrize("file", HEALTHY, ids=lambda each: each.stem)
def test_without_its_cors_headers_it_is_not(file: Path, tmp_path: Path) -> None:
    """That it was silent says nothing of a doctor that is always silent."""
    text = re.sub(
        r"(?i)x-amazon-apigateway-cors|\bcors(configuration)?\b(?=\"?:)", "Nothing", file.read_text()
    )
    (tmp_path / file.name).write_text(re.sub(r"(?i)access-control-allow-origin", "X-Nothing", text))
    found = diagnosed(tmp_path / file.name)
    if file.stem in BY_FUNCTION:
        assert found.not_checked
    else:
        assert found.fails


@pytest.mark.parametrize(
    ("origin", "status", "credentials"),
    list(product((None, "'*'"), ("200", "204"), (False, True))),
)
def test_a_variant_of_the_base_is_healthy(origin: str | None, status: str, credentials: bool) -> None:
    if origin == "'*'" and credentials:
        pytest.skip("no browser takes this")
    body = template(ORIGIN)
    text = json.dumps(body["Resources"]["ItemsOptions"]).replace("204", status)
    body["Resources"]["ItemsOptions"] = json.loads(text)
    if origin is not None:
        preflight("Origin", lambda _: origin)(body, ORIGIN)
    assert told(Fault("", credentials=credentials), body).outcome is DiagnosisOutcome.PASS


def test_one_of_several_origins_is_echoed_by_vtl() -> None:
    body = template(ORIGIN)
    response = body["Resources"]["ItemsOptions"]["Properties"]["Integration"]["IntegrationResponses"][0]
    del response["ResponseParameters"][f"method.response.header.{ALLOW}Origin"]
    response["ResponseTemplates"] = {
        "application/json": '#set($origin = $input.params().header.get("Origin"))\n'
        f'#if($origin == "https://other.example" || $origin == "{ORIGIN}")\n'
        "  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)\n#end"
    }
    assert told(Fault(""), body).outcome is DiagnosisOutcome.PASS
    refused = told(Fault("", origin="https://third.example"), body)
    assert refused.root is not None
    assert refused.root.card.id == "httpapi.origin-not-listed"
    assert refused.root.evidence[0].observed == (
        f"the response template allows: {ORIGIN}, https://other.example"
    )
