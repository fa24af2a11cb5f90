"""`doctor cors`: look at an API in up to three layers, and say why a browser does not get its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from accountsctl.doctor.aiming import Query, asks, locate
from accountsctl.doctor.ask import Ask, Credential
from accountsctl.doctor.diagnosis import Diagnosis, diagnose
from accountsctl.doctor.facts import Api, Exchange, Layer, Place
from accountsctl.doctor.walk import Subject
from accountsctl.model.errors import CloudError, CouldNotLook


@dataclass(frozen=True)
class Sources:
    """Where facts come from; None where a layer is not to be looked at.

    `static` and `deployed` give APIs under the names of their resources; `roots` gives the APIs' URLs; `send`
    sends the probes of one request and gives what came back.
    """

    static: Callable[[], Sequence[Api]] | None = None
    deployed: Callable[[], Sequence[Api]] | None = None
    roots: Callable[[], Mapping[str, str]] | None = None
    send: Callable[[Ask], tuple[Exchange, ...]] | None = None
    origins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Findings:
    """What was found: a diagnosis for each request, the lines of pointers, and the facts that they rest on."""

    diagnoses: tuple[Diagnosis, ...]
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    apis: tuple[Api, ...] = ()

    @property
    def exit_code(self) -> int:
        """The worst of all: blocked and known, blocked and ambiguous, could not look, all well."""
        codes = {each.exit_code for each in self.diagnoses}
        return next((code for code in (1, 3, 4) if code in codes), 0)


def find_out(sources: Sources, query: Query) -> Findings:
    """Look at all layers, then at every request that the query means."""
    untold: list[tuple[str, str]] = []
    static = _look(sources.static, untold, "the templates")
    deployed = _look(sources.deployed, untold, "what is deployed")
    roots = _look_at_roots(sources, untold)
    pairs = _pairs(static, deployed, roots, query)
    if not pairs:
        raise CouldNotLook(
            "There is no API to look at.",
            why="; ".join(f"{what}: {why}" for what, why in untold) or "No template holds one.",
            hint="Name a template with --template, a URL with --url, or a recording with --har.",
        )
    found: list[Diagnosis] = []
    for apis, root in pairs:
        for ask in asks(apis[-1], query, sources.origins, root):
            found.append(_one(sources, apis, ask, tuple(untold)))
    lines = {key: line for apis, _ in pairs for api in apis for key, line in api.lines.items()}
    return Findings(tuple(found), lines, tuple(api for apis, _ in pairs for api in apis))


def _look(
    source: Callable[[], Sequence[Api]] | None, untold: list[tuple[str, str]], what: str
) -> Sequence[Api]:
    if source is None:
        return ()
    try:
        return source()
    except CloudError as error:
        untold.append((what, f"{error.what} {error.why}".strip()))
        return ()


def _look_at_roots(sources: Sources, untold: list[tuple[str, str]]) -> Mapping[str, str]:
    if sources.roots is None:
        return {}
    try:
        return sources.roots()
    except CloudError as error:
        untold.append(("the deployed API's answers", f"{error.what} {error.why}".strip()))
        return {}


def _pairs(
    static: Sequence[Api], deployed: Sequence[Api], roots: Mapping[str, str], query: Query
) -> list[tuple[tuple[Api, ...], str]]:
    """The layers of each API, the most telling last, with its URL. A URL that was given chooses the API."""
    names = list(dict.fromkeys([each.name for each in (*static, *deployed)]))
    pairs = []
    for name in names:
        layers = tuple(each for each in (*static, *deployed) if each.name == name)
        ids = {each.id for each in layers if each.id}
        layers = tuple(replace(each, id=each.id or next(iter(ids), None)) for each in layers)
        pairs.append((layers, roots.get(name, "")))
    if query.url:
        wanted = locate(query.url, [*static, *deployed]).api
        chosen = [each for each in pairs if wanted and any(api.id == wanted for api in each[0])]
        return chosen or pairs[:1] or [((_nothing(query.url),), "")]
    if query.path and len(pairs) > 1:
        routed = [each for each in pairs if each[0][-1].route(query.path)]
        return routed or pairs[:1]
    return pairs


def _nothing(url: str) -> Api:
    """An API of which nothing is known but its answers."""
    return Api("", Layer.LIVE, Place(Layer.LIVE, url), {})


def _one(sources: Sources, apis: tuple[Api, ...], ask: Ask, untold: tuple[tuple[str, str], ...]) -> Diagnosis:
    known = tuple(each for each in apis if each.layer is not Layer.LIVE)
    probes = sources.send(ask) if sources.send is not None and ask.url else ()
    subject = subject_of(known, ask, probes)
    found = diagnose(subject, ask, probes)
    return replace(found, not_checked=tuple(dict.fromkeys((*found.not_checked, *untold))))


def subject_of(apis: tuple[Api, ...], ask: Ask, probes: Iterable[Exchange]) -> Subject:
    """Of all that was sent, the preflight and the request itself. One sent without the token that the page
    would send is not the request, unless the page sends none."""
    by_name = {each.probe: each for each in probes}
    bare = by_name.get("P4") if ask.credential is Credential.NONE else None
    return Subject(apis, by_name.get("P1"), by_name.get("P3") or bare)
