"""Policy documents as JSON: what the policies of callers, of APIs and of functions have in common.

A member that may hold several values may also hold one alone, without a list around it.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from typing import Any

PolicyDocument = Mapping[str, Any]
"""`Version` and `Statement`. Anyone may have written it, so that its members are checked where they are read."""
Statement = Mapping[str, Any]
"""`Effect`, `Action`, `Resource`, `Principal`, `Condition`, and the first ones' opposites (`NotAction` ...)."""


def statements(policy: PolicyDocument) -> list[Statement]:
    """The statements that have the shape of one."""
    return [entry for entry in listed(policy.get("Statement", [])) if isinstance(entry, Mapping)]


def listed(value: object) -> list[object]:
    """The values of a member that holds one value or a list of them."""
    return list(value) if isinstance(value, list | tuple) else [value]


def matches_pattern(value: str, pattern: str) -> bool:
    """Whether a pattern of a policy matches: `*` and `?` only, brackets stand for themselves."""
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


def matches_any(value: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns of a policy matches."""
    return any(matches_pattern(value, pattern) for pattern in patterns)


def covers(statement: Statement, member: str, value: str) -> bool:
    """Whether a statement is about a value by its `member`, Action or Resource, or by that one's opposite.

    Actions have no case.
    """
    opposite = f"Not{member}" in statement
    patterns = [str(item) for item in listed(statement.get(f"Not{member}" if opposite else member, []))]
    if member == "Action":
        value, patterns = value.lower(), [pattern.lower() for pattern in patterns]
    return matches_any(value, patterns) is not opposite


def is_allowed(statements: Iterable[Statement]) -> bool:
    """What the statements that apply decide: one must allow, and none deny.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """
    effects = {statement.get("Effect") for statement in statements}
    return "Allow" in effects and "Deny" not in effects


Operator = Callable[[str, list[str]], bool]
"""Whether the actual value of a condition's key satisfies the values that the condition lists."""
OPERATORS: Mapping[str, Operator] = {
    "ArnEquals": matches_any,
    "ArnLike": matches_any,
    "ArnNotEquals": lambda actual, listed: not matches_any(actual, listed),
    "ArnNotLike": lambda actual, listed: not matches_any(actual, listed),
    "Bool": lambda actual, listed: actual in [value.lower() for value in listed],
    "StringEquals": lambda actual, listed: actual in listed,
    "StringLike": matches_any,
    "StringNotEquals": lambda actual, listed: actual not in listed,
    "StringNotLike": lambda actual, listed: not matches_any(actual, listed),
}
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
