# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""AWS Lambda: the URLs of functions."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import already_gone, chosen, parameters
from accountsctl.localcloud.cloudformation.providers.reading import found


class UrlProvider:
    """AWS::Lambda::Url; Ref is the ARN of the function, or of the alias that Qualifier names."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        url = found(context.client("lambda"), "get_function_url_config", FunctionName=physical_id)
        return url.properties(context, chosen(properties, "AuthType Cors"))

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        client = context.client("lambda")
        call = parameters(
            client, "create_function_url_config", properties, FunctionName=properties["TargetFunctionArn"]
        )
        made = client.create_function_url_config(**call)
        return self._resource(made["FunctionArn"], made["FunctionUrl"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        client = context.client("lambda")
        settled = {"Cors": {}, **new}
        call = parameters(client, "update_function_url_config", settled, FunctionName=physical_id)
        made = client.update_function_url_config(**call)
        return self._resource(made["FunctionArn"], made["FunctionUrl"])

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("lambda").delete_function_url_config(FunctionName=physical_id)

    def _check(self, properties: Properties) -> None:
        if properties.get("InvokeMode") == "RESPONSE_STREAM":
            raise ProviderError("The embedded cloud does not support InvokeMode RESPONSE_STREAM")

    def _resource(self, arn: str, url: str) -> ProvidedResource:
        return ProvidedResource(arn, {"FunctionArn": arn, "FunctionUrl": url})
