"""Where the request goes: stage, path, endpoint, domain, and whether what was changed was deployed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Card, Evidence, Scene, Stage, when
from accountsctl.doctor.catalogue.cards.preflight import SUMMARY, proxy_root
from accountsctl.doctor.facts.model import Domain

MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource"
EMBEDDED = re.compile(r"://[^/]+/_aws/execute-api/")
EXECUTE = re.compile(r"([a-z0-9]+)\.execute-api\.")


def _domain(scene: Scene) -> Domain | None:
    """The custom domain that the request goes to."""
    return next((each for each in scene.api.domains if each.name == scene.ask.host), None)


def _by_default(scene: Scene) -> bool:
    """True where the request goes to the execute-api endpoint: by its URL, or for want of another."""
    own = EXECUTE.match(scene.ask.host) or EMBEDDED.search(scene.ask.url)
    return bool(own) or (not scene.ask.host and not scene.api.domains)


def _no_stage(scene: Scene) -> Iterator[Evidence]:
    stage = scene.ask.stage
    if stage is not None and scene.api.stages and _domain(scene) is None:
        yield from when(
            stage not in scene.api.stages,
            next(iter(scene.api.stages.values())).place,
            f"the URL's stage is {stage or 'missing'}",
            ", ".join(scene.api.stages),
        )


def _wrong_path(scene: Scene) -> Iterator[Evidence]:
    if scene.route is None and not any(proxy_root(scene)):
        near = [each for each in scene.api.routes if each.lower() == scene.ask.path.rstrip("/").lower()]
        expected = near[0] if near else ", ".join(sorted(scene.api.routes)) or "a path with methods"
        yield Evidence(scene.api.place, f"no route for {scene.ask.path}", expected)


def _disabled(scene: Scene) -> Iterator[Evidence]:
    if _by_default(scene):
        place = scene.api.place.of("endpoint_disabled")
        yield from when(
            scene.api.endpoint_disabled, place, "DisableExecuteApiEndpoint true", "the custom domain's URL"
        )


def _private(scene: Scene) -> Iterator[Evidence]:
    place = scene.api.place.of("private")
    yield from when(
        scene.api.private, place, "EndpointConfiguration PRIVATE", "REGIONAL or EDGE, or a client in the VPC"
    )


def _no_mapping(scene: Scene) -> Iterator[Evidence]:
    if (domain := _domain(scene)) is not None:
        yield from when(
            not domain.mappings, domain.place, f"{domain.name} maps to no API", "a base path mapping"
        )


def _stage_in_path(scene: Scene) -> Iterator[Evidence]:
    if (domain := _domain(scene)) is not None:
        first = scene.ask.url_path.strip("/").partition("/")[0]
        yield from when(
            first in set(domain.mappings.values()) - {""} and first not in domain.mappings,
            domain.place,
            f"the URL names the stage {first}, which the domain's mapping names already",
            f"https://{domain.name}{scene.ask.url_path.removeprefix('/' + first)}",
        )


def _mutual(scene: Scene) -> Iterator[Evidence]:
    if (domain := _domain(scene)) is not None:
        yield from when(
            domain.mutual_tls, domain.place, "the domain asks for a client certificate", "none for browsers"
        )


def _canary(scene: Scene) -> Iterator[Evidence]:
    for stage in scene.api.stages.values():
        yield from when(stage.canary, stage.place, f"stage {stage.name} has a canary", "one deployment")


CARDS = (
    Card(
        "deploy.wrong-host",
        Stage.CLIENT,
        "The host has no address: a wrong API id or region.",
        "net::ERR_NAME_NOT_RESOLVED",
        "Take the URL from accountsctl outputs.",
        "measured",
        kind="code",
        split="accountsctl outputs",
    ),
    Card(
        "deploy.tls",
        Stage.CLIENT,
        "The host's certificate does not cover its name.",
        "net::ERR_CERT_COMMON_NAME_INVALID",
        "A certificate for the host, or the host of the certificate.",
        "measured",
        kind="command",
    ),
    Card(
        "deploy.mtls",
        Stage.ROUTING,
        "The domain asks for a client certificate (mutual TLS).",
        MISSING,
        "No mutual TLS on a domain that browsers use.",
        "AWS re:Post, mutual TLS",
        check=_mutual,
        refusals=(said.NO_API,),
        meets_preflight=True,
    ),
    Card(
        "deploy.private",
        Stage.ROUTING,
        "The API is private, and the browser is outside its VPC.",
        f"net::ERR_NAME_NOT_RESOLVED, or: {MISSING}",
        "A regional or edge endpoint, or a browser in the VPC.",
        "AWS re:Post, 403 errors",
        check=_private,
        refusals=(said.NO_API,),
        meets_preflight=True,
        split="aws apigateway get-rest-api --rest-api-id API",
    ),
    Card(
        "deploy.default-endpoint-disabled",
        Stage.ROUTING,
        "The execute-api endpoint is disabled, and the client uses it.",
        MISSING,
        "Call the custom domain, or enable the endpoint.",
        "AWS re:Post, disabled endpoint",
        check=_disabled,
        refusals=(said.NO_API, said.NOT_FOUND),
        meets_preflight=True,
        split="aws apigateway get-rest-api --rest-api-id API",
    ),
    Card(
        "deploy.no-mapping",
        Stage.ROUTING,
        "The custom domain maps to no API.",
        MISSING,
        "Add a base path mapping.",
        "zappa#1248",
        check=_no_mapping,
        refusals=(said.NO_API,),
        meets_preflight=True,
        split="aws apigateway get-base-path-mappings --domain-name DOMAIN",
    ),
    Card(
        "deploy.stage-in-domain-path",
        Stage.ROUTING,
        "The URL names the stage, though the domain's mapping has named it already.",
        MISSING,
        "Leave the stage out of the URL.",
        "AWS re:Post, 403 errors",
        kind="code",
        check=_stage_in_path,
        refusals=(said.MISSING_TOKEN, said.NO_API),
        meets_preflight=True,
    ),
    Card(
        "deploy.no-stage",
        Stage.ROUTING,
        "The URL's first part is no stage of the API.",
        MISSING,
        "Take the URL from accountsctl outputs: it ends in the stage.",
        "captured answers",
        kind="code",
        check=_no_stage,
        refusals=(said.NO_API,),
        meets_preflight=True,
        split="aws apigateway get-stages --rest-api-id API",
    ),
    Card(
        "deploy.wrong-path",
        Stage.ROUTING,
        "No route fits the path: a slash at its end, another case, or no such path.",
        MISSING,
        "Correct the path in the client, or add the route and deploy.",
        "recorded against AWS by LocalStack",
        kind="code",
        check=_wrong_path,
        refusals=(said.MISSING_TOKEN,),
        meets_preflight=True,
        split=SUMMARY,
    ),
    Card(
        "deploy.stale",
        Stage.ROUTING,
        "The API was changed after the stage's deployment: the old snapshot still answers.",
        "what the old snapshot gives",
        "A Deployment that follows what it freezes, and a push; at once: "
        "aws apigateway create-deployment --rest-api-id API --stage-name STAGE",
        "amplify-cli#1539, #5894, #9181",
        kind="command",
        # The walk finds it by what differs; an answer of a route that is not there may be of an old snapshot.
        refusals=(said.MISSING_TOKEN, said.INCOMPLETE_SIGNATURE),
        stays=lambda scene: scene.api.may_be_stale,
        split=SUMMARY,
    ),
    Card(
        "deploy.canary",
        Stage.NOTE,
        "A canary deployment answers part of the requests.",
        "now and then what the canary gives",
        "Promote or remove the canary.",
        "LocalStack, canary deployments",
        kind="command",
        check=_canary,
        sure=False,
    ),
)
