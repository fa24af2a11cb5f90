"""What CloudFormation and RDS report of a stack's state, without its template: cheap, and true of any stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import error_code, translated
from accountsctl.adapters.aws.follow import is_absent
from accountsctl.adapters.aws.session import Session
from accountsctl.model.stack_states import STATES
from accountsctl.ports.stack_repairs import NestedStack, ResourceSummary, StackSummary

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import (
        ListStacksInputPaginateTypeDef,
        StackResourceSummaryTypeDef,
        StackTypeDef,
    )

CLUSTER, INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"
ABSENT = frozenset({"DBClusterNotFoundFault", "DBInstanceNotFound", "DBInstanceNotFoundFault"})


class StackCalls:
    """What calls CloudFormation by a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _client(self) -> CloudFormationClient:
        return service_client(self._session, "cloudformation")


class StackReads(StackCalls):
    """The reading half of `ports.StackRepairs` over boto3."""

    def summary(self, name: str) -> StackSummary | None:
        """The stack in any state; None if there is none, or no more."""
        stack = describe_stack(self._client, name)
        if stack is None or stack["StackStatus"] == "DELETE_COMPLETE":
            return None
        return StackSummary(
            id=stack["StackId"],
            name=stack["StackName"],
            status=stack["StackStatus"],
            tags={tag["Key"]: tag["Value"] for tag in stack.get("Tags", ())},
            termination_protected=stack.get("EnableTerminationProtection", False),
        )

    def resources(self, stack: str) -> Sequence[ResourceSummary]:
        """What the stack still has, as CloudFormation lists it."""
        found: list[ResourceSummary] = []
        with translated(f"list the resources of {stack}"):
            try:
                for page in self._client.get_paginator("list_stack_resources").paginate(StackName=stack):
                    found += [
                        _resource(summary) for summary in page["StackResourceSummaries"] if _exists(summary)
                    ]
            except ClientError as error:
                if not is_absent(error):
                    raise
        return found

    def nested(self, root: str, statuses: Sequence[str] = ()) -> Sequence[NestedStack]:
        """By ``RootId`` and ``ParentId``, which ListStacks reports for stacks that their root forgot as well."""
        wanted = statuses or [status for status in STATES if status != "DELETE_COMPLETE"]
        request: ListStacksInputPaginateTypeDef = {"StackStatusFilter": wanted}  # type: ignore[typeddict-item]
        with translated("list the nested stacks"):
            pages = self._client.get_paginator("list_stacks").paginate(**request)
            return [
                NestedStack(summary["StackId"], summary["StackName"], summary["StackStatus"])
                for page in pages
                for summary in page["StackSummaries"]
                if f":stack/{root}/" in summary.get("RootId", "")
                and summary.get("ParentId") == summary.get("RootId")
            ]

    def is_deletion_protected(self, type_: str, physical_id: str) -> bool | None:
        """RDS's own word for clusters and instances; False for one that is gone."""
        if type_ not in (CLUSTER, INSTANCE):
            return None
        rds = service_client(self._session, "rds")
        with translated(f"read the deletion protection of {physical_id}"):
            try:
                if type_ == CLUSTER:
                    clusters = rds.describe_db_clusters(DBClusterIdentifier=physical_id)["DBClusters"]
                    return any(cluster.get("DeletionProtection", False) for cluster in clusters)
                instances = rds.describe_db_instances(DBInstanceIdentifier=physical_id)["DBInstances"]
                return any(instance.get("DeletionProtection", False) for instance in instances)
            except ClientError as error:
                if error_code(error) in ABSENT:
                    return False
                raise

    def tagged(self, tags: Mapping[str, str]) -> Sequence[str]:
        """Root stacks only: a nested one takes over its root's tags."""
        with translated("list the stacks"):
            return [
                stack["StackName"]
                for page in self._client.get_paginator("describe_stacks").paginate()
                for stack in page["Stacks"]
                if not stack.get("RootId")
                and tags.items() <= {tag["Key"]: tag["Value"] for tag in stack.get("Tags", ())}.items()
            ]


def describe_stack(client: CloudFormationClient, stack: str) -> StackTypeDef | None:
    with translated(f"look at the stack {stack}"):
        try:
            return client.describe_stacks(StackName=stack)["Stacks"][0]
        except ClientError as error:
            if is_absent(error):
                return None
            raise


def _exists(resource: StackResourceSummaryTypeDef) -> bool:
    gone = ("DELETE_COMPLETE", "DELETE_SKIPPED")
    return resource["ResourceStatus"] not in gone and bool(resource.get("PhysicalResourceId"))


def _resource(raw: StackResourceSummaryTypeDef) -> ResourceSummary:
    return ResourceSummary(
        logical_id=raw["LogicalResourceId"],
        type=raw["ResourceType"],
        physical_id=raw.get("PhysicalResourceId", ""),
        status=raw["ResourceStatus"],
        reason=raw.get("ResourceStatusReason", ""),
    )
