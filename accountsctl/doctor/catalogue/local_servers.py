"""Errors of a server on the developer's machine: who answered, an emulator, a development server's proxy, or the code.

The words are those of serverless-offline and sam local, and of proxies. Chromium keeps no body of a response that CORS
blocked: headers have to do there.
"""

from __future__ import annotations

import re
from dataclasses import replace

from accountsctl.doctor.browser.fetch import origin_of
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.responders import is_known_not_to_be_aws, is_of_local_proxy, server_of
from accountsctl.model.cors_headers import ALLOW_ORIGIN

PROXY_ERROR = "edge.proxy-error"
ERROR_WITHOUT_HEADER = "acao.missing-error-path"
# Of a function that fails or answers in no form, and of one that takes too long.
FUNCTION_FAILED = ("int.throws", "int.malformed")
_OF_OFFLINE = re.compile(r'"offline"\s*:\s*true')
_NO_ROUTE_OFFLINE = "Serverless-offline: route not found"
_TIMED_OUT = re.compile(r"time(d )?-?out", re.IGNORECASE)
_FAILED = re.compile(r'^\{\s*"message"\s*:\s*"Internal server error"\s*\}\s*$')
_FAILED_LENGTHS = (35, 36)
_APPLICATIONS = ("x-powered-by", "x-request-id", "x-runtime", "x-aspnet-version")
"""Headers that an application, or its framework, adds to what it answers itself."""


def refused_by_local_server(ask: PageRequest, real: Exchange, *, preflight: bool) -> tuple[str, ...]:
    """The causes of an error of a server on this machine, the likeliest first; empty if nothing tells who answered."""
    if real.answer is None or real.status < 400 or not is_known_not_to_be_aws(real.url) or real.headless:
        return ()
    # What a page reads at its own origin is recorded: there, no body is an empty one.
    body = "" if real.body is None and origin_of(ask.url) == ask.origin else real.body
    worded = _by_words(replace(real, body=body), preflight=preflight)
    if worded or preflight or real.error_type or real.answer.value(ALLOW_ORIGIN) is not None:
        return worded
    return _by_headers(real) if real.status in (502, 504) else ()


def _by_words(real: Exchange, *, preflight: bool) -> tuple[str, ...]:
    """The causes by the body, if it was recorded."""
    body = real.body
    kind = (real.answer.value("content-type") if real.answer else None) or ""
    if body is None:
        return ()
    if is_of_local_proxy(real.status, kind, body):
        return (PROXY_ERROR,)
    if _NO_ROUTE_OFFLINE in body:
        return ("preflight.no-options", "deploy.wrong-path") if preflight else ("deploy.wrong-path",)
    if _OF_OFFLINE.search(body) and real.status >= 500:
        return ("int.lambda-timeout",) if _TIMED_OUT.search(body) else FUNCTION_FAILED[:1]
    return FUNCTION_FAILED if real.status == 502 and _FAILED.match(body) else ()


def _by_headers(real: Exchange) -> tuple[str, ...]:
    """The causes by the headers: an application itself hardly ever answers with 502 or 504."""
    answer = real.answer
    if answer is None or any(answer.value(name) is not None for name in _APPLICATIONS):
        return ()
    if "json" not in (answer.value("content-type") or ""):
        return () if real.is_page else (PROXY_ERROR, ERROR_WITHOUT_HEADER)
    by_length = real.length in _FAILED_LENGTHS
    if real.status == 502 and (by_length or server_of(answer).startswith("werkzeug")):
        return FUNCTION_FAILED
    first = "int.throws" if real.status == 502 else "int.lambda-timeout"
    return (first, ERROR_WITHOUT_HEADER)
