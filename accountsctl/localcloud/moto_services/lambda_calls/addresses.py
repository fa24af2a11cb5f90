"""The addresses in Lambda's answers that a client opens: they name the endpoint, since AWS's hosts are not here.

Stacks get function URLs as AWS has them, see docs/decisions/0003-urls-of-an-endpoint.md.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services.apps import JsonObject, backends

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaFunction

_CODE = re.compile(re.escape(dispatch.FUNCTION_CODE) + "([0-9a-f]{64})")


def code_of(request: Request) -> Response | None:
    """The zip that a Code.Location means; None if the request is another one.

    Whoever knows the hash of the code has the code, or may read the function.
    """
    path = _CODE.fullmatch(request.path)
    if path is None or request.method != "GET":
        return None
    for function in _functions():
        if _hexadecimal(function.code_sha_256) == path[1]:
            return Response(200, (("Content-Type", "application/zip"),), function.code_bytes or b"")
    return Response(404, (("Content-Type", "text/plain"),), b"No function has this code any more.")


def at_endpoint(response: Response, request: Request) -> Response:
    """The response with addresses that the caller can open."""
    host = request.header("Host")
    if host is None or response.status >= 300 or not re.search(rb'"(Location|FunctionUrl)"', response.body):
        return response
    content: JsonObject = json.loads(response.body)
    code = content.get("Code")
    if isinstance(code, dict) and "Location" in code:
        digest = _hexadecimal(content["Configuration"]["CodeSha256"])
        code["Location"] = f"http://{host}{dispatch.FUNCTION_CODE}{digest}"
    if dispatch.target(request).access_key != dispatch.INTERNAL:
        for config in (content, *content.get("FunctionUrlConfigs", ())):
            if "FunctionUrl" in config:
                config["FunctionUrl"] = _url(host, config["FunctionUrl"])
    headers = tuple(pair for pair in response.headers if pair[0].lower() != "content-length")
    return Response(response.status, headers, json.dumps(content).encode())


def _url(host: str, url: str) -> str:
    name = (urlsplit(url).hostname or "").partition(".")[0]
    return f"http://{host}{dispatch.FUNCTION_URL}{name}/"


def _hexadecimal(digest: str) -> str:
    return base64.b64decode(digest).hex()


def _functions() -> Iterator[LambdaFunction]:
    """All functions, and all versions of them."""
    for regions in backends("lambda").values():
        for backend in regions.values():
            every: Any = backend._lambdas._functions.values()
            for versions in every:
                yield versions["latest"]
                yield from versions["versions"]
