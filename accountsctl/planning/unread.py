"""The changes that follow without a template being read."""

from __future__ import annotations

from accountsctl.model.assembly import Child
from accountsctl.model.plan import Action, Change
from accountsctl.model.template_body import TemplateBody, nested_stacks


def unread(child: Child, deployed: TemplateBody | None) -> Change:
    """The change of a child of a root that does not exist, or that stays as it is: no template is read for it."""
    if deployed is None or child.id.logical_id not in nested_stacks(deployed):
        return creation(child)
    return Change(child.id, child.resource.service, Action.NONE)


def creation(child: Child) -> Change:
    """The change of a child that is not deployed yet."""
    action = Action.IMPORT if child.resource.imported else Action.CREATE
    reasons = ("It is not deployed yet.",)
    return Change(child.id, child.resource.service, action, reasons, notes=reasons)
