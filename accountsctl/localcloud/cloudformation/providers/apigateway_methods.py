# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""API Gateway: methods, with their integration and responses.

A method is several things to the API (method, integration, the responses of both). On an update it is
taken away and put again: nothing of it has an id of its own, and a deployment keeps its own copy, so
callers of a stage never see the gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from accountsctl.localcloud.cloudformation.providers.apigateway_reading import read_method
from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import already_gone, parameters, undone_by
from accountsctl.localcloud.contracts.mappings import request_faults, response_faults

AWS_URI = re.compile(r"arn:[\w-]+:apigateway:[\w-]+:[\w.-]+:(path|action)/.+")
NEEDS_AUTHORIZER = ("CUSTOM", "COGNITO_USER_POOLS")


class MethodProvider:
    """AWS::ApiGateway::Method; its physical id is ``<api>|<resource>|<method>``."""

    read = staticmethod(read_method)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        self._put(context, properties)
        return self._resource(properties)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        self.delete(context, physical_id, old)
        self._put(context, new)
        return self._resource(new)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            client = context.client("apigateway")
            where = _where(properties)
            client.get_method(**where)
            client.delete_method(**where)

    def _put(self, context: Context, properties: Properties) -> None:
        client = context.client("apigateway")
        where = _where(properties)
        settled = {"AuthorizationType": "NONE", **properties}
        client.put_method(**parameters(client, "put_method", settled))
        with undone_by(lambda: client.delete_method(**where)):
            for answer in properties.get("MethodResponses", []):
                client.put_method_response(**parameters(client, "put_method_response", answer, **where))
            integration = properties.get("Integration")
            if integration:
                client.put_integration(**parameters(client, "put_integration", integration, **where))
                for answer in integration.get("IntegrationResponses", []):
                    call = parameters(client, "put_integration_response", answer, **where)
                    client.put_integration_response(**call)

    def _check(self, properties: Properties) -> None:
        if properties.get("AuthorizationType") in NEEDS_AUTHORIZER and not properties.get("AuthorizerId"):
            raise ProviderError(
                "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or"
                " COGNITO_USER_POOLS requires a valid authorizer."
            )
        integration = properties.get("Integration")
        if integration:
            _check_integration(integration)
            for fault in _mapping_faults(properties, integration):
                raise ProviderError(fault)

    def _resource(self, properties: Properties) -> ProvidedResource:
        return ProvidedResource("|".join(_where(properties).values()))


def _where(properties: Properties) -> dict[str, str]:
    return {
        "restApiId": properties["RestApiId"],
        "resourceId": properties["ResourceId"],
        "httpMethod": properties["HttpMethod"],
    }


def _check_integration(integration: Properties) -> None:
    kind = integration["Type"]
    if kind in ("AWS", "AWS_PROXY") and not AWS_URI.fullmatch(integration.get("Uri", "")):
        raise ProviderError("AWS ARN for integration must contain path or action")
    if kind != "MOCK" and not integration.get("IntegrationHttpMethod"):
        raise ProviderError("Enumeration value for HttpMethod must be non-empty")
    timeout = int(integration.get("TimeoutInMillis", 29_000))
    if not 50 <= timeout <= 29_000:
        raise ProviderError("Timeout should be between 50 ms and 29000 ms")


def _mapping_faults(properties: Properties, integration: Properties) -> Iterator[str]:
    """Mappings that speak of a header or a parameter which the method does not declare."""
    declared = properties.get("RequestParameters", {})
    sources = [str(source) for source in integration.get("RequestParameters", {}).values()]
    yield from request_faults(declared, sources)
    responses = {
        str(r["StatusCode"]): r.get("ResponseParameters", {}) for r in properties.get("MethodResponses", [])
    }
    for answer in integration.get("IntegrationResponses", []):
        status = str(answer["StatusCode"])
        if status not in responses:
            yield "Invalid Response status code specified"
            continue
        mapped = {target: str(source) for target, source in answer.get("ResponseParameters", {}).items()}
        yield from response_faults(responses[status], mapped)
