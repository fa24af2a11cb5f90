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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from accountsctl.model.assembly import Assembly
from accountsctl.model.plan import Action, Change, Plan
from accountsctl.model.template_body import TemplateBody
from accountsctl.planning.unread import unread


def plan(
    assembly: Assembly,
    deployed: TemplateBody | None,
    template_of: Callable[[str], TemplateBody],
    parameters: Mapping[str, str] | None = None,
) -> Plan:
    """The plan that takes the `deployed` root template (None: there is no stack) to `assembly`.

    `template_of` gives the deployed template of a nested stack by its logical id.
    """
    if deployed is None or deployed == assembly.root.body:
        changes: list[Change] = [unread(child, deployed) for child in assembly.children]
    else:
        from accountsctl.planning.compared import DeployedTemplates, compared

        changes = compared(assembly, DeployedTemplates(deployed, template_of, parameters or {}))
    return Plan(
        assembly=assembly,
        changes=tuple(_with_consumers(changes, assembly)),
        first=deployed is None,
        root_changed=deployed is None or deployed != assembly.root.body,
        deployed_digest="" if deployed is None else _digest(deployed),
    )


def _digest(body: TemplateBody) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


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
