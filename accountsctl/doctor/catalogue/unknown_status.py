"""The causes of a response of which a console's line tells neither the status nor any header.

The most frequent ones of each status that such a response may have, for the kind of host that the page calls; the
question about the status splits them (`questions`).
"""

from __future__ import annotations

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue.other_services import OF_SERVICE_API, is_service_api
from accountsctl.doctor.catalogue.questions import SplittingQuestion
from accountsctl.doctor.catalogue.requests import (
    calls_api_itself,
    calls_distribution,
    calls_function_url,
    is_page_of_app,
)
from accountsctl.doctor.facts.responders import is_object_store, is_store_of_aws

NOT_LISTED = "httpapi.origin-not-listed"
PREFLIGHT_OF_API = (
    "preflight.no-options",
    "preflight.mock-no-headers",
    "preflight.cognito",
    "deploy.wrong-path",
)
PREFLIGHT_OF_FUNCTION_URL = ("function-url.no-cors", "preflight.proxy-any-lambda")
PREFLIGHT_OF_OTHERS = (
    "preflight.proxy-any-lambda",
    NOT_LISTED,
    "preflight.authenticated",
    "preflight.no-options",
)
OF_API = ("acao.missing-actual", "int.throws", "deploy.wrong-path", "auth.no-token", "auth.cognito-expired")
OF_FUNCTION_URL = ("function-url.no-cors", "function-url.iam", "int.throws")
OF_OTHERS = ("acao.missing-actual", "acao.missing-error-path", NOT_LISTED)
REFUSED_OF_API = ("preflight.no-options", "preflight.cognito", "preflight.iam", "preflight.mock-no-template")
REFUSED_OF_OTHERS = ("preflight.authenticated", "preflight.proxy-any-lambda", "preflight.no-options")


def causes_of_unknown_status(ask: PageRequest, *, preflight: bool, allowed: bool) -> tuple[str, ...]:
    """The likely causes, the most frequent first. `allowed`: the response allows the origin, and its status fails."""
    if is_object_store(ask.url, None):
        return ("edge.s3-no-cors", *_others_of_store(ask, preflight=preflight))
    if is_service_api(ask.host):
        return (OF_SERVICE_API,)
    of_api = calls_api_itself(ask) or calls_distribution(ask)
    if calls_function_url(ask):
        return PREFLIGHT_OF_FUNCTION_URL if preflight else OF_FUNCTION_URL
    if is_page_of_app(ask) and not allowed:
        # The app has the code of a web site that works, whose origin is listed.
        return (NOT_LISTED, "preflight.mock-no-headers" if preflight else "acao.missing-actual")
    if preflight and allowed:
        return REFUSED_OF_API if of_api else REFUSED_OF_OTHERS
    if preflight:
        return PREFLIGHT_OF_API if of_api else PREFLIGHT_OF_OTHERS
    return OF_API if of_api else OF_OTHERS


def _others_of_store(ask: PageRequest, *, preflight: bool) -> tuple[str, ...]:
    """What people meet at S3 as often as a missing rule: another region, and what an img left in the cache."""
    if not is_store_of_aws(ask.url):
        return ()
    if preflight:
        return ("preflight.redirect",)
    return ("client.cached-without-cors",) if ask.method in ("GET", "HEAD") else ("client.redirect",)


QUESTION = SplittingQuestion(
    "Which status does the response have: of OPTIONS, if there is one, and else of the request itself?",
    "DevTools, Network, the request, column Status",
    (
        (
            "200 to 299",
            frozenset({"acao.missing-actual", "preflight.mock-no-headers", NOT_LISTED}),
        ),
        ("300 to 399", frozenset({"preflight.redirect", "client.redirect"})),
        ("401", frozenset({"auth.no-token", "auth.cognito-expired", "preflight.cognito"})),
        ("401 or 403", frozenset({"preflight.authenticated"})),
        (
            "403 or 404",
            frozenset(
                {
                    "deploy.wrong-path",
                    "function-url.iam",
                    "function-url.no-cors",
                    "preflight.iam",
                    "preflight.no-options",
                }
            ),
        ),
        ("500 or more", frozenset({"int.throws", "preflight.mock-no-template"})),
    ),
    "400 or more",
)
"""What tells such causes apart first: the console's second line, or a recording, has it."""
