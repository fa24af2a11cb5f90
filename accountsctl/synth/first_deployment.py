"""What is deployed first if a push creates protected resources: the same, without their deletion protection.

A rollback deletes what the failed operation created, and a deletion protection would stop it: the cluster would stay,
billed and outside its stack. So the protection is switched on by a second, small update, once everything exists.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html ("Resource removed from
stack but not deleted").
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace

from accountsctl.model.assembly import Assembly, Child
from accountsctl.model.names import ResourceId
from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.synth.canonical import canonical_template

PROTECTIONS: Mapping[str, str] = {
    "AWS::Cognito::UserPool": "DeletionProtection",
    "AWS::DocDB::DBCluster": "DeletionProtection",
    "AWS::DynamoDB::Table": "DeletionProtectionEnabled",
    "AWS::Neptune::DBCluster": "DeletionProtection",
    "AWS::RDS::DBCluster": "DeletionProtection",
    "AWS::RDS::DBInstance": "DeletionProtection",
}
"""Resource type -> the property that protects it against deletion."""


def protects(resource: TemplateResource) -> bool:
    """Whether this template resource states a deletion protection (anything but a literal no)."""
    name = PROTECTIONS.get(resource.get("Type", ""))
    value = resource.get("Properties", {}).get(name) if name else None
    return value not in (None, False, "false", "INACTIVE")


def without_new_protection(assembly: Assembly, deployed: Mapping[ResourceId, TemplateBody]) -> Assembly:
    """The assembly in which resources that `deployed` does not have are unprotected; the same object if none is.

    `deployed` are the templates of the nested stacks as they are now; one that does not exist yet is left out.
    """
    children = {child.id: _unprotected(child, deployed.get(child.id, {})) for child in assembly.children}
    changed = [child for child in assembly.children if children[child.id] is not child]
    if not changed:
        return assembly
    body: TemplateBody = copy.deepcopy(assembly.root.body)
    for child in changed:
        properties = body["Resources"][child.id.logical_id]["Properties"]
        properties["TemplateURL"] = _moved(properties["TemplateURL"], child.key, children[child.id].key)
    root = canonical_template(assembly.root.id, assembly.root.source, body)
    return replace(assembly, root=root, children=tuple(children[child.id] for child in assembly.children))


def _moved(url: object, before: str, after: str) -> object:
    """A template's URL with another key; in an adopted root it is a literal."""
    if isinstance(url, Mapping):
        return {name: _moved(value, before, after) for name, value in url.items()}
    return url.replace(before, after) if isinstance(url, str) else url


def _unprotected(child: Child, deployed: TemplateBody) -> Child:
    before = deployed.get("Resources", {})
    new = [
        name
        for name, resource in child.template.body.get("Resources", {}).items()
        if name not in before and protects(resource)
    ]
    if not new:
        return child
    body: TemplateBody = copy.deepcopy(child.template.body)
    for name in new:
        resource = body["Resources"][name]
        del resource["Properties"][PROTECTIONS[resource["Type"]]]
    return replace(child, template=canonical_template(child.id, child.template.source, body))
