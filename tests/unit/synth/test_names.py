"""The names that deployed resources bear, and the zones that they are in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from accountsctl.model.assembly import Assembly
from accountsctl.model.environment import Cloud, Environment
from accountsctl.synth.names import cluster_identifier, physical_name
from tests.unit.synth.conftest import Edit

LONG = "s" * 120


def environment(stack: str, naming: int = 2, name: str = "dev") -> Environment:
    return Environment(name, Cloud.AWS, "eu-west-1", stack, naming=naming)


def test_two_projects_with_the_same_function_and_environment_share_no_name() -> None:
    shop, bank = environment("shop-dev"), environment("bank-dev")
    assert physical_name(shop, "hello") == "shop-dev-hello" != physical_name(bank, "hello")
    assert cluster_identifier(shop, "Main") == "shop-dev-main" != cluster_identifier(bank, "Main")


def test_an_environment_without_a_naming_keeps_its_names() -> None:
    old = Environment("dev", Cloud.AWS, "eu-west-1", "shop-dev")
    assert physical_name(old, "hello") == "hello-dev"
    assert cluster_identifier(old, "Main") == "main-dev"


@pytest.mark.parametrize("stack", [LONG, LONG[:49], LONG[:55] + "-" + LONG[:30]])
def test_a_long_name_is_shortened_and_stays_different(stack: str) -> None:
    names = {physical_name(environment(stack), f"accountsFunction{end}") for end in "ab"}
    clusters = {cluster_identifier(environment(stack), f"accountscluster{end}") for end in "ab"}
    assert len(names) == len(clusters) == 2
    assert all(len(name) <= 64 for name in names)
    assert all(re.fullmatch(r"(?=.{1,63}$)[a-z](-?[a-z0-9])*", name) for name in clusters)


def test_a_stack_with_two_hyphens_in_a_row_makes_no_identifier_that_rds_refuses() -> None:
    assert cluster_identifier(environment("a--b-"), "c") == "a-b-c"


def test_zones_are_literals_and_new_instances_have_none(edit: Callable[[], Edit]) -> None:
    zones = ["eu-west-1c", "eu-west-1a"]
    old = edit().environment(zones=zones)
    new = edit().environment(zones=zones, naming=2)
    for project, named in ((old, True), (new, False)):
        resources = json.loads(cluster(project))["Resources"]
        assert [resources[f"Subnet{n}"]["Properties"]["AvailabilityZone"] for n in (1, 2)] == zones
        writer = resources["Writer"]["Properties"]
        assert writer.get("AvailabilityZone") == (zones[0] if named else None)


def test_too_few_zones_are_a_fault(edit: Callable[[], Edit]) -> None:
    project = edit().environment(zones=["eu-west-1c"])
    assert any("2 zones are needed" in str(fault) for fault in project.faults())


def cluster(project: Edit) -> str:
    made: Assembly = project.assemble()
    return next(child.template.text for child in made.children if child.id.category == "rds")


@pytest.mark.parametrize("naming", [1, 2])
def test_a_cluster_from_a_snapshot_has_a_name_of_its_own_that_is_not_too_long(naming: int) -> None:
    shop = environment("shop-dev", naming)
    names = {cluster_identifier(shop, "m" * 60, snapshot) for snapshot in ("", "first", "second")}
    assert len(names) == 3
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]", name) for name in names)
    assert all(len(name) <= 63 for name in names - {cluster_identifier(shop, "m" * 60)})
