"""API Gateway's Deployment resources, named after what they freeze.

A Deployment is a snapshot: changing a method does nothing to callers until there is a new one, and
CloudFormation makes a new one only for a new logical id. A template asks for that with
``Metadata: {accountsctl: {snapshot: true}}`` on its Deployment; here the id gets the hash of everything
that the snapshot will hold, and the Deployment is ordered after all of it.

Parameters that cross stacks are unknown until deploy time. What decides their values is known, though:
the ids of an imported pool, the name of a function. Those go into the hash in their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.synth.canonical import canonical_value, digest

DEPLOYMENT = "AWS::ApiGateway::Deployment"
FROZEN = frozenset(
    f"AWS::ApiGateway::{kind}"
    for kind in (
        "RestApi",
        "Resource",
        "Method",
        "Model",
        "RequestValidator",
        "Authorizer",
        "GatewayResponse",
    )
)
ORDERED = FROZEN - {"AWS::ApiGateway::RestApi"}
DIGITS = 10


def name_deployments(template: TemplateBody, resolved: Mapping[str, object]) -> TemplateBody:
    """`template` with every marked Deployment renamed and ordered. `resolved` is what parameters will be."""
    resources: Mapping[str, TemplateResource] = template["Resources"]
    marked = [name for name, resource in resources.items() if _is_marked(resource)]
    if not marked:
        return dict(template)
    frozen = {name: resource for name, resource in resources.items() if resource["Type"] in FROZEN}
    content = digest(canonical_value([frozen, resolved]))[:DIGITS]
    after = sorted(name for name, resource in frozen.items() if resource["Type"] in ORDERED)
    renamed = {name: f"{name}{content}" for name in marked}
    changed = dict(resources)
    for name in marked:
        changed[name] = _ordered(resources[name], after)
    return _rename({**template, "Resources": changed}, renamed)


def _is_marked(resource: TemplateResource) -> bool:
    ours = resource.get("Metadata", {})
    ours = ours.get("accountsctl", {}) if isinstance(ours, Mapping) else {}
    return resource["Type"] == DEPLOYMENT and isinstance(ours, Mapping) and ours.get("snapshot") is True


def _ordered(resource: TemplateResource, after: list[str]) -> TemplateResource:
    """Without the mark, which says nothing to CloudFormation."""
    metadata = {key: value for key, value in resource["Metadata"].items() if key != "accountsctl"}
    rest = {key: value for key, value in resource.items() if key != "Metadata"}
    return {**rest, **({"Metadata": metadata} if metadata else {}), "DependsOn": after}


def _rename(template: TemplateBody, names: Mapping[str, str]) -> TemplateBody:
    """`names` in every place where a template names a logical id."""
    resources = {
        names.get(name, name): _refer(resource, names) for name, resource in template["Resources"].items()
    }
    others = {key: _refer(value, names) for key, value in template.items() if key != "Resources"}
    return {**others, "Resources": resources}


def _refer(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_refer(item, names) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _reference(key, part, names) for key, part in value.items()}


def _reference(key: str, value: object, names: Mapping[str, str]) -> object:
    if key in ("Ref", "DependsOn") and isinstance(value, str):
        return names.get(value, value)
    if key == "DependsOn" and isinstance(value, list):
        return [names.get(item, item) if isinstance(item, str) else item for item in value]
    if key == "Fn::GetAtt" and isinstance(value, list):
        return [names.get(value[0], value[0]), *value[1:]]
    if key == "Fn::Sub":
        return _substituted(value, names)
    return _refer(value, names)


def _substituted(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_substituted(value[0], names), *(_refer(item, names) for item in value[1:])]
    if not isinstance(value, str):
        return _refer(value, names)
    return re.sub(r"\$\{(\w+)", lambda found: "${" + names.get(found[1], found[1]), value)
