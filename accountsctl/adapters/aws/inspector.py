"""What AWS reports of an environment's APIs, and of everything that a request meets on its way: `ports.Inspector`.

    stacks        which APIs, domains and clusters there are: ListStackResources, nested stacks too
    each API      its settings, stages, live resources, authorizers, gateway responses, validators
                  GetExport of each stage, which is the deployed snapshot; GetDeployment's summary of it
    each URL      a function's: GetFunctionUrlConfig
    each bucket   its CORS rules: GetBucketCors
    dependencies  usage plans (numbers of keys, never a key), domains, functions, pools, clients, clusters

Nothing is changed, and no secret is kept: of a function's environment only the ARNs of clusters, of an app
client no secret, of stage variables only those that name a function.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from accountsctl.adapters.aws.api_exports import export
from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.inspector_dependencies import ApiDependencies
from accountsctl.adapters.aws.inspector_http import function_url, http_api
from accountsctl.adapters.aws.inspector_references import InspectedApi
from accountsctl.adapters.aws.partial_reads import PartialReads, plain, selected
from accountsctl.adapters.aws.session import Session
from accountsctl.doctor.facts.stage_variables import stage_variables
from accountsctl.model.template_body import STACK
from accountsctl.ports.inspector import Inspection

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import StageTypeDef
    from mypy_boto3_cloudformation.type_defs import StackResourceSummaryTypeDef

REST_API = "AWS::ApiGateway::RestApi"
HTTP_API = "AWS::ApiGatewayV2::Api"
CLUSTER = "AWS::RDS::DBCluster"
FUNCTION_URL = "AWS::Lambda::Url"
ANSWERING = (REST_API, HTTP_API, FUNCTION_URL)
BUCKET = "AWS::S3::Bucket"
INSPECTED = (*ANSWERING, CLUSTER, BUCKET)
WITHOUT_RULES = frozenset({"NoSuchCORSConfiguration"})
HIDDEN = "***"
MANY = 500  # API Gateway's largest page
API_SETTINGS = (
    "id",
    "name",
    "binaryMediaTypes",
    "apiKeySource",
    "endpointConfiguration",
    "disableExecuteApiEndpoint",
    "warnings",
)
STAGE_SETTINGS = (
    "stageName",
    "deploymentId",
    "cacheClusterEnabled",
    "methodSettings",
    "canarySettings",
    "webAclArn",
    "lastUpdatedDate",
)


Part = dict[str, Any]
"""A part of an API in the terms of boto3's responses, as JSON."""


class StackResource(NamedTuple):
    """A resource of a stack: the name under which the stack is inspected, logical id, type and physical id."""

    name: str
    logical_id: str
    type: str
    physical_id: str


class AwsInspector:
    """`ports.Inspector` over boto3."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def inspect(self, stacks: Mapping[str, str], pools: Iterable[str] = ()) -> Inspection:
        """Everything about the APIs of `stacks`; CouldNotLook if every call is refused."""
        return _Inspection(self._session).inspect(stacks, pools)


class _Inspection:
    """One inspection; what was not reported is in `_reads`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reads = PartialReads()

    def inspect(self, stacks: Mapping[str, str], pools: Iterable[str]) -> Inspection:
        resources = [resource for name, arn in stacks.items() for resource in self._resources(name, arn)]
        apis = list(_named_apis(resources))
        rest = [self._rest_api(name, api.physical_id) for name, api in apis if api.type == REST_API]
        http = [self._http_api(name, api.physical_id) for name, api in apis if api.type == HTTP_API]
        urls = [self._function_url(name, api.physical_id) for name, api in apis if api.type == FUNCTION_URL]
        dependencies = ApiDependencies(self._session, self._reads, _account(stacks.values()))
        clusters = [resource.physical_id for resource in resources if resource.type == CLUSTER]
        inspection = {
            "region": self._session.region,
            "apis": [api for api in rest if api],
            "httpApis": [api for api in http if api],
            "functionUrls": [url for url in urls if url],
            "buckets": [self._bucket(bucket) for bucket in resources if bucket.type == BUCKET],
            **dependencies.inspect(rest, [*http, *urls], pools, clusters),
        }
        self._reads.require_a_response()
        return {**inspection, "notReported": list(self._reads.not_reported)}

    def _resources(self, name: str, stack: str) -> Iterator[StackResource]:
        """The APIs and clusters of a stack and of those nested in it."""
        summaries = (
            self._reads.read(f"the resources of {_short(stack)}", lambda: self._summaries(stack)) or []
        )
        for summary in summaries:
            type_, physical_id = summary["ResourceType"], summary.get("PhysicalResourceId")
            if not physical_id or summary.get("ResourceStatus") == "DELETE_COMPLETE":
                continue
            if type_ == STACK:
                yield from self._resources(name, physical_id)
            elif type_ in INSPECTED:
                yield StackResource(name, summary["LogicalResourceId"], type_, physical_id)

    def _summaries(self, stack: str) -> list[StackResourceSummaryTypeDef]:
        pages = service_client(self._session, "cloudformation").get_paginator("list_stack_resources")
        return [
            summary for page in pages.paginate(StackName=stack) for summary in page["StackResourceSummaries"]
        ]

    def _http_api(self, name: str, id_: str) -> InspectedApi | None:
        return http_api(service_client(self._session, "apigatewayv2"), self._reads, name, id_)

    def _function_url(self, name: str, function: str) -> InspectedApi | None:
        return function_url(service_client(self._session, "lambda"), self._reads, name, function)

    def _bucket(self, bucket: StackResource) -> Part:
        client = service_client(self._session, "s3")
        response = self._reads.read_if_present(
            f"the CORS rules of {bucket.physical_id}",
            lambda: client.get_bucket_cors(Bucket=bucket.physical_id),
            WITHOUT_RULES,
        )
        part: Part = {"name": f"{bucket.name}#{bucket.logical_id}", "bucket": bucket.physical_id}
        if isinstance(response, dict):
            part["rules"] = plain(response.get("CORSRules") or [])
        return part if response is None else {"rules": [], **part}

    def _rest_api(self, name: str, id_: str) -> InspectedApi | None:
        client = service_client(self._session, "apigateway")
        settings = self._reads.read(f"the API {name}", lambda: client.get_rest_api(restApiId=id_))
        if settings is None:
            return None
        api: Part = {"name": name, "id": id_, "api": _settings(settings)}
        resources = partial(client.get_resources, embed=["methods"])
        listings: dict[str, tuple[str, ListOperation]] = {
            "resources": ("resources", resources),
            "authorizers": ("authorizers", client.get_authorizers),
            "gatewayResponses": ("gateway responses", client.get_gateway_responses),
            "validators": ("request validators", client.get_request_validators),
        }
        for part, (what, operation) in listings.items():
            items = self._reads.read(f"{what} of {name}", partial(_all_items, operation, id_))
            if items is not None:
                api[part] = plain(items)
        response = self._reads.read(f"the stages of {name}", lambda: client.get_stages(restApiId=id_))
        stages = response["item"] if response else []
        api["stages"] = [_stage(stage, api) for stage in stages]
        api["deployments"] = dict(self._deployments(client, name, id_, stages))
        api["exports"] = dict(self._exports(client, name, id_, stages))
        return api

    def _deployments(
        self, client: APIGatewayClient, name: str, id_: str, stages: Iterable[StageTypeDef]
    ) -> Iterator[tuple[str, object]]:
        for deployment in sorted({stage["deploymentId"] for stage in stages if stage.get("deploymentId")}):
            response = self._reads.read(
                f"the deployment {deployment} of {name}",
                partial(client.get_deployment, restApiId=id_, deploymentId=deployment, embed=["apisummary"]),
            )
            if response is not None:
                yield deployment, plain(response)

    def _exports(
        self, client: APIGatewayClient, name: str, id_: str, stages: Iterable[StageTypeDef]
    ) -> Iterator[tuple[str, object]]:
        """The snapshots that the stages serve. https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html"""
        for stage in [stage["stageName"] for stage in stages]:
            document = self._reads.read(
                f"the export of {name}'s stage {stage}", partial(export, client, id_, stage)
            )
            if document is not None:
                yield stage, document


ListOperation = Callable[..., Mapping[str, Any]]
"""An operation that lists parts of a REST API: ``{items, position?}``."""


def _all_items(operation: ListOperation, id_: str) -> list[object]:
    """All items of a listing, page by page: not every one of them has a paginator."""
    items: list[object] = []
    position: dict[str, str] = {}
    while True:
        page = operation(restApiId=id_, limit=MANY, **position)
        items += page.get("items") or ()
        if not page.get("position"):
            return items
        position = {"position": page["position"]}


def _named_apis(resources: Iterable[StackResource]) -> Iterator[tuple[str, StackResource]]:
    """The APIs and function URLs under the names of their stacks, with the logical id if one stack has several."""
    apis = [resource for resource in resources if resource.type in ANSWERING]
    for api in apis:
        several = sum(other.name == api.name for other in apis) > 1
        yield f"{api.name}#{api.logical_id}" if several else api.name, api


def _settings(api: object) -> dict[str, object]:
    assert isinstance(api, dict)
    policy = _policy(api.get("policy"))
    return {**selected(api, API_SETTINGS), **({"policy": policy} if policy else {})}


def _policy(text: str | None) -> object:
    """A resource policy; API Gateway returns it with its quotes escaped a second time, or percent-encoded."""
    if not text:
        return None
    for candidate in (text, text.replace('\\"', '"'), unquote(text)):
        try:
            policy: object = json.loads(candidate)
        except ValueError:
            continue
        return policy
    return {"unread": text}


def _stage(stage: StageTypeDef, api: InspectedApi) -> dict[str, object]:
    """A stage without the values of variables that name no function."""
    used = {
        name
        for resource in api.get("resources") or ()
        for method in (resource.get("resourceMethods") or {}).values()
        for name in stage_variables((method.get("methodIntegration") or {}).get("uri") or "")
    }
    used |= {
        name
        for authorizer in api.get("authorizers") or ()
        for name in stage_variables(authorizer.get("authorizerUri") or "")
    }
    settings = {key: value for key, value in selected(stage, STAGE_SETTINGS).items() if value is not None}
    variables = stage.get("variables") or {}
    return {
        **settings,
        "variables": {name: value if name in used else HIDDEN for name, value in variables.items()},
    }


def _account(stacks: Iterable[str]) -> str:
    """The account of the stacks, from their ARNs; empty if it is not known."""
    return next((stack.split(":")[4] for stack in stacks if stack.startswith("arn:")), "")


def _short(stack: str) -> str:
    """A stack's name, from its ARN."""
    return stack.split("/")[1] if stack.startswith("arn:") else stack
