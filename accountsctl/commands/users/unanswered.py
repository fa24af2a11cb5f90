"""What to say after a call that failed: the function's own error, or the paths that exist."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accountsctl.commands.functions.explained import (
    FunctionCode,
    cause_lines,
    explain_failure,
    explain_unread,
    over_its_memory,
    own_lines,
)
from accountsctl.commands.functions.logs import FunctionLog
from accountsctl.doctor.browser.redact import text as redacted
from accountsctl.doctor.facts.routing import RouteTable
from accountsctl.formats.lambda_logs import FAILED_LEVELS
from accountsctl.model.endpoints import EndpointRoute, HttpEndpointKind
from accountsctl.model.http_methods import ANY
from accountsctl.model.logs import LogLine
from accountsctl.ports.http import HttpAnswer

MOST_LINES = 8
"""Lines of an error and its trace that are shown; `logs` has them all."""
UNSIGNED = ("MissingAuthenticationTokenException", "IncompleteSignatureException")
"""How API Gateway refuses a method that a stage does not have, and one that wants a signature, by whether the request
had an Authorization header. Source: https://repost.aws/knowledge-center/api-gateway-authentication-token-errors"""
SIGN = "Sign the request: accountsctl call METHOD PATH --iam."
NO_ROUTE = "API Gateway responds so where no route of the HTTP API takes the method and the path."
AUTHORIZER = (
    "The route has an authorizer, which takes a current token of its issuer for one of its audiences."
)
NO_SCOPE = "The token has none of the scopes that the route requires, or the route has AWS_IAM authorization."
SIGNED_ONLY = "The function URL has the AuthType AWS_IAM: it takes signed requests only."
NO_POLICY = (
    "The function's policy must allow its caller both lambda:InvokeFunctionUrl and lambda:InvokeFunction."
)
URL_POLICY = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"


@dataclass(frozen=True)
class RefusedAccess:
    """What was called, and whether the request was signed; `auth` is a function URL's AuthType."""

    kind: HttpEndpointKind = HttpEndpointKind.REST
    auth: str = ""
    signed: bool = False
    method: str = ""
    path: str = ""

    def explain(
        self, response: HttpAnswer, paths: Callable[[], Mapping[str, tuple[str, ...]]]
    ) -> tuple[str, ...]:
        """Sentences about a status of 4xx that the service gave, and no function."""
        match self.kind, response.status:
            case HttpEndpointKind.REST, 403 if _error_type(response) in UNSIGNED:
                return self._existing(paths())
            case HttpEndpointKind.HTTP, 404 if _is(response, "Not Found"):
                return (NO_ROUTE, *_named(paths()))
            case HttpEndpointKind.HTTP, 401 if _is(response, "Unauthorized"):
                return (AUTHORIZER,)
            case HttpEndpointKind.HTTP, 403 if _is(response, "Forbidden"):
                return (NO_SCOPE,) if self.signed else (NO_SCOPE, SIGN)
            case HttpEndpointKind.URL, 403 if _error_type(response).startswith("AccessDenied"):
                return (
                    (SIGNED_ONLY, SIGN)
                    if self.auth == "AWS_IAM" and not self.signed
                    else (NO_POLICY, URL_POLICY)
                )
        return ()

    def _existing(self, paths: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Why a REST API answers as if the request lacked a signature; `paths` are those of the project's files."""
        if not paths:
            return ()
        path = self.path.partition("?")[0]
        found = RouteTable(paths).find(path)
        methods = paths.get(found or "", ())
        if not found:
            reason = f"The API has no path {path}."
        elif self.method not in methods and ANY not in methods:
            reason = f"{found} does not take {self.method}."
        elif self.signed:
            reason = f"{self.method} {found} is not deployed yet."
        else:
            reason = f"{self.method} {found} takes signed requests only (AWS_IAM), or it is not deployed yet."
        return (reason, *_named(paths))


MALFORMED = "Malformed Lambda proxy response"
"""API Gateway's words, in its log, for an answer of a function that it cannot read."""


@dataclass(frozen=True)
class Unanswered:
    """What is looked at after a call. `log`: those of the environment's functions, read only after a status of 5xx.

    `looks` is how often the log is read until something is in it, and `wait` what is done between two looks:
    CloudWatch Logs has an event some seconds after it was written. `paths`: the methods by the path of an API.
    `code`: a function of the project by its name. `reasons`: what the API's own log has since then. `handler`: the
    function of the project that handles the path, "" if none is known.
    """

    log: Callable[[], FunctionLog]
    paths: Callable[[], Mapping[str, tuple[str, ...]]]
    reasons: Callable[[datetime], tuple[str, ...]]
    access: RefusedAccess
    looks: int
    wait: Callable[[], object]
    code: Callable[[str], FunctionCode]
    handler: Callable[[], str] = str

    def explain(self, response: HttpAnswer, since: datetime) -> tuple[str, ...]:
        """Sentences about an answer to a request that was sent at `since`; none if there is nothing to say."""
        if response.status >= 500:
            return self._failed(response, since)
        return self.access.explain(response, self.paths)

    def _failed(self, response: HttpAnswer, since: datetime) -> tuple[str, ...]:
        lines = self._logged(since)
        failed = [line for line in lines if line.record.level in FAILED_LEVELS]
        if failed:
            return self._error(failed[-1])
        if ended := _ended_by_lambda(lines):
            code = self.code(ended.function)
            text = "\n".join(line.record.text for line in lines if line.function == ended.function)
            said = redacted(ended.record.text)
            causes = cause_lines(explain_failure(code, text), said)
            return (f"{ended.function}: {said}", *causes, _see(ended.function))
        if response.status == 504:
            return ("The function did not respond within the time that the API waits.", _see(""))
        if hungry := next((line for line in lines if over_its_memory(line.record.text)), None):
            code = self.code(hungry.function)
            said = f"{hungry.function} needs more memory than it has: {hungry.record.text}."
            return (said, *cause_lines(explain_failure(code, "out of memory"), said), _see(hungry.function))
        if response.status == 502 and lines:
            return self._unread(lines[-1].function)
        reasons = self.reasons(since)[-1:]
        # Where Lambda logs warnings only, a function that prints nothing leaves no line at all.
        if response.status == 502 and any(MALFORMED in text for text in reasons) and (name := self.handler()):
            return self._unread(name)
        reason = tuple(f"The log of the API: {redacted(text)}" for text in reasons)
        if lines:
            return (f"{lines[-1].function} logged no error.", *reason, _see(lines[-1].function))
        return ("No function logged anything about it.", *reason, "See `accountsctl doctor`.")

    def _unread(self, name: str) -> tuple[str, ...]:
        said = f"{name} logged no error, but API Gateway could not read what it returned."
        return (said, *cause_lines(explain_unread(self.code(name)), said), _see(name))

    def _error(self, line: LogLine) -> tuple[str, ...]:
        code = self.code(line.function)
        text = redacted(line.record.text)
        own = own_lines(code, text.split("\n"))
        more = ["..."] if len(own) > MOST_LINES else []
        shown = [f"{line.function}: {own[0]}", *(f"  {part}" for part in [*own[1:MOST_LINES], *more])]
        causes = cause_lines(explain_failure(code, text), "\n".join(shown))
        return (*shown, *causes, _see(line.function))

    def _logged(self, since: datetime) -> list[LogLine]:
        log = self.log()
        for look in range(self.looks):
            if look:
                self.wait()
            if lines := log.lines(since):
                return lines
        return []


def _ended_by_lambda(lines: list[LogLine]) -> LogLine | None:
    """The last line by which Lambda itself ended an invocation: it has no level."""
    texts = ("Task timed out", "Runtime exited", "Runtime.ExitError", "status timeout", "status error")
    return next((line for line in reversed(lines) if any(text in line.record.text for text in texts)), None)


def _see(function: str) -> str:
    """Where the rest is; no command of ours shows the log of a function that is not a resource of its own."""
    if "#" in function:
        return "See `accountsctl doctor`."
    return f"See `accountsctl logs {function}`.".replace(" `.", "`.")


def _named(paths: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    there = ", ".join(f"{path} ({', '.join(methods)})" for path, methods in sorted(paths.items()))
    return (f"The API has {there}.",) if paths else ()


def by_path(routes: Iterable[EndpointRoute]) -> dict[str, tuple[str, ...]]:
    """The methods of routes by path."""
    found: dict[str, tuple[str, ...]] = {}
    for route in routes:
        found[route.path] = tuple(sorted({*found.get(route.path, ()), route.method}))
    return found


def _is(response: HttpAnswer, message: str) -> bool:
    """Whether the body is API Gateway's own for HTTP APIs."""
    try:
        body: object = json.loads(response.body)
    except ValueError:
        return False
    return body == {"message": message}


def _error_type(response: HttpAnswer) -> str:
    return next((value for name, value in response.headers if name.lower() == "x-amzn-errortype"), "")
