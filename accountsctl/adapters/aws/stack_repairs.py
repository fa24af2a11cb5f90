"""The ways out of a state in which a stack does not rest well: each one call of CloudFormation, followed to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.executions import CHANGE_SET_PREFIX
from accountsctl.adapters.aws.follow import Pace, follower_from_now
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.stack_reads import StackReads, describe_stack
from accountsctl.model.events import Listener
from accountsctl.model.stack_states import state_of
from accountsctl.ports.stacks import Ending


class CloudFormationRepairs(StackReads):
    """`ports.StackRepairs` over boto3."""

    def __init__(self, session: Session, pace: Pace, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(session)
        self._pace = pace
        self._sleep = sleep

    def follow(self, name: str, listen: Listener) -> Ending:
        """Follow by the stack's id, since a deleted stack has no name any more."""
        stack = describe_stack(self._client, name)
        if stack is None:
            return Ending("DELETE_COMPLETE", succeeded=True)
        success = state_of(stack["StackStatus"]).ends_in
        follower = follower_from_now(self._client, stack["StackId"], listen)
        # An operation that ended before its events were skipped has no event left to wait for.
        now = describe_stack(self._client, stack["StackId"])
        status = now["StackStatus"] if now else "DELETE_COMPLETE"
        if not state_of(status).in_progress:
            return Ending(status, status == success)
        return follower.to_the_end(success, self._pace, self._sleep)

    def continue_rollback(self, name: str, skip: Sequence[str], listen: Listener) -> Ending:
        """ContinueUpdateRollback."""
        follower = follower_from_now(self._client, name, listen)
        with translated(f"continue the rollback of {name}"):
            self._client.continue_update_rollback(StackName=name, ResourcesToSkip=list(skip))
        return follower.to_the_end("UPDATE_ROLLBACK_COMPLETE", self._pace, self._sleep)

    def roll_back(self, name: str, listen: Listener) -> Ending:
        """RollbackStack; a creation ends in ROLLBACK_COMPLETE, an update in UPDATE_ROLLBACK_COMPLETE."""
        stack = describe_stack(self._client, name)
        creating = stack is not None and stack["StackStatus"] == "CREATE_FAILED"
        follower = follower_from_now(self._client, name, listen)
        with translated(f"roll back the stack {name}"):
            self._client.rollback_stack(StackName=name)
        end = "ROLLBACK_COMPLETE" if creating else "UPDATE_ROLLBACK_COMPLETE"
        return follower.to_the_end(end, self._pace, self._sleep)

    def delete(self, stack: str, retain: Sequence[str], listen: Listener) -> Ending:
        """DeleteStack with RetainResources."""
        found = describe_stack(self._client, stack)
        if found is None or found["StackStatus"] == "DELETE_COMPLETE":
            return Ending("DELETE_COMPLETE", succeeded=True)
        follower = follower_from_now(self._client, found["StackId"], listen)
        with translated(f"delete the stack {found['StackName']}"):
            if retain:
                self._client.delete_stack(StackName=found["StackId"], RetainResources=list(retain))
            else:
                self._client.delete_stack(StackName=found["StackId"])
        return follower.to_the_end("DELETE_COMPLETE", self._pace, self._sleep)

    def clear_change_sets(self, name: str) -> int:
        """Only those that this program made and that nothing executes."""
        count = 0
        with translated(f"list the change sets of {name}"):
            pages = list(self._client.get_paginator("list_change_sets").paginate(StackName=name))
        for each in (each for page in pages for each in page["Summaries"]):
            ours = each["ChangeSetName"].startswith(CHANGE_SET_PREFIX)
            if ours and each.get("ExecutionStatus") in ("AVAILABLE", "UNAVAILABLE", "EXECUTE_FAILED"):
                with translated(f"delete a change set of {name}"):
                    self._client.delete_change_set(ChangeSetName=each["ChangeSetId"])
                count += 1
        return count

    def protect(self, name: str) -> None:
        """UpdateTerminationProtection; a nested stack follows its root."""
        with translated(f"switch on the termination protection of {name}"):
            self._client.update_termination_protection(StackName=name, EnableTerminationProtection=True)
