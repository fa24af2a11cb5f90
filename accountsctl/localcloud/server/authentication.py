"""Who may call a service: only a holder of one of this cloud's access keys, shown by a valid signature.

Each refusal has the code and the protocol of AWS for that service, so that every SDK reports it as it does AWS's.

    not signed                        MissingAuthenticationToken
    an unknown access key             InvalidClientTokenId, UnrecognizedClientException, InvalidAccessKeyId
    another signature, body or time   SignatureDoesNotMatch, InvalidSignatureException
    a changing operation by GET       refused: a link must not change anything
    no right to it by the policies of the caller    AccessDenied, AccessDeniedException, AuthorizationError
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from accountsctl.localcloud.contracts import keys, sigv4
from accountsctl.localcloud.contracts.dispatch import ServiceTarget, missing_token
from accountsctl.localcloud.contracts.lookups import Signer
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services import calls
from accountsctl.localcloud.moto_services.errors import refusal

FindSigner = Callable[[str, str | None], Signer | None]
Refuses = Callable[[Request, ServiceTarget, Signer], Response | None]

QUERY = ("cloudformation", "iam", "sts", "rds")
INVALID_TOKEN = "The security token included in the request is invalid."  # noqa: S105
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
    "Key and signing method. The embedded cloud accepts its own keys: `accountsctl local env` prints them."
)


class Authentication:
    """Verifies signatures. `find` finds the owner of a key that IAM or STS created here; it may wait for them.

    `rights` refuses what a caller's policies do not allow.
    """

    def __init__(
        self, own: keys.Keys, find: FindSigner, rights: Refuses, now: Callable[[], float] = time.time
    ) -> None:
        self._own = own
        self._find = find
        self._rights = rights
        self._now = now

    def refuses(self, request: Request, where: ServiceTarget) -> Response | None:
        """The refusal of a call to a service; None if it may be served. Cognito's public calls are not signed."""
        if where.service in (
            "custom-response",
            "daemon",
            "function-url",
            "gateway",
            "unknown",
            "wait-signal",
        ) or (where.service == "control" and not where.access_key):
            return self._refuses_version_2(request, where) if where.scope == "s3" else None
        signature = sigv4.parse(request)
        if signature is None:
            return missing_token(request)
        own = self._own.secret(signature.access_key)
        signer = None if own is not None else self._find(signature.access_key, signature.token)
        if signature.access_key == keys.IDENTITY or (signer is not None and signer.identity is not None):
            text = "The embedded cloud lets an identity pool's credentials call APIs, and no service."
            return refusal(where.scope, 403, "AccessDenied", text)
        secret = own if own is not None else self._secret(signer, signature.token)
        if secret is None:
            return _unknown_key(where.scope)
        if not sigv4.is_current(signature, self._now()) or not sigv4.matches(signature, request, secret):
            return _mismatch(where.scope)
        return _changes_by_link(request, where) or self._without_right(request, where, signer)

    def _without_right(
        self, request: Request, where: ServiceTarget, signer: Signer | None
    ) -> Response | None:
        """The refusal of what the signer may not do; the cloud's own keys may do everything."""
        return None if signer is None else self._rights(request, where, signer)

    def _secret(self, signer: Signer | None, token: str | None) -> str | None:
        """The secret of a key that is valid now, with its session's token; None of any other."""
        if signer is None or (signer.token and signer.token != token):
            return None
        expired = signer.expires is not None and signer.expires <= self._now()
        return None if expired else signer.secret

    def _refuses_version_2(self, request: Request, where: ServiceTarget) -> Response | None:
        """S3's presigned URLs of Signature Version 2, which boto3 still makes by default."""
        query = {name: values[-1] for name, values in parse_qs(request.query).items()}
        key, token = query.get("AWSAccessKeyId", ""), query.get("x-amz-security-token")
        own = self._own.secret(key) if key != keys.IDENTITY else None
        signer = None if own is not None or key == keys.IDENTITY else self._find(key, token)
        secret = own if own is not None else self._secret(signer, token)
        if secret is None or (signer is not None and signer.identity is not None):
            return _unknown_key("s3")
        expires = query.get("Expires", "")
        if not expires.isdigit() or int(expires) < self._now():
            return refusal("s3", 403, "AccessDenied", "Request has expired")
        if _signature_v2(request, secret, expires, token) != query.get("Signature"):
            return _mismatch("s3")
        return self._without_right(request, where, signer)


def _signature_v2(request: Request, secret: str, expires: str, token: str | None) -> str:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html: the expiry takes the date's place."""
    from botocore.auth import HmacV1Auth
    from botocore.compat import HTTPHeaders
    from botocore.credentials import Credentials

    signer = HmacV1Auth(Credentials("", secret))
    headers = HTTPHeaders.from_dict({name.lower(): value.strip() for name, value in request.headers})
    if token is not None:
        headers["x-amz-security-token"] = token
    resource = signer.canonical_resource(urlsplit(f"//localhost{request.path}?{request.query}"))
    custom = signer.canonical_custom_headers(headers)  # type: ignore[arg-type]  # it calls the headers' get_all
    parts = (request.method, headers.get("content-md5", ""), headers.get("content-type", ""), expires)
    text = "\n".join((*parts, *([custom] if custom else []), resource))
    return str(signer.sign_string(text))


def _changes_by_link(request: Request, where: ServiceTarget) -> Response | None:
    name = calls.operation(request) if request.method == "GET" else ""
    if not name or calls.reads(request):
        return None
    return refusal(where.scope, 405, "InvalidAction", f"{name} changes something; send it by POST.")


def _unknown_key(scope: str) -> Response:
    if scope in QUERY:
        return refusal(scope, 403, "InvalidClientTokenId", INVALID_TOKEN)
    if scope == "ec2":
        text = "AWS was not able to validate the provided access credentials"
        return refusal(scope, 401, "AuthFailure", text)
    if scope == "s3":
        text = "The AWS Access Key Id you provided does not exist in our records."
        return refusal(scope, 403, "InvalidAccessKeyId", text)
    return refusal(scope, 403, "UnrecognizedClientException", INVALID_TOKEN)


def _mismatch(scope: str) -> Response:
    if scope in QUERY or scope == "s3":
        return refusal(scope, 403, "SignatureDoesNotMatch", MISMATCH)
    if scope == "ec2":
        return refusal(scope, 401, "AuthFailure", MISMATCH)
    return refusal(scope, 403, "InvalidSignatureException", MISMATCH)
