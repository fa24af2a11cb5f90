"""Policy documents as JSON: what the policies of callers, of APIs and of functions have in common.

A member that may hold several values may also hold one alone, without a list around it.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
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
