"""Parts of an API's URL: where the stage ends and the API's own paths begin."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

# The embedded cloud serves an API or a function URL below a path of its endpoint; AWS by a host of its own.
EMBEDDED = re.compile(r"^/_aws/(?:execute-api/[^/]+/[^/]+|lambda-url/[^/]+)")
HOST = re.compile(r"^[a-z0-9]+(-vpce-[a-z0-9]+)?\.execute-api\.")
FUNCTION_URL = re.compile(r"^[^/]*://[^/]*\.lambda-url\.|^[^/]*://[^/]+/_aws/lambda-url/")

FOR_DATA = re.compile(r"/(api|graphql|rest|rpc|trpc|v\d+)(/|$|\?)|\.json|//api\.", re.IGNORECASE)
"""URLs of data, by their usual names."""


def is_function_url(url: str) -> bool:
    """Whether a URL is that of a function, by its host, or by its path in the embedded cloud."""
    return FUNCTION_URL.match(url) is not None


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
    found = EMBEDDED.match(parts.path)
    if found:
        path = found[0]
    elif HOST.match(parts.hostname or ""):
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
