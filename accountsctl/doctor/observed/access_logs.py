"""Lines of API Gateway's access log in JSON, with the names of the variables as AWS's guide writes them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.observed.gateway_bodies import refusal_of
from accountsctl.doctor.observed.har_values import Json, number, object_of
from accountsctl.model.http_methods import METHODS

_LINE = re.compile(r'^\s*(\{[^\n]{0,4000}"httpMethod"[^\n]{0,4000}\})\s*$', re.MULTILINE)
_ROUTE = re.compile(r"\S+ (/\S*)")
_PATHS = ("path", "resourcePath", "routeKey")


@dataclass(frozen=True)
class AccessLogEntry:
    """One response. `start` is its place in the text; `path` is empty if it is not known, or only as a pattern.

    `headers` are those that API Gateway sends with the error that the line names.
    """

    start: int
    method: str
    path: str
    status: int
    headers: Headers = ()


def access_log(text: str) -> Iterator[AccessLogEntry]:
    """The responses of such lines, in their order; lines without a status are left out."""
    for found in _LINE.finditer(text):
        try:
            line = object_of(json.loads(found[1]))
        except ValueError:
            continue
        method, status = str(line.get("httpMethod")).upper(), int(number(line.get("status")))
        if method in METHODS and status:
            yield AccessLogEntry(found.start(1), method, _path(line), status, _headers(line))


def _path(line: Json) -> str:
    stated = str(next((line[name] for name in _PATHS if line.get(name)), ""))
    route = _ROUTE.fullmatch(stated)
    path = route[1] if route else stated
    return "" if "{" in path or not path.startswith("/") else path


def _headers(line: Json) -> Headers:
    """The header with the kind of the error, by ``$context.error.message`` in either form of it."""
    message = object_of(line.get("error")).get("message") or line.get("errorMessage")
    refusal = refusal_of(json.dumps({"message": str(message)}))
    return (("x-amzn-errortype", refusal.error_type),) if refusal and refusal.error_type else ()
