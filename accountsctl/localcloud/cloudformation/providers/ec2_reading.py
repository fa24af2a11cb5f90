"""Reading networks back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accountsctl.localcloud.cloudformation.providers.base import Context, Properties
from accountsctl.localcloud.cloudformation.providers.calls import chosen
from accountsctl.localcloud.cloudformation.providers.reading import found

RANGES = (
    ("IpRanges", "CidrIp", "CidrIp"),
    ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
    ("PrefixListIds", "PrefixListId", "{}PrefixListId"),
    ("UserIdGroupPairs", "GroupId", "{}SecurityGroupId"),
)
"""Where EC2 lists the other ends of a rule, the member that names one, and the template's name for it."""


def read_vpc(context: Context, physical_id: str, properties: Properties) -> Properties:
    client = context.client("ec2")
    vpc = found(client, "describe_vpcs", VpcIds=[physical_id]).first("Vpcs")
    actual = vpc.properties(context, properties)
    for name in ("EnableDnsHostnames", "EnableDnsSupport"):
        if name in properties:
            attribute = found(
                client, "describe_vpc_attribute", VpcId=physical_id, Attribute=name[0].lower() + name[1:]
            )
            actual[name] = attribute.at(name).value.get("Value")
    return actual


def read_subnet(context: Context, physical_id: str, properties: Properties) -> Properties:
    subnet = found(context.client("ec2"), "describe_subnets", SubnetIds=[physical_id]).first("Subnets")
    return subnet.properties(context, properties)


def read_security_group(context: Context, physical_id: str, properties: Properties) -> Properties:
    """A group with the rules that its template lists; EC2 keeps rules of the same ports together."""
    client = context.client("ec2")
    group = found(client, "describe_security_groups", GroupIds=[physical_id]).first("SecurityGroups")
    actual = group.properties(context, properties, {"GroupDescription": "Description"})
    for name, member, end in (
        ("SecurityGroupIngress", "IpPermissions", "Source"),
        ("SecurityGroupEgress", "IpPermissionsEgress", "Destination"),
    ):
        if name in properties:
            wanted = {key for rule in properties[name] for key in rule}
            rules = _rules(group.value.get(member, []), end)
            actual[name] = [{k: v for k, v in rule.items() if k in wanted | _ENDS} for rule in rules]
    return actual


_ENDS = {"CidrIp", "CidrIpv6", "SourceSecurityGroupId", "DestinationSecurityGroupId"}


def _rules(permissions: list[Properties], end: str) -> Iterator[dict[str, Any]]:
    for permission in permissions:
        ports = chosen(permission, "IpProtocol FromPort ToPort")
        for listed, member, name in RANGES:
            for target in permission.get(listed, []):
                text = {"Description": target["Description"]} if target.get("Description") else {}
                yield {**ports, name.format(end): target[member], **text}
