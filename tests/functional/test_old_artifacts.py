"""Packages and templates of earlier pushes leave the deployment bucket, and nothing else does."""

from __future__ import annotations

import pytest

from accountsctl.commands.stacks.old_artifacts import OldArtifacts
from accountsctl.model.errors import Declined, StackFailed
from accountsctl.model.events import Note
from accountsctl.model.names import ResourceId, package_key, template_key
from accountsctl.planning.old_artifacts import KEPT
from tests.fakes.stacks import BUCKET, WHEN, failed_event
from tests.functional.push_world import STACK, World
from tests.functional.troubled_buckets import (
    InterruptedArtifacts,
    NamingStacks,
    OtherBucket,
    OvertakenArtifacts,
)

HANDLER = "amplify/backend/function/accountsAPI/src/index.py"
OLD = 6


def change(world: World, text: str) -> None:
    handler = world.root / HANDLER
    handler.write_text(f"{handler.read_text()}\n# {text}\n")


def push(world: World) -> str:
    """Push a changed handler; the new package's key."""
    change(world, str(len(world.artifacts.sent)))
    world.push()
    return [key for key in world.artifacts.sent if key.startswith("functions/")][-1]


def store_old(world: World, count: int = OLD) -> list[str]:
    """What so many pushes have stored, in order."""
    keys = [package_key("accountsAPI", f"{number:064x}") for number in range(count)]
    for key in keys:
        world.artifacts.put(BUCKET, key, b"", owner=STACK)
    return keys


@pytest.fixture
def old(world: World) -> list[str]:
    """The packages of earlier pushes, before the one that is deployed."""
    keys = store_old(world)
    push(world)
    return keys


def packages(world: World) -> set[str]:
    return {key for key in world.artifacts.content if key.startswith("functions/")}


def notes(world: World) -> list[str]:
    return [event.text for event in world.heard if isinstance(event, Note) and "earlier pushes" in event.text]


def test_the_last_packages_stay_and_the_others_go(world: World, old: list[str]) -> None:
    assert packages(world) >= set(old[-2:])
    assert len(packages(world)) == KEPT
    assert notes(world) == ["removed 4 packages and templates of earlier pushes from the bucket"]
    push(world)
    assert len(packages(world)) == KEPT
    assert len(notes(world)) == 2


def test_the_templates_of_unchanged_resources_stay_however_many_are_newer(world: World) -> None:
    world.push()
    for number in range(OLD):
        world.artifacts.put(
            BUCKET, template_key(ResourceId("api", "accountsAPI"), f"{number:064x}"), b"", owner=STACK
        )
    push(world)
    assert {child.key for child in world.assembly().children} <= set(world.artifacts.content)
    assert len([key for key in world.artifacts.content if key.startswith("api/")]) == KEPT + 1


def test_what_ran_before_the_push_stays_even_if_it_is_the_oldest(world: World, old: list[str]) -> None:
    (before,) = packages(world) - set(old)
    store_old(world)
    world.artifacts.modified[before] = WHEN
    push(world)
    assert before in packages(world)


def test_other_objects_in_the_bucket_stay(world: World) -> None:
    foreign = {
        package_key("accountsAPI", "f" * 64): b"of someone else, under a key like ours",
        "functions/accountsAPI/readme.txt": b"",
        "#current-cloud-backend.zip": b"",
        f"amplify-builds/{1:064x}.zip": b"",
    }
    world.artifacts.content.update(foreign)
    store_old(world)
    push(world)
    assert foreign.keys() <= world.artifacts.content.keys()
    assert len(packages(world)) == KEPT + 2


def test_what_another_stack_stored_stays(world: World) -> None:
    old = store_old(world)
    world.artifacts.owners[old[1]] = "accounts-prod"
    push(world)
    assert old[1] in packages(world)
    assert old[2] not in packages(world)


@pytest.mark.parametrize("place", ["root", "nested", "nested twice"])
def test_what_a_deployed_template_names_stays(world: World, place: str) -> None:
    """A stack that someone changed past the project refers to an old package."""
    world.push()
    old = store_old(world)
    inside = {"Resources": {"Extra": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": old[0]}}}}
    remove(world, OldArtifacts(NamingStacks(world, place, inside), world.repairs, world.artifacts))  # type: ignore[arg-type]
    assert old[0] in packages(world)
    assert old[1] not in packages(world)


def remove(world: World, agent: OldArtifacts | None = None) -> None:
    """What comes after a push, once more."""
    agent = agent or OldArtifacts(world.stacks, world.repairs, world.artifacts)
    agent.remove(world.assembly(), world.stacks.stacks[STACK], BUCKET, world.heard.append)


def test_an_open_change_set_keeps_everything(world: World) -> None:
    world.push()
    old = store_old(world)
    world.repairs.change_sets = 1
    remove(world)
    assert set(old) <= packages(world)
    world.repairs.change_sets = 0
    remove(world)
    assert len(packages(world)) == KEPT + 1


def test_a_bucket_that_is_not_the_stacks_own_keeps_everything(world: World) -> None:
    world.push()
    old = store_old(world)
    remove(world, OldArtifacts(world.stacks, OtherBucket(world), world.artifacts))  # type: ignore[arg-type]
    assert set(old) <= packages(world)


def test_an_operation_in_progress_keeps_everything(world: World) -> None:
    world.push()
    old = store_old(world)
    world.stacks.rest_in(STACK, "UPDATE_IN_PROGRESS")
    remove(world)
    assert set(old) <= packages(world)


@pytest.mark.parametrize("refused", ["stored", "belongs_to", "delete"])
def test_a_refusal_is_a_note_and_the_next_push_removes_what_is_left(world: World, refused: str) -> None:
    world.push()
    old = store_old(world)
    world.artifacts.refuses = {refused}
    push(world)
    assert set(old) <= packages(world)
    (note,) = notes(world)
    assert f"stay in the bucket {BUCKET}: AWS refused to call {refused}." in note
    world.artifacts.refuses = set()
    push(world)
    assert not set(old[:4]) & packages(world)


def test_a_failed_push_removes_nothing(world: World) -> None:
    world.push()
    old = store_old(world)
    world.stacks.fails_with = failed_event("functionaccountsAPI", type_="AWS::Lambda::Function", reason="no")
    with pytest.raises(StackFailed):
        push(world)
    assert set(old) <= packages(world)


def test_a_push_without_changes_and_a_dry_run_remove_nothing(world: World) -> None:
    world.push()
    old = store_old(world)
    world.push()
    change(world, "planned only")
    world.plan()
    assert set(old) <= packages(world)


def test_an_artifact_that_is_used_again_counts_as_a_new_one(world: World) -> None:
    """A push that is about to use an old package again dates it, so that no other push removes it meanwhile."""
    world.push()
    handler = world.root / HANDLER
    text, first = handler.read_text(), next(iter(packages(world)))
    push(world)
    before = max(world.artifacts.modified.values())
    handler.write_text(text)
    assert world.push().changed
    assert world.artifacts.sent.count(first) == 1
    assert world.artifacts.modified[first] > before


def test_what_the_deployed_stack_refers_to_is_not_dated_again(world: World) -> None:
    world.push()
    keys = {child.key for child in world.assembly().children}
    before = {key: world.artifacts.modified[key] for key in keys}
    push(world)
    assert {key: world.artifacts.modified[key] for key in keys} == before


def test_ctrl_c_then_says_that_the_push_is_done(world: World) -> None:
    interrupted = InterruptedArtifacts()
    world.artifacts = world.stacks.artifacts = interrupted
    world.push()
    interrupted.interrupts = True
    with pytest.raises(Declined) as declined:
        push(world)
    assert declined.value.what == "Interrupted after the push."
    assert world.stacks.stacks[STACK].status == "UPDATE_COMPLETE"
    assert not world.push().changed


def test_two_pushes_at_once_lose_nothing_that_either_needs(world: World) -> None:
    """Another push has stored its package, but no change set names it yet, when this one removes old packages."""
    world.push()
    mine = packages(world)
    store_old(world)
    change(world, "of another push")
    theirs = {child.package.key for child in world.assembly().children if child.package}
    for key in theirs:
        world.artifacts.put(BUCKET, key, b"theirs", owner=STACK, renew=True)
    world.root.joinpath(HANDLER).write_text(world.root.joinpath(HANDLER).read_text() + "\n")
    remove(world)
    assert mine | theirs <= packages(world)
    assert len(packages(world)) == KEPT + 1


def test_what_is_stored_again_after_the_listing_stays(world: World) -> None:
    world.push()
    old = store_old(world)
    overtaken = OvertakenArtifacts(
        world.artifacts.content,
        owners=world.artifacts.owners,
        modified=world.artifacts.modified,
        clock=world.artifacts.clock,
        renews=old[2],
    )
    remove(world, OldArtifacts(world.stacks, world.repairs, overtaken))
    assert old[2] in packages(world)
