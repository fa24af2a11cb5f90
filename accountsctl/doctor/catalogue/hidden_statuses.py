"""The causes of a refusal by API Gateway of which the browser tells the status alone, the most frequent first.

Safari's recording and a line of its console have no more: neither a header nor a body. What the request shows of its
credential still counts.
"""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.doctor.browser.page_request import Credential, PageRequest
from accountsctl.doctor.catalogue.requests import calls_api_itself, sends_no_token
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.model.cors_headers import ALLOW_ORIGIN

MOST_OF_A_STATUS = 2
SIGNED, TOKEN, NONE = Credential.SIGNATURE, Credential.TOKEN, Credential.NONE
# Counted on 30 November 2026 in the public reports of the tests (tests/faults/reported) that call API Gateway itself.
OF_PREFLIGHTS: Mapping[int, tuple[str, ...]] = {
    401: ("preflight.cognito", "httpapi.default-route"),
    403: ("preflight.no-options", "deploy.wrong-path"),
    500: ("preflight.binary-media", "preflight.mock-no-template"),
}
OF_REQUESTS: Mapping[tuple[int, Credential], tuple[str, ...]] = {
    (401, TOKEN): ("auth.cognito-access-no-scope", "auth.cognito-expired"),
    (401, NONE): ("auth.no-token",),
    (401, SIGNED): ("auth.sigv4-to-cognito",),
    (403, TOKEN): ("auth.authorizer-cache", "auth.iam-not-cognito", "auth.lambda-deny"),
    (403, NONE): ("deploy.wrong-path", "auth.iam-no-token"),
    (403, SIGNED): ("auth.iam-denied", "auth.iam-bad-signature"),
    (500, TOKEN): ("auth.lambda-authorizer-500", "int.no-permission"),
    (500, NONE): ("int.no-permission", "int.http-method"),
}


def places_of_status(ask: PageRequest, real: Exchange) -> Mapping[str, int]:
    """The places of the frequent causes of a blocked response's status, 0 for the first; empty if none was counted."""
    if not calls_api_itself(ask) or (real.answer and real.answer.value(ALLOW_ORIGIN)):
        return {}
    if real.probe == "P1":
        counted = OF_PREFLIGHTS.get(real.status, ())
    else:
        credential = NONE if sends_no_token(ask) else ask.credential
        counted = OF_REQUESTS.get((real.status, credential), ())
    return {id_: place for place, id_ in enumerate(counted)}


def fits_credential(id_: str, ask: PageRequest) -> bool:
    """Whether a cause is one of requests with the credential that this one has; a sanitized recording hides it."""
    if ask.sanitized or id_ not in _OF_CREDENTIALS:
        return True
    credential = NONE if sends_no_token(ask) else ask.credential
    return credential in _OF_CREDENTIALS[id_]


_OF_CREDENTIALS: Mapping[str, tuple[Credential, ...]] = {
    "auth.iam-no-token": (NONE,),
    "auth.iam-not-cognito": (TOKEN,),
}
"""What these causes are about: a method of AWS_IAM, called without a signature."""
