"""Which kind of API a request calls, by what is known of it, and its causes in the words of that kind."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue.kind_texts import OtherKind, worded
from accountsctl.doctor.catalogue.requests import calls_api_itself, calls_distribution, calls_function_url
from accountsctl.doctor.diagnosis.subject import Subject, Walk
from accountsctl.doctor.facts.responders import is_object_store
from accountsctl.model.api_gateway import ApiKind

RARER_CAUSES = "rarer causes of the same response"
HOW_TO_SEE = "The API's template (--template) or what is deployed (--layer deployed) tells them apart."
IN_LOGS = "No template tells these. The log of the function, or of the stage, does."
MOST_NAMED = 8
"""How many causes of a list are named."""


def in_words_of_kind(walked: Walk, subject: Subject, ask: PageRequest) -> Walk:
    """The result of a walk, its causes in the words of the API's kind."""
    kind = kind_of(subject, ask)
    suspects = tuple(replace(suspect, card=worded(suspect.card, kind)) for suspect in walked.suspects)
    return replace(walked, suspects=suspects)


def kind_of(subject: Subject, ask: PageRequest) -> str:
    """The kind by the facts, else by an answer's own words, else by the host; API Gateway's own host alone tells none,
    and is taken for a REST API's."""
    if subject.apis:
        return subject.apis[-1].kind
    if calls_function_url(ask):
        return ApiKind.FUNCTION_URL
    for seen in (subject.preflight, subject.actual):
        if seen is not None and (seen.error_type or seen.gateway in (ApiKind.REST, ApiKind.HTTP)):
            return ApiKind.REST if seen.error_type else seen.gateway
    if not ask.url or calls_api_itself(ask) or calls_distribution(ask):
        return ApiKind.REST
    return OtherKind.STORE if is_object_store(ask.url, None) else OtherKind.UNKNOWN


def most_of(ids: tuple[str, ...]) -> str:
    """The first ids of a list, with the number of those that are left out."""
    more = len(ids) - MOST_NAMED
    return ", ".join(ids[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
