"""cfn-lint finds nothing in the rendered sample, at any level: as it is uploaded, and with local TemplateURLs.

As uploaded, the root's children are URLs that no linter follows. With local ones cfn-lint also checks that
their parameters and outputs meet.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cfnlint.api import ManualArgs, lint_file

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


def findings(file: Path) -> list[str]:
    config = ManualArgs(include_checks=["I"], regions=["eu-west-1"])
    return [f"{file.name}: {match.rule.id} {match.message}" for match in lint_file(file, config=config)]


def localized(environment: str, folder: Path) -> Path:
    """The environment's stacks in `folder`, the root's TemplateURLs leading to its neighbours."""
    root = json.loads((GOLDEN / environment / "root.json").read_text())
    for child in (GOLDEN / environment).glob("*/*.json"):
        name = f"{child.parent.name}{child.stem}"
        (folder / f"{name}.json").write_text(child.read_text())
        root["Resources"][name]["Properties"]["TemplateURL"] = f"./{name}.json"
    (folder / "root.json").write_text(json.dumps(root, indent=1))
    return folder / "root.json"


ENVIRONMENTS = ["dev", pytest.param("prod", marks=pytest.mark.slow)]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_is_found_in_what_is_uploaded(environment: str) -> None:
    files = sorted((GOLDEN / environment).rglob("*.json"))
    assert len(files) == 6
    assert [found for file in files for found in findings(file)] == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_is_found_where_the_children_can_be_followed(environment: str, tmp_path: Path) -> None:
    assert findings(localized(environment, tmp_path)) == []


def test_following_the_children_sees_a_parameter_that_is_not_fed(tmp_path: Path) -> None:
    file = localized("dev", tmp_path)
    root = json.loads(file.read_text())
    del root["Resources"]["functionaccountsAPI"]["Properties"]["Parameters"]["s3Key"]
    file.write_text(json.dumps(root))
    assert any("E3043" in found for found in findings(file))


def test_every_silenced_rule_says_why() -> None:
    for file in GOLDEN.rglob("*.json"):
        for name, resource in json.loads(file.read_text())["Resources"].items():
            told = resource.get("Metadata", {}).get("cfn-lint")
            assert told is None or len(told["reason"]) > 20, f"{file}: {name}"
