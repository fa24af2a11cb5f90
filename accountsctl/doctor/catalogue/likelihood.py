"""Which of several causes with the same answer is the likely one: how often people report it, the most frequent first.

Counted in the public reports that the catalogue's sources name, and in those of the tests (tests/faults/reported).
A cause that is not listed comes after those that are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from accountsctl.doctor.browser.fetch import origin_of
from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.catalogue.doubled_slashes import causes_of_doubled_slash
from accountsctl.doctor.catalogue.frequency import frequency_place
from accountsctl.doctor.catalogue.hidden_statuses import MOST_OF_A_STATUS, fits_credential, places_of_status
from accountsctl.doctor.catalogue.other_services import passed_cloudfront
from accountsctl.doctor.catalogue.requests import (
    calls_distribution,
    is_file,
    may_send_token,
)
from accountsctl.doctor.facts.exchanges import Exchange

AUTHORIZER_DENIES = "auth.lambda-deny"
# Rarer causes -> the more frequent ones with the same response. Without facts about the API, a cause is only mentioned
# if a more frequent one fits too: the same reports as above, where nothing in the response tells them apart.
RARER: Mapping[str, frozenset[str]] = {
    id_: frozenset(others)
    for id_, others in {
        "auth.cognito-identity-source": ("auth.cognito-wrong-pool",),
        "auth.cognito-id-with-scope": ("auth.cognito-access-no-scope",),
        "auth.cognito-other-client": ("auth.cognito-wrong-pool",),
        "auth.cognito-regex": ("auth.cognito-wrong-pool",),
        "auth.cognito-wrong-pool": ("auth.cognito-access-no-scope",),
        "auth.cognito-scope-mismatch": ("auth.cognito-access-no-scope", "auth.cognito-id-with-scope"),
        "auth.not-attached": ("int.throws",),
        "auth.pool-unreachable": (
            "auth.lambda-authorizer-500",
            "auth.cognito-wrong-pool",
            "auth.sigv4-to-cognito",
            "auth.token-invalid",
            "int.throws",
        ),
        "auth.iam-unknown-key": ("auth.iam-denied",),
        "auth.resource-policy": ("auth.lambda-deny", "auth.iam-denied", "preflight.lambda-authorizer"),
        "auth.sigv4-to-cognito": ("auth.cognito-expired",),
        "auth.token-invalid": ("auth.cognito-expired", "auth.cognito-access-no-scope", AUTHORIZER_DENIES),
        "auth.waf": ("deploy.no-mapping", "edge.cf-methods", "edge.cf-host"),
        "deploy.default-endpoint-disabled": ("deploy.no-stage", "preflight.no-options"),
        "deploy.mtls": ("deploy.no-mapping",),
        "deploy.no-stage": ("deploy.wrong-path", "preflight.no-options"),
        "deploy.private": ("deploy.no-stage",),
        "deploy.stage-in-domain-path": ("deploy.no-mapping", "preflight.no-options"),
        "deploy.stale": ("auth.route-missing+token", "deploy.wrong-path"),
        "edge.cf-authorization": ("auth.cognito-expired", "auth.iam-no-token"),
        "edge.cf-header": ("auth.api-key", "auth.cognito-expired", "auth.lambda-deny", "auth.no-token"),
        "edge.cf-host": ("deploy.no-mapping",),
        "int.aurora-resume": ("int.gateway-timeout", "int.throws"),
        "int.http-backend": ("int.no-permission", "int.gateway-timeout", "preflight.mock-no-template"),
        "int.http-method": ("preflight.mock-no-template",),
        "int.lambda-timeout": ("int.throws",),
        # Lambda answers OPTIONS itself for a URL with a CORS configuration: no function is called that could fail.
        "int.throws": ("function-url.no-cors",),
        "int.malformed": ("preflight.proxy-any-lambda",),
        "int.mapping-template": ("int.no-permission", "preflight.mock-no-template"),
        "int.lambda-throttled": ("int.no-permission", "int.throws"),
        "int.no-permission": ("int.throws", "preflight.mock-no-template"),
        "int.response-too-big": ("int.malformed",),
        "int.selection-pattern": ("int.no-permission",),
        "int.stage-variable": ("int.no-permission",),
        "int.wrong-source-arn": ("int.no-permission",),
        "preflight.child-resource": ("preflight.no-options",),
        "preflight.iam": ("preflight.no-options",),
        "preflight.mock-status-unmapped": ("preflight.mock-no-template",),
        "preflight.proxy-any-lambda": ("int.gateway-timeout", "preflight.no-options"),
        "preflight.proxy-root": ("preflight.no-options",),
    }.items()
}
FIREWALL = "auth.waf"
API_KEYS = frozenset({"auth.api-key", "preflight.api-key"})
VPC_ENDPOINT = "deploy.vpc-endpoint"
VPC_ENDPOINT_HOST = "deploy.vpce-host"
# Causes that are left to the rarer ones if the request hints at one of these.
_LESS_THAN_HINTED = {
    "auth.api-key": frozenset({VPC_ENDPOINT}),
    "auth.cognito-access-no-scope": frozenset({"edge.cf-authorization"}),
    "auth.cognito-id-with-scope": frozenset({"edge.cf-authorization"}),
    "auth.cognito-wrong-pool": frozenset({"edge.cf-authorization"}),
    "auth.iam-no-token": frozenset({"edge.cf-authorization"}),
    "auth.lambda-deny": frozenset({"auth.sigv4-to-cognito"}),
    "auth.token-invalid": frozenset({"edge.cf-authorization"}),
    FIREWALL: frozenset({VPC_ENDPOINT}),
    "deploy.wrong-path": frozenset({"preflight.iam", "preflight.proxy-root"}),
    "int.malformed": frozenset({"int.lambda-timeout"}),
    "preflight.api-key": frozenset({VPC_ENDPOINT}),
}
EXPIRED = "auth.cognito-expired"
AUTHORIZER_FAILS = "auth.lambda-authorizer-500"
# The use of the token that each of these needs.
_OF_TOKENS = {
    "auth.cognito-access-no-scope": "access",
    "auth.cognito-id-with-scope": "id",
    "auth.cognito-scope-mismatch": "access",
}
_OF_CREDENTIALS = {"auth.iam-no-token": Credential.NONE, "auth.iam-not-cognito": Credential.TOKEN}
WITHOUT_CREDENTIAL = (FIREWALL, "auth.resource-policy", "auth.throttle")
OF_HIDDEN_404 = ("preflight.no-options", "preflight.proxy-any-lambda")
"""A REST API itself refuses a path or method with 403: a 404 is an HTTP API's, which has no CORS, or the function's."""
USUAL_TIMEOUTS = (3, 5, 6, 10, 15, 20, 25, 28, 29, 30)
"""Seconds: what functions have as their Timeout; 3 is Lambda's default, 6 that of the Serverless Framework."""
MOST_OVERHEAD = 600
"""Milliseconds: what API Gateway and the network add to the time after which Lambda stops a function."""
INSPECTED_BODY = 8192
"""Bytes: AWS WAF's rule SizeRestrictions_BODY blocks a larger body."""
LEAST_TIMEOUT = 900
"""Milliseconds: a function's Timeout is a second or more, less what clocks differ."""
COGNITO_ISSUER = "https://cognito-idp."


def _sends_key(ask: PageRequest, _: Exchange) -> bool:
    return "x-api-key" in ask.names()


def _is_larger_than_firewalls_read(ask: PageRequest, _: Exchange) -> bool:
    return ask.size > INSPECTED_BODY


def _signs(ask: PageRequest, _: Exchange) -> bool:
    return ask.credential is Credential.SIGNATURE


def _ends_with_slash(ask: PageRequest, _: Exchange) -> bool:
    return ask.url_path.endswith("/")


def _sends_access_token(ask: PageRequest, _: Exchange) -> bool:
    return ask.token is not None and ask.token.use == "access"


def _is_unreadable(ask: PageRequest) -> bool:
    return ask.token is not None and not ask.token.jwt and not ask.token.unset


def _calls_distribution(ask: PageRequest, _: Exchange) -> bool:
    # A sanitized recording hides a token; what a page sends to another origin shows it by its preflight.
    may_hide = not ask.url or origin_of(ask.url) == ask.origin
    return calls_distribution(ask) and (may_hide or ask.credential is not Credential.NONE)


def _stops_at_a_timeout(_: PageRequest, real: Exchange) -> bool:
    return any(0 <= real.milliseconds - 1000 * seconds <= MOST_OVERHEAD for seconds in USUAL_TIMEOUTS)


# What a request itself shows of a cause: one that is hinted at comes first, and is never left out.
_HINTS: Mapping[str, Callable[[PageRequest, Exchange], bool]] = {
    "auth.api-key": _sends_key,
    "auth.cognito-access-no-scope": _sends_access_token,
    "auth.sigv4-to-cognito": _signs,
    "auth.token-invalid": lambda ask, _: _is_unreadable(ask),
    FIREWALL: _is_larger_than_firewalls_read,
    VPC_ENDPOINT: lambda _, real: real.address == "private",
    "edge.cf-authorization": _calls_distribution,
    "int.lambda-timeout": _stops_at_a_timeout,
    "preflight.api-key": _sends_key,
    "preflight.iam": _signs,
    "preflight.proxy-root": _ends_with_slash,
}


@dataclass(frozen=True)
class Likely:
    """The likely ones of the causes that fit a response, the likeliest first, and the rarer ones that fit too."""

    ids: tuple[str, ...]
    rarer: tuple[str, ...] = ()


def likely(ids: Iterable[str], ask: PageRequest, real: Exchange) -> Likely:
    """What a response alone leaves of the causes that fit it, when nothing is known of the API."""
    every = [id_ for id_ in ids if _may_be(id_, ask, real)]
    doubled = causes_of_doubled_slash(ask)
    if VPC_ENDPOINT_HOST in every:
        return Likely((VPC_ENDPOINT_HOST,))
    if EXPIRED in every and _has_expired(ask) is True:
        return Likely((EXPIRED,), tuple(id_ for id_ in every if id_ != EXPIRED))
    if real.headless and real.status == 404 and set(OF_HIDDEN_404) <= set(every) and not doubled:
        return Likely(OF_HIDDEN_404, tuple(id_ for id_ in every if id_ not in OF_HIDDEN_404))
    hinted = {id_ for id_ in every if id_ in _HINTS and _HINTS[id_](ask, real)}
    hinted |= doubled & set(every)
    counted = places_of_status(ask, real) if real.headless else {}
    rarer = {
        id_
        for id_ in every
        if id_ not in hinted and id_ not in counted and _more_frequent(id_, ask, real, hinted) & set(every)
    }

    def place(id_: str) -> tuple[bool, bool, int, int]:
        by_status = counted.get(id_, len(counted))
        hint_lacks = id_ in _HINTS and id_ not in hinted and id_ not in counted
        return id_ not in hinted, hint_lacks, by_status, frequency_place(id_)

    ordered = sorted(every, key=place)
    ids = [id_ for id_ in ordered if id_ not in rarer]
    if real.headless:
        # The status alone leaves many: those that people meet most.
        rarer |= set(ids[MOST_OF_A_STATUS:])
        ids = ids[:MOST_OF_A_STATUS]
    return Likely(tuple(ids), tuple(id_ for id_ in ordered if id_ in rarer))


def _more_frequent(id_: str, ask: PageRequest, real: Exchange, hinted: set[str]) -> frozenset[str]:
    """The causes with the same response that are more frequent than one, for this request."""
    issuer = ask.token.issuer if ask.token else None
    of_cognito = (
        issuer.startswith(COGNITO_ISSUER) if issuer else ask.library is not None and ask.library.is_amplify
    )
    if id_ == AUTHORIZER_DENIES and of_cognito:
        return frozenset({EXPIRED, *_OF_TOKENS, "auth.cognito-wrong-pool"})
    if id_.startswith("auth.cognito-") and issuer and not of_cognito:
        return frozenset({AUTHORIZER_DENIES})
    if id_ == "int.malformed" and real.status == 500:
        # Of an HTTP API, which takes what has not the form of a response as its body: it refuses few.
        return frozenset({"int.throws"})
    if id_ == FIREWALL and not hinted & API_KEYS:
        return RARER[id_] | API_KEYS
    return RARER.get(id_, frozenset()) | (_LESS_THAN_HINTED.get(id_, frozenset()) & hinted)


def _may_be(id_: str, ask: PageRequest, real: Exchange) -> bool:
    """Whether the token and the time that the response took leave a cause possible."""
    if is_file(ask) and id_.startswith("auth.") and id_ not in WITHOUT_CREDENTIAL:
        return False  # No site asks for a credential where its pages load their scripts.
    if real.headless and not fits_credential(id_, ask):
        return False
    if id_ == "int.lambda-timeout":
        return not 0 < real.milliseconds < LEAST_TIMEOUT
    if id_ in (VPC_ENDPOINT, "deploy.private"):
        return (id_ == VPC_ENDPOINT) is (real.address == "private")
    if id_ == "int.media-type":
        return real.probe != "P1"  # A preflight has no body.
    if id_ == EXPIRED:
        return _has_expired(ask) is not False and not _is_unreadable(ask)
    if id_ == "edge.cf-methods" and not real.may_be_preflight:
        return real.method not in ("GET", "HEAD")  # Every cache behavior allows these.
    if id_ == "edge.cf-authorization":
        return real.headless or real.answer is None or passed_cloudfront(real.answer)
    if id_ == AUTHORIZER_FAILS and not real.error_type:
        # An HTTP API calls its authorizer for what has the identity source, and does not name its failure.
        return ask.credential is not Credential.NONE
    if id_ == AUTHORIZER_DENIES and real.status == 401:
        return may_send_token(ask)
    if id_.startswith("auth.cognito-") and (_is_unreadable(ask) or ask.credential is Credential.SIGNATURE):
        return False
    use = ask.token.use if ask.token else None
    return use is None or id_ not in _OF_TOKENS or use == _OF_TOKENS[id_]


def _has_expired(ask: PageRequest) -> bool | None:
    """Whether the token that was sent had expired; None if it is not known."""
    token = ask.token
    return None if token is None or token.expires is None else ask.now > token.expires


def without_words(id_: str, ask: PageRequest, real: Exchange) -> bool:
    """Whether a refusal whose words were not recorded may be this cause, by what the client sends.

    An HTTP API has one word for all of them: Forbidden.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
    """
    if real.is_of_http_api and real.body is not None:
        if id_ in _OF_CREDENTIALS:
            return ask.credential is _OF_CREDENTIALS[id_]
    elif real.body is not None or ask.sanitized:
        return True
    if id_ in ("auth.iam-denied", "auth.iam-unknown-key", "auth.iam-clock", "auth.iam-bad-signature"):
        return ask.credential is Credential.SIGNATURE
    return ask.credential is not Credential.SIGNATURE or id_ not in (
        "auth.lambda-deny",
        "auth.authorizer-cache",
    )
