"""The plan of an assembly against what is deployed: the part that push, dry run and status share."""

from __future__ import annotations

from accountsctl.model.assembly import Assembly
from accountsctl.model.plan import Plan
from accountsctl.model.template_body import TemplateBody
from accountsctl.planning.planner import plan
from accountsctl.ports.stacks import DeployedStack, Stacks


def preview(assembly: Assembly, stacks: Stacks | None, current: DeployedStack | None) -> Plan:
    """What a push would do. A nested stack that is in the root but was never made has no template yet."""

    def template_of(child: str) -> TemplateBody:
        arn = current.children.get(child) if current else None
        return stacks.template(arn) if stacks and arn else {}

    if current is None:
        return plan(assembly, None, template_of)
    return plan(assembly, current.template, template_of, current.parameters)
