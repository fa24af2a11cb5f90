"""Who may call: authorizers that are not attached or fail, keys and limits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import AUTHORIZER, MISSING
from accountsctl.doctor.catalogue.fixes import apis, authorizers, parameters
from accountsctl.doctor.catalogue.scene import Evidence, Scene, when
from accountsctl.doctor.facts.model import Function, Stage
from accountsctl.doctor.facts.unknown import PLACEHOLDER
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.api_gateway import AuthorizationType

cause = Causes()


cause.add(
    id="auth.cognito-bearer",
    stage=RequestStage.NOTE,
    what="Authorization: Bearer TOKEN; REST APIs with a Cognito authorizer take it with and without Bearer.",
    browser="nothing: both forms are taken",
    fix="Nothing.",
    source="amplify-docs; postman#6987 says otherwise",
    kind="code",
)


@cause(
    id="auth.not-attached",
    stage=RequestStage.AUTH,
    what="An authorizer is defined, but no method uses it: the function sees no claims and refuses by itself.",
    browser=MISSING,
    fix="Set AuthorizationType COGNITO_USER_POOLS and AuthorizerId on the method, and deploy.",
    source="no linter flags it",
    refusals=(said.APPLICATION_UNAUTHORIZED, said.APPLICATION_FORBIDDEN, said.BAD_ANSWER),
    edit=authorizers.require_cognito,
    parameters=parameters.require_cognito,
    zoo="tests/faults/zoo.py",
)
def _not_attached(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if (
        scene.preflight
        or method is None
        or method.authorization != AuthorizationType.NONE
        or not scene.api.authorizers
    ):
        return
    used = any(
        other.authorizer or other.authorization not in (AuthorizationType.NONE,)
        for _, other in scene.api.every()
    )
    wants = scene.handler is not None and scene.handler.wants_claims
    if not used and wants:
        names = ", ".join(scene.api.authorizers)
        yield Evidence(
            method.place.of("authorization"),
            f"{names} exists, and no method uses it; the code reads claims",
            AUTHORIZER,
        )


def _behind_function(scene: Scene) -> bool:
    return scene.authorizer is not None and scene.authorizer.is_function


def _callable(function: Function) -> bool:
    return any(
        permission.source_arn is None
        or "authorizers" in permission.source_arn
        or "*" in permission.source_arn
        or PLACEHOLDER.fullmatch(permission.source_arn)
        for permission in function.gateway_permissions.every
    )


@cause(
    id="auth.lambda-authorizer-500",
    stage=RequestStage.AUTH,
    what="The Lambda authorizer fails: it throws, returns no policy, or API Gateway may not call it.",
    browser=MISSING,
    fix="Read the log of the authorizer's function; let it return a policy, and give API Gateway a "
    "permission for .../authorizers/*, or a role that apigateway.amazonaws.com may assume. Of an HTTP API: "
    "{isAuthorized} alone needs EnableSimpleResponses.",
    source="chalice#670, serverless#829; sst#1712",
    refusals=(said.AUTHORIZER_BROKEN, said.AUTHORIZER_FAILED, said.HTTP_FAILED),
    # What the authorizer's function does no layer tells.
    stays=_behind_function,
    zoo="tests/faults/zoo.py",
)
def _authorizer_function(scene: Scene) -> Iterator[Evidence]:
    authorizer = None if scene.preflight else scene.authorizer
    if authorizer is None or not authorizer.is_function or authorizer.role:
        return
    if authorizer.role is None:
        yield Evidence(
            authorizer.place, "a role that API Gateway may not assume", "one whose trust policy has it"
        )
        return
    function = scene.api.functions.get(authorizer.function or "")
    if function is not None and function.permissions is not None:
        yield from when(
            not _callable(function),
            authorizer.place,
            "no permission lets API Gateway call the authorizer's function",
            "an AWS::Lambda::Permission for .../authorizers/*",
        )


def _may_be_behind_function(scene: Scene) -> bool:
    """Whether the method has a Lambda authorizer, or nothing tells which it has."""
    method = scene.method
    return method is None or method.authorization not in (
        AuthorizationType.NONE,
        AuthorizationType.IAM,
        AuthorizationType.COGNITO,
        AuthorizationType.JWT,
    )


cause.add(
    id="auth.lambda-deny",
    stage=RequestStage.AUTH,
    what="The Lambda authorizer denies the caller: by its policy (403), or because it throws 'Unauthorized' (401).",
    browser=MISSING,
    fix="See in the log of the authorizer's function why it does not accept the token; send a valid one, or change "
    "the function.",
    source="chalice#971; jch254/serverless-node-dynamodb-api#10",
    kind="code",
    refusals=(said.AUTHORIZER_DENIED, said.UNAUTHORIZED, said.READ_FORBIDDEN, said.READ_THROWN),
    stays=_may_be_behind_function,
    zoo="tests/faults/callers.py",
)


@cause(
    id="auth.authorizer-cache",
    stage=RequestStage.AUTH,
    what="The authorizer's cached policy names one method's ARN, so the second path is denied.",
    browser=MISSING,
    fix="Use a wildcard in the policy's Resource, or set AuthorizerResultTtlInSeconds to 0.",
    source="AWS API Gateway errors mapping guide",
    refusals=(said.AUTHORIZER_DENIED,),
    sure=False,
    split="call the refused path first once the TTL is over: if it passes, the policy is too narrow",
    zoo="tests/faults/callers.py",
)
def _narrow_cache(scene: Scene) -> Iterator[Evidence]:
    authorizer = None if scene.preflight else scene.authorizer
    if authorizer is not None and authorizer.is_function and authorizer.ttl > 0:
        yield Evidence(
            authorizer.place, f"policies are kept for {authorizer.ttl} s", "a wildcard ARN, or TTL 0"
        )


def _stages_asked(scene: Scene) -> list[Stage]:
    """Where the request goes: the stage that it names, or else any."""
    named = scene.api.stages.get(scene.ask.stage or "")
    return [named] if named else list(scene.api.stages.values())


def _serves_keys(scene: Scene) -> bool:
    """Whether keys may be served where the request goes."""
    asked = _stages_asked(scene)
    return not asked or any(stage.keys_served is not False for stage in asked)


def _no_key_is_sent(scene: Scene) -> str:
    served = _serves_keys(scene)
    return "the page sends no x-api-key" if served and not scene.ask.headers else ""


def _sends_key_that_is_asked_for(scene: Scene) -> bool:
    """Whether the page sends a key to a method that asks for one: no facts tell that the key is valid."""
    asks = not scene.preflight and scene.method is not None and scene.method.api_key
    return asks and "x-api-key" in scene.ask.names()


@cause(
    id="auth.api-key",
    stage=RequestStage.AUTH,
    what="The API asks for an API key, and none is sent, or the one that is sent is not valid: it has no usage plan "
    "for the stage, or has expired (AppSync).",
    browser=MISSING,
    fix="Send a key that is valid as x-api-key, with a usage plan for the stage, and list x-api-key in Allow-Headers.",
    source="AWS re:Post, 403 errors",
    refusals=(said.INVALID_KEY,),
    split="aws apigateway get-usage-plans",
    assumes=_no_key_is_sent,
    stays=_sends_key_that_is_asked_for,
    zoo="tests/faults/zoo.py",
)
def _key(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if scene.preflight or method is None or not method.api_key:
        return
    sent = "x-api-key" in scene.ask.names() and not scene.ask.key
    served = _serves_keys(scene)
    if not sent or not served:
        unsent = "nothing says that the page sends it" if scene.ask.key else "the client sends no x-api-key"
        observed = "no usage plan with a key covers the stage" if sent else unsent
        yield Evidence(
            method.place.of("api_key"), f"ApiKeyRequired true; {observed}", "a key with a usage plan, sent"
        )


@cause(
    id="auth.waf",
    stage=RequestStage.AUTH,
    what="A web ACL (AWS WAF), or another firewall before the API, blocks the request.",
    browser=MISSING,
    fix="Find the rule in the web ACL's sampled requests, and exclude this request from it. A frequent "
    "one blocks bodies over 8 KB.",
    source="AWS re:Post, 403 errors; deepracer-on-aws#89",
    refusals=(said.REQUEST_BLOCKED, said.INVALID_KEY, said.CLOUDFRONT_PAGE),
    sure=False,
    split=cli_commands.SAMPLED_REQUESTS,
    zoo="tests/faults/facts_and_answers.py",
)
def _waf(scene: Scene) -> Iterator[Evidence]:
    for stage in scene.api.stages.values():
        if stage.waf:
            yield Evidence(stage.place, "a web ACL stands before the stage", "an exception for this request")


@cause(
    id="auth.throttle",
    stage=RequestStage.ROUTING,
    what="There are more requests than the limits of the stage, the usage plan or the account allow.",
    browser=MISSING,
    fix="Raise the limits, and let the client try again later.",
    source="API Gateway Developer Guide, gateway response types",
    refusals=(said.THROTTLED, said.HTTP_THROTTLED),
    stays=lambda _: True,  # the account has limits too
    edit=apis.raise_zero_throttling,
    parameters=parameters.remove_throttling,
    zoo="tests/faults/zoo.py",
)
def _throttled(scene: Scene) -> Iterator[Evidence]:
    methods = product(("*", escaped(scene.route or "")), ("*", scene.verb))
    named = [f"{path}/{verb}" for path, verb in methods]
    for stage in _stages_asked(scene):
        limit = next((stage.throttled[name] for name in named if name in stage.throttled), None)
        if limit:
            yield Evidence(stage.place, limit, "limits that let the clients through")


cause.add(
    id="auth.quota",
    stage=RequestStage.AUTH,
    what="The usage plan's quota is used up.",
    browser=MISSING,
    fix="Raise the quota, or wait for its next period.",
    source="compcon#2237",
    kind="command",
    refusals=(said.QUOTA,),
    zoo="tests/faults/callers.py",
)
