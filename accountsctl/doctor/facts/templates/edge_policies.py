"""The policies of a CloudFront behavior: what it forwards to the origin, and what it adds to the response.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/working-with-policies.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.doctor.facts.distributions import AddedHeaders
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.templates.common import Reader, is_true, listed, mapping, mappings
from accountsctl.doctor.facts.templates.resolving import name_in
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.cors_headers import REQUEST_HEADERS, REQUEST_METHOD

Json = Mapping[str, Any]
ORIGIN = "origin"
EVERYTHING = "*"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
CORS_CUSTOM_ORIGIN = "59781a5b-3903-41f3-afcb-af62929ccde1"
CORS_S3_ORIGIN = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"
_OF_PREFLIGHTS = frozenset({ORIGIN, REQUEST_HEADERS, REQUEST_METHOD})
MANAGED_ORIGIN_REQUEST_POLICIES = {
    ALL_VIEWER: frozenset({EVERYTHING}),
    "33f36d7e-f396-46d9-90e0-52428a34d9dc": frozenset({EVERYTHING}),
    ALL_BUT_HOST: frozenset({EVERYTHING}),
    CORS_CUSTOM_ORIGIN: frozenset({ORIGIN}),
    CORS_S3_ORIGIN: _OF_PREFLIGHTS,
    "775133bc-15f2-49f9-abea-afb2e0bf67d2": _OF_PREFLIGHTS,
    "acba4595-bd28-49b8-b9fe-13317c0390fa": frozenset({"user-agent", "referer"}),
    "bf0718e1-ba1e-49d1-88b1-f726733018ae": frozenset({"host"}),
}
"""The headers that each forwards, as far as CORS is concerned."""
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
NO_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
MANAGED_CACHE_POLICIES = {
    NO_CACHE: frozenset[str](),
    "658327ea-f89d-4fab-a63d-7e88639e58f6": frozenset[str](),
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": frozenset[str](),
    "08627262-05a9-4f76-9ded-b50ca2e3a84f": frozenset({ORIGIN}),
    "2e54312d-136d-493c-8eb9-b001f22f67d2": frozenset[str](),
    "83da9c7e-98b4-4e11-a168-04f0df8e2c65": frozenset({ORIGIN}),
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe": frozenset({ORIGIN}),
}
"""The same of the cache key: none of these has Authorization."""
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
_SIMPLE_CORS = ("60669652-455b-4ae9-85a4-c4c02393f86c", "e61eb60c-9c35-4d20-a928-2b84e02af89c")
_CORS_WITH_PREFLIGHT = ("5cc3b908-e619-4b99-88e5-2cf7f45965bd", "eaab4381-ed33-4a86-88ca-d9558dc6cd63")
_SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
_ELSEWHERE = "a response headers policy that stands elsewhere"
_OF_CORS = "access-control-"


def forwards_authorization(reader: Reader, behavior: Json) -> bool | None:
    """Whether Authorization reaches the origin; None if a policy of one's own decides it."""
    headers = _passed_on(reader, behavior)
    policy = _id_of(behavior, "OriginRequestPolicyId")
    legacy = "ForwardedValues" in behavior
    everything = policy in (ALL_VIEWER, ALL_BUT_HOST) or EVERYTHING in headers
    if not everything and is_unknown(list(headers)):
        return None
    if not (legacy or everything or _knows_cache_policy(reader, behavior)):
        return None
    known = not policy or policy in (ALL_VIEWER, ALL_BUT_HOST, CORS_CUSTOM_ORIGIN, CORS_S3_ORIGIN)
    return everything or "authorization" in headers if legacy or known else None


def custom_headers(reader: Reader, behavior: Json) -> frozenset[str] | None:
    """The headers of a page's code that are passed on; None if that is not known, or if all are.

    Without policies CloudFront passes on all but a few of its own list.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
    """
    headers = _passed_on(reader, behavior)
    policy = _id_of(behavior, "OriginRequestPolicyId")
    of_policies = "ForwardedValues" not in behavior and _knows_cache_policy(reader, behavior)
    unknown = not of_policies or is_unknown(list(headers))
    if unknown or EVERYTHING in headers or policy not in ("", CORS_CUSTOM_ORIGIN, CORS_S3_ORIGIN):
        return None
    return headers


def _passed_on(reader: Reader, behavior: Json) -> frozenset[str]:
    """The headers that the older settings or the cache key name."""
    stated = [*_forwarded(behavior), *_in_cache_key(reader, behavior)]
    return frozenset(str(header).lower() for header in stated)


def forwards_host(reader: Reader, behavior: Json) -> bool:
    """Whether the page's Host reaches the origin."""
    headers = _passed_on(reader, behavior)
    return (
        _id_of(behavior, "OriginRequestPolicyId") == ALL_VIEWER or EVERYTHING in headers or "host" in headers
    )


def keeps_answers(behavior: Json) -> bool:
    """Whether it caches."""
    return behavior.get("CachePolicyId") != NO_CACHE


def forwards_origin(reader: Reader, behavior: Json) -> bool | None:
    """Whether the page's Origin reaches the origin; None if it is not known."""
    return _forwards(reader, behavior, ORIGIN)


def forwards_preflight(reader: Reader, behavior: Json) -> bool | None:
    """Whether the Access-Control-Request headers reach the origin; None if it is not known."""
    found = {_forwards(reader, behavior, name) for name in (REQUEST_METHOD, REQUEST_HEADERS)}
    return False if False in found else None if None in found else True


def _forwards(reader: Reader, behavior: Json, name: str) -> bool | None:
    by_key = _headers_of_cache_policy(reader, behavior)
    by_request = _headers_of_request_policy(reader, behavior)
    for headers in (by_key, by_request):
        if headers is not None and {name, EVERYTHING} & headers:
            return True
    # By the older settings CloudFront forwards some headers by itself; of Origin the documentation says both.
    known = by_key is not None and by_request is not None and "ForwardedValues" not in behavior
    return False if known else None


def _headers_of_cache_policy(reader: Reader, behavior: Json) -> frozenset[str] | None:
    policy = _id_of(behavior, "CachePolicyId")
    if "ForwardedValues" in behavior or not policy:
        return frozenset(str(header).lower() for header in _forwarded(behavior))
    if policy in MANAGED_CACHE_POLICIES:
        return MANAGED_CACHE_POLICIES[policy]
    own = reader.properties(name_in(policy))
    found = _in_cache_key(reader, behavior)
    return None if not own or is_unknown(found) else frozenset(str(header).lower() for header in found)


def _headers_of_request_policy(reader: Reader, behavior: Json) -> frozenset[str] | None:
    policy = _id_of(behavior, "OriginRequestPolicyId")
    if not policy:
        return frozenset()
    if policy in MANAGED_ORIGIN_REQUEST_POLICIES:
        return MANAGED_ORIGIN_REQUEST_POLICIES[policy]
    config = mapping(reader.properties(name_in(policy)).get("OriginRequestPolicyConfig"))
    stated = mapping(config.get("HeadersConfig"))
    names = frozenset(str(header).lower() for header in listed(stated.get("Headers")))
    match str(stated.get("HeaderBehavior")):
        case "none":
            return frozenset()
        case "whitelist" if not is_unknown(list(names)):
            return names
        case "allViewer" | "allViewerAndWhitelistCloudFront":
            return frozenset({EVERYTHING})
        case "allExcept" if not names & _OF_PREFLIGHTS and not is_unknown(list(names)):
            return frozenset({EVERYTHING})
    return None


def _id_of(behavior: Json, key: str) -> str:
    return str(behavior.get(key) or "")


def _knows_cache_policy(reader: Reader, behavior: Json) -> bool:
    """Whether a cache policy is one of AWS's, none of which forwards Authorization, or stands in this template."""
    policy = _id_of(behavior, "CachePolicyId")
    return not policy or policy in MANAGED_CACHE_POLICIES or bool(reader.properties(name_in(policy)))


def _in_cache_key(reader: Reader, behavior: Json) -> list[Any]:
    """The headers that a cache policy of the template forwards: Authorization reaches the API by one alone.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
    """
    policy = reader.properties(name_in(_id_of(behavior, "CachePolicyId")))
    parameters = mapping(
        mapping(policy.get("CachePolicyConfig")).get("ParametersInCacheKeyAndForwardedToOrigin")
    )
    return listed(mapping(parameters.get("HeadersConfig")).get("Headers"))


def _forwarded(behavior: Json) -> list[Any]:
    values = behavior.get("ForwardedValues")
    return list(values.get("Headers") or []) if isinstance(values, Mapping) else []


def added_headers(reader: Reader, behavior: Json, place: SourcePlace) -> tuple[AddedHeaders | None, str]:
    """The CORS headers of the response headers policy, and what may give others of which nothing is known.

    `place` is that of the policy's id.
    """
    policy = _id_of(behavior, "ResponseHeadersPolicyId")
    if not policy or policy == _SECURITY_HEADERS:
        return None, ""
    if policy in _SIMPLE_CORS:
        return AddedHeaders(place, origins=(EVERYTHING,), only_simple=True), ""
    if policy in _CORS_WITH_PREFLIGHT:
        return AddedHeaders(
            place, origins=(EVERYTHING,), methods=("ALL",), headers=None, expose=(EVERYTHING,)
        ), ""
    name = name_in(policy)
    config = mapping(reader.properties(name).get("ResponseHeadersPolicyConfig"))
    if not config:
        return None, _ELSEWHERE
    base = "ResponseHeadersPolicyConfig/CorsConfig"
    own = reader.at(
        name,
        origins=f"{base}/AccessControlAllowOrigins",
        methods=f"{base}/AccessControlAllowMethods",
        headers=f"{base}/AccessControlAllowHeaders",
    )
    stated = config.get("CorsConfig")
    found = _of_policy(own, stated) if isinstance(stated, Mapping) else None
    hidden = is_unknown(mapping(stated).get("OriginOverride")) if found else is_unknown(stated)
    return found, _ELSEWHERE if hidden or _has_custom_headers(config) else ""


def _of_policy(place: SourcePlace, stated: Json) -> AddedHeaders:
    def items(key: str) -> tuple[str, ...]:
        found = stated.get(key)
        values = mapping(found).get("Items") if isinstance(found, Mapping) else found
        return tuple(str(value) for value in listed(values))

    return AddedHeaders(
        place,
        items("AccessControlAllowOrigins"),
        items("AccessControlAllowMethods"),
        items("AccessControlAllowHeaders"),
        items("AccessControlExposeHeaders"),
        is_true(stated.get("AccessControlAllowCredentials")),
        is_true(stated.get("OriginOverride")),
    )


def _has_custom_headers(config: Json) -> bool:
    """Whether a policy adds or removes headers of CORS by their names."""
    parts = [
        *mappings(mapping(config.get("CustomHeadersConfig")).get("Items")),
        *mappings(mapping(config.get("RemoveHeadersConfig")).get("Items")),
    ]
    return any(str(part.get("Header")).lower().startswith(_OF_CORS) for part in parts)
