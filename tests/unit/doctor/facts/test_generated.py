"""What the AWS CDK, Serverless and chalice write for working APIs passes. Kept is what the doctor reads of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.origins_by_name import origins_by_name
from accountsctl.doctor.facts.templates import read_templates

FOLDER = Path(__file__).parents[3] / "data" / "doctor" / "generated"
GENERATED: dict[str, dict[str, Any]] = {
    f"{file.stem} {name}": template
    for file in sorted(FOLDER.iterdir())
    for name, template in json.loads(file.read_text()).items()
}


def judged(text: str) -> list[Diagnosis]:
    """Every request of a page, from the origins that the template allows."""
    return [
        diagnose(Subject((api,)), ask)
        for api in read_templates({"template.json": text})
        for ask in page_requests(api, Query(), origins_by_name(api))
    ]


def test_there_are_enough_of_each_tool() -> None:
    assert len(GENERATED) > 70
    assert {name.partition(" ")[0] for name in GENERATED} == {"cdk", "chalice", "serverless"}


@pytest.mark.parametrize("name", GENERATED)
def test_what_works_passes(name: str) -> None:
    found = judged(json.dumps(GENERATED[name]))
    assert [(each.outcome, each.root) for each in found] == [(DiagnosisOutcome.PASS, None)] * len(found)


@pytest.mark.parametrize("name", GENERATED)
def test_without_its_cors_headers_it_does_not(name: str) -> None:
    """That it passes says nothing of a doctor that sees no fault: it is blocked, or the code is not known."""
    text = re.sub(r'(?i)"cors(configuration)?":', '"Nothing":', json.dumps(GENERATED[name]))
    found = judged(re.sub(r"(?i)access-control-allow-origin", "X-Nothing", text))
    assert [each for each in found if each.outcome is DiagnosisOutcome.PASS and not each.not_checked] == []
