"""Changes that lose nothing now, but take away what protects data from a later mistake."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.planning.stack_tree import EvaluatedResource
from accountsctl.planning.stateful import default_policy, holds_data
from accountsctl.planning.values import MISSING, Value, scalar, shown

KEEPING = frozenset({"Retain", "RetainExceptOnCreate", "Snapshot"})
SWITCHES = (
    ("DeletionProtection",),
    ("DeletionProtectionEnabled",),
    ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"),
    ("VersioningConfiguration", "Status"),
)
"""Properties that protect data while their value is one of `ON`."""
ON = frozenset({"true", "ACTIVE", "Enabled"})
DAYS = (
    ("AutomatedSnapshotRetentionPeriod",),
    ("BackupRetentionPeriod",),
    ("PendingWindowInDays",),
    ("RetentionInDays",),
    ("SnapshotRetentionLimit",),
)
"""Properties that protect data for longer the higher they are."""


def weakened_guards(name: str, old: EvaluatedResource, new: EvaluatedResource) -> Iterator[str]:
    """One sentence for each guard of a data-holding resource that becomes weaker."""
    if not holds_data(old.source):
        return
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        before = old.attributes.get(policy, default_policy(old.type, policy))
        after = new.attributes.get(policy, default_policy(new.type, policy))
        if before in KEEPING and after not in KEEPING:
            action = "deletion" if policy == "DeletionPolicy" else "replacement"
            yield f"{name}: {policy} {before} -> {shown(after)}: its {action} will keep nothing."
    for path in SWITCHES:
        before, after = _at(old.properties, path), _at(new.properties, path)
        if scalar(before) in ON and scalar(after) not in ON:
            yield f"{name}: {'/'.join(path)} is switched off."
    for path in DAYS:
        days, fewer = _number(_at(old.properties, path)), _number(_at(new.properties, path))
        if days is not None and fewer is not None and fewer < days:
            yield f"{name}: {'/'.join(path)} {days} -> {fewer}: what is older is deleted sooner."


def _at(value: Value, path: tuple[str, ...]) -> Value:
    for step in path:
        value = value.get(step, MISSING) if isinstance(value, dict) else MISSING
    return value


def _number(value: Value) -> int | None:
    plain = scalar(value)
    return int(plain) if plain is not None and plain.isdecimal() else None
