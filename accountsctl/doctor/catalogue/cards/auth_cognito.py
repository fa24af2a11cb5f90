"""Who may call: Cognito authorizers, against the token that the client sends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING, user_pool_authorizer
from accountsctl.doctor.catalogue.fixes import authorizers, methods
from accountsctl.doctor.catalogue.fixes.operation import REMOVE
from accountsctl.doctor.catalogue.requests import may_send_token
from accountsctl.doctor.catalogue.scene import Evidence, Scene, when
from accountsctl.model.api_gateway import AuthorizationType

cause = Causes()


def _unseen_pool(scene: Scene) -> bool:
    authorizer = user_pool_authorizer(scene)
    return authorizer is not None and authorizer.pool_exists is None


@cause(
    id="auth.pool-unreachable",
    stage=RequestStage.AUTH,
    what="The authorizer's user pool does not exist, or is of an account that refuses access.",
    browser=MISSING,
    fix="Correct the pool's ARN in the authorizer (ProviderARNs), and deploy.",
    source="API Gateway Developer Guide, gateway response types",
    refusals=(said.AUTHORIZER_BROKEN, said.AUTHORIZER_FAILED, said.UNAUTHORIZED),
    stays=_unseen_pool,
    fits=may_send_token,
    edit=authorizers.trust_project_pool,
    zoo="tests/faults/zoo.py",
)
def _pool_gone(scene: Scene) -> Iterator[Evidence]:
    authorizer = user_pool_authorizer(scene)
    if authorizer is not None:
        yield from when(
            authorizer.pool_exists is False,
            authorizer.place.of("pools"),
            f"the user pool {', '.join(authorizer.pools or ())} does not exist",
            "a pool that exists",
        )


def _token_not_reported(scene: Scene) -> bool:
    """Whether the method takes tokens, and what is in the one that was sent is not known."""
    return user_pool_authorizer(scene) is not None and scene.ask.token is None


@cause(
    id="auth.cognito-wrong-pool",
    stage=RequestStage.AUTH,
    what="The token comes from another user pool than the one that the authorizer trusts.",
    browser=MISSING,
    fix="Use the same pool in the client and in the authorizer (ProviderARNs), and deploy.",
    source="AWS re:Post, 401 errors",
    refusals=(said.UNAUTHORIZED, said.HTTP_TOKEN),
    stays=_token_not_reported,
    split=cli_commands.CLAIMS,
    edit=authorizers.trust_project_pool,
    fits=may_send_token,
    zoo="tests/faults/zoo.py",
)
def _wrong_pool(scene: Scene) -> Iterator[Evidence]:
    authorizer, token = user_pool_authorizer(scene), scene.ask.token
    if authorizer is not None and authorizer.issuer and token and token.issuer:
        yield from when(
            token.issuer != authorizer.issuer,
            authorizer.place.of("pools"),
            f"the authorizer's Issuer is {authorizer.issuer}; the token's iss is {token.issuer}",
            "the same text in both",
        )
        return
    if authorizer is None or authorizer.pools is None:
        return
    theirs = {token.pool} if token and token.pool else set(scene.api.project_pools)
    yield from when(
        bool(theirs) and not theirs & set(authorizer.pools),
        authorizer.place.of("pools"),
        f"the authorizer trusts {', '.join(authorizer.pools)}; tokens come from {', '.join(sorted(map(str, theirs)))}",
        "the same user pool in both",
    )


@cause(
    id="auth.cognito-expired",
    stage=RequestStage.AUTH,
    what="The token has expired.",
    browser=MISSING,
    fix="Fetch a new token before the call (fetchAuthSession does).",
    source="serverless#3191, amplify-js#8152",
    kind="code",
    refusals=(said.TOKEN_EXPIRED, said.HTTP_EXPIRED),
    stays=_token_not_reported,
    split=cli_commands.CLAIMS,
    fits=may_send_token,
    zoo="tests/faults/zoo.py",
)
def _expired(scene: Scene) -> Iterator[Evidence]:
    authorizer, token = user_pool_authorizer(scene), scene.ask.token
    if authorizer is not None and token is not None and token.expires is not None:
        late = scene.ask.now - token.expires
        yield from when(
            late > 0, authorizer.place, f"the token expired {late} s ago", "a token that still lives"
        )


def _scopes(scene: Scene) -> tuple[str, ...]:
    return scene.method.scopes if scene.method else ()


def _takes_id_tokens_only(scene: Scene) -> bool:
    """Whether a Cognito authorizer compares no scopes. A JWT authorizer takes an access token too, by its client_id.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
    """
    authorizer = user_pool_authorizer(scene)
    return authorizer is not None and authorizer.type != AuthorizationType.JWT and not _scopes(scene)


@cause(
    id="auth.cognito-access-no-scope",
    stage=RequestStage.AUTH,
    what="The client sends an access token, and the method takes ID tokens only, because it has no "
    "AuthorizationScopes.",
    browser=MISSING,
    fix="Send the ID token, or set AuthorizationScopes.",
    source="AWS re:Post, 401 errors",
    kind="code",
    refusals=(said.UNAUTHORIZED,),
    stays=lambda scene: _token_not_reported(scene) and _takes_id_tokens_only(scene),
    split=cli_commands.CLAIMS,
    fits=may_send_token,
    zoo="tests/faults/zoo.py",
)
def _access_without_scopes(scene: Scene) -> Iterator[Evidence]:
    method, token = scene.method, scene.ask.token
    if method is not None and token is not None:
        yield from when(
            token.use == "access" and _takes_id_tokens_only(scene),
            method.place.of("scopes"),
            "an access token, and no AuthorizationScopes",
            "the ID token, or scopes on the method",
        )


@cause(
    id="auth.cognito-id-with-scope",
    stage=RequestStage.AUTH,
    what="The client sends an ID token, and the method takes access tokens only, because it has "
    "AuthorizationScopes.",
    browser=MISSING,
    fix="Send the access token, or remove AuthorizationScopes.",
    source="API Gateway Developer Guide, Cognito authorizers",
    refusals=(said.UNAUTHORIZED,),
    stays=lambda scene: _token_not_reported(scene) and bool(_scopes(scene)),
    split=cli_commands.CLAIMS,
    edit=methods.set_method_property("AuthorizationScopes", REMOVE),
    fits=may_send_token,
    zoo="tests/faults/zoo.py",
)
def _id_with_scopes(scene: Scene) -> Iterator[Evidence]:
    method, token = scene.method, scene.ask.token
    if user_pool_authorizer(scene) is not None and method is not None and token is not None:
        yield from when(
            token.use == "id" and bool(method.scopes),
            method.place.of("scopes"),
            f"an ID token, and AuthorizationScopes {', '.join(method.scopes)}",
            "the access token, or no scopes on the method",
        )


@cause(
    id="auth.cognito-scope-mismatch",
    stage=RequestStage.AUTH,
    what="The access token has none of the method's scopes.",
    browser=MISSING,
    fix="Request the scope from the pool's resource server, or change AuthorizationScopes.",
    source="API Gateway Developer Guide, Cognito authorizers",
    refusals=(said.UNAUTHORIZED, said.HTTP_SCOPES),
    stays=lambda scene: _token_not_reported(scene) and bool(_scopes(scene)),
    split=cli_commands.CLAIMS,
    fits=may_send_token,
    zoo="tests/faults/zoo.py",
)
def _scopes_differ(scene: Scene) -> Iterator[Evidence]:
    method, token = scene.method, scene.ask.token
    if user_pool_authorizer(scene) is not None and method is not None and token is not None and method.scopes:
        yield from when(
            token.use == "access" and not set(token.scopes) & set(method.scopes),
            method.place.of("scopes"),
            f"the token has {', '.join(token.scopes) or 'no scope'}, the method asks for {', '.join(method.scopes)}",
            "a scope in common",
        )


@cause(
    id="auth.cognito-regex",
    stage=RequestStage.AUTH,
    what="The authorizer compares the token's aud with its IdentityValidationExpression: an access token "
    "has no aud, and Bearer is not in it.",
    browser=MISSING,
    fix="Remove the expression, or write one for the app client's id.",
    source="API Gateway Developer Guide, Cognito authorizers",
    refusals=(said.UNAUTHORIZED,),
    split=cli_commands.REST_AUTHORIZERS,
    edit=authorizers.set_authorizer_property("IdentityValidationExpression", REMOVE),
    fits=may_send_token,
    zoo="tests/faults/zoo.py",
)
def _expression(scene: Scene) -> Iterator[Evidence]:
    authorizer, token = user_pool_authorizer(scene), scene.ask.token
    if authorizer is None or not authorizer.expression:
        return
    for_header = "bearer" in authorizer.expression.lower()
    without_audience = (
        token is not None and token.use == "access" and bool(scene.method and scene.method.scopes)
    )
    yield from when(
        for_header or without_audience,
        authorizer.place.of("expression"),
        f"IdentityValidationExpression {authorizer.expression} is compared with the token's aud",
        "no expression, or one for the app client's id",
    )


def _compares_client(scene: Scene) -> bool:
    authorizer = user_pool_authorizer(scene)
    return _has_expression(scene) or (authorizer is not None and authorizer.type == AuthorizationType.JWT)


def _has_expression(scene: Scene) -> bool:
    authorizer = user_pool_authorizer(scene)
    return authorizer is not None and authorizer.expression is not None


@cause(
    id="auth.cognito-other-client",
    stage=RequestStage.AUTH,
    what="The token is of another app client than IdentityValidationExpression takes.",
    browser=MISSING,
    fix="Sign in with the app's own client, or change the expression.",
    source="API Gateway Developer Guide, Cognito authorizers",
    refusals=(said.UNAUTHORIZED, said.HTTP_AUDIENCE),
    stays=lambda scene: _token_not_reported(scene) and _compares_client(scene),
    split=cli_commands.CLAIMS,
    fits=may_send_token,
    zoo="tests/faults/zoo.py",
)
def _other_client(scene: Scene) -> Iterator[Evidence]:
    authorizer, token = user_pool_authorizer(scene), scene.ask.token
    if authorizer is not None and authorizer.audiences and token and token.audiences:
        yield from when(
            not set(token.audiences) & set(authorizer.audiences),
            authorizer.place.of("pools"),
            f"the token is for {', '.join(token.audiences)}; the authorizer takes {', '.join(authorizer.audiences)}",
            "an Audience that has the token's aud, or client_id",
        )
    if authorizer is not None and authorizer.expression and token is not None and token.audience:
        yield from when(
            "$" + "{" not in authorizer.expression and not re.search(authorizer.expression, token.audience),
            authorizer.place.of("expression"),
            f"the token is of the client {token.audience}; {authorizer.expression} excludes it",
            "an expression that takes this client",
        )
