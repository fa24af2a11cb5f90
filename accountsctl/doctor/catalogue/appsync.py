"""Refusals by AppSync, whose own endpoints send CORS headers with every response: the page may read them.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html,
https://repost.aws/knowledge-center/aws-appsync-graphql-request-unauth-error
"""

from __future__ import annotations

import re

from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.facts.exchanges import Exchange

_HOST = re.compile(r"\.appsync-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$")
EXPIRED, OTHER_POOL, NO_TOKEN, KEY = (
    "auth.cognito-expired",
    "auth.cognito-wrong-pool",
    "auth.no-token",
    "auth.api-key",
)
_BY_WORDS = (
    (re.compile(r"token has expired", re.IGNORECASE), EXPIRED),
    (re.compile(r"authorization header not provided|missing authorization header", re.IGNORECASE), NO_TOKEN),
    (re.compile(r"WAFForbiddenException"), "auth.waf"),
    (re.compile(r"is not authorized to perform: appsync:"), "auth.iam-denied"),
)
"""What its messages say; others leave several causes."""


def is_appsync(ask: PageRequest) -> bool:
    """Whether the host is AppSync's own, of an API's queries."""
    return _HOST.search(ask.host) is not None


def refused_by_appsync(ask: PageRequest, real: Exchange) -> tuple[str, ...]:
    """The causes of a refusal by AppSync; empty if it is not the host, or if nothing is known of the refusal."""
    if not is_appsync(ask):
        return ()
    if real.status == 504:
        return ("int.gateway-timeout",)  # It waits for its resolvers as API Gateway does for a function.
    if real.status not in (401, 403):
        return ()
    worded = next((id_ for words, id_ in _BY_WORDS if words.search(real.body or "")), None)
    if worded is not None:
        return (worded,)
    return _by_credential(ask) if real.status == 401 else ()


def _by_credential(ask: PageRequest) -> tuple[str, ...]:
    """The causes of a 401 without words that tell, by what the page sends."""
    if "x-api-key" in ask.names():
        return (KEY,)
    if ask.credential is Credential.NONE:
        # A console does not tell what was sent, and a sanitized recording leaves it out.
        return (NO_TOKEN, EXPIRED) if ask.sanitized else (NO_TOKEN,)
    expires = ask.token.expires if ask.token else None
    if expires is None:
        return (EXPIRED, OTHER_POOL)
    return (EXPIRED,) if ask.now > expires else (OTHER_POOL,)
