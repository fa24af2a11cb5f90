"""What an update would do, worked out without doing it: the substance of change sets.

The plan is made of the same parts as the deployment (evaluator, graph, diff), so it can only differ
where a value is not known yet. A nested stack is planned into: one that comes out the same is no
change, and one that changes in place still tells which of its outputs stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.localcloud.cloudformation.planning.diff import (
    ABSENT,
    PropertyChange,
    property_changes,
    replacement,
)
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared, Submission, prepare
from accountsctl.localcloud.cloudformation.runtime.artifacts import read_template
from accountsctl.localcloud.cloudformation.runtime.runtime import Runtime
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, Record, Stack, now
from accountsctl.localcloud.cloudformation.runtime.store import hide, secrets_of
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN, equal, scalar, unknown_within
from accountsctl.localcloud.cloudformation.template.intrinsics import Evaluator
from accountsctl.localcloud.cloudformation.template.parsing import load
from accountsctl.localcloud.cloudformation.template.references import references
from accountsctl.localcloud.cloudformation.template.scope import NO_VALUE, Known

Details = list[dict[str, Any]]


@dataclass
class StackPlan:
    """`changes` are ResourceChange structures; `children` the plans of nested stacks by logical id."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    children: dict[str, StackPlan] = field(default_factory=dict)
    submission: Submission | None = None


class Planner:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def plan(self, stack: Stack, submission: Submission) -> StackPlan:
        """The plan of `submission` for `stack`; raises CloudFormationError where it could not be deployed."""
        prepared = prepare(self._runtime, stack, submission, planning=True)
        plan = StackPlan(submission=submission)
        for name in prepared.graph.order:
            self._resource(plan, stack, prepared, name)
        for name, record in stack.resources.items():
            if record.exists and name not in prepared.graph.resources:
                plan.changes.append(_removal(record))
        for name, output in prepared.template.outputs.items():
            if "Condition" not in output or prepared.evaluator.holds(output["Condition"]):
                value = prepared.evaluator.value(output["Value"])
                plan.outputs[name] = (
                    value if isinstance(value, list | dict | type(UNKNOWN)) else scalar(value)
                )
        return plan

    def changes_nothing(self, stack: Stack, submission: Submission) -> bool:
        """Whether an update would be refused with "No updates are to be performed."."""
        plan = self.plan(stack, submission)
        current = {it["OutputKey"]: it["OutputValue"] for it in stack.definition.outputs}
        same_outputs = not unknown_within(plan.outputs) and equal(current, plan.outputs)
        exports = _export_names(stack, submission)
        same_tags = dict(submission.tags) == stack.definition.tags
        return not plan.changes and same_outputs and same_tags and exports

    def child(
        self, parent: Stack, record: Record | None, name: str, properties: Mapping[str, Any]
    ) -> StackPlan:
        """The plan of a nested stack's content; empty where its template's address is not known yet."""
        url = properties.get("TemplateURL", UNKNOWN)
        if url is UNKNOWN:
            return StackPlan()
        existing = self._runtime.store.stacks.get(record.physical_id or "") if record else None
        stack = existing or Stack(
            id=repr(UNKNOWN), name=f"{parent.name}-{name}", region=parent.region, created=now()
        )
        return self.plan(stack, child_submission(self._runtime, parent, properties))

    def _resource(self, plan: StackPlan, stack: Stack, prepared: Prepared, name: str) -> None:
        definition = prepared.graph.resources[name]
        evaluator = prepared.evaluator
        wanted: dict[str, Any] = evaluator.value(definition.get("Properties") or {})
        record = stack.resources.get(name)
        record = record if record and record.exists else None
        nested = None
        if definition["Type"] == STACK_TYPE:
            nested = plan.children[name] = self.child(stack, record, name, wanted)
        if record is None:
            plan.changes.append(_addition(name, str(definition["Type"]), wanted, secrets_of(stack)))
            return
        changes = self._property_changes(record, wanted)
        scope = _scope(record, definition, evaluator, prepared)
        change = self._modification(record, definition, changes, scope, nested, prepared, secrets_of(stack))
        if change:
            plan.changes.append(change)
        if change is None or change["Replacement"] == "False":
            assert record.physical_id is not None
            evaluator.known[name] = Known(record.physical_id, _attributes(record, nested))

    def _property_changes(self, record: Record, wanted: Mapping[str, Any]) -> list[PropertyChange]:
        schema = self._runtime.schema(record.type) if record.type != STACK_TYPE else None
        if schema is None:
            return property_changes(record.properties, wanted, frozenset())
        return property_changes(record.properties, wanted, schema.create_only, schema.conditional_create_only)

    def _modification(
        self,
        record: Record,
        definition: Mapping[str, Any],
        changes: list[PropertyChange],
        scope: list[str],
        nested: StackPlan | None,
        prepared: Prepared,
        secrets: set[str],
    ) -> dict[str, Any] | None:
        inner = nested is not None and changes_inside(record, nested)
        if not changes and not scope and not inner:
            return None
        details: Details = []
        for change in changes:
            details += _details(change, definition, prepared, secrets)
        if inner and not changes:
            details.append(_automatic())
        level = replacement(changes)
        result = {
            "Action": "Modify",
            "LogicalResourceId": record.logical_id,
            "PhysicalResourceId": record.physical_id,
            "ResourceType": record.type,
            "Replacement": level,
            "Scope": (["Properties"] if changes or inner else []) + scope,
            "Details": details,
            "BeforeContext": _context(record.properties, secrets),
            "AfterContext": _context(
                {**record.properties, **{it.name: it.after for it in changes if it.after is not ABSENT}},
                secrets,
            ),
        }
        if level == "True":
            result["PolicyAction"] = f"ReplaceAnd{record.update_replace_policy or 'Delete'}"
        return result


def child_submission(runtime: Runtime, parent: Stack, properties: Mapping[str, Any]) -> Submission:
    """What a nested stack's properties submit; tags and capabilities come down from the parent."""
    given = {
        name: value
        if value is UNKNOWN
        else (UNKNOWN if unknown_within(value) else ",".join(map(scalar, value)))
        if isinstance(value, list)
        else scalar(value)
        for name, value in (properties.get("Parameters") or {}).items()
    }
    tags = {it["Key"]: it["Value"] for it in properties.get("Tags", [])}
    return Submission(
        text=read_template(str(properties["TemplateURL"]), runtime.clients, parent.region),
        given=given,
        tags={**parent.definition.tags, **tags},
        capabilities=parent.definition.capabilities,
    )


def _attributes(record: Record, nested: StackPlan | None) -> Mapping[str, Any]:
    if nested is None:
        return record.attributes
    return {f"Outputs.{name}": value for name, value in nested.outputs.items()}


def changes_inside(record: Record, nested: StackPlan) -> bool:
    """Whether a nested stack's own resources or outputs would change."""
    if nested.changes:
        return True
    if nested.submission is None:
        return False
    planned = {f"Outputs.{name}": value for name, value in nested.outputs.items()}
    return unknown_within(planned) or not equal(dict(record.attributes), planned)


def _export_names(stack: Stack, submission: Submission) -> bool:
    """Whether the outputs' exports and descriptions are written as they were."""
    if not stack.definition.text:
        return False
    before, after = load(stack.definition.text).outputs, load(submission.text).outputs
    return {name: it.get("Export") for name, it in before.items()} == {
        name: it.get("Export") for name, it in after.items()
    }


def _scope(
    record: Record, definition: Mapping[str, Any], evaluator: Evaluator, prepared: Prepared
) -> list[str]:
    """What differs besides properties, as AWS's Scope names it."""

    def now_is(key: str) -> Any:
        value = evaluator.value(definition.get(key))
        return None if value is NO_VALUE else value

    pairs: dict[str, Callable[[], bool]] = {
        "Metadata": lambda: equal(record.metadata, now_is("Metadata")),
        "DeletionPolicy": lambda: record.deletion_policy == now_is("DeletionPolicy"),
        "UpdateReplacePolicy": lambda: record.update_replace_policy == now_is("UpdateReplacePolicy"),
        "Tags": lambda: record.tags == prepared.definition.tags,
    }
    return [name for name, same in pairs.items() if not same()]


def _addition(name: str, kind: str, wanted: Mapping[str, Any], secrets: set[str]) -> dict[str, Any]:
    return {
        "Action": "Add",
        "LogicalResourceId": name,
        "ResourceType": kind,
        "Scope": [],
        "Details": [],
        "AfterContext": _context(wanted, secrets),
    }


def _removal(record: Record) -> dict[str, Any]:
    return {
        "PolicyAction": record.deletion_policy or "Delete",
        "Action": "Remove",
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id,
        "ResourceType": record.type,
        "Scope": [],
        "Details": [],
        "BeforeContext": _context(record.properties, set()),
    }


def _details(
    change: PropertyChange, definition: Mapping[str, Any], prepared: Prepared, secrets: set[str]
) -> Details:
    dynamic = change.after is not ABSENT and unknown_within(change.after)
    target = {
        "Attribute": "Properties",
        "Name": change.name,
        "Path": f"/Properties/{change.name}",
        "RequiresRecreation": change.recreation,
        "AttributeChangeType": change.kind,
    }
    if change.before is not ABSENT:
        target["BeforeValue"] = _shown(change.before, secrets)
    if change.after is not ABSENT:
        target["AfterValue"] = _shown(change.after, secrets)
    expression = (definition.get("Properties") or {}).get(change.name)
    base = {"Target": target, "Evaluation": "Dynamic" if dynamic else "Static"}
    causes = sorted(
        {_cause(name, attribute, prepared) for name, attribute in references(expression)} - {("", "")}
    )
    if not causes:
        return [{**base, "ChangeSource": "DirectModification"}]
    return [{**base, "ChangeSource": source, "CausingEntity": entity} for source, entity in causes]


def _cause(name: str, attribute: str | None, prepared: Prepared) -> tuple[str, str]:
    if name in prepared.template.parameters:
        return "ParameterReference", name
    if name not in prepared.graph.resources:
        return "", ""
    return ("ResourceAttribute", f"{name}.{attribute}") if attribute else ("ResourceReference", name)


def _automatic() -> dict[str, Any]:
    """The detail of a nested stack whose properties stay and whose content changes."""
    return {
        "Target": {"Attribute": "Properties", "RequiresRecreation": "Never"},
        "Evaluation": "Dynamic",
        "ChangeSource": "Automatic",
    }


def _shown(value: Any, secrets: set[str]) -> str:
    value = hide(value, secrets)
    return json.dumps(value, default=repr) if isinstance(value, list | dict) else scalar(value)


def _context(properties: Mapping[str, Any], secrets: set[str]) -> str:
    return json.dumps({"Properties": hide(properties, secrets)}, default=repr)
