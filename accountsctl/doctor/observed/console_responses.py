"""What else a text has of the response that a console's sentence complains of: headers, a body, a server's log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.observed.console_lines import ConsoleLine
from accountsctl.doctor.observed.console_words import BlockReason
from accountsctl.doctor.observed.execution_logs import headers_by_body
from accountsctl.doctor.observed.pasted_headers import response_below, status_by_headers
from accountsctl.doctor.observed.server_logs import logged_responses, with_logged_status

_OF_ANY_RESPONSE = frozenset({BlockReason.NO_ORIGIN, BlockReason.NOT_ALLOWED, BlockReason.UNSTATED})
"""Reasons that say of no header but the missing one."""
_TIME_STAMP = re.compile(r"(?<=[?&])[\w.-]{1,40}=\d{10,16}(?:&|$)")
"""What pages add to a URL so that no cache answers: another value each time."""


def with_responses(lines: list[ConsoleLine], text: str) -> list[ConsoleLine]:
    """The lines with the status that a server's log has, and the only one with the headers that stand below it."""
    logged = logged_responses(text)
    found = [with_logged_status(line, logged) for line in _of_one_browser(lines)]
    message = found[0].message if len(found) == 1 else None
    if message is None or message.reason not in _OF_ANY_RESPONSE:
        return found
    stated, headers = response_below("\n".join(text.split("\n")[found[0].line :]))
    status = found[0].status or stated or status_by_headers(headers, preflight=message.preflight)
    headers = headers or found[0].headers or headers_by_body(text, status)
    return [replace(found[0], headers=headers, status=status)]


def _of_one_browser(lines: Iterable[ConsoleLine]) -> list[ConsoleLine]:
    """The lines, without those in which another browser says less of the same request."""
    lines = list(lines)
    by_address: dict[str, list[ConsoleLine]] = {}
    for line in lines:
        by_address.setdefault(_TIME_STAMP.sub("", line.url), []).append(line)
    found = {id(line): line for line in lines}
    for same in by_address.values():
        same = [
            line for line in same if line.url and line.message and line.message.reason in _OF_ANY_RESPONSE
        ]
        if len({line.profile for line in same}) < 2:
            continue
        most = max(same, key=_knowledge)
        origin = next((line.origin for line in same if line.origin), "")
        found[id(most)] = replace(most, origin=most.origin or origin)
        for line in same:
            if line.profile is not most.profile:
                del found[id(line)]
    return list(found.values())


def _knowledge(line: ConsoleLine) -> tuple[bool, bool, bool]:
    """How much a line says: the status, which of the two requests it is of, and Chromium's words, which say most."""
    return (
        line.status > 0,
        line.message is not None and not line.message.either,
        line.profile is Profile.CHROMIUM,
    )
