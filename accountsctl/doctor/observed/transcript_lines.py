"""Requests and responses that people paste as text: what curl prints, and what DevTools shows of one request.

curl: the command; ``> OPTIONS /items HTTP/2`` and ``< HTTP/2 403`` of --verbose; ``HTTP/2 403`` and headers of
--include.
DevTools: "Request URL: ...", "Status Code: ...", and the headers below; a value may stand in a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from accountsctl.doctor.browser.redirects import REDIRECTS
from accountsctl.doctor.browser.urls import EXECUTE_API
from accountsctl.doctor.observed.curl_command import CurlCommand, read_command
from accountsctl.doctor.observed.gateway_bodies import refusal_of
from accountsctl.doctor.observed.pasted_text import METHOD
from accountsctl.doctor.observed.server_logs import LoggedResponse, logged_responses

_COMMAND = re.compile(r"^\s*(?:[$%#>]\s*|PS\b[^>]*>\s*)?(?=curl(?:\.exe)?\s)")
_REQUEST = re.compile(rf"^(?P<mark>>\s*)?(?P<method>{METHOD})\s+(?P<target>\S+)\s+HTTP/\d(?:\.\d)?\s*$")
_STATUS = re.compile(r"^(?:<\s*)?HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_MARKED_AS_CODE = re.compile(r"^\s*`(curl\s[^`]*)`\s*$")
_STATUS_IN_WORDS = re.compile(r"^[^\w{}]{0,6}([2-5]\d\d)\s+[A-Za-z][A-Za-z ]{1,30}\W*$")
_HEADER = re.compile(r"^(?P<mark>[<>]\s*)?(?P<name>:?(?!https?:)[A-Za-z][\w-]{0,80}):\s*(?P<value>.*)$")
_GENERAL = re.compile(
    r"^(?P<name>Request URL|Request Method|Status Code|Status):?\s*(?P<value>\S.*)?$", re.IGNORECASE
)
_SECTION = re.compile(r"^(?P<kind>Response|Request) Headers\b", re.IGNORECASE)
# Lines of curl's own: its notes, and how many bytes it has read.
_NOISE = re.compile(r"^(?:\*\s|[{}]\s*\[|\s*\d+\s+\d+\s+\d+\s+\d+|\s*% Total|\s*Dload\b)")
# What curl --verbose notes of a connection, where neither the command nor the request's lines were copied.
_CONNECTED = re.compile(
    r"^\*\s+(?:Connected to (?P<host>[\w.-]+) \([^)]*\) port (?P<port>\d+)"
    r"|Connection #\d+ to host (?P<left>[\w.-]+)(?::(?P<left_port>\d+))? left intact)"
)
_OF_REQUESTS = re.compile(
    r"^(?:access-control-request-\w+|accept(?:-\w+)?|authorization|cookie|host|origin|referer|user-agent|x-api-key"
    r"|sec-[\w-]+|x-amz-(?:date|security-token|user-agent))$",
    re.IGNORECASE,
)
"""Headers of a request, where DevTools' headings were not copied."""
_LONGEST_BODY = 20_000


@dataclass
class TextExchange:
    """One request with its response, as far as the text has them; empty and 0 for what it does not have.

    `line` is where it begins; `sent` says whether the request's own headers are known; `inferred`: the words of the
    body tell the status, and no header is known. `is_unrouted_head`: the response to HEAD says nothing of GET.
    `base` is the URL's beginning, where a note of curl names the host alone.
    """

    line: int
    method: str = ""
    url: str = ""
    request: list[tuple[str, str]] = field(default_factory=list)
    status: int = 0
    response: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    has_data: bool = False
    sent: bool = False
    inferred: bool = False
    is_unrouted_head: bool = False
    base: str = ""

    def header(self, name: str) -> str | None:
        """The value of a header of the request; None if it has none."""
        return next((value for key, value in self.request if key.lower() == name), None)


def text_exchanges(text: str) -> list[TextExchange]:
    """The requests of a text that have a response, in its order; empty if it has none."""
    reader = _TranscriptReader()
    for number, line in _logical_lines(text):
        reader.take(number, line)
    logged = logged_responses(text)
    for found in reader.found:
        _infer(found)
        if not found.status and found.method:
            _take_status(found, logged)
    return [found for found in reader.found if found.status]


def _infer(exchange: TextExchange) -> None:
    """Take the status and the type of the error by the words of the body, where no header is shown."""
    refusal = None if exchange.status and exchange.response else refusal_of(exchange.body)
    if refusal is None or exchange.status not in (0, refusal.status):
        return
    exchange.status, exchange.inferred = refusal.status, True
    if refusal.error_type:
        exchange.response.append(("x-amzn-errortype", refusal.error_type))
    elif EXECUTE_API in exchange.url:
        exchange.response.append(("apigw-requestid", "-"))


def _take_status(exchange: TextExchange, logged: Sequence[LoggedResponse]) -> None:
    """Take the status that a server's log has for a request which is shown without its response."""
    for response in logged:
        if response.method == exchange.method and response.is_of(exchange.url):
            exchange.status, exchange.inferred = response.status, True


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; one of a command that is continued (``\\``, ``^``, an open quote) as one."""
    waiting, began = "", 0
    for number, raw in enumerate(text.replace("\r", "").splitlines(), 1):
        line = _MARKED_AS_CODE.sub(r"\1", raw)
        if waiting or _COMMAND.match(line):
            began = began or number
            continued = line.rstrip().endswith(("\\", " ^", "`"))
            waiting += (line.rstrip()[:-1] if continued else line) + (" " if continued else "\n")
            if continued or (waiting.count("'") % 2 and len(waiting) < _LONGEST_BODY):
                continue
            yield began, waiting.rstrip("\n")
            waiting, began = "", 0
        else:
            yield number, line
    if waiting:
        yield began, waiting


class _TranscriptReader:
    """Reads lines one after the other. `side` says whose headers follow; `name` is one whose value has its own line."""

    def __init__(self) -> None:
        self.found: list[TextExchange] = []
        self.side = ""
        self.name = ""

    def take(self, number: int, line: str) -> None:
        """Add what one line says."""
        command = _COMMAND.match(line)
        if command:
            self._begin(number, read_command(line[command.end() :]))
        elif _NOISE.match(line):
            self._note(line)
        elif found := _REQUEST.match(line):
            self._request(number, found)
        elif found := _STATUS.match(line):
            self._status(number, int(found[1]))
        elif found := _GENERAL.match(line.strip()):
            self._general(number, found["name"].lower(), (found["value"] or "").strip())
        elif found := _SECTION.match(line.strip()):
            self.side, self.name = found["kind"].lower(), ""
        elif self.found:
            self._rest(line)

    def _begin(self, number: int, command: CurlCommand) -> None:
        self.found.append(
            TextExchange(
                number, command.method, command.url, list(command.headers), has_data=command.data, sent=True
            )
        )
        self.side = self.name = ""

    def _request(self, number: int, found: re.Match[str]) -> None:
        """A request line: that of the command before it, or of the next request."""
        last = self.found[-1] if self.found else None
        base = last.url if last else ""
        target = found["target"]
        below_heading = self.side == "request" and last is not None and not last.request
        if last is None or not last.url or (last.status and not below_heading):
            self.found.append(TextExchange(number, sent=True))
        here = self.found[-1]
        here.method = found["method"]
        here.url = urljoin(base, target) if base else target
        # --verbose repeats what the command named, and has all of it.
        here.request, self.side = [], "request"

    def _status(self, number: int, status: int) -> None:
        if status < 200:
            return
        last = self.found[-1] if self.found else None
        if last is None:
            self.found.append(TextExchange(number))
        elif last.status and (last.response or last.status != status):
            self.found.append(_next_of(last, number))
        self.found[-1].status, self.side = status, "response"

    def _note(self, line: str) -> None:
        """Take the host of a connection, for a request whose URL no other line names."""
        noted = _CONNECTED.match(line)
        if not self.found or noted is None:
            return
        host, port = noted["host"] or noted["left"], noted["port"] or noted["left_port"]
        scheme = "http" if port == "80" else "https"
        self.found[-1].base = f"{scheme}://{host}" + (f":{port}" if port not in (None, "80", "443") else "")

    def _general(self, number: int, name: str, value: str) -> None:
        """A line of DevTools' heading "General"."""
        if name == "request url":
            self.found.append(TextExchange(number, url=value))
            self.side = "general"
        elif not self.found:
            return
        elif name == "request method":
            self.found[-1].method = value.upper()
        elif found := re.match(r"\D{0,4}(\d{3})\b", value):
            self.found[-1].status = self.found[-1].status or int(found[1])
        self.name = "" if value else f"general {name}"

    def _rest(self, line: str) -> None:
        here = self.found[-1]
        text = line.strip()
        if here.sent and not here.status and (said := _STATUS_IN_WORDS.match(text)):
            here.status, here.inferred = int(said[1]), True
            return
        if self.side == "body":
            here.body = (
                f"{here.body}{line}\n"[:_LONGEST_BODY] if len(here.body) < _LONGEST_BODY else here.body
            )
        elif self.name and text:
            self._value(text)
        elif not text or text in "<>":
            self.side = "body" if self.side == "response" and here.response and here.sent else self.side
        elif not self._is_body_alone(text) and (found := _HEADER.match(text)):
            self._header(found)
        elif (self.side == "response" and here.response) or self._is_body_alone(text):
            here.body, self.side = f"{line}\n", "body"

    def _is_body_alone(self, text: str) -> bool:
        """Whether a line begins a body before which no header stands: curl without -i, or a status line alone."""
        here = self.found[-1]
        alone = not self.side and here.sent and not here.status
        return text.startswith("{") and (alone or (self.side == "response" and not here.response))

    def _value(self, text: str) -> None:
        """A value that DevTools shows below its name."""
        kind, _, name = self.name.partition(" ")
        self.name = ""
        if kind == "general":
            self._general(self.found[-1].line, name, text)
        else:
            (self.found[-1].request if kind == "request" else self.found[-1].response).append((name, text))

    def _header(self, found: re.Match[str]) -> None:
        here, name, value = self.found[-1], found["name"].strip(), (found["value"] or "").strip()
        marked = (found["mark"] or "").strip()
        side = {"<": "response", ">": "request"}.get(marked, self.side)
        if side not in ("request", "response"):
            side = "request" if _OF_REQUESTS.match(name.lstrip(":")) else "response"
        if name.startswith(":"):
            here.sent = True
            return
        if not value and not marked:
            self.name = f"{side} {name}"
            return
        here.sent = here.sent or side == "request"
        (here.request if side == "request" else here.response).append((name, value))
        if side == "request" and name.lower() == "host" and here.url.startswith("/"):
            here.url = f"https://{value}{here.url}"


def _next_of(last: TextExchange, number: int) -> TextExchange:
    """The request whose response follows another response: that of the redirect, or the same again."""
    location = next((value for name, value in last.response if name.lower() == "location"), "")
    moved = last.status in REDIRECTS and bool(location)
    url = urljoin(last.url, location) if moved else last.url
    return TextExchange(number, last.method, url, list(last.request), has_data=last.has_data, sent=last.sent)
