"""What the inspected APIs depend on: functions, user pools, app clients and clusters, and what is in front of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.inspector_edge import Part, custom_domains, distributions, usage_plans
from accountsctl.adapters.aws.inspector_references import (
    InspectedApi,
    function_arns,
    http_function_arns,
    pool_arns,
    requires_keys,
)
from accountsctl.adapters.aws.partial_reads import PartialReads, plain, selected
from accountsctl.adapters.aws.session import Session
from accountsctl.doctor.facts.deployed.arns import is_cluster, pool_id

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import UserPoolClientTypeTypeDef

CONFIGURATION = ("FunctionName", "Runtime", "Handler", "Timeout", "State", "LastUpdateStatus", "StateReason")
CLUSTER = ("DBClusterIdentifier", "Status", "HttpEndpointEnabled")
ELSEWHERE = "It is in another region or account."


@dataclass(frozen=True)
class ApiDependencies:
    """Reads what APIs depend on. `account` is that of their stacks; empty if it is not known."""

    session: Session
    reads: PartialReads
    account: str

    def inspect(
        self,
        rest: Iterable[InspectedApi | None],
        http: Iterable[InspectedApi | None],
        pools: Iterable[str],
        clusters: Iterable[str],
    ) -> Part:
        """The parts of `ports.Inspector.inspect` that are not the APIs themselves."""
        rest_apis, http_apis = [api for api in rest if api], [api for api in http if api]
        arns = dict.fromkeys([*function_arns(rest_apis), *http_function_arns(http_apis)])
        functions = {arn: self._function(arn) for arn in arns}
        pool_ids = dict.fromkeys([*self._reachable_pools(rest_apis), *pools])
        found_pools = {pool: self._pool(pool) for pool in pool_ids}
        edge = self._edge(rest_apis)
        return {
            "functions": functions,
            "clusters": dict(self._clusters(sorted({*_named_clusters(functions.values()), *clusters}))),
            "pools": {pool: {"exists": exists} for pool, exists in found_pools.items() if exists is not None},
            "clients": {
                client_id: client
                for pool, exists in found_pools.items()
                if exists
                for client_id, client in self._clients(pool)
            },
            **edge,
        }

    def _edge(self, apis: list[InspectedApi]) -> Part:
        """What is in front of the APIs; without the parts that are not needed or not reported."""
        if not apis:
            return {}
        client = service_client(self.session, "apigateway")
        # Usage plans belong to the account, and there may be many: they are read only if a method needs a key.
        plans = usage_plans(client, self.reads) if any(requires_keys(api) for api in apis) else None
        domains = custom_domains(client, self.reads)
        # CloudFront never leads to an endpoint of this machine.
        at_aws = not self.session.endpoint
        cloudfront = distributions(service_client(self.session, "cloudfront"), self.reads) if at_aws else None
        parts = {"usagePlans": plans, "domains": domains, "distributions": cloudfront}
        return {name: part for name, part in parts.items() if part is not None}

    def _reachable_pools(self, apis: Iterable[InspectedApi]) -> Iterator[str]:
        """The pools that authorizers name. Of one elsewhere Cognito would report that it does not exist."""
        for arn in dict.fromkeys(pool_arns(apis)):
            if self._is_elsewhere(arn):
                self.reads.skip(f"the user pool {pool_id(arn)}", ELSEWHERE)
            else:
                yield pool_id(arn)

    def _is_elsewhere(self, arn: str) -> bool:
        """Whether an ARN is of another region or account than the stacks."""
        _, _, _, region, account, *_ = [*arn.split(":"), "", "", "", "", ""]
        return region != self.session.region or (bool(self.account) and account != self.account)

    def _function(self, arn: str) -> Part:
        name = _function_name(arn)
        if arn.startswith("arn:") and arn.split(":")[3] != self.session.region:
            self.reads.skip(f"the function {name}", ELSEWHERE)
            return {"exists": True}
        client = service_client(self.session, "lambda")
        configuration = self.reads.read_if_present(
            f"the function {name}", lambda: client.get_function_configuration(FunctionName=arn)
        )
        if configuration is False:
            return {"exists": False}
        function: Part = {"exists": True}
        if isinstance(configuration, dict):
            function["configuration"] = _configuration(configuration)
        policy = self.reads.read_if_present(
            f"who may call the function {name}", lambda: client.get_policy(FunctionName=arn)["Policy"]
        )
        if policy is not None:
            function["policy"] = json.loads(policy) if isinstance(policy, str) else {"Statement": []}
        limit = self.reads.read_if_present(
            f"the concurrency of {name}",
            lambda: client.get_function_concurrency(FunctionName=_unqualified(arn)),
        )
        if isinstance(limit, dict):
            function["concurrency"] = limit.get("ReservedConcurrentExecutions")
        return function

    def _pool(self, pool: str) -> bool | None:
        client = service_client(self.session, "cognito-idp")
        response = self.reads.read_if_present(
            f"the user pool {pool}", lambda: client.describe_user_pool(UserPoolId=pool)
        )
        return None if response is None else bool(response)

    def _clients(self, pool: str) -> Iterator[tuple[str, Part]]:
        cognito = service_client(self.session, "cognito-idp")
        pages = cognito.get_paginator("list_user_pool_clients")
        client_ids = self.reads.read(
            f"the app clients of {pool}",
            lambda: [
                client["ClientId"]
                for page in pages.paginate(UserPoolId=pool, PaginationConfig={"PageSize": 60})
                for client in page["UserPoolClients"]
            ],
        )
        for client_id in client_ids or ():
            response = self.reads.read(
                f"the app client {client_id}",
                partial(cognito.describe_user_pool_client, UserPoolId=pool, ClientId=client_id),
            )
            if response is not None:
                yield client_id, _client(pool, response["UserPoolClient"])

    def _clusters(self, names: Iterable[str]) -> Iterator[tuple[str, Part]]:
        client = service_client(self.session, "rds")
        for name in names:
            response = self.reads.read_if_present(
                f"the cluster {name.rpartition(':')[2]}",
                partial(client.describe_db_clusters, DBClusterIdentifier=name),
            )
            for cluster in response["DBClusters"] if isinstance(response, dict) else ():
                scaling = plain(cluster.get("ServerlessV2ScalingConfiguration") or {})
                yield cluster["DBClusterArn"], {**selected(cluster, CLUSTER), "serverlessV2": scaling}


def _named_clusters(functions: Iterable[Part]) -> Iterator[str]:
    """The clusters that the functions' environments name."""
    for function in functions:
        configuration = function.get("configuration")
        if isinstance(configuration, dict):
            yield from configuration["clusters"]


def _configuration(response: Mapping[str, object]) -> Part:
    """A function's configuration; of its environment only the clusters that it names."""
    environment = response.get("Environment")
    values = (environment.get("Variables") or {}).values() if isinstance(environment, dict) else ()
    clusters = sorted({value for value in values if is_cluster(value)})
    return {**selected(response, CONFIGURATION), "clusters": clusters}


def _client(pool: str, client: UserPoolClientTypeTypeDef) -> Part:
    """An app client without its secret."""
    return {
        "exists": True,
        "pool": pool,
        "name": client.get("ClientName", ""),
        "scopes": sorted(client.get("AllowedOAuthScopes") or ()),
    }


def _unqualified(arn: str) -> str:
    """A function's ARN without its alias or version, which has no concurrency of its own."""
    return ":".join(arn.split(":")[:7])


def _function_name(arn: str) -> str:
    return arn.partition(":function:")[2]
