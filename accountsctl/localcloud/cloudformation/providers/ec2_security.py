# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon EC2: security groups and their rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import already_gone, undone_by
from accountsctl.localcloud.cloudformation.providers.ec2 import mark
from accountsctl.localcloud.cloudformation.providers.ec2_reading import read_security_group

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

ALL_TRAFFIC = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def permission(rule: Properties) -> Parameters:
    """A rule of a template as one IpPermission of the API."""
    result: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"])}
    result |= {port: int(rule[port]) for port in ("FromPort", "ToPort") if port in rule}
    described = {"Description": rule["Description"]} if "Description" in rule else {}
    other = rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId")
    prefix = rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")
    if "CidrIp" in rule:
        result["IpRanges"] = [{"CidrIp": rule["CidrIp"], **described}]
    if "CidrIpv6" in rule:
        result["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **described}]
    if other:
        result["UserIdGroupPairs"] = [{"GroupId": other, **described}]
    if prefix:
        result["PrefixListIds"] = [{"PrefixListId": prefix, **described}]
    return result


class SecurityGroupProvider:
    """AWS::EC2::SecurityGroup; Ref is its id."""

    read = staticmethod(read_security_group)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("ec2")
        call = {
            "GroupName": properties.get("GroupName") or context.name(255),
            "Description": properties["GroupDescription"],
            **({"VpcId": properties["VpcId"]} if "VpcId" in properties else {}),
        }
        made = client.create_security_group(**call)["GroupId"]
        with undone_by(lambda: client.delete_security_group(GroupId=made)):
            self._settle(context, made, {}, properties)
        return self._resource(client, made)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._settle(context, physical_id, old, new)
        return self._resource(context.client("ec2"), physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ec2").delete_security_group(GroupId=physical_id)

    def _settle(self, context: Context, group: str, old: Properties, new: Properties) -> None:
        client = context.client("ec2")
        before, after = _rules(old, "SecurityGroupIngress"), _rules(new, "SecurityGroupIngress")
        _exchange(client.revoke_security_group_ingress, group, before, after)
        _exchange(client.authorize_security_group_ingress, group, after, before)
        before, after = _egress(old), _egress(new)
        _exchange(client.revoke_security_group_egress, group, before, after)
        _exchange(client.authorize_security_group_egress, group, after, before)
        mark(context, group, old, new)

    def _resource(self, client: EC2Client, group: str) -> ProvidedResource:
        found = client.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
        return ProvidedResource(group, {"GroupId": group, "Id": group, "VpcId": found.get("VpcId", "")})


def _rules(properties: Properties, name: str) -> list[Parameters]:
    return [permission(rule) for rule in properties.get(name, [])]


def _egress(properties: Properties) -> list[Parameters]:
    """A group whose template names no egress keeps the rule that EC2 gives to every new one."""
    return _rules(properties, "SecurityGroupEgress") or [ALL_TRAFFIC]


def _exchange(
    call: Callable[..., object], group: str, rules: list[Parameters], kept: list[Parameters]
) -> None:
    """Apply `call` to those rules that are not among `kept`."""
    wanted = [rule for rule in rules if rule not in kept]
    if wanted:
        call(GroupId=group, IpPermissions=wanted)


class _RuleProvider:
    """One rule that stands outside its group's own resource."""

    verb = ""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("ec2")
        call = getattr(client, f"authorize_security_group_{self.verb}")
        if "GroupId" not in properties:
            raise ProviderError(
                "Either GroupId or GroupName must be specified; only GroupId is provided here"
            )
        answer = call(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])
        rules = answer.get("SecurityGroupRules") or [{}]
        physical_id = rules[0].get("SecurityGroupRuleId") or context.name(64)
        return ProvidedResource(physical_id, {"Id": physical_id})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self.delete(context, physical_id, old)
        return ProvidedResource(physical_id, self.create(context, new).attributes)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        call = getattr(context.client("ec2"), f"revoke_security_group_{self.verb}")
        with already_gone():
            call(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])


class IngressRuleProvider(_RuleProvider):
    """AWS::EC2::SecurityGroupIngress."""

    verb = "ingress"


class EgressRuleProvider(_RuleProvider):
    """AWS::EC2::SecurityGroupEgress."""

    verb = "egress"
