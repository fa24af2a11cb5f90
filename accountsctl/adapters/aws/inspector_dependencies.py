"""What a request meets beside the API itself: functions, pools, clients, clusters, usage plans, domains."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from accountsctl.adapters.aws.asking import Asking, plain
from accountsctl.adapters.aws.session import Session
from accountsctl.doctor.facts.deployed import export
from accountsctl.doctor.facts.deployed.arns import function_arn, is_cluster, pool_id
from accountsctl.doctor.facts.deployed.http_apis import lambda_arn

CONFIGURATION = ("FunctionName", "Runtime", "Handler", "Timeout", "State", "LastUpdateStatus", "StateReason")
CLUSTER = ("DBClusterIdentifier", "Status", "HttpEndpointEnabled")
PLAN = ("id", "name", "apiStages", "throttle", "quota")
DOMAIN = ("domainName", "domainNameStatus", "endpointConfiguration")
DISTRIBUTION = (
    "Id",
    "DomainName",
    "Aliases",
    "DefaultCacheBehavior",
    "CacheBehaviors",
    "CustomErrorResponses",
)
ELSEWHERE = "It is in another region or account."
REFRESH = frozenset({"ALLOW_REFRESH_TOKEN_AUTH"})

Api = Mapping[str, Any] | None
Json = dict[str, Any]


class Around:
    """Looks at what the APIs that were seen need. `account` is that of their stacks; empty where not known."""

    def __init__(self, session: Session, asking: Asking, account: str) -> None:
        self._session = session
        self._asking = asking
        self._account = account

    def look(
        self, rest: Iterable[Api], http: Iterable[Api], pools: Iterable[str], clusters: Iterable[str]
    ) -> Json:
        """The parts of `ports.Inspector.inspect` that are not the APIs'."""
        apis, others = [each for each in rest if each], [each for each in http if each]
        functions = {
            arn: self._function(arn) for arn in dict.fromkeys([*_functions(apis), *_http_functions(others)])
        }
        named = {
            arn for each in functions.values() for arn in each.get("configuration", {}).get("clusters", ())
        }
        ids = dict.fromkeys([*self._own_pools(apis), *pools])
        found = {pool: self._pool(pool) for pool in ids}
        plans = self._plans() if any(_wants_keys(each) for each in apis) else None
        domains = self._domains() if apis else None
        # Nothing of CloudFront leads to an endpoint of one's own.
        edge = self._distributions() if apis and not self._session.endpoint else None
        return {
            "functions": functions,
            "clusters": dict(self._clusters(sorted({*named, *clusters}))),
            "pools": {pool: {"exists": exists} for pool, exists in found.items() if exists is not None},
            "clients": {
                id_: told for pool, exists in found.items() if exists for id_, told in self._clients(pool)
            },
            **({"usagePlans": plans} if plans is not None else {}),
            **({"domains": domains} if domains is not None else {}),
            **({"distributions": edge} if edge is not None else {}),
        }

    def _own_pools(self, apis: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        """The pools that authorizers name; of those elsewhere Cognito would say that they do not exist."""
        for arn in dict.fromkeys(_pools(apis)):
            if self._elsewhere(arn):
                self._asking.pass_over(f"the user pool {pool_id(arn)}", ELSEWHERE)
            else:
                yield pool_id(arn)

    def _elsewhere(self, arn: str) -> bool:
        """True for an ARN of another region or account than the stacks'."""
        _, _, _, region, account, *_ = [*arn.split(":"), "", "", "", "", ""]
        return region != self._session.region or (bool(self._account) and account != self._account)

    def _function(self, arn: str) -> Json:
        if arn.startswith("arn:") and arn.split(":")[3] != self._session.region:
            self._asking.pass_over(f"the function {_name(arn)}", ELSEWHERE)
            return {"exists": True}
        client = self._session.client("lambda")
        configuration = self._asking.find(
            f"the function {_name(arn)}", lambda: client.get_function_configuration(FunctionName=arn)
        )
        if configuration is False:
            return {"exists": False}
        told: Json = {"exists": True}
        if isinstance(configuration, dict):
            told["configuration"] = _configuration(configuration)
        policy = self._asking.find(
            f"who may call the function {_name(arn)}", lambda: client.get_policy(FunctionName=arn)["Policy"]
        )
        if policy is not None:
            told["policy"] = json.loads(policy) if isinstance(policy, str) else {"Statement": []}
        limit = self._asking.find(
            f"the concurrency of {_name(arn)}",
            lambda: client.get_function_concurrency(FunctionName=_unqualified(arn)),
        )
        if isinstance(limit, dict):
            told["concurrency"] = limit.get("ReservedConcurrentExecutions")
        return told

    def _pool(self, id_: str) -> bool | None:
        client = self._session.client("cognito-idp")
        told = self._asking.find(f"the user pool {id_}", lambda: client.describe_user_pool(UserPoolId=id_))
        return None if told is None else bool(told)

    def _clients(self, pool: str) -> Iterator[tuple[str, Json]]:
        client = self._session.client("cognito-idp")
        pages = client.get_paginator("list_user_pool_clients")
        listed = self._asking.ask(
            f"the app clients of {pool}",
            lambda: [
                each["ClientId"]
                for page in pages.paginate(UserPoolId=pool, MaxResults=60)
                for each in page["UserPoolClients"]
            ],
        )
        for id_ in listed or ():
            told = self._asking.ask(
                f"the app client {id_}",
                partial(client.describe_user_pool_client, UserPoolId=pool, ClientId=id_),
            )
            if told is not None:
                yield id_, _client(pool, told["UserPoolClient"])

    def _clusters(self, names: Iterable[str]) -> Iterator[tuple[str, Json]]:
        client = self._session.client("rds")
        for name in names:
            told = self._asking.find(
                f"the cluster {name.rpartition(':')[2]}",
                partial(client.describe_db_clusters, DBClusterIdentifier=name),
            )
            for each in told["DBClusters"] if isinstance(told, dict) else ():
                kept = {key: plain(each[key]) for key in CLUSTER if key in each}
                scaling = plain(each.get("ServerlessV2ScalingConfiguration") or {})
                yield each["DBClusterArn"], {**kept, "serverlessV2": scaling}

    def _plans(self) -> list[Json] | None:
        client = self._session.client("apigateway")
        listed = self._asking.ask(
            "the usage plans", lambda: client.get_paginator("get_usage_plans").paginate().build_full_result()
        )
        return None if listed is None else [self._plan(each) for each in listed.get("items") or ()]

    def _plan(self, told: Mapping[str, Any]) -> Json:
        client = self._session.client("apigateway")
        pages = client.get_paginator("get_usage_plan_keys")
        keys = self._asking.ask(
            f"the number of keys of the usage plan {told['id']}",
            lambda: sum(len(page.get("items") or ()) for page in pages.paginate(usagePlanId=told["id"])),
        )
        return {**{key: plain(told[key]) for key in PLAN if key in told}, "keys": keys or 0}

    def _domains(self) -> list[Json] | None:
        client = self._session.client("apigateway")
        pages = client.get_paginator("get_domain_names")
        listed = self._asking.ask("the custom domains", lambda: pages.paginate().build_full_result())
        return None if listed is None else [self._domain(each) for each in listed.get("items") or ()]

    def _distributions(self) -> list[Json] | None:
        client = self._session.client("cloudfront")
        pages = client.get_paginator("list_distributions")
        listed = self._asking.ask(
            "the CloudFront distributions", lambda: pages.paginate().build_full_result()
        )
        if listed is None:
            return None
        items = (listed.get("DistributionList") or {}).get("Items") or ()
        return [_distribution(each) for each in items]

    def _domain(self, told: Mapping[str, Any]) -> Json:
        client = self._session.client("apigateway")
        pages = client.get_paginator("get_base_path_mappings")
        name = told["domainName"]
        mappings = self._asking.find(
            f"the mappings of {name}", lambda: pages.paginate(domainName=name).build_full_result()
        )
        found: Json = {key: plain(told[key]) for key in DOMAIN if key in told}
        if told.get("mutualTlsAuthentication"):
            found["mutualTlsAuthentication"] = True
        if mappings is not None:
            found["mappings"] = plain(mappings.get("items") or []) if isinstance(mappings, dict) else []
        return found


def _distribution(told: Mapping[str, Any]) -> Json:
    """A distribution without its origins' custom headers, which may hold secrets that the origin asks for."""
    origins = [
        {"Id": each["Id"], "DomainName": each["DomainName"]} for each in told["Origins"].get("Items") or ()
    ]
    return {**{key: plain(told[key]) for key in DISTRIBUTION if key in told}, "Origins": origins}


def _configuration(told: Mapping[str, Any]) -> Json:
    """A function's configuration, its environment left out but for the clusters that it names."""
    values = (told.get("Environment") or {}).get("Variables") or {}
    clusters = sorted({each for each in values.values() if is_cluster(each)})
    return {**{key: plain(told[key]) for key in CONFIGURATION if key in told}, "clusters": clusters}


def _client(pool: str, told: Mapping[str, Any]) -> Json:
    """What may be told of an app client: never its secret."""
    flows = frozenset(told.get("ExplicitAuthFlows") or ())
    return {
        "exists": True,
        "pool": pool,
        "name": told.get("ClientName", ""),
        "scopes": sorted(told.get("AllowedOAuthScopes") or ()),
        "refreshes": bool(flows & REFRESH) if flows else None,
    }


def _functions(apis: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The ARNs of the functions that REST APIs call, live or as deployed, by every stage's variables."""
    for api in apis:
        for stage in api["stages"] or [{}]:
            variables = stage.get("variables") or {}
            for uri in _uris(api):
                arn = function_arn(uri, variables)
                if arn:
                    yield arn


def _uris(api: Mapping[str, Any]) -> Iterator[str]:
    for item in api.get("resources") or ():
        for method in (item.get("resourceMethods") or {}).values():
            yield (method.get("methodIntegration") or {}).get("uri") or ""
    for each in api.get("authorizers") or ():
        yield each.get("authorizerUri") or ""
    for document in (api.get("exports") or {}).values():
        yield from export.uris(document)


def _http_functions(apis: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for api in apis:
        told = [each.get("IntegrationUri") for each in api.get("integrations") or ()]
        told += [each.get("AuthorizerUri") for each in api.get("authorizers") or ()]
        yield from (arn for uri in told if uri and (arn := lambda_arn(uri)))


def _pools(apis: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for api in apis:
        for each in api.get("authorizers") or ():
            yield from each.get("providerARNs") or ()


def _wants_keys(api: Mapping[str, Any]) -> bool:
    """True where some method asks for a key, live or deployed: plans are the account's, and many."""
    live = any(
        method.get("apiKeyRequired")
        for item in api.get("resources") or ()
        for method in (item.get("resourceMethods") or {}).values()
    )
    return live or any(
        each.get("apiKeyRequired")
        for deployment in (api.get("deployments") or {}).values()
        for verbs in (deployment.get("apiSummary") or {}).values()
        for each in verbs.values()
    )


def _unqualified(arn: str) -> str:
    """A function's ARN without its alias or version, which has no concurrency of its own."""
    return ":".join(arn.split(":")[:7])


def _name(arn: str) -> str:
    return arn.partition(":function:")[2]
