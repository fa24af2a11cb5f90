"""`push --watch` on AWS, over fakes: code past the stack, the mark that says so, and the push that corrects it.

`World.cloud_deploys` is what CloudFormation does with a function whose key changed: it gets the code.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from accountsctl.commands.stacks.running_code import BUCKET_OUTPUT
from accountsctl.model.errors import CloudError, StackFailed
from accountsctl.model.events import PushResult
from accountsctl.model.names import WATCH_MARK, package_key
from tests.fakes.stacks import failed_event, sha256
from tests.functional.push_world import STACK, World, sample_world

HANDLER = "amplify/backend/function/accountsAPI/src/index.py"
FUNCTION, NAME = "function/accountsAPI", "LambdaFunction-id"
DEV = "amplify/environments/dev.json"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world on AWS, pushed once; what CloudFormation deployed is what Lambda runs."""
    made = sample_world(tmp_path)
    made.edit(DEV, cloud="aws")
    pushed(made)
    return made


def pushed(world: World, *, watching: bool = False) -> PushResult:
    """One push; where it changes the stack, the function gets the code of the new template."""
    world.watching = watching
    before = key(world)
    result = world.push()
    if key(world) != before:
        world.codes.digests[NAME] = sha256(world.artifacts.content[key(world)])
    return result


def key(world: World) -> str:
    """The key of the function's code in the deployed root."""
    stack = world.stacks.stacks.get(STACK)
    if stack is None:
        return ""
    nested = stack.template["Resources"]["functionaccountsAPI"]
    return str(nested["Properties"]["Parameters"]["s3Key"])


def save(world: World, text: str) -> None:
    """Save the handler: what it was, and a comment."""
    path = world.root / HANDLER
    original = path.read_text().partition("\n# saved ")[0]
    path.write_text(f"{original}\n# saved {text}\n" if text else original)


def runs(world: World) -> bool:
    """Whether Lambda runs the code that the project has."""
    package = next(child.package for child in world.assembly().children if str(child.id) == FUNCTION)
    assert package is not None
    return world.codes.digests[NAME] == sha256(package.content)


def is_marked(world: World) -> bool:
    return WATCH_MARK in world.stacks.stacks[STACK].template["Resources"]


def changed(result: PushResult) -> set[str]:
    return {str(change.id) for change in result.changes if change.action.value != "none"}


@pytest.fixture
def watched(world: World) -> World:
    """A world in which the first save was deployed by the stack, and the second one past it."""
    save(world, "1")
    pushed(world, watching=True)
    save(world, "2")
    pushed(world, watching=True)
    return world


def test_the_first_save_goes_with_the_stack_which_gets_the_mark(world: World) -> None:
    save(world, "1")
    result = pushed(world, watching=True)
    assert FUNCTION in changed(result)
    assert not result.code_only
    assert is_marked(world)
    assert world.codes.updated == []
    assert runs(world)


def test_the_next_save_goes_to_lambda_and_leaves_the_stack_as_it_is(world: World) -> None:
    save(world, "1")
    pushed(world, watching=True)
    deployed, before = len(world.stacks.deployed), key(world)
    save(world, "2")
    result = pushed(world, watching=True)
    assert (result.changed, result.code_only, changed(result)) == (True, True, {FUNCTION})
    assert (len(world.stacks.deployed), key(world)) == (deployed, before)
    assert world.codes.updated == [NAME]
    assert runs(world)


def test_code_past_the_stack_removes_nothing_from_the_deployment_bucket(watched: World) -> None:
    old = [package_key("accountsAPI", f"{number:064x}") for number in range(8)]
    for name in old:
        watched.artifacts.put(watched.stacks.stacks[STACK].outputs[BUCKET_OUTPUT], name, b"", owner=STACK)
    save(watched, "3")
    assert pushed(watched, watching=True).code_only
    assert set(old) <= watched.artifacts.content.keys()


def test_what_runs_already_is_not_sent_again(watched: World) -> None:
    watched.codes.updated.clear()
    result = pushed(watched, watching=True)
    assert (result.changed, changed(result)) == (False, set())
    assert watched.codes.updated == []


def test_a_save_that_goes_back_to_what_the_stack_deployed_runs_too(watched: World) -> None:
    save(watched, "1")
    result = pushed(watched, watching=True)
    assert (result.code_only, changed(result)) == (True, {FUNCTION})
    assert runs(watched)


def test_a_save_of_more_than_code_goes_with_the_stack(watched: World) -> None:
    deployed = len(watched.stacks.deployed)
    watched.edit("amplify/backend/function/accountsAPI/parameters.json", timeout=20)
    save(watched, "3")
    result = pushed(watched, watching=True)
    assert not result.code_only
    assert len(watched.stacks.deployed) == deployed + 1
    assert is_marked(watched)
    assert runs(watched)


def test_the_push_after_it_deploys_what_is_saved_and_takes_the_mark_away(watched: World) -> None:
    result = pushed(watched)
    assert FUNCTION in changed(result)
    assert not is_marked(watched)
    assert runs(watched)
    assert not pushed(watched).changed


def test_the_push_after_it_corrects_code_whose_template_is_the_deployed_one(watched: World) -> None:
    save(watched, "1")
    assert not runs(watched)
    watched.watching = False
    plan = watched.plan()
    assert not plan.empty
    assert [change.reasons[0] for change in plan.changes if str(change.id) == FUNCTION] == [
        "Its code in Lambda is not what the stack deployed: `push --watch`, or someone, updated it."
    ]
    result = pushed(watched)
    assert result.changed
    assert runs(watched)
    assert not is_marked(watched)


def test_a_correction_that_lambda_refuses_leaves_the_mark_for_the_next_push(watched: World) -> None:
    save(watched, "1")
    watched.codes.refuses = CloudError("Lambda refused.")
    with pytest.raises(CloudError, match=r"Lambda refused\."):
        pushed(watched)
    assert is_marked(watched)
    watched.codes.refuses = None
    pushed(watched)
    assert runs(watched)
    assert not is_marked(watched)


def test_a_push_that_fails_leaves_the_mark_for_the_next_push(watched: World) -> None:
    watched.stacks.fails_with = failed_event("functionaccountsAPI", type_="AWS::X", reason="no")
    watched.edit("amplify/backend/function/accountsAPI/parameters.json", timeout=20)
    with pytest.raises(StackFailed):
        pushed(watched)
    assert is_marked(watched)


def test_without_the_mark_a_push_asks_lambda_nothing(world: World) -> None:
    world.codes.read.clear()
    assert not pushed(world).changed
    assert world.codes.read == []


def test_code_that_someone_updated_is_corrected_by_a_push_that_names_the_function(world: World) -> None:
    world.codes.digests[NAME] = sha256(b"by hand")
    result = world.workflow().run(world.assembly(), lambda _: None, world.heard.append, parts=[FUNCTION])
    assert changed(result) == {FUNCTION}
    assert runs(world)


def test_a_part_without_the_function_keeps_the_mark(watched: World) -> None:
    watched.watching = False
    watched.edit("amplify/backend/rds/accountsCluster/parameters.json", MaxCapacity=2)
    watched.workflow().run(
        watched.assembly(), lambda _: None, watched.heard.append, parts=["rds/accountsCluster"]
    )
    assert is_marked(watched)


def local(world: World) -> None:
    world.edit(DEV, cloud="local")


def unchanged(world: World) -> None:
    save(world, "")


@pytest.mark.parametrize("state", [local, unchanged])
def test_no_mark_where_no_code_goes_past_the_stack(world: World, state: Callable[[World], None]) -> None:
    save(world, "1")
    state(world)
    pushed(world, watching=True)
    assert not is_marked(world)


def test_the_mark_is_nothing_in_aws(watched: World) -> None:
    mark = watched.stacks.stacks[STACK].template["Resources"][WATCH_MARK]
    assert json.loads(json.dumps(mark)) == {"Type": "AWS::CloudFormation::WaitConditionHandle"}
