"""IAM authorization: verify the Signature Version 4 of a request.

`sigv4` computes the signature again, with the caller's secret, over the request as it was received.
`access` decides afterwards whether the caller's policies allow the call.

    the request is not signed       Missing Authentication Token
    an Authorization that is not SigV4   IncompleteSignatureException (a JWT sent to an IAM method: the classic)
    another service or region, an old date, another signature   InvalidSignatureException
    an unknown key, or a session's without its token   UnrecognizedClientException
    an expired session          ExpiredTokenException
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from accountsctl.localcloud.apigateway.auth.unsigned import ALGORITHM, refusal
from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import GatewayError
from accountsctl.localcloud.contracts import sigv4
from accountsctl.localcloud.contracts.lookups import ACCOUNT, CognitoIdentity, Lookups, Signer

SERVICE = "execute-api"
SKEW = sigv4.SKEW
STAMP = sigv4.STAMP
FIELD = re.compile(r"(\w+)=([^,\s]+)")
NEEDED = ("Credential", "Signature", "SignedHeaders")
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
    "Key and signing method. Consult the service documentation for details."
)


def iam(call: GatewayCall, region: str, lookups: Lookups) -> Signer:
    """The signer of `call`; GatewayError if the signature is not valid."""
    signed = _parsed(call)
    _check_scope(signed, region)
    _check_date(signed.stamp, call.seconds)
    caller = lookups.signer(signed.access_key, signed.token)
    if caller is None or (caller.token and signed.token != caller.token):
        words = "The security token included in the request is invalid."
        raise GatewayError(None, words, status=403, error_type="UnrecognizedClientException")
    if caller.expires is not None and caller.expires <= call.seconds:
        raise GatewayError("EXPIRED_TOKEN", "The security token included in the request is expired")
    if not sigv4.matches(signed, call.request, caller.secret):
        raise _invalid(MISMATCH)
    call.identity = {
        "accessKey": signed.access_key,
        "accountId": ACCOUNT,
        "caller": caller.id,
        "user": caller.id,
        "userArn": caller.arn,
        **_cognito(caller.identity),
    }
    return caller


def _cognito(identity: CognitoIdentity | None) -> dict[str, str]:
    """What the request's context shows of a caller from an identity pool."""
    if identity is None:
        return {}
    provider = {"cognitoAuthenticationProvider": identity.provider} if identity.provider else {}
    return {
        "cognitoIdentityPoolId": identity.pool_id,
        "cognitoIdentityId": identity.identity_id,
        "cognitoAuthenticationType": identity.kind,
        **provider,
    }


def _parsed(call: GatewayCall) -> sigv4.Signature:
    sent = call.request.header("Authorization")
    if not sent or not sent.startswith(ALGORITHM):
        raise refusal(call)
    fields = dict(FIELD.findall(sent[len(ALGORITHM) :]))
    missing = [name for name in NEEDED if not fields.get(name)]
    scope = fields.get("Credential", "").split("/")
    if missing or len(scope) != 5:
        words = " ".join(
            f"Authorization header requires '{name}' parameter." for name in missing or NEEDED[:1]
        )
        raise GatewayError(None, words, status=403, error_type="IncompleteSignatureException")
    key, date, region, service, _ = scope
    stamp, token = call.request.header("X-Amz-Date") or "", call.request.header("X-Amz-Security-Token")
    headers = tuple(fields["SignedHeaders"].split(";"))
    return sigv4.Signature(key, date, region, service, headers, fields["Signature"], stamp, token)


def _check_scope(signed: sigv4.Signature, region: str) -> None:
    if signed.service != SERVICE:
        raise _invalid(f"Credential should be scoped to correct service: '{SERVICE}'. ")
    if signed.region != region:
        raise _invalid(f"Credential should be scoped to a valid Region, not '{signed.region}'. ")


def _check_date(stamp: str, now: float) -> None:
    """Accept five minutes either way; a missing or malformed date is refused as AWS does."""
    try:
        sent = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        words = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        raise GatewayError(None, words, status=403, error_type="IncompleteSignatureException") from None
    here = datetime.fromtimestamp(now, UTC)
    edge = here - SKEW
    if sent < edge:
        message = f"Signature expired: {stamp} is now earlier than {edge:{STAMP}} ({here:{STAMP}} - 5 min.)"
        raise _invalid(message)
    if sent > here + SKEW:
        raise _invalid(f"Signature not yet current: {stamp} is still later than {here + SKEW:{STAMP}}")


def _invalid(message: str) -> GatewayError:
    return GatewayError("INVALID_SIGNATURE", message)
