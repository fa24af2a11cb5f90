"""`doctor cors`: look at an API in up to three layers, and say why a browser does not get its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from accountsctl.commands.doctor.pasted_sources import by_what_is_pasted
from accountsctl.commands.doctor.recordings import as_pasted, diagnosis_of, recorded_fetches
from accountsctl.doctor.browser.page_request import LOCAL_ORIGIN, Credential, PageRequest, read_token
from accountsctl.doctor.diagnosis.called_apis import called_api, layers_by_name
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.further_requests import with_request_itself
from accountsctl.doctor.diagnosis.masks import Remark
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.origins_by_name import origins_by_name
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.request_failures import RequestFailure
from accountsctl.doctor.observed.probe_plan import ProbePlan, plan
from accountsctl.formats.frontend.cors import EVERY_ORIGIN, allowed_origins
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import CloudError, CouldNotLook
from accountsctl.model.project import Project
from accountsctl.ports.sign_in import NoSignIn

EVERYTHING = Query()
NEEDED = frozenset({"P1", "P3", "P4"})


@dataclass(frozen=True)
class DiagnosisSources:
    """Where facts come from; None if a layer is not to be looked at.

    `static` and `deployed` give APIs under the names of their resources; `roots` gives the APIs' URLs; `send`
    sends the plan of one request with a token, and gives what came back. `token` is what a page would send, where
    there is one. Of layers that are not in `trusted` only the routes are taken, to know what to ask for. `files` are
    the templates that were named.
    """

    static: Callable[[], Sequence[Api]] | None = None
    deployed: Callable[[], Sequence[Api]] | None = None
    roots: Callable[[], Mapping[str, str]] | None = None
    send: Callable[[ProbePlan, str], tuple[Exchange, ...]] | None = None
    origins: tuple[str, ...] = ()
    token: Callable[[], str] | None = None
    trusted: frozenset[Layer] = frozenset(Layer)
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Findings:
    """What was found: a diagnosis for each request, the lines of pointers, and the facts that they rest on."""

    diagnoses: tuple[Diagnosis, ...]
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    apis: tuple[Api, ...] = ()

    @property
    def exit_code(self) -> int:
        """The worst of all: blocked and known, blocked and ambiguous, could not look, all well."""
        codes = {diagnosis.exit_code for diagnosis in self.diagnoses}
        return next((code for code in (1, 3, 4) if code in codes), 0)


def page_origins(project: Project) -> tuple[str, ...]:
    """The origins from which an environment's pages call: those that its APIs allow by name.

    A page on this machine is one of them only if the environment is local, or an API allows every origin: elsewhere
    the browser's refusal is what the environment wants.
    """
    apis = [resource.id for resource in project.backend if resource.id.category == "api"]
    origins = allowed_origins(project, apis)
    named = [origin for origin in origins if origin != EVERY_ORIGIN]
    here = project.environment.cloud is Cloud.LOCAL or EVERY_ORIGIN in origins
    return tuple(dict.fromkeys([*named, *([LOCAL_ORIGIN] if here else [])]))


def find_out(sources: DiagnosisSources, query: Query) -> Findings:
    """Look at all layers, then at every request that the query means."""
    not_reported: list[tuple[str, str]] = []
    # Templates that were named hold all that there is: what they cannot show is the answer.
    named = sources.static() if sources.files and sources.static else None
    static = _look(sources.static, not_reported, "the templates") if named is None else named
    deployed = _look(sources.deployed, not_reported, "what is deployed")
    roots = _look_at_roots(sources, not_reported)
    pairs = _pairs(static, deployed, roots, query)
    if not pairs:
        raise _without_routes(static, sources) or CouldNotLook(
            "There is no API to look at.",
            why="; ".join(f"{what}: {why}" for what, why in not_reported) or _without_api(sources),
            hint="Name a template with --template, a URL with --url, or a recording with --har.",
        )
    query = _with_token(sources, query, any(root for _, root in pairs) or bool(query.url))
    every = [
        (apis, root, ask)
        for apis, root in pairs
        for ask in page_requests(apis[-1], query, sources.origins or origins_by_name(apis[-1]), root)
    ]
    if not every:
        raise CouldNotLook(
            "No route of the API is known: it may stand in an included file, another stack or a macro.",
            why="; ".join(dict.fromkeys(_stands(apis[-1]) for apis, _ in pairs)),
            hint="Name a request: --path PATH --method METHOD, or the full --url.",
        )
    live = _Live(sources, query, few=len(every) > 1)
    found = [_one(live, apis, root, ask, tuple(not_reported)) for apis, root, ask in every]
    known = tuple(api for apis, _ in pairs for api in apis)
    return Findings(tuple(found), _lines_of(known), known)


def _lines_of(apis: Iterable[Api]) -> dict[tuple[str, str], int]:
    """The lines of all files; the APIs of a template have the same ones."""
    every = {id(api.lines): api.lines for api in apis}
    return {key: line for lines in every.values() for key, line in lines.items()}


def _without_api(sources: DiagnosisSources) -> str:
    return f"{', '.join(sources.files)}: no API stands there." if sources.files else "No template holds one."


def _without_routes(static: Sequence[Api], sources: DiagnosisSources) -> CouldNotLook | None:
    """What to say of templates that hold buckets and distributions, and no API; None if they hold neither."""
    kinds = {"S3 buckets": ApiKind.BUCKET, "CloudFront distributions": ApiKind.DISTRIBUTION}
    held = [
        f"{words} ({', '.join(names)})"
        for words, kind in kinds.items()
        if (names := [api.name for api in static if api.kind == kind])
    ]
    files = f"{', '.join(sources.files)}: " if sources.files else ""
    if not held:
        return None
    return CouldNotLook(
        f"{files}no API stands there, only {' and '.join(held)}.",
        why="Their CORS settings are compared with a request whose URL names the bucket or the distribution.",
        hint="Name an object: --url https://BUCKET.s3.REGION.amazonaws.com/KEY --origin ORIGIN; or a recording: "
        "--har FILE.",
    )


def _stands(api: Api) -> str:
    """Where an API stands: file, line and name."""
    line = api.lines.get((api.place.source, api.place.pointer))
    return f"{api.place.source}{f':{line}' if line else ''}: {api.name}"


def _with_token(sources: DiagnosisSources, query: Query, answers: bool) -> Query:
    """The query with a token where none was given, somebody has one to give, and there is an API to send it to."""
    if query.secret is not None or sources.token is None or sources.send is None or not answers:
        return query
    try:
        secret = sources.token()
    except NoSignIn:
        return query  # An open API needs none; of another one, what it responds without a token is diagnosed.
    return replace(query, secret=secret, token=read_token(secret))


@dataclass(frozen=True)
class _Live:
    """The live layer of all requests. `few`: only what a diagnosis rests on is sent, where there are many."""

    sources: DiagnosisSources
    query: Query
    few: bool

    def probes(self, ask: PageRequest, root: str) -> tuple[tuple[Exchange, ...], tuple[tuple[str, str], ...]]:
        """What came back, and what was not asked."""
        if self.sources.send is None or not ask.url:
            return (), ()
        planned = plan(
            ask, token=self.query.secret is not None, send_actual=self.query.send_actual, base=root
        )
        if self.few:
            planned = replace(planned, probes=tuple(probe for probe in planned.probes if probe.id in NEEDED))
        return self.sources.send(planned, self.query.secret or ""), planned.not_reported


def _look(
    source: Callable[[], Sequence[Api]] | None, not_reported: list[tuple[str, str]], what: str
) -> Sequence[Api]:
    if source is None:
        return ()
    try:
        return source()
    except (CloudError, CouldNotLook) as error:
        not_reported.append((what, f"{error.what} {error.why}".strip()))
        return ()


def _look_at_roots(sources: DiagnosisSources, not_reported: list[tuple[str, str]]) -> Mapping[str, str]:
    if sources.roots is None:
        return {}
    try:
        return sources.roots()
    except (CloudError, CouldNotLook) as error:
        not_reported.append(("the deployed API's answers", f"{error.what} {error.why}".strip()))
        return {}


def _pairs(
    static: Sequence[Api], deployed: Sequence[Api], roots: Mapping[str, str], query: Query
) -> list[tuple[tuple[Api, ...], str]]:
    """The layers of each API, the most telling last, with its URL. A URL that was given chooses the API."""
    names = list(dict.fromkeys([api.name for api in (*static, *deployed)]))
    pairs = []
    for name in names:
        layers = tuple(api for api in (*static, *deployed) if api.name == name)
        ids = {layer.id for layer in layers if layer.id}
        layers = _with_sources(
            tuple(replace(layer, id=layer.id or next(iter(ids), None)) for layer in layers)
        )
        pairs.append((layers, roots.get(name, "")))
    if query.url:
        called = called_api(query.url, [layers for layers, _ in pairs])
        return [pair for pair in pairs if pair[0] is called] or [((_nothing(query.url),), "")]
    # Most buckets are for no page: only a URL says which one is. So it is with distributions.
    pairs = [pair for pair in pairs if pair[0][-1].is_api]
    if query.path and len(pairs) > 1:
        routed = [pair for pair in pairs if pair[0][-1].route(query.path)]
        return routed or pairs[:1]
    return pairs


def _with_sources(layers: tuple[Api, ...]) -> tuple[Api, ...]:
    """What the project's sources tell of a function is taken to hold for the deployed one on the same routes."""
    handlers = {
        (route, verb): function.handler
        for api in layers
        for route, methods in api.routes.items()
        for verb, method in methods.items()
        if (function := api.function_of(method)) is not None and function.handler is not None
    }
    return tuple(_sourced(api, handlers) for api in layers)


def _sourced(api: Api, handlers: Mapping[tuple[str, str], FunctionHandler | None]) -> Api:
    functions = dict(api.functions)
    for route, methods in api.routes.items():
        for verb, method in methods.items():
            known, handler = api.function_of(method), handlers.get((route, verb))
            if known is not None and known.handler is None and handler is not None:
                functions[known.key] = replace(known, handler=handler)
    return replace(api, functions=functions)


def _nothing(url: str) -> Api:
    """An API of which nothing is known but its answers."""
    return Api("", Layer.LIVE, SourcePlace(Layer.LIVE, url), {})


def _one(
    live: _Live, apis: tuple[Api, ...], root: str, ask: PageRequest, not_reported: tuple[tuple[str, str], ...]
) -> Diagnosis:
    trusted = live.sources.trusted - {Layer.LIVE}
    known = tuple(api for api in apis if api.layer in trusted)
    probes, unasked = live.probes(ask, root)
    subject = subject_of(known, ask, probes)
    found = with_request_itself(diagnose(subject, ask, probes), probes)
    if found.outcome is DiagnosisOutcome.PASS and len(known) > 1 and not found.warnings:
        found = replace(found, warnings=_unpushed(known[0], ask))
    return replace(found, not_checked=tuple(dict.fromkeys((*found.not_checked, *unasked, *not_reported))))


def _unpushed(static: Api, ask: PageRequest) -> tuple[Remark, ...]:
    """What the files would bring with the next push to a request that passes now."""
    found = diagnose(Subject((static,)), ask)
    return (Remark(found.root.card, found.root.evidence),) if found.root is not None else ()


def subject_of(apis: tuple[Api, ...], ask: PageRequest, probes: Iterable[Exchange]) -> Subject:
    """Of all that was sent, the preflight and the request itself. One sent without the token that the page
    would send is not the request, unless the page sends none or the API answers it well all the same."""
    by_name = {probe.probe: probe for probe in probes if probe.failure != RequestFailure.HIDDEN}
    bare = by_name.get("P4")
    stands = bare is not None and (ask.credential is Credential.NONE or 200 <= bare.status <= 299)
    return Subject(apis, by_name.get("P1"), by_name.get("P3") or (bare if stands else None))


def from_recording(text: str, name: str, apis: Sequence[Api] = (), query: Query = EVERYTHING) -> Findings:
    """`--har`: what a browser recorded, or the lines of its console, with templates where some were given.

    What the query names chooses among the requests, and states what a console's line does not.
    UsageError if it is neither a recording nor such lines.
    """
    named = layers_by_name(apis)
    fetches = recorded_fetches(text, name, query)
    found = [diagnosis_of(called_api(fetch.ask.url, named), fetch) for fetch in fetches]
    pasted = as_pasted(text)
    if pasted:
        found = [by_what_is_pasted(one, fetch, pasted) for one, fetch in zip(found, fetches, strict=True)]
    return Findings(tuple(found), _lines_of(apis), tuple(apis))
