# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""AWS Lambda: versions of layers, and who may use them."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import already_gone, parameters


class LayerVersionProvider:
    """AWS::Lambda::LayerVersion; Ref is the version's ARN."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("lambda")
        settled = {"LayerName": context.name(64), **properties}
        made = client.publish_layer_version(**parameters(client, "publish_layer_version", settled))
        arn = made["LayerVersionArn"]
        return ProvidedResource(arn, {"LayerVersionArn": arn})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        raise ProviderError(f"{physical_id} cannot be updated: a version is immutable")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        layer, _, version = physical_id.rpartition(":")
        with already_gone():
            context.client("lambda").delete_layer_version(LayerName=layer, VersionNumber=int(version))


class LayerVersionPermissionProvider:
    """AWS::Lambda::LayerVersionPermission; Ref is its id. Here every function may use every layer."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("lambda")
        layer, version = self._layer(properties)
        sid = context.name(100)
        settled = {**properties, "LayerName": layer, "VersionNumber": version}
        call = parameters(client, "add_layer_version_permission", settled, StatementId=sid)
        client.add_layer_version_permission(**call)
        return ProvidedResource(f"{properties['LayerVersionArn']}#{sid}", {"Id": sid})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        raise ProviderError(f"{physical_id} cannot be updated: all of its properties are create-only")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        layer, version = self._layer(properties)
        with already_gone():
            context.client("lambda").remove_layer_version_permission(
                LayerName=layer, VersionNumber=version, StatementId=physical_id.rpartition("#")[2]
            )

    def _layer(self, properties: Properties) -> tuple[str, int]:
        layer, _, version = str(properties["LayerVersionArn"]).rpartition(":")
        return layer, int(version)
