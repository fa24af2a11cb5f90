"""`call METHOD PATH`: one request to the deployed API, as the application's own client would send it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from accountsctl.commands.users.targets import CallTarget
from accountsctl.model.endpoints import EndpointRoute, HttpEndpointKind
from accountsctl.model.errors import UsageError
from accountsctl.ports.http import Http, HttpAnswer
from accountsctl.ports.sign_in import NoSignIn

_JSON = "application/json"
REFUSED = frozenset({401, 403})
"""What API Gateway responds to a request without credentials, by an authorizer and by IAM."""

TOKEN_AUTHORIZATIONS = ("JWT", "CUSTOM")
"""Authorization types of HTTP APIs that read a token."""
IAM_REFUSAL = "Missing Authentication Token"
"""API Gateway's words for a request without a signature; also for a path that does not exist."""
IAM_HINT = "If the method has AWS_IAM authorization, sign the request: accountsctl call METHOD PATH --iam."


@dataclass(frozen=True)
class Call:
    """What to send. `anonymous`: without a token."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    anonymous: bool = False


def send(call: Call, target: CallTarget, token: Callable[[], str], http: Http) -> HttpAnswer:
    """Send `call` to `target` and give the answer, whatever its status.

    `token` is asked for an ID token only where one is needed; it is sent bare, as Amplify's clients send it.
    A header that the user gave goes before ours, an Authorization too. If no one can sign in, nothing is sent as a
    token, which is what an open API expects; NoSignIn if the API refuses that.
    """
    url = f"{target.url.rstrip('/')}/{call.path.lstrip('/')}"
    if "://" in call.path.partition("?")[0]:
        raise UsageError(
            f"{call.path} is an address, and `call` takes a path of the API.",
            why="It adds the address of the deployed API, and a token for it.",
            hint="Name the path: accountsctl call GET /items. Any other address is for curl.",
        )
    missing: NoSignIn | None = None
    given = {name.lower() for name in call.headers}
    headers = {"Accept": _JSON} if "accept" not in given else {}
    if call.body is not None and "content-type" not in given:
        headers["Content-Type"] = _JSON
    if not call.anonymous and "authorization" not in given:
        try:
            headers["Authorization"] = token()
        except NoSignIn as error:
            missing = error
    response = http.send(call.method.upper(), url, {**headers, **call.headers}, call.body)
    if missing is not None and response.status in REFUSED:
        if IAM_REFUSAL in response.body:
            raise NoSignIn(missing.what, why=missing.why, hint=f"{IAM_HINT} Else: {missing.hint}")
        raise missing
    return response


def takes_token(target: CallTarget, routes: Callable[[], Sequence[EndpointRoute]]) -> bool:
    """Whether a token of a user pool can be of use: a function URL knows none, an HTTP API by its routes."""
    match target.kind:
        case HttpEndpointKind.REST:
            return True
        case HttpEndpointKind.URL:
            return False
        case HttpEndpointKind.HTTP:
            return any(route.authorization in TOKEN_AUTHORIZATIONS for route in routes())


def parse_headers(texts: Iterable[str]) -> Mapping[str, str]:
    """``-H "Name: value"`` as a mapping, the last of a name counting; UsageError for any of another shape."""
    headers: dict[str, tuple[str, str]] = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if (
            not colon
            or not _token(name)
            or any(ord(character) < 32 for character in value.replace("\t", " "))
        ):
            raise UsageError(
                f'"{text}" is not a valid header.',
                why="It needs a name, a colon and a value.",
                hint='Write -H "Name: value".',
            )
        headers[name.lower()] = (name, value.strip())
    return dict(headers.values())


def _token(name: str) -> bool:
    """RFC 9110 token: what may stand in a header's name."""
    return bool(name) and all(c.isascii() and (c.isalnum() or c in "!#$%&'*+-.^_`|~") for c in name)
