"""What is deployed and what is to be, compared by value. A push with nothing to do needs none of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accountsctl.model.assembly import Assembly
from accountsctl.model.environment import Environment
from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Action, Change
from accountsctl.model.template_body import TemplateBody, TemplateResource, nested_stacks
from accountsctl.planning.comparison import Resources, replaced_resources
from accountsctl.planning.stack_changes import StackSides, root_changes, stack_change
from accountsctl.planning.stack_tree import ROOT, EvaluatedTree, TemplateOf, without_nested
from accountsctl.planning.stateful import holds_data
from accountsctl.planning.unread import creation


@dataclass(frozen=True)
class DeployedTemplates:
    """A deployed root template, the templates of its nested stacks, and the values of its parameters."""

    root: TemplateBody
    template_of: TemplateOf
    parameters: Mapping[str, str]


def compared(assembly: Assembly, deployed: DeployedTemplates) -> list[Change]:
    """A change for each nested stack and for each resource of the root, on either side."""
    old_tree, new_tree = _trees(assembly, deployed)
    old_stacks, new_stacks = old_tree.nested(), new_tree.nested()
    old = {stack: old_tree.resources(stack) for stack in (ROOT, *old_stacks)}
    new = {stack: new_tree.resources(stack) for stack in (ROOT, *new_stacks)}
    replaced = replaced_resources(_all(old), _all(new))
    changes = []
    for child in assembly.children:
        name = child.id.logical_id
        if name not in old_stacks:
            changes.append(creation(child))
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
