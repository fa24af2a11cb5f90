"""A response without the one fault that the browser refused, to see what it would refuse next."""

from __future__ import annotations

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse, Phase, Verdict
from accountsctl.doctor.catalogue.simulate import EVERY_METHOD, ideal, requested, with_header, without_header
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN


def better(verdict: Verdict, answer: FetchResponse | None, ask: PageRequest) -> FetchResponse:
    """The response with the one fault corrected that the browser refused, to see what it would refuse next."""
    answer = answer or FetchResponse(200)
    error = verdict.error
    if error in (CorsError.INVALID_STATUS, CorsError.DISALLOWED_REDIRECT):
        return FetchResponse(204, without_header(answer.headers, "location"))
    if error in (CorsError.METHOD_DISALLOWED, CorsError.INVALID_ALLOW_METHODS):
        return with_header(answer, ALLOW_METHODS, EVERY_METHOD + f",{ask.request.method}")
    if error == CorsError.HEADER_DISALLOWED:
        listed = [value for value in answer.values(ALLOW_HEADERS) if value != "*"]
        return with_header(answer, ALLOW_HEADERS, ",".join([*listed, verdict.parameter]))
    if error == CorsError.INVALID_ALLOW_HEADERS:
        return with_header(answer, ALLOW_HEADERS, requested(ask))
    if error == CorsError.INVALID_ALLOW_CREDENTIALS:
        return with_header(answer, ALLOW_CREDENTIALS, "true")
    if verdict.phase is Phase.PREFLIGHT and not any(
        answer.values(name) for name in (ALLOW_METHODS, ALLOW_HEADERS)
    ):
        return FetchResponse(answer.status, ideal(ask, preflight=True).headers)
    allowed = with_header(answer, ALLOW_ORIGIN, ask.origin)
    return with_header(allowed, ALLOW_CREDENTIALS, "true") if error == CorsError.WILDCARD_ORIGIN else allowed
