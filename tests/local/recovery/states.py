"""How a stack gets into each state, by something that really fails, and what each command says and does there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accountsctl.adapters.aws.artifacts import S3Artifacts
from tests.local.recovery.cloud import FaultySession
from tests.local.recovery.faults import Fault, FaultPlan
from tests.local.recovery.project import STACK, Resources
from tests.local.recovery.world import RecoveryWorld, Truth

EXECUTE = "cloudformation.ExecuteChangeSet"
DELETE = "cloudformation.DeleteStack"
TAGS = [{"Key": "accountsctl:environment", "Value": "dev"}, {"Key": "accountsctl:project", "Value": "shop"}]
BUCKET: dict[str, Any] = {"Type": "AWS::S3::Bucket"}
LOG = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/shop/extra"}}
LATE: Resources = {"Extra": {**LOG, "DependsOn": "Setting"}}
"""A resource of the site that comes after its setting."""


def user(world: RecoveryWorld) -> Any:
    """CloudFormation as another tool calls it."""
    return world.cloud.client("cloudformation")


def deployed(world: RecoveryWorld) -> None:
    """The first version runs."""
    assert world.push(world.project.version("one")).code == 0


def review(world: RecoveryWorld) -> None:
    """Someone made a change set for a stack of this name, and never executed it."""
    body = json.dumps({"Resources": {"DeploymentBucket": BUCKET}})
    user(world).create_change_set(
        StackName=STACK, ChangeSetName="someone", ChangeSetType="CREATE", TemplateBody=body, Tags=TAGS
    )
    world.cloud.settle()


def broken_creation(on_failure: str) -> Callable[[RecoveryWorld], None]:
    """A tool without `OnStackFailure` created the root, and a resource of it failed."""

    def reach(world: RecoveryWorld) -> None:
        world.cloud.refusals["create", "Log"] = [True]
        resources = {"DeploymentBucket": BUCKET, "Log": {**LOG, "DependsOn": "DeploymentBucket"}}
        body = json.dumps({"Resources": resources})
        user(world).create_stack(StackName=STACK, TemplateBody=body, Tags=TAGS, OnFailure=on_failure)
        world.cloud.settle()

    return reach


def rollback_failed(world: RecoveryWorld) -> None:
    """As above, and the rollback could not delete the bucket."""
    world.cloud.refusals["delete", "DeploymentBucket"] = [True]
    broken_creation("ROLLBACK")(world)


def update_failed(world: RecoveryWorld) -> None:
    """Another tool updated the root without a rollback."""
    deployed(world)
    body = user(world).get_template(StackName=STACK)["TemplateBody"]
    template = json.loads(body) if isinstance(body, str) else dict(body)
    template["Resources"] = {**template["Resources"], "Log": LOG}
    world.cloud.refusals["create", "Log"] = [True]
    user(world).update_stack(
        StackName=STACK,
        TemplateBody=json.dumps(template),
        Tags=TAGS,
        DisableRollback=True,
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    world.cloud.settle()


def update_rolled_back(world: RecoveryWorld) -> None:
    """A push failed at a new resource."""
    deployed(world)
    world.cloud.refusals["create", "Extra"] = [True]
    assert world.push(world.project.version("two", more=LATE)).code == 4


def update_rollback_failed(world: RecoveryWorld) -> None:
    """A push failed at a new resource, and the setting, changed before it, could not be changed back."""
    deployed(world)
    world.cloud.refusals["create", "Extra"] = [True]
    world.cloud.refusals["update", "Setting"] = [False, True, True]
    assert world.push(world.project.version("two", more=LATE)).code == 4


def deletion_failed(world: RecoveryWorld) -> None:
    """`delete` failed at the cluster."""
    deployed(world)
    world.cloud.refusals["delete", "Cluster"] = [True]
    assert world.delete(world.project.version("one")).code == 4


def deletion_cut_off(world: RecoveryWorld) -> None:
    """`delete` was killed when the nested stacks were gone, and only the bucket was left."""
    deployed(world)
    world.delete(world.project.version("one"), FaultPlan(at={DELETE: [None, Fault.KILLED]}))


def killed(at: str, *faults: Fault | None, begin: Callable[[RecoveryWorld], None] = deployed) -> Any:
    """A push or a deletion was killed while CloudFormation works."""

    def reach(world: RecoveryWorld) -> None:
        begin(world)
        plan = FaultPlan(at={at: list(faults)})
        command = world.delete if at == DELETE else world.push
        assert command(world.project.version("two"), plan).code is None

    return reach


def nothing(_: RecoveryWorld) -> None:
    """There is no stack."""


def cancelled(world: RecoveryWorld) -> None:
    """An update was cancelled from outside, and rolls back."""
    killed(EXECUTE, Fault.KILLED_AFTER)(world)
    world.cloud.turnstile.wait_until_reached()
    user(world).cancel_update_stack(StackName=STACK)


def foreign_change_set(world: RecoveryWorld) -> None:
    """Someone made a change set of the running stack, and has not executed it."""
    deployed(world)
    user(world).create_change_set(
        StackName=STACK, ChangeSetName="someone", TemplateBody=json.dumps({"Resources": {"B": BUCKET}})
    )
    world.cloud.settle()


def emptied(world: RecoveryWorld) -> None:
    """Someone emptied the deployment bucket."""
    deployed(world)
    session = FaultySession(world.cloud, FaultPlan())
    S3Artifacts(session).empty(Truth(world.cloud).buckets[0])


RUNS = ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
"""The second if what is on disk ran before the update that failed."""


@dataclass(frozen=True)
class Answer:
    """What a command is to answer: its exit code, words that it says, and the root's status afterwards (one of)."""

    code: int
    words: str = ""
    after: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Row:
    """A state, how it is reached, and the answers. `changed`: a new version is pushed, not the deployed one.

    `keeps`: whether there is a cluster before, which every command but `delete` keeps. `cure` are the commands
    that `push` names where it refuses.
    """

    name: str
    status: str
    reach: Callable[[RecoveryWorld], None]
    note: str
    dry_run: Answer
    push: Answer
    recover: Answer
    delete: Answer
    keeps: bool = True
    cure: tuple[str, ...] = ()


DONE = Answer(0, "", RUNS)
GONE = Answer(0, "", ("",))
PLAN = Answer(0)
FOLLOWS = Answer(0, "following it to its end", RUNS)
BUSY = Answer(3, "`accountsctl push` follows it to its end")
RECOVER_IT = Answer(4, "`accountsctl recover`")
REPLACES = Answer(0, "holds no data: deleting it", ("UPDATE_COMPLETE",))
AT_REST = Answer(3, "nothing to recover")

ROWS = (
    Row("never pushed", "", nothing, "", PLAN, DONE, Answer(3, "accountsctl push"), GONE, keeps=False),
    Row(
        *("under review", "REVIEW_IN_PROGRESS", review, "never executed"),
        *(PLAN, DONE, Answer(0, "", ("",)), GONE),
        keeps=False,
    ),
    Row(
        *("rolled back creation", "ROLLBACK_COMPLETE", broken_creation("ROLLBACK"), "was rolled back"),
        *(PLAN, REPLACES, Answer(3, "`accountsctl push`"), GONE),
        keeps=False,
    ),
    Row(
        *("failed creation", "CREATE_FAILED", broken_creation("DO_NOTHING"), "`accountsctl recover`"),
        *(RECOVER_IT, RECOVER_IT, Answer(0, "", ("ROLLBACK_COMPLETE",)), GONE),
        keeps=False,
        cure=("recover",),
    ),
    Row(
        *("failed rollback of a creation", "ROLLBACK_FAILED", rollback_failed, "could not be deleted"),
        *(PLAN, REPLACES, GONE, GONE),
        keeps=False,
    ),
    Row(
        *("failed update", "UPDATE_FAILED", update_failed, "`accountsctl recover`"),
        *(RECOVER_IT, RECOVER_IT, Answer(0, "", ("UPDATE_ROLLBACK_COMPLETE",)), GONE),
        cure=("recover",),
    ),
    Row("rolled back update", "UPDATE_ROLLBACK_COMPLETE", update_rolled_back, "", PLAN, DONE, AT_REST, GONE),
    Row(
        *("failed rollback", "UPDATE_ROLLBACK_FAILED", update_rollback_failed, "--skip LOGICAL_ID"),
        *(RECOVER_IT, RECOVER_IT, Answer(0, "", ("UPDATE_ROLLBACK_COMPLETE",)), GONE),
        cure=("recover",),
    ),
    Row(
        *("failed deletion", "DELETE_FAILED", deletion_failed, "did not finish"),
        *(Answer(4, "AWS::RDS::DBCluster shop-db"), Answer(4, "`accountsctl delete`"), GONE, GONE),
        cure=("delete",),
    ),
    Row(
        *("deletion that was cut off", "DELETE_FAILED", deletion_cut_off, "did not finish"),
        *(PLAN, REPLACES, GONE, GONE),
        keeps=False,
    ),
    Row(
        *("update in progress", "UPDATE_IN_PROGRESS", killed(EXECUTE, Fault.KILLED_AFTER), "follows it"),
        *(BUSY, FOLLOWS, FOLLOWS, Answer(0, "following it", ("",))),
    ),
    Row(
        *("first update in progress", "UPDATE_IN_PROGRESS"),
        *(killed(EXECUTE, None, Fault.KILLED_AFTER, begin=nothing), "follows it"),
        *(BUSY, FOLLOWS, FOLLOWS, Answer(0, "following it", ("",))),
        keeps=False,
    ),
    Row(
        *("creation in progress", "CREATE_IN_PROGRESS"),
        *(killed(EXECUTE, Fault.KILLED_AFTER, begin=nothing), "follows it"),
        *(BUSY, FOLLOWS, Answer(0, "following it", ("CREATE_COMPLETE",)), GONE),
        keeps=False,
    ),
    Row(
        *("deletion in progress", "DELETE_IN_PROGRESS", killed(DELETE, Fault.KILLED_AFTER), "follows it"),
        *(BUSY, Answer(0, "following it", ("UPDATE_COMPLETE",)), Answer(0, "following it", ("",)), GONE),
        keeps=False,
    ),
    Row(
        *("rollback in progress", "UPDATE_IN_PROGRESS", cancelled, "follows it"),
        *(BUSY, FOLLOWS, Answer(0, "following it", ("UPDATE_ROLLBACK_COMPLETE",)), Answer(0, "", ("",))),
    ),
    Row(
        *("change set of someone else", "UPDATE_COMPLETE", foreign_change_set, ""),
        *(PLAN, DONE, AT_REST, GONE),
    ),
    Row("bucket without objects", "UPDATE_COMPLETE", emptied, "", PLAN, DONE, AT_REST, GONE),
)
