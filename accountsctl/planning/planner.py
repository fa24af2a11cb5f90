"""From an assembly and what is deployed to a plan. Pure: templates in, changes out.

    evaluate both sides          parameters, mappings and conditions of the root and of every nested stack
    compare the resources        which are added, deleted, replaced or changed, by value
    └── follow references        what refers to a replaced resource in a create-only property is replaced too
    describe each stack          one change for each nested stack and for each resource of the root

The deployed root names each template by its content's hash, so that "what is deployed" is always
known. Which properties are create-only comes from AWS's own resource schemas (`replacement`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.environment import Environment
from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Action, Change, Plan
from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.planning.comparison import Resources, replaced_resources
from accountsctl.planning.stack_changes import StackSides, root_changes, stack_change
from accountsctl.planning.stack_tree import (
    ROOT,
    STACK,
    EvaluatedTree,
    TemplateOf,
    nested_stacks,
    without_nested,
)
from accountsctl.planning.stateful import holds_data

__all__ = ["STACK", "TemplateOf", "nested_stacks", "plan"]


@dataclass(frozen=True)
class DeployedTemplates:
    """A deployed root template, the templates of its nested stacks, and the values of its parameters."""

    root: TemplateBody
    template_of: TemplateOf
    parameters: Mapping[str, str]


def plan(
    assembly: Assembly,
    deployed: TemplateBody | None,
    template_of: TemplateOf,
    parameters: Mapping[str, str] | None = None,
) -> Plan:
    """The plan that takes the `deployed` root template (None: there is no stack) to `assembly`."""
    if deployed is None or deployed == assembly.root.body:
        changes: list[Change] = [_unread(child, deployed) for child in assembly.children]
    else:
        changes = _compared(assembly, DeployedTemplates(deployed, template_of, parameters or {}))
    return Plan(
        assembly=assembly,
        changes=tuple(_with_consumers(changes, assembly)),
        first=deployed is None,
        root_changed=deployed is None or deployed != assembly.root.body,
        deployed_digest="" if deployed is None else _digest(deployed),
    )


def _digest(body: TemplateBody) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _unread(child: Child, deployed: TemplateBody | None) -> Change:
    """The change of a child of a root that does not exist, or that stays as it is: no template is read for it."""
    if deployed is None or child.id.logical_id not in nested_stacks(deployed):
        return _creation(child)
    return Change(child.id, child.resource.service, Action.NONE)


def _creation(child: Child) -> Change:
    action = Action.IMPORT if child.resource.imported else Action.CREATE
    reasons = ("It is not deployed yet.",)
    return Change(child.id, child.resource.service, action, reasons, notes=reasons)


def _compared(assembly: Assembly, deployed: DeployedTemplates) -> list[Change]:
    old_tree, new_tree = _trees(assembly, deployed)
    old_stacks, new_stacks = old_tree.nested(), new_tree.nested()
    old = {stack: old_tree.resources(stack) for stack in (ROOT, *old_stacks)}
    new = {stack: new_tree.resources(stack) for stack in (ROOT, *new_stacks)}
    replaced = replaced_resources(_all(old), _all(new))
    changes = []
    for child in assembly.children:
        name = child.id.logical_id
        if name not in old_stacks:
            changes.append(_creation(child))
            continue
        sides = StackSides(old[name], new[name], replaced)
        templates = old_tree.template_of(name), child.template.body
        changes.append(stack_change(child.resource, sides, (old_stacks[name], new_stacks[name]), templates))
    desired = {child.id.logical_id for child in assembly.children}
    changes += [_deletion(name, old_stacks[name], old[name]) for name in old_stacks if name not in desired]
    root = StackSides(dict(without_nested(old[ROOT])), dict(without_nested(new[ROOT])), replaced)
    return [*changes, *root_changes(root)]


def _all(stacks: Mapping[str, Resources]) -> Resources:
    return {address: resource for resources in stacks.values() for address, resource in resources.items()}


def _trees(assembly: Assembly, deployed: DeployedTemplates) -> tuple[EvaluatedTree, EvaluatedTree]:
    root, known = assembly.root.body, pseudo_parameters(assembly.environment)
    bodies = {child.id.logical_id: child.template.body for child in assembly.children}
    old_stacks, new_stacks = nested_stacks(deployed.root), nested_stacks(root)

    def old_template(name: str) -> TemplateBody:
        # The URL carries the content's hash: the same URL is the same template, and needs no call.
        same = name in bodies and _url(old_stacks[name]) == _url(new_stacks[name])
        return bodies[name] if same else read(name)

    read_before: dict[str, TemplateBody] = {}

    def read(name: str) -> TemplateBody:
        if name not in read_before:
            read_before[name] = deployed.template_of(name)
        return read_before[name]

    declared = root.get("Parameters", {})
    kept = {name: value for name, value in deployed.parameters.items() if name in declared}
    return (
        EvaluatedTree(deployed.root, old_template, deployed.parameters, known),
        EvaluatedTree(root, lambda name: bodies.get(name, {}), kept, known),
    )


def _url(stack: TemplateResource) -> object:
    return stack.get("Properties", {}).get("TemplateURL")


def pseudo_parameters(environment: Environment) -> dict[str, str]:
    """The pseudo parameters that are known before a push: the same for what is deployed and what is to be."""
    known = {"AWS::Region": environment.region, "AWS::StackName": environment.stack_name}
    if environment.account_id:
        known["AWS::AccountId"] = environment.account_id
    if not environment.region.startswith(("cn-", "eusc-", "us-gov-", "us-iso", "eu-iso")):
        known |= {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
    return known


def _deletion(logical_id: str, stack: TemplateResource, old: Resources) -> Change:
    owner = stack.get("Metadata", {}).get("accountsctl", {})
    deleted = ResourceId(owner.get("category", ""), owner.get("name", logical_id))
    deletions = tuple(StackSides(old, {}, {}).deletions())
    with_data = tuple(deletion for deletion in deletions if deletion.holds_data)
    notes = ("It is no longer in backend-config.json.",)
    reasons = (
        *notes,
        *(f"{resource.logical_id} ({resource.type}) goes; {resource.remains}." for resource in with_data),
    )
    return Change(
        deleted,
        owner.get("service", ""),
        Action.DELETE,
        reasons,
        deletes=deletions,
        notes=notes,
        holds_data=any(holds_data(resource.source) for resource in old.values()),
    )


def _with_consumers(changes: list[Change], assembly: Assembly) -> Iterator[Change]:
    """Consumers of a replaced resource's attributes change with it, though their own templates do not."""
    replaced = {
        change.id for change in changes if any(replacement.certain for replacement in change.replaces)
    }
    for change in changes:
        child = assembly.child(change.id)
        on = [d.on for d in child.resource.depends_on if d.attributes and d.on in replaced] if child else []
        if on and (change.action is Action.NONE or change.follows):
            reason = f"It follows {on[0]}, of which something is replaced."
            reasons, notes = (reason, *change.reasons), (reason, *change.notes)
            yield replace(change, action=Action.UPDATE, reasons=reasons, notes=notes)
        else:
            yield change
