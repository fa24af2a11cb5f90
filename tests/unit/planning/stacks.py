"""Plans of small environments: one nested stack for each template, wired as a root wires them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from accountsctl.model.assembly import Assembly, Child, Template
from accountsctl.model.backend import FilePosition, Resource
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Plan
from accountsctl.planning.planner import plan

Body = Mapping[str, Any]
HERE = FilePosition("backend-config.json", 1)
ENVIRONMENT = Environment("dev", Cloud.LOCAL, "eu-west-1", "sample-dev")


def _template(id_: ResourceId | None, body: Body) -> Template:
    text = json.dumps(body, sort_keys=True)
    return Template(id_, "test", text, hashlib.sha256(text.encode()).hexdigest(), body)


def _child(name: str, body: Body) -> Child:
    id_ = ResourceId("custom", name)
    return Child(Resource(id_, "", False, (), HERE), _template(id_, body))


def _root(children: list[Child], parameters: Body, resources: Body) -> dict[str, Any]:
    nested = {
        child.id.logical_id: {
            "Type": "AWS::CloudFormation::Stack",
            "Metadata": {"accountsctl": {"category": child.id.category, "name": child.id.name}},
            "Properties": {"TemplateURL": child.key, "Parameters": parameters.get(child.id.name, {})},
        }
        for child in children
    }
    return {"Resources": {**resources, **nested}}


class Stacks:
    """An environment as templates by name (``custom/NAME``), with their parameters and the root's own resources."""

    def __init__(
        self, templates: Mapping[str, Body], parameters: Body | None = None, resources: Body | None = None
    ) -> None:
        self.children = [_child(name, body) for name, body in templates.items()]
        self.root = _root(self.children, parameters or {}, resources or {})

    def to(self, desired: Stacks) -> Plan:
        """The plan that takes this environment to the desired one."""
        root = _template(None, desired.root)
        assembly = Assembly(ENVIRONMENT, "sample", root, root, tuple(desired.children))
        bodies = {child.id.logical_id: child.template.body for child in self.children}
        return plan(assembly, self.root, lambda name: bodies[name])


def one(resources: Body, parameters: Body | None = None, **sections: Any) -> Stacks:
    """An environment with one nested stack, ``custom/thing``."""
    return Stacks({"thing": {"Resources": resources, **sections}}, {"thing": parameters or {}})


def lost(plan: Plan) -> set[str]:
    """What the plan loses, as ``category/name.LogicalId``."""
    return {f"{change.id}.{name}" for change in plan.losses for name in change.loses}
