"""What a change set would do, with what it would do in every nested stack.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.errors import translated
from accountsctl.ports.stacks import IntendedChange

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import ResourceChangeTypeDef


def intended_changes(
    client: CloudFormationClient, change_set: str, path: tuple[str, ...] = ()
) -> Iterator[IntendedChange]:
    """Every resource's change, the root's and those of the nested stacks; `change_set` is an ARN."""
    for change in _changes(client, change_set):
        name = (*path, change.get("LogicalResourceId", ""))
        yield IntendedChange(
            name,
            change.get("ResourceType", ""),
            change.get("Action", ""),
            change.get("Replacement", ""),
            dynamic=_is_dynamic(change),
        )
        nested = change.get("ChangeSetId")
        # What a new stack creates can end nothing, so its change set is not read.
        if nested and change.get("Action") == "Modify":
            yield from intended_changes(client, nested, name)


def _is_dynamic(change: ResourceChangeTypeDef) -> bool:
    """A modification of which every reason is dynamic: nothing of it is sure.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
    """
    details = change.get("Details", ())
    return (
        change.get("Action") == "Modify"
        and bool(details)
        and all(detail.get("Evaluation") == "Dynamic" for detail in details)
    )


def _changes(client: CloudFormationClient, change_set: str) -> Iterator[ResourceChangeTypeDef]:
    token = ""
    while True:
        with translated("read what the change set would do"):
            page = (
                client.describe_change_set(ChangeSetName=change_set, NextToken=token)
                if token
                else client.describe_change_set(ChangeSetName=change_set)
            )
        for change in page.get("Changes", ()):
            if "ResourceChange" in change:
                yield change["ResourceChange"]
        token = page.get("NextToken", "")
        if not token:
            return
