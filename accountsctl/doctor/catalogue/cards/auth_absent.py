"""Who may call: a method for signed-in users, and a request without a token; and function URLs."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.page_request import Credential
from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING, MISSING_ON_PREFLIGHT, requires
from accountsctl.doctor.catalogue.requests import (
    assumed_function_url,
    calls_function_url,
    may_call_function_url,
    sends_no_token,
)
from accountsctl.doctor.catalogue.scene import Evidence, Scene, Shown, when
from accountsctl.doctor.facts.permissions import Permission
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import ApiKind, AuthorizationType

cause = Causes()
TAKES_TOKEN = (AuthorizationType.COGNITO, AuthorizationType.JWT, AuthorizationType.CUSTOM)


@cause(
    id="auth.no-token",
    stage=RequestStage.AUTH,
    what="The method is for signed-in users, and the page sent no token with the request, or a variable without a "
    "value in its place (Bearer undefined).",
    browser=MISSING,
    fix="Send the token: sign in first, then set Authorization on this call.",
    source="amplify-js#10179, aws-amplify/docs, call a REST API with a token",
    kind="code",
    refusals=(said.UNAUTHORIZED, said.HTTP_UNAUTHORIZED),
    fits=sends_no_token,
    zoo="tests/faults/facts_and_answers.py",
)
def _no_token(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if scene.preflight or method is None or method.authorization not in TAKES_TOKEN:
        return
    place = method.place.of("authorization")
    yield Evidence(
        place,
        f"{scene.ask.method} {scene.route} takes a token; the page sent none",
        "Authorization: the token",
    )


@cause(
    id="auth.sigv4-to-cognito",
    stage=RequestStage.AUTH,
    what="The method takes a Cognito token, and the client signs with AWS credentials.",
    browser=MISSING,
    fix="Pass the token as the Authorization header of the call.",
    source="amplify-js#37",
    kind="code",
    refusals=(said.UNAUTHORIZED,),
    fits=lambda ask: ask.credential is Credential.SIGNATURE or ask.sanitized,
    split=cli_commands.CLAIMS,
    zoo="tests/faults/zoo.py",
)
def _signature_to_cognito(scene: Scene) -> Iterator[Evidence]:
    if scene.method and requires(scene, AuthorizationType.COGNITO, Credential.SIGNATURE):
        place = scene.method.place.of("authorization")
        yield Evidence(
            place, "the method takes a Cognito token; the client signs with AWS4-HMAC-SHA256", "a token"
        )


def _is_closed(scene: Scene) -> bool:
    """Whether a function URL lets only signed requests in, and has no CORS configuration that answers OPTIONS."""
    method = scene.method
    closed = method is not None and method.authorization == AuthorizationType.IAM
    return scene.api.kind == ApiKind.FUNCTION_URL and closed and scene.api.http_cors is None


def _bare_function_url(shown: Shown) -> bool:
    return shown.is_bare_preflight and shown.kind == ApiKind.FUNCTION_URL


@cause(
    id="function-url.no-cors",
    stage=RequestStage.PREFLIGHT_AUTH,
    what="The function URL has no CORS configuration: AuthType AWS_IAM refuses OPTIONS, or the code fails on it or "
    "answers it without the headers.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Give the function URL a Cors configuration (AllowOrigins, AllowMethods, AllowHeaders): it then answers "
    "OPTIONS itself.",
    source="Lambda Developer Guide, function URLs: cross-origin resource sharing",
    refusals=(said.URL_DENIED, said.HTTP_FORBIDDEN, said.URL_FAILED),
    reads=_bare_function_url,
    sure=False,
    refuses=True,
    fits=may_call_function_url,
    assumes=lambda scene: assumed_function_url(scene.ask),
    zoo="tests/faults/outside_rest_apis.py",
)
def _refused_options(scene: Scene) -> Iterator[Evidence]:
    if scene.preflight and scene.method is not None:
        place = scene.method.place.of("authorization")
        yield from when(_is_closed(scene), place, "AuthType AWS_IAM and no Cors", "a Cors configuration")


@cause(
    id="function-url.iam",
    stage=RequestStage.AUTH,
    what="The function URL has AuthType AWS_IAM, and the request is not signed for it.",
    browser=MISSING,
    fix="Sign the request for the service lambda, or AuthType NONE and a check of the token in the code.",
    source="Lambda Developer Guide, function URLs: security and auth model",
    kind="code",
    refusals=(said.URL_DENIED, said.HTTP_FORBIDDEN),
    fits=may_call_function_url,
    zoo="tests/faults/outside_rest_apis.py",
)
def _not_signed(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if scene.api.kind == ApiKind.FUNCTION_URL and not scene.preflight and method is not None:
        by_cloudfront = any(behavior.signing for behavior in scene.api.distributions)
        signs = scene.ask.credential is Credential.SIGNATURE or (
            by_cloudfront and not calls_function_url(scene.ask)
        )
        closed = method.authorization == AuthorizationType.IAM and not signs
        yield from when(closed, method.place.of("authorization"), "AuthType AWS_IAM", "a signed request")


CALL_URL = "lambda:InvokeFunctionUrl"
URL_ACTIONS = (CALL_URL, "lambda:InvokeFunction")
"""What calls by a URL need: both of URLs that were made since October 2025 (serverless#13147)."""


def _allows(permission: Permission, action: str) -> bool:
    """Whether a permission lets everyone do one of these, as far as is known."""
    by_action = permission.action.lower() in (action.lower(), "lambda:*", "*") or is_unknown(
        permission.action
    )
    by_auth = permission.url_auth in (None, AuthorizationType.NONE) or is_unknown(permission.url_auth)
    return by_action and by_auth and (permission.principal == "*" or is_unknown(permission.principal))


def _misses(scene: Scene) -> list[str]:
    """The actions that no permission of a public function URL lets everyone do."""
    method, function = scene.method, scene.function
    if not scene.api.needs_url_permission or method is None or method.authorization != AuthorizationType.NONE:
        return []
    if function is None or function.permissions is None or scene.answered_by_configuration:
        return []
    permissions = function.permissions
    return [
        action for action in URL_ACTIONS if not any(_allows(permission, action) for permission in permissions)
    ]


def _is_new(scene: Scene) -> str:
    """That the function URL needs both permissions, where it has the one that sufficed before."""
    misses = _misses(scene)
    old = bool(misses) and CALL_URL not in misses
    return "the function URL was made since October 2025, so that it takes two permissions" if old else ""


@cause(
    id="function-url.no-permission",
    stage=RequestStage.AUTH,
    what="The function URL has AuthType NONE, and its permissions do not let everyone call it, which takes two: Lambda "
    "then refuses everyone.",
    browser=MISSING,
    fix="Two AWS::Lambda::Permission with Principal *: one with Action lambda:InvokeFunctionUrl and "
    "FunctionUrlAuthType NONE, one with Action lambda:InvokeFunction and InvokedViaFunctionUrl true.",
    source="Lambda Developer Guide, function URLs: security and auth model; aws-sdk-rust#515, aws-cdk#35872",
    kind="code",
    refusals=(said.URL_DENIED, said.HTTP_FORBIDDEN),
    split=cli_commands.FUNCTION_POLICY,
    fits=may_call_function_url,
    assumes=_is_new,
    zoo="tests/faults/outside_rest_apis.py",
)
def _not_public(scene: Scene) -> Iterator[Evidence]:
    if scene.method is None:
        return
    place = scene.method.place.of("authorization")
    for action in _misses(scene):
        yield Evidence(place, f"AuthType NONE, and no permission for {action}", "one for everyone")
