"""What a request passes before it reaches an API: CloudFront distributions, custom domains and usage plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.partial_reads import PartialReads, plain, selected

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import DomainNameTypeDef, UsagePlanTypeDef
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_cloudfront.type_defs import DistributionSummaryTypeDef

USAGE_PLAN = ("id", "name", "apiStages", "throttle", "quota")
DOMAIN = ("domainName", "domainNameStatus", "endpointConfiguration")
DISTRIBUTION = (
    "Id",
    "DomainName",
    "Aliases",
    "DefaultCacheBehavior",
    "CacheBehaviors",
    "CustomErrorResponses",
)

Part = dict[str, object]


def usage_plans(client: APIGatewayClient, reads: PartialReads) -> Sequence[Part] | None:
    """The usage plans of the account, with the number of their keys, never a key; None if they are not reported."""
    pages = client.get_paginator("get_usage_plans")
    response = reads.read("the usage plans", lambda: pages.paginate().build_full_result())
    if response is None:
        return None
    return [_usage_plan(client, reads, plan) for plan in response.get("items") or ()]


def _usage_plan(client: APIGatewayClient, reads: PartialReads, plan: UsagePlanTypeDef) -> Part:
    pages = client.get_paginator("get_usage_plan_keys")
    keys = reads.read(
        f"the number of keys of the usage plan {plan['id']}",
        lambda: sum(len(page.get("items") or ()) for page in pages.paginate(usagePlanId=plan["id"])),
    )
    return {**selected(plan, USAGE_PLAN), "keys": keys or 0}


def custom_domains(client: APIGatewayClient, reads: PartialReads) -> Sequence[Part] | None:
    """The custom domains with their base path mappings; None if they are not reported."""
    pages = client.get_paginator("get_domain_names")
    response = reads.read("the custom domains", lambda: pages.paginate().build_full_result())
    if response is None:
        return None
    return [_domain(client, reads, domain) for domain in response.get("items") or ()]


def _domain(client: APIGatewayClient, reads: PartialReads, domain: DomainNameTypeDef) -> Part:
    pages = client.get_paginator("get_base_path_mappings")
    name = domain["domainName"]
    mappings = reads.read_if_present(
        f"the mappings of {name}", lambda: pages.paginate(domainName=name).build_full_result()
    )
    part = selected(domain, DOMAIN)
    if domain.get("mutualTlsAuthentication"):
        part["mutualTlsAuthentication"] = True
    if mappings is not None:
        part["mappings"] = plain(mappings.get("items") or []) if isinstance(mappings, dict) else []
    return part


def distributions(client: CloudFrontClient, reads: PartialReads) -> Sequence[Part] | None:
    """The CloudFront distributions of the account; None if they are not reported."""
    pages = client.get_paginator("list_distributions")
    response = reads.read("the CloudFront distributions", lambda: pages.paginate().build_full_result())
    if response is None:
        return None
    return [_distribution(item) for item in (response.get("DistributionList") or {}).get("Items") or ()]


def _distribution(distribution: DistributionSummaryTypeDef) -> Part:
    """A distribution without its origins' custom headers, which may hold secrets of the origin."""
    origins = [
        {"Id": origin["Id"], "DomainName": origin["DomainName"]}
        for origin in distribution["Origins"].get("Items") or ()
    ]
    return {**selected(distribution, DISTRIBUTION), "Origins": origins}
