"""Which requests to look at: what was asked for, or every method of every API from the origins that count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from accountsctl.doctor.browser.client_library import ClientLibrary
from accountsctl.doctor.browser.fetch import FORBIDDEN_METHODS, TOKEN, Headers, Profile, is_forbidden
from accountsctl.doctor.browser.page_request import (
    LOCAL_ORIGIN,
    TOKEN_HEADERS,
    Credential,
    PageRequest,
    Token,
)
from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.catalogue.requests import signs_itself
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.catalogue.simulate import expected
from accountsctl.doctor.diagnosis.located import Target, locate
from accountsctl.doctor.facts.identity_sources import REQUEST_AUTHORIZER
from accountsctl.doctor.facts.model import Api, Method
from accountsctl.doctor.facts.routing import filled
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.backend_tool import NOTHING_SEEN, BackendTool
from accountsctl.model.cors_headers import ALLOW_HEADERS
from accountsctl.model.errors import UsageError

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_HEADER = re.compile(r"request\.header\.([\w-]+)")


@dataclass(frozen=True)
class Query:
    """What the command line asks. None and empty mean: not said. `secret` is the token itself, to be
    sent; `send_actual` lets requests be sent that may change something."""

    origin: str | None = None
    path: str | None = None
    method: str | None = None
    headers: Headers = ()
    credentials: bool = False
    token: Token | None = None
    url: str | None = None
    profile: Profile = Profile.CHROMIUM
    now: int = 0
    secret: str | None = field(default=None, repr=False)
    send_actual: bool = False
    library: ClientLibrary | None = None
    backend: BackendTool = NOTHING_SEEN


def checked(query: Query) -> Query:
    """The query, or UsageError where it cannot be meant."""
    _check_method(query.method)
    for name, _ in query.headers:
        _check_header(name)
    origin, path = query.origin, query.path
    if origin is not None and origin != "null" and not _is_origin(origin):
        raise UsageError(
            f'"{origin}" is not a valid origin.',
            why="An origin is a scheme, a host, and a port where it is not the scheme's own; no path, no slash.",
            hint="For example --origin https://app.example.com",
        )
    if path is not None and not path.startswith("/"):
        raise UsageError(
            f'"{path}" is not a valid path.', why="It has to begin with a slash.", hint=f"--path /{path}"
        )
    if query.url is not None and query.url.startswith(("ws://", "wss://")):
        raise UsageError(
            "CORS does not apply to WebSockets.",
            why="A browser sends no preflight for them and lets the page read all messages.",
            hint="Check the Origin header in the function of $connect: any site may open a connection.",
        )
    if query.url is not None and not (is_url(query.url) and urlsplit(query.url).scheme in ("http", "https")):
        raise UsageError(
            f'"{query.url}" is not a valid URL.',
            why="It has to begin with https:// or http://, and to name a host.",
            hint="Copy it from DevTools: Network, the request, Copy URL.",
        )
    if query.url is not None and urlsplit(query.url).username is not None:
        raise UsageError(
            "The URL holds a user name or a password.",
            why="A browser's fetch refuses such a URL.",
            hint="Leave it out; a token is stated by --token -",
        )
    return query


def _check_method(method: str | None) -> None:
    if method is not None and TOKEN.fullmatch(method) is None:
        raise UsageError(
            f'"{method}" is not a valid method.',
            why="A method is one word of letters, digits and signs such as - and _.",
            hint="Name one, for example --method GET; without --method every method of the path is judged.",
        )
    if method is not None and method.upper() in FORBIDDEN_METHODS:
        raise UsageError(
            f"A page cannot send {method.upper()}.",
            why="A browser's fetch refuses CONNECT, TRACE and TRACK.",
            hint="Name a method that the page sends, for example --method GET",
        )


def _check_header(name: str) -> None:
    if TOKEN.fullmatch(name) is None:
        raise UsageError(
            f'"{name}" is not a valid name of a header.',
            why="A name is one word of letters, digits and signs such as - and _; its value stands after a colon.",
            hint="For example --header 'X-Own: 1'",
        )
    if is_forbidden(name):
        instead = {"origin": "--origin ORIGIN", "cookie": "--credentials"}.get(name.lower(), "")
        raise UsageError(
            f"A page cannot set {name}.",
            why="The browser sets it, and leaves out what the page's code says.",
            hint=f"Use {instead}" if instead else "Leave it out.",
        )


def _is_origin(text: str) -> bool:
    return is_url(text) and urlsplit(text).scheme != "" and text.count("/") == 2


def page_requests(api: Api, query: Query, origins: Iterable[str], root: str = "") -> Iterator[PageRequest]:
    """The requests to look at of one API, from `origins`, or from this machine's page if none is stated.

    `root` is the API's URL with the stage, empty if it is not deployed.
    """
    for origin in [query.origin] if query.origin else list(dict.fromkeys(origins)) or [LOCAL_ORIGIN]:
        for path, method in _requests(api, query):
            yield _ask(api, query, origin, path, method, root)


def _requests(api: Api, query: Query) -> Iterator[tuple[str, str]]:
    if query.url:
        yield locate(query.url, [api]).path, query.method or "GET"
        return
    if query.path:
        verbs = [query.method] if query.method else _verbs(api.routes.get(api.route(query.path) or "", ()))
        yield from ((query.path, verb) for verb in verbs or ["GET"])
        return
    for route, methods in sorted(api.routes.items()):
        for verb in [query.method] if query.method else _verbs(methods):
            yield filled(route), verb


def _verbs(methods: Iterable[str]) -> list[str]:
    found = {verb for verb in methods if verb not in ("OPTIONS", "ANY") and not is_unknown(verb)}
    return sorted(found | ({"GET"} if "ANY" in methods else set()))


def _ask(api: Api, query: Query, origin: str, path: str, method: str, root: str) -> PageRequest:
    url = query.url or (root.rstrip("/") + path if root else "")
    target = locate(url, [api]) if url else Target(None, None, path)
    ask = PageRequest(
        origin=origin,
        path=target.path if query.url else path,
        method=method,
        url=url,
        headers=query.headers,
        credentials=query.credentials,
        token=query.token,
        profile=query.profile,
        now=query.now,
        body=method.upper() in WITH_BODY,
        parameters=frozenset(pair.partition("=")[0] for pair in urlsplit(url).query.split("&") if pair),
        # A root may be of a custom domain, whose mapping says which stage it is.
        stage=target.stage if query.url or target.path == path else None,
        library=query.library,
        backend=query.backend,
    )
    called = api.method_for(ask.path, ask.method)
    function = api.function_of(called)
    framework = function.handler.framework if function and function.handler else None
    return replace(
        ask,
        backend=replace(query.backend, framework=framework or query.backend.framework),
        credential=credential_for(api, ask, called),
        token_headers=_token_headers(api, ask, called),
        key=called is not None and called.api_key and not ask.headers,
    )


def _token_headers(api: Api, ask: PageRequest, called: Method | None) -> tuple[str, ...]:
    """The headers in which a page sends what an authorizer reads; none if it is in the query alone, or not stated.

    Authorization where the page itself, or the project's own client, says how it sends its token.
    """
    authorizer = api.authorizer_of(called)
    stated = ask.token is not None or ask.headers or api.project_pools
    if authorizer is None or stated:
        return TOKEN_HEADERS
    source = authorizer.identity_source
    names = tuple(dict.fromkeys(name.lower() for name in _HEADER.findall(source)))
    if "authorization" in names:
        return TOKEN_HEADERS
    if authorizer.type != REQUEST_AUTHORIZER and ("request." not in source or is_unknown(source)):
        return TOKEN_HEADERS if not is_unknown(source) or _takes_token(api, ask) else ()
    return tuple(name for name in names if not is_forbidden(name))


def _takes_token(api: Api, ask: PageRequest) -> bool:
    """Whether a preflight lets Authorization pass, or none is answered: an unknown header then is as good as it."""
    answer = expected(Scene(api, ask, True))
    allowed = (answer.value(ALLOW_HEADERS) or "") if answer else "authorization"
    return is_unknown(allowed) or "authorization" in allowed.lower()


def credential_for(api: Api, ask: PageRequest, method: Method | None) -> Credential:
    """What a page sends to a method of an API, which is None if the API has none for the request.

    A client signs if its headers say so, or for an API of AWS_IAM whose users can: those of a project with an
    identity pool, or without any user pool. It sends nothing to an API that asks nothing, and a token otherwise.
    """
    if signs_itself(ask):
        return Credential.SIGNATURE
    names = {name.lower() for name, _ in ask.headers}
    states_nothing = ask.token is None and "authorization" not in names
    if states_nothing and any(behavior.signing for behavior in api.distributions):
        return Credential.NONE  # CloudFront signs, and the page does not.
    if states_nothing and _is_for_signers(api, method):
        return Credential.SIGNATURE
    # Of an API whose method stands elsewhere, nothing says that it wants a token; nor of a method among closed ones
    # that is open, or whose authorization is hidden, unless the project's own client sends it with every request.
    known = method is not None and not is_unknown(method.authorization)
    if not api.is_api and states_nothing:
        return Credential.NONE  # The signature of a presigned URL is in its query; a site wants none.
    closed = (
        method.authorization != AuthorizationType.NONE if method and known else not (api.partial or method)
    )
    public = not closed and (not api.authorizers or (method is not None and not api.project_pools))
    return (
        Credential.NONE if public and ask.token is None and "authorization" not in names else Credential.TOKEN
    )


def _is_for_signers(api: Api, method: Method | None) -> bool:
    """Whether those who may call a method of AWS_IAM can sign, and nothing says that they send tokens all the same."""
    function = api.function_of(method)
    wants_claims = function is not None and function.handler is not None and function.handler.wants_claims
    if method is None or method.authorization != AuthorizationType.IAM or api.authorizers:
        return False
    return not api.project_pools or (api.project_identities and not wants_claims)
