# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""AWS Systems Manager: parameters."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    bring_tags,
    chosen,
    parameters,
    tagged,
)
from accountsctl.localcloud.cloudformation.providers.reading import found


class ParameterProvider:
    """AWS::SSM::Parameter; Ref is its name."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        client = context.client("ssm")
        parameter = found(client, "get_parameter", Name=physical_id).at("Parameter")
        return parameter.properties(context, chosen(properties, "Name Type Value DataType"))

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("ssm")
        name = properties.get("Name") or f"CFN-{context.logical_id}-{context.token}"
        call = parameters(client, "put_parameter", tagged(context, properties), Name=name)
        client.put_parameter(**call)
        return self._resource(name, properties)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("ssm")
        settled = {key: value for key, value in new.items() if key != "Tags"}
        call = parameters(client, "put_parameter", settled, Name=physical_id, Overwrite=True)
        client.put_parameter(**call)
        resource: Parameters = {"ResourceType": "Parameter", "ResourceId": physical_id}
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.remove_tags_from_resource(**resource, TagKeys=keys),
            lambda tags: client.add_tags_to_resource(**resource, Tags=tags),
        )
        return self._resource(physical_id, new)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("ssm").delete_parameter(Name=physical_id)

    def _resource(self, name: str, properties: Properties) -> ProvidedResource:
        return ProvidedResource(name, {"Type": properties["Type"], "Value": str(properties["Value"])})
