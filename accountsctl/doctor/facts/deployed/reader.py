"""What AWS tells of the deployed APIs, as facts: the JSON of `ports.Inspector` in, `facts.Api` out.

    routes       the stage's export (the whole snapshot), or where there is none: the deployment's summary, which
                 tells authorization only, over the live resources, or where there is not even that: these alone
    stale        what the live resources have that the snapshot has not, and the reverse
    the rest     authorizers and gateway responses are of the snapshot too; stages, domains and functions are live

What could not be looked at is in `not_reported`, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from accountsctl.doctor.facts.api_keys import keys_of_pages
from accountsctl.doctor.facts.deployed import edge, export, http_apis, parts, resources
from accountsctl.doctor.facts.deployed.buckets import buckets
from accountsctl.doctor.facts.deployed.function_urls import function_url
from accountsctl.doctor.facts.deployed.stale import common, differences
from accountsctl.doctor.facts.model import Api, Authorizer, GatewayResponse, Method, Routes
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.api_gateway import ApiKind, AuthorizationType

__all__ = ["read"]

SUMMARY = "apigateway:GetDeployment"
SNAPSHOT = "the deployed snapshot"
INTEGRATIONS = "the integrations of the deployed snapshot"

Json = Mapping[str, Any]


@dataclass(frozen=True)
class _Snapshot:
    """What a stage serves, as far as it was reported."""

    routes: Routes
    authorizers: Mapping[str, Authorizer]
    responses: Mapping[str, GatewayResponse]
    stale: Mapping[tuple[str, str], str]
    not_reported: tuple[tuple[str, str], ...] = ()
    binary_types: tuple[str, ...] = ()
    policy: Json | None = None


def read(
    seen: Json, *, stage: str | None = None, pools: Iterable[str] = (), identities: bool = False
) -> tuple[Api, ...]:
    """The APIs of `ports.Inspector.inspect`. Their routes are those of `stage`, or of the first that they have.

    `pools` are the ids of the user pools that the project means; `identities`: it has an identity pool for their users.
    """
    not_reported = tuple((gap["what"], gap["why"]) for gap in seen.get("notReported") or ())
    found = [_rest(api, seen, stage) for api in seen.get("apis") or ()]
    found += [_http(api, seen, stage) for api in seen.get("httpApis") or ()]
    functions = parts.functions(seen.get("functions") or {}, seen.get("clusters") or {})
    found += [function_url(url, functions) for url in seen.get("functionUrls") or ()]
    found += buckets(seen.get("buckets") or ())
    return tuple(
        replace(
            api,
            project_pools=frozenset(pools),
            project_identities=identities,
            not_reported=(*api.not_reported, *not_reported),
        )
        for api in found
    )


def _rest(api: Json, seen: Json, wanted: str | None) -> Api:
    stages = parts.stages(api, seen.get("usagePlans"))
    stage = wanted if wanted in stages else next(iter(stages), None)
    variables = stages[stage].variables if stage else {}
    snapshot = _snapshot(api, stage, variables, seen.get("pools") or {})
    settings = api.get("api") or {}
    domains = parts.domains(seen.get("domains") or (), api["id"])
    kinds = (settings.get("endpointConfiguration") or {}).get("types") or ()
    return Api(
        name=api["name"],
        layer=Layer.DEPLOYED,
        place=SourcePlace(Layer.DEPLOYED, f"apigateway:GetRestApi {api['id']}", "", _SETTINGS),
        routes=keys_of_pages(snapshot.routes, settings.get("apiKeySource")),
        id=api["id"],
        authorizers=snapshot.authorizers,
        responses=snapshot.responses,
        functions=parts.functions(seen.get("functions") or {}, seen.get("clusters") or {}),
        stages=stages,
        domains=domains,
        distributions=edge.distributions(seen.get("distributions") or (), api["id"], domains),
        binary_types=snapshot.binary_types,
        policy=snapshot.policy,
        endpoint_disabled=bool(settings.get("disableExecuteApiEndpoint")),
        private="PRIVATE" in kinds,
        not_reported=snapshot.not_reported,
        stale=snapshot.stale,
        stage=stage,
        clients=parts.clients(seen.get("clients") or {}),
    )


_SETTINGS = {
    "policy": "/policy",
    "binary_types": "/binaryMediaTypes",
    "endpoint_disabled": "/disableExecuteApiEndpoint",
    "private": "/endpointConfiguration/types",
}


def _snapshot(api: Json, stage: str | None, variables: Mapping[str, str], pools: Json) -> _Snapshot:
    names = resources.Names(
        {
            authorizer["id"]: authorizer.get("name") or authorizer["id"]
            for authorizer in api.get("authorizers") or ()
        },
        {validator["id"]: validator for validator in api.get("validators") or ()},
        variables,
    )
    live = resources.routes(api.get("resources") or (), names)
    authorizers = parts.authorizers(api.get("authorizers") or (), variables, pools)
    responses = parts.gateway_responses(api.get("gatewayResponses") or ())
    settings = api.get("api") or {}
    now = _Snapshot(
        live,
        authorizers,
        responses,
        {},
        binary_types=tuple(settings.get("binaryMediaTypes") or ()),
        policy=settings.get("policy"),
    )
    if stage is None:
        return replace(now, routes={}, not_reported=(("what is deployed", "The API has no stage."),))
    document = (api.get("exports") or {}).get(stage) or {}
    if export.complete(document):
        return _exported(document, now, variables, api)
    deployment = _deployment(api, stage)
    if "apiSummary" in deployment:
        return _summed_up(deployment, now)
    why = (
        "Neither GetExport nor GetDeployment returned the stage's snapshot; the live resources stand for it."
    )
    return replace(now, not_reported=((SNAPSHOT, why),))


def _deployment(api: Json, stage: str) -> Json:
    id_ = next(reported.get("deploymentId") for reported in api["stages"] if reported["stageName"] == stage)
    found: Json = (api.get("deployments") or {}).get(id_) or {}
    return found


def _exported(document: Json, now: _Snapshot, variables: Mapping[str, str], api: Json) -> _Snapshot:
    """The snapshot by its export. What an export leaves out altogether is as it is now, and never called stale."""
    deployed = export.read(document, variables)
    # An export names the authorizers that some method uses; those that none uses are worth knowing too.
    authorizers = {
        **now.authorizers,
        **{
            name: _with_live(authorizer, now.authorizers.get(name))
            for name, authorizer in deployed.authorizers.items()
        },
    }
    snapshot = replace(
        now,
        routes={
            path: {
                verb: _validated(document, method, now.routes.get(path, {}).get(verb))
                for verb, method in verbs.items()
            }
            for path, verbs in deployed.routes.items()
        },
        authorizers=authorizers,
        responses=deployed.responses if export.RESPONSES in document else now.responses,
        binary_types=deployed.binary_types if export.BINARY_TYPES in document else now.binary_types,
        policy=deployed.policy if export.POLICY in document else now.policy,
    )
    if "resources" not in api:
        return snapshot
    whole = common((snapshot.responses, snapshot.authorizers), (now.responses, now.authorizers))
    return replace(snapshot, stale={**differences(snapshot.routes, now.routes), **whole})


def _validated(document: Json, method: Method, live: Method | None) -> Method:
    """What an export does not tell of a method's validator is as it is now."""
    if live is None:
        return method
    required = method.required if export.VALIDATORS in document else live.required
    return replace(method, required=required, body_model=live.body_model)


def _with_live(exported: Authorizer, live: Authorizer | None) -> Authorizer:
    """What an export does not write out of an authorizer is as it is now."""
    if live is None:
        return exported
    same = exported.pools is None or exported.pools == live.pools
    return replace(
        exported,
        pools=live.pools if exported.pools is None else exported.pools,
        expression=exported.expression or live.expression,
        function=exported.function or live.function,
        role=exported.role or live.role,
        pool_exists=live.pool_exists if same else None,
    )


def _summed_up(deployment: Json, now: _Snapshot) -> _Snapshot:
    """The summary's methods: authorization as it is deployed, the rest as it is now."""
    deployed = {
        path: {
            verb: _summed(path, verb, method, now.routes.get(path, {}).get(verb))
            for verb, method in verbs.items()
        }
        for path, verbs in deployment["apiSummary"].items()
    }
    why = (
        "GetExport returned none of them, and GetDeployment only authorization; the live ones stand for them."
    )
    return replace(
        now, routes=deployed, stale=differences(deployed, now.routes), not_reported=((INTEGRATIONS, why),)
    )


def _summed(path: str, verb: str, summary: Json, live: Method | None) -> Method:
    pointer = f"/apiSummary/{escaped(path)}/{verb}"
    own = {"authorization": f"{pointer}/authorizationType", "api_key": f"{pointer}/apiKeyRequired"}
    authorization = summary.get("authorizationType") or AuthorizationType.NONE
    base = live or Method(verb, SourcePlace(Layer.DEPLOYED, SUMMARY, pointer, own))
    same = live is not None and live.authorization == authorization
    return replace(
        base,
        place=SourcePlace(Layer.DEPLOYED, SUMMARY, pointer, own),
        authorization=authorization,
        authorizer=base.authorizer if same else None,
        scopes=base.scopes if same else (),
        api_key=bool(summary.get("apiKeyRequired")),
    )


def _http(api: Json, seen: Json, wanted: str | None) -> Api:
    stages = http_apis.stages(api)
    settings = api["api"]
    return Api(
        name=api["name"],
        layer=Layer.DEPLOYED,
        place=SourcePlace(Layer.DEPLOYED, f"apigatewayv2:GetApi {api['id']}"),
        routes=http_apis.routes(api),
        kind=ApiKind.HTTP,
        id=api["id"],
        authorizers=http_apis.authorizers(api),
        functions=parts.functions(seen.get("functions") or {}, seen.get("clusters") or {}),
        stages=stages,
        endpoint_disabled=bool(settings.get("DisableExecuteApiEndpoint")),
        http_cors=http_apis.cors(api),
        stage=wanted if wanted in stages else next(iter(stages), None),
        clients=parts.clients(seen.get("clients") or {}),
    )
