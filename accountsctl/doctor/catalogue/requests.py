"""What the page's request itself says of a cause: the host that it calls, and the credential that it sends."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from accountsctl.doctor.browser.fetch import origin_of
from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.urls import is_function_url, is_own_url
from accountsctl.model.loopback import is_loopback

_VPC_ENDPOINT = re.compile(r"^vpce-[a-z0-9-]+\.execute-api\.[a-z0-9-]+\.vpce\.amazonaws\.com(\.cn)?$")
_EMULATED = re.compile(r"/restapis/[^/]+/[^/]+/_user_request_")
_NAME = re.compile(r"\.[a-z][a-z0-9-]*$", re.IGNORECASE)
"""A host with a domain; an address ends with a number."""
_FILES = re.compile(r"\.(m?js|css|map|woff2?|ttf|otf|eot|svg|png|jpe?g|gif|webp|ico)$", re.IGNORECASE)
_OF_TRACES = frozenset(
    {"baggage", "newrelic", "sentry-trace", "traceparent", "tracestate", "x-amzn-trace-id"}
)
_KEYS = frozenset({"x-api-key", "api-key", "apikey"})
_USUAL_HEADERS = frozenset({"accept", "authorization", "content-type", "x-api-key", "x-requested-with"})
"""What a list of allowed headers usually has."""
SIGNED = frozenset({"x-amz-date", "x-amz-security-token"})
"""Headers of a signed request: Signature Version 4."""


def calls_api_itself(ask: PageRequest) -> bool:
    """Whether the URL is API Gateway's own, with no domain, mutual TLS or distribution before it."""
    return is_own_url(ask.url)


def is_file(ask: PageRequest) -> bool:
    """Whether the URL is of a script, a style, a font or a picture, by its name."""
    return _FILES.search(ask.url_path) is not None


def calls_vpc_endpoint(ask: PageRequest) -> bool:
    """Whether the host is that of a VPC endpoint for API Gateway, which all private APIs of a region share."""
    return _VPC_ENDPOINT.search(ask.host) is not None


def calls_emulated_api(ask: PageRequest) -> bool:
    """Whether LocalStack serves an API at the URL, at the path that it had first."""
    return _EMULATED.search(ask.url) is not None


def calls_through_another(ask: PageRequest) -> bool:
    """Whether a custom domain or a distribution may be before the API."""
    return not calls_api_itself(ask)


def is_page_of_app(ask: PageRequest) -> bool:
    """Whether the page has an app's own scheme: Capacitor, Ionic, Tauri, Electron, an extension."""
    return not ask.origin.startswith(("http:", "https:", "null", "file:"))


def calls_domain(ask: PageRequest) -> bool:
    """Whether a custom domain may be before the API; neither a distribution's own host nor the site's is one."""
    return calls_through_another(ask) and not calls_distribution(ask) and origin_of(ask.url) != ask.origin


def is_opened_by_address(ask: PageRequest) -> bool:
    """Whether the page was opened by an address or a bare name, and calls an API by its name in the DNS."""
    page = urlsplit(ask.origin).hostname or ""
    return not is_loopback(page) and not _is_name(page) and _is_name(ask.host)


def _is_name(host: str) -> bool:
    return _NAME.search(host) is not None


def calls_distribution(ask: PageRequest) -> bool:
    """Whether the host is CloudFront's own name of a distribution."""
    return ask.host.endswith(".cloudfront.net")


def may_call_api_itself(ask: PageRequest) -> bool:
    """Whether the URL is API Gateway's own, or not known."""
    return not ask.host or calls_api_itself(ask)


def calls_function_url(ask: PageRequest) -> bool:
    """Whether the URL is a function URL."""
    return is_function_url(ask.url)


def may_call_function_url(ask: PageRequest) -> bool:
    """Whether the URL is a function URL, or not known."""
    return not ask.host or calls_function_url(ask)


def signs_itself(ask: PageRequest) -> bool:
    """Whether the headers that the page sets are those of a signed request."""
    return any(name.lower() in SIGNED for name, _ in ask.headers)


def may_send_token(ask: PageRequest) -> bool:
    """Whether a credential is sent, or a sanitized recording leaves it out."""
    return ask.sanitized or not sends_no_token(ask)


def sends_no_token(ask: PageRequest) -> bool:
    """Whether no credential is sent, or a variable without a value in its place."""
    return ask.credential is Credential.NONE or (ask.token is not None and ask.token.unset)


def needs_preflight_for_response_headers(ask: PageRequest) -> bool:
    """Whether the request has a preflight only for headers of responses (Access-Control-Allow-...) that it sends."""
    kept = tuple(pair for pair in ask.headers if not pair[0].lower().startswith("access-control-allow-"))
    without = replace(ask, headers=kept)
    return len(kept) < len(ask.headers) and ask.preflight is not None and without.preflight is None


def assumed_distribution(ask: PageRequest) -> str:
    """That the page calls through a distribution, if no URL says so."""
    return "" if ask.host else "the page calls the API through CloudFront"


def assumed_function_url(ask: PageRequest) -> str:
    """That nothing signs on the way to a function URL, if neither a URL nor the page's own signature says so."""
    itself = calls_function_url(ask) or signs_itself(ask)
    return (
        ""
        if itself
        else "the page calls the function URL itself, not through a CloudFront distribution that signs"
    )


def assumed_endpoint(ask: PageRequest) -> str:
    """That the page calls the execute-api endpoint, if no URL says so."""
    return "" if ask.host else "the page calls the execute-api endpoint, not a custom domain"


def assumed_place(_: PageRequest) -> str:
    """That the browser is outside the VPC: only a response, or none, shows it."""
    return "the browser is outside the VPC"


def is_traced(ask: PageRequest) -> bool:
    """Whether a library of monitoring adds headers, which the page's code does not show: lists often lack them."""
    return any(name in _OF_TRACES or name.startswith("x-datadog-") for name in ask.names())


def sends_key_alone(ask: PageRequest) -> bool:
    """Whether a key is sent, and no Authorization."""
    names = ask.names()
    return bool(names & _KEYS) and "authorization" not in names


def asks_unusual_headers(ask: PageRequest) -> bool:
    """Whether a request has headers that few lists of allowed ones name: those of tracing, say."""
    return not ask.names() <= _USUAL_HEADERS
