"""Where the request goes: stage, path, endpoint, domain, and whether what was changed was deployed."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.urls import is_endpoint
from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import EVERY_KIND, Causes, RequestStage
from accountsctl.doctor.catalogue.cards.preflight_options import proxy_root
from accountsctl.doctor.catalogue.cards.shared import MISSING, called_domain
from accountsctl.doctor.catalogue.distributions import assumed_path
from accountsctl.doctor.catalogue.fixes.operation import follow_deployments
from accountsctl.doctor.catalogue.requests import (
    assumed_endpoint,
    assumed_place,
    calls_vpc_endpoint,
    may_call_api_itself,
)
from accountsctl.doctor.catalogue.scene import Evidence, Scene, when
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.unknown import may_be
from accountsctl.model.api_gateway import ApiKind

cause = Causes()


cause.add(
    id="deploy.wrong-host",
    stage=RequestStage.CLIENT,
    what="The host has no address: its name is wrong (of an API of AWS: the id or the region), or the API is deleted.",
    browser="net::ERR_NAME_NOT_RESOLVED",
    fix="Compare the host letter by letter with the API's URL (accountsctl outputs has it).",
    source="measured",
    kind="code",
    split="accountsctl outputs",
    zoo="tests/faults/recorded.py",
)


cause.add(
    id="deploy.tls",
    stage=RequestStage.CLIENT,
    what="The browser does not trust the host's certificate: it is of another name, self-signed, expired, or of a "
    "proxy that reads the traffic.",
    browser="net::ERR_CERT_COMMON_NAME_INVALID, or net::ERR_CERT_AUTHORITY_INVALID",
    fix="Use a certificate that names the host and that browsers trust. Of a server for development: open its URL in a "
    "tab and accept the certificate, or make one with mkcert.",
    source="measured",
    kind="command",
    zoo="tests/faults/recorded.py",
)


@cause(
    id="deploy.vpce-host",
    stage=RequestStage.ROUTING,
    what="The URL is the VPC endpoint's own host name, which names no API: that takes a Host or x-apigw-api-id header, "
    "and a preflight carries neither.",
    browser=MISSING,
    fix="Call https://API-ENDPOINT.execute-api.REGION.amazonaws.com/STAGE, with the endpoint's id (vpce-...), once the "
    "API's EndpointConfiguration names the endpoint; or the API's own host, if the endpoint has private DNS names.",
    source="API Gateway Developer Guide, invoke a private API",
    kind="code",
    refusals=(said.NO_API,),
    fits=calls_vpc_endpoint,
    zoo="tests/faults/recorded_sets.py",
)
def _endpoint_host(scene: Scene) -> Iterator[Evidence]:
    bare = scene.preflight or "x-apigw-api-id" not in scene.ask.names()
    observed = f"{scene.verb} {scene.ask.host} without x-apigw-api-id"
    yield from when(bare, scene.api.place.of("private"), observed, "a host that names the API")


@cause(
    id="deploy.private",
    stage=RequestStage.ROUTING,
    what="The API is private, and the browser is outside its VPC.",
    browser=f"net::ERR_NAME_NOT_RESOLVED, or: {MISSING}",
    fix="Open the page inside the VPC. A regional endpoint opens the API to the internet: if you want "
    "that, change EndpointConfiguration yourself.",
    source="AWS re:Post, 403 errors",
    kind="code",
    refusals=(said.NO_API,),
    meets_preflight=EVERY_KIND,
    split=cli_commands.REST_API,
    fits=may_call_api_itself,
    assumes=lambda scene: assumed_place(scene.ask),
    zoo="tests/faults/zoo.py",
)
def _private(scene: Scene) -> Iterator[Evidence]:
    place = scene.api.place.of("private")
    yield from when(
        scene.api.private, place, "EndpointConfiguration PRIVATE", "REGIONAL or EDGE, or a client in the VPC"
    )


def _came_to_endpoint(scene: Scene, answered: Exchange) -> bool:
    """Whether the browser connected to an address of a private network: a public API has none."""
    return answered.address == "private" and not scene.api.private


cause.add(
    id="deploy.vpc-endpoint",
    stage=RequestStage.ROUTING,
    what="The browser's network has a VPC endpoint for API Gateway, whose private DNS takes every execute-api host: it "
    "reaches private APIs alone, and refuses this public one.",
    browser=MISSING,
    fix="Call the API by a custom domain, or turn the endpoint's private DNS names off (on premises: do not resolve "
    "execute-api hosts to the endpoint). It is not the API that is at fault.",
    source="repost.aws/knowledge-center/api-gateway-vpc-connections",
    kind="code",
    refusals=(said.NO_API,),
    meets_preflight=EVERY_KIND,
    proved=_came_to_endpoint,
    split="nslookup HOST: an address of a private network (10., 172.16. to 172.31., 192.168.) is the endpoint's",
    fits=may_call_api_itself,
    zoo="tests/faults/recorded_sets.py",
)


def _by_default(scene: Scene) -> bool:
    """Whether the request goes to the execute-api endpoint: by its URL, or for want of another."""
    return is_endpoint(scene.ask.url) or (not scene.ask.host and not scene.api.domains)


@cause(
    id="deploy.default-endpoint-disabled",
    stage=RequestStage.ROUTING,
    what="The execute-api endpoint is disabled, and the client uses it.",
    browser=MISSING,
    fix="Call the custom domain. DisableExecuteApiEndpoint: false opens the other way in: set it yourself if that is "
    "what you want.",
    source="AWS re:Post, disabled endpoint",
    kind="code",
    refusals=(said.NO_API, said.HTTP_NOT_FOUND),
    meets_preflight=EVERY_KIND,
    split=cli_commands.REST_API,
    fits=may_call_api_itself,
    assumes=lambda scene: assumed_endpoint(scene.ask),
    zoo="tests/faults/zoo.py",
)
def _disabled(scene: Scene) -> Iterator[Evidence]:
    if _by_default(scene):
        place = scene.api.place.of("endpoint_disabled")
        yield from when(
            scene.api.endpoint_disabled, place, "DisableExecuteApiEndpoint true", "the custom domain's URL"
        )


@cause(
    id="deploy.no-stage",
    stage=RequestStage.ROUTING,
    what="The first part of the URL's path is not a stage of the API.",
    browser=MISSING,
    fix="Put the stage's name first in the URL's path (accountsctl outputs has the URL of a project's API).",
    source="captured answers",
    kind="code",
    refusals=(said.NO_API, said.HTTP_NOT_FOUND),
    meets_preflight=EVERY_KIND,
    split="aws apigateway get-stages --rest-api-id API",
    fits=may_call_api_itself,
    zoo="tests/faults/callers.py",
)
def _no_stage(scene: Scene) -> Iterator[Evidence]:
    stage = scene.ask.stage
    if stage is not None and scene.api.stages and called_domain(scene) is None:
        yield from when(
            not any(may_be(name, stage) for name in scene.api.stages),
            next(iter(scene.api.stages.values())).place,
            f"the URL's stage is {stage or 'missing'}",
            ", ".join(scene.api.stages),
        )


@cause(
    id="deploy.wrong-path",
    stage=RequestStage.ROUTING,
    what="No deployed route takes this path and method: a slash at its end, two in a row, another case, no such path "
    "or method, or one that was added and not deployed.",
    browser=MISSING,
    fix="Correct the path or the method in the client; if the API has it, deploy the API; else add it and deploy.",
    source="recorded against AWS by LocalStack",
    kind="code",
    refusals=(said.MISSING_TOKEN, said.HTTP_NOT_FOUND, said.READ_NOT_FOUND),
    # An HTTP API's CORS configuration answers OPTIONS on every path, and its 404 has no CORS headers.
    meets_preflight=(ApiKind.REST,),
    # Only a response tells whether the gateway takes two slashes for one.
    stays=lambda scene: "//" in scene.ask.path,
    assumes=assumed_path,
    split=cli_commands.DEPLOYMENT_SUMMARY,
    zoo="tests/faults/zoo.py",
)
def _wrong_path(scene: Scene) -> Iterator[Evidence]:
    if scene.api.partial or any(proxy_root(scene)):
        return
    if scene.route is not None and scene.api.kind == ApiKind.HTTP and not scene.preflight:
        known = scene.api.routes[scene.route]
        verb = f"no route {scene.ask.method} {scene.route}"
        yield from when(scene.method is None, scene.api.place, verb, ", ".join(sorted(known)))
    elif scene.route is None:
        near = [route for route in scene.api.routes if route.lower() == scene.ask.path.rstrip("/").lower()]
        expected = near[0] if near else ", ".join(sorted(scene.api.routes)) or "a path with methods"
        yield Evidence(scene.api.place, f"no route for {scene.ask.path}", expected)


cause.add(
    id="deploy.stale",
    stage=RequestStage.ROUTING,
    what="The API was changed and not deployed: its stage still answers as before the change.",
    browser="what the old snapshot gives",
    fix="Deploy the API: aws apigateway create-deployment --rest-api-id API --stage-name STAGE. In a "
    "template, use a Deployment that changes with the API, and push.",
    source="amplify-cli#1539, #5894, #9181",
    kind="command",
    # The walk finds it by what differs; an answer of a route that is not there may be of an old snapshot.
    refusals=(said.MISSING_TOKEN, said.INCOMPLETE_SIGNATURE),
    stays=lambda scene: scene.api.may_be_stale,
    split=cli_commands.DEPLOYMENT_SUMMARY,
    edit=follow_deployments,
    zoo="tests/faults/callers.py",
)


@cause(
    id="deploy.canary",
    stage=RequestStage.NOTE,
    what="A canary deployment answers part of the requests.",
    browser="now and then what the canary gives",
    fix="Promote or remove the canary.",
    source="LocalStack, canary deployments",
    kind="command",
    sure=False,
    zoo="tests/faults/facts_and_answers.py",
)
def _canary(scene: Scene) -> Iterator[Evidence]:
    for stage in scene.api.stages.values():
        yield from when(stage.canary, stage.place, f"stage {stage.name} has a canary", "one deployment")
