"""`call METHOD PATH`: one request to the deployed API, as the application's own client would send it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from accountsctl.model.errors import UsageError
from accountsctl.ports.http import Http, HttpAnswer
from accountsctl.ports.sign_in import NoSignIn

Outputs = Mapping[str, Mapping[str, str]]
ROOT_URL = "RootUrl"
_API = "api/"
_JSON = "application/json"
REFUSED = frozenset({401, 403})
"""What API Gateway responds to a request without credentials, by an authorizer and by IAM."""

IAM_REFUSAL = "Missing Authentication Token"
"""API Gateway's words for a request without a signature; also for a path that does not exist."""
IAM_HINT = "If the method has AWS_IAM authorization, sign the request: accountsctl call METHOD PATH --iam."


@dataclass(frozen=True)
class Call:
    """What to send. `api` is a resource's name, with or without ``api/``; None where there is but one."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    api: str | None = None
    anonymous: bool = False


def send(call: Call, outputs: Outputs, token: Callable[[], str], http: Http) -> HttpAnswer:
    """Send `call` and give the answer, whatever its status.

    `token` is asked for an ID token only where one is needed; it is sent bare, as Amplify's clients send it.
    A header that the user gave goes before ours, an Authorization too. If no one can sign in, nothing is sent as a
    token, which is what an open API expects; NoSignIn if the API refuses that.
    """
    url = f"{root_url(outputs, call.api).rstrip('/')}/{call.path.lstrip('/')}"
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


def root_url(outputs: Outputs, api: str | None = None) -> str:
    """The URL of an API (``api/name`` or ``name``), or of the only one; UsageError where that is not clear."""
    urls = {
        name.removeprefix(_API): values[ROOT_URL]
        for name, values in outputs.items()
        if name.startswith(_API) and values.get(ROOT_URL)
    }
    names = ", ".join(sorted(urls))
    if api is not None and api.removeprefix(_API) in urls:
        return urls[api.removeprefix(_API)]
    if api is None and len(urls) == 1:
        return next(iter(urls.values()))
    if not urls:
        raise UsageError("No API is deployed in this environment.", hint="Run `accountsctl push` first.")
    if api is not None:
        raise UsageError(f"No API named {api.removeprefix(_API)} is deployed.", hint=f"There is: {names}.")
    raise UsageError("More than one API is deployed.", hint=f"Name one of them with --api: {names}.")


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
            raise UsageError(f'"{text}" is not a valid header.', hint='Write -H "Name: value".')
        headers[name.lower()] = (name, value.strip())
    return dict(headers.values())


def _token(name: str) -> bool:
    """RFC 9110 token: what may stand in a header's name."""
    return bool(name) and all(c.isascii() and (c.isalnum() or c in "!#$%&'*+-.^_`|~") for c in name)
