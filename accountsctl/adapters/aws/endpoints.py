"""What answers HTTP in deployed stacks, by what CloudFormation lists: the adapter of `ports.Endpoints`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.stack_reads import StackReads
from accountsctl.model.endpoints import EndpointRoute, HttpEndpoint, HttpEndpointKind
from accountsctl.model.template_body import STACK
from accountsctl.ports.stack_repairs import ResourceSummary

DEFAULT = "$default"


class DeployedEndpoints:
    """`ports.Endpoints` over boto3."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stacks = StackReads(session)

    def find(self, stacks: Mapping[str, str]) -> tuple[HttpEndpoint, ...]:
        """Every stage of an API is one; WebSocket APIs and APIs without a stage are left out."""
        return tuple(found for name, arn in stacks.items() for found in self._of_stack(name, arn))

    def routes(self, endpoint: HttpEndpoint) -> tuple[EndpointRoute, ...]:
        """By GetRoutes: ``$default`` takes any path that no other route has."""
        if endpoint.kind is not HttpEndpointKind.HTTP:
            return ()
        with translated(f"read the routes of {endpoint.resource}"):
            pages = service_client(self._session, "apigatewayv2").get_paginator("get_routes")
            return tuple(
                _route(route["RouteKey"], route.get("AuthorizationType", "NONE"))
                for page in pages.paginate(ApiId=endpoint.id)
                for route in page["Items"]
            )

    def _of_stack(self, name: str, arn: str) -> Iterator[HttpEndpoint]:
        for resource in self._stacks.resources(arn):
            match resource.type:
                case str(type_) if type_ == STACK:
                    yield from self._of_stack(name, resource.physical_id)
                case "AWS::ApiGateway::RestApi":
                    yield from self._rest(name, resource)
                case "AWS::ApiGatewayV2::Api":
                    yield from self._http(name, resource)
                case "AWS::Lambda::Url":
                    yield self._url(name, resource)

    def _rest(self, name: str, resource: ResourceSummary) -> Iterator[HttpEndpoint]:
        client, id_ = service_client(self._session, "apigateway"), resource.physical_id
        with translated(f"read the API {name}"):
            api = client.get_rest_api(restApiId=id_)
            stages = [stage["stageName"] for stage in client.get_stages(restApiId=id_)["item"]]
        host = f"https://{id_}.execute-api.{self._session.region}.amazonaws.com"
        for stage in stages:
            url = self._session.reachable(f"{host}/{stage}")
            logical = resource.logical_id
            yield HttpEndpoint(HttpEndpointKind.REST, name, logical, id_, api.get("name", ""), url, stage)

    def _http(self, name: str, resource: ResourceSummary) -> Iterator[HttpEndpoint]:
        client, id_ = service_client(self._session, "apigatewayv2"), resource.physical_id
        with translated(f"read the API {name}"):
            api = client.get_api(ApiId=id_)
            stages = [stage["StageName"] for stage in client.get_stages(ApiId=id_)["Items"]]
        if api["ProtocolType"] != "HTTP":
            return
        for stage in stages:
            path = "" if stage == DEFAULT else f"/{stage}"
            host = f"https://{id_}.execute-api.{self._session.region}.amazonaws.com"
            url = self._session.reachable(f"{host}{path}")
            yield HttpEndpoint(HttpEndpointKind.HTTP, name, resource.logical_id, id_, id_, url, stage)

    def _url(self, name: str, resource: ResourceSummary) -> HttpEndpoint:
        """The physical id is the ARN of the function, with the alias if there is one."""
        client = service_client(self._session, "lambda")
        with translated(f"read the function URL of {name}"):
            config = client.get_function_url_config(FunctionName=resource.physical_id)
        address = config["FunctionUrl"].rstrip("/")
        # The embedded cloud gives the address on its endpoint, whose path ends with the id.
        id_ = address.rpartition("/")[2].partition(".")[0]
        function = config["FunctionArn"].split(":")[6]
        url = self._session.reachable(address)
        return HttpEndpoint(
            HttpEndpointKind.URL, name, resource.logical_id, id_, function, url, auth=config["AuthType"]
        )


def _route(key: str, authorization: str) -> EndpointRoute:
    method, _, path = key.partition(" ")
    return EndpointRoute(method, path, authorization) if path else EndpointRoute("ANY", key, authorization)
