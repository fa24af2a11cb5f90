"""What people paste of an API's source next to a console's sentence: a function's code, events of a serverless.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates.handlers import read_handler
from accountsctl.doctor.observed.pasted_text import METHOD, balanced, fenced_blocks

_JAVASCRIPT = re.compile(
    r"^[ \t]*(?:module\.)?(?:exports\.(?P<old>\w+)\s*="
    r"|export\s+(?:const|let)\s+(?P<const>\w+)[^=\n]{0,80}=\s*(?:async\b|\()"
    r"|export\s+(?:default\s+)?async\s+function\s+(?P<function>\w+))",
    re.MULTILINE,
)
_PYTHON = re.compile(
    r"^def (\w+)\(\s*event\s*,\s*\w+[^)\n]{0,80}\)[^\n:]{0,40}:[^\n]*\n(?:(?:[ \t][^\n]*)?\n)*", re.MULTILINE
)
_FUNCTION_BODY = re.compile(r"(?:=>|\))\s*\{")
_EVENT = re.compile(
    r"^(?P<indent>[ \t]*)-[ \t]*http(?P<of_http_api>Api)?:[ \t]*(?P<rest>[^\n]*)\n"
    r"(?P<below>(?:(?P=indent)[ \t]+[^\n]*\n|[ \t]*\n)*)",
    re.MULTILINE,
)
_IN_SHORT = re.compile(rf"^['\"]?(?P<method>{METHOD}|ANY)\s+(?P<path>[^\s'\"]+)", re.IGNORECASE)
_PATH = re.compile(r"\bpath:\s*['\"]?((?:[^\s'\",{}]|\{[^\s{}]*\})+)")
_STATED_METHOD = re.compile(r"\bmethod:\s*['\"]?(\w+)")
_CORS = re.compile(r"\bcors:(?![ \t]*false\b)")
_PROVIDER = re.compile(
    r"^(?P<indent>[ \t]*)provider:[ \t]*\n(?P<below>(?:(?P=indent)[ \t]+[^\n]*\n|[ \t]*\n)+)", re.MULTILINE
)
# The settings of the HTTP API may also be an API's of elsewhere, another file's, or of the resources.
_MAY_SET_CORS = re.compile(r"\b(?:cors|id):(?![ \t]*false\b)|\bhttpApi:[ \t]*\S|\$\{file\(")
# Serverless Framework; SAM, CloudFormation and CDK; Terraform, Chalice and Zappa.
_API_KEY = re.compile(
    r"\b(?:private:|apiKeyRequired['\"]?[:=]|api_key_required['\"]?[ \t]*[:=])[ \t]*true\b", re.IGNORECASE
)
_EXTENDED = re.compile(r"\bextensions:")


@dataclass(frozen=True)
class HttpEvent:
    """A route of a serverless.yml; `cors`: the event says so, which gives an OPTIONS method to a REST API only."""

    method: str
    path: str
    cors: bool
    of_http_api: bool = False

    def is_of(self, url_path: str) -> bool:
        """Whether it may take a URL's path, with or without a stage before it."""
        parts = (
            r"[^/]+" if part.startswith("{") else re.escape(part) for part in self.path.strip("/").split("/")
        )
        return re.search(rf"(?:^|/){'/'.join(parts)}/?$", url_path) is not None


@lru_cache(maxsize=1)  # A text may have thousands of sentences.
def pasted_events(text: str) -> tuple[HttpEvent, ...]:
    """The http and httpApi events of a serverless.yml; empty if the text shows none."""
    found = []
    for match in _EVENT.finditer(f"{text}\n"):
        short, body = _IN_SHORT.match(match["rest"]), f"{match['rest']}\n{match['below']}"
        path, method = _PATH.search(body), _STATED_METHOD.search(body)
        of_http_api = match["of_http_api"] is not None
        if short is not None:
            found.append(
                HttpEvent(short["method"].upper(), short["path"], cors=False, of_http_api=of_http_api)
            )
        elif path is not None:
            verb = method[1].upper() if method else "ANY"
            has_cors = _CORS.search(body) is not None
            found.append(HttpEvent(verb, path[1], cors=has_cors, of_http_api=of_http_api))
    return tuple(found)


def requires_api_key(text: str) -> bool:
    """Whether a text shows the setting of an API, in a template or of a framework, that asks callers for a key."""
    return _API_KEY.search(text) is not None


def may_set_cors_of_http_api(text: str) -> bool | None:
    """Whether a serverless.yml may give its HTTP API a CORS configuration; None if the text has no provider.

    https://www.serverless.com/framework/docs/providers/aws/events/http-api: it is the provider's, not an event's.
    """
    provider = _PROVIDER.search(f"{text}\n")
    if provider is None:
        return None
    return _MAY_SET_CORS.search(provider["below"]) is not None or _EXTENDED.search(text) is not None


@lru_cache(maxsize=1)
def pasted_handler(text: str) -> FunctionHandler | None:
    """What a function's code in a text tells of its answers; None if there is none."""
    place = SourcePlace(Layer.LIVE, "the function's code", "next to the sentence")
    blocks = [block for block in fenced_blocks(text) if _JAVASCRIPT.search(block) or _PYTHON.search(block)]
    code = blocks[0] if blocks else text
    python = _PYTHON.search(code)
    if python is not None:
        source = code if blocks else python.group()
        return read_handler({"index.py": source}, f"index.{python[1]}", place)
    javascript = _JAVASCRIPT.search(code)
    if javascript is None:
        return None
    body = _FUNCTION_BODY.search(code, javascript.end())
    begin = body.end() - 1 if body else len(code)
    source = code if blocks else code[javascript.start() : begin] + balanced(code, begin)
    if "statusCode" not in source:
        return None  # It gives no response of a function: a page's code exports functions too.
    name = javascript["old"] or javascript["const"] or javascript["function"]
    return read_handler({"index.js": source}, f"index.{name}", place)
