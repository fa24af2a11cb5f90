"""What the members of a template's sections may hold, and how CloudFormation refuses what they may not.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.references import references
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue

ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")
EXPORT_NAME = re.compile(r"[A-Za-z0-9:-]+")
RESOURCE_MEMBERS = {
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "CreationPolicy",
    "UpdatePolicy",
}
OUTPUT_MEMBERS = {"Condition", "Description", "Export", "Value"}
DELETION_POLICIES = ("Delete", "Retain", "RetainExceptOnCreate", "Snapshot")
UPDATE_REPLACE_POLICIES = ("Delete", "Retain", "Snapshot")
SNAPSHOT_TYPES = frozenset(
    {
        "AWS::DocDB::DBCluster",
        "AWS::EC2::Volume",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::Neptune::DBCluster",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
    }
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"""

SIGNALLED_TYPES = frozenset(
    {
        "AWS::AppStream::Fleet",
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::CloudFormation::WaitCondition",
        "AWS::EC2::Instance",
    }
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html"""
CUSTOM_RESOURCE = "AWS::CloudFormation::CustomResource"
NOT_IN_EXPORT_NAMES = ("Fn::ImportValue", "Fn::GetAZs")
LOGICAL_TYPES = ("Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or", "Condition")
"""The functions that a condition may be made of."""


def is_custom(resource_type: str) -> bool:
    """Whether a function of the template's author makes the resource."""
    return resource_type == CUSTOM_RESOURCE or resource_type.startswith("Custom::")


def refuse_nulls(body: Mapping[str, TemplateValue]) -> None:
    """Raise CloudFormationError for the first value that is null; comments and metadata may hold one."""
    for section in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs"):
        if section in body:
            for path in _nulls(body[section], f"/{section}"):
                raise CloudFormationError(f"[{path}] 'null' values are not allowed in templates")


def _nulls(value: TemplateValue, path: str) -> Iterator[str]:
    if value is None:
        yield path
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            # A resource that is null is malformed, and is refused as such.
            if key != "Metadata" and not (inner is None and path == "/Resources"):
                yield from _nulls(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _nulls(inner, f"{path}/{number}")


def check_outputs(outputs: Mapping[str, TemplateValue], resources: Collection[str]) -> None:
    """Raise CloudFormationError for the first output that is malformed."""
    for name, output in outputs.items():
        if not ALPHANUMERIC.fullmatch(str(name)):
            raise CloudFormationError(f"Template format error: Outputs name '{name}' is non alphanumeric.")
        if not isinstance(output, Mapping) or "Value" not in output:
            raise CloudFormationError(
                "Template format error: Every Outputs member must contain a Value object"
            )
        unknown = sorted(set(output) - OUTPUT_MEMBERS)
        if unknown:
            raise CloudFormationError(f"Invalid template output property '{unknown[0]}'")
        value = output["Value"]
        if isinstance(value, list) or (isinstance(value, Mapping) and not _is_call(value)):
            raise CloudFormationError(
                "Template format error: The Value field of every Outputs member must evaluate to a String."
            )
        check_description(output)
        _check_condition_name(output)
        if "Export" in output:
            _check_export(name, output["Export"], resources)


def _check_export(name: str, export: TemplateValue, resources: Collection[str]) -> None:
    export_name = export.get("Name") if isinstance(export, Mapping) else None
    made_later = any(target in resources for target, _ in references(export_name))
    if made_later or any(f"'{function}'" in repr(export_name) for function in NOT_IN_EXPORT_NAMES):
        raise CloudFormationError(
            f"Template format error: Output {name} is malformed.  The Name field of Export must not depend on any "
            "resources, imported values, or Fn::GetAZs."
        )
    check_export_name(name, export_name if not isinstance(export_name, Mapping) else "a")


def check_export_name(output: str, name: TemplateValue) -> None:
    """Raise CloudFormationError if a name under which `output` is exported is not one."""
    if not isinstance(name, str) or not EXPORT_NAME.fullmatch(name):
        raise CloudFormationError(
            f"Template format error: Output {output} is malformed. The Name field of every Export member must be "
            "specified and consist only of alphanumeric characters, colons, or hyphens."
        )


def check_conditions(conditions: Mapping[str, TemplateValue]) -> None:
    """Raise CloudFormationError for a condition that is not a logical function."""
    for condition in conditions.values():
        if not is_logical(condition):
            raise CloudFormationError(
                "Template format error: Conditions can only be boolean operations on parameters and other conditions"
            )


def is_logical(value: TemplateValue) -> bool:
    """Whether a value is a function whose result is true or false."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in LOGICAL_TYPES


def check_resource(name: str, definition: TemplateValue, *, extended: bool) -> None:
    """Raise CloudFormationError if a resource is malformed; `extended` by AWS::LanguageExtensions."""
    if not isinstance(definition, Mapping):
        raise CloudFormationError(
            f"Template format error: [/Resources/{name}] resource definition is malformed"
        )
    if not ALPHANUMERIC.fullmatch(name):
        raise CloudFormationError(f"Template format error: Resource name {name} is non alphanumeric.")
    if not isinstance(definition.get("Type"), str):
        raise CloudFormationError(
            f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member."
        )
    unknown = sorted(set(definition) - RESOURCE_MEMBERS)
    if unknown:
        raise CloudFormationError(f"Invalid template resource property '{unknown[0]}'")
    _check_policies(name, definition, extended=extended)
    _check_condition_name(definition)
    _check_depends_on(definition.get("DependsOn", []))
    _check_update_policies(name, definition)
    if not isinstance(definition.get("Properties") or {}, Mapping):
        raise CloudFormationError(
            f"Template format error: [/Resources/{name}/Properties] Any Properties member must be an object."
        )


def _check_update_policies(name: str, definition: Mapping[str, TemplateValue]) -> None:
    if "UpdatePolicy" in definition:
        raise CloudFormationError(f"The embedded cloud does not imitate UpdatePolicy (resource {name}).")
    if "CreationPolicy" in definition and definition["Type"] not in SIGNALLED_TYPES:
        raise CloudFormationError(
            f"Template error: resource type {definition['Type']} does not support CreationPolicy (resource {name})."
        )


def _check_policies(name: str, definition: Mapping[str, TemplateValue], *, extended: bool) -> None:
    known = {"DeletionPolicy": DELETION_POLICIES, "UpdateReplacePolicy": UPDATE_REPLACE_POLICIES}
    for kind, policies in known.items():
        policy = definition.get(kind, "Delete")
        if not isinstance(policy, str) and not (extended and isinstance(policy, Mapping)):
            raise CloudFormationError(f"Template format error: Every {kind} member must be a string.")
        if isinstance(policy, str) and policy not in policies:
            raise CloudFormationError(f"Template error: Unrecognized {kind} {policy} for resource {name}")
        check_snapshot(str(definition["Type"]), kind, policy)


def check_snapshot(resource_type: str, kind: str, policy: TemplateValue) -> None:
    """Raise CloudFormationError if a policy takes a snapshot of a type that has none."""
    if policy == "Snapshot" and resource_type.startswith("AWS::") and resource_type not in SNAPSHOT_TYPES:
        words = "deletion" if kind == "DeletionPolicy" else "update replace"
        raise CloudFormationError(
            f"Template error: resource type {resource_type} does not support {words} policy Snapshot"
        )


def _check_condition_name(member: Mapping[str, TemplateValue]) -> None:
    if not isinstance(member.get("Condition", ""), str):
        raise CloudFormationError("Template format error: Every Condition member must be a string.")


def _check_depends_on(declared: TemplateValue) -> None:
    names = [declared] if isinstance(declared, str) else declared
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise CloudFormationError("Template format error: DependsOn must be a string or a list of strings.")


def check_description(described: Mapping[str, TemplateValue]) -> None:
    """Raise CloudFormationError for a description that is not text."""
    if not isinstance(described.get("Description", ""), str | int | float):
        raise CloudFormationError("Template format error: Every Description member must be a string.")


def _is_call(value: Mapping[str, TemplateValue]) -> bool:
    if len(value) != 1:
        return False
    (name,) = value
    return isinstance(name, str) and (name in ("Ref", "Condition") or name.startswith("Fn::"))
