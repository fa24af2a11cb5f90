"""recover over fakes of the cloud: the step that each state offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from accountsctl.commands.stacks.recover import Recover
from accountsctl.model.errors import CloudError, Declined, StackFailed, UsageError
from accountsctl.model.events import Listener, StackEvent
from accountsctl.model.stack_states import STATES, RecoverStep
from accountsctl.ports.stack_repairs import NestedStack
from accountsctl.ports.stacks import Ending
from tests.fakes.stack_repairs import FakeRepairs
from tests.fakes.stacks import FakeIdentity, failed_event
from tests.functional.test_delete import NAME, STAGING, Staging, deployed


class Agreed:
    """Says yes, and remembers the questions; `until` questions later it says no."""

    def __init__(self, until: int = 99) -> None:
        self.questions: list[str] = []
        self.until = until

    def __call__(self, question: str) -> None:
        self.questions.append(question)
        if len(self.questions) > self.until:
            raise Declined("Nothing was changed.")


def workflow(staging: Staging) -> Recover:
    return Recover(staging.repairs, staging.artifacts, FakeIdentity())


def recover(staging: Staging, *skip: str, agree: Agreed | None = None) -> str:
    return workflow(staging).run(STAGING, skip, agree or Agreed(), staging.heard.append)


@pytest.mark.parametrize(
    ("status", "calls", "after"),
    [
        ("UPDATE_ROLLBACK_FAILED", ["continue"], "UPDATE_ROLLBACK_COMPLETE"),
        ("CREATE_FAILED", ["roll back"], "ROLLBACK_COMPLETE"),
        ("UPDATE_FAILED", ["roll back"], "UPDATE_ROLLBACK_COMPLETE"),
        ("UPDATE_IN_PROGRESS", ["follow UPDATE_IN_PROGRESS"], "UPDATE_COMPLETE"),
        ("CREATE_IN_PROGRESS", ["follow CREATE_IN_PROGRESS"], "CREATE_COMPLETE"),
        ("DELETE_IN_PROGRESS", ["follow DELETE_IN_PROGRESS"], "DELETE_COMPLETE"),
        ("DELETE_FAILED", [f"delete {NAME}"] * 2, "DELETE_COMPLETE"),
        ("ROLLBACK_FAILED", [f"delete {NAME}"] * 2, "DELETE_COMPLETE"),
        ("REVIEW_IN_PROGRESS", [f"delete {NAME}"], "DELETE_COMPLETE"),
    ],
)
def test_a_state_is_recovered_from_by_the_step_that_it_offers(
    status: str, calls: Sequence[str], after: str
) -> None:
    staging = deployed(status)
    if status == "REVIEW_IN_PROGRESS":
        staging.artifacts.content.clear()
    assert recover(staging) == after
    assert staging.repairs.called == calls


@pytest.mark.parametrize("status", [each for each in STATES if STATES[each].recover is RecoverStep.NOTHING])
def test_where_there_is_nothing_to_recover_the_next_step_is_named(status: str) -> None:
    with pytest.raises(CloudError, match="nothing to recover") as refused:
        recover(deployed(status))
    assert STATES[status].meaning in refused.value.why
    assert STATES[status].next_step in refused.value.hint


def test_change_sets_that_were_never_executed_are_cleared() -> None:
    staging = deployed()
    staging.repairs.change_sets = 2
    assert recover(staging) == "UPDATE_COMPLETE"
    assert "2 change set(s)" in str(staging.heard[0])


def test_a_resource_is_skipped_as_continue_update_rollback_spells_it() -> None:
    staging = deployed("UPDATE_ROLLBACK_FAILED")
    recover(staging, "DeploymentBucket", "some-stack.Function", "d/b.Cluster", "db.Table")
    assert staging.repairs.called == ["continue DeploymentBucket some-stack.Function db.Cluster db.Table"]


def test_a_nested_stack_can_also_be_named_by_its_logical_id_in_the_root() -> None:
    staging = deployed("UPDATE_ROLLBACK_FAILED")
    recover(staging, "db.Cluster", "Cluster")
    assert staging.repairs.called == ["continue db.Cluster Cluster"]


def test_a_skip_that_names_no_nested_stack_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no nested stack of function/x"):
        recover(deployed("UPDATE_ROLLBACK_FAILED"), "function/x.Function")


def test_a_skip_has_no_meaning_in_another_state() -> None:
    with pytest.raises(UsageError, match="--skip"):
        recover(deployed("UPDATE_FAILED"), "Function")


def test_what_refuses_to_be_deleted_is_named_and_kept_if_that_is_agreed_to() -> None:
    staging, agreed = deployed("DELETE_FAILED"), Agreed()
    staging.repairs.refuses["arn:db"] = "Cluster"
    staging.repairs.nested_status["arn:db"] = "DELETE_FAILED"
    with pytest.raises(StackFailed):
        recover(staging, agree=agreed)
    assert "AWS::RDS::DBCluster Cluster-id" in agreed.questions[1]
    assert "delete arn:db Cluster" in staging.repairs.called


def test_nothing_is_kept_outside_its_stack_without_agreement() -> None:
    staging = deployed("DELETE_FAILED")
    staging.repairs.refuses["arn:db"] = "Cluster"
    with pytest.raises(Declined):
        recover(staging, agree=Agreed(until=1))
    assert staging.repairs.called == [f"delete {NAME}"]


def test_orphans_are_listed_and_removed() -> None:
    staging = deployed()
    staging.repairs.left_behind["arn:old"] = "DELETE_FAILED"
    found = workflow(staging).orphans(STAGING)
    assert found == [NestedStack("arn:old", "old", "DELETE_FAILED")]
    workflow(staging).remove(found, staging.heard.append)
    assert workflow(staging).orphans(STAGING) == []


def test_a_protected_orphan_is_refused_with_the_call_that_frees_it() -> None:
    staging = deployed()
    staging.repairs.left_behind["arn:old"] = "DELETE_FAILED"
    staging.repairs.stacks.templates["arn:old"] = staging.repairs.stacks.templates["arn:db"]
    staging.repairs.protected.add("Cluster-id")
    with pytest.raises(CloudError, match="protected") as refused:
        workflow(staging).remove(workflow(staging).orphans(STAGING), staging.heard.append)
    assert "modify-db-cluster --no-deletion-protection" in refused.value.hint
    assert staging.repairs.called == []


@dataclass
class Failing(FakeRepairs):
    """Its rollbacks fail at `culprit`."""

    culprit: StackEvent | None = None

    def continue_rollback(self, name: str, skip: Sequence[str], listen: Listener) -> Ending:
        return Ending("UPDATE_ROLLBACK_FAILED", succeeded=False, failure=self.culprit)

    def roll_back(self, name: str, listen: Listener) -> Ending:
        return Ending("ROLLBACK_FAILED", succeeded=False, failure=self.culprit)


def failure(status: str, culprit: StackEvent | None) -> StackFailed:
    staging = deployed(status)
    staging.repairs = Failing(staging.repairs.stacks, culprit=culprit)
    with pytest.raises(StackFailed) as failed:
        recover(staging)
    return failed.value


IN_A_NESTED_STACK = failed_event("db", "Cluster", type_="AWS::RDS::DBCluster", reason="it is stopped")
OF_THE_STACK = failed_event(type_="AWS::CloudFormation::Stack", reason="cancelled")


def test_a_rollback_that_fails_again_names_its_cause_and_how_to_leave_it_out() -> None:
    error = failure("UPDATE_ROLLBACK_FAILED", IN_A_NESTED_STACK)
    assert error.what == f"The stack {NAME} could not be recovered; it is UPDATE_ROLLBACK_FAILED."
    assert (error.reason, error.logical_id) == ("it is stopped", "Cluster")
    assert error.hint.endswith("or leave it out: accountsctl recover --skip db.Cluster")


@pytest.mark.parametrize(
    ("status", "culprit", "reason"),
    [
        ("UPDATE_ROLLBACK_FAILED", None, STATES["UPDATE_ROLLBACK_FAILED"].meaning),
        ("UPDATE_ROLLBACK_FAILED", OF_THE_STACK, "cancelled"),
        ("CREATE_FAILED", IN_A_NESTED_STACK, "it is stopped"),
    ],
)
def test_what_cannot_be_left_out_is_not_offered_to_be(
    status: str, culprit: StackEvent | None, reason: str
) -> None:
    error = failure(status, culprit)
    assert "leave it out" not in error.hint
    assert error.hint.startswith("Fix what it names, then recover again. ")
    assert error.reason == reason
    assert error.logical_id == (culprit.logical_id if culprit else "")


def test_an_orphan_that_is_being_deleted_is_not_one_yet() -> None:
    staging = deployed()
    staging.repairs.left_behind["arn:old"] = "DELETE_IN_PROGRESS"
    assert workflow(staging).orphans(STAGING) == []
