"""What a change set would do, read with its nested change sets and all their pages."""

from __future__ import annotations

from typing import Any

from accountsctl.adapters.aws.intended import intended_changes
from accountsctl.ports.stacks import IntendedChange

STACK, BUCKET = "AWS::CloudFormation::Stack", "AWS::S3::Bucket"


def change(name: str, type_: str, action: str, **members: str) -> dict[str, Any]:
    return {"ResourceChange": {"LogicalResourceId": name, "ResourceType": type_, "Action": action, **members}}


class PagedChangeSets:
    """Change sets by name, each as a list of pages."""

    def __init__(self, pages: dict[str, list[list[dict[str, Any]]]]) -> None:
        self.pages = pages

    def describe_change_set(self, ChangeSetName: str, NextToken: str = "0") -> dict[str, Any]:
        pages, page = self.pages[ChangeSetName], int(NextToken)
        following = {"NextToken": str(page + 1)} if page + 1 < len(pages) else {}
        return {"Changes": pages[page], **following}


def test_nested_change_sets_are_read_with_all_pages() -> None:
    client = PagedChangeSets(
        {
            "root": [
                [change("child", STACK, "Modify", ChangeSetId="child")],
                [change("new", STACK, "Add", ChangeSetId="not read"), change("gone", BUCKET, "Remove")],
            ],
            "child": [[change("B", BUCKET, "Modify", Replacement="True")]],
        }
    )
    assert list(intended_changes(client, "root")) == [  # type: ignore[arg-type]
        IntendedChange(("child",), STACK, "Modify"),
        IntendedChange(("child", "B"), BUCKET, "Modify", "True"),
        IntendedChange(("new",), STACK, "Add"),
        IntendedChange(("gone",), BUCKET, "Remove"),
    ]
