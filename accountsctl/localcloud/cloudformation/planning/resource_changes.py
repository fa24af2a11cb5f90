"""What differs for one resource, and how a change set says it: AWS's ResourceChange structures."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accountsctl.localcloud.cloudformation.planning.diff import ABSENT, PropertyChange, replacement
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared
from accountsctl.localcloud.cloudformation.runtime.shapes import (
    ChangeAction,
    ChangeDetail,
    ChangeTarget,
    Properties,
    Recreation,
    ReplacementLevel,
    ResourceChange,
    TemplateValue,
)
from accountsctl.localcloud.cloudformation.runtime.state import Record
from accountsctl.localcloud.cloudformation.runtime.store import hide
from accountsctl.localcloud.cloudformation.template.functions import equal, scalar, unknown_within
from accountsctl.localcloud.cloudformation.template.parameter_definitions import is_ssm_value
from accountsctl.localcloud.cloudformation.template.references import references
from accountsctl.localcloud.cloudformation.template.scope import NO_VALUE


@dataclass(frozen=True)
class Difference:
    """An existing resource and its new definition: which properties differ, and what else.

    `inside` is true if it is a nested stack whose content changes; `taggable`, if the stack's tags are also its own.
    `replaced` and `changed` are the logical ids of what is certainly replaced, and of what is or may be changed in
    place.
    """

    record: Record
    definition: Mapping[str, Any]
    properties: list[PropertyChange]
    inside: bool
    prepared: Prepared
    taggable: bool = True
    replaced: Collection[str] = ()
    changed: Collection[str] = ()

    @property
    def scope(self) -> list[str]:
        """What differs besides properties, as AWS's Scope names it."""
        record = self.record
        same = {
            "Metadata": equal(record.metadata, self._now("Metadata")),
            "DeletionPolicy": record.deletion_policy == self._now("DeletionPolicy"),
            "UpdateReplacePolicy": record.update_replace_policy == self._now("UpdateReplacePolicy"),
            "Tags": not self.taggable or record.tags == self.prepared.definition.tags,
        }
        return [name for name, unchanged in same.items() if not unchanged]

    def _now(self, key: str) -> TemplateValue:
        value = self.prepared.evaluator.value(self.definition.get(key))
        return None if value is NO_VALUE else value


def addition(name: str, resource_type: str, properties: Properties, secrets: set[str]) -> ResourceChange:
    return {
        "Action": ChangeAction.ADD,
        "LogicalResourceId": name,
        "ResourceType": resource_type,
        "Scope": [],
        "Details": [],
        "AfterContext": _context(properties, secrets),
    }


def removal(record: Record, properties: Properties, secrets: set[str]) -> ResourceChange:
    """The change of a resource that goes; `properties` are those of its definition, before anything exists."""
    return {
        "PolicyAction": record.deletion_policy or "Delete",
        "Action": ChangeAction.REMOVE,
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id,
        "ResourceType": record.type,
        "Scope": [],
        "Details": [],
        "BeforeContext": _context(properties, secrets),
    }


def potential(difference: Difference) -> ResourceChange | None:
    """What AWS reports where it compares no values: a resource that refers to an attribute of one that changes.

    None if it refers to none.
    """
    details = _potential_details(difference)
    if not details:
        return None
    record = difference.record
    return {
        "Action": ChangeAction.MODIFY,
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id,
        "ResourceType": record.type,
        "Replacement": ReplacementLevel.NO,
        "Scope": ["Properties"],
        "Details": details,
        "Potential": True,
    }


def _potential_details(difference: Difference) -> list[ChangeDetail]:
    """A detail for each property that stays and that refers to an attribute of what changes in place."""
    certain = {change.name for change in difference.properties}
    return [
        {
            "Target": {"Attribute": "Properties", "Name": name, "RequiresRecreation": Recreation.NEVER},
            "Evaluation": "Dynamic",
            "ChangeSource": "ResourceAttribute",
            "CausingEntity": f"{target}.{attribute}",
            "WithValues": False,
        }
        for name, expression in (difference.definition.get("Properties") or {}).items()
        if name not in certain
        for target, attribute in dict.fromkeys(references(expression))
        if attribute is not None and target in difference.changed
    ]


def modification(difference: Difference, secrets: set[str]) -> ResourceChange | None:
    """The change of an existing resource; None if it stays as it is."""
    record, changes, inside = difference.record, difference.properties, difference.inside
    scope = difference.scope
    if not changes and not scope and not inside:
        return None
    details = [detail for change in changes for detail in _details(change, difference, secrets)]
    details += _potential_details(difference)
    if inside and not changes:
        details.append(_automatic())
    details += [_of_attribute(name) for name in scope]
    level = replacement(changes)
    after = {
        **record.properties,
        **{change.name: change.after for change in changes if change.after is not ABSENT},
    }
    result: ResourceChange = {
        "Action": ChangeAction.MODIFY,
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id,
        "ResourceType": record.type,
        "Replacement": level,
        "Scope": (["Properties"] if changes or inside else []) + scope,
        "Details": details,
        "BeforeContext": _context(record.properties, secrets),
        "AfterContext": _context(after, secrets),
    }
    if level is ReplacementLevel.YES:
        result["PolicyAction"] = f"ReplaceAnd{record.update_replace_policy or 'Delete'}"
    return result


def _details(change: PropertyChange, difference: Difference, secrets: set[str]) -> list[ChangeDetail]:
    """One detail per cause of the change; a value written in the template is its own cause."""
    dynamic = change.after is not ABSENT and unknown_within(change.after)
    evaluation = "Dynamic" if dynamic else "Static"
    target: ChangeTarget = {
        "Attribute": "Properties",
        "Name": change.name,
        "Path": f"/Properties/{change.name}",
        "RequiresRecreation": change.recreation,
        "AttributeChangeType": change.kind,
    }
    if change.before is not ABSENT:
        target["BeforeValue"] = _value_text(change.before, secrets)
    if change.after is not ABSENT:
        target["AfterValue"] = _value_text(change.after, secrets)
    expression = (difference.definition.get("Properties") or {}).get(change.name)
    found = (_cause(name, attribute, difference.prepared) for name, attribute in references(expression))
    causes = sorted({cause for cause in found if cause is not None})
    if not causes:
        return [{"Target": target, "Evaluation": evaluation, "ChangeSource": "DirectModification"}]
    return _caused(target, causes, dynamic=dynamic, replaced=difference.replaced)


def _caused(
    target: ChangeTarget, causes: Sequence[tuple[str, str]], *, dynamic: bool, replaced: Collection[str]
) -> list[ChangeDetail]:
    """A detail per cause, and one for the rest of the value.

    What is referred to may be one part of the value only: AWS adds that the rest may have changed too, for a resource
    only where it shows values.
    """
    details: list[ChangeDetail] = []
    for source, entity in causes:
        of_parameter = source == "ParameterReference"
        certain = not dynamic if of_parameter else entity.partition(".")[0] in replaced
        details.append(
            {
                "Target": target,
                "Evaluation": "Static" if certain else "Dynamic",
                "ChangeSource": source,
                "CausingEntity": entity,
            }
        )
    rest: ChangeDetail = {"Target": target, "Evaluation": "Dynamic", "ChangeSource": "DirectModification"}
    if not any(source == "ParameterReference" for source, _ in causes):
        rest["WithValues"] = True
    return [*details, rest]


def _cause(name: str, attribute: str | None, prepared: Prepared) -> tuple[str, str] | None:
    """ChangeSource and CausingEntity of a reference; None if a pseudo parameter is referred to."""
    if name in prepared.template.parameters:
        # The name of an SSM parameter stays: what it holds has changed, and AWS reports no cause for that.
        return None if is_ssm_value(prepared.template.parameters[name]) else ("ParameterReference", name)
    if name not in prepared.graph.resources:
        return None
    return ("ResourceAttribute", f"{name}.{attribute}") if attribute else ("ResourceReference", name)


def _of_attribute(name: str) -> ChangeDetail:
    """The detail of a change beside the properties: of tags, metadata or a policy."""
    return {
        "Target": {"Attribute": name, "RequiresRecreation": Recreation.NEVER},
        "Evaluation": "Static",
        "ChangeSource": "DirectModification",
    }


def _automatic() -> ChangeDetail:
    """The detail of a nested stack whose properties stay and whose content changes."""
    return {
        "Target": {"Attribute": "Properties", "RequiresRecreation": Recreation.NEVER},
        "Evaluation": "Dynamic",
        "ChangeSource": "Automatic",
    }


def _value_text(value: TemplateValue, secrets: set[str]) -> str:
    value = hide(value, secrets)
    return json.dumps(value, default=repr) if isinstance(value, list | dict) else scalar(value)


def _context(properties: Properties, secrets: set[str]) -> str:
    return json.dumps({"Properties": hide(properties, secrets)}, default=repr)
