"""From a change set to a running operation: executed once, cleared away when interrupted, and who else is at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.follow import REVIEW, Pace, is_absent, is_working
from accountsctl.adapters.aws.patience import MayHaveBegun
from accountsctl.adapters.aws.stack_reads import describe_stack
from accountsctl.adapters.aws.tokens import Uncertain, send
from accountsctl.model.errors import AccountsctlError, CloudError, Declined

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import CreateChangeSetInputTypeDef, StackTypeDef
    from mypy_boto3_cloudformation.type_defs import CreateChangeSetOutputTypeDef as ChangeSet

CHANGE_SET_PREFIX = "accountsctl-"
"""Begins the names of the change sets that this program makes."""
TAKEN = frozenset({"AlreadyExistsException", "AlreadyExists"})
OVERTAKEN = frozenset(
    {
        "ChangeSetNotFound",
        "ChangeSetNotFoundException",
        "InvalidChangeSetStatus",
        "InvalidChangeSetStatusException",
    }
)
"""Refusals of ExecuteChangeSet: another operation has changed the stack since the change set was made."""


@dataclass(frozen=True)
class Execution:
    """The change set `change_set` (a name) of the stack `stack`, until CloudFormation has begun to execute it."""

    client: CloudFormationClient
    stack: str
    change_set: str
    pace: Pace
    sleep: Callable[[float], None]
    where: str = "AWS"

    def create(self, request: CreateChangeSetInputTypeDef) -> ChangeSet:
        """Create the change set. Raises CloudError: the refusal, and who else changes the stack if that is why."""

        def call(token: str) -> ChangeSet:
            request["ClientToken"] = token
            return self.client.create_change_set(**request)

        try:
            made = send(f"send a change set to the stack {self.stack}", call, iter(self.pace), self.sleep)
        except CloudError as error:
            # No one else makes a change set of this name: it is there because an earlier attempt was done.
            if error.code not in TAKEN:
                raise self.explained(error) from error
            made = None
        if made is not None:
            return made
        with translated(f"read the change set of {self.stack}"):
            found = self.client.describe_change_set(ChangeSetName=self.change_set, StackName=self.stack)
        metadata = found["ResponseMetadata"]
        return {"Id": found["ChangeSetId"], "StackId": found["StackId"], "ResponseMetadata": metadata}

    def run(self, stack_id: str) -> None:
        """Execute it. Raises CloudError: the refusal, and who else changes the stack if that is why.

        `stack_id` finds the stack also after a creation that failed and deleted it.
        """
        try:
            send(
                f"execute the change set of {self.stack}",
                lambda token: self.client.execute_change_set(
                    ChangeSetName=self.change_set, StackName=self.stack, ClientRequestToken=token
                ),
                iter(self.pace),
                self.sleep,
            )
        except CloudError as error:
            if not self._was_executed(stack_id, error):
                raise self.explained(error) from error

    def _was_executed(self, stack_id: str, error: CloudError) -> bool:
        """Whether an attempt without a response was done: the stack's last operation is this change set's then.

        Raises CloudError if that is not known.
        """
        uncertain = isinstance(error, Uncertain)
        if not uncertain and error.code not in OVERTAKEN:
            return False
        try:
            stack = describe_stack(self.client, stack_id)
        except CloudError:
            if uncertain:
                raise MayHaveBegun("push", "push", self.where, error) from error
            return False
        return stack is not None and f":changeSet/{self.change_set}/" in stack.get("ChangeSetId", "")

    def explained(self, error: CloudError) -> CloudError:
        """The error, or the other operation that it comes from: what it is, its change set, and since when."""
        overtaken = error.code in OVERTAKEN
        if not overtaken and error.code != "ValidationError":
            return error
        try:
            stack = describe_stack(self.client, self.stack)
        except CloudError:
            return error  # what was refused is more than that no one could be named
        if stack is None or not (overtaken or is_working(stack["StackStatus"])):
            return error
        return rival(stack)

    @contextmanager
    def cleared_when_it_fails(self) -> Iterator[None]:
        """An error or Ctrl-C before the execution leaves no change set behind, and no stack that is only a review."""
        try:
            yield
        except KeyboardInterrupt as interrupt:
            raise self._left() from interrupt
        except MayHaveBegun:
            raise
        except AccountsctlError:
            with suppress(CloudError):  # the first error is the one to report
                self._clear()
            raise

    def _left(self) -> Declined:
        """What a user who interrupts reads, after everything was cleared away as far as possible."""
        try:
            stack = self._clear()
        except CloudError as error:
            return Declined("Interrupted.", why=f"{error.what} {error.why}", hint="Push again.")
        if stack is not None and is_working(stack["StackStatus"]):
            return Declined(
                "Interrupted.",
                why=f"The push goes on in {self.where}: the stack is {stack['StackStatus']}.",
                hint="`accountsctl push` follows it.",
            )
        return Declined(
            "Interrupted before the stack was changed.", why=f"The change set of {self.stack} is deleted."
        )

    def _clear(self) -> StackTypeDef | None:
        """Delete the change set, and its stack if that is only a review; returns the stack as it was before that."""
        with translated(f"delete the change set of {self.stack}"):
            self._delete_change_set()
        stack = describe_stack(self.client, self.stack)
        if stack is not None and stack["StackStatus"] == REVIEW:
            self._delete_review()
        return stack

    def _delete_change_set(self) -> None:
        try:
            self.client.delete_change_set(ChangeSetName=self.change_set, StackName=self.stack)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            # One that is executed, or that was never made, is no longer ours to delete.
            if code not in OVERTAKEN and not is_absent(error):
                raise

    def _delete_review(self) -> None:
        """Delete a stack that was never created, unless someone else has a change set in it."""
        with translated(f"delete the stack {self.stack}"):
            if not self.client.list_change_sets(StackName=self.stack)["Summaries"]:
                self.client.delete_stack(StackName=self.stack)


def rival(stack: StackTypeDef) -> CloudError:
    """The error for a stack that another operation changes now, or has changed since it was looked at."""
    name, status = stack["StackName"], stack["StackStatus"]
    since = stack.get("LastUpdatedTime") or stack["CreationTime"]
    change_set = stack.get("ChangeSetId", "").rpartition(":changeSet/")[2].partition("/")[0]
    by = f" by the change set {change_set}" if change_set else ""
    if is_working(status):
        return CloudError(
            f"Another operation is changing the stack {name}.",
            why=f"It is {status}{by}, since {since:%Y-%m-%d %H:%M:%S} UTC.",
            hint="`accountsctl push` follows it to its end; push again then. Nothing was changed by this push.",
            code="OperationInProgress",
        )
    return CloudError(
        f"Another push has changed the stack {name} meanwhile.",
        why=f"It is {status}{by}, begun at {since:%Y-%m-%d %H:%M:%S} UTC.",
        hint="Push again: it compares with what is deployed now. Nothing was changed by this push.",
        code="StackChanged",
    )
