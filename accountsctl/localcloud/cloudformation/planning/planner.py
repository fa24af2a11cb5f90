"""What an update would do, worked out without doing it: the substance of change sets.

The plan is made of the same parts as the deployment (evaluator, graph, diff), so it can only differ
where a value is not known yet. A nested stack is planned too: one that comes out the same does not
count as a change, and one that changes in place still reports which of its outputs stay as they are.

A plan is worked out once. A change set keeps it for its execution, and the deployment reads the plans of
nested stacks from it. Only a nested stack whose properties were not known yet, or came out differently, is
planned again, at the moment that its turn comes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.planning.diff import PropertyChange, property_changes
from accountsctl.localcloud.cloudformation.planning.hidden_outputs import for_outputs
from accountsctl.localcloud.cloudformation.planning.imports import importable
from accountsctl.localcloud.cloudformation.planning.preparation import Prepared, Submission, prepare
from accountsctl.localcloud.cloudformation.planning.resource_changes import (
    Difference,
    addition,
    modification,
    potential,
    removal,
)
from accountsctl.localcloud.cloudformation.runtime.artifacts import read_template
from accountsctl.localcloud.cloudformation.runtime.shapes import (
    ChangeAction,
    Properties,
    ReplacementLevel,
    ResourceChange,
    TemplateValue,
)
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, Definition, Record, Stack, now
from accountsctl.localcloud.cloudformation.runtime.store import secrets_of
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN, equal, scalar, unknown_within
from accountsctl.localcloud.cloudformation.template.intrinsics import Evaluator
from accountsctl.localcloud.cloudformation.template.limits import check_tag_keys
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate, deployed, load
from accountsctl.localcloud.cloudformation.template.scope import Known

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlannedResource:
    """A resource that would be created or changed. `properties` may hold UNKNOWN.

    `replaced` is the physical id of the one that it would replace. It is None, and `created` true, if there
    is none.
    """

    logical_id: str
    type: str
    properties: Properties
    created: bool
    replaced: str | None = None


@dataclass
class StackPlan:
    """What a submission would change in a stack.

    `children` are the plans of nested stacks by logical id. The plan of a nested stack has the `properties`
    that it was made from; it has no `submission` if its template's address is not known yet.
    """

    submission: Submission | None = None
    properties: Properties = field(default_factory=dict)
    changes: list[ResourceChange] = field(default_factory=list)
    outputs: dict[str, TemplateValue] = field(default_factory=dict)
    children: dict[str, StackPlan] = field(default_factory=dict)
    resources: list[PlannedResource] = field(default_factory=list)
    parameters: dict[str, TemplateValue] = field(default_factory=dict)
    potential: list[ResourceChange] = field(default_factory=list)
    """What AWS reports as a change where it compares no values; the update does not touch it."""
    failure: str = ""
    """Why this nested stack cannot be planned; its parent's plan is made in spite of that, for a change set."""

    def child(self, name: str, properties: Properties) -> StackPlan | None:
        """The plan of a nested stack, if it was made from exactly these properties."""
        planned = self.children.get(name)
        if planned is None or planned.submission is None or unknown_within(planned.properties):
            return None
        return planned if equal(planned.properties, properties) else None

    def changes_inside(self, record: Record) -> bool:
        """Whether the resources or outputs of `record`, the nested stack of this plan, would change."""
        if self.changes or self.failure:
            return True
        if self.submission is None:
            return False
        planned = self.attributes()
        return unknown_within(planned) or not equal(dict(record.attributes), planned)

    def attributes(self) -> dict[str, TemplateValue]:
        """What Fn::GetAtt of the nested stack would be."""
        return {f"Outputs.{name}": value for name, value in self.outputs.items()}


class Planner:
    """Plans updates. One for `change_sets` goes on where a nested stack fails, as each has its own result, and
    refuses what AWS cannot evaluate in a nested change set."""

    def __init__(self, runtime: StackRuntime, *, change_sets: bool = False) -> None:
        self._runtime = runtime
        self._change_sets = change_sets

    def plan(self, stack: Stack, submission: Submission) -> StackPlan:
        """The plan of `submission` for `stack`; raises CloudFormationError if it could not be deployed."""
        log.debug("planning %s", stack.name)
        prepared = prepare(self._runtime, stack, submission, planning=True, change_set=self._change_sets)
        plan = StackPlan(submission, parameters=dict(prepared.definition.parameters))
        for name in prepared.graph.order:
            self._resource(plan, stack, prepared, name)
        for name, record in stack.resources.items():
            if record.exists and name not in prepared.graph.resources:
                before = _written_properties(stack, prepared, record)
                plan.changes.append(removal(record, before, secrets_of(stack.definition)))
        evaluator = for_outputs(prepared.evaluator, stack)
        for name, output in prepared.template.outputs.items():
            if "Condition" not in output or prepared.evaluator.holds(output["Condition"]):
                value = evaluator.value(output["Value"])
                keeps_form = isinstance(value, list | dict) or value is UNKNOWN
                plan.outputs[name] = value if keeps_form else scalar(value)
        return plan

    def child(
        self, parent: Stack, definition: Definition, record: Record | None, name: str, properties: Properties
    ) -> StackPlan:
        """The plan of a nested stack; `definition` is what its parent is to be."""
        if properties.get("TemplateURL", UNKNOWN) is UNKNOWN:
            return StackPlan(properties=properties)
        existing = self._runtime.store.stacks.get(record.physical_id or "") if record else None
        stack = existing or Stack(
            id=repr(UNKNOWN), name=f"{parent.name}-{name}", region=parent.region, created=now()
        )
        plan = self.plan(stack, child_submission(self._runtime, definition, parent.region, properties))
        plan.properties = properties
        return plan

    def _resource(self, plan: StackPlan, stack: Stack, prepared: Prepared, name: str) -> None:
        definition = prepared.graph.resources[name]
        properties: Properties = prepared.evaluator.value(definition.get("Properties") or {})
        record = stack.resources.get(name)
        record = record if record and record.exists else None
        nested = None
        if definition["Type"] == STACK_TYPE:
            nested = plan.children[name] = self._nested(stack, prepared.definition, record, name, properties)
        secrets = secrets_of(stack.definition, prepared.definition)
        if record is None:
            resource_type = str(definition["Type"])
            added = addition(name, resource_type, properties, secrets)
            imported = prepared.definition.adopts and importable(
                self._runtime, stack.region, definition, properties
            )
            if imported:
                added["Action"] = ChangeAction.IMPORT
            plan.changes.append(added)
            plan.resources.append(PlannedResource(name, resource_type, properties, created=not imported))
            return
        difference = self._difference(plan, prepared, record, properties, nested)
        change = modification(difference, secrets)
        may_change = potential(difference) if change is None and nested is None else None
        if may_change:
            plan.potential.append(may_change)
        if change:
            plan.changes.append(change)
            replaced = record.physical_id if change["Replacement"] is ReplacementLevel.YES else None
            plan.resources.append(PlannedResource(name, record.type, properties, False, replaced))
        if nested is not None and nested.failure:
            return  # its outputs are not known
        if change is None or change["Replacement"] is ReplacementLevel.NO:
            assert record.physical_id is not None
            # What the resource is now: AWS works out no value of what is changed in place.
            now_known = {**record.properties, **record.attributes}
            attributes = now_known if nested is None else nested.attributes()
            prepared.evaluator.known[name] = Known(record.physical_id, attributes)

    def _nested(
        self, parent: Stack, definition: Definition, record: Record | None, name: str, properties: Properties
    ) -> StackPlan:
        """The plan of a nested stack; for a change set also of one that cannot be planned."""
        try:
            return self.child(parent, definition, record, name, properties)
        except CloudFormationError as error:
            if not self._change_sets:
                raise
            return StackPlan(properties=properties, failure=str(error))

    def _difference(
        self,
        plan: StackPlan,
        prepared: Prepared,
        record: Record,
        properties: Properties,
        nested: StackPlan | None,
    ) -> Difference:
        """What differs of an existing resource; `plan` has what comes before it."""
        return Difference(
            record,
            prepared.graph.resources[record.logical_id],
            self._property_changes(record, properties),
            nested is not None and nested.changes_inside(record),
            prepared,
            taggable=self._runtime.has_tags(record.type),
            replaced=[resource.logical_id for resource in plan.resources if resource.replaced],
            changed=_changed_in_place(plan),
        )

    def _property_changes(self, record: Record, properties: Properties) -> list[PropertyChange]:
        schema = self._runtime.schema(record.type) if record.type != STACK_TYPE else None
        if schema is None:
            return property_changes(record.properties, properties, frozenset())
        return property_changes(
            record.properties, properties, schema.create_only, schema.conditional_create_only
        )


def _changed_in_place(plan: StackPlan) -> set[str]:
    """The resources so far that are, or may be, changed without being replaced; nested stacks tell their outputs."""
    return {
        change["LogicalResourceId"]
        for change in [*plan.changes, *plan.potential]
        if change["Action"] is ChangeAction.MODIFY
        and change["ResourceType"] != STACK_TYPE
        and "Properties" in change["Scope"]
        and change.get("Replacement") is ReplacementLevel.NO
    }


def _written_properties(stack: Stack, prepared: Prepared, record: Record) -> Properties:
    """The properties of an existing resource as its template defines them, what other resources give left open."""
    definition = stack.definition
    template = deployed(definition.processed or definition.text)
    scope = replace(prepared.evaluator.scope, parameters=definition.parameters, planning=True)
    try:
        written = template.resources[record.logical_id].get("Properties") or {}
        value: Properties = Evaluator(template, scope).value(written)
    except (CloudFormationError, KeyError):
        return record.properties
    return value


def child_submission(
    runtime: StackRuntime,
    parent: Definition,
    region: str,
    properties: Properties,
    template: ParsedTemplate | None = None,
) -> Submission:
    """What a nested stack's properties submit; tags and capabilities come down from the parent.

    The template is read from its address unless the plan already has it.
    """
    if template is None:
        template = load(read_template(str(properties["TemplateURL"]), runtime.clients, region))
    given = {name: _given(value) for name, value in (properties.get("Parameters") or {}).items()}
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    check_tag_keys(tags)
    return Submission(
        template,
        given,
        {**parent.tags, **tags},
        parent.capabilities,
        parent.adopts,
        notifications=properties.get("NotificationARNs"),
    )


def _given(value: TemplateValue) -> TemplateValue:
    """A parameter's value as text, a list joined by commas; UNKNOWN if any part of it is."""
    if unknown_within(value):
        return UNKNOWN
    return ",".join(map(scalar, value)) if isinstance(value, list) else scalar(value)
