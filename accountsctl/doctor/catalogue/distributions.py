"""What a CloudFront behavior makes of a response: the headers that its policy adds, and what its origin gets.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/header-caching.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.browser.urls import EXECUTE_API, embedded_url
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.catalogue.buckets import SERVED_BY_S3, bucket_answer, requested_headers
from accountsctl.doctor.catalogue.requests import calls_api_itself
from accountsctl.doctor.catalogue.scene import Evidence, Scene
from accountsctl.doctor.facts.distributions import (
    EDGE_CODE,
    OWN_DOMAIN,
    AddedHeaders,
    Distribution,
    possible_behaviors,
)
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.cors_headers import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    EXPOSE_HEADERS,
)
from accountsctl.model.http_methods import METHODS

HIDDEN = "${ResponseHeadersPolicy}"
"""The value of a header that something at the edge may give."""
EVERY_METHOD = "ALL"
_WITHOUT_PREFLIGHT = frozenset({"GET", "HEAD", "POST"})
"""Methods that no browser looks for in Access-Control-Allow-Methods."""


def behaviors_of(scene: Scene) -> list[Distribution]:
    """The behaviors that the request may pass: none if the client calls the API itself.

    Of several, the first whose pattern fits the URL's path, as far as is known; all if none is known to fit.
    """
    every = list(scene.api.distributions)
    if scene.api.is_api and (
        EXECUTE_API in scene.ask.host or scene.ask.host in {domain.name for domain in scene.api.domains}
    ):
        return []
    if not scene.ask.url:
        return every
    return possible_behaviors(every, scene.ask.url_path) or every


def passed_behavior(scene: Scene) -> Distribution | None:
    """The behavior that the request surely passes; None if there is none, or its URL is not known."""
    found = behaviors_of(scene) if scene.ask.url else []
    return found[0] if len(found) == 1 else None


def assumed_path(scene: Scene) -> str:
    """What is taken of the URL's path, if the host's name does not tell what it makes of it on the way to the API."""
    ask = scene.ask
    domains = {domain.name for domain in scene.api.domains if not is_unknown(list(domain.mappings))}
    if not ask.host or calls_api_itself(ask) or embedded_url(ask.url_path) or ask.host in domains:
        return ""
    passed = [one for one in behaviors_of(scene) if ask.host in one.aliases or ask.host.endswith(OWN_DOMAIN)]
    paths = {None if behavior.may_change == EDGE_CODE else behavior.origin_path for behavior in passed}
    # The first part at execute-api is the stage, whatever its name.
    known = len(paths) == 1 and not any(path is None or is_unknown(_below_stage(path)) for path in paths)
    return "" if known else f"{ask.host} passes the path on to the API as it is"


def _below_stage(origin_path: str) -> str:
    return re.sub(r"^/[^/]*", "", origin_path)


def distribution_answer(scene: Scene) -> FetchResponse | None:
    """What a page gets of a distribution whose origin is a bucket or a server; None if that is not known."""
    behavior = passed_behavior(scene)
    if behavior is None or behavior.may_change == EDGE_CODE:
        return None  # It may answer by itself.
    return passed_on(scene, _of_origin(scene, behavior))


def _of_origin(scene: Scene, behavior: Distribution) -> FetchResponse | None:
    """What a bucket answers to what the behavior forwards. Without Origin, S3 takes no request for one of CORS."""
    if behavior.bucket is None:
        return None
    if behavior.forwards_origin is False:
        return FetchResponse(400 if scene.preflight else 200, SERVED_BY_S3)
    forwarded = behavior.to_bucket_as_sent or (behavior.forwards_origin is True and not scene.preflight)
    return bucket_answer(scene, behavior.bucket) if forwarded else None


def passed_on(scene: Scene, answer: FetchResponse | None) -> FetchResponse | None:
    """An answer as the page gets it; None if it is not known."""
    behavior = passed_behavior(scene)
    if behavior is None or not (behavior.may_change or behavior.added):
        return answer
    if behavior.may_change or behavior.added is None:
        # It may replace what the origin sends.
        return (
            None if answer is None else FetchResponse(answer.status, _filled(_hidden(scene), answer.headers))
        )
    own = _headers_of(behavior.added, scene)
    if answer is None:
        # The origin's own headers are replaced; of its status nothing is known.
        return FetchResponse(200, own) if own and behavior.added.override else None
    if not own and behavior.added.override and answer.value(ALLOW_ORIGIN) is not None:
        own = _hidden(scene)  # Whether it takes away what the origin allows is not documented.
    first, rest = (own, answer.headers) if behavior.added.override else (answer.headers, own)
    return FetchResponse(answer.status, _filled(first, rest))


def _filled(headers: Headers, others: Headers) -> Headers:
    """Headers, and of others those that are not among them."""
    names = {name.lower() for name, _ in headers}
    return (*headers, *(header for header in others if header[0].lower() not in names))


def _hidden(scene: Scene) -> Headers:
    names = [ALLOW_ORIGIN, *((ALLOW_CREDENTIALS,) if scene.ask.credentials else ())]
    names += [ALLOW_METHODS, ALLOW_HEADERS] if scene.preflight else []
    return tuple((name, HIDDEN) for name in names)


def _headers_of(added: AddedHeaders, scene: Scene) -> Headers:
    """The headers that a policy adds to the response of a request."""
    allowed = added.allows_origin(scene.ask.origin)
    if allowed is False:
        return ()
    if allowed is None or (added.only_simple and scene.preflight):
        return _hidden(scene)
    headers = [(ALLOW_ORIGIN, "*" if "*" in added.origins else scene.ask.origin)]
    if added.credentials:
        headers.append((ALLOW_CREDENTIALS, "true"))
    if scene.preflight:
        methods = sorted(METHODS) if EVERY_METHOD in added.methods else list(added.methods)
        names = HIDDEN if added.headers is None else ", ".join(added.headers)
        headers += [(ALLOW_METHODS, ", ".join(methods)), (ALLOW_HEADERS, names)]
    headers.append((EXPOSE_HEADERS, ", ".join(added.expose)))
    return tuple(header for header in headers if header[1])


def evidence_of_policy(scene: Scene) -> Iterator[Evidence]:
    """What the response headers policy lacks for a request, first of all."""
    behavior = passed_behavior(scene)
    added = behavior.added if behavior is not None else None
    if added is None or (added.only_simple and scene.preflight):
        return
    ask = scene.ask
    method = ask.request.method
    if added.allows_origin(ask.origin) is False:
        yield _shown(added, "origins", added.origins, ask.origin)
    elif not scene.preflight:
        return
    elif method not in _WITHOUT_PREFLIGHT and not {method, EVERY_METHOD} & set(added.methods):
        yield _shown(added, "methods", added.methods, method)
    elif added.headers is not None and (lacking := _lacking(added.headers, scene)):
        yield _shown(added, "headers", added.headers, lacking)


def _lacking(allowed: tuple[str, ...], scene: Scene) -> str:
    """The first header of a preflight that a list does not allow: * is not Authorization."""
    names = {name.lower() for name in allowed}
    if any("${" in name for name in names):
        return ""
    wanted = (name for name in requested_headers(scene) if name not in names)
    return next((name for name in wanted if "*" not in names or name == "authorization"), "")


def _shown(added: AddedHeaders, part: str, values: tuple[str, ...], wanted: str) -> Evidence:
    name = f"AccessControlAllow{part.capitalize()}"
    return Evidence(added.place.of(part), f"{name}: {', '.join(values) or '(absent)'}", wanted)


def origin_not_forwarded(scene: Scene) -> Iterator[Evidence]:
    """That a bucket with CORS rules does not get the page's Origin, which it compares."""
    behavior = passed_behavior(scene)
    if behavior is None or behavior.bucket is None or behavior.forwards_origin is not False:
        return
    if behavior.bucket.rules != ():
        yield Evidence(
            behavior.place.of("behavior"), "Origin is not forwarded to the bucket", "Managed-CORS-S3Origin"
        )
