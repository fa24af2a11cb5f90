"""Layers, their versions and the policies of these; https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts.identifiers import new_uuid
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    check_revision,
    invalid,
    missing,
)
from accountsctl.localcloud.moto_services.lambda_calls.own.pages import page
from accountsctl.localcloud.moto_services.lambda_calls.own.policies import (
    NO_POLICY,
    named_statement,
    principal_of,
    refuse_taken,
    reported,
)

if TYPE_CHECKING:
    from moto.awslambda.models import LayerVersion

COMPATIBLE = {"CompatibleArchitecture": "CompatibleArchitectures", "CompatibleRuntime": "CompatibleRuntimes"}
"""What a list is chosen by, and the member that has it."""


def publish(call: LambdaCall) -> JsonObject:
    """PublishLayerVersion."""
    version = call.backend.publish_layer_version({**call.input, "LayerName": _name(call)})
    version.__dict__["given"] = tuple(name for name in COMPATIBLE.values() if name in call.input)
    return _reported(version)


def get(call: LambdaCall) -> JsonObject:
    """GetLayerVersion."""
    number = _number(call)
    version = _versions(call, _name(call)).get(number)
    if version is None:
        raise missing()
    return _reported(version)


def get_by_arn(call: LambdaCall) -> JsonObject:
    """GetLayerVersionByArn."""
    name, number = str(call.input["Arn"]).split(":")[6:8]
    version = _versions(call, name).get(int(number))
    if version is None or version.arn != call.input["Arn"]:
        raise missing()
    return _reported(version)


def delete(call: LambdaCall) -> JsonObject:
    """DeleteLayerVersion; one that does not exist is passed over."""
    number = _number(call)
    if number in _versions(call, _name(call)):
        call.backend.delete_layer_version(_name(call), str(number))
    return {}


def list_versions(call: LambdaCall) -> JsonObject:
    """ListLayerVersions, the newest first."""
    versions = _versions(call, _name(call))
    chosen = _chosen(call, [versions[number] for number in sorted(versions, reverse=True)])
    return page(call, "LayerVersions", [_listed(version) for version in chosen])


def list_layers(call: LambdaCall) -> JsonObject:
    """ListLayers: each with the newest of the versions that the call asks for."""
    found = []
    for name, layer in call.backend._layers._layers.items():
        versions = _versions(call, name)
        newest = next(_chosen(call, [versions[number] for number in sorted(versions, reverse=True)]), None)
        if newest is not None:
            shown = {"LayerName": layer.name, "LayerArn": layer.layer_arn}
            found.append({**shown, "LatestMatchingVersion": _listed(newest)})
    return page(call, "Layers", found)


def add_permission(call: LambdaCall) -> JsonObject:
    """AddLayerVersionPermission."""
    version = _existing(call)
    check_revision(call, version.policy.revision, "GetLayerPolicy")
    refuse_taken(call, version.policy.statements)
    statement = {
        "Sid": call.input["StatementId"],
        "Effect": "Allow",
        "Principal": principal_of(str(call.input["Principal"])),
        "Action": call.input["Action"],
        "Resource": version.arn,
    }
    version.policy.statements.append(statement)
    version.policy.revision = new_uuid()
    return {"Statement": json.dumps(statement), "RevisionId": version.policy.revision}


def policy(call: LambdaCall) -> JsonObject:
    """GetLayerVersionPolicy."""
    version = _existing(call)
    if not version.policy.statements:
        raise missing(NO_POLICY)
    return reported(version.policy.statements, version.policy.revision)


def remove_permission(call: LambdaCall) -> JsonObject:
    """RemoveLayerVersionPermission."""
    version = _existing(call)
    removed = named_statement(call, version.policy.statements)
    check_revision(call, version.policy.revision, "GetLayerPolicy")
    version.policy.statements = [one for one in version.policy.statements if one is not removed]
    version.policy.revision = new_uuid()
    return {}


def _name(call: LambdaCall) -> str:
    """The layer's name; a call may have its ARN."""
    return str(call.input["LayerName"]).rpartition("layer:")[2]


def _number(call: LambdaCall) -> int:
    number = int(call.input["VersionNumber"])
    if number < 1:
        raise invalid("Layer Version Cannot be less than 1")
    return number


def _versions(call: LambdaCall, name: str) -> dict[int, LayerVersion]:
    layer = call.backend._layers._layers.get(name)
    return {} if layer is None else {int(number): one for number, one in layer.layer_versions.items()}


def _existing(call: LambdaCall) -> LayerVersion:
    number, name = _number(call), _name(call)
    version = _versions(call, name).get(number)
    if version is None:
        arn = f"arn:{PARTITION}:lambda:{call.region}:{ACCOUNT}:layer:{name}:{number}"
        raise missing(f"Layer version {arn} does not exist.")
    return version


def _chosen(call: LambdaCall, versions: list[LayerVersion]) -> Iterator[LayerVersion]:
    for version in versions:
        shown = _reported(version)
        if all(
            call.input.get(name) is None or call.input[name] in shown.get(member, ())
            for name, member in COMPATIBLE.items()
        ):
            yield version


def _reported(version: LayerVersion) -> JsonObject:
    layer: Any = version._layer
    found: JsonObject = {
        # `addresses` fills the location in.
        "Content": {"Location": "", "CodeSha256": version.code_sha_256, "CodeSize": version.code_size},
        "CreatedDate": version.created_date,
        "Description": version.description or "",
        "LayerArn": layer.layer_arn,
        "LayerVersionArn": version.arn,
        "Version": version.version,
    }
    given = version.__dict__.get("given", ())
    lists = {
        "CompatibleArchitectures": version.compatible_architectures,
        "CompatibleRuntimes": version.compatible_runtimes,
    }
    found.update({name: list(value) for name, value in lists.items() if value or name in given})
    return {**found, "LicenseInfo": version.license_info} if version.license_info else found


def _listed(version: LayerVersion) -> JsonObject:
    """A version as a list has it."""
    return {name: value for name, value in _reported(version).items() if name not in ("Content", "LayerArn")}
