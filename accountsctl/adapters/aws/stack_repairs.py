"""The ways out of a state in which a stack does not rest well: each one call of CloudFormation, followed to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.executions import CHANGE_SET_PREFIX
from accountsctl.adapters.aws.follow import Follower, follower_from_now
from accountsctl.adapters.aws.followed_operations import FollowedOperations
from accountsctl.adapters.aws.patience import Departure
from accountsctl.adapters.aws.stack_reads import StackReads, describe_stack
from accountsctl.adapters.aws.tokens import Uncertain, send
from accountsctl.model.errors import CloudError
from accountsctl.model.events import Listener
from accountsctl.model.stack_states import state_of
from accountsctl.ports.stacks import Ending

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ChangeSetSummaryTypeDef, DeleteStackInputTypeDef


class CloudFormationRepairs(FollowedOperations, StackReads):
    """`ports.StackRepairs` over boto3."""

    def follow(self, name: str, listen: Listener) -> Ending:
        """Follow by the stack's id, since a deleted stack has no name any more."""
        stack = describe_stack(self._client, name)
        if stack is None:
            return Ending("DELETE_COMPLETE", succeeded=True)
        state = state_of(stack["StackStatus"])
        if not state.in_progress:
            return Ending(state.status, succeeded=False)
        follower = Follower(self._client, stack["StackId"], listen, self._where, self._clock)
        follower.attach()
        return follower.to_the_end(state.ends_in, self._pace, self._sleep)

    def continue_rollback(self, name: str, skip: Sequence[str], listen: Listener) -> Ending:
        """ContinueUpdateRollback."""
        return self._operate(
            f"continue the rollback of {name}",
            name,
            lambda token: self._client.continue_update_rollback(
                StackName=name, ResourcesToSkip=list(skip), ClientRequestToken=token
            ),
            "UPDATE_ROLLBACK_COMPLETE",
            listen,
        )

    def roll_back(self, name: str, listen: Listener) -> Ending:
        """RollbackStack; a creation ends in ROLLBACK_COMPLETE, an update in UPDATE_ROLLBACK_COMPLETE."""
        stack = describe_stack(self._client, name)
        creating = stack is not None and stack["StackStatus"] == "CREATE_FAILED"
        return self._operate(
            f"roll back the stack {name}",
            name,
            lambda token: self._client.rollback_stack(StackName=name, ClientRequestToken=token),
            "ROLLBACK_COMPLETE" if creating else "UPDATE_ROLLBACK_COMPLETE",
            listen,
        )

    def delete(self, stack: str, retain: Sequence[str], listen: Listener) -> Ending:
        """DeleteStack with RetainResources."""
        found = describe_stack(self._client, stack)
        if found is None or found["StackStatus"] == "DELETE_COMPLETE":
            return Ending("DELETE_COMPLETE", succeeded=True)
        request: DeleteStackInputTypeDef = {"StackName": found["StackId"]}
        if retain:
            request["RetainResources"] = list(retain)

        def call(token: str) -> object:
            request["ClientRequestToken"] = token
            return self._client.delete_stack(**request)

        return self._operate(
            f"delete the stack {found['StackName']}", found["StackId"], call, "DELETE_COMPLETE", listen
        )

    def _operate(
        self, action: str, stack: str, call: Callable[[str], object], success: str, listen: Listener
    ) -> Ending:
        """Begin an operation by a call that is safe to send again, and follow it to its end."""
        before = self._status(stack)
        follower = follower_from_now(self._client, stack, listen, self._where, self._clock)
        departure = Departure(self._client, stack, success, self._where)
        try:
            send(action, call, iter(self._pace), self._sleep)
        except Uncertain as error:
            try:
                begun = self._status(stack) != before
            except CloudError:
                raise departure.uncertain(error) from error
            if not begun:
                raise
        except KeyboardInterrupt as interrupt:
            if self._status(stack) != before:
                raise departure.after(interrupt, listen, self._sleep) from interrupt
            raise
        return follower.to_the_end(success, self._pace, self._sleep)

    def _status(self, stack: str) -> str:
        found = describe_stack(self._client, stack)
        return found["StackStatus"] if found else ""

    def clear_change_sets(self, name: str) -> int:
        """Only those that this program made and that nothing executes."""
        count = 0
        for change_set in self._change_sets(name):
            ours = change_set["ChangeSetName"].startswith(CHANGE_SET_PREFIX)
            if ours and change_set.get("ExecutionStatus") in ("AVAILABLE", "UNAVAILABLE", "EXECUTE_FAILED"):
                with translated(f"delete a change set of {name}"):
                    self._client.delete_change_set(ChangeSetName=change_set["ChangeSetId"])
                count += 1
        return count

    def open_change_sets(self, name: str) -> int:
        """By their ExecutionStatus; those that failed when they were made cannot be executed."""
        return sum(
            change_set.get("ExecutionStatus") in ("UNAVAILABLE", "AVAILABLE", "EXECUTE_IN_PROGRESS")
            and change_set.get("Status") != "FAILED"
            for change_set in self._change_sets(name)
        )

    def _change_sets(self, name: str) -> Sequence[ChangeSetSummaryTypeDef]:
        with translated(f"list the change sets of {name}"):
            pages = self._client.get_paginator("list_change_sets").paginate(StackName=name)
            return [summary for page in pages for summary in page["Summaries"]]

    def protect(self, name: str) -> None:
        """UpdateTerminationProtection; a nested stack follows its root."""
        with translated(f"switch on the termination protection of {name}"):
            self._client.update_termination_protection(StackName=name, EnableTerminationProtection=True)
