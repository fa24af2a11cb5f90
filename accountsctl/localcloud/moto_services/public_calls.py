"""Cognito's public calls: which they are, the region they belong to, and what lets a page read the response."""

from __future__ import annotations

import json

from accountsctl.localcloud.contracts.dispatch import REQUESTED_HEADERS, ServiceTarget
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services import calls, cognito, identity_pools

PUBLIC = {
    "AssociateSoftwareToken",
    "ChangePassword",
    "ConfirmDevice",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "DeleteUser",
    "DeleteUserAttributes",
    "ForgetDevice",
    "ForgotPassword",
    "GetCredentialsForIdentity",
    "GetDevice",
    "GetId",
    "GetOpenIdToken",
    "GetTokensFromRefreshToken",
    "GetUser",
    "GetUserAttributeVerificationCode",
    "GlobalSignOut",
    "InitiateAuth",
    "ListDevices",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "SetUserMFAPreference",
    "SetUserSettings",
    "SignUp",
    "UnlinkIdentity",
    "UpdateDeviceStatus",
    "UpdateUserAttributes",
    "VerifySoftwareToken",
    "VerifyUserAttribute",
}
"""The operations of Cognito that AWS accepts without a signature: those of users, none of administrators."""


def is_public(request: Request) -> bool:
    """Whether AWS accepts the request without a signature."""
    return request.header("X-Amz-Target") is None or calls.operation(request) in PUBLIC


def preflight(request: Request) -> Response:
    """Cognito accepts the preflight of any page for its JSON calls."""
    requested = request.header(REQUESTED_HEADERS) or ""
    allow = (("Access-Control-Allow-Methods", "POST, OPTIONS"), ("Access-Control-Allow-Headers", requested))
    return readable_by_pages(Response(200, (*allow, ("Access-Control-Max-Age", "172800"))))


def readable_by_pages(response: Response) -> Response:
    """The response with the CORS headers of Cognito, which any page may read."""
    expose = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"
    cors = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", expose))
    return Response(response.status, (*response.headers, *cors), response.body)


def region_of_unsigned(request: Request, where: ServiceTarget) -> str:
    """The region of a call without a signature, whose credential scope would name it.

    A public call of Cognito belongs to the region of the client, token or session that its body names;
    any other belongs to the region that the request was dispatched to.
    """
    if request.method != "POST":
        return where.region
    try:
        body = json.loads(request.body)
    except ValueError:
        return where.region
    if not isinstance(body, dict):
        return where.region
    named = identity_pools if where.scope == "cognito-identity" else cognito
    return named.region_for(body) or where.region
