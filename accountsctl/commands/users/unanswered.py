"""What to say after a call that failed: the function's own error, or the paths that exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accountsctl.commands.functions.logs import FunctionLog
from accountsctl.doctor.browser.redact import text as redacted
from accountsctl.formats.lambda_logs import FAILED_LEVELS
from accountsctl.model.logs import LogLine
from accountsctl.ports.http import HttpAnswer

MOST_LINES = 8
"""Lines of an error and its trace that are shown; `logs` has them all."""
UNSIGNED = ("MissingAuthenticationTokenException", "IncompleteSignatureException")
"""How API Gateway refuses a method that a stage does not have, and one that wants a signature, by whether the request
had an Authorization header. Source: https://repost.aws/knowledge-center/api-gateway-authentication-token-errors"""
UNREAD = 'Its answer must be an object with a number as "statusCode" and a text as "body".'


@dataclass(frozen=True)
class Unanswered:
    """What is looked at after a call. `log`: those of the environment's functions, read only after a status of 5xx.

    `looks` is how often the log is read until something is in it, and `wait` what is done between two looks:
    CloudWatch Logs has an event some seconds after it was written. `paths`: the methods by the path of an API.
    """

    log: Callable[[], FunctionLog]
    paths: Callable[[], Mapping[str, tuple[str, ...]]]
    looks: int
    wait: Callable[[], object]

    def explain(self, response: HttpAnswer, since: datetime) -> tuple[str, ...]:
        """Sentences about an answer to a request that was sent at `since`; none if there is nothing to say."""
        if response.status >= 500:
            return self._failed(response, since)
        if response.status == 403 and _error_type(response) in UNSIGNED:
            return _existing(self.paths())
        return ()

    def _failed(self, response: HttpAnswer, since: datetime) -> tuple[str, ...]:
        lines = self._logged(since)
        failed = [line for line in lines if line.record.level in FAILED_LEVELS]
        if failed:
            last = failed[-1]
            shown = redacted(last.record.text).split("\n")
            more = ["..."] if len(shown) > MOST_LINES else []
            return (
                f"{last.function}: {shown[0]}",
                *(f"  {text}" for text in [*shown[1:MOST_LINES], *more]),
                _see(last.function),
            )
        if timed_out := _ended_by_lambda(lines):
            return (f"{timed_out.function}: {redacted(timed_out.record.text)}", _see(timed_out.function))
        if response.status == 502 and lines:
            name = lines[-1].function
            return (
                f"{name} logged no error, but API Gateway could not read what it returned.",
                UNREAD,
                _see(name),
            )
        if response.status == 504:
            return ("The function did not respond within the time that the API waits.", _see(""))
        if lines:
            return (f"{lines[-1].function} logged no error.", _see(lines[-1].function))
        return ("No function logged anything about it.", "See `accountsctl doctor`.")

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
    return f"See `accountsctl logs {function}`.".replace(" `.", "`.")


def _existing(paths: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if not paths:
        return ()
    there = ", ".join(f"{path} ({', '.join(methods)})" for path, methods in sorted(paths.items()))
    return (
        "API Gateway responds so where a path or method does not exist, or where a method wants AWS_IAM.",
        f"The API has {there}.",
    )


def _error_type(response: HttpAnswer) -> str:
    return next((value for name, value in response.headers if name.lower() == "x-amzn-errortype"), "")
