"""The OPTIONS request: is there a method for it, and may anyone call it?"""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import EVERY_KIND, Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import (
    MISSING_ON_PREFLIGHT,
    answers_preflight,
    may_let_preflight_in,
)
from accountsctl.doctor.catalogue.fixes import methods
from accountsctl.doctor.catalogue.scene import Check, Evidence, Scene, when
from accountsctl.model.api_gateway import ApiKind, AuthorizationType
from accountsctl.model.http_methods import ANY

cause = Causes()


@cause(
    id="preflight.proxy-root",
    stage=RequestStage.ROUTING,
    what="The route {proxy+} takes OPTIONS for every path below its parent, and not for the parent path "
    "itself.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Add the methods ANY and OPTIONS to the parent path, and deploy.",
    source="API Gateway Developer Guide, proxy resources",
    refusals=(said.MISSING_TOKEN,),
    meets_preflight=EVERY_KIND,
    split=cli_commands.DEPLOYMENT_SUMMARY,
    zoo="tests/faults/zoo.py",
)
def proxy_root(scene: Scene) -> Iterator[Evidence]:
    """The bare parent of a ``{proxy+}`` that alone takes OPTIONS."""
    bare = scene.ask.path.rstrip("/")
    if not scene.preflight or scene.method is not None:
        return
    for route, verbs in scene.api.routes.items():
        parent, _, last = route.rpartition("/")
        takes = verbs.get("OPTIONS") or verbs.get("ANY")
        if last.endswith("+}") and parent == bare and takes:
            yield Evidence(
                takes.place, f"only {route} takes OPTIONS", f"OPTIONS and ANY on {parent or '/'} too"
            )


def _without_options(scene: Scene) -> bool:
    """Whether the path is a route with methods, none of which takes OPTIONS, and no configuration answers it."""
    if not scene.preflight or scene.api.http_cors is not None or scene.api.partial:
        return False
    return bool(scene.route and scene.api.routes.get(scene.route)) and scene.method is None


def _is_part_of_a_site(scene: Scene) -> str:
    """That the page is of another origin than the distribution that has the API under a path, if no URL says so."""
    under_a_path = any(distribution.path != "*" for distribution in scene.api.distributions)
    if scene.ask.host or not under_a_path:
        return ""
    return "the page is not of the distribution that passes a path on to the API"


@cause(
    id="preflight.child-resource",
    stage=RequestStage.ROUTING,
    what="CORS was enabled on the parent path only; enabling it does not reach the paths below.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Give every path its own OPTIONS method, and deploy.",
    source="API Gateway Developer Guide, enable CORS by the console",
    refusals=(said.MISSING_TOKEN,),
    meets_preflight=EVERY_KIND,
    split=cli_commands.DEPLOYMENT_SUMMARY,
    edit=methods.add_options,
    assumes=_is_part_of_a_site,
    zoo="tests/faults/zoo.py",
)
def _child(scene: Scene) -> Iterator[Evidence]:
    route = scene.route
    while route and route != "/" and _without_options(scene):
        route = route.rpartition("/")[0] or "/"
        options = scene.api.method(route, "OPTIONS")
        if options is not None:
            yield Evidence(
                options.place, f"OPTIONS on {route}, none on {scene.route}", "OPTIONS on every path"
            )
            return


@cause(
    id="preflight.no-options",
    stage=RequestStage.ROUTING,
    what="The path has methods, but none for OPTIONS.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Add the OPTIONS method (MOCK, AuthorizationType NONE), and deploy.",
    source="API Gateway Developer Guide, CORS; amplify-js#8406",
    refusals=(said.MISSING_TOKEN, said.HTTP_NOT_FOUND),
    meets_preflight=EVERY_KIND,
    split=cli_commands.DEPLOYMENT_SUMMARY,
    assumes=_is_part_of_a_site,
    edit=methods.add_options,
    zoo="tests/faults/zoo.py",
)
def _no_options(scene: Scene) -> Iterator[Evidence]:
    if _without_options(scene):
        verbs = scene.api.routes[scene.route or ""]
        first = next(iter(verbs.values()))
        have = ", ".join(sorted(verbs))
        yield Evidence(
            first.place, f"{scene.route} has {have} and no OPTIONS", answers_preflight(scene.api.kind)
        )


def _kind(scene: Scene) -> str:
    """How OPTIONS is authorized; a REST API's Lambda authorizer may be called CUSTOM or by its own type."""
    method = scene.method
    if scene.authorizer is not None and scene.authorizer.is_function:
        return AuthorizationType.CUSTOM
    return method.authorization if method else AuthorizationType.NONE


def _taken_by_any_route(scene: Scene) -> bool:
    """Whether a $default or ANY route of an HTTP API takes OPTIONS, which has a cause of its own."""
    return scene.api.kind != ApiKind.REST and scene.method is not None and scene.method.verb == ANY


def _may_be_another_method(scene: Scene) -> bool:
    """Whether ANY takes OPTIONS as far as is known, and a method of its own may stand elsewhere."""
    return scene.api.partial and scene.method is not None and scene.method.verb == ANY


def _behind(*kinds: str) -> Check:
    def check(scene: Scene) -> Iterator[Evidence]:
        method = scene.method
        if not scene.preflight or _taken_by_any_route(scene) or _may_be_another_method(scene):
            return
        if method is not None and _kind(scene) in kinds and not may_let_preflight_in(scene):
            place = method.place.of("authorization")
            yield Evidence(place, f"OPTIONS {scene.route} {method.authorization}", "AuthorizationType NONE")

    return check


cause.add(
    _behind(AuthorizationType.IAM),
    id="preflight.iam",
    stage=RequestStage.PREFLIGHT_AUTH,
    what="OPTIONS asks for AWS_IAM; a browser sends a preflight without any credentials.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Set AuthorizationType NONE on OPTIONS, and deploy.",
    source="amplify-js#1654",
    refusals=(said.MISSING_TOKEN,),
    split=cli_commands.DEPLOYMENT_SUMMARY,
    edit=methods.open_options,
    zoo="tests/faults/zoo.py",
)


cause.add(
    _behind(AuthorizationType.COGNITO, AuthorizationType.JWT),
    id="preflight.cognito",
    stage=RequestStage.PREFLIGHT_AUTH,
    what="OPTIONS is behind the Cognito authorizer; a browser sends a preflight without a token.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Set AuthorizationType NONE on OPTIONS (SAM: AddDefaultAuthorizerToCorsPreflight: false; OpenAPI:"
    " security: []), and deploy.",
    source="amplify-js#3456, sam#717, cdk#8615",
    refusals=(said.UNAUTHORIZED,),
    split=cli_commands.DEPLOYMENT_SUMMARY,
    edit=methods.open_options,
    zoo="tests/faults/zoo.py",
)


cause.add(
    _behind(AuthorizationType.CUSTOM),
    id="preflight.lambda-authorizer",
    stage=RequestStage.PREFLIGHT_AUTH,
    what="OPTIONS is behind a Lambda authorizer; a browser sends a preflight without a token.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Set AuthorizationType NONE on OPTIONS, and deploy.",
    source="serverless#829",
    refusals=(said.UNAUTHORIZED, said.AUTHORIZER_DENIED),
    split=cli_commands.DEPLOYMENT_SUMMARY,
    edit=methods.open_options,
    zoo="tests/faults/zoo.py",
)


@cause(
    id="preflight.api-key",
    stage=RequestStage.PREFLIGHT_AUTH,
    what="OPTIONS asks for an API key; a browser sends a preflight without one.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Set ApiKeyRequired: false on OPTIONS, and deploy.",
    source="sam-cli#3735",
    refusals=(said.INVALID_KEY,),
    split=cli_commands.DEPLOYMENT_SUMMARY,
    edit=methods.open_options,
    zoo="tests/faults/zoo.py",
)
def _api_key(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if scene.preflight and method is not None:
        place = method.place.of("api_key")
        yield from when(method.api_key, place, f"OPTIONS {scene.route} ApiKeyRequired true", "false")


@cause(
    id="preflight.validator",
    stage=RequestStage.PREFLIGHT_AUTH,
    what="A request validator asks for a header or query parameter that no preflight carries.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Remove RequestValidatorId from OPTIONS, and deploy.",
    source="message as recorded against AWS by LocalStack",
    refusals=(said.BAD_PARAMETERS,),
    edit=methods.remove_validation,
    zoo="tests/faults/zoo.py",
)
def _validator(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if not scene.preflight or method is None:
        return
    missing = [
        parameter for parameter in method.required if parameter.partition(".")[2] not in scene.ask.parameters
    ]
    if missing:
        yield Evidence(
            method.place.of("required"),
            f"OPTIONS {scene.route} requires {', '.join(missing)}",
            "no validator on OPTIONS: a browser sends none of these with it",
        )


cause.add(
    id="preflight.only-simple",
    stage=RequestStage.NOTE,
    what="This request needs no preflight. One with Authorization, with JSON, or of another method than GET, HEAD and "
    "POST does, and the browser would block it: OPTIONS fails here.",
    browser="nothing yet",
    fix="See the cause: the same command with --header Authorization.",
    source="Fetch standard, CORS-preflight request",
    kind="command",
)
