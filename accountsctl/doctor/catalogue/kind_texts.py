"""What cards say of other kinds of API than REST APIs, where that differs: HTTP APIs, function URLs, other servers.

HTTP APIs have routes and no methods, no MOCK integrations and no usage plans; another server has none of these.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from accountsctl.doctor.catalogue.card import Card
from accountsctl.model.api_gateway import ApiKind


class OtherKind(StrEnum):
    """What answers in place of an API of API Gateway; UNKNOWN may be one behind a domain, or any server."""

    STORE = "store"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class KindText:
    """The texts of a card for one kind; None if the card's own text fits it."""

    what: str | None = None
    fix: str | None = None
    split: str | None = None


ROUTES = "aws apigatewayv2 get-routes --api-id API"
SETTINGS = "aws apigatewayv2 get-api --api-id API"
AUTHORIZERS = "aws apigatewayv2 get-authorizers --api-id API"
CONFIGURATION = (
    "Give the API a CorsConfiguration (AllowOrigins, AllowMethods, AllowHeaders): it then answers OPTIONS itself on "
    "every path that no route for OPTIONS, ANY or $default takes."
)
OPEN_ROUTE = KindText(
    fix="Set AuthorizationType NONE on the route for OPTIONS (SAM: Auth: {Authorizer: NONE} on its event; OpenAPI: "
    "security: []), and deploy; or remove the route and give the API a CorsConfiguration.",
    split=ROUTES,
)
JWT_ROUTE = "Give the route a JWT authorizer of the user pool (AuthorizationType JWT) with IdentitySource "
OF_HTTP: Mapping[str, KindText] = {
    "deploy.default-endpoint-disabled": KindText(split=SETTINGS),
    "deploy.no-stage": KindText(split="aws apigatewayv2 get-stages --api-id API"),
    "deploy.wrong-path": KindText(split=ROUTES),
    "deploy.stale": KindText(
        fix="Deploy the API: aws apigatewayv2 create-deployment --api-id API --stage-name STAGE; or set AutoDeploy on "
        "the stage.",
        split=ROUTES,
    ),
    "auth.throttle": KindText(
        what="There are more requests than the limits of the stage or the account allow.",
        fix="Raise the limits of the stage or the account, and let the client try again later.",
    ),
    "preflight.proxy-root": KindText(fix=CONFIGURATION, split=ROUTES),
    "preflight.child-resource": KindText(
        what="A route takes OPTIONS on the parent path only; it does not reach the paths below.",
        fix=CONFIGURATION,
        split=ROUTES,
    ),
    "preflight.no-options": KindText(
        what="The path has routes, but none for OPTIONS, and the API has no CORS configuration to answer it.",
        fix=CONFIGURATION,
        split=SETTINGS,
    ),
    "preflight.iam": OPEN_ROUTE,
    "preflight.cognito": replace(
        OPEN_ROUTE, what="OPTIONS is behind the JWT authorizer; a browser sends a preflight without a token."
    ),
    "preflight.lambda-authorizer": OPEN_ROUTE,
    "preflight.proxy-any-lambda": KindText(
        fix="Give the API a CorsConfiguration, and let its routes take the methods by name (GET, POST) instead of ANY "
        "or $default: it then answers OPTIONS itself. Or handle OPTIONS in the code: by the CORS middleware of its "
        "framework.",
    ),
    "auth.iam-not-cognito": KindText(
        what="The route requires requests that are signed with AWS credentials (AWS_IAM), and the client sends a "
        "token.",
        fix=f"{JWT_ROUTE}$request.header.Authorization, and deploy; or sign the request.",
        split=ROUTES,
    ),
    "auth.iam-no-token": KindText(
        fix="Sign the request, or give the route a JWT authorizer and send a token.", split=ROUTES
    ),
    "auth.cognito-identity-source": KindText(
        fix="Set IdentitySource to $request.header.Authorization, and deploy.", split=AUTHORIZERS
    ),
    "auth.cognito-wrong-pool": KindText(
        what="The token's issuer (iss) is not exactly the one that the authorizer trusts: another user pool or tenant, "
        "or a slash at the end.",
        fix="Write the token's iss into the authorizer (JwtConfiguration, Issuer), letter by letter, and deploy.",
    ),
    "auth.cognito-other-client": KindText(
        what="The token is of another app client than the JWT authorizer's Audience names.",
        fix="Name the app client's id in the authorizer (JwtConfiguration, Audience), and deploy; or sign in with the "
        "client that it names.",
        split=AUTHORIZERS,
    ),
    "auth.not-attached": KindText(
        what="An authorizer is defined, but no route uses it: the function sees no claims and refuses by itself.",
        fix="Set AuthorizationType JWT and AuthorizerId on the route, and deploy.",
    ),
    "int.stage-variable": KindText(split="aws apigatewayv2 get-stage --api-id API --stage-name STAGE"),
    "int.http-backend": KindText(
        fix="Read the API's access log ($context.integrationErrorMessage has the reason). Correct the integration's "
        "URI or the backend's certificate; with a VPC link, its targets must be healthy.",
        split="aws apigatewayv2 get-integrations --api-id API",
    ),
    "int.no-permission": KindText(
        fix="Add an AWS::Lambda::Permission for apigateway.amazonaws.com with SourceArn arn:...:API/*/*. Of a role "
        "(CredentialsArn): let apigateway.amazonaws.com assume it, and allow lambda:InvokeFunction on the function."
    ),
    "int.wrong-source-arn": KindText(
        fix="Set SourceArn to arn:...:API/*/*, the API by !Ref: the stage and the route are *."
    ),
}
OF_FUNCTION_URLS: Mapping[str, KindText] = {
    "preflight.proxy-any-lambda": KindText(
        what="OPTIONS reaches the function, whose code does not handle it.",
        fix="Give the function URL a Cors configuration, which answers OPTIONS itself; or handle OPTIONS in the code.",
    ),
    "gwresp.413": KindText(
        what="The request's body is larger than the 6 MB that a function takes (as base64, a file of 4.5 MB): Lambda "
        "refuses it, and the function does not run.",
    ),
    "int.response-too-big": KindText(
        fix="Answer in pages, or with a link to S3; or InvokeMode RESPONSE_STREAM."
    ),
}
OF_STORES: Mapping[str, KindText] = {
    "client.credentials": KindText(
        what="The client sends credentials: 'include', and the bucket's rule allows every origin: S3 answers with *.",
        fix="Leave credentials out of the call: S3 reads no cookies. Or name the origin in AllowedOrigins: S3 then "
        "allows credentials too.",
    ),
    "auth.iam-bad-signature": KindText(
        fix="Make a new presigned URL: for the service s3, the bucket's region, the method that the page uses, and "
        "with the headers that it sends (Content-Type too)."
    ),
}
OF_UNKNOWN: Mapping[str, KindText] = {
    "auth.throttle": KindText(what="There are more requests than the limits of the API allow."),
    "preflight.no-options": KindText(
        what="The path takes other methods, but not OPTIONS.",
        fix="Let the server answer OPTIONS on this path with 200 or 204: turn on the CORS middleware of its framework. "
        "In API Gateway: an OPTIONS method (REST API: MOCK, AuthorizationType NONE), or a CorsConfiguration (HTTP "
        "API).",
    ),
    "preflight.proxy-any-lambda": KindText(
        what="OPTIONS reaches the application, whose code does not handle it.",
        fix="Handle OPTIONS in the code: by the CORS middleware of its framework, before what may refuse it. In API "
        "Gateway: an OPTIONS method of its own (REST API: MOCK), or a CorsConfiguration (HTTP API).",
    ),
    "preflight.mock-no-headers": KindText(
        fix="Let the answer to OPTIONS have Access-Control-Allow-Origin, -Methods and -Headers: by the CORS middleware "
        "of the framework, or in the integration response of API Gateway."
    ),
}
OF_KINDS: Mapping[str, Mapping[str, KindText]] = {
    ApiKind.HTTP: OF_HTTP,
    ApiKind.FUNCTION_URL: OF_FUNCTION_URLS,
    ApiKind.BUCKET: OF_STORES,
    OtherKind.STORE: OF_STORES,
    OtherKind.UNKNOWN: OF_UNKNOWN,
}


def worded(card: Card, kind: str) -> Card:
    """The card in the words of a kind of API."""
    text = OF_KINDS.get(kind, {}).get(card.id)
    if text is None:
        return card
    return replace(
        card,
        what=card.what if text.what is None else text.what,
        fix=card.fix if text.fix is None else text.fix,
        split=card.split if text.split is None else text.split,
    )
