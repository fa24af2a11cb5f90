"""URLs of API Gateway and Lambda: which host or path is theirs, which API it names, where the API's own paths begin.

AWS serves an API or a function URL by a host of its own, the embedded cloud below a path of its endpoint.
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html,
https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

EXECUTE_API = ".execute-api."
_API_AND_STAGE = re.compile(r"^/_aws/(?:execute-api/[^/]+/[^/]+|lambda-url/[^/]+)")
_EMBEDDED_API = re.compile(r"/_aws/execute-api/(?P<id>[^/]+)(?:/(?P<stage>[^/]*))?(?P<path>/.*)?$")
_EMBEDDED_FUNCTION = re.compile(r"/_aws/lambda-url/(?P<id>[^/]+)(?P<path>/.*)?$")
_ID = re.compile(r"([a-z0-9]+)\.execute-api\.")
_HOST = re.compile(r"^[a-z0-9]+(-vpce-[a-z0-9]+)?\.execute-api\.")
_FUNCTION_URL = re.compile(r"^[^/]*://[^/]*\.lambda-url\.|^[^/]*://[^/]+/_aws/lambda-url/")
_OWN = re.compile(r"\.execute-api\.|\.lambda-url\.|/_aws/execute-api/|/_aws/lambda-url/")
_EMBEDDED = re.compile(r"://[^/]+/_aws/execute-api/")
FOR_DATA = re.compile(r"/(api|graphql|rest|rpc|trpc|v\d+)(/|$|\?)|\.json|//api\.", re.IGNORECASE)
"""URLs of data, by their usual names."""


@dataclass(frozen=True)
class EmbeddedUrl:
    """A URL of the embedded cloud: the id of the API or function, the stage (None for a function), the path within."""

    id: str
    stage: str | None
    path: str


def embedded_url(path: str) -> EmbeddedUrl | None:
    """What the path of a URL names in the embedded cloud; None if it names nothing there."""
    api = _EMBEDDED_API.match(path)
    if api:
        return EmbeddedUrl(api["id"], api["stage"] or "", api["path"] or "/")
    function = _EMBEDDED_FUNCTION.match(path)
    return EmbeddedUrl(function["id"], None, function["path"] or "/") if function else None


def is_own_url(url: str) -> bool:
    """Whether a URL is API Gateway's or Lambda's own, with no domain and no distribution before it."""
    return _OWN.search(url) is not None


def is_endpoint(url: str) -> bool:
    """Whether a URL is of the execute-api endpoint of an API."""
    return api_of_host(urlsplit(url).hostname or "") is not None or _EMBEDDED.search(url) is not None


def api_of_host(host: str) -> str | None:
    """The id of the API that an execute-api host names; None for other hosts."""
    found = _ID.match(host)
    return found[1] if found else None


def is_function_url(url: str) -> bool:
    """Whether a URL is that of a function, by its host, or by its path in the embedded cloud."""
    return _FUNCTION_URL.match(url) is not None


def is_url(text: str) -> bool:
    """Whether a URL can be taken apart: its host and port are possible ones."""
    try:
        port = urlsplit(text).port
    except ValueError:
        return False
    return port is None or port >= 0


def base_of(url: str) -> str:
    """The URL of the API's root: with the stage on API Gateway's own hosts, without any path on others.

    An HTTP API's ``$default`` stage is in no URL; its first path part is taken for a stage then.
    """
    parts = urlsplit(url)
    found = _API_AND_STAGE.match(parts.path)
    if found:
        path = found[0]
    elif _HOST.match(parts.hostname or ""):
        path = "/".join(parts.path.split("/")[:2])
    else:
        path = ""
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), "", ""))


def path_of(url: str, base: str | None = None) -> str:
    """The path within the API; `base` is the API's root where it is known."""
    path = urlsplit(url).path
    root = urlsplit(base if base is not None else base_of(url)).path.rstrip("/")
    inside = path.removeprefix(root) if path == root or path.startswith(f"{root}/") else path
    return inside or "/"
