"""One request on its way through an API: what refuses it first, and what the browser makes of the answers.

    walk(subject, ask) -> Walk

A subject is what is known of the API: one `Api` for each layer that was looked at, and the answers that were
really seen. Real answers are believed before worked-out ones; of the causes that may have given a real answer,
a layer's facts keep those that they support and strike those that they exclude.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from accountsctl.doctor.browser.judge import FetchResponse, Verdict, judge
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue.card import Card, Evidence, Refusal, Scene, Shown, Stage
from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
from accountsctl.doctor.catalogue.evidence import header_evidence
from accountsctl.doctor.catalogue.simulate import better, expected, ideal, refused
from accountsctl.doctor.facts.model import Api, Exchange

ON_PREFLIGHT = (
    Stage.EDGE,
    Stage.ROUTING,
    Stage.PREFLIGHT_AUTH,
    Stage.PREFLIGHT_INTEGRATION,
    Stage.INTEGRATION,
)
ON_ACTUAL = (Stage.EDGE, Stage.ROUTING, Stage.AUTH, Stage.INTEGRATION)
HEADERS = (Stage.CLIENT, Stage.EDGE, Stage.PREFLIGHT_HEADERS, Stage.ACTUAL_HEADERS)
Mend = Callable[[FetchResponse | None], FetchResponse]
# Why no answer came -> Chromium's code, and who may be to blame, the usual first.
OF_FAILURES = {
    "dns": ("ERR_NAME_NOT_RESOLVED", ("deploy.wrong-host", "deploy.private")),
    "tls": ("ERR_CERT", ("deploy.tls",)),
    "blocked": ("ERR_BLOCKED_BY_CLIENT", ("client.blocked",)),
    "csp": ("ERR_BLOCKED_BY_CSP", ("client.csp",)),
    "local network": ("ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", ("client.lna",)),
}


@dataclass(frozen=True)
class Subject:
    """What is known: the APIs, the most trusted last, and the exchanges that were seen of this request."""

    apis: tuple[Api, ...] = ()
    preflight: Exchange | None = None
    actual: Exchange | None = None


@dataclass(frozen=True)
class Suspect:
    """A cause that may be it, with what speaks for it. `supported`: some layer's facts say so."""

    card: Card
    evidence: tuple[Evidence, ...] = ()
    refusal: Refusal | None = None

    @property
    def supported(self) -> bool:
        """True where a layer's facts speak for it."""
        return bool(self.evidence)


@dataclass(frozen=True)
class Walk:
    """How a request fares. `suspects` are empty where nothing stands in its way; several cannot be told apart.

    `refused` True: the gateway or what is behind it refused, whether or not the browser shows that. `unknown` says
    what could not be worked out.
    """

    verdict: Verdict | None
    suspects: tuple[Suspect, ...] = ()
    preflight: FetchResponse | None = None
    actual: FetchResponse | None = None
    refused: str | None = None
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def passes(self) -> bool:
        """True where the page gets the answer of the application."""
        return self.verdict is not None and self.verdict.ok and self.refused is None


@dataclass(frozen=True)
class Cures:
    """Causes that are taken to be cured, and answers that are taken to be mended, to see what comes next."""

    ids: frozenset[str] = frozenset()
    mends: Mapping[str, tuple[Mend, ...]] = field(default_factory=dict)
    phases: frozenset[str] = frozenset()

    def also(self, walked: Walk, ask: PageRequest) -> Cures:
        """These cures and that of what a walk found."""
        ids = self.ids | {each.card.id for each in walked.suspects}
        if walked.refused is not None:
            return replace(self, ids=ids, phases=self.phases | {walked.refused})
        verdict = walked.verdict
        if verdict is None or verdict.ok:
            return replace(self, ids=ids)
        phase = "preflight" if verdict.phase == "preflight" else "actual"
        mends = {
            **self.mends,
            phase: (*self.mends.get(phase, ()), lambda answer: better(verdict, answer, ask)),
        }
        return replace(self, ids=ids, mends=mends)


def walk(subject: Subject, ask: PageRequest, cures: Cures = Cures()) -> Walk:
    """What becomes of a request."""
    first = _before_sending(subject, ask, cures)
    if first is not None:
        return first
    preflight, actual = None, None
    if ask.preflight is not None:
        preflight = _phase(subject, ask, cures, "preflight")
        if preflight.suspects:
            return _judged(subject, ask, preflight, None)
    verdict = _try(ask, preflight.answer if preflight else None, None)
    if verdict is None or verdict.ok or verdict.phase != "preflight":
        actual = _phase(subject, ask, cures, "actual")
    return _judged(subject, ask, preflight, actual)


@dataclass(frozen=True)
class _Phase:
    name: str
    answer: FetchResponse | None
    suspects: tuple[Suspect, ...] = ()
    refused: bool = False
    why: str = ""


def _before_sending(subject: Subject, ask: PageRequest, cures: Cures) -> Walk | None:
    """Causes that keep a request from reaching the API: those of the client, known by facts or by a failure."""
    seen = subject.preflight or subject.actual
    failure = seen.failure if seen and seen.failure in OF_FAILURES else None
    cards = () if _works(subject, ask) else CARDS
    suspects = [
        Suspect(card, evidence)
        for card in cards
        if card.stage is Stage.CLIENT and card.id not in cures.ids and card.check is not None
        for evidence in [_all_evidence(card, subject, ask, preflight=False)]
        if evidence
    ]
    if failure and not suspects:
        _, named = OF_FAILURES[failure]
        found = [
            Suspect(BY_ID[each], _all_evidence(BY_ID[each], subject, ask, preflight=True)) for each in named
        ]
        suspects = [each for each in found if each.supported] or found[:1]
        if seen is not None:
            shown = Evidence(seen.place, f"{failure}: no answer came", "an answer")
            suspects = [replace(each, evidence=(shown, *each.evidence)) for each in suspects]
    unsent = _try(ask, None, None)
    if not suspects and not failure and unsent is not None and not unsent.ok:
        return Walk(unsent, _unsendable(subject, Shown(unsent, FetchResponse(0), ask)), refused="request")
    if not suspects and not failure:
        return None
    code = OF_FAILURES[failure][0] if failure else None
    unheard = Verdict(ok=False, code=code, phase="request", url=ask.url)
    return Walk(unheard if failure else None, tuple(suspects[:1]), refused="request")


def _works(subject: Subject, ask: PageRequest) -> bool:
    """True where the page was seen to get the application's answer, wherever that came from."""
    actual = subject.actual
    if actual is None or actual.answer is None or was_refused(actual, preflight=False):
        return False
    verdict = _try(ask, subject.preflight.answer if subject.preflight else None, actual.answer)
    return verdict is not None and verdict.ok


def _unsendable(subject: Subject, shown: Shown) -> tuple[Suspect, ...]:
    """What the browser refuses to send, by the page's origin and the URL alone."""
    places = [each.place for each in subject.apis[-1:]]
    seen = tuple(
        Evidence(each, f"a page of {shown.ask.origin} calls {shown.ask.url}", "https") for each in places
    )
    return tuple(replace(each, evidence=seen) for each in _by_headers(subject, shown))


def _phase(subject: Subject, ask: PageRequest, cures: Cures, name: str) -> _Phase:
    """What answers one request: who refuses it, or the answer that it gets."""
    preflight = name == "preflight"
    cards = [each for each in CARDS if each.stage in (ON_PREFLIGHT if preflight else ON_ACTUAL)]
    cards = [each for each in cards if each.id not in cures.ids]
    real = None if name in cures.phases else (subject.preflight if preflight else subject.actual)
    if real is not None and real.answer is not None:
        return _real(subject, ask, cures, real, cards, name)
    for card in cards:
        evidence = (
            _all_evidence(card, subject, ask, preflight, trusted=True) if card.sure and card.refusals else ()
        )
        if evidence:
            refusal = card.refusals[0]
            answer = refused(Scene(subject.apis[-1], ask, preflight), refusal)
            suspect = _or_stale(subject, ask, preflight, Suspect(card, evidence, refusal))
            return _Phase(name, answer, (suspect,), refused=True)
    if not subject.apis:
        return _Phase(name, None, why="no layer was looked at")
    usual = expected(Scene(subject.apis[-1], ask, preflight))
    cured = name in cures.phases
    why = "" if usual or cured else "No source tells what the function sends; it is taken to be right."
    return _Phase(name, _mended(usual or ideal(ask, preflight), cures, name), why=why)


def _mended(answer: FetchResponse | None, cures: Cures, name: str) -> FetchResponse | None:
    mended = answer
    for mend in cures.mends.get(name, ()):
        mended = mend(mended)
    return mended


def _real(
    subject: Subject, ask: PageRequest, cures: Cures, real: Exchange, cards: list[Card], name: str
) -> _Phase:
    """A real answer: who may have refused so, kept or struck by what the layers' facts say."""
    answer = real.answer
    preflight = name == "preflight"
    passed = not preflight and _passed(subject.preflight)
    able = [card for card in cards if card.may_answer(real) and not (passed and card.meets_preflight)]
    if not was_refused(real, preflight=preflight):
        # An application's own refusal is the API's fault only where its facts say so.
        able = [card for card in able if card.sure and _all_evidence(card, subject, ask, preflight)]
        if not able:
            return _Phase(name, _mended(answer, cures, name))
    scenes = [Scene(api, ask, preflight) for api in subject.apis]
    found = [Suspect(card, _all_evidence(card, subject, ask, preflight), _of(card, real)) for card in able]
    left = _left(found, scenes, real) or ([Suspect(BY_ID["deploy.stale"])] if _unseen(subject) else [])
    if not left and not real.error_type:
        # The gateway let it through, and nothing is known against what answered: the browser's rules say the rest.
        return _Phase(name, _mended(answer, cures, name))
    left = [_or_stale(subject, ask, preflight, each) for each in left]
    shown = Evidence(real.place, _status_line(real), "an answer of the application")
    return _Phase(
        name,
        answer,
        tuple(replace(each, evidence=(shown, *each.evidence)) for each in left),
        refused=True,
    )


def _passed(preflight: Exchange | None) -> bool:
    """True where a real preflight came through."""
    return (
        preflight is not None and preflight.answer is not None and not was_refused(preflight, preflight=True)
    )


def _left(found: list[Suspect], scenes: list[Scene], real: Exchange) -> list[Suspect]:
    """Of those that may have answered so: the one that is proved, else all that nothing excludes."""
    verdicts = {each.card.id: _proved(each.card, scenes, real) for each in found}
    proved = [each for each in found if each.supported and (each.card.sure or verdicts[each.card.id])]
    if proved:
        return proved[:1]
    return [
        each
        for each in found
        if verdicts[each.card.id] is not False
        and (each.supported or all(_stays(each.card, scene) for scene in scenes))
    ]


def _unseen(subject: Subject) -> bool:
    """True where only templates are known, and another snapshot of them may be what answers."""
    return bool(subject.apis) and all(each.may_be_stale for each in subject.apis)


def _proved(card: Card, scenes: list[Scene], real: Exchange) -> bool | None:
    told = [card.proved(scene, real) for scene in reversed(scenes)] if card.proved else []
    return next((each for each in told if each is not None), None)


def _stays(card: Card, scene: Scene) -> bool:
    """True where a layer's facts cannot exclude a cause."""
    return card.stays(scene) if card.stays is not None else card.blind


def _of(card: Card, real: Exchange) -> Refusal:
    return next(each for each in card.refusals if each.matches(real))


def _or_stale(subject: Subject, ask: PageRequest, preflight: bool, suspect: Suspect) -> Suspect:
    """The same, or a stale deployment where the live resources no longer are what was deployed."""
    for api in subject.apis:
        scene = Scene(api, ask, preflight)
        verb = scene.method.verb if scene.method else scene.verb
        route = scene.route or ask.path
        keys = (
            (route, verb),
            (route, scene.verb),
            *((("*", "*"),) if suspect.card.stage is Stage.AUTH else ()),
        )
        differs = next((api.stale[key] for key in keys if key in api.stale), None)
        if differs:
            shown = Evidence(
                api.place, f"{scene.verb} {scene.route or ask.path}: {differs}", "deployed as it is now"
            )
            return Suspect(BY_ID["deploy.stale"], (shown, *suspect.evidence), suspect.refusal)
    return suspect


def was_refused(real: Exchange, *, preflight: bool) -> bool:
    """True where an answer is no answer of a healthy application: the gateway's, or one to OPTIONS that is no 2xx."""
    if real.error_type:
        return True
    if preflight:
        return not 200 <= real.status <= 399
    from_edge = real.status == 403 and "html" in (
        (real.answer.value("content-type") if real.answer else "") or ""
    )
    return from_edge or (real.status == 403 and '"Forbidden"' in real.body)


def _status_line(real: Exchange) -> str:
    kind = f" x-amzn-ErrorType: {real.error_type}" if real.error_type else ""
    return f"{real.status}{kind} {real.body[:160]}".strip()


def _all_evidence(
    card: Card, subject: Subject, ask: PageRequest, preflight: bool, *, trusted: bool = False
) -> tuple[Evidence, ...]:
    """What the layers say for a cause; with `trusted` nothing, where the most telling layer does not say so."""
    found = [card.evidence(Scene(api, ask, preflight)) for api in subject.apis]
    if trusted and (not found or not found[-1]):
        return ()
    return tuple(each for layer in found for each in layer)


class _ResponseUnknown(Exception):
    """The browser's judge needs an answer that is not known."""


def _try(ask: PageRequest, preflight: FetchResponse | None, actual: FetchResponse | None) -> Verdict | None:
    """The browser's verdict; None where an answer that it needs is not known."""

    def answers(_: str, asks: bool) -> FetchResponse:
        answer = preflight if asks else actual
        if answer is None:
            raise _ResponseUnknown
        return answer

    try:
        return judge(ask.request, answers, ask.profile)
    except _ResponseUnknown:
        return None


def _judged(subject: Subject, ask: PageRequest, preflight: _Phase | None, actual: _Phase | None) -> Walk:
    """The walk's end: what the browser says, and who is to blame where only headers are wrong."""
    phases = [each for each in (preflight, actual) if each is not None]
    blamed = next((each for each in phases if each.refused), None)
    verdict = _try(ask, preflight.answer if preflight else None, actual.answer if actual else None)
    unknown = tuple((f"the headers of the {each.name} answer", each.why) for each in phases if each.why)
    suspects = blamed.suspects if blamed else ()
    if blamed is None and verdict is not None and not verdict.ok:
        answer = (
            preflight.answer
            if preflight and verdict.phase == "preflight"
            else actual.answer
            if actual
            else None
        )
        suspects = _by_headers(subject, Shown(verdict, answer or FetchResponse(0), ask))
    return Walk(
        verdict,
        suspects,
        preflight.answer if preflight else None,
        actual.answer if actual else None,
        blamed.name if blamed else None,
        unknown,
    )


def _by_headers(subject: Subject, shown: Shown) -> tuple[Suspect, ...]:
    """The first cause that knows what the browser refused; with facts of its own where it needs them."""
    # What needs facts of its own and has them tells more than what fits by the header alone.
    for card in sorted(CARDS, key=lambda each: each.check is None):
        if card.stage not in HEADERS or card.reads is None or not card.reads(shown):
            continue
        evidence = _all_evidence(card, subject, shown.ask, shown.preflight)
        if card.check is None or evidence or not card.sure:
            return (Suspect(card, (*evidence, *_headers_seen(subject, shown))),)
    return ()


def _headers_seen(subject: Subject, shown: Shown) -> tuple[Evidence, ...]:
    """Where the header that was refused stands: in a layer's facts, or in the answer."""
    return header_evidence(subject.apis, subject.preflight if shown.preflight else subject.actual, shown)
