"""What the template of one kind sees beyond what all see."""

from __future__ import annotations

from accountsctl.model.names import secret_place
from accountsctl.model.project import SECRETS
from accountsctl.synth.amplify_inputs import bucket_inputs, group_inputs, layer_inputs, table_inputs
from accountsctl.synth.imported import imported_ids, imported_storage
from accountsctl.synth.inputs import Inputs, callers_origins
from accountsctl.synth.kinds import ResourceKind
from accountsctl.synth.names import cluster_identifier, physical_name
from accountsctl.synth.packaging import typescript_entry
from accountsctl.synth.pools import pool_inputs
from accountsctl.synth.routes import routes


def kind_values(inputs: Inputs) -> dict[str, object]:
    """The values by name. Faulty if they cannot be had of the resource's files."""
    environment = inputs.project.environment
    physical = physical_name(environment, inputs.resource.id.name)
    match inputs.kind:
        case ResourceKind.AUTH_IMPORT:
            return {"ids": imported_ids(inputs)}
        case ResourceKind.STORAGE_IMPORT:
            return {"ids": imported_storage(inputs)}
        case ResourceKind.FUNCTION:
            origins = callers_origins(inputs.project, inputs.resource.id)
            handler = str(inputs.parameters.get("handler", "index.handler"))
            return {
                "physicalName": physical,
                "allowedOrigins": origins,
                "secrets": secret_places(inputs),
                "sourceMaps": bool(typescript_entry(inputs.source, handler)),
            }
        case ResourceKind.API:
            return {"physicalName": physical, "routes": routes(inputs)}
        case ResourceKind.RDS:
            return {"physicalName": physical, **cluster_names(inputs)}
        case ResourceKind.POOL:
            return {"pool": pool_inputs(inputs)}
        case ResourceKind.GROUPS:
            return {"groups": group_inputs(inputs)}
        case ResourceKind.BUCKET:
            return {"bucket": bucket_inputs(inputs)}
        case ResourceKind.TABLE:
            table = table_inputs(inputs)
            return {"table": table, "physicalName": physical_name(environment, table["tableName"])}
        case ResourceKind.LAYER:
            return {"physicalName": physical, "layer": layer_inputs(inputs)}
        case None:
            return {"physicalName": physical}


def cluster_names(inputs: Inputs) -> dict[str, str]:
    """The identifier of a database cluster, and the name of its network, which no snapshot changes."""
    name, environment = str(inputs.parameters.get("DBClusterName", "")), inputs.project.environment
    snapshot = str(inputs.parameters.get("SnapshotIdentifier") or "")
    return {
        "clusterIdentifier": cluster_identifier(environment, name, snapshot),
        "networkName": cluster_identifier(environment, name),
    }


def secret_places(inputs: Inputs) -> dict[str, str]:
    """Where a function's secrets are stored, by the variables that it gets for them."""
    stack, function = inputs.project.environment.stack_name, inputs.resource.id
    names = inputs.parameters.get(SECRETS, [])
    known = names if isinstance(names, list) else []  # what else it is, is a fault of its own
    return {str(name): secret_place(stack, function, str(name)) for name in known}
