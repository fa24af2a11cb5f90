"""What S3 answers by a bucket's CORS rules, and which rule lacks what.

OPTIONS gets 403 if no rule matches, or the headers of the first that does; any other request gets its own answer,
with the headers of the first rule that matches its origin and method.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting.html
"""

from __future__ import annotations

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.catalogue.scene import Evidence, Scene
from accountsctl.doctor.facts.buckets import Bucket, CorsRule
from accountsctl.model.cors_headers import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    EXPOSE_HEADERS,
    REQUEST_HEADERS,
)

SERVED_BY_S3: Headers = (("Server", "AmazonS3"),)


def bucket_answer(scene: Scene, bucket: Bucket) -> FetchResponse | None:
    """What S3 answers; None if only the deployment knows the rules."""
    rule = bucket.rule_for(scene.ask.origin, scene.ask.request.method, requested_headers(scene))
    if rule is None:
        return None
    if not isinstance(rule, CorsRule):
        return FetchResponse(403 if scene.preflight else 200, SERVED_BY_S3)
    return FetchResponse(200, _headers_of(rule, scene))


def evidence_of_bucket(scene: Scene, bucket: Bucket) -> tuple[Evidence, ...]:
    """What a bucket's rules lack for a request; empty if one matches, or may."""
    ask = scene.ask
    names = requested_headers(scene)
    if bucket.rule_for(ask.origin, ask.request.method, names) is not False or bucket.rules is None:
        return ()
    if not bucket.rules:
        return (Evidence(bucket.place, "no CorsConfiguration", f"a rule for {ask.method} of {ask.origin}"),)
    nearest = min(bucket.rules, key=lambda rule: _lacks(rule, scene))
    by_origin, by_method, headers = _lacks(nearest, scene)
    if by_origin:
        return (_shown(nearest, "AllowedOrigins", nearest.origins, ask.origin),)
    if by_method:
        return (_shown(nearest, "AllowedMethods", nearest.methods, ask.request.method),)
    return (_shown(nearest, "AllowedHeaders", nearest.headers, ", ".join(headers)),)


def _lacks(rule: CorsRule, scene: Scene) -> tuple[bool, bool, tuple[str, ...]]:
    """What a rule surely lacks: the origin, the method, the headers."""
    ask = scene.ask
    return (
        rule.allows_origin(ask.origin) is False,
        rule.allows_method(ask.request.method) is False,
        rule.lacking(requested_headers(scene)),
    )


def _shown(rule: CorsRule, name: str, values: tuple[str, ...], wanted: str) -> Evidence:
    return Evidence(rule.place.of(name.lower()), f"{name}: {', '.join(values) or '(absent)'}", wanted)


def requested_headers(scene: Scene) -> tuple[str, ...]:
    """The headers that a preflight names; S3 compares those of no other request."""
    headers = dict(scene.ask.preflight or ()) if scene.preflight else {}
    named = next((value for name, value in headers.items() if name.lower() == REQUEST_HEADERS), "")
    return tuple(filter(None, (name.strip().lower() for name in named.split(","))))


def _headers_of(rule: CorsRule, scene: Scene) -> Headers:
    """The headers that S3 adds by a rule: it names the origin, and allows credentials, unless the rule has *."""
    every = "*" in rule.origins
    headers = [(ALLOW_ORIGIN, "*" if every else scene.ask.origin), (ALLOW_METHODS, ", ".join(rule.methods))]
    if not every:
        headers.append((ALLOW_CREDENTIALS, "true"))
    if scene.preflight:
        headers.append((ALLOW_HEADERS, ", ".join(requested_headers(scene))))
    headers.append((EXPOSE_HEADERS, ", ".join(rule.expose)))
    return (*SERVED_BY_S3, *(header for header in headers if header[1]))
