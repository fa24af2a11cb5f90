"""The fix works: every fault that `--fix` can mend is mended in its project, and passes then, to a browser too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accountsctl.doctor.diagnosis import Outcome
from accountsctl.doctor.mends import mendable
from accountsctl.workflows.mending import Mended, mend
from tests.faults.base import template
from tests.faults.every import FAULTS
from tests.faults.project import TEMPLATE, project
from tests.faults.test_templates import ORIGIN, POOL_ARN, told, told_to
from tests.faults.zoo import Fault

# Who these faults are about is not the template: another origin, another client, a token that is over.
MENDABLE = [each for each in FAULTS if each.static and mendable(each.id)]


def by_its_fix(fault: Fault) -> Fault:
    """The request that the fix is for: a page that sent no token has to send one, which no template does."""
    return replace(fault, token=None) if fault.token == "none" else fault


def mended(root: Path, fault: Fault, body: Mapping[str, Any], origin: str, pool: str) -> tuple[Mended, Any]:
    """What `--fix --apply` makes of a fault's template."""
    files = project(root, body, pool)
    found = mend(files, files, "dev", [told_to(fault, body, origin, pool)])
    files.apply(found.edit)
    return found, json.loads((root / TEMPLATE).read_text())


@pytest.mark.parametrize("fault", MENDABLE, ids=str)
def test_a_mended_template_passes(fault: Fault, tmp_path: Path) -> None:
    found, after = mended(tmp_path, fault, fault.body(ORIGIN), ORIGIN, POOL_ARN)
    assert {fault.id, *fault.masked} <= {*found.cured}
    assert len(found.diffs) == 1
    again = told(by_its_fix(fault), after)
    assert (again.outcome, again.root) == (Outcome.PASS, None)
    assert [each.card.id for each in again.warnings if each.card.kind != "code"] == []


def test_a_mend_changes_no_more_than_it_must(tmp_path: Path) -> None:
    body = template(ORIGIN)
    body["Resources"]["ItemsOptions"]["Properties"]["AuthorizationType"] = "AWS_IAM"
    found, after = mended(tmp_path, Fault(""), body, ORIGIN, POOL_ARN)
    assert after == {**template(ORIGIN), "Resources": after["Resources"]}
    changed = [
        line for line in found.diffs[0].splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert [line.strip("+- ") for line in changed] == [
        '"AuthorizationType": "AWS_IAM",',
        '"AuthorizationType": "NONE",',
    ]
