# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon RDS: groups of engine parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.providers.base import Context, Properties, ProvidedResource
from accountsctl.localcloud.cloudformation.providers.calls import already_gone, tagged, undone_by
from accountsctl.localcloud.cloudformation.providers.rds import retag

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient


class _ParameterGroupProvider:
    """A group of engine parameters; RDS has two kinds with the same calls."""

    kind = ""
    name_property = ""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("rds")
        name = (properties.get(self.name_property) or context.name(255)).lower()
        call = {
            self._name_parameter: name,
            "DBParameterGroupFamily": properties["Family"],
            "Description": properties["Description"],
            "Tags": tagged(context, properties)["Tags"],
        }
        getattr(client, f"create_{self.kind}")(**call)
        with undone_by(lambda: getattr(client, f"delete_{self.kind}")(**{self._name_parameter: name})):
            self._set(client, name, properties.get("Parameters", {}))
        return ProvidedResource(name, {self.name_property: name})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("rds")
        before, after = old.get("Parameters", {}), new.get("Parameters", {})
        gone = [name for name in before if name not in after]
        if gone:
            reset = [{"ParameterName": name, "ApplyMethod": "pending-reboot"} for name in gone]
            getattr(client, f"reset_{self.kind}")(**{self._name_parameter: physical_id}, Parameters=reset)
        self._set(client, physical_id, {k: v for k, v in after.items() if before.get(k) != v})
        kind = "cluster-pg" if "cluster" in self.kind else "pg"
        where = f"arn:{context.partition}:rds:{context.region}:{context.account}:{kind}:{physical_id}"
        retag(context, where, old, new)
        return ProvidedResource(physical_id, {self.name_property: physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        client = context.client("rds")
        with already_gone():
            getattr(client, f"delete_{self.kind}")(**{self._name_parameter: physical_id})

    @property
    def _name_parameter(self) -> str:
        return "DBClusterParameterGroupName" if "cluster" in self.kind else "DBParameterGroupName"

    def _set(self, client: RDSClient, name: str, values: Properties) -> None:
        if values:
            listed = [
                {"ParameterName": key, "ParameterValue": str(value), "ApplyMethod": "pending-reboot"}
                for key, value in values.items()
            ]
            getattr(client, f"modify_{self.kind}")(**{self._name_parameter: name}, Parameters=listed)


class DBClusterParameterGroupProvider(_ParameterGroupProvider):
    """AWS::RDS::DBClusterParameterGroup; Ref is its name."""

    kind = "db_cluster_parameter_group"
    name_property = "DBClusterParameterGroupName"


class DBParameterGroupProvider(_ParameterGroupProvider):
    """AWS::RDS::DBParameterGroup; Ref is its name."""

    kind = "db_parameter_group"
    name_property = "DBParameterGroupName"
