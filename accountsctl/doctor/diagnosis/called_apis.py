"""Which of several APIs a URL calls: by the kind that its host tells, by its id, by a domain, and by its path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from accountsctl.doctor.browser.urls import EXECUTE_API, is_function_url
from accountsctl.doctor.diagnosis.located import locate
from accountsctl.doctor.facts.buckets import called_bucket
from accountsctl.doctor.facts.custom_domains import is_below
from accountsctl.doctor.facts.distributions import OWN_DOMAIN, behavior_for
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.responders import is_object_store
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import ApiKind

Layers = tuple[Api, ...]
"""One API as each layer knows it, the most trusted last."""


def layers_by_name(apis: Iterable[Api]) -> list[Layers]:
    """The APIs, those of one name together."""
    found: dict[str, list[Api]] = {}
    for api in apis:
        found.setdefault(api.name, []).append(api)
    return [tuple(layers) for layers in found.values()]


def called_api(url: str, apis: Sequence[Layers]) -> Layers:
    """The API that a URL calls; empty if it calls none of these, and one of those that it may call if several."""
    bucket = called_bucket(url, [layers[-1].bucket for layers in apis if layers[-1].bucket is not None])
    if bucket is not None or is_object_store(url.partition("?")[0], None):
        return next((layers for layers in apis if bucket and layers[-1].bucket == bucket), ())
    site = _called_site(url, apis)
    if site:
        return site
    of_kind = [layers for layers in apis if layers[-1].is_api and _may_have_host(layers, url)]
    wanted = locate(url, [api for layers in apis for api in layers]).api
    if wanted is not None:
        by_id = [layers for layers in of_kind if any(api.id == wanted for api in layers)]
        if by_id:
            return by_id[0]
        of_kind = [layers for layers in of_kind if all(api.id is None for api in layers)]
    by_domain = _preferred(of_kind, lambda api: _has_domain(api, url))
    by_domain = _preferred(by_domain, lambda api: _is_mapped(api, url))
    routed = _preferred(by_domain, lambda api: api.route(locate(url, [api]).path) is not None)
    return next(iter(routed), ())


def _called_site(url: str, apis: Sequence[Layers]) -> Layers:
    """The distribution that a URL calls, unless it leads to an API; empty if there is none, or it may be several.

    A distribution's own host has nothing that a template tells.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    every = [layers for layers in apis if layers[-1].kind == ApiKind.DISTRIBUTION]
    named = [layers for layers in every if host in _aliases(layers[-1])]
    if not named and (host.endswith(OWN_DOMAIN) or not any(layers[-1].is_api for layers in apis)):
        named = [layers for layers in every if host.endswith(OWN_DOMAIN) or is_unknown(_aliases(layers[-1]))]
    behavior = behavior_for(named[0][-1].distributions, parts.path or "/") if len(named) == 1 else None
    return named[0] if behavior is not None and not behavior.to_api else ()


def _aliases(api: Api) -> tuple[str, ...]:
    return next((behavior.aliases for behavior in api.distributions), ())


def _may_have_host(layers: Layers, url: str) -> bool:
    """A function's URL has a host of its own, and API Gateway's hosts lead to no function URL."""
    of_function = layers[-1].kind == ApiKind.FUNCTION_URL
    if is_function_url(url):
        return of_function
    return not (of_function and EXECUTE_API in (urlsplit(url).hostname or ""))


def _has_domain(api: Api, url: str) -> bool:
    return any(domain.name == urlsplit(url).hostname for domain in api.domains)


def _is_mapped(api: Api, url: str) -> bool:
    """Whether a domain of the API has a base path for a URL."""
    parts = urlsplit(url)
    own = (domain for domain in api.domains if domain.name == parts.hostname)
    return any(is_below(base, parts.path) for domain in own for base in domain.mappings)


def _preferred(apis: list[Layers], holds: Callable[[Api], bool]) -> list[Layers]:
    """Those of which it holds; all if it holds of none."""
    return [layers for layers in apis if holds(layers[-1])] or apis
