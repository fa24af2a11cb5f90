"""Who may call: IAM, Cognito, Lambda authorizers, keys and policies, against what the client sends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from accountsctl.doctor.browser.page_request import Credential
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Card, Evidence, Scene, Stage, when
from accountsctl.doctor.catalogue.cards.preflight import SUMMARY
from accountsctl.doctor.catalogue.policies import allows
from accountsctl.doctor.facts.model import Authorizer, Function

MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource"
CLAIMS = "decode the token's iss, token_use, exp, aud and scope: accountsctl doctor cors --token -"
AUTHORIZER = "COGNITO_USER_POOLS with token source Authorization"


def _authorizer(scene: Scene) -> Authorizer | None:
    """The Cognito authorizer of the method, where it has one."""
    method = scene.method
    if scene.preflight or method is None or method.authorization not in ("COGNITO_USER_POOLS", "JWT"):
        return None
    return scene.api.authorizers.get(method.authorizer or "")


def _asks_for(scene: Scene, kind: str, credential: Credential) -> bool:
    method = scene.method
    asked = method.authorization if method and not scene.preflight else None
    return asked == kind and scene.ask.credential is credential


def _untold_token(scene: Scene) -> bool:
    """True where the method takes tokens, and what is in the one that was sent is not known."""
    return _authorizer(scene) is not None and scene.ask.token is None


def _scopes(scene: Scene) -> tuple[str, ...]:
    return scene.method.scopes if scene.method else ()


def _has_expression(scene: Scene) -> bool:
    authorizer = _authorizer(scene)
    return authorizer is not None and authorizer.expression is not None


def _unseen_pool(scene: Scene) -> bool:
    authorizer = _authorizer(scene)
    return authorizer is not None and authorizer.pool_exists is None


def _signs(scene: Scene) -> Iterator[Evidence]:
    if scene.method and _asks_for(scene, "AWS_IAM", Credential.TOKEN):
        place = scene.method.place.of("authorization")
        yield Evidence(place, f"{scene.ask.method} {scene.route} AWS_IAM; the client sends a JWT", AUTHORIZER)


def _unsigned(scene: Scene) -> Iterator[Evidence]:
    if scene.method and _asks_for(scene, "AWS_IAM", Credential.NONE):
        place = scene.method.place.of("authorization")
        yield Evidence(
            place, f"{scene.ask.method} {scene.route} AWS_IAM; the client sends nothing", AUTHORIZER
        )


def _signature_to_cognito(scene: Scene) -> Iterator[Evidence]:
    if scene.method and _asks_for(scene, "COGNITO_USER_POOLS", Credential.SIGNATURE):
        place = scene.method.place.of("authorization")
        yield Evidence(
            place, "the method takes a Cognito token; the client signs with AWS4-HMAC-SHA256", "a token"
        )


def _route_missing(scene: Scene) -> Iterator[Evidence]:
    known = scene.api.routes.get(scene.route or "")
    if scene.preflight or scene.method is not None or scene.ask.credential is not Credential.TOKEN:
        return
    if known:
        place = next(iter(known.values())).place
        yield Evidence(
            place, f"{scene.route} has {', '.join(sorted(known))}", f"a method for {scene.ask.method}"
        )


def _identity_source(scene: Scene) -> Iterator[Evidence]:
    authorizer = _authorizer(scene)
    if authorizer is not None:
        header = authorizer.identity_source.rpartition(".")[2].lower()
        yield from when(
            header not in scene.ask.names(),
            authorizer.place.of("identity_source"),
            f"IdentitySource {authorizer.identity_source}; the client sends {_sent(scene)}",
            "method.request.header.Authorization",
        )


def _sent(scene: Scene) -> str:
    return ", ".join(sorted(scene.ask.names())) or "no token"


def _wrong_pool(scene: Scene) -> Iterator[Evidence]:
    authorizer = _authorizer(scene)
    if authorizer is None or authorizer.pools is None:
        return
    token = scene.ask.token
    theirs = {token.pool} if token and token.pool else set(scene.api.project_pools)
    yield from when(
        bool(theirs) and not theirs & set(authorizer.pools),
        authorizer.place.of("pools"),
        f"the authorizer trusts {', '.join(authorizer.pools)}; tokens come from {', '.join(sorted(map(str, theirs)))}",
        "the same user pool in both",
    )


def _pool_gone(scene: Scene) -> Iterator[Evidence]:
    authorizer = _authorizer(scene)
    if authorizer is not None:
        yield from when(
            authorizer.pool_exists is False,
            authorizer.place.of("pools"),
            f"the user pool {', '.join(authorizer.pools or ())} does not exist",
            "a pool that exists",
        )


def _expired(scene: Scene) -> Iterator[Evidence]:
    authorizer, token = _authorizer(scene), scene.ask.token
    if authorizer is not None and token is not None and token.expires is not None:
        late = scene.ask.now - token.expires
        yield from when(
            late > 0, authorizer.place, f"the token expired {late} s ago", "a token that still lives"
        )


def _access_without_scopes(scene: Scene) -> Iterator[Evidence]:
    method, token = scene.method, scene.ask.token
    if _authorizer(scene) is not None and method is not None and token is not None:
        yield from when(
            token.use == "access" and not method.scopes,
            method.place.of("scopes"),
            "an access token, and no AuthorizationScopes",
            "the ID token, or scopes on the method",
        )


def _id_with_scopes(scene: Scene) -> Iterator[Evidence]:
    method, token = scene.method, scene.ask.token
    if _authorizer(scene) is not None and method is not None and token is not None:
        yield from when(
            token.use == "id" and bool(method.scopes),
            method.place.of("scopes"),
            f"an ID token, and AuthorizationScopes {', '.join(method.scopes)}",
            "the access token, or no scopes on the method",
        )


def _scopes_differ(scene: Scene) -> Iterator[Evidence]:
    method, token = scene.method, scene.ask.token
    if _authorizer(scene) is not None and method is not None and token is not None and method.scopes:
        yield from when(
            token.use == "access" and not set(token.scopes) & set(method.scopes),
            method.place.of("scopes"),
            f"the token has {', '.join(token.scopes) or 'no scope'}, the method asks for {', '.join(method.scopes)}",
            "a scope in common",
        )


def _other_client(scene: Scene) -> Iterator[Evidence]:
    authorizer, token = _authorizer(scene), scene.ask.token
    if authorizer is not None and authorizer.expression and token is not None and token.audience:
        yield from when(
            "$" + "{" not in authorizer.expression and not re.search(authorizer.expression, token.audience),
            authorizer.place.of("expression"),
            f"the token is of the client {token.audience}; {authorizer.expression} excludes it",
            "an expression that takes this client",
        )


def _expression(scene: Scene) -> Iterator[Evidence]:
    authorizer, token = _authorizer(scene), scene.ask.token
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


def _not_attached(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if scene.preflight or method is None or method.authorization != "NONE" or not scene.api.authorizers:
        return
    used = any(each.authorizer or each.authorization not in ("NONE",) for _, each in scene.api.every())
    wants = scene.function is not None and scene.function.handler and scene.function.handler.wants_claims
    if not used and wants:
        names = ", ".join(scene.api.authorizers)
        yield Evidence(
            method.place.of("authorization"),
            f"{names} exists, and no method uses it; the code reads claims",
            AUTHORIZER,
        )


def _authorizer_function(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    authorizer = (
        scene.api.authorizers.get(method.authorizer or "") if method and not scene.preflight else None
    )
    if authorizer is None or authorizer.type not in ("TOKEN", "REQUEST") or authorizer.role:
        return
    function = scene.api.functions.get(authorizer.function or "")
    if function is not None and function.permissions is not None:
        yield from when(
            not _callable(function),
            authorizer.place,
            "no permission lets API Gateway call the authorizer's function",
            "an AWS::Lambda::Permission for .../authorizers/*",
        )


def _behind_function(scene: Scene) -> bool:
    method = scene.method
    authorizer = scene.api.authorizers.get(method.authorizer or "") if method else None
    return authorizer is not None and authorizer.type in ("TOKEN", "REQUEST")


def _callable(function: Function) -> bool:
    gateway = [each for each in function.permissions or () if "apigateway" in each.principal]
    return any(
        each.source_arn is None or "authorizers" in each.source_arn or "*" in each.source_arn
        for each in gateway
    )


def _policy(scene: Scene) -> Iterator[Evidence]:
    if scene.api.policy is not None:
        yield from when(
            allows(scene.api.policy, scene.verb, scene.ask.path) is False,
            scene.api.place.of("policy"),
            f"the resource policy allows no {scene.verb} {scene.ask.path}",
            "an Allow for it, OPTIONS included",
        )


def _key(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if scene.preflight or method is None or not method.api_key:
        return
    sent = "x-api-key" in scene.ask.names()
    served = all(each.keys_served is not False for each in scene.api.stages.values())
    if not sent or not served:
        observed = "no usage plan with a key covers the stage" if sent else "the client sends no x-api-key"
        yield Evidence(
            method.place.of("api_key"), f"ApiKeyRequired true; {observed}", "a key with a usage plan, sent"
        )


def _throttled(scene: Scene) -> Iterator[Evidence]:
    for stage in scene.api.stages.values():
        if stage.throttled:
            yield Evidence(stage.place, stage.throttled, "limits that let the clients through")


def _waf(scene: Scene) -> Iterator[Evidence]:
    for stage in scene.api.stages.values():
        if stage.waf:
            yield Evidence(stage.place, "a web ACL stands before the stage", "an exception for this request")


def _narrow_cache(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    authorizer = (
        scene.api.authorizers.get(method.authorizer or "") if method and not scene.preflight else None
    )
    if authorizer is not None and authorizer.type in ("TOKEN", "REQUEST") and authorizer.ttl > 0:
        yield Evidence(
            authorizer.place, f"policies are kept for {authorizer.ttl} s", "a wildcard ARN, or TTL 0"
        )


CARDS = (
    Card(
        "auth.resource-policy",
        Stage.ROUTING,
        "The API's resource policy does not allow the request.",
        MISSING,
        "Allow execute-api:Invoke for it, OPTIONS included, and deploy: a policy counts from the next deployment.",
        "API Gateway Developer Guide, authorization flow",
        check=_policy,
        refusals=(said.POLICY_DENIED,),
    ),
    Card(
        "auth.iam-not-cognito",
        Stage.AUTH,
        "The method asks for AWS_IAM, and the client sends a Cognito token.",
        MISSING,
        "A COGNITO_USER_POOLS authorizer with IdentitySource method.request.header.Authorization there; deploy.",
        "amplify-flutter#1539, amplify-js#476, amplify-js#7749",
        check=_signs,
        refusals=(said.INCOMPLETE_SIGNATURE,),
        split=SUMMARY,
    ),
    Card(
        "auth.route-missing+token",
        Stage.AUTH,
        "The path or method does not exist, or is not deployed; with a token the gateway complains of a signature.",
        MISSING,
        "Add the method, or correct the client's path; then deploy.",
        "chalice#828, cognito-angular-quickstart#50",
        check=_route_missing,
        refusals=(said.INCOMPLETE_SIGNATURE,),
        split=SUMMARY,
    ),
    Card(
        "auth.iam-no-token",
        Stage.AUTH,
        "The method asks for AWS_IAM, and the client sends no Authorization.",
        MISSING,
        "Sign the request, or give the method a Cognito authorizer and send a token.",
        "AWS re:Post, 403 errors",
        check=_unsigned,
        refusals=(said.MISSING_TOKEN,),
        split=SUMMARY,
    ),
    Card(
        "auth.iam-clock",
        Stage.AUTH,
        "The client's clock differs from AWS's by more than five minutes.",
        MISSING,
        "Set the clock.",
        "AWS re:Post, 403 errors",
        kind="command",
        refusals=(said.SIGNATURE_EXPIRED,),
    ),
    Card(
        "auth.iam-bad-signature",
        Stage.AUTH,
        "The signature is wrong: secret, host, path, service, region or the body's hash.",
        MISSING,
        "Sign for the service execute-api, the final host and the exact path.",
        "AWS re:Post, 403 errors; mhart/aws4#16",
        kind="code",
        refusals=(said.BAD_SIGNATURE,),
    ),
    Card(
        "auth.iam-unknown-key",
        Stage.AUTH,
        "The access key is unknown, or the session token is missing.",
        MISSING,
        "Send all three parts of the credentials, x-amz-security-token too.",
        "AWS re:Post, 403 errors",
        kind="code",
        refusals=(said.UNKNOWN_KEY, said.UNKNOWN_KEY_DENIED),
    ),
    Card(
        "auth.iam-expired",
        Stage.AUTH,
        "The session of the AWS credentials has ended.",
        MISSING,
        "Fetch new credentials before the call.",
        "API Gateway Developer Guide, gateway response types",
        kind="code",
        refusals=(said.SESSION_EXPIRED,),
    ),
    Card(
        "auth.iam-denied",
        Stage.AUTH,
        "The identity's role may not call execute-api:Invoke here.",
        MISSING,
        "Grant execute-api:Invoke on the method's ARN to the role.",
        "AWS re:Post, 403 errors",
        refusals=(said.IDENTITY_DENIED,),
    ),
    Card(
        "auth.sigv4-to-cognito",
        Stage.AUTH,
        "The method takes a Cognito token, and the client signs with AWS credentials.",
        MISSING,
        "Pass the token as the Authorization header of the call.",
        "amplify-js#37",
        kind="code",
        check=_signature_to_cognito,
        refusals=(said.UNAUTHORIZED,),
        split=CLAIMS,
    ),
    Card(
        "auth.cognito-identity-source",
        Stage.AUTH,
        "The authorizer reads another header than the one with the token.",
        MISSING,
        "IdentitySource method.request.header.Authorization, and deploy.",
        "API Gateway Developer Guide, Cognito authorizers",
        check=_identity_source,
        refusals=(said.UNAUTHORIZED,),
        split="aws apigateway get-authorizers --rest-api-id API",
    ),
    Card(
        "auth.pool-unreachable",
        Stage.AUTH,
        "The authorizer's user pool does not exist, or another account's refuses.",
        MISSING,
        "Correct ProviderARNs, and deploy.",
        "API Gateway Developer Guide, gateway response types",
        check=_pool_gone,
        refusals=(said.AUTHORIZER_BROKEN, said.AUTHORIZER_FAILED, said.UNAUTHORIZED),
        stays=_unseen_pool,
    ),
    Card(
        "auth.cognito-wrong-pool",
        Stage.AUTH,
        "The token comes from another user pool than the one that the authorizer trusts.",
        MISSING,
        "The same pool in the client and in ProviderARNs, and deploy.",
        "AWS re:Post, 401 errors",
        check=_wrong_pool,
        refusals=(said.UNAUTHORIZED,),
        stays=_untold_token,
        split=CLAIMS,
    ),
    Card(
        "auth.cognito-expired",
        Stage.AUTH,
        "The token has expired.",
        MISSING,
        "Fetch a new token before the call (fetchAuthSession does).",
        "serverless#3191, amplify-js#8152",
        kind="code",
        check=_expired,
        refusals=(said.TOKEN_EXPIRED, said.UNAUTHORIZED),
        stays=_untold_token,
        split=CLAIMS,
    ),
    Card(
        "auth.cognito-access-no-scope",
        Stage.AUTH,
        "The client sends an access token, and the method has no AuthorizationScopes: it takes ID tokens only.",
        MISSING,
        "Send the ID token, or set AuthorizationScopes.",
        "AWS re:Post, 401 errors",
        kind="code",
        check=_access_without_scopes,
        refusals=(said.UNAUTHORIZED,),
        stays=lambda scene: _untold_token(scene) and not _scopes(scene),
        split=CLAIMS,
    ),
    Card(
        "auth.cognito-id-with-scope",
        Stage.AUTH,
        "The client sends an ID token, and the method has AuthorizationScopes: it takes access tokens only.",
        MISSING,
        "Send the access token, or remove AuthorizationScopes.",
        "API Gateway Developer Guide, Cognito authorizers",
        check=_id_with_scopes,
        refusals=(said.UNAUTHORIZED,),
        stays=lambda scene: _untold_token(scene) and bool(_scopes(scene)),
        split=CLAIMS,
    ),
    Card(
        "auth.cognito-scope-mismatch",
        Stage.AUTH,
        "The access token has none of the method's scopes.",
        MISSING,
        "Request the scope from the pool's resource server, or change AuthorizationScopes.",
        "API Gateway Developer Guide, Cognito authorizers",
        check=_scopes_differ,
        refusals=(said.UNAUTHORIZED,),
        stays=lambda scene: _untold_token(scene) and bool(_scopes(scene)),
        split=CLAIMS,
    ),
    Card(
        "auth.cognito-regex",
        Stage.AUTH,
        "IdentityValidationExpression is compared with the token's aud: an access token has none, Bearer is no part.",
        MISSING,
        "Remove the expression, or write one for the app client's id.",
        "API Gateway Developer Guide, Cognito authorizers",
        check=_expression,
        refusals=(said.UNAUTHORIZED,),
        split="aws apigateway get-authorizers --rest-api-id API",
    ),
    Card(
        "auth.cognito-other-client",
        Stage.AUTH,
        "The token is of another app client than IdentityValidationExpression takes.",
        MISSING,
        "Sign in with the app's own client, or change the expression.",
        "API Gateway Developer Guide, Cognito authorizers",
        check=_other_client,
        refusals=(said.UNAUTHORIZED,),
        stays=lambda scene: _untold_token(scene) and _has_expression(scene),
        split=CLAIMS,
    ),
    Card(
        "auth.cognito-bearer",
        Stage.NOTE,
        "Authorization: Bearer TOKEN; REST APIs with a Cognito authorizer take it with and without Bearer.",
        "nothing: both forms are taken",
        "Nothing.",
        "amplify-docs; postman#6987 says otherwise",
        kind="code",
    ),
    Card(
        "auth.not-attached",
        Stage.AUTH,
        "An authorizer is defined, but no method uses it: the function sees no claims and refuses by itself.",
        MISSING,
        "AuthorizationType COGNITO_USER_POOLS and AuthorizerId on the method, and deploy.",
        "no linter flags it",
        check=_not_attached,
        refusals=(said.APPLICATION_UNAUTHORIZED, said.APPLICATION_FORBIDDEN, said.BAD_ANSWER),
    ),
    Card(
        "auth.lambda-authorizer-500",
        Stage.AUTH,
        "The Lambda authorizer throws, returns no policy, or may not be called.",
        MISSING,
        "A Lambda permission for .../authorizers/*, and a policy as its answer.",
        "chalice#670, serverless#829",
        check=_authorizer_function,
        refusals=(said.AUTHORIZER_BROKEN, said.AUTHORIZER_FAILED),
        # What the authorizer's function does no layer tells.
        stays=_behind_function,
    ),
    Card(
        "auth.lambda-deny",
        Stage.AUTH,
        "The Lambda authorizer denies the caller.",
        MISSING,
        "Change the authorizer's policy for this caller.",
        "chalice#971",
        kind="code",
        refusals=(said.AUTHORIZER_DENIED,),
    ),
    Card(
        "auth.authorizer-cache",
        Stage.AUTH,
        "The authorizer's cached policy names one method's ARN, so the second path is denied.",
        MISSING,
        "A wildcard in the policy's Resource, or AuthorizerResultTtlInSeconds 0.",
        "AWS API Gateway errors mapping guide",
        check=_narrow_cache,
        refusals=(said.AUTHORIZER_DENIED,),
        sure=False,
        split="call the refused path first once the TTL is over: if it passes, the policy is too narrow",
    ),
    Card(
        "auth.api-key",
        Stage.AUTH,
        "The method asks for an API key, and none is sent, or none has a usage plan for the stage.",
        MISSING,
        "A key with a usage plan for the stage, sent as x-api-key, which Allow-Headers must list.",
        "AWS re:Post, 403 errors",
        check=_key,
        refusals=(said.INVALID_KEY,),
        split="aws apigateway get-usage-plans",
    ),
    Card(
        "auth.waf",
        Stage.AUTH,
        "A web ACL blocks the request.",
        MISSING,
        "Except the request from the rule.",
        "AWS re:Post, 403 errors",
        check=_waf,
        refusals=(said.INVALID_KEY,),
        sure=False,
        split="aws wafv2 get-sampled-requests",
    ),
    Card(
        "auth.throttle",
        Stage.ROUTING,
        "The stage, a usage plan or the account lets no more requests through.",
        MISSING,
        "Raise the limits, and let the client try again later.",
        "API Gateway Developer Guide, gateway response types",
        check=_throttled,
        refusals=(said.THROTTLED,),
    ),
    Card(
        "auth.quota",
        Stage.AUTH,
        "The usage plan's quota is used up.",
        MISSING,
        "Raise the quota, or wait for its next period.",
        "compcon#2237",
        kind="command",
        refusals=(said.QUOTA,),
    ),
)
