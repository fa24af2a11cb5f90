"""Reading the resources of RDS back."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.providers.base import Context, Properties
from accountsctl.localcloud.cloudformation.providers.reading import found

CLUSTER = {
    "DBClusterParameterGroupName": "DBClusterParameterGroup",
    "DBSubnetGroupName": "DBSubnetGroup",
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "EnableHttpEndpoint": "HttpEndpointEnabled",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "Tags": "TagList",
}
INSTANCE = {
    "DBSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
    "Tags": "TagList",
}
LOWER_CASE = ("DBClusterIdentifier", "DBInstanceIdentifier", "DBSubnetGroupName")
"""What RDS keeps in lower case, however it was written."""


def read_cluster(context: Context, physical_id: str, properties: Properties) -> Properties:
    client = context.client("rds")
    cluster = found(client, "describe_db_clusters", DBClusterIdentifier=physical_id).first("DBClusters")
    actual = cluster.properties(context, properties, CLUSTER)
    if "VpcSecurityGroupIds" in properties:
        groups = cluster.value.get("VpcSecurityGroups", [])
        actual["VpcSecurityGroupIds"] = [group["VpcSecurityGroupId"] for group in groups]
    if "ManageMasterUserPassword" in properties:
        actual["ManageMasterUserPassword"] = "MasterUserSecret" in cluster.value
    return _as_written(properties, actual)


def read_instance(context: Context, physical_id: str, properties: Properties) -> Properties:
    client = context.client("rds")
    instance = found(client, "describe_db_instances", DBInstanceIdentifier=physical_id).first("DBInstances")
    return _as_written(properties, instance.properties(context, properties, INSTANCE))


def read_subnet_group(context: Context, physical_id: str, properties: Properties) -> Properties:
    client = context.client("rds")
    group = found(client, "describe_db_subnet_groups", DBSubnetGroupName=physical_id).first("DBSubnetGroups")
    actual = group.properties(context, properties)
    if "SubnetIds" in properties:
        actual["SubnetIds"] = [subnet["SubnetIdentifier"] for subnet in group.value.get("Subnets", [])]
    if "Tags" in properties:
        tags = found(client, "list_tags_for_resource", ResourceName=group.value["DBSubnetGroupArn"])
        actual |= tags.properties(context, {"Tags": properties["Tags"]}, {"Tags": "TagList"})
    return _as_written(properties, actual)


def _as_written(properties: Properties, actual: dict[str, object]) -> Properties:
    """The values in the template's own spelling, where RDS reports the same thing in another one.

    The template may name a major version: RDS reports the complete one, of which AWS's schema of the type says that
    it counts as equal (``propertyTransform``). What RDS leaves out is not compared: no setting of it can be taken away.
    """
    actual = {name: value for name, value in actual.items() if value is not None}
    for name in actual.keys() & {*LOWER_CASE, "EngineVersion"}:
        written, value = str(properties[name]), str(actual[name])
        same = value.startswith(f"{written}.") if name == "EngineVersion" else written.lower() == value
        if same:
            actual[name] = properties[name]
    return actual
