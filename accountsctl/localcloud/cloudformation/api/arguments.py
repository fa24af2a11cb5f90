"""What an operation's arguments demand beyond their shape: combinations, and settings that are not played.

An argument that is accepted and has no effect would be a promise that AWS keeps and we do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.execution.rollback_triggers import check_triggers
from accountsctl.localcloud.cloudformation.template.limits import check_tag_keys
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate

NOT_PLAYED = (
    "DeploymentMode",
    "DisableValidation",
    "ForceRollback",
    "ResourcesToImport",
)


def check_arguments(request: Mapping[str, Any]) -> None:
    """Raise CloudFormationError for what the embedded cloud does not play, and for what AWS refuses."""
    for name in NOT_PLAYED:
        if request.get(name):
            raise CloudFormationError(f"The embedded cloud does not imitate {name}")
    check_triggers(request.get("RollbackConfiguration") or {})
    deployment = request.get("DeploymentConfig") or {}
    if deployment.get("Mode", "STANDARD") != "STANDARD":
        raise CloudFormationError("The embedded cloud does not imitate the EXPRESS deployment mode")
    if deployment.get("DisableRollback"):
        raise CloudFormationError("The embedded cloud does not imitate DeploymentConfig's DisableRollback")
    if "OnFailure" in request and "DisableRollback" in request:
        raise CloudFormationError("You can specify either OnFailure or DisableRollback, but not both.")
    _check_tags([tag["Key"] for tag in request.get("Tags", [])])


def check_resource_types(allowed: Sequence[str], template: ParsedTemplate) -> None:
    """Raise CloudFormationError if the template has a type that none of `allowed`, patterns of types, allows."""
    for kind, _ in template.typed_resources:
        if not any(fnmatchcase(kind, pattern) for pattern in allowed):
            raise CloudFormationError(
                f"Resource type {kind} is not allowed by parameter ResourceTypes [{', '.join(allowed)}]"
            )


def _check_tags(keys: list[str]) -> None:
    check_tag_keys(keys)
    repeated = [key for key, count in Counter(keys).items() if count > 1]
    if repeated:
        raise CloudFormationError(f"Duplicate tag keys found: [{', '.join(repeated)}]")
