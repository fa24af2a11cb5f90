"""Stack policies: which updates of which resources are denied.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.state import Record

ACTIONS = ("Update:*", "Update:Delete", "Update:Modify", "Update:Replace")


def check(text: str) -> None:
    """Raise CloudFormationError if the text is not a valid stack policy."""
    try:
        statements = _statements(text)
        sound = all(_is_sound(statement) for statement in statements)
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise CloudFormationError("Error validating stack policy: Invalid stack policy")


def _is_sound(statement: Mapping[str, Any]) -> bool:
    """Whether a statement is about everyone, and about updates."""
    actions = _as_list(statement.get("Action", statement.get("NotAction", [])))
    return (
        statement["Effect"] in ("Allow", "Deny")
        and statement.get("Principal", "*") in ("*", {"AWS": "*"})
        and bool(actions)
        and all(action in ("*", *ACTIONS) for action in actions)
    )


def denial(policy: str | None, record: Record, action: str) -> str | None:
    """Why the policy denies an action, as the start of AWS's message; None if it allows the action.

    Without a policy everything is allowed. With one, what it does not allow is denied, and a Deny beats
    every Allow.
    """
    if policy is None or not _statements(policy):
        return None
    effects = {
        number: statement["Effect"]
        for number, statement in enumerate(_statements(policy), start=1)
        if _matches(statement, record, action)
    }
    for number, effect in effects.items():
        if effect == "Deny":
            return f"Statement [#{number}] does not allow"
    return None if "Allow" in effects.values() else "No statement allows"


def _statements(text: str) -> list[dict[str, Any]]:
    document = json.loads(text)
    if document == {}:
        return []
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def _matches(statement: Mapping[str, Any], record: Record, action: str) -> bool:
    name = f"LogicalResourceId/{record.logical_id}"
    types = (statement.get("Condition") or {}).get("StringEquals", {}).get("ResourceType")
    typed = types is None or record.type in _as_list(types)
    typed = typed and all(
        any(fnmatchcase(record.type, type_) for type_ in _as_list(pattern))
        for pattern in [(statement.get("Condition") or {}).get("StringLike", {}).get("ResourceType")]
        if pattern is not None
    )
    return typed and _named(statement, "Action", action) and _named(statement, "Resource", name)


def _named(statement: Mapping[str, Any], key: str, value: str) -> bool:
    if f"Not{key}" in statement:
        return not any(fnmatchcase(value, pattern) for pattern in _as_list(statement[f"Not{key}"]))
    return any(fnmatchcase(value, pattern) for pattern in _as_list(statement.get(key, [])))


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
