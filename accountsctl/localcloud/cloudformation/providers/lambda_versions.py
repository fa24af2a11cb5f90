# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""AWS Lambda: versions and aliases, with their provisioned concurrency."""

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
    parameters,
    refuse,
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.reading import found, without
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class VersionProvider:
    """AWS::Lambda::Version; Ref is the version's ARN."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, UNSUPPORTED_PROPERTIES["AWS::Lambda::Version"])
        client = context.client("lambda")
        made = client.publish_version(**parameters(client, "publish_version", properties))
        function, version = properties["FunctionName"], made["Version"]
        with undone_by(lambda: client.delete_function(FunctionName=function, Qualifier=version)):
            _provision(client, function, version, {}, properties)
        return ProvidedResource(
            made["FunctionArn"], {"FunctionArn": made["FunctionArn"], "Version": made["Version"]}
        )

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        raise ProviderError(f"{physical_id} cannot be updated: a version is immutable")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        function, _, version = physical_id.rpartition(":")
        with already_gone():
            context.client("lambda").delete_function(FunctionName=function, Qualifier=version)


class AliasProvider:
    """AWS::Lambda::Alias; Ref is the alias's ARN."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        function, _, name = physical_id.rpartition(":")
        alias = found(context.client("lambda"), "get_alias", FunctionName=function, Name=name)
        return alias.properties(context, without(properties, "RoutingConfig ProvisionedConcurrencyConfig"))

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("lambda")
        call = parameters(client, "create_alias", _routed(properties))
        arn = client.create_alias(**call)["AliasArn"]
        function, name = properties["FunctionName"], properties["Name"]
        with undone_by(lambda: client.delete_alias(FunctionName=function, Name=name)):
            _provision(client, function, name, {}, properties)
        return ProvidedResource(arn, {"AliasArn": arn})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("lambda")
        settled = {"Description": "", **_routed(new)}
        arn = client.update_alias(**parameters(client, "update_alias", settled))["AliasArn"]
        _provision(client, new["FunctionName"], new["Name"], old, new)
        return ProvidedResource(arn, {"AliasArn": arn})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("lambda").delete_alias(
                FunctionName=properties["FunctionName"], Name=properties["Name"]
            )


def _routed(properties: Properties) -> Parameters:
    """The properties with the weights of other versions by their names, as the API takes them."""
    routing = properties.get("RoutingConfig") or {}
    listed = routing.get("AdditionalVersionWeights") or []
    weights = {str(share["FunctionVersion"]): float(share["FunctionWeight"]) for share in listed}
    return {**properties, "RoutingConfig": {"AdditionalVersionWeights": weights}}


def _provision(client: LambdaClient, function: str, qualifier: str, old: Properties, new: Properties) -> None:
    """Set the provisioned concurrency of a version or an alias, or take it away."""
    before, after = (properties.get("ProvisionedConcurrencyConfig") for properties in (old, new))
    if after and after != before:
        client.put_provisioned_concurrency_config(
            FunctionName=function,
            Qualifier=qualifier,
            ProvisionedConcurrentExecutions=int(after["ProvisionedConcurrentExecutions"]),
        )
    elif before and not after:
        client.delete_provisioned_concurrency_config(FunctionName=function, Qualifier=qualifier)
