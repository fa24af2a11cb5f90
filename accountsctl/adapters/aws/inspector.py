"""What AWS tells of an environment's APIs, and of all that a request meets on its way: `ports.Inspector`.

    stacks       which APIs, domains and clusters there are: ListStackResources, nested stacks too
    each API     its settings, stages, live resources, authorizers, gateway responses, validators
                 GetExport of each stage, which is the deployed snapshot; GetDeployment's summary of it
    around it    usage plans (numbers of keys, never a key), domains, functions, pools, clients, clusters

Nothing is changed, and no secret is kept: of a function's environment only the ARNs of clusters, of an app
client no secret, of stage variables only those that name a function.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote

from accountsctl.adapters.aws.api_exports import export
from accountsctl.adapters.aws.asking import Asking, plain
from accountsctl.adapters.aws.follow import STACK
from accountsctl.adapters.aws.inspector_dependencies import Around
from accountsctl.adapters.aws.inspector_http import http_api
from accountsctl.adapters.aws.session import Session
from accountsctl.doctor.facts.deployed.arns import stage_variables

REST_API = "AWS::ApiGateway::RestApi"
HTTP_API = "AWS::ApiGatewayV2::Api"
CLUSTER = "AWS::RDS::DBCluster"
KEPT = (REST_API, HTTP_API, CLUSTER)
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


class AwsInspector:
    """`ports.Inspector` over boto3."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def inspect(self, stacks: Mapping[str, str], pools: Iterable[str] = ()) -> Mapping[str, Any]:
        """Everything about the APIs of `stacks`; CouldNotLook where every call is refused."""
        return _Look(self._session).run(stacks, pools)


class _Look:
    """One look; what was not told is in `_asking`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asking = Asking()

    def run(self, stacks: Mapping[str, str], pools: Iterable[str]) -> Mapping[str, Any]:
        found = [(name, *each) for name, arn in stacks.items() for each in self._resources(arn)]
        apis = [self._rest(name, id_) for name, _, kind, id_ in _named(found) if kind == REST_API]
        http = [
            http_api(self._session.client("apigatewayv2"), self._asking, name, id_)
            for name, _, kind, id_ in _named(found)
            if kind == HTTP_API
        ]
        around = Around(self._session, self._asking, _account(stacks.values()))
        seen = {
            "region": self._session.region,
            "apis": [each for each in apis if each],
            "httpApis": [each for each in http if each],
            **around.look(apis, http, pools, [id_ for _, _, kind, id_ in found if kind == CLUSTER]),
        }
        self._asking.require_an_answer()
        return {**seen, "notReported": list(self._asking.not_reported)}

    def _resources(self, stack: str) -> Iterator[tuple[str, str, str]]:
        """Logical id, type and physical id of what is of interest in a stack and in those nested in it."""
        listed = self._asking.ask(f"the resources of {_short(stack)}", lambda: self._listed(stack)) or []
        for each in listed:
            kind, physical = each["ResourceType"], each.get("PhysicalResourceId")
            if not physical or each.get("ResourceStatus") == "DELETE_COMPLETE":
                continue
            if kind == STACK:
                yield from self._resources(physical)
            elif kind in KEPT:
                yield each["LogicalResourceId"], kind, physical

    def _listed(self, stack: str) -> list[dict[str, Any]]:
        pages = self._session.client("cloudformation").get_paginator("list_stack_resources")
        return [each for page in pages.paginate(StackName=stack) for each in page["StackResourceSummaries"]]

    def _rest(self, name: str, id_: str) -> dict[str, Any] | None:
        client = self._session.client("apigateway")
        api = self._asking.ask(f"the API {name}", lambda: client.get_rest_api(restApiId=id_))
        if api is None:
            return None
        told: dict[str, Any] = {"name": name, "id": id_, "api": _settings(api)}
        every = {"restApiId": id_}
        for key, operation, extra in (
            ("resources", "get_resources", {"embed": ["methods"]}),
            ("authorizers", "get_authorizers", {}),
            ("gatewayResponses", "get_gateway_responses", {}),
            ("validators", "get_request_validators", {}),
        ):
            items = self._asking.ask(
                f"{operation.removeprefix('get_').replace('_', ' ')} of {name}",
                partial(_pages, client, operation, {**every, **extra}),
            )
            if items is not None:
                told[key] = plain(items)
        stages = self._asking.ask(f"the stages of {name}", lambda: client.get_stages(**every)["item"]) or []
        told["stages"] = [_stage(each, told) for each in stages]
        told["deployments"] = dict(self._deployments(client, name, id_, stages))
        told["exports"] = dict(self._exports(client, name, id_, stages))
        return told

    def _deployments(
        self, client: Any, name: str, id_: str, stages: Iterable[Mapping[str, Any]]
    ) -> Iterator[tuple[str, Any]]:
        for deployment in sorted({each["deploymentId"] for each in stages if each.get("deploymentId")}):
            told = self._asking.ask(
                f"the deployment {deployment} of {name}",
                partial(client.get_deployment, restApiId=id_, deploymentId=deployment, embed=["apisummary"]),
            )
            if told is not None:
                yield deployment, plain(told)

    def _exports(
        self, client: Any, name: str, id_: str, stages: Iterable[Mapping[str, Any]]
    ) -> Iterator[tuple[str, Any]]:
        """The snapshots that the stages serve. https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html"""
        for stage in [each["stageName"] for each in stages]:
            told = self._asking.ask(
                f"the export of {name}'s stage {stage}", partial(export, client, id_, stage)
            )
            if told is not None:
                yield stage, told


def _pages(client: Any, operation: str, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All items of a listing, page by page: not every one of them has a paginator."""
    items: list[dict[str, Any]] = []
    position: dict[str, str] = {}
    while True:
        page = getattr(client, operation)(**arguments, limit=MANY, **position)
        items += page.get("items") or ()
        if not page.get("position"):
            return items
        position = {"position": page["position"]}


def _named(found: Iterable[tuple[str, str, str, str]]) -> Iterator[tuple[str, str, str, str]]:
    """The APIs under the names of their resources, with the logical id where one stack has several."""
    apis = [each for each in found if each[2] in (REST_API, HTTP_API)]
    for name, logical, kind, id_ in apis:
        several = sum(other[0] == name for other in apis) > 1
        yield f"{name}#{logical}" if several else name, logical, kind, id_


def _settings(api: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: plain(api[key]) for key in API_SETTINGS if key in api}
    policy = _policy(api.get("policy"))
    return {**kept, **({"policy": policy} if policy else {})}


def _policy(text: str | None) -> Any:
    """A resource policy; API Gateway gives it with its quotes escaped once more, or percent-encoded."""
    if not text:
        return None
    for candidate in (text, text.replace('\\"', '"'), unquote(text)):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return {"unread": text}


def _stage(stage: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """A stage without the values of variables that name no function."""
    used = {
        name
        for item in told.get("resources") or ()
        for method in (item.get("resourceMethods") or {}).values()
        for name in stage_variables((method.get("methodIntegration") or {}).get("uri") or "")
    }
    used |= {
        name
        for each in told.get("authorizers") or ()
        for name in stage_variables(each.get("authorizerUri") or "")
    }
    variables = stage.get("variables") or {}
    return {
        **{key: plain(stage[key]) for key in STAGE_SETTINGS if stage.get(key) is not None},
        "variables": {name: value if name in used else HIDDEN for name, value in variables.items()},
    }


def _account(stacks: Iterable[str]) -> str:
    """The account of the stacks, of their ARNs."""
    return next((each.split(":")[4] for each in stacks if each.startswith("arn:")), "")


def _short(stack: str) -> str:
    """A stack's name, of its ARN."""
    return stack.split("/")[1] if stack.startswith("arn:") else stack
