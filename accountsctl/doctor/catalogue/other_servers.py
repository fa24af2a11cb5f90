"""The likely causes of a response that no API Gateway gave, when nothing is known of the API.

Pages call other servers too: a framework on a developer's machine, nginx, a load balancer, an object store. Their
responses have no error type; status, headers and the request itself tell the causes that people report for them.
"""

from __future__ import annotations

from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.browser.redirects import REDIRECTS
from accountsctl.doctor.browser.urls import FOR_DATA
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.catalogue.appsync import refused_by_appsync
from accountsctl.doctor.catalogue.doubled_slashes import causes_of_unrouted_options, has_doubled_slash
from accountsctl.doctor.catalogue.emulators import has_no_route, is_not_deployed
from accountsctl.doctor.catalogue.local_servers import refused_by_local_server
from accountsctl.doctor.catalogue.other_services import (
    causes_of_store,
    passed_cloudfront,
    refused_by_other_service,
    refused_by_store,
)
from accountsctl.doctor.catalogue.requests import (
    asks_unusual_headers,
    calls_api_itself,
    calls_distribution,
    is_page_of_app,
    is_traced,
    sends_key_alone,
)
from accountsctl.doctor.catalogue.unknown_status import causes_of_refusal
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.responders import (
    Responder,
    is_known_not_to_be_aws,
    is_load_balancer,
    is_nginx,
    is_object_store,
    is_surely_firewall,
    knows_origins,
    responder_of,
    server_of,
)
from accountsctl.model.cors_headers import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, REQUEST_HEADERS

NOT_LISTED = "httpapi.origin-not-listed"
WITHOUT_HEADER = "acao.missing-actual"
ERROR_WITHOUT_HEADER = "acao.missing-error-path"
NO_CORS = "preflight.mock-no-headers"
NO_OPTIONS = "preflight.no-options"
HTTP_PAGE = ("http:", "https:")
UNROUTED = frozenset({400, 404, 405, 501})
"""What servers answer to OPTIONS that they do not know."""
UNHANDLED = "preflight.proxy-any-lambda"
BEFORE_APPLICATION = frozenset({502, 503, 504})
"""What a server before an application answers, and hardly ever the application itself."""
OF_HIDDEN_PREFLIGHT = {
    400: NOT_LISTED,
    **dict.fromkeys((401, 403), "preflight.authenticated"),
    **dict.fromkeys(BEFORE_APPLICATION, "edge.proxy-error"),
}
"""The usual cause of a preflight's status, where nothing else of the response is known."""
OF_PROXIES_ALONE = frozenset({494, 499, *range(520, 531)})
"""nginx and Cloudflare's own statuses: https://developers.cloudflare.com/support/troubleshooting/http-status-codes/"""


def is_of_other_server(ask: PageRequest, real: Exchange) -> bool:
    """Whether no API Gateway, distribution or function URL gave a response: by its headers and the URL."""
    of_aws = real.error_type or real.gateway or real.is_of_distribution or calls_api_itself(ask)
    return not of_aws and (not real.headless or is_known_not_to_be_aws(ask.url))


def refused_by(
    ask: PageRequest, real: Exchange, *, preflight: bool, known: bool = False
) -> tuple[str, ...] | None:
    """The causes of a refusal of another server; empty if only its headers count, None if it does not refuse.

    `known`: the layers know the API, so that only what answers before it counts here.
    """
    answer = real.answer
    if is_surely_firewall(answer):
        return ("auth.waf",)
    if preflight and real.gateway and answer and not real.error_type and refuses_origin(answer):
        return ()  # API Gateway passed it on, and a framework in the function refused it.
    if known:
        return None
    if real.status == 404 and is_not_deployed(real):
        return ("deploy.no-stage",)
    of_service = refused_by_local_server(ask, real, preflight=preflight) or refused_by_appsync(ask, real)
    of_service = of_service or refused_by_other_service(ask, real)
    if of_service:
        return of_service
    if real.headless and real.status in OF_PROXIES_ALONE:
        return ("edge.proxy-error",)
    if real.headless and not real.error_type and causes_of_refusal(ask, real.status, preflight=preflight):
        return causes_of_refusal(ask, real.status, preflight=preflight)
    if real.headless and real.status >= 400 and is_object_store(real.url, None):
        return refused_by_store(ask, real, preflight=preflight)
    if answer is None or real.status < 400 or not is_of_other_server(ask, real):
        return None
    if preflight and (refuses_origin(answer) or (real.status in UNROUTED and _allows(answer))):
        # A CORS filter refused it, or let it through to what knows no OPTIONS.
        return (UNHANDLED, NO_OPTIONS) if real.headless else ()
    who = responder_of(real.url, answer, page=real.is_page)
    if who is Responder.STORAGE:
        return refused_by_store(ask, real, preflight=preflight)
    if real.headless and not preflight:
        return ()  # The status of an application is all that there is.
    return _by_status(ask, real, who, preflight=preflight)


def usual_of_status(ask: PageRequest, real: Exchange, *, preflight: bool) -> str:
    """The usual cause of an error of which only the status is known, and that may be of any server; empty if none."""
    if not real.headless or real.error_type or (_was_read(real) and not preflight):
        return ""
    if calls_api_itself(ask) or calls_distribution(ask):
        # A function that checks its input answers so more often than a validator of the API.
        return ERROR_WITHOUT_HEADER if real.status == 400 and not preflight else ""
    if real.status == 404 and has_doubled_slash(ask):
        return "deploy.wrong-path"
    if not preflight and real.status not in BEFORE_APPLICATION:
        return ERROR_WITHOUT_HEADER if real.status >= 400 else ""
    usual = OF_HIDDEN_PREFLIGHT.get(real.status, "")
    return UNHANDLED if _was_read(real) and real.status in UNROUTED else usual


def _was_read(real: Exchange) -> bool:
    """Whether the page read the response, so that it lacks no header."""
    return real.answer is not None and real.answer.value(ALLOW_ORIGIN) is not None


def _allows(answer: FetchResponse) -> bool:
    return answer.value(ALLOW_ORIGIN) is not None and answer.value(ALLOW_METHODS) is not None


def refuses_origin(answer: FetchResponse) -> bool:
    """Whether a framework's CORS filter refused the preflight: Starlette with 400, Spring with 403."""
    lists = any(answer.value(name) is not None for name in (ALLOW_METHODS, ALLOW_HEADERS))
    of_starlette = answer.status == 400 and server_of(answer) == "uvicorn"
    of_filter = of_starlette or (answer.status in (400, 403) and (knows_origins(answer) or lists))
    return of_filter and answer.value(ALLOW_ORIGIN) is None


def _by_status(
    ask: PageRequest, real: Exchange, who: Responder, *, preflight: bool
) -> tuple[str, ...] | None:
    status = real.status
    if who is Responder.FIREWALL:
        return _by_firewall(real, preflight=preflight)
    if who is Responder.PROXY:
        return ("edge.proxy-error",)
    if status == 413:
        return ("edge.proxy-error", "gwresp.413")
    if status == 403 and has_no_route(real):
        return causes_of_unrouted_options(ask) if preflight else ("deploy.wrong-path",)
    if status == 429:
        return ("auth.throttle",)
    if not preflight:
        return ()
    if status == 404:
        # An application's own page says that the URL is wrong; other answers may know no OPTIONS there.
        causes = causes_of_unrouted_options(ask)
        return causes[::-1] if real.is_page and not has_doubled_slash(ask) else causes
    if status == 400 and _is_in_words(real):
        # How CORS filters refuse (actix-cors: "One or more headers requested are not allowed").
        return ("acah.custom", NOT_LISTED) if asks_unusual_headers(ask) else (NOT_LISTED, UNHANDLED)
    if status == 400 and real.is_page and ask.url.startswith("https:") and is_nginx(real.answer):
        # nginx's own page: "No required SSL certificate was sent". Applications behind it answer 400 more often.
        certificate = "SSL certificate" in (real.body or "")
        return ("deploy.mtls",) if certificate else (UNHANDLED, "deploy.mtls")
    if status == 500 and real.headless:
        return ("int.throws", UNHANDLED)
    if status in (400, 501):
        return (UNHANDLED, NO_CORS)
    if status in (401, 407) or (status == 403 and real.answer is not None):
        return _of_unsigned_preflight(ask, real)
    return None


def _of_unsigned_preflight(ask: PageRequest, real: Exchange) -> tuple[str, ...]:
    """What refuses OPTIONS with 401 or 403: a check of sign-ins or keys, or, with 403, a list that lacks something."""
    # A response that allows the page's origin is not of a list that lacks it.
    other = UNHANDLED if _was_read(real) else NOT_LISTED
    if sends_key_alone(ask):
        return ("preflight.api-key", other if real.status == 403 else "preflight.authenticated")
    of_list = ("acah.custom" if is_traced(ask) else other,)
    return ("preflight.authenticated", *(of_list if real.status == 403 else ()))


def _by_firewall(real: Exchange, *, preflight: bool) -> tuple[str, ...]:
    if real.status == 413:
        return ("auth.waf", "edge.proxy-error")
    if is_load_balancer(real.answer):
        # The page of a web ACL is HTML; a fixed response is text/plain unless its rule says otherwise.
        causes = ("auth.waf", "edge.fixed-response")
        return causes if real.is_page is not False else causes[::-1]
    # The page may be the application's, behind the proxy: of a CSRF filter, say. nginx alone has no firewall.
    causes = ("auth.waf", "preflight.authenticated" if preflight else ERROR_WITHOUT_HEADER)
    return causes[::-1] if is_nginx(real.answer) else causes


def _is_in_words(real: Exchange) -> bool:
    return real.answer is not None and (real.answer.value("content-type") or "").startswith("text/plain")


def suspects_of_headers(ask: PageRequest, real: Exchange, *, preflight: bool) -> tuple[str, ...]:
    """The causes of a missing Allow-Origin in another server's response; empty if the usual rules tell more."""
    answer = real.answer
    if answer is None or not is_of_other_server(ask, real) or answer.status in REDIRECTS:
        return ()
    if responder_of(real.url, answer, page=real.is_page) is Responder.STORAGE:
        return causes_of_store(answer, page=real.is_page)
    bare = WITHOUT_HEADER if real.status < 400 else ERROR_WITHOUT_HEADER
    if preflight and not ask.request.method.isupper():
        # The server knows no such method, and so it adds no headers for it.
        return ("acam.case", NO_CORS)
    if not ask.origin.startswith(HTTP_PAGE):
        of_page = "acao.null" if ask.origin.startswith(("null", "file:")) else "acao.host"
        if is_page_of_app(ask) and real.status < 400 and not preflight:
            return (NOT_LISTED, bare)
        return (NOT_LISTED, of_page) if real.status >= 400 or preflight else (bare, of_page)
    if knows_origins(answer) or (preflight and refuses_origin(answer)):
        if preflight:
            return (NOT_LISTED, refused_header(ask, answer) or NO_CORS)
        return (NOT_LISTED, bare) if real.status < 500 else (bare, NOT_LISTED)
    if preflight and _is_page_instead(answer, real):
        return ("edge.page-instead", NO_CORS)
    if preflight:
        # The framework itself answers with the methods that it knows, and the application has no part in it.
        methods = answer.value("allow")
        if methods is None or answer.value(ALLOW_METHODS) is not None or real.status >= 400:
            return ()
        return (UNHANDLED, NO_CORS if "OPTIONS" in methods.upper() else NO_OPTIONS)
    return _of_actual(ask, real)


def _is_page_instead(answer: FetchResponse, real: Exchange) -> bool:
    """Whether a site answers OPTIONS with its page: a framework's own response names the methods, and is empty."""
    return real.status < 400 and real.is_page is True and real.length != 0 and answer.value("allow") is None


def refused_header(ask: PageRequest, answer: FetchResponse) -> str:
    """The cause, if a CORS filter may have refused the preflight for a header that is not in its list; empty if not.

    Such filters answer with success and without CORS headers, whatever it is that they do not allow (rs/cors, hapi).
    """
    if answer.status >= 400:
        return ""
    if asks_unusual_headers(ask):
        return "acah.custom"
    compares = REQUEST_HEADERS in (answer.value("vary") or "").lower()
    return "acah.authorization" if compares and "authorization" in ask.names() else ""


def _of_actual(ask: PageRequest, real: Exchange) -> tuple[str, ...]:
    if real.status < 400:
        return _of_page(ask, real) if real.is_page else _of_data(ask, real)
    if real.status == 401:
        return _of_unauthorized(ask)
    if real.status != 404:
        return (ERROR_WITHOUT_HEADER,)
    other = "deploy.wrong-path"
    return (other, ERROR_WITHOUT_HEADER) if has_doubled_slash(ask) else (ERROR_WITHOUT_HEADER, other)


def _of_data(ask: PageRequest, real: Exchange) -> tuple[str, ...]:
    """A response that is all right but for the header: of a server without CORS, or with a list of other origins.

    Flask-CORS, Starlette, ASP.NET Core and Traefik add no Vary for an origin that is not in their list; the middleware
    of Express does. An origin whose preflight passed is in the list.
    """
    answer = real.answer
    if answer is None or ask.preflight is not None or passed_cloudfront(answer):
        return ()
    if answer.value("x-powered-by") == "Express":
        return ()
    return (WITHOUT_HEADER, NOT_LISTED)


def _of_page(ask: PageRequest, real: Exchange) -> tuple[str, ...]:
    """A page where the page asked for data, or another site's page, which allows no one to read it."""
    if real.answer is not None and real.answer.value("x-amz-cf-id") is not None:
        return ()
    causes = ("edge.page-instead", WITHOUT_HEADER)
    return causes if FOR_DATA.search(ask.url) else causes[::-1]


def _of_unauthorized(ask: PageRequest) -> tuple[str, ...]:
    """The error lacks the header; and the credential, as far as the request shows it."""
    if ask.credential is Credential.NONE and not ask.sanitized and not ask.credentials:
        return (ERROR_WITHOUT_HEADER, "auth.no-token")
    expires = ask.token.expires if ask.token else None
    if expires is None:
        return (ERROR_WITHOUT_HEADER, "auth.cognito-expired")
    return ("auth.cognito-expired", ERROR_WITHOUT_HEADER) if ask.now > expires else (ERROR_WITHOUT_HEADER,)
