"""What APIs refer to: the functions, user pools and API keys that their methods and authorizers need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from accountsctl.doctor.facts.deployed import export
from accountsctl.doctor.facts.deployed.arns import function_arn
from accountsctl.doctor.facts.deployed.http_apis import lambda_arn

InspectedApi = Mapping[str, Any]
"""A REST or HTTP API, or a function URL, as `AwsInspector` reports it; its members are those of boto3's responses."""


def function_arns(apis: Iterable[InspectedApi]) -> Iterator[str]:
    """The functions that REST APIs call, live or as deployed, with the variables of every stage."""
    for api in apis:
        for stage in api["stages"] or [{}]:
            variables = stage.get("variables") or {}
            for uri in _uris(api):
                arn = function_arn(uri, variables)
                if arn:
                    yield arn


def _uris(api: InspectedApi) -> Iterator[str]:
    for resource in api.get("resources") or ():
        for method in (resource.get("resourceMethods") or {}).values():
            yield (method.get("methodIntegration") or {}).get("uri") or ""
    for authorizer in api.get("authorizers") or ():
        yield authorizer.get("authorizerUri") or ""
    for document in (api.get("exports") or {}).values():
        yield from export.uris(document)


def http_function_arns(apis: Iterable[InspectedApi]) -> Iterator[str]:
    """The functions that HTTP APIs call, and those that have a URL."""
    for api in apis:
        if function := (api.get("config") or {}).get("FunctionArn"):
            yield function
        uris = [integration.get("IntegrationUri") for integration in api.get("integrations") or ()]
        uris += [authorizer.get("AuthorizerUri") for authorizer in api.get("authorizers") or ()]
        yield from (arn for uri in uris if uri and (arn := lambda_arn(uri)))


def pool_arns(apis: Iterable[InspectedApi]) -> Iterator[str]:
    """The user pools that the authorizers of REST APIs name."""
    for api in apis:
        for authorizer in api.get("authorizers") or ():
            yield from authorizer.get("providerARNs") or ()


def requires_keys(api: InspectedApi) -> bool:
    """Whether any method requires an API key, live or as deployed."""
    live = any(
        method.get("apiKeyRequired")
        for resource in api.get("resources") or ()
        for method in (resource.get("resourceMethods") or {}).values()
    )
    return live or any(
        method.get("apiKeyRequired")
        for deployment in (api.get("deployments") or {}).values()
        for methods in (deployment.get("apiSummary") or {}).values()
        for method in methods.values()
    )
