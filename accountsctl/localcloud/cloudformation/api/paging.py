"""Answers in pages, as AWS gives them: a hundred entries, and a token for the rest.

A token says how many entries are left, counted from the end that stays where it is while a stack grows: events come
in front of older ones, resources behind them.
"""

from __future__ import annotations

import base64
import binascii

from accountsctl.localcloud.cloudformation.api.requests import Input, Output
from accountsctl.localcloud.cloudformation.errors import CloudFormationError

PAGE = 100
PAGED = {
    "DescribeStackEvents": "StackEvents",
    "DescribeStackResourceDrifts": "StackResourceDrifts",
    "DescribeStacks": "Stacks",
    "ListChangeSets": "Summaries",
    "ListExports": "Exports",
    "ListImports": "Imports",
    "ListStackResources": "StackResourceSummaries",
    "ListStacks": "StackSummaries",
}
"""The operations whose answers have pages, with the member that holds the entries."""

NEWEST_FIRST = ("DescribeStackEvents", "DescribeStacks", "ListStacks")


def page(action: str, request: Input, output: Output) -> Output:
    """The page that a request asks for, with the token of the next one; other operations' output as it is."""
    member = PAGED.get(action)
    if member is None:
        return output
    entries = output[member]
    size = int(request.get("MaxResults", PAGE))
    start = _start(action, request["NextToken"], len(entries)) if request.get("NextToken") else 0
    end = start + size
    shown = {**output, member: entries[start:end]}
    if end < len(entries):
        shown["NextToken"] = _token(action, end, len(entries))
    return shown


def _token(action: str, end: int, count: int) -> str:
    place = count - end if action in NEWEST_FIRST else end
    return base64.urlsafe_b64encode(f"{action} {place}".encode()).decode()


def _start(action: str, token: str, count: int) -> int:
    try:
        made_by, place = base64.urlsafe_b64decode(token.encode()).decode().split()
        number = int(place)
    except (binascii.Error, ValueError) as error:
        raise CloudFormationError("The NextToken is not valid.") from error
    if made_by != action or not 0 <= number <= count:
        raise CloudFormationError("The NextToken is not valid.")
    return count - number if action in NEWEST_FIRST else number
