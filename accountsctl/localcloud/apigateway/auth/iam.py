"""IAM authorization: verify the Signature Version 4 of a request.

botocore's signer computes the signature again, with the caller's secret, over the request as it was received.
`access` decides afterwards whether the caller's policies allow the call.

    the request is not signed       Missing Authentication Token
    an Authorization that is not SigV4   IncompleteSignatureException (a JWT sent to an IAM method: the classic)
    another service or region, an old date, another signature   InvalidSignatureException
    an unknown key, or a session's without its token   UnrecognizedClientException
    an expired session          ExpiredTokenException
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from accountsctl.localcloud.apigateway.auth.unsigned import ALGORITHM, refusal
from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import GatewayError
from accountsctl.localcloud.contracts.lookups import ACCOUNT, Lookups, Signer

SERVICE = "execute-api"
SKEW = timedelta(minutes=5)
STAMP = "%Y%m%dT%H%M%SZ"
FIELD = re.compile(r"(\w+)=([^,\s]+)")
NEEDED = ("Credential", "Signature", "SignedHeaders")
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
    "Key and signing method. Consult the service documentation for details."
)


@dataclass(frozen=True)
class _Signed:
    """The fields of SigV4's Authorization header. `scope` is date/region/service/aws4_request."""

    access_key: str
    region: str
    service: str
    headers: tuple[str, ...]
    signature: str


def iam(call: GatewayCall, region: str, lookups: Lookups) -> Signer:
    """The signer of `call`; GatewayError if the signature is not valid."""
    signed = _parsed(call)
    stamp = call.request.header("X-Amz-Date") or ""
    _check_scope(signed, region)
    _check_date(stamp, call.seconds)
    caller = lookups.signer(signed.access_key)
    if caller is None or (caller.token and call.request.header("X-Amz-Security-Token") != caller.token):
        words = "The security token included in the request is invalid."
        raise GatewayError(None, words, status=403, error_type="UnrecognizedClientException")
    if caller.expires is not None and caller.expires <= call.seconds:
        raise GatewayError("EXPIRED_TOKEN", "The security token included in the request is expired")
    if not hmac.compare_digest(_signature(call, signed, stamp, caller.secret), signed.signature):
        raise _invalid(MISMATCH)
    call.identity = {
        "accessKey": signed.access_key,
        "accountId": ACCOUNT,
        "caller": caller.id,
        "user": caller.id,
        "userArn": caller.arn,
    }
    return caller


def _parsed(call: GatewayCall) -> _Signed:
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
    key, _, region, service, _ = scope
    return _Signed(key, region, service, tuple(fields["SignedHeaders"].split(";")), fields["Signature"])


def _check_scope(signed: _Signed, region: str) -> None:
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


def _signature(call: GatewayCall, signed: _Signed, stamp: str, secret: str) -> str:
    """What the signature would be, over the same headers, of a caller who has `secret`."""
    signer = SigV4Auth(Credentials(signed.access_key, secret), signed.service, signed.region)
    headers = {name: call.request.header(name) or "" for name in signed.headers}
    query = f"?{call.request.query}" if call.request.query else ""
    url = f"http://{call.request.header('Host')}{call.request.path}{query}"
    request = AWSRequest(method=call.request.method, url=url, data=call.request.body, headers=headers)
    request.context["timestamp"] = stamp
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return str(signer.signature(text, request))


def _invalid(message: str) -> GatewayError:
    return GatewayError("INVALID_SIGNATURE", message)
