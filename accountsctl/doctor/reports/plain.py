"""A diagnosis in the words of the page's developer: what happened, and who has to change something."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.doctor.browser.fetch import SAFE_METHODS
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse, Phase, Verdict
from accountsctl.doctor.catalogue.parties import Party, parties_of
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.facts.places import Layer
from accountsctl.model.cors_headers import ALLOW_ORIGIN, REQUEST_HEADERS

SHARE = "add --share report.md to this command"
_DUTY = {
    Party.YOU: "you: the page, or how it calls the API",
    Party.BACKEND: f"the backend; nothing in your page fixes it. For a report to send them, {SHARE}",
    Party.NETWORK: f"whoever runs what is between the page and the API. For a report to send them, {SHARE}",
}
_HEADERS_UNSEEN = (
    "Its headers were not shown: if it has no CORS headers, the browser shows a CORS error in its place."
)
_NEVER_SENT = "Your request was never sent: the browser or the network stopped it before it reached the API."
_READS_NOTHING = "does not let your page read the response there"
_PREFLIGHT_ALONE = (
    "The API allows the preflight: the browser would send your {}. What it answers then was not seen."
)
_NO_RESPONSE = "Your request got no response: there was no connection to the API, or it broke."
_NOT_FROM_API = (
    "The API probably never saw your request: the browser's cache or a service worker answered it."
)
_UNANSWERED = {
    "client.stale-config": "Your page calls another API than the one that was looked at.",
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
_NAMES = {
    Party.YOU: "you (the page, or how it calls the API)",
    Party.BACKEND: f"the backend (for a report to send them, {SHARE})",
    Party.NETWORK: "whoever runs the network between",
}
_ANSWERER = {
    "auth.waf": "A firewall before the API",
    "edge.cf-host": "CloudFront, or what is behind it,",
    "edge.cf-methods": "CloudFront",
    "edge.fixed-response": "The load balancer before the API",
    "edge.get-body": "CloudFront",
    "edge.proxy-error": "A server before the API",
    "edge.s3-no-cors": "The store",
}
"""Who answers, for the causes in which that is not the API."""


@dataclass(frozen=True)
class PlainWords:
    """What happened, in a few sentences; `parties` are who may have to act, the likeliest first.

    `is_certain`: one cause is named, and each of the parties can fix it.
    """

    happened: str
    parties: tuple[Party, ...]
    is_certain: bool = False

    def duty(self) -> str:
        """Who has to change something, and what to do about it; empty if that is not known."""
        if len(self.parties) <= 1:
            return "".join(_DUTY[party] for party in self.parties)
        names = ", or ".join(_NAMES[party] for party in self.parties)
        return names if self.is_certain else f"it depends on the cause: {names}"


def plain_words(found: Diagnosis) -> PlainWords | None:
    """The words for a request that the browser blocks, or of which the preflight alone was seen; None for any other."""
    if _ends_with_preflight(found):
        return PlainWords(_PREFLIGHT_ALONE.format(found.ask.method), ())
    if not found.fails:
        return None
    suspects = found.suspects
    parties = tuple(dict.fromkeys(party for suspect in suspects for party in parties_of(suspect.card)))
    return PlainWords(_Story(found).happened(), parties, is_certain=len(suspects) == 1)


def _ends_with_preflight(found: Diagnosis) -> bool:
    """Whether a preflight was seen to pass, and nothing tells what answers the request itself."""
    walk = found.walk
    passed = walk.preflight is not None and walk.actual is None and walk.verdict is None
    return found.outcome is DiagnosisOutcome.UNKNOWN and passed and Layer.LIVE in found.layers


@dataclass(frozen=True)
class _Story:
    """What happened to one request: in the past tense if it was seen, in the present if only configuration was read."""

    found: Diagnosis

    @property
    def _ask(self) -> PageRequest:
        return self.found.ask

    def _verb(self, past: str, present: str) -> str:
        return past if Layer.LIVE in self.found.layers else present

    @property
    def _cause(self) -> str:
        """The id of the cause; empty if there are several, or none."""
        return self.found.root.card.id if self.found.root and not self.found.alternatives else ""

    def _answered(self, status: object = "") -> str:
        """Who answers, and with what."""
        verb = self._verb("answered", "answers")
        return f"{_ANSWERER.get(self._cause, 'The API')} {verb}{f' {status}' if status else ''}"

    def happened(self) -> str:
        """All of it."""
        walk = self.found.walk
        phase = walk.refused or (walk.verdict.phase if walk.verdict else None)
        if phase is Phase.REQUEST:
            return self._unsent()
        if self.found.outcome is DiagnosisOutcome.ERROR and walk.verdict is not None:
            return self._readable_error(walk.verdict.status)
        if walk.verdict is not None and walk.verdict.hop and not walk.verdict.ok and walk.refused is None:
            return self._refused_elsewhere(walk.verdict)
        if phase is Phase.PREFLIGHT:
            unsent = f"So your {self._ask.method} {self._verb('was', 'is')} never sent."
            return f"{self._asked_first()} {self._permission(walk.preflight)} {unsent}"
        if phase is Phase.REDIRECT:
            return "The API sent your request on to another URL, and the browser may not follow it there."
        if _may_be_of_preflight(self.found):
            return (
                f"{self._answered(walk.actual.status if walk.actual else '')} to your {self._ask.method}, or to the "
                "browser's request for permission before it (a preflight, OPTIONS): the console's words are the same."
            )
        return f"Your {self._ask.method} {self._verb('was', 'is')} sent. {self._hidden()}"

    def _unsent(self) -> str:
        verdict = self.found.walk.verdict
        if verdict is not None and verdict.hop:
            return (
                f"The API sent your request on to {verdict.url.partition('?')[0]}, and the browser does not call that "
                f"URL from {self._ask.origin}."
            )
        return _UNANSWERED.get(self.found.root.card.id if self.found.root else "", _NEVER_SENT)

    def _refused_elsewhere(self, verdict: Verdict) -> str:
        """What happened if the browser refused what the target of a redirect answered."""
        ends = "refused the preflight there" if verdict.phase is Phase.PREFLIGHT else _READS_NOTHING
        return f"The API sent your request on to {verdict.url.partition('?')[0]}, and the browser {ends}."

    def _readable_error(self, status: int) -> str:
        sent = self._verb("was", "is")
        if self.found.walk.headers_assumed:
            return (
                f"Your {self._ask.method} {sent} sent, and the API refuses it with {status}. Whether your page may "
                "read that is not known; if it may not, the browser shows a CORS error in its place. The refusal is "
                "the fault to fix."
            )
        return (
            f"CORS is fine: your {self._ask.method} {sent} sent, and your page may read the response. It is an error, "
            f"{status}{MEANINGS.get(status, '')}."
        )

    def _asked_first(self) -> str:
        ask = self._ask
        reasons = [f"the method is {ask.method}"] if ask.method.upper() not in SAFE_METHODS else []
        listed = {name.lower(): value for name, value in ask.preflight or ()}
        names = listed.get(REQUEST_HEADERS, "")
        if names:
            reasons.append(f"the page sets {', '.join(names.split(','))}")
        because = f", because {' and '.join(reasons)}" if reasons else ""
        return (
            f"Before your {ask.method} the browser {self._verb('asked', 'asks')} the API for permission (a preflight, "
            f"OPTIONS){because}."
        )

    def _permission(self, answer: FetchResponse | None) -> str:
        if answer is None:
            return "The API did not give it."
        if not answer.status:
            return "The answer did not allow it."
        if not 200 <= answer.status < 300:
            return f"{self._answered(answer.status)} to that question."
        allowed = self._verb("did not allow", "does not allow")
        return f"{self._answered(answer.status)}, but {allowed} what your page wants to do."

    def _hidden(self) -> str:
        walk, ask = self.found.walk, self._ask
        answer = walk.actual
        unknown = self._answered() if answer else "The API refused it"
        status = self._answered(answer.status) if answer and answer.status else unknown
        shown = walk.verdict is not None and walk.verdict.ok
        if walk.refused is not None and walk.headers_assumed:
            return f"{status}. {_HEADERS_UNSEEN} The refusal is the fault to fix, not CORS."
        if walk.refused is not None:
            hides = (
                ""
                if shown or (answer and answer.value(ALLOW_ORIGIN))
                else (", and the browser shows a CORS error in its place: the error has no CORS headers")
            )
            return f"{status}{hides}. The refusal is the fault to fix, not CORS."
        return f"{status}, {_unreadable(answer, ask)}.{self._changed(answer)}"

    def _changed(self, answer: FetchResponse | None) -> str:
        """What became of a request that changes data, whose response the page cannot read."""
        if self._ask.method.upper() in ("GET", "HEAD") or (answer is not None and answer.status >= 400):
            return ""
        known = answer is not None and answer.status
        return f" Its changes {self._verb('were', 'are') if known else 'may have been'} made all the same."


def _may_be_of_preflight(found: Diagnosis) -> bool:
    """Whether it is not known which of the two requests a response is to."""
    return any(suspect.card.id.startswith("preflight.") for suspect in found.suspects)


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
