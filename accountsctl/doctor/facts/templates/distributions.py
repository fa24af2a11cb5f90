"""CloudFront distributions of a template: their behaviors, and what these forward, add and lead to.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-cachebehavior.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from accountsctl.doctor.facts.buckets import Bucket, bucket_in
from accountsctl.doctor.facts.distributions import EDGE_CODE, Distribution
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates.buckets import BUCKET, MAY_BE_READ, bucket_of
from accountsctl.doctor.facts.templates.common import Reader, listed, mapping, mappings
from accountsctl.doctor.facts.templates.edge_policies import (
    added_headers,
    custom_headers,
    forwards_authorization,
    forwards_host,
    forwards_origin,
    forwards_preflight,
    keeps_answers,
)
from accountsctl.doctor.facts.templates.resolving import name_in
from accountsctl.doctor.facts.unknown import PLACEHOLDER, is_unknown, is_unknown_text, placeholder
from accountsctl.model.api_gateway import ApiKind

_FUNCTION_URL = re.compile(r"'Fn::GetAtt': \[?'([A-Za-z0-9]+)(?:', '|\.)FunctionUrl'")
"""A function URL, in the functions that take the host out of it."""
DISTRIBUTION = "AWS::CloudFront::Distribution"
_OF_APIS = ("AWS::ApiGateway", "AWS::Serverless::", "AWS::Lambda::Url")
_HOSTS_OF_APIS = (".execute-api.", ".lambda-url.")
BEHIND = (
    "what answers behind CloudFront",
    "What an origin answers to OPTIONS stands in no template, unless it is a bucket or an API. A recording (--har), or "
    "the live layer, shows it.",
)
Json = Mapping[str, Any]


def distributions(reader: Reader, api: str) -> tuple[Distribution, ...]:
    """The CloudFront behaviors that lead to an API."""
    return tuple(
        behavior
        for name, properties in reader.of_type(DISTRIBUTION)
        for behavior, domain in _behaviors(reader, name, properties)
        if placeholder(api) in domain
    )


def read_distributions(reader: Reader) -> Iterator[Api]:
    """Every distribution of the template that leads to more than APIs, each as an API without routes."""
    for name, properties in reader.of_type(DISTRIBUTION):
        behaviors = tuple(behavior for behavior, _ in _behaviors(reader, name, properties))
        others = [behavior for behavior in behaviors if not behavior.to_api]
        if not others:
            continue
        yield Api(
            name=name,
            layer=reader.layer,
            place=reader.at(name),
            routes={},
            kind=ApiKind.DISTRIBUTION,
            distributions=behaviors,
            lines={(reader.document.source, at): line for at, line in reader.document.lines.items()},
            not_reported=(MAY_BE_READ,) if all(behavior.bucket for behavior in others) else (BEHIND,),
        )


def _behaviors(reader: Reader, name: str, properties: Json) -> Iterator[tuple[Distribution, str]]:
    """The behaviors of a distribution, each with its origin's domain; the default one comes last."""
    config = mapping(properties.get("DistributionConfig"))
    origins = {str(origin.get("Id")): origin for origin in _origins(reader, name, config)}
    stated = [
        *(
            (f"CacheBehaviors/{number}", one)
            for number, one in enumerate(listed(config.get("CacheBehaviors")))
        ),
        ("DefaultCacheBehavior", config.get("DefaultCacheBehavior")),
    ]
    for key, behavior in stated:
        if is_unknown_text(behavior):
            hidden = Distribution(reader.at(name), path=behavior, may_change=EDGE_CODE)
            yield hidden, str(config.get("Origins"))
        elif isinstance(behavior, Mapping):
            origin = origins.get(str(behavior.get("TargetOriginId")), {})
            yield (
                _behavior(reader, name, config, (key, behavior), origin),
                str(origin.get("DomainName") or ""),
            )


def _origins(reader: Reader, name: str, config: Json) -> Iterator[Json]:
    """The origins; a function URL's host, which functions take out of the URL, is named by its resource."""
    resolved = mappings(config.get("Origins"))
    stated = mappings(mapping(reader.stated(name).get("DistributionConfig")).get("Origins"))
    for number, origin in enumerate(resolved):
        domain = str(stated[number].get("DomainName")) if len(stated) == len(resolved) else ""
        found = set(_FUNCTION_URL.findall(domain))
        owner = placeholder(found.pop()) if len(found) == 1 else origin.get("DomainName")
        yield {**origin, "DomainName": owner}


def _behavior(
    reader: Reader, name: str, config: Json, stated: tuple[str, Json], origin: Json
) -> Distribution:
    domain = str(origin.get("DomainName") or "")
    key, behavior = stated
    policy = reader.at(name, origins=f"DistributionConfig/{key}/ResponseHeadersPolicyId")
    added, hidden = added_headers(reader, behavior, policy)
    return Distribution(
        place=reader.at(name, behavior=f"DistributionConfig/{key}"),
        path=str(behavior.get("PathPattern") or "*"),
        methods=_methods(behavior.get("AllowedMethods")),
        forwards_authorization=forwards_authorization(reader, behavior),
        forwards_host=forwards_host(reader, behavior),
        custom_headers=custom_headers(reader, behavior),
        error_pages=bool(config.get("CustomErrorResponses")),
        redirects_to_https=behavior.get("ViewerProtocolPolicy") == "redirect-to-https",
        caches=keeps_answers(behavior),
        forwards_origin=forwards_origin(reader, behavior),
        forwards_preflight=forwards_preflight(reader, behavior),
        bucket=_bucket(reader, domain),
        to_api=_is_of_api(reader, domain),
        added=added,
        may_change=_code_at_the_edge(behavior) or hidden,
        aliases=tuple(str(alias) for alias in listed(config.get("Aliases"))),
        signing=_signing(reader, origin),
        origin_path=str(origin.get("OriginPath") or "") if ".execute-api." in domain else None,
    )


def _methods(stated: Any) -> frozenset[str] | None:
    """The methods that a behavior lets through; None if only the deployment knows one of them."""
    if is_unknown(stated):
        return None
    return frozenset(str(method) for method in listed(stated)) or frozenset({"GET", "HEAD"})


def _code_at_the_edge(behavior: Json) -> str:
    """What runs at the edge and may answer, or change headers; empty if nothing does."""
    runs = behavior.get("FunctionAssociations") or behavior.get("LambdaFunctionAssociations")
    return EDGE_CODE if runs else ""


def _signing(reader: Reader, origin: Json) -> str:
    """How the origin access control signs; empty if the origin has none of this template, or it signs nothing.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
    """
    control = reader.properties(name_in(str(origin.get("OriginAccessControlId") or "")))
    config = mapping(control.get("OriginAccessControlConfig"))
    found = str(config.get("SigningBehavior") or "")
    return found if found in ("always", "no-override") else ""


def _bucket(reader: Reader, domain: str) -> Bucket | None:
    """The bucket of this template that an origin is; None if it is none."""
    named = [found.partition(".")[0] for found in PLACEHOLDER.findall(domain)]
    called = bucket_in(f"https://{domain}") if not named and not urlsplit(domain).scheme else ""
    for name, properties in reader.of_type(BUCKET):
        if name in named or (called and properties.get("BucketName") == called):
            return bucket_of(reader, name, properties)
    return None


def _is_of_api(reader: Reader, domain: str) -> bool:
    """Whether an origin is an API or a function URL, of this template or elsewhere."""
    resources = reader.document.resources
    named = (mapping(resources.get(name_in("${" + found + "}"))) for found in PLACEHOLDER.findall(domain))
    of_template = any(str(resource.get("Type")).startswith(_OF_APIS) for resource in named)
    of_template = of_template or any(_is_url_of_sam(reader, found) for found in PLACEHOLDER.findall(domain))
    return of_template or any(part in domain for part in _HOSTS_OF_APIS)


def _is_url_of_sam(reader: Reader, name: str) -> bool:
    """Whether a name is that of the function URL that SAM makes of a function's FunctionUrlConfig."""
    function = mapping(reader.document.resources.get(name.removesuffix("Url")))
    return name.endswith("Url") and function.get("Type") == "AWS::Serverless::Function"
