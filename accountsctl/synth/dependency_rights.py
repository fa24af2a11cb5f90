"""The rights of a function on what it depends on: worked out from what the outputs that it gets stand for.

An output that is the name or the ARN of a resource of a type in `granted_types` gives the rights of that type, in
whichever category the resource is and whoever wrote its template. Only functions that our template renders get them; a
template of the project's own states its rights itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from accountsctl.model.assembly import Child
from accountsctl.model.backend import Dependency
from accountsctl.model.names import ResourceId, parameter_name
from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.synth.canonical import canonical_template
from accountsctl.synth.granted_types import RIGHTS, OutputIdentity, TypeRights

FUNCTION, ROLE = "AWS::Lambda::Function", "AWS::IAM::Role"
POLICY = "Dependencies"
NAMED_BY_URL = 4
"""The place of a queue's name among the parts of its URL, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME."""
_SUB = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}")


@dataclass(frozen=True)
class OutputTarget:
    """The resource of a stack that one of its outputs names, and by which attribute (empty for Ref)."""

    logical_id: str
    type: str
    attribute: str


def with_dependency_rights(
    child: Child,
    children: Mapping[ResourceId, Child],
    without: frozenset[tuple[ResourceId, str]] = frozenset(),
) -> Child:
    """The function with the rights on what it depends on; the same one if there are none that it lacks.

    `without` are outputs that give no rights: resource and name.
    """
    body = child.template.body
    role = function_role(body)
    if role is None:
        return child
    present = [_key(statement) for statement in role_statements(body, role)]
    missing = [
        statement
        for statement in dependency_statements(child, children, without)
        if not any(_covers(known, _key(statement)) for known in present)
    ]
    if not missing:
        return child
    changed = with_statements(body, role, missing)
    return replace(child, template=canonical_template(child.id, child.template.source, changed))


def dependency_statements(
    child: Child,
    children: Mapping[ResourceId, Child],
    without: frozenset[tuple[ResourceId, str]] = frozenset(),
) -> Iterator[dict[str, object]]:
    """The statements for the dependencies of one resource."""
    for dependency in child.resource.depends_on:
        target = children.get(dependency.on)
        if target is not None:
            used = tuple(name for name in dependency.attributes if (dependency.on, name) not in without)
            yield from _statements(replace(dependency, attributes=used), target.template.body)


def identifying_outputs(body: TemplateBody) -> tuple[str, ...]:
    """The outputs of a stack that give rights to a function that gets them, in the order of the template."""
    return tuple(
        name for name in body.get("Outputs", {}) if (target := output_target(body, name)) and _rights(target)
    )


def output_target(body: TemplateBody, output: str) -> OutputTarget | None:
    """The resource that an output names; None if its value is anything else."""
    value = body.get("Outputs", {}).get(output, {}).get("Value")
    name, attribute = _reference(value)
    resource = body.get("Resources", {}).get(name)
    return OutputTarget(name, str(resource.get("Type")), attribute) if resource else None


def arn_of_output(body: TemplateBody, output: str, parameter: str) -> dict[str, object] | None:
    """The ARN of the resource that an output names, in a stack that gets it as `parameter`; None if it names none."""
    target = output_target(body, output)
    right = _rights(target) if target else None
    if target is None or right is None:
        return None
    return _resource(right, right.identities[target.attribute], parameter, "")


def _reference(value: object) -> tuple[str, str]:
    match value:
        case {"Ref": str(name)}:
            return name, ""
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return name, attribute
        case {"Fn::Sub": str(text)} if found := _SUB.fullmatch(text):
            return found[1], found[2] or ""
    return "", ""


def _rights(target: OutputTarget) -> TypeRights | None:
    return next(
        (right for right in RIGHTS.get(target.type, ()) if target.attribute in right.identities), None
    )


def _statements(dependency: Dependency, body: TemplateBody) -> Iterator[dict[str, object]]:
    """One group of statements for each resource that is named, by its ARN if there is a choice."""
    named: dict[tuple[str, str], tuple[TypeRights, OutputIdentity, str]] = {}
    for attribute in dependency.attributes:
        target = output_target(body, attribute)
        right = _rights(target) if target else None
        if target is None or right is None:
            continue
        key, identity = (target.logical_id, right.arn), right.identities[target.attribute]
        if key not in named or identity is OutputIdentity.ARN:
            named[key] = (right, identity, parameter_name(dependency.on, attribute))
    for (logical_id, _), (right, identity, parameter) in named.items():
        right = _as_named(right, body["Resources"][logical_id])
        for actions, ends in right.allows:
            resources = [_resource(right, identity, parameter, end) for end in ends]
            yield {
                "Effect": "Allow",
                "Action": list(actions) if len(actions) > 1 else actions[0],
                "Resource": resources if len(resources) > 1 else resources[0],
            }


def _as_named(right: TypeRights, resource: TemplateResource) -> TypeRights:
    """The names of SSM's parameters may begin with a slash, which their ARNs then do not repeat."""
    name = resource.get("Properties", {}).get("Name")
    text = name.get("Fn::Sub") if isinstance(name, Mapping) else name
    if right.arn.endswith(":parameter/{}") and isinstance(text, str) and text.startswith("/"):
        return replace(right, arn=right.arn.replace("/{}", "{}"))
    return right


def _resource(right: TypeRights, identity: OutputIdentity, parameter: str, end: str) -> dict[str, object]:
    match identity:
        case OutputIdentity.ARN:
            return {"Fn::Sub": f"${{{parameter}}}{end}"} if end else {"Ref": parameter}
        case OutputIdentity.NAME:
            return {"Fn::Sub": right.arn.replace("{}", f"${{{parameter}}}") + end}
        case OutputIdentity.URL:
            parts = {"Fn::Split": ["/", {"Ref": parameter}]}
            arn = right.arn.replace("{}", "${Name}") + end
            return {"Fn::Sub": [arn, {"Name": {"Fn::Select": [NAMED_BY_URL, parts]}}]}


def function_role(body: TemplateBody) -> str | None:
    """The logical id of the role that the stack's one function has; None if there is no such role in the stack."""
    resources = body.get("Resources", {})
    functions = [resource for resource in resources.values() if resource.get("Type") == FUNCTION]
    name, _ = _reference(functions[0].get("Properties", {}).get("Role")) if len(functions) == 1 else ("", "")
    return name if resources.get(name, {}).get("Type") == ROLE else None


def role_statements(body: TemplateBody, role: str) -> Iterator[Mapping[str, object]]:
    """The statements of a role's inline policies."""
    for policy in body["Resources"][role].get("Properties", {}).get("Policies", []):
        yield from policy.get("PolicyDocument", {}).get("Statement", [])


def with_statements(body: TemplateBody, role: str, statements: list[dict[str, object]]) -> TemplateBody:
    """The template with further statements in the role's policy for dependencies and triggers."""
    resource = body["Resources"][role]
    properties = resource.get("Properties", {})
    policies = list(properties.get("Policies", []))
    others = [policy for policy in policies if policy.get("PolicyName") != POLICY]
    known = [
        statement
        for policy in policies
        if policy.get("PolicyName") == POLICY
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    document = {"Version": "2012-10-17", "Statement": [*known, *statements]}
    policy = {"PolicyName": POLICY, "PolicyDocument": document}
    role_with = {**resource, "Properties": {**properties, "Policies": [*others, policy]}}
    return {**body, "Resources": {**body["Resources"], role: role_with}}


def _key(statement: Mapping[str, object]) -> tuple[frozenset[str], str]:
    actions = statement.get("Action")
    resource = json.dumps(statement.get("Resource"), sort_keys=True)
    return frozenset(actions if isinstance(actions, list) else [str(actions)]), resource


def _covers(one: tuple[frozenset[str], str], other: tuple[frozenset[str], str]) -> bool:
    return one[0] >= other[0] and one[1] == other[1]
