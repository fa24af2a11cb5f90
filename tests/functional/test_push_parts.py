"""`push RESOURCE...`: the named resources and what they depend on; the others stay as they are deployed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Action, Plan
from accountsctl.model.template_body import nested_stacks
from tests.functional.push_world import RDS, STACK, World

FUNCTION = ResourceId("function", "accountsAPI")
API = ResourceId("api", "accountsAPI")
CLUSTER = ResourceId("rds", "accountsCluster")
PARAMETERS = "amplify/backend/function/accountsAPI/parameters.json"
GATEWAY = "amplify/backend/api/accountsAPI/parameters.json"
BACKEND = "backend-config.json"


def push(world: World, *parts: str) -> Plan:
    """Push a part; its plan."""
    plans: list[Plan] = []
    world.workflow().run(world.assembly(), plans.append, world.heard.append, parts=parts)
    return plans[0]


def deployed(world: World) -> dict[str, object]:
    """The nested stacks of the deployed root, by logical id."""
    current = world.stacks.current(STACK)
    assert current is not None
    return dict(nested_stacks(current.template))


def actions(plan: Plan) -> dict[str, Action]:
    return {str(change.id): change.action for change in plan.changes if change.action is not Action.NONE}


def test_the_first_push_of_a_part_makes_it_and_what_it_depends_on(world: World) -> None:
    plan = push(world, "function/accountsAPI")
    assert actions(plan) == {str(FUNCTION): Action.CREATE, str(CLUSTER): Action.CREATE}
    assert set(deployed(world)) == {FUNCTION.logical_id, CLUSTER.logical_id}
    assert API in plan.left_out


def test_a_complete_push_adds_the_rest_afterwards(world: World) -> None:
    push(world, "rds/accountsCluster")
    before = deployed(world)
    plan = push(world)
    assert actions(plan)[str(API)] is Action.CREATE
    assert plan.left_out == ()
    assert deployed(world)[CLUSTER.logical_id] == before[CLUSTER.logical_id]


def test_what_is_not_named_stays_as_it_is_deployed(world: World) -> None:
    push(world)
    before = deployed(world)
    world.edit(PARAMETERS, timeout=20)
    world.edit(GATEWAY, throttling={"rateLimit": 7, "burstLimit": 7})
    plan = push(world, "function/accountsAPI")
    after = deployed(world)
    assert actions(plan) == {str(FUNCTION): Action.UPDATE}
    assert plan.left_out == (API,)
    assert after[API.logical_id] == before[API.logical_id]
    assert after[FUNCTION.logical_id] != before[FUNCTION.logical_id]
    assert actions(push(world))[str(API)] is Action.UPDATE


def test_what_a_named_resource_depends_on_is_pushed_too(world: World) -> None:
    push(world)
    world.edit(RDS, MaxCapacity=4)
    world.edit(PARAMETERS, timeout=20)
    assert set(actions(push(world, "api/accountsAPI"))) == {str(CLUSTER), str(FUNCTION)}


def test_what_left_the_backend_is_deleted_by_a_complete_push_only(world: World) -> None:
    push(world)
    file = world.root / BACKEND
    backend = json.loads(file.read_text())
    del backend["api"]
    file.write_text(json.dumps(backend))
    assert str(API) not in actions(push(world, "function/accountsAPI"))
    assert API.logical_id in deployed(world)
    assert actions(push(world)) == {str(API): Action.DELETE}


def test_an_output_that_something_deployed_still_needs_is_not_taken_away(world: World) -> None:
    push(world)
    file = world.root / BACKEND
    backend = json.loads(file.read_text())
    backend["api"]["accountsAPI"]["dependsOn"] = backend["api"]["accountsAPI"]["dependsOn"][1:]
    backend["function"]["accountsAPI"]["dependsOn"] = []
    file.write_text(json.dumps(backend))
    folder = world.root / "amplify/backend"
    outputs = {"Outputs": {"Region": {"Value": "eu-west-1"}}}
    topic = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, **outputs}
    for resource in (FUNCTION, API):
        (folder / str(resource) / "template.json").write_text(json.dumps(topic))
    before = deployed(world)
    with pytest.raises(UsageError, match="which stays as it is deployed, needs") as refused:
        push(world, "function/accountsAPI")
    assert "accountsctl push function/accountsAPI api/accountsAPI" in refused.value.hint
    assert deployed(world) == before


def test_a_dry_run_plans_the_part_and_changes_nothing(world: World) -> None:
    push(world)
    before = deployed(world)
    world.edit(PARAMETERS, timeout=20)
    world.edit(GATEWAY, throttling={"rateLimit": 7, "burstLimit": 7})
    plan = world.workflow().plan(world.assembly(), ("function/accountsAPI",))
    assert (set(actions(plan)), plan.left_out) == ({str(FUNCTION)}, (API,))
    assert deployed(world) == before


@pytest.mark.parametrize(
    ("name", "what", "hint"),
    [
        ("function/acountsAPI", "There is no resource function/acountsAPI", "function/accountsAPI"),
        ("acountsCluster", "There is no resource acountsCluster", "accountsCluster"),
        ("accountsAPI", "Several resources are called accountsAPI", "Name one of these"),
    ],
)
def test_a_part_that_nothing_names_is_refused_before_anything_is_asked(
    name: str, what: str, hint: str, world: World
) -> None:
    with pytest.raises(UsageError) as refused:
        push(world, name)
    assert what in refused.value.what
    assert hint in refused.value.hint
    assert world.stacks.current(STACK) is None


def test_a_name_that_only_one_resource_has_is_enough(world: World) -> None:
    assert set(actions(push(world, "accountsCluster"))) == {str(CLUSTER)}


def test_the_words_name_what_was_left_out(sample_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.functional.shop import do

    do("push", "--dry-run", "rds/accountsCluster")
    assert "left out, since it is not named: auth/mfeaccounts, function/accountsAPI, api/accountsAPI" in (
        capsys.readouterr().err
    )
    do("push", "--dry-run", "--json", "rds/accountsCluster")
    assert json.loads(capsys.readouterr().out)["leftOut"] == [
        "auth/mfeaccounts",
        "function/accountsAPI",
        "api/accountsAPI",
    ]
    assert sample_project.exists()
