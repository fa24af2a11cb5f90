"""A diagnosis in the words of the page's developer: what happened, and who has to change something."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.doctor.browser.fetch import SAFE_METHODS
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse, Phase
from accountsctl.doctor.catalogue.parties import Party, party_of
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.model.cors_headers import ALLOW_ORIGIN, REQUEST_HEADERS

SHARE = "accountsctl doctor cors --share"
_DUTY = {
    Party.YOU: "you: the page, or how it calls the API",
    Party.BACKEND: f"the backend; nothing in your page fixes it. What to send them: {SHARE}",
    Party.NETWORK: f"whoever runs what is between the page and the API. What to send them: {SHARE}",
}
_NEVER_SENT = "Your request was never sent: the browser or the network stopped it before it reached the API."
_NO_RESPONSE = "Your request got no response: there was no connection to the API, or it broke."
_NOT_FROM_API = (
    "The API probably never saw your request: the browser's cache or a service worker answered it."
)
_UNANSWERED = {
    "client.aborted": "Your request was cancelled before a response came. It may have reached the API.",
    "client.cached-without-cors": _NOT_FROM_API,
    "client.resource-policy": "Your request was answered, and the browser kept the response from your page.",
    "client.service-worker": _NOT_FROM_API,
    "deploy.unreachable": _NO_RESPONSE,
}
"""What happened to requests of which the browser has no response, but for those that were never sent."""
MEANINGS = {
    400: ": the request is not as the API wants it",
    401: ": who calls is not known",
    403: ": the caller may not do this, or there is no such route",
    404: ": there is nothing at this path",
    405: ": the path does not take this method",
    413: ": the body is too large",
    415: ": the body is of a type that the API does not take",
    429: ": there were too many requests",
    500: ": the API failed",
    502: ": what is before the API got no valid response from it",
    503: ": the API is not available now",
    504: ": the API did not respond in time",
}
# Where it depends on the cause, for none of which it may be said that the page cannot fix it.
_DUTY_OF_ONE = {
    Party.YOU: "you (the page, or how it calls the API)",
    Party.BACKEND: f"the backend (what to send them: {SHARE})",
    Party.NETWORK: "whoever runs the network between",
}


@dataclass(frozen=True)
class PlainWords:
    """What happened, in a few sentences; `parties` are who may have to act, the likeliest first."""

    happened: str
    parties: tuple[Party, ...]

    @property
    def duty(self) -> str:
        """Who has to change something, and what to do about it; empty if that is not known."""
        if len(self.parties) > 1:
            return f"it depends on the cause: {', or '.join(_DUTY_OF_ONE[party] for party in self.parties)}"
        return "".join(_DUTY[party] for party in self.parties)


def plain_words(found: Diagnosis) -> PlainWords | None:
    """The words for a request that the browser blocks; None for any other."""
    if not found.fails:
        return None
    suspects = [found.root, *found.alternatives] if found.root else []
    parties = tuple(dict.fromkeys(party_of(suspect.card) for suspect in suspects))
    return PlainWords(_happened(found), parties)


def _happened(found: Diagnosis) -> str:
    verdict, ask = found.walk.verdict, found.ask
    phase = found.walk.refused or (verdict.phase if verdict else None)
    if phase is Phase.REQUEST:
        return _UNANSWERED.get(found.root.card.id if found.root else "", _NEVER_SENT)
    if found.outcome is DiagnosisOutcome.ERROR and verdict is not None and found.walk.headers_assumed:
        return (
            f"Your {ask.method} was sent, and the API refuses it with {verdict.status}. Whether your page may read "
            "that is not known; if it may not, the browser shows a CORS error in its place. The refusal is the fault "
            "to fix."
        )
    if found.outcome is DiagnosisOutcome.ERROR and verdict is not None:
        meaning = MEANINGS.get(verdict.status, "")
        return (
            f"CORS is fine: your {ask.method} was sent, and your page may read the response. It is an error, "
            f"{verdict.status}{meaning}."
        )
    if phase is Phase.PREFLIGHT:
        return f"{_asked_first(ask)} {_answered(found.walk.preflight)} So your {ask.method} was never sent."
    if phase is Phase.REDIRECT:
        return "The API sent your request on to another URL, and the browser may not follow it there."
    return f"Your {ask.method} was sent. {_hidden(found, ask)}"


def _asked_first(ask: PageRequest) -> str:
    reasons = [f"the method is {ask.method}"] if ask.method.upper() not in SAFE_METHODS else []
    listed = {name.lower(): value for name, value in ask.preflight or ()}
    names = listed.get(REQUEST_HEADERS, "")
    if names:
        reasons.append(f"the page sets {', '.join(names.split(','))}")
    because = f", because {' and '.join(reasons)}" if reasons else ""
    return (
        f"Before your {ask.method} the browser asked the API for permission (a preflight, OPTIONS){because}."
    )


def _answered(answer: FetchResponse | None) -> str:
    if answer is None:
        return "The API did not give it."
    if not answer.status:
        return "The answer did not allow it."
    if not 200 <= answer.status < 300:
        return f"The API answered {answer.status} to that question."
    return f"The API answered {answer.status}, but did not allow what your page wants to do."


def _hidden(found: Diagnosis, ask: PageRequest) -> str:
    answer, verdict = found.walk.actual, found.walk.verdict
    unknown = "The API answered" if answer else "The API refused it"
    status = f"The API answered {answer.status}" if answer and answer.status else unknown
    shown = verdict is not None and verdict.ok
    if found.walk.refused is not None:
        hides = (
            ""
            if shown or (answer and answer.value(ALLOW_ORIGIN))
            else (", and the browser shows a CORS error in its place: the error has no CORS headers")
        )
        return f"{status}{hides}. The refusal is the fault to fix, not CORS."
    return f"{status}, {_unreadable(answer, ask)}.{_changed(answer, ask)}"


def _changed(answer: FetchResponse | None, ask: PageRequest) -> str:
    """What became of a request that changes data, whose response the page cannot read."""
    if ask.method.upper() in ("GET", "HEAD") or (answer is not None and answer.status >= 400):
        return ""
    known = answer is not None and answer.status
    return f" Its changes {'were' if known else 'may have been'} made all the same."


def _unreadable(answer: FetchResponse | None, ask: PageRequest) -> str:
    """Why the page may not read an answer, by its headers."""
    allowed = answer.values(ALLOW_ORIGIN) if answer else ()
    if len(allowed) > 1 or any("," in value for value in allowed):
        return "but names several origins whose pages may read the answer, and a browser takes exactly one"
    if allowed and ask.credentials and allowed[0] == "*":
        return "but allows every page (*), which does not hold for a request with credentials"
    if allowed and allowed[0] not in ("*", ask.origin):
        return f"but says that {allowed[0]} may read the answer, and the page is of {ask.origin}"
    return f"but does not say that a page of {ask.origin} may read the answer"
