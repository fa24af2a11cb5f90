# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon RDS: Aurora clusters, their instances, and the groups they stand in."""

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
    tagged,
    truth,
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.rds_reading import (
    read_cluster,
    read_instance,
    read_subnet_group,
)
from accountsctl.localcloud.cloudformation.providers.rds_rules import (
    check_cluster,
    check_instance,
    check_zones,
)
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient

CLUSTER_UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::RDS::DBCluster"]


def retag(context: Context, arn: str, old: Properties, new: Properties) -> None:
    """Bring a resource's tags to those of the template."""
    client = context.client("rds")
    bring_tags(
        context,
        old,
        new,
        lambda keys: client.remove_tags_from_resource(ResourceName=arn, TagKeys=keys),
        lambda tags: client.add_tags_to_resource(ResourceName=arn, Tags=tags),
    )


def _exported_logs(old: Properties, new: Properties) -> Parameters:
    """The parameter that starts and stops the export of logs; none if nothing changes."""
    before, after = (set(properties.get("EnableCloudwatchLogsExports", [])) for properties in (old, new))
    if before == after:
        return {}
    exports = {"EnableLogTypes": sorted(after - before), "DisableLogTypes": sorted(before - after)}
    return {"CloudwatchLogsExportConfiguration": exports}


class DBClusterProvider:
    """AWS::RDS::DBCluster; Ref is its identifier, which RDS keeps in lower case."""

    read = staticmethod(read_cluster)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, CLUSTER_UNSUPPORTED)
        check_cluster(properties)
        client = context.client("rds")
        name = (properties.get("DBClusterIdentifier") or context.name(63)).lower()
        snapshot = properties.get("SnapshotIdentifier")
        wanted = tagged(context, properties)
        if snapshot:
            call = self._call(client, "restore_db_cluster_from_snapshot", name, wanted)
            client.restore_db_cluster_from_snapshot(**call)
        else:
            client.create_db_cluster(**self._call(client, "create_db_cluster", name, wanted))
        with undone_by(lambda: client.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)):
            if snapshot:
                # As AWS's own handler does: a restoration takes neither a password nor much else.
                modified = self._call(client, "modify_db_cluster", name, properties)
                client.modify_db_cluster(**modified, ApplyImmediately=True)
            self._serve_data_api(client, name, properties)
            return self._resource(client, name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, CLUSTER_UNSUPPORTED)
        check_cluster(new)
        client = context.client("rds")
        unchanged = [name for name in new if old.get(name) == new[name]]
        differing = {name: value for name, value in new.items() if name not in unchanged and name != "Tags"}
        if "DeletionProtection" in old and "DeletionProtection" not in new:
            differing["DeletionProtection"] = False
        if context.rollback:
            differing.pop("EngineVersion", None)  # an upgrade cannot be undone: AWS's handler leaves it too
        call = self._call(client, "modify_db_cluster", physical_id, differing)
        if "EngineVersion" in call:
            call["AllowMajorVersionUpgrade"] = True
        call |= _exported_logs(old, new)
        if len(call) > 1:
            client.modify_db_cluster(**call, ApplyImmediately=True)
        self._serve_data_api(client, physical_id, new)
        resource = self._resource(client, physical_id)
        retag(context, resource.attributes["DBClusterArn"], old, new)
        return resource

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("rds").delete_db_cluster(DBClusterIdentifier=physical_id, SkipFinalSnapshot=True)

    def snapshot(self, context: Context, physical_id: str, properties: Properties) -> str:
        """The final snapshot of ``DeletionPolicy: Snapshot``."""
        snapshot = f"{context.stack_name}-snapshot-{context.logical_id}-{context.token}".lower()[-255:].strip(
            "-"
        )
        context.client("rds").create_db_cluster_snapshot(
            DBClusterIdentifier=physical_id, DBClusterSnapshotIdentifier=snapshot
        )
        return snapshot

    def _call(self, client: RDSClient, operation: str, name: str, properties: Properties) -> Parameters:
        renamed = dict(properties)
        kms = renamed.pop("MasterUserSecret", {}).get("KmsKeyId")
        renamed |= {"MasterUserSecretKmsKeyId": kms} if kms else {}
        if "Port" in renamed:
            renamed["Port"] = int(renamed["Port"])
        renamed.pop("EnableHttpEndpoint", None)
        if "PerformanceInsightsEnabled" in renamed:
            renamed["EnablePerformanceInsights"] = renamed.pop("PerformanceInsightsEnabled")
        return parameters(client, operation, renamed, DBClusterIdentifier=name)

    def _serve_data_api(self, client: RDSClient, name: str, properties: Properties) -> None:
        """Turn the Data API on or off by the calls that RDS has for Aurora as it is today."""
        wanted = truth(properties.get("EnableHttpEndpoint", False))
        found = client.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
        if wanted and not found.get("HttpEndpointEnabled"):
            client.enable_http_endpoint(ResourceArn=found["DBClusterArn"])
        if not wanted and found.get("HttpEndpointEnabled"):
            client.disable_http_endpoint(ResourceArn=found["DBClusterArn"])

    def _resource(self, client: RDSClient, name: str) -> ProvidedResource:
        found = client.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
        attributes = {
            "DBClusterArn": found["DBClusterArn"],
            "DBClusterResourceId": found["DbClusterResourceId"],
            "Endpoint.Address": found["Endpoint"],
            "Endpoint.Port": str(found["Port"]),
            "ReadEndpoint.Address": found["ReaderEndpoint"],
        }
        if "MasterUserSecret" in found:
            attributes["MasterUserSecret.SecretArn"] = found["MasterUserSecret"]["SecretArn"]
        return ProvidedResource(found["DBClusterIdentifier"], attributes)


class DBInstanceProvider:
    """AWS::RDS::DBInstance, a member of an Aurora cluster or standing alone; Ref is its identifier."""

    read = staticmethod(read_instance)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("rds")
        check_instance(client, properties)
        name = (properties.get("DBInstanceIdentifier") or context.name(63)).lower()
        client.create_db_instance(
            **self._call(client, "create_db_instance", name, tagged(context, properties))
        )
        return self._resource(client, name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("rds")
        check_instance(client, new)
        differing = {name: value for name, value in new.items() if old.get(name) != value and name != "Tags"}
        call = self._call(client, "modify_db_instance", physical_id, differing) | _exported_logs(old, new)
        if len(call) > 1:
            client.modify_db_instance(**call, ApplyImmediately=True)
        resource = self._resource(client, physical_id)
        retag(context, resource.attributes["DBInstanceArn"], old, new)
        return resource

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("rds").delete_db_instance(DBInstanceIdentifier=physical_id, SkipFinalSnapshot=True)

    def snapshot(self, context: Context, physical_id: str, properties: Properties) -> str:
        """The final snapshot of ``DeletionPolicy: Snapshot``, which RDS takes of lone instances only."""
        if "DBClusterIdentifier" in properties:
            raise ProviderError("Snapshots of a member of a DB cluster are taken of the cluster")
        snapshot = f"{context.stack_name}-snapshot-{context.logical_id}-{context.token}".lower()[-255:].strip(
            "-"
        )
        context.client("rds").create_db_snapshot(
            DBInstanceIdentifier=physical_id, DBSnapshotIdentifier=snapshot
        )
        return snapshot

    def _call(self, client: RDSClient, operation: str, name: str, properties: Properties) -> Parameters:
        renamed = dict(properties)
        groups = renamed.pop("VPCSecurityGroups", None)
        renamed |= {"VpcSecurityGroupIds": groups} if groups else {}
        renamed.pop("ApplyImmediately", None)  # every update is applied at once
        if operation == "modify_db_instance" and "Port" in renamed:
            renamed["DBPortNumber"] = renamed["Port"]
        kms = renamed.pop("MasterUserSecret", {}).get("KmsKeyId")
        renamed |= {"MasterUserSecretKmsKeyId": kms} if kms else {}
        return parameters(client, operation, renamed, DBInstanceIdentifier=name)

    def _resource(self, client: RDSClient, name: str) -> ProvidedResource:
        found = client.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        endpoint = found.get("Endpoint", {})
        attributes = {
            "DBInstanceArn": found["DBInstanceArn"],
            "DbiResourceId": found["DbiResourceId"],
            "Endpoint.Address": endpoint.get("Address", ""),
            "Endpoint.Port": str(endpoint.get("Port", "")),
            "Endpoint.HostedZoneId": endpoint.get("HostedZoneId", ""),
        }
        if "MasterUserSecret" in found:
            attributes["MasterUserSecret.SecretArn"] = found["MasterUserSecret"]["SecretArn"]
        return ProvidedResource(found["DBInstanceIdentifier"], attributes)


class DBSubnetGroupProvider:
    """AWS::RDS::DBSubnetGroup; Ref is its name, in lower case."""

    read = staticmethod(read_subnet_group)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        check_zones(context.client("ec2"), properties["SubnetIds"])
        client = context.client("rds")
        name = (properties.get("DBSubnetGroupName") or context.name(255)).lower()
        call = parameters(
            client, "create_db_subnet_group", tagged(context, properties), DBSubnetGroupName=name
        )
        client.create_db_subnet_group(**call)
        return ProvidedResource(name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        check_zones(context.client("ec2"), new["SubnetIds"])
        client = context.client("rds")
        if changed(old, new, "SubnetIds", "DBSubnetGroupDescription"):
            call = parameters(client, "modify_db_subnet_group", new, DBSubnetGroupName=physical_id)
            client.modify_db_subnet_group(**call)
        if changed(old, new, "Tags"):
            group = client.describe_db_subnet_groups(DBSubnetGroupName=physical_id)["DBSubnetGroups"][0]
            retag(context, group["DBSubnetGroupArn"], old, new)
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("rds").delete_db_subnet_group(DBSubnetGroupName=physical_id)
