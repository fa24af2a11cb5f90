"""Where a URL leads: to which API, to which stage of it, and to which path in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from accountsctl.doctor.browser.urls import EXECUTE_API, embedded_url, is_function_url
from accountsctl.doctor.facts.custom_domains import is_below
from accountsctl.doctor.facts.distributions import OWN_DOMAIN, possible_behaviors
from accountsctl.doctor.facts.model import Api
from accountsctl.model.api_gateway import ApiKind

DEFAULT_STAGE = "$default"


@dataclass(frozen=True)
class Target:
    """Where a URL leads: the API's id where the host or path tells it, the stage, and the path within the API."""

    api: str | None
    stage: str | None
    path: str


def locate(url: str, apis: Sequence[Api]) -> Target:
    """Take a URL apart: an execute-api host, a function URL, the embedded cloud, a custom domain, a distribution before
    an API, or a path alone.
    """
    parts = urlsplit(url)
    embedded = embedded_url(parts.path)
    if embedded:
        return Target(embedded.id, embedded.stage, embedded.path)
    host = parts.hostname or ""
    if is_function_url(url):
        return Target(host.partition(".")[0], None, parts.path or "/")
    for api in apis:
        for domain in api.domains:
            if domain.name == host:
                return _by_mapping(api, domain.mappings, parts.path)
    if EXECUTE_API in host:
        return _by_stage(host.partition(".")[0], apis, parts.path)
    for api in apis:
        before = _origin_path(api, host, parts.path or "/")
        if before is not None:
            return _by_stage(api.id, [api], before + parts.path)
    return Target(None, None, parts.path or "/")


def _by_stage(id_: str | None, apis: Sequence[Api], path: str) -> Target:
    """Where the path of an execute-api host leads: the stage comes first, unless it is an HTTP API's $default."""
    stage, _, rest = path.lstrip("/").partition("/")
    if _is_default_stage(apis, stage, path or "/"):
        return Target(id_, DEFAULT_STAGE, path or "/")
    return Target(id_, stage, f"/{rest}")


def _origin_path(api: Api, host: str, path: str) -> str | None:
    """What CloudFront puts before the path of a URL that leads to the API; None if it does not, or is not known."""
    before = [one for one in api.distributions if host in one.aliases or host.endswith(OWN_DOMAIN)]
    paths = {one.origin_path for one in possible_behaviors(before, path)} if api.is_api else set()
    return paths.pop() if len(paths) == 1 else None


def _is_default_stage(apis: Sequence[Api], stage: str, path: str) -> bool:
    """Whether a URL is that of an HTTP API's $default stage, which stands in no URL."""
    https = [api for api in apis if api.kind == ApiKind.HTTP]
    return (
        bool(https)
        and all(stage not in api.stages for api in https)
        and any(api.route(path) for api in https)
    )


def _by_mapping(api: Api, mappings: Iterable[str], path: str) -> Target:
    """The longest base path that the URL begins with is not the API's; it may have several parts (orders/v1).

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
    """
    for base in sorted(mappings, key=len, reverse=True):
        if is_below(base, path):
            return Target(api.id, None, "/" + path.lstrip("/").removeprefix(base).lstrip("/"))
    return Target(api.id, None, path or "/")
