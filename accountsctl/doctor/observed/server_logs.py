"""What people paste of their server's log beside a console: which status it gave to which request.

A console's sentence often has no status; the log of the server that answered has it. The formats: the common log
format, as Apache, nginx, Flask, Django and uvicorn write it, morgan's of Express, Gin's, what Rails, Django, Spring and
ASP.NET say of a method for which they have no route, and API Gateway's access log in JSON.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.browser.urls import path_of
from accountsctl.doctor.observed.access_logs import access_log
from accountsctl.doctor.observed.console_lines import ConsoleLine
from accountsctl.doctor.observed.console_words import BlockMessage, BlockReason
from accountsctl.doctor.observed.pasted_text import METHOD, without_colours

_NOT_ALLOWED, _NOT_FOUND = 405, 404
_FORMATS = (
    (rf'"(?P<method>{METHOD}) (?P<target>/\S*) HTTP/\d(?:\.\d)?"(?: -)? (?P<status>\d{{3}})\b', 0),
    (rf"^(?P<method>{METHOD}) (?P<target>/\S*) (?P<status>\d{{3}}) [\d.]+ ?ms\b", 0),
    (rf'\| +(?P<status>\d{{3}}) +\|[^|\n]*\|[^|\n]*\| +(?P<method>{METHOD}) +"(?P<target>/[^"\s]*)"', 0),
    (rf'No route matches \[(?P<method>{METHOD})\] "(?P<target>/[^"\s]*)"', _NOT_FOUND),
    (rf"Method Not Allowed \((?P<method>{METHOD})\): (?P<target>/\S*)", _NOT_ALLOWED),
    (rf"\[(?P<method>{METHOD})\]\s+ActionController::MethodNotAllowed\b", _NOT_ALLOWED),
    (rf"Request method '(?P<method>{METHOD})' (?:is )?not supported", _NOT_ALLOWED),
    (rf"does not support http method '(?P<method>{METHOD})'", _NOT_ALLOWED),
)
_PATTERNS = tuple((re.compile(words, re.MULTILINE | re.IGNORECASE), status) for words, status in _FORMATS)
_OF_ANY_STATUS = frozenset(
    {BlockReason.NO_ORIGIN, BlockReason.UNSTATED, BlockReason.NOT_ALLOWED, BlockReason.PREFLIGHT_STATUS}
)
"""Reasons that a response of any status may have."""
_UVICORN = re.compile(r'INFO:\s+[\da-fA-F.:]+ - "$')
FROM_LOG = "It is that of the server's log for this path, which is taken to be of the same request."


@dataclass(frozen=True)
class LoggedResponse:
    """One response that a server logged. `path` is empty if the log does not name it; `headers` are what it shows.

    `without_stage`: the path may lack what the URL has before it, as in API Gateway's log.
    """

    method: str
    path: str
    status: int
    headers: Headers = ()
    without_stage: bool = False

    def is_of(self, url: str) -> bool:
        """Whether it may be of a request to a URL, which is empty if it is not known."""
        path = path_of(url).partition("?")[0]
        is_same = path.endswith(self.path) if self.without_stage else path == self.path
        return not self.path or not url or is_same


def logged_responses(text: str) -> list[LoggedResponse]:
    """The responses that a text's lines of a server's log name, in their order."""
    plain = without_colours(text)
    found = [
        *(
            (match.start(), _logged(match, status))
            for pattern, status in _PATTERNS
            for match in pattern.finditer(plain)
        ),
        *(
            (
                entry.start,
                LoggedResponse(entry.method, entry.path, entry.status, entry.headers, without_stage=True),
            )
            for entry in access_log(plain)
        ),
    ]
    return [response for _, response in sorted(found, key=lambda place: place[0])]


def _logged(match: re.Match[str], status: int) -> LoggedResponse:
    parts = match.groupdict()
    before = match.string[: match.start() + 1].rpartition("\n")[2]
    return LoggedResponse(
        (parts["method"] or "").upper(),
        (parts.get("target") or "").partition("?")[0],
        int(parts.get("status") or status),
        (("server", "uvicorn"),) if _UVICORN.search(before) else (),
    )


def with_logged_status(line: ConsoleLine, logged: Sequence[LoggedResponse]) -> ConsoleLine:
    """A console's line with the status that the log has for its request; the same if the log tells none."""
    message = line.message
    if message is None or line.status or message.reason not in _OF_ANY_STATUS:
        return line
    found = [response for response in logged if response.is_of(line.url)]
    options = [response for response in found if response.method == "OPTIONS"]
    refused = bool(options) and options[-1].status >= 400
    if options and (message.preflight or (message.either and refused)):
        return _with(line, options[-1], replace(message, preflight=True))
    others = [response for response in found if response.method in (line.method or response.method)]
    others = [response for response in others if response.method != "OPTIONS"]
    if message.preflight or not others:
        return line
    passed = replace(message, either=message.either and not options)
    return _with(replace(line, method=others[-1].method), others[-1], passed)


def _with(line: ConsoleLine, response: LoggedResponse, message: BlockMessage) -> ConsoleLine:
    return replace(line, status=response.status, message=message, is_logged=True, headers=response.headers)
