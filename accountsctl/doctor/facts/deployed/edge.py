"""CloudFront distributions before an API, as ListDistributions tells them.

They are read as a template's are: the two differ in how they write lists (``{Quantity, Items}``), and in that a
template names the API where AWS tells its host.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accountsctl.doctor.facts.custom_domains import Domain
from accountsctl.doctor.facts.distributions import Distribution
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.distributions import distributions as read_distributions
from accountsctl.doctor.facts.templates.document import Document
from accountsctl.doctor.facts.templates.resolving import Resolver
from accountsctl.doctor.facts.unknown import placeholder

SOURCE = "cloudfront:ListDistributions"

Json = Mapping[str, Any]


def distributions(items: Iterable[Json], api: str, domains: Iterable[Domain]) -> tuple[Distribution, ...]:
    """The behaviours that lead to an API, by its own host or a custom domain of it."""
    hosts = {domain.name for domain in domains if domain.mappings}
    resources = {
        str(item["Id"]): {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {"DistributionConfig": _named(_plain(item), api, hosts)},
        }
        for item in items
    }
    document = Document(SOURCE, {"Resources": resources})
    return read_distributions(Reader(document, Resolver(document), Layer.DEPLOYED), api)


def _plain(value: Any) -> Any:
    """The value with CloudFront's lists as lists."""
    if isinstance(value, Mapping):
        if "Quantity" in value:
            return [_plain(item) for item in value.get("Items") or ()]
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _named(config: dict[str, Any], api: str, hosts: set[str]) -> dict[str, Any]:
    """The configuration with the origins that are the API named as a template names it."""
    origins = [
        {**origin, "DomainName": _host(str(origin.get("DomainName")), api, hosts)}
        for origin in config.get("Origins") or ()
    ]
    return {**config, "Origins": origins}


def _host(host: str, api: str, hosts: set[str]) -> str:
    if host in hosts:
        return placeholder(api)
    return placeholder(api) + host.removeprefix(api) if host.startswith(f"{api}.execute-api.") else host
