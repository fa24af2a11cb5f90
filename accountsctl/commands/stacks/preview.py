"""The plan of an assembly against what is deployed: the part that push, dry run and status share."""

from __future__ import annotations

from collections.abc import Callable

from accountsctl.model.assembly import Assembly
from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Plan
from accountsctl.model.template_body import TemplateBody
from accountsctl.planning.planner import plan
from accountsctl.ports.stacks import DeployedStack, Stacks
from accountsctl.synth.partial import PartialAssembly, partial


def preview(assembly: Assembly, stacks: Stacks | None, current: DeployedStack | None) -> Plan:
    """What a push would do. A nested stack that is in the root but was never made has no template yet."""
    template_of = _template_of(stacks, current)
    if current is None:
        return plan(assembly, None, template_of)
    return plan(assembly, current.template, template_of, current.parameters)


def part_of(
    assembly: Assembly, named: frozenset[ResourceId], stacks: Stacks, current: DeployedStack | None
) -> PartialAssembly:
    """The assembly, or its part with the named resources and what they depend on."""
    if not named:
        return PartialAssembly(assembly, ())
    return partial(assembly, named, current.template if current else None, _template_of(stacks, current))


def _template_of(stacks: Stacks | None, current: DeployedStack | None) -> Callable[[str], TemplateBody]:
    def template_of(child: str) -> TemplateBody:
        arn = current.children.get(child) if current else None
        return stacks.template(arn) if stacks and arn else {}

    return template_of
