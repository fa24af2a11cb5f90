"""What resources add to others of their stack: a policy to a role, a rule to a security group.

A role that is read back has those policies too. AWS compares it without what the same stack attaches to it; what
another stack attaches counts as drift.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html#drift-considerations
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from accountsctl.localcloud.cloudformation.providers.base import Properties
from accountsctl.localcloud.cloudformation.template.functions import equal

RULE = (
    *("IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6"),
    *("SourceSecurityGroupId", "SourcePrefixListId"),
    *("DestinationSecurityGroupId", "DestinationPrefixListId"),
)
"""What makes two rules of a security group the same one."""


@dataclass(frozen=True)
class Attachment:
    """An item in a list `property` of another resource. `names`: what identifies it, if it is an object."""

    type: str
    physical_id: str
    property: str
    item: object
    names: tuple[str, ...] = ()

    def is_item(self, other: object) -> bool:
        """Whether an item of the list is this one; only what both state is compared."""
        if isinstance(self.item, Mapping) and isinstance(other, Mapping):
            return all(equal(self.item.get(name), other[name]) for name in self.names if name in other)
        return equal(self.item, other)


def attachments(type_name: str, physical_id: str, properties: Properties) -> Iterator[Attachment]:
    """What a resource attaches to others."""
    match type_name:
        case "AWS::IAM::Policy":
            for role in properties.get("Roles", []):
                yield _inline(role, properties)
        case "AWS::IAM::RolePolicy":
            yield _inline(properties["RoleName"], properties)
        case "AWS::IAM::ManagedPolicy":
            for role in properties.get("Roles", []):
                yield Attachment("AWS::IAM::Role", role, "ManagedPolicyArns", physical_id)
        case "AWS::EC2::SecurityGroupIngress" | "AWS::EC2::SecurityGroupEgress":
            group, listed = properties.get("GroupId", ""), type_name.removeprefix("AWS::EC2::")
            yield Attachment("AWS::EC2::SecurityGroup", group, listed, properties, RULE)


def _inline(role: str, properties: Properties) -> Attachment:
    return Attachment("AWS::IAM::Role", role, "Policies", properties, ("PolicyName",))


def without_attached(expected: Properties, actual: Properties, attached: Iterable[Attachment]) -> Properties:
    """The actual properties of a resource without the items that others attach to it and that it does not state."""
    own = dict(actual)
    for attachment in attached:
        items, stated = own.get(attachment.property), expected.get(attachment.property)
        if isinstance(items, list) and not any(map(attachment.is_item, stated or [])):
            own[attachment.property] = [item for item in items if not attachment.is_item(item)]
    return own
