# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon EC2: internet gateways, route tables and their routes."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    parameters,
    refuse,
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.ec2 import mark


class InternetGatewayProvider:
    """AWS::EC2::InternetGateway; Ref is its id."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("ec2")
        made = client.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        with undone_by(lambda: client.delete_internet_gateway(InternetGatewayId=made)):
            mark(context, made, {}, properties)
        return ProvidedResource(made, {"InternetGatewayId": made})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        mark(context, physical_id, old, new)
        return ProvidedResource(physical_id, {"InternetGatewayId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ec2").delete_internet_gateway(InternetGatewayId=physical_id)


class GatewayAttachmentProvider:
    """AWS::EC2::VPCGatewayAttachment, of an internet gateway."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, "VpnGatewayId")
        gateway, vpc = properties["InternetGatewayId"], properties["VpcId"]
        context.client("ec2").attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        return ProvidedResource(f"IGW|{vpc}", {"AttachmentType": "IGW"})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, "VpnGatewayId")
        self.delete(context, physical_id, old)
        return self.create(context, new)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ec2").detach_internet_gateway(
                InternetGatewayId=properties["InternetGatewayId"], VpcId=properties["VpcId"]
            )


class RouteTableProvider:
    """AWS::EC2::RouteTable; Ref is its id."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("ec2")
        made = client.create_route_table(VpcId=properties["VpcId"])["RouteTable"]["RouteTableId"]
        with undone_by(lambda: client.delete_route_table(RouteTableId=made)):
            mark(context, made, {}, properties)
        return ProvidedResource(made, {"RouteTableId": made})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        mark(context, physical_id, old, new)
        return ProvidedResource(physical_id, {"RouteTableId": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ec2").delete_route_table(RouteTableId=physical_id)


class RouteProvider:
    """AWS::EC2::Route; Ref is ``<route table>|<destination>``."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("ec2")
        client.create_route(**parameters(client, "create_route", properties))
        destination = self._destination(properties)
        return ProvidedResource(f"{properties['RouteTableId']}|{destination}", {"CidrBlock": destination})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("ec2")
        client.replace_route(**parameters(client, "replace_route", new))
        return ProvidedResource(physical_id, {"CidrBlock": self._destination(new)})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        client = context.client("ec2")
        with already_gone():
            client.delete_route(**parameters(client, "delete_route", properties))

    def _destination(self, properties: Properties) -> str:
        names = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
        found = next((properties[name] for name in names if name in properties), None)
        if found is None:
            raise ProviderError("A route needs a destination")
        return str(found)


class SubnetRouteTableAssociationProvider:
    """AWS::EC2::SubnetRouteTableAssociation; Ref is its id."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("ec2")
        call = parameters(client, "associate_route_table", properties)
        made = client.associate_route_table(**call)["AssociationId"]
        return ProvidedResource(made, {"Id": made})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        raise ProviderError(f"{physical_id} cannot be updated: all of its properties are create-only")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ec2").disassociate_route_table(AssociationId=physical_id)
