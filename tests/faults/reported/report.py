"""Public reports of CORS errors: what the reporter's browser had, rebuilt, and the cause that the thread found.

A thread is named as GitHub does: the repository and the number of its issue or pull request. A recording is built as
browsers export it. Chromium has no body for a preflight or for a response that CORS blocked,
leaves Authorization out unless it is exported with sensitive data, and gives a request whose preflight failed status 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ORIGIN = "https://app.example.com"
REST = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
HTTP = "https://abc123.execute-api.eu-west-1.amazonaws.com/items"
DOMAIN = "https://api.example.com/items"
EDGE = "https://d111111abcdef8.cloudfront.net/items"
FUNCTION = "https://abcdefghij0123456789.lambda-url.eu-west-1.on.aws/items"
Headers = tuple[tuple[str, str], ...]
ALLOW = "access-control-allow-"
ANY: Headers = ((f"{ALLOW}origin", "*"),)
OPEN: Headers = (*ANY, (f"{ALLOW}methods", "GET,POST,PUT,PATCH,DELETE,OPTIONS"))
BY_GATEWAY: Headers = (
    ("x-amz-apigw-id", "Q1ea3GcAIAMFpKg="),
    ("x-amzn-requestid", "675e16b7-040a-42db-8701"),
)


@dataclass(frozen=True)
class Response:
    """One response. `error` is its x-amzn-ErrorType; a JSON message has the gateway's key."""

    status: int
    error: str = ""
    message: str = ""
    headers: Headers = ()
    body: str = ""
    gateway: bool = True

    def every_header(self) -> Headers:
        """All headers, those of API Gateway first."""
        typed = (("x-amzn-errortype", self.error),) if self.error else ()
        if self.message and self.gateway:
            typed = (*typed, ("content-length", str(len(self.text()))))
        return (*(BY_GATEWAY if self.gateway else ()), *typed, *self.headers)

    def text(self) -> str:
        """The body."""
        key = "Message" if self.error == "AccessDeniedException" else "message"
        # API Gateway writes a space in this message alone.
        separators = (", ", ": ") if self.message == "Internal server error" else (",", ":")
        return json.dumps({key: self.message}, separators=separators) if self.message else self.body

    def passes(self, origin: str, *, credentials: bool) -> bool:
        """Whether the page may read it."""
        allowed = [value for name, value in self.headers if name == f"{ALLOW}origin"]
        if credentials:
            return allowed == [origin] and (f"{ALLOW}credentials", "true") in self.headers
        return allowed in (["*"], [origin])


@dataclass(frozen=True)
class Report:
    """One thread. `causes` are the names that are right; `preflight` None: a simple request.

    `template` is what the reporter shows of the API. `asks` are the headers that the page's code set, in lower case.
    `response` None: the preflight failed, and the request was never sent. `redirected` is what its target responds.
    `sends` is the size of the body in bytes; `failure` is the browser's own error of a request that never left.
    `browser` is the reporter's; `kind` is Chromium's type of the request; `before` is the response to an earlier
    request for the same URL without CORS, as an img sends it. `cors` False: the request itself is of that kind.
    """

    thread: str
    causes: tuple[str, ...]
    preflight: Response | None = None
    response: Response | None = None
    template: Mapping[str, Any] | None = None
    url: str = REST
    method: str = "GET"
    asks: tuple[str, ...] = ("authorization",)
    credentials: bool = False
    origin: str = ORIGIN
    token: str = ""
    milliseconds: int = 80
    redirected: Response | None = None
    sends: int = 0
    failure: str = ""
    browser: str = "chromium"
    kind: str = "fetch"
    before: Response | None = None
    cors: bool = True
    note: str = field(default="")

    def __str__(self) -> str:
        return f"{self.thread}{self.note}"


def passed(asks: tuple[str, ...] = ("authorization",), *more: tuple[str, str]) -> Response:
    """A preflight that allows everything that is asked."""
    return Response(200, headers=(*OPEN, (f"{ALLOW}headers", ",".join(("content-type", *asks))), *more))


def _named(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _entry(
    report: Report, method: str, sent: Headers, response: Response | None, **extra: Any
) -> dict[str, Any]:
    content: dict[str, Any] = {"size": 0, "mimeType": "x-unknown"}
    if extra.pop("readable", False) and response is not None:
        content["text"] = response.text()
    return {
        "startedDateTime": "2026-11-28T10:00:00.000Z",
        "time": report.milliseconds,
        "request": {
            "method": method,
            "url": report.url,
            "httpVersion": "http/2.0",
            "headers": _named(sent),
            "queryString": [],
            "cookies": [],
            **_body(report, method),
        },
        "response": {
            "status": response.status if response else 0,
            "statusText": "",
            "headers": _named(response.every_header()) if response else [],
            "content": content,
            "redirectURL": "",
            **extra.pop("failed", {}),
        },
        **extra,
    }


def _body(report: Report, method: str) -> dict[str, Any]:
    """The body of a request, by its size; no preflight has one."""
    if method == "OPTIONS" or not report.sends:
        return {"bodySize": 0}
    text = json.dumps({"data": "x" * report.sends})
    kind = "application/json" if "content-type" in report.asks else "multipart/form-data; boundary=----x"
    return {"bodySize": len(text), "postData": {"mimeType": kind, "text": text}}


def _preflight_headers(report: Report) -> Headers:
    asked = (("access-control-request-headers", ",".join(sorted(report.asks))),) if report.asks else ()
    return (("origin", report.origin), ("access-control-request-method", report.method), *asked)


def _script_headers(report: Report, *, sanitized: bool) -> Headers:
    values = {"authorization": report.token or "secret", "content-type": "application/json"}
    names = [name for name in report.asks if not (sanitized and name == "authorization")]
    cookie = (("cookie", "session=1"),) if report.credentials and not sanitized else ()
    return (*((name, values.get(name, "1")) for name in names), *cookie)


def _blocked(report: Report) -> bool:
    if report.response is None:
        return True
    if report.url.startswith(f"{report.origin}/") and report.redirected is None:
        return False
    return not report.response.passes(report.origin, credentials=report.credentials)


def _log(name: str, entries: list[dict[str, Any]]) -> str:
    return json.dumps(
        {"log": {"version": "1.2", "creator": {"name": name, "version": "1"}, "entries": entries}}
    )


def chromium(report: Report) -> str:
    """As Chromium exports it; sanitized where the thread shows no token."""
    sent = _script_headers(report, sanitized=not report.token)
    # What a page sends to its own origin has none; without a response it is there for elements alone (measured).
    arrived = report.cors and (report.response is not None or report.kind not in ("fetch", "xhr"))
    origin = (
        (("origin", report.origin),) if arrived and not report.url.startswith(f"{report.origin}/") else ()
    )
    failed = {"_error": report.failure or "net::ERR_FAILED"} if _blocked(report) else {}
    actual = _entry(
        report,
        report.method,
        (*origin, ("referer", f"{report.origin}/"), *sent),
        report.response,
        readable=not _blocked(report),
        failed=failed,
        _resourceType=report.kind,
    )
    hops = _hop(report, failed={"_error": "net::ERR_FAILED"}, _resourceType=report.kind)
    if report.preflight is None:
        earlier = [_entry(report, "GET", (), report.before, _resourceType="image")] if report.before else []
        return _log("WebInspector", [*earlier, actual, *hops])
    options = _entry(
        report, "OPTIONS", _preflight_headers(report), report.preflight, _resourceType="preflight"
    )
    return _log("WebInspector", [actual, options])


def _hop(report: Report, **extra: Any) -> list[dict[str, Any]]:
    """The entry of a redirect's target."""
    if report.redirected is None or report.response is None:
        return []
    target = next(value for name, value in report.response.headers if name == "location")
    moved = replace(report, url=target, response=report.redirected)
    return [_entry(moved, report.method, (("origin", report.origin),), report.redirected, **extra)]


def _words(report: Report) -> str:
    """What Safari says of a response that it blocks (CrossOriginAccessControl.cpp of WebKit)."""
    preflight, response = report.preflight, report.response
    if preflight is not None and response is None:
        if not 200 <= preflight.status <= 299:
            return f"Preflight response is not successful. Status code: {preflight.status}"
        return _unreadable(report, preflight) or _unlisted(report, preflight)
    return _unreadable(report, response) if response is not None else ""


def _unreadable(report: Report, response: Response) -> str:
    allowed = [value for name, value in response.headers if name == f"{ALLOW}origin"]
    if len(allowed) > 1 or any("," in value for value in allowed):
        return "Access-Control-Allow-Origin cannot contain more than one origin."
    if allowed == ["*"] and report.credentials:
        return "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true."
    if allowed not in (["*"], [report.origin]):
        words = f"Origin {report.origin} is not allowed by Access-Control-Allow-Origin."
        return f"{words} Status code: {response.status}"
    if report.credentials and (f"{ALLOW}credentials", "true") not in response.headers:
        return 'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".'
    return ""


def _unlisted(report: Report, preflight: Response) -> str:
    listed = dict(preflight.headers).get(f"{ALLOW}headers", "").lower()
    for name in report.asks:
        if name not in listed.replace(" ", "").split(",") and listed != "*":
            return f"Request header field {name.title()} is not allowed by Access-Control-Allow-Headers."
    return f"Method {report.method} is not allowed by Access-Control-Allow-Methods."


def safari(report: Report) -> str:
    """As Web Inspector exports it: no type of a request, and only words of what was blocked, or of its preflight."""
    blocked = _blocked(report)
    sent = (
        ("Accept", "*/*"),
        ("Origin", report.origin),
        ("Referer", f"{report.origin}/"),
        ("Sec-Fetch-Dest", "empty"),
        *_script_headers(report, sanitized=False),
    )
    actual = _entry(
        report,
        report.method,
        sent,
        None if blocked else report.response,
        readable=True,
        failed={"_error": _words(report)} if blocked else {},
        _fetchType="Network Load",
        pageref="page_0",
    )
    pages = [{"id": "page_0", "title": f"{report.origin}/", "pageTimings": {}}]
    log = {"version": "1.2", "creator": {"name": "WebKit Web Inspector", "version": "1.0"}, "pages": pages}
    return json.dumps({"log": {**log, "entries": [actual]}})


def firefox(report: Report) -> str:
    """As Firefox exports it: Authorization and bodies are there, and the state of the connection."""
    state = {"_securityState": "secure"}
    sent = (
        ("origin", report.origin),
        ("referer", f"{report.origin}/"),
        *_script_headers(report, sanitized=False),
    )
    actual = _entry(report, report.method, sent, report.response, readable=True, **state)
    if report.preflight is None:
        return _log("Firefox", [actual, *_hop(report, readable=True, **state)])
    options = _entry(report, "OPTIONS", _preflight_headers(report), report.preflight, readable=True, **state)
    return _log("Firefox", [options, actual])


def recording(report: Report) -> str:
    """As the reporter's own browser exports it."""
    return {"chromium": chromium, "firefox": firefox, "safari": safari}[report.browser](report)
