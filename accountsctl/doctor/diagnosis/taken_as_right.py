"""What a diagnosis takes to be right because no source tells it, each with the reason: nothing is accused for it."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.verdict import Phase
from accountsctl.doctor.catalogue.cards.shared import may_let_preflight_in
from accountsctl.doctor.catalogue.distributions import passed_behavior
from accountsctl.doctor.catalogue.policies import allows
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.catalogue.simulate import mock_status
from accountsctl.doctor.diagnosis.subject import Subject, Walk
from accountsctl.doctor.facts.distributions import EDGE_CODE
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.permissions import Permission
from accountsctl.doctor.facts.templates.assumptions import OUTPUTS, PERMISSIONS_ELSEWHERE, ROUTES_ELSEWHERE
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import PROXIES, AuthorizationType, IntegrationType

CURED_ELSEWHERE = {
    "preflight.no-options": ROUTES_ELSEWHERE,
    "deploy.wrong-path": ROUTES_ELSEWHERE,
    "httpapi.default-route": ROUTES_ELSEWHERE,
    "int.no-permission": PERMISSIONS_ELSEWHERE,
}
"""Causes that another stack cures by parts of its own, and by which."""
KEY = "x-api-key"
MAY_READ_ANYTHING = (AuthorizationType.CUSTOM, AuthorizationType.JWT)
Unknown = tuple[str, str]


def taken_as_right(subject: Subject, ask: PageRequest, walked: Walk) -> tuple[Unknown, ...]:
    """What was taken to be right of the API as its most telling layer knows it; nothing of what was really seen."""
    if not subject.apis:
        return ()
    found: list[Unknown] = []
    for preflight in _reached(subject, ask, walked):
        scene = Scene(subject.apis[-1], ask, preflight)
        found += (
            *_of_parts(scene),
            *_of_policy(scene),
            *_of_authorization(scene),
            *_of_key(scene),
            *_of_code(scene),
            *_of_permissions(scene),
            *_of_mock(scene),
            *_of_distribution(scene),
        )
    return (*dict.fromkeys(found), *_of_other_stacks(subject.apis[-1], walked))


def _reached(subject: Subject, ask: PageRequest, walked: Walk) -> Iterator[bool]:
    """The requests that were worked out and not seen: the preflight (True), and the request that it lets through."""
    if ask.preflight is not None and subject.preflight is None:
        yield True
    stopped = walked.refused is Phase.PREFLIGHT or (
        walked.verdict is not None and not walked.verdict.ok and walked.verdict.phase is Phase.PREFLIGHT
    )
    if subject.actual is None and not stopped:
        yield False


def _of_parts(scene: Scene) -> Iterator[Unknown]:
    """What is taken to hold for the parts of the API that answer."""
    parts = (scene.api, scene.method, scene.authorizer, scene.function)
    pointers = [part.place.pointer for part in parts if part is not None]
    granted = [permission.place.pointer for permission in _permissions(scene)]
    pointers += granted if all(pointer in scene.api.assumed for pointer in granted) else []
    for pointer, assumed in scene.api.assumed.items():
        if any(used == pointer or used.startswith(f"{pointer}/") for used in pointers):
            yield from assumed


def _of_policy(scene: Scene) -> Iterator[Unknown]:
    """A resource policy whose conditions are about more than the time."""
    policy = scene.api.policy
    if policy is not None and allows(policy, scene.verb, scene.ask.path, scene.ask.now) is None:
        yield (
            f"whether the resource policy allows {scene.verb} {scene.ask.path}",
            "A condition that is not worked out here (an address, a VPC) decides; it is taken to let the page in.",
        )


def _permissions(scene: Scene) -> list[Permission]:
    """Those by which API Gateway may call the function."""
    function, integration = scene.function, scene.integration
    of_role = integration is None or integration.role
    return [] if function is None or of_role else function.gateway_permissions.every


def _of_permissions(scene: Scene) -> Iterator[Unknown]:
    """A permission that stands with a function elsewhere: of the method's, or of the authorizer's."""
    authorizer, integration = scene.authorizer, scene.integration
    called = [integration.function] if integration is not None and not integration.role else []
    called += [authorizer.function] if authorizer is not None and authorizer.role is False else []
    for key in filter(None, called):
        function = scene.api.functions.get(key)
        if function is not None and function.permissions is None:
            yield (
                f"whether API Gateway may call the function {key}",
                "Its permission may stand in another stack, or for a function that only the deployment knows; it is "
                "taken to be there. aws lambda get-policy --function-name FUNCTION shows it.",
            )


def _of_mock(scene: Scene) -> Iterator[Unknown]:
    """The status of a MOCK, if its template works it out."""
    integration = scene.integration
    is_mock = integration is not None and integration.type == IntegrationType.MOCK
    if integration is not None and is_mock and integration.templates and mock_status(integration) is None:
        yield (
            f"the status of the response to {scene.verb}",
            "The template of its MOCK integration works it out; it is taken to be a success.",
        )


def _of_distribution(scene: Scene) -> Iterator[Unknown]:
    """What CloudFront does on the way, if its policies stand elsewhere or code runs there."""
    behavior = passed_behavior(scene)
    if behavior is None:
        return
    token = not scene.preflight and scene.ask.credential is Credential.TOKEN
    if scene.api.is_api and token and behavior.forwards_authorization is None:
        yield (
            "whether CloudFront passes Authorization on",
            "Its policies are not known; they are taken to do so.",
        )
    if behavior.may_change == EDGE_CODE:
        yield (
            "what the code at CloudFront's edge changes",
            "It may answer by itself, and change paths and headers; nothing is held against it.",
        )


def _of_authorization(scene: Scene) -> Iterator[Unknown]:
    """Who may send the request, if only the deployment knows, and what a function makes of a preflight."""
    method = scene.method
    if method is None:
        return
    name = f"{scene.verb} {scene.route}"
    if is_unknown(method.authorization):
        yield f"who may call {name}", "Only the deployment knows its authorization; it is taken to be open."
    elif scene.preflight and method.authorization in MAY_READ_ANYTHING and may_let_preflight_in(scene):
        yield (
            f"whether the authorizer of {name} lets a preflight in",
            "What it reads, or its code, is not known; it is taken to allow a request without a token.",
        )


def _of_key(scene: Scene) -> Iterator[Unknown]:
    """A key that is asked for, and by no usage plan of a source given to a stage."""
    needs_key = scene.method is not None and scene.method.api_key and KEY in scene.ask.names()
    if needs_key and all(stage.keys_served is None for stage in scene.api.stages.values()):
        yield (
            "the usage plan of the API key",
            "No usage plan with a key for this stage was found; another stack may have it. It is taken to be there.",
        )


def _of_code(scene: Scene) -> Iterator[Unknown]:
    """An origin that a function works out."""
    handler, integration = scene.handler, scene.integration
    if handler is None or integration is None or integration.type not in PROXIES or scene.api.http_cors:
        return
    named = {scene.ask.origin, "*"} & (handler.allows or frozenset())
    if handler.computed and not handler.origins.reflects and not named:
        yield (
            "the origin that the code allows",
            "The function works it out (its environment, a list, a call); it is taken to be the page's.",
        )


def _of_other_stacks(api: Api, walked: Walk) -> Iterator[Unknown]:
    """What may stand in another stack, by an id that an output gives, if the cause is that it does not stand here."""
    parts = {CURED_ELSEWHERE.get(suspect.card.id) for suspect in walked.suspects}
    for pointer, assumed in api.assumed.items():
        if pointer.startswith(OUTPUTS):
            yield from (pair for pair in assumed if pair[0] in parts)
