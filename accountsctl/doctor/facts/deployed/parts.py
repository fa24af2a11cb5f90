"""What is around the methods: authorizers, gateway responses, stages, domains, functions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from accountsctl.doctor.facts.app_clients import Client
from accountsctl.doctor.facts.custom_domains import Domain
from accountsctl.doctor.facts.deployed.arns import called, function_name, pool_id
from accountsctl.doctor.facts.deployed.resources import place
from accountsctl.doctor.facts.identity_sources import identity_source
from accountsctl.doctor.facts.model import Authorizer, Function, GatewayResponse, Stage
from accountsctl.doctor.facts.permissions import Permission
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates.gateway_responses import gateway_headers
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.data_mappings import AUTHORIZATION, ORIGIN

AUTHORIZERS = "apigateway:GetAuthorizers"
RESPONSES = "apigateway:GetGatewayResponses"
STAGES = "apigateway:GetStages"
ARN_OPERATORS = frozenset({"ArnLike", "ArnEquals", "StringLike", "StringEquals"})
AUTHORIZER_FIELDS = {
    "type": "type",
    "identity_source": "identitySource",
    "pools": "providerARNs",
    "expression": "identityValidationExpression",
    "ttl": "authorizerResultTtlInSeconds",
    "function": "authorizerUri",
    "role": "authorizerCredentials",
}

Json = Mapping[str, Any]


def authorizers(items: Iterable[Json], variables: Mapping[str, str], pools: Json) -> dict[str, Authorizer]:
    """The authorizers by name. `pools` are user pool id -> ``{"exists": bool}``, where it was looked."""
    found = {}
    for index, reported in enumerate(items):
        arns = reported.get("providerARNs")
        name = reported.get("name") or reported["id"]
        ids = tuple(pool_id(arn) for arn in arns) if arns else None
        found[name] = Authorizer(
            name=name,
            type=reported.get("type", ""),
            place=place(AUTHORIZERS, f"/items/{index}", AUTHORIZER_FIELDS),
            identity_source=identity_source(
                reported.get("type", ""), reported.get("identitySource") or "", AUTHORIZATION
            ),
            pools=ids,
            expression=reported.get("identityValidationExpression"),
            ttl=int(reported.get("authorizerResultTtlInSeconds", 300)),
            function=called(reported.get("authorizerUri", ""), variables),
            role=bool(reported.get("authorizerCredentials")),
            pool_exists=pools_exist(ids, pools),
        )
    return found


def pools_exist(ids: tuple[str, ...] | None, pools: Json) -> bool | None:
    """False if one of the pools is gone; None if that was not reported."""
    known = [pools[id_].get("exists") for id_ in ids or () if id_ in pools]
    return None if not known or None in known else all(known)


def gateway_responses(items: Iterable[Json]) -> dict[str, GatewayResponse]:
    """The customised gateway responses by type."""
    return {
        reported["responseType"]: _gateway_response(reported, f"/items/{index}")
        for index, reported in enumerate(items)
        if not reported.get("defaultResponse")
    }


def _gateway_response(reported: Json, pointer: str) -> GatewayResponse:
    status = reported.get("statusCode")
    return GatewayResponse(
        type=reported["responseType"],
        place=place(RESPONSES, pointer, {"status": "statusCode", "headers": "responseParameters"}),
        status=int(status) if status else None,
        headers=gateway_headers(reported.get("responseParameters") or {}),
    )


def stages(api: Json, plans: Iterable[Json] | None) -> dict[str, Stage]:
    """The stages of one API by name. `plans` are the account's usage plans with their numbers of keys."""
    every = list(plans) if plans is not None else None
    return {stage["stageName"]: _stage(api, index, stage, every) for index, stage in enumerate(api["stages"])}


def _stage(api: Json, index: int, reported: Json, plans: list[Json] | None) -> Stage:
    fields = {
        "variables": "variables",
        "cached": "cacheClusterEnabled",
        "canary": "canarySettings",
        "waf": "webAclArn",
        "throttled": "methodSettings",
    }
    settings = reported.get("methodSettings") or {}
    own = [plan for plan in plans or () if _covers(plan, api["id"], reported["stageName"])]
    of_plans = next((text for plan in own if (text := _limit(plan))), None)
    return Stage(
        name=reported["stageName"],
        place=place(STAGES, f"/item/{index}", fields),
        variables=reported.get("variables") or {},
        cached=bool(reported.get("cacheClusterEnabled"))
        and any(one.get("cachingEnabled") for one in settings.values()),
        cache_keys_origin=_keys_origin(api),
        canary=bool(reported.get("canarySettings")),
        waf=bool(reported.get("webAclArn")),
        keys_served=None if plans is None else any(plan.get("keys") for plan in own),
        throttled={**({"*/*": of_plans} if of_plans else {}), **_throttled(settings)},
    )


def _covers(plan: Json, api: str, stage: str) -> bool:
    return any(
        (covered.get("apiId"), covered.get("stage")) == (api, stage)
        for covered in plan.get("apiStages") or ()
    )


def _keys_origin(api: Json) -> bool:
    """Whether every GET that could be cached has the Origin in its key."""
    methods = [
        method.get("methodIntegration") or {}
        for item in api.get("resources") or ()
        for verb, method in (item.get("resourceMethods") or {}).items()
        if verb in ("GET", "ANY")
    ]
    return bool(methods) and all(ORIGIN in (method.get("cacheKeyParameters") or ()) for method in methods)


def _throttled(settings: Json) -> dict[str, str]:
    """The limits that let no request pass, by their methods; limits that do are not a fault."""
    return {
        methods: f"{methods}: {name} 0"
        for methods, setting in settings.items()
        for name in ("throttlingBurstLimit", "throttlingRateLimit")
        if name in setting and not setting[name]
    }


def _limit(plan: Json) -> str | None:
    for name in ("rateLimit", "burstLimit"):
        if (plan.get("throttle") or {}).get(name) == 0:
            return f"usage plan {plan.get('name') or plan.get('id')}: {name} 0"
    return f"usage plan {plan.get('name') or plan.get('id')}: quota 0" if _no_quota(plan) else None


def _no_quota(plan: Json) -> bool:
    return (plan.get("quota") or {}).get("limit") == 0


def domains(items: Iterable[Json], api: str) -> tuple[Domain, ...]:
    """Custom domains that lead to an API, and those that lead nowhere."""
    found = []
    for domain in items:
        mappings = domain.get("mappings")
        own = {
            _base_of(mapping): _stage_of(mapping)
            for mapping in mappings or ()
            if mapping.get("restApiId") == api
        }
        if own or mappings == []:
            fields = {"mappings": "mappings", "mutual_tls": "mutualTlsAuthentication"}
            pointer = f"/{escaped(domain['domainName'])}"
            where = place("apigateway:GetDomainNames", pointer, fields)
            found.append(
                Domain(
                    domain["domainName"],
                    where,
                    own,
                    bool(domain.get("mutualTlsAuthentication")),
                    None if mappings is None else frozenset(map(_base_of, mappings)),
                )
            )
    return tuple(found)


def _base_of(mapping: Json) -> str:
    return "" if mapping.get("basePath") in (None, "(none)") else str(mapping["basePath"])


def _stage_of(mapping: Json) -> str:
    stage = mapping.get("stage") or ""
    return "" if stage == "(none)" else str(stage)


def functions(reported: Json, clusters: Json) -> dict[str, Function]:
    """The functions that APIs call, by name. `clusters` are the databases that they name, by ARN."""
    return {function_name(arn): _function(arn, settings, clusters) for arn, settings in reported.items()}


def _function(arn: str, reported: Json, clusters: Json) -> Function:
    configuration = reported.get("configuration") or {}
    key = function_name(arn)
    where = f"lambda:GetFunctionConfiguration {key}"
    fields = {"timeout": "/Timeout", "state": "/State"}
    return Function(
        key=key,
        place=SourcePlace(Layer.DEPLOYED, where, "", fields),
        permissions=tuple(_permissions(reported["policy"], key)) if "policy" in reported else None,
        timeout=configuration.get("Timeout"),
        concurrency=reported.get("concurrency"),
        database_sleeps=_sleeps(configuration.get("clusters") or (), clusters),
        state=_state(configuration),
        exists=bool(reported.get("exists", True)),
    )


def _state(configuration: Json) -> str | None:
    state = configuration.get("State")
    if configuration.get("LastUpdateStatus") == "Failed":
        return "UpdateFailed"
    return str(state) if state else None


def _sleeps(arns: Iterable[str], clusters: Json) -> bool | None:
    """Whether a database pauses by itself: a minimum of no capacity."""
    known = [clusters[arn] for arn in arns if arn in clusters]
    if not known:
        return None
    return any((cluster.get("serverlessV2") or {}).get("MinCapacity") == 0 for cluster in known)


def _permissions(policy: Json | str | None, key: str) -> Iterator[Permission]:
    document = json.loads(policy) if isinstance(policy, str) else policy or {}
    for index, statement in enumerate(document.get("Statement") or ()):
        if statement.get("Effect") != "Allow":
            continue
        where = SourcePlace(Layer.DEPLOYED, f"lambda:GetPolicy {key}", f"/Statement/{index}")
        condition = statement.get("Condition") or {}
        source = next(iter(_required(condition, "aws:SourceArn", ARN_OPERATORS)), None)
        by_url = "true" in _required(condition, "lambda:InvokedViaFunctionUrl", ("Bool",))
        auth = next(iter(_required(condition, "lambda:FunctionUrlAuthType", ("StringEquals",))), None)
        for principal in _principals(statement.get("Principal")):
            for action in _listed(statement.get("Action")):
                yield Permission(principal, where, source, action, by_url=by_url, url_auth=auth)


def _principals(principals: Any) -> list[str]:
    if isinstance(principals, Mapping):
        return [value for values in principals.values() for value in _listed(values)]
    return _listed(principals)


def _required(condition: Json, key: str, operators: Collection[str]) -> list[str]:
    """The values that a policy's condition asks of a key by one of these operators."""
    for operator, tests in condition.items():
        for name, value in tests.items():
            if operator in operators and name.lower() == key.lower():
                return _listed(value)
    return []


def _listed(value: Any) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else [str(value)] if value else []


def clients(reported: Json) -> dict[str, Client]:
    """App clients of the pools by id; those that are not there are left out."""
    return {
        id_: Client(
            id=id_,
            pool=settings["pool"],
            place=SourcePlace(Layer.DEPLOYED, f"cognito-idp:DescribeUserPoolClient {id_}"),
            scopes=tuple(settings.get("scopes") or ()),
        )
        for id_, settings in reported.items()
        if settings.get("exists")
    }
