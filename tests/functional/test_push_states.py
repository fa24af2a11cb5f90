"""What a push does with a stack in each state, over fakes of the cloud."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from accountsctl.commands.stacks.failure import cures
from accountsctl.commands.stacks.states import StackCheck
from accountsctl.commands.stacks.status import ReadStatus
from accountsctl.model.errors import CloudError, StackFailed
from accountsctl.model.events import Note
from accountsctl.model.plan import Plan
from accountsctl.model.remains import Remains
from accountsctl.model.stack_states import STATES, PushStep
from tests.fakes.stacks import failed_event
from tests.functional.push_world import RDS, STACK, World


def status_of(world: World) -> tuple[str | None, str, set[str]]:
    cloud = (world.stacks, StackCheck(world.identity, world.repairs))
    found = ReadStatus(lambda: cloud).run(world.assembly())
    return found.stack_status, found.note, {str(each.action) for each in found.resources}


@pytest.mark.parametrize("status", [each for each in STATES if STATES[each].push is PushStep.REFUSE])
def test_a_broken_stack_is_never_up_to_date(world: World, status: str) -> None:
    world.push()
    world.stacks.rest_in(STACK, status)
    for command in (world.push, world.plan):
        with pytest.raises(StackFailed) as refused:
            command()
        assert refused.value.exit_code == 4
        assert status in refused.value.what
        assert refused.value.why == STATES[status].meaning
        assert STATES[status].next_step in refused.value.hint
    assert status_of(world)[:2] == (status, f"{STATES[status].meaning} Next: {STATES[status].next_step}.")
    assert status_of(world)[2] == {"None"}


@pytest.mark.parametrize("status", [each for each in STATES if STATES[each].push is PushStep.FOLLOW])
def test_an_operation_in_progress_is_followed_and_then_the_push_goes_on(world: World, status: str) -> None:
    world.push()
    world.stacks.rest_in(STACK, status)
    world.repairs.followed_to = "UPDATE_ROLLBACK_COMPLETE"
    with pytest.raises(CloudError) as refused:
        world.plan()
    assert (refused.value.exit_code, refused.value.code) == (3, status)
    world.edit(RDS, BackupRetentionDays=9)
    assert world.push().changed
    assert world.repairs.called == [f"follow {status}"]
    assert world.stacks.stacks[STACK].status == "UPDATE_COMPLETE"


@pytest.mark.parametrize("status", [each for each in STATES if STATES[each].push is PushStep.REPLACE])
def test_what_cannot_be_updated_and_holds_no_data_is_deleted_and_created_again(
    world: World, status: str
) -> None:
    world.push()
    world.stacks.stacks[STACK] = replace(world.stacks.stacks[STACK], status=status, children={})
    assert {change.action.value for change in world.plan().changes} == {"create", "import"}
    assert world.push().changed
    assert world.repairs.called == [f"delete {STACK}"]
    assert world.stacks.stacks[STACK].status == "UPDATE_COMPLETE"


@pytest.mark.parametrize("status", [each for each in STATES if STATES[each].push is PushStep.REPLACE])
def test_what_still_holds_data_is_not_deleted_by_a_push(world: World, status: str) -> None:
    world.push()
    world.stacks.rest_in(STACK, status)
    with pytest.raises(StackFailed, match=status) as refused:
        world.push()
    assert "AWS::RDS::DBCluster RDSCluster-id" in refused.value.why
    assert "accountsctl delete" in refused.value.hint
    assert world.repairs.called == []


def test_a_broken_nested_stack_is_not_up_to_date(world: World) -> None:
    world.push()
    world.repairs.nested_status["arn:apiaccountsAPI"] = "UPDATE_ROLLBACK_FAILED"
    with pytest.raises(StackFailed, match=r"nested stack apiaccountsAPI .* UPDATE_ROLLBACK_FAILED"):
        world.push()
    assert "apiaccountsAPI is UPDATE_ROLLBACK_FAILED" in status_of(world)[1]


def test_what_an_earlier_failure_left_behind_is_named_and_does_not_stop_a_push(world: World) -> None:
    world.push()
    world.repairs.left_behind["arn:old"] = "DELETE_FAILED"
    world.heard.clear()
    assert not world.push().changed
    assert "recover --orphans" in str([event for event in world.heard if isinstance(event, Note)])
    assert "old (DELETE_FAILED)" in status_of(world)[1]


def test_the_account_and_the_tag_are_checked_though_nothing_changed(world: World) -> None:
    world.push()
    world.stacks.retag(STACK, {"accountsctl:environment": "prod"})
    with pytest.raises(CloudError, match="does not belong"):
        world.push()
    with pytest.raises(CloudError, match="does not belong") as refused:
        world.plan()
    assert refused.value.why.endswith("says that it belongs to the environment prod.")
    world.stacks.retag(STACK, {})
    with pytest.raises(CloudError, match="does not belong") as refused:
        world.plan()
    assert refused.value.why.endswith("says that it belongs to no environment of accountsctl.")
    world.edit("amplify/environments/dev.json", accountId="999999999999")
    with pytest.raises(CloudError, match="another account"):
        world.push()


def test_a_stack_without_its_bucket_output_is_an_error_and_not_a_crash(world: World) -> None:
    world.push()
    world.stacks.stacks[STACK] = replace(world.stacks.stacks[STACK], outputs={})
    world.edit(RDS, BackupRetentionDays=9)
    with pytest.raises(StackFailed, match="DeploymentBucketName"):
        world.push()


def test_a_bucket_that_lost_its_objects_gets_all_of_them_again(world: World) -> None:
    world.push()
    keys = {*world.artifacts.content}
    world.artifacts.content.clear()
    world.edit(RDS, BackupRetentionDays=9)
    world.push()
    assert len({*world.artifacts.content} & keys) == len(keys) - 1


def test_a_deletion_protection_is_switched_on_after_everything_exists(world: World) -> None:
    world.edit(RDS, DeletionProtection=True)
    world.push()
    roots = [json.loads(text) for text in world.stacks.deployed[1:]]
    protected = [_protected(world, root) for root in roots]
    assert protected == [False, True]
    assert not world.push().changed


def test_a_protection_that_exists_is_not_switched_off_by_a_later_push(world: World) -> None:
    world.edit(RDS, DeletionProtection=True)
    world.push()
    world.stacks.deployed.clear()
    world.edit(RDS, BackupRetentionDays=9)
    world.push()
    assert [_protected(world, json.loads(text)) for text in world.stacks.deployed] == [True]


def test_a_push_that_was_cut_off_before_the_protection_is_finished_by_the_next(world: World) -> None:
    world.edit(RDS, DeletionProtection=True)
    world.push()
    first = json.loads(world.stacks.deployed[1])
    world.stacks.stacks[STACK] = replace(world.stacks.stacks[STACK], template=first)
    assert world.push().changed
    assert _protected(world, json.loads(world.stacks.deployed[-1]))


def test_a_protected_environment_gets_termination_protection_after_its_push(world: World) -> None:
    world.push()
    assert world.repairs.guarded == set()
    world.edit("amplify/environments/dev.json", protected=True)
    world.push()
    assert world.repairs.guarded == {STACK}


def test_what_a_failed_push_left_is_named_with_its_cure_and_not_called_rolled_back(world: World) -> None:
    world.push()
    world.edit(RDS, BackupRetentionDays=9)
    cause = failed_event("api", "LogGroup", type_="AWS::Logs::LogGroup", reason="it exists")
    left = replace(
        failed_event("rds", "RDSCluster", type_="AWS::RDS::DBCluster", reason="it is protected"),
        status="DELETE_FAILED",
        physical_id="my-cluster",
    )
    world.stacks.fails_with, world.stacks.leaves = cause, left
    with pytest.raises(StackFailed) as failed:
        world.push()
    assert "rolled back" not in failed.value.hint
    assert "AWS::RDS::DBCluster my-cluster could not be deleted (it is protected)" in failed.value.hint
    by_hand = (
        "aws rds delete-db-cluster --final-db-snapshot-identifier NAME --db-cluster-identifier my-cluster"
    )
    assert by_hand in failed.value.hint
    assert "--orphans" not in failed.value.hint


def test_what_is_left_in_a_nested_stack_that_could_not_be_deleted_can_be_found_again() -> None:
    inside = replace(
        failed_event("rds", "RDSCluster", type_="AWS::RDS::DBCluster", reason="no"), physical_id="c"
    )
    around = replace(
        failed_event("rds", type_="AWS::CloudFormation::Stack", reason="no"), physical_id="arn:rds"
    )
    root = replace(failed_event("Bucket", type_="AWS::S3::Bucket", reason="full"), physical_id="b")
    remains = Remains(lambda _: None)
    for event in (inside, around, root):
        remains(replace(event, status="DELETE_FAILED"))
    inner, bucket = cures(remains).removeprefix("These remain: ").split(". ")
    assert (
        inner == "AWS::RDS::DBCluster c could not be deleted (no): `accountsctl recover --orphans` removes it"
    )
    assert bucket.endswith("delete it by hand (aws s3 rb --force s3://b).")


def _protected(world: World, root: dict[str, object]) -> bool:
    return "true" in _setting(world, root)


def _setting(world: World, root: dict[str, object]) -> str:
    resources = root["Resources"]
    assert isinstance(resources, dict)
    url = resources["rdsaccountsCluster"]["Properties"]["TemplateURL"]["Fn::Sub"]
    key = url.split("URLSuffix}/")[-1]
    body = json.loads(world.artifacts.content[key])
    return json.dumps(body["Resources"]["RDSCluster"]["Properties"].get("DeletionProtection"))


def test_a_renamed_stack_name_says_that_the_old_stack_stays(world: World) -> None:
    world.push()
    world.edit("amplify/environments/dev.json", stackName="accounts-new")
    assert world.plan().stays == (STACK,)
    agreed: list[Plan] = []
    note = status_of(world)[1]
    assert f"The stack {STACK} of this environment stays" in note
    assert f'"stackName" back to {STACK}' in note
    world.push(agreed.append)
    assert agreed[0].stays == (STACK,)
    assert STACK in world.stacks.stacks
    assert world.plan().stays == ()


def test_a_caller_who_may_not_list_stacks_can_push_first(world: World) -> None:
    world.repairs.unlisted = "AccessDenied"
    assert world.push().changed
    world.repairs.unlisted = "Throttling"
    world.edit("amplify/environments/dev.json", stackName="accounts-new")
    with pytest.raises(CloudError):
        world.push()
