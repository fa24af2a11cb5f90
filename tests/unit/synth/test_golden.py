"""The rendered stacks of the sample, against tests/golden/<env>/.

After a wanted change: ``ACCOUNTSCTL_UPDATE_GOLDEN=1 pytest tests/unit/synth/test_golden.py``, then read the
difference that git shows. The handler's code is a fixed one here, so that editing it changes no golden file.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accountsctl.model.assembly import Assembly
from accountsctl.synth import assemble
from tests.unit.synth.conftest import Sample, StartEdit

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
UPDATE = os.environ.get("ACCOUNTSCTL_UPDATE_GOLDEN") == "1"


def texts(assembly: Assembly) -> dict[str, str]:
    children = {f"{each.id}.json": each.template.text for each in assembly.children}
    return {"root.json": assembly.root.text, "seed.json": assembly.seed.text, **children}


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_sample_renders_what_is_committed(sample: Sample, environment: str) -> None:
    rendered = texts(assemble(sample(environment)))
    folder = GOLDEN / environment
    if UPDATE:
        for name, text in rendered.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    committed = {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.json")
    }
    assert rendered == committed


def test_two_renders_are_byte_equal(sample: Sample) -> None:
    assert texts(assemble(sample("prod"))) == texts(assemble(sample("prod")))


def test_the_order_of_keys_in_parameters_json_changes_nothing(sample: Sample, edit: StartEdit) -> None:
    turned = edit()
    for resource in ("api/accountsAPI", "rds/accountsCluster", "function/accountsAPI"):
        turned.parameters(resource)
        source = turned._source(resource)
        turned._put(
            type(source)(**{**vars(source), "parameters": dict(reversed(list(source.parameters.items())))})
        )
    assert texts(turned.assemble()) == texts(assemble(sample("dev")))
