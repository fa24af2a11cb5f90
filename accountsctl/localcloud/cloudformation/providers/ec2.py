# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon EC2: networks, their subnets, endpoints and flow logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    bring_tags,
    changed,
    parameters,
    refuse,
    truth,
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.ec2_reading import read_subnet, read_vpc
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import FilterTypeDef, VpcEndpointTypeDef


def mark(context: Context, resource_id: str, old: Properties, new: Properties) -> None:
    """Bring a resource's tags to those of the template."""
    client = context.client("ec2")
    bring_tags(
        context,
        old,
        new,
        lambda keys: client.delete_tags(Resources=[resource_id], Tags=[{"Key": key} for key in keys]),
        lambda tags: client.create_tags(Resources=[resource_id], Tags=tags),
    )


class VpcProvider:
    """AWS::EC2::VPC; Ref is its id."""

    read = staticmethod(read_vpc)

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::EC2::VPC"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, self.UNSUPPORTED)
        client = context.client("ec2")
        call = parameters(client, "create_vpc", {k: v for k, v in properties.items() if k != "Tags"})
        made = client.create_vpc(**call)["Vpc"]["VpcId"]
        with undone_by(lambda: client.delete_vpc(VpcId=made)):
            self._settle(context, made, {}, properties)
        return self._resource(client, made)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, self.UNSUPPORTED)
        self._settle(context, physical_id, old, new)
        return self._resource(context.client("ec2"), physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ec2").delete_vpc(VpcId=physical_id)

    def _settle(self, context: Context, vpc: str, old: Properties, new: Properties) -> None:
        client = context.client("ec2")
        for name, default in (("EnableDnsSupport", True), ("EnableDnsHostnames", False)):
            if changed(old, new, name):
                attribute: Parameters = {name: {"Value": truth(new.get(name, default))}}
                client.modify_vpc_attribute(VpcId=vpc, **attribute)
        if old and changed(old, new, "InstanceTenancy"):  # from dedicated: the other way it is replaced
            client.modify_vpc_tenancy(VpcId=vpc, InstanceTenancy="default")
        mark(context, vpc, old, new)

    def _resource(self, client: EC2Client, vpc: str) -> ProvidedResource:
        in_vpc: list[FilterTypeDef] = [{"Name": "vpc-id", "Values": [vpc]}]
        cidr = client.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]
        by_name: list[FilterTypeDef] = [*in_vpc, {"Name": "group-name", "Values": ["default"]}]
        group = client.describe_security_groups(Filters=by_name)["SecurityGroups"][0]["GroupId"]
        acl = client.describe_network_acls(Filters=[*in_vpc, {"Name": "default", "Values": ["true"]}])[
            "NetworkAcls"
        ][0]
        return ProvidedResource(
            vpc,
            {
                "VpcId": vpc,
                "CidrBlock": cidr["CidrBlock"],
                "CidrBlockAssociations": [
                    a["AssociationId"] for a in cidr.get("CidrBlockAssociationSet", [])
                ],
                "Ipv6CidrBlocks": [],
                "DefaultSecurityGroup": group,
                "DefaultNetworkAcl": acl["NetworkAclId"],
            },
        )


class SubnetProvider:
    """AWS::EC2::Subnet; Ref is its id. EC2 itself refuses a range that overlaps another subnet's."""

    read = staticmethod(read_subnet)

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::EC2::Subnet"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, self.UNSUPPORTED)
        client = context.client("ec2")
        call = parameters(client, "create_subnet", {k: v for k, v in properties.items() if k != "Tags"})
        made = client.create_subnet(**call)["Subnet"]["SubnetId"]
        with undone_by(lambda: client.delete_subnet(SubnetId=made)):
            self._settle(context, made, {}, properties)
        return self._resource(client, made)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, self.UNSUPPORTED)
        self._settle(context, physical_id, old, new)
        return self._resource(context.client("ec2"), physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ec2").delete_subnet(SubnetId=physical_id)

    def _settle(self, context: Context, subnet: str, old: Properties, new: Properties) -> None:
        for name in ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation"):
            if changed(old, new, name):
                attribute: Parameters = {name: {"Value": truth(new.get(name, False))}}
                context.client("ec2").modify_subnet_attribute(SubnetId=subnet, **attribute)
        mark(context, subnet, old, new)

    def _resource(self, client: EC2Client, subnet: str) -> ProvidedResource:
        found = client.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
        acls = client.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])
        attributes = {name: found[name] for name in ("AvailabilityZone", "CidrBlock", "SubnetId", "VpcId")}
        acl = acls["NetworkAcls"][0]["NetworkAclId"] if acls["NetworkAcls"] else ""
        return ProvidedResource(subnet, {**attributes, "NetworkAclAssociationId": acl, "Ipv6CidrBlocks": []})


class VpcEndpointProvider:
    """AWS::EC2::VPCEndpoint; Ref is its id."""

    UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::EC2::VPCEndpoint"]

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, self.UNSUPPORTED)
        client = context.client("ec2")
        call = parameters(client, "create_vpc_endpoint", {k: v for k, v in properties.items() if k != "Tags"})
        made = client.create_vpc_endpoint(**call)["VpcEndpoint"]
        with undone_by(lambda: client.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])):
            mark(context, made["VpcEndpointId"], {}, properties)
        return self._resource(made)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, self.UNSUPPORTED)
        client = context.client("ec2")
        call = parameters(client, "modify_vpc_endpoint", new, VpcEndpointId=physical_id)
        for prop in ("RouteTableIds", "SubnetIds", "SecurityGroupIds"):
            before, after = set(old.get(prop, [])), set(new.get(prop, []))
            call |= {f"Add{prop}": sorted(after - before)} if after - before else {}
            call |= {f"Remove{prop}": sorted(before - after)} if before - after else {}
        client.modify_vpc_endpoint(**call)
        mark(context, physical_id, old, new)
        return self._resource(client.describe_vpc_endpoints(VpcEndpointIds=[physical_id])["VpcEndpoints"][0])

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[physical_id])

    def _resource(self, made: VpcEndpointTypeDef) -> ProvidedResource:
        names = [
            f"{e['HostedZoneId']}:{e['DnsName']}" for e in made.get("DnsEntries", []) if "HostedZoneId" in e
        ]
        return ProvidedResource(
            made["VpcEndpointId"],
            {
                "Id": made["VpcEndpointId"],
                "CreationTimestamp": str(made.get("CreationTimestamp", "")),
                "DnsEntries": names,
                "NetworkInterfaceIds": made.get("NetworkInterfaceIds", []),
            },
        )


class FlowLogProvider:
    """AWS::EC2::FlowLog; Ref is its id."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("ec2")
        settled = {k: v for k, v in properties.items() if k not in ("Tags", "ResourceId")}
        call = parameters(client, "create_flow_logs", settled, ResourceIds=[properties["ResourceId"]])
        answer = client.create_flow_logs(**call)
        for failure in answer.get("Unsuccessful", []):
            raise ProviderError(failure["Error"]["Message"])
        made = answer["FlowLogIds"][0]
        with undone_by(lambda: client.delete_flow_logs(FlowLogIds=[made])):
            mark(context, made, {}, properties)
        return ProvidedResource(made, {"Id": made})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        mark(context, physical_id, old, new)
        return ProvidedResource(physical_id, {"Id": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ec2").delete_flow_logs(FlowLogIds=[physical_id])
