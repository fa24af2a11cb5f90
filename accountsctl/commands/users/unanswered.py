"""What to say after a call that failed: the function's own error, or the paths that exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from accountsctl.formats.lambda_logs import FAILED_LEVELS
from accountsctl.model.logs import LogLine
from accountsctl.ports.http import HttpAnswer

MOST_LINES = 8
"""Lines of an error and its trace that are shown; `logs` has them all."""
UNSIGNED = ("MissingAuthenticationTokenException", "IncompleteSignatureException")
"""How API Gateway refuses a method that a stage does not have, and one that wants a signature, by whether the request
had an Authorization header. Source: https://repost.aws/knowledge-center/api-gateway-authentication-token-errors"""


@dataclass(frozen=True)
class Unanswered:
    """What is looked at after a call. `log`: those of the environment's functions, read only after a status of 5xx.

    `looks` is how often the log is read until something is in it, and `wait` what is done between two looks:
    CloudWatch Logs has an event some seconds after it was written. `paths`: the methods by the path of an API.
    `code`: a function of the project by its name.
    """

    log: Callable[[], FunctionLog]
    paths: Callable[[], Mapping[str, tuple[str, ...]]]
    looks: int
    wait: Callable[[], object]
    code: Callable[[str], FunctionCode]

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
        if failed and (last := failed[-1]):
            return self._error(last)
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
            name = lines[-1].function
            said = f"{name} logged no error, but API Gateway could not read what it returned."
            return (said, *cause_lines(explain_unread(self.code(name)), said), _see(name))
        if lines:
            return (f"{lines[-1].function} logged no error.", _see(lines[-1].function))
        return ("No function logged anything about it.", "See `accountsctl doctor`.")

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
