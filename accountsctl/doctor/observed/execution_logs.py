"""What API Gateway and Lambda say themselves of a failure, as people paste it: lines of their logs, an error's body.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from accountsctl.doctor.browser.fetch import Headers, Profile
from accountsctl.doctor.catalogue.other_services import signature_refused_in
from accountsctl.doctor.observed.access_logs import access_log
from accountsctl.doctor.observed.console_lines import ConsoleLine, console_lines
from accountsctl.doctor.observed.console_words import BlockMessage, BlockReason
from accountsctl.doctor.observed.gateway_bodies import GatewayRefusal, refusal_of
from accountsctl.doctor.observed.pasted_text import METHOD

_FAILURE = re.compile(
    r"(?:Execution failed due to|Lambda (?:execution|invocation) failed|Authorizer error|Invalid permissions on Lambda"
    r"|Malformed Lambda proxy response|Task timed out after|not authorized because method|\bRuntime\.[A-Z]\w+"
    r"|Unable to import module|This distribution is not configured to allow the HTTP request method)[^\n]{0,400}"
)
# S3's errors, whatever is between their elements; a bucket's CORS rules apply to them too.
_OF_STORE = re.compile(
    r"<Code>\s*\w{1,60}\s*</Code>\s*<Message>[^<]{0,400}</Message>(?:\s*<HeadersNotSigned>)?"
)
_BODY = re.compile(r'\{\s*"[Mm]essage"\s*:\s*"(?:[^"\\\n]|\\.){1,400}"\s*\}')
_METHOD = re.compile(rf"HTTP Method: (?P<method>{METHOD}), Resource Path:")
_STATUS = re.compile(r"Method completed with status: (\d{3})")
# API Gateway's own kind of an error; a missing permission has 500.
_OWN_ERROR = (("x-amzn-errortype", "InternalServerErrorException"),)


@lru_cache(maxsize=1)
def logged_failures(text: str) -> tuple[str, ...]:
    """What lines of such a log say of failures, in their order, each once."""
    found = [match.group() for match in _FAILURE.finditer(text)] or _store_errors(text)
    return tuple(dict.fromkeys(" ".join(words.split()) for words in found))


def _store_errors(text: str) -> list[str]:
    """S3's errors of a signature in a text without a console's sentence, which may be of the bucket's CORS rules."""
    found = [match.group() for match in _OF_STORE.finditer(text) if signature_refused_in(match.group())]
    return [] if found and console_lines(text) else found


@lru_cache(maxsize=1)
def method_in_log(text: str) -> str:
    """The method of the request that a log is of; empty if it does not name it."""
    found = _METHOD.search(text)
    return found["method"].upper() if found else ""


def failed_by_own_words(text: str) -> list[ConsoleLine]:
    """The request of a log or a body that stands alone, as one that is blocked: such errors have no CORS headers.

    Empty if the text has neither.
    """
    failed, status = _FAILURE.search(text), _STATUS.search(text)
    if failed is None and _store_errors(text):
        failed = _OF_STORE.search(text)
    if failed is None:
        return _failed_in_access_log(text) or _failed_by_body(text)
    method = method_in_log(text)
    message = BlockMessage(BlockReason.NO_ORIGIN, preflight=method == "OPTIONS")
    return [
        ConsoleLine(
            Profile.CHROMIUM,
            text.count("\n", 0, failed.start()) + 1,
            method="" if message.preflight else method,
            status=int(status[1]) if status else 0,
            message=message,
            error=failed.group().strip(),
            is_logged=True,
            headers=_OWN_ERROR if status else (),
        )
    ]


def headers_by_body(text: str, status: int) -> Headers:
    """The header that API Gateway sends with the first of its own bodies in a text that has a status; empty if none."""
    return next((_headers_of(found) for _, found in _own_bodies(text) if found.status == status), ())


def _failed_in_access_log(text: str) -> list[ConsoleLine]:
    """The request of the first error in API Gateway's access log; empty if there is none."""
    failed = (entry for entry in access_log(text) if entry.status >= 400)
    return [
        ConsoleLine(
            Profile.CHROMIUM,
            text.count("\n", 0, entry.start) + 1,
            method="" if entry.method == "OPTIONS" else entry.method,
            status=entry.status,
            message=BlockMessage(BlockReason.NO_ORIGIN, preflight=entry.method == "OPTIONS"),
            error=f"{entry.method} was answered with {entry.status}",
            is_logged=True,
            headers=entry.headers or (("apigw-requestid", "-"),),
        )
        for entry in islice(failed, 1)
    ]


def _failed_by_body(text: str) -> list[ConsoleLine]:
    """The request of the first body that is API Gateway's own; empty if there is none."""
    return [
        ConsoleLine(
            Profile.CHROMIUM,
            text.count("\n", 0, body.start()) + 1,
            status=refusal.status,
            message=BlockMessage(BlockReason.NO_ORIGIN),
            error=body.group(),
            headers=_headers_of(refusal),
        )
        for body, refusal in islice(_own_bodies(text), 1)
    ]


def _own_bodies(text: str) -> Iterator[tuple[re.Match[str], GatewayRefusal]]:
    for body in _BODY.finditer(text):
        if refusal := refusal_of(body.group()):
            yield body, refusal


def _headers_of(refusal: GatewayRefusal) -> Headers:
    return (("x-amzn-errortype", refusal.error_type) if refusal.error_type else ("apigw-requestid", "-"),)
