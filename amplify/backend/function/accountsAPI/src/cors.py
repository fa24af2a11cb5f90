"""The CORS headers of every answer, errors included.

A browser shows a page nothing of an answer without them, not even that it was an error. The preflight is
answered by API Gateway; OPTIONS is answered here too for an API that passes it on.
Source: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Mapping

ANY = "*"
METHODS = "DELETE,GET,OPTIONS,PATCH,POST,PUT"
# What the preflight that API Gateway answers allows, and what its own errors expose: templates/_partials/cors.j2.
HEADERS = (
    "Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,"
    "X-Amz-Content-Sha256,X-Amz-Date,X-Amz-Security-Token,X-Amz-User-Agent,X-Api-Key"
)
EXPOSED = "ETag,Idempotency-Replayed,Link,Location,Retry-After,x-amzn-ErrorType,x-amzn-RequestId"


def allowed_origins(text: str) -> frozenset[str]:
    """CORS_ALLOW_ORIGINS: comma-separated origins; `*`, or nothing, allows all."""
    named = frozenset(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip())
    return named or frozenset({ANY})


def cors_headers(allowed: frozenset[str], origin: str | None) -> Mapping[str, str]:
    """The headers for a request from `origin` (None where it named none).

    With a list of origins the answer depends on who asks, so caches are told by Vary, also where the
    origin is not on the list and gets no permission.
    """
    headers = {
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Expose-Headers": EXPOSED,
    }
    if ANY in allowed:
        return {"Access-Control-Allow-Origin": ANY, **headers}
    if origin in allowed:
        return {"Access-Control-Allow-Origin": str(origin), "Vary": "Origin", **headers}
    return {"Vary": "Origin"}
