"""Change sets: made ready to be executed, or refused with the reason of the nested one that failed first.

With IncludeNestedStacks the root only reports "Nested change set <arn> was not successfully created: Currently
in FAILED." The reason is in the DescribeChangeSet of the child, and for early validation only in DescribeEvents:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
The root fails as soon as one child does, while others are still being created, so these are waited for before
their reasons are read. What is read is read before the change set is discarded; afterwards it is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.hooks import hook_reason
from accountsctl.model.errors import ChangeSetRefused, CloudError, RefusedChange

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import DescribeChangeSetOutputTypeDef as Description
    from mypy_boto3_cloudformation.type_defs import OperationEventTypeDef

NOTHING = ("didn't contain changes", "No updates are to be performed")
NO_REASON = (*NOTHING, "Only executable from the root change set")
"""Reasons of change sets that are as they should be: they change nothing, or are a part of another."""
CHILD_FAILED = "Nested change set"
HAS_EVENTS = ("AWS::EarlyValidation", "hook(s)")
UNFINISHED = ("CREATE_PENDING", "CREATE_IN_PROGRESS", "DELETE_PENDING", "DELETE_IN_PROGRESS")
PATIENCE = 60.0
"""Seconds to wait for the change sets that are still being created when the first one has failed."""


class ChangeSetPreparation:
    """Change sets of one client. `sleep` is passed in, so that no test waits; all waits are counted by it."""

    def __init__(
        self,
        client: CloudFormationClient,
        pace: Pace,
        sleep: Callable[[float], None],
        patience: float = PATIENCE,
    ) -> None:
        self._client = client
        self._pace = pace
        self._sleep = sleep
        self._patience = patience

    def ready(self, stack: str, change_set: str) -> bool:
        """Wait until a change set is ready to execute; False, and it is deleted, if it would change nothing.

        Raises ChangeSetRefused with the reasons of every nested change set that failed.
        """
        for wait in self._pace:
            with translated(f"read the change set of {stack}"):
                description = self._describe(change_set)
            if description["Status"] == "CREATE_COMPLETE":
                return True
            if description["Status"] == "FAILED":
                reason = description.get("StatusReason", "")
                empty = any(sentence in reason for sentence in NOTHING)
                refusals = [] if empty else list(self._refusals(description))
                self._discard(change_set)
                if refusals:
                    raise ChangeSetRefused(stack, refusals)
                return False
            self._sleep(wait)
        raise AssertionError("a pace has no end")

    def _refusals(self, root: Description) -> Iterator[RefusedChange]:
        """Why a change set failed: its nested ones' reasons, else its own."""
        try:
            found = list(self._of_children(root, ()))
        except CloudError as error:
            # What the root reports is little, but it is more than "could not look".
            yield RefusedChange((), _reason(root))
            yield RefusedChange((), f"The nested change sets could not be read: {error.why or error.what}")
            return
        yield from found or [RefusedChange((), _reason(root))]

    def _of_children(self, description: Description, path: tuple[str, ...]) -> Iterator[RefusedChange]:
        """The reasons below a change set at `path`, those of the deepest only, in the order of its changes."""
        found = False
        for logical_id, change_set in _nested(description):
            child = self._ended(change_set)
            for refusal in self._of_children(child, (*path, logical_id)):
                found = True
                yield refusal
        reason = description.get("StatusReason", "")
        failed = description["Status"] == "FAILED" and not any(words in reason for words in NO_REASON)
        # A child that has not ended in time is a child whose reason is not known.
        if failed and not (found and reason.startswith(CHILD_FAILED)):
            yield from self._own(description, path)

    def _own(self, description: Description, path: tuple[str, ...]) -> Iterator[RefusedChange]:
        """A change set's own reason: by its events if it has any, by its status reason otherwise."""
        reason = _reason(description)
        if not any(word in reason for word in HAS_EVENTS):
            yield RefusedChange(path, reason)
            return
        try:
            with translated("read the events of the change set"):
                events = self._events(description["ChangeSetId"])
        except CloudError as error:
            yield RefusedChange(path, f"{reason} ({error.what} {error.why})")
            return
        yield from _of_events(events, path) or [RefusedChange(path, reason)]

    def _ended(self, change_set: str) -> Description:
        """A nested change set when it has ended, or as it is when patience has run out."""
        waited = 0.0
        for wait in self._pace:
            with translated("read a nested change set"):
                description = self._describe(change_set)
            if description["Status"] not in UNFINISHED or waited >= self._patience:
                return description
            self._sleep(wait)
            waited += wait
        raise AssertionError("a pace has no end")

    def _describe(self, change_set: str) -> Description:
        """DescribeChangeSet with the changes of all pages."""
        description = self._client.describe_change_set(ChangeSetName=change_set)
        token = description.get("NextToken")
        while token:
            page = self._client.describe_change_set(ChangeSetName=change_set, NextToken=token)
            description["Changes"] = [*description["Changes"], *page["Changes"]]
            token = page.get("NextToken")
        return description

    def _events(self, change_set: str) -> list[OperationEventTypeDef]:
        page = self._client.describe_events(ChangeSetName=change_set, Filters={"FailedEvents": True})
        events = list(page["OperationEvents"])
        while token := page.get("NextToken"):
            page = self._client.describe_events(
                ChangeSetName=change_set, Filters={"FailedEvents": True}, NextToken=token
            )
            events += page["OperationEvents"]
        return events

    def _discard(self, change_set: str) -> None:
        """Delete a change set that failed.

        AWS refuses with InvalidChangeSetStatus while a nested one is being created. Every refusal is left
        alone in the end: why the change set failed is what the user needs, and a new one has another name.
        """
        waited = 0.0
        for wait in self._pace:
            try:
                with translated("delete a change set"):
                    self._client.delete_change_set(ChangeSetName=change_set)
            except CloudError as error:
                if error.code == "InvalidChangeSetStatus" and waited < self._patience:
                    self._sleep(wait)
                    waited += wait
                    continue
            return


def _nested(description: Description) -> Iterator[tuple[str, str]]:
    """Logical id and ARN of each change set that is nested in this one, in the order of the changes."""
    for change in description.get("Changes", ()):
        resource = change.get("ResourceChange", {})
        change_set = resource.get("ChangeSetId")
        if change_set:
            yield resource.get("LogicalResourceId", ""), change_set


def _reason(description: Description) -> str:
    return description.get("StatusReason", "") or "CloudFormation gave no reason."


def _of_events(events: Sequence[OperationEventTypeDef], path: tuple[str, ...]) -> list[RefusedChange]:
    """What failed events report; a validation that only warns, and one without a message, is left out."""
    refusals = []
    for event in events:
        modes = (event.get("ValidationFailureMode"), event.get("HookFailureMode"))
        message = event.get("ValidationStatusReason") or hook_reason(event)
        if "WARN" in modes or not message:
            continue
        logical_id = event.get("LogicalResourceId")
        refusals.append(
            RefusedChange(
                (*path, logical_id) if logical_id else path,
                message,
                type=event.get("ResourceType", ""),
                property=event.get("ValidationPath", ""),
            )
        )
    return list(dict.fromkeys(refusals))
