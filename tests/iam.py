"""What a policy allows, as IAM decides it: wildcards of actions and resources; conditions are not looked at.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any


def allows(policy: Mapping[str, Any], action: str, resource: str) -> bool:
    """Whether one of its statements allows the action on the resource (an ARN)."""
    return any(
        statement["Effect"] == "Allow"
        and any(fnmatchcase(action.lower(), each.lower()) for each in statement["Action"])
        and any(fnmatchcase(resource, each) for each in statement["Resource"])
        for statement in policy["Statement"]
    )
