"""AWS Signature Version 4, as a verifier: what a signature must be over the request that was received.

It is computed from the request's own bytes. A signer (botocore's, for one) trusts headers that its caller set, such as
X-Amz-Content-SHA256; here the body is hashed, and the header must agree with it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote

from accountsctl.localcloud.contracts.messages import Request

ALGORITHM = "AWS4-HMAC-SHA256"
SKEW = timedelta(minutes=5)
_SKEW = SKEW.total_seconds()
STAMP = "%Y%m%dT%H%M%SZ"
LONGEST_EXPIRY = 7 * 24 * 3600
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_FIELD = re.compile(r"(\w+)=([^,\s]+)")
_UNRESERVED = "-_.~"


class Signature(NamedTuple):
    """What a request states about its signature. `expires`: seconds, for a presigned URL alone."""

    access_key: str
    date: str
    region: str
    service: str
    headers: tuple[str, ...]
    signature: str
    stamp: str
    token: str | None
    expires: int | None = None


def parse(request: Request) -> Signature | None:
    """The signature of the Authorization header or, without one, of the query; None if neither is complete."""
    sent = request.header("Authorization")
    if sent is not None:
        fields = dict(_FIELD.findall(sent)) if sent.startswith(ALGORITHM) else {}
        stamp, token = request.header("X-Amz-Date"), request.header("X-Amz-Security-Token")
        return _signature(fields.get, "", stamp, token)
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    if query.get("X-Amz-Algorithm") != ALGORITHM:
        return None
    signature = _signature(query.get, "X-Amz-", query.get("X-Amz-Date"), query.get("X-Amz-Security-Token"))
    expires = query.get("X-Amz-Expires", "0")
    if signature is None or not re.fullmatch(r"\d{1,6}", expires):
        return None
    return signature._replace(expires=int(expires))


def _signature(
    field: Callable[[str], str | None], prefix: str, stamp: str | None, token: str | None
) -> Signature | None:
    scope = (field(f"{prefix}Credential") or "").split("/")
    headers, signature = field(f"{prefix}SignedHeaders"), field(f"{prefix}Signature")
    if len(scope) != 5 or not headers or not signature or not stamp:
        return None
    key, date, region, service, _ = scope
    return Signature(key, date, region, service, tuple(headers.split(";")), signature, stamp, token)


def is_current(signature: Signature, now: float) -> bool:
    """Whether the signature is from now, five minutes either way; a presigned URL is valid until it expires."""
    try:
        sent = _time(signature.stamp)
    except ValueError:
        return False
    if sent > now + _SKEW or not signature.stamp.startswith(signature.date):
        return False
    if signature.expires is None:
        return sent >= now - _SKEW
    return signature.expires <= LONGEST_EXPIRY and sent + signature.expires >= now


@lru_cache(maxsize=16)
def _time(stamp: str) -> float:
    """The time of a stamp in seconds, which all requests of one second share."""
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC).timestamp()


def matches(signature: Signature, request: Request, secret: str) -> bool:
    """Whether the signature is that of a holder of `secret` over exactly this request, its body included."""
    payload = payload_hash(signature, request)
    if payload is None or "host" not in signature.headers:
        return False
    return hmac.compare_digest(
        _expected(signature, request, secret, payload).encode(), signature.signature.encode()
    )


def payload_hash(signature: Signature, request: Request) -> str | None:
    """The hash of the body that was signed; None if the request states another than that of its body.

    Only S3 accepts a body that is not signed, or is signed in chunks.
    """
    stated = request.header("X-Amz-Content-SHA256")
    if signature.service == "s3":
        if signature.expires is not None:
            return stated or UNSIGNED_PAYLOAD
        if stated is not None and (stated == UNSIGNED_PAYLOAD or stated.startswith("STREAMING-")):
            return stated
    actual = hashlib.sha256(request.body).hexdigest()
    return actual if stated in (None, actual) else None


def _expected(signature: Signature, request: Request, secret: str, payload: str) -> str:
    scope = f"{signature.date}/{signature.region}/{signature.service}/aws4_request"
    sent = _headers(request, signature.headers)
    canonical = "\n".join(
        (
            request.method,
            _path(request.path, signature.service),
            _query(request.query),
            *[f"{name}:{sent.get(name, '')}" for name in signature.headers],
            "",
            ";".join(signature.headers),
            payload,
        )
    )
    hashed = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    text = "\n".join((ALGORITHM, signature.stamp, scope, hashed))
    return _hmac(_signing_key(secret, signature.date, signature.region, signature.service), text).hex()


@lru_cache(maxsize=64)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key of a day, a region and a service."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = _hmac(key, part)
    return key


@lru_cache(maxsize=256)
def _path(path: str, service: str) -> str:
    """S3 signs the path as it is sent; other services normalize it, and encode it a second time."""
    if service == "s3":
        return path
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment and segment != ".":
            segments.append(segment)
    normal = "/" + "/".join(segments) + ("/" if path.endswith("/") and segments else "")
    return quote(normal, safe="/~")


def _query(query: str) -> str:
    """Every name and value encoded in the same way, sorted, without the signature itself."""
    if not query:
        return ""
    pairs = (part.partition("=") for part in query.split("&") if part)
    encoded = sorted((_encoded(name), _encoded(value)) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded if name != "X-Amz-Signature")


def _encoded(text: str) -> str:
    return quote(unquote(text, errors="surrogateescape").encode("utf-8", "surrogateescape"), safe=_UNRESERVED)


def _headers(request: Request, names: tuple[str, ...]) -> dict[str, str]:
    """The values of these headers, with single blanks; those of one name are joined by commas."""
    found: dict[str, str] = {}
    for key, value in request.headers:
        name = key.lower()
        if name in names:
            plain = " ".join(value.split())
            found[name] = f"{found[name]},{plain}" if name in found else plain
    return found


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)
