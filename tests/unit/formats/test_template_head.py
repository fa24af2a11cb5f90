"""Every key of parameters.json that our templates read is explained, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.cli.explain import KINDS
from accountsctl.formats.template_head import ParameterKey, parameter_keys
from accountsctl.synth.kinds import ResourceKind
from accountsctl.synth.validation.keys import BY_KIND

TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.mark.parametrize("kind", KINDS)
def test_the_explained_keys_are_those_that_validation_knows(kind: str) -> None:
    explained = [key.name for key in parameter_keys((TEMPLATES / f"{kind}.yaml.j2").read_text("utf-8"))]
    assert sorted(explained) == sorted(BY_KIND[ResourceKind(kind)])


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_meaning(kind: str) -> None:
    keys = parameter_keys((TEMPLATES / f"{kind}.yaml.j2").read_text("utf-8"))
    assert [key.name for key in keys if not any(key.meaning)] == []
    assert len({key.meaning for key in keys}) == len(keys), "each has its own"


def test_what_stands_below_the_keys_is_no_part_of_the_last_one() -> None:
    keys = "    one    first\n           second\n    three  third\n"
    head = f"{{#-\n  A.\n\n  parameters.json\n{keys}\n  Outputs: X.\n-#}}\n"
    assert parameter_keys(head) == (
        ParameterKey("one", ("first", "second")),
        ParameterKey("three", ("third",)),
    )
    assert parameter_keys("Resources: {}") == ()
