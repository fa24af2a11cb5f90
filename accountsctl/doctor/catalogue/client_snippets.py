"""Code to paste in a page for the causes that the page can fix, in the library that it calls its API with."""

from __future__ import annotations

import json
from collections.abc import Callable

from accountsctl.doctor.browser.client_library import ClientLibrary
from accountsctl.doctor.browser.page_request import PageRequest

_OWN_TOKEN = (
    "// idToken: the ID token that your sign-in library keeps\n",
    "{ Authorization: `Bearer ${idToken}` }",
)
_TOKEN = {
    ClientLibrary.FETCH: _OWN_TOKEN,
    ClientLibrary.AXIOS: _OWN_TOKEN,
    ClientLibrary.ANGULAR: _OWN_TOKEN,
    ClientLibrary.JQUERY: _OWN_TOKEN,
    ClientLibrary.AMPLIFY_5: (
        'import { Auth } from "aws-amplify";\n\n'
        "const session = await Auth.currentSession(); // refreshes an expired token\n",
        "{ Authorization: session.getIdToken().getJwtToken() }",
    ),
    ClientLibrary.AMPLIFY_6: (
        'import { fetchAuthSession } from "aws-amplify/auth";\n\n'
        "const { tokens } = await fetchAuthSession(); // refreshes an expired token\n",
        "{ Authorization: tokens.idToken.toString() }",
    ),
}
IN_THE_PAGE = "// in the page"
"""How code for the page begins."""
_AMPLIFY_VERBS = {
    "GET": "get",
    "POST": "post",
    "PUT": "put",
    "PATCH": "patch",
    "DELETE": "del",
    "HEAD": "head",
}
_KEY = '{ "x-api-key": apiKey }'


def client_snippet(cause: str, ask: PageRequest) -> str:
    """The code for a cause, for the request that was asked about; empty if no code of a page fixes it.

    The code is for the library that was seen, and for fetch where none was.
    """
    make = _SNIPPETS.get(cause)
    return make(ask) if make else ""


def _with_token(ask: PageRequest) -> str:
    before, headers = _TOKEN[_library(ask)]
    return _titled(ask, before + _call(ask, headers))


def _with_key(ask: PageRequest) -> str:
    return _titled(ask, _call(ask, _KEY))


def _without_credentials(ask: PageRequest) -> str:
    none = {
        ClientLibrary.FETCH: 'credentials: "omit",',
        ClientLibrary.JQUERY: "xhrFields: { withCredentials: false },",
    }.get(_library(ask), "withCredentials: false,")
    return _titled(ask, _call(ask, "", f"{none} // if the API needs no cookie"))


def _upper_case(ask: PageRequest) -> str:
    return _titled(ask, _call(ask, ""))


def _csp(ask: PageRequest) -> str:
    scheme, _, rest = ask.url.partition("://")
    origin = f"{scheme}://{rest.partition('/')[0]}" if rest else "https://api.example.com"
    return (
        f"{IN_THE_PAGE}'s response (a header), or its meta element: add to the connect-src that it has\n"
        f"Content-Security-Policy: connect-src 'self' {origin}"
    )


def _titled(ask: PageRequest, code: str) -> str:
    lines = [line for line in code.splitlines() if line]
    imports = [line for line in lines if line.startswith("import ")]
    rest = [line for line in lines if line not in imports]
    return "\n".join([f"{IN_THE_PAGE}, with {_library(ask)}:", *imports, *([""] if imports else []), *rest])


def _library(ask: PageRequest) -> ClientLibrary:
    return ask.library or ClientLibrary.FETCH


def _call(ask: PageRequest, headers: str, extra: str = "") -> str:
    """One call of the API. `headers` and `extra` are JavaScript; empty ones are left out."""
    library = _library(ask)
    lines = [*([f"headers: {headers},"] if headers else []), *([extra] if extra else [])]
    verb = ask.method.upper()
    if library is ClientLibrary.AMPLIFY_5:
        return 'import { API } from "aws-amplify";\n\n' + _block(
            f'await API.{_AMPLIFY_VERBS.get(verb, "get")}("yourApi", {_text(ask.path)}, {{', lines, "});"
        )
    if library is ClientLibrary.AMPLIFY_6:
        name = _AMPLIFY_VERBS.get(verb, "get")
        opened = f'await {name}({{ apiName: "yourApi", path: {_text(ask.path)}, options: {{'
        return f'import {{ {name} }} from "aws-amplify/api";\n\n' + _block(opened, lines, "} }).response;")
    url = _text(_url(ask))
    if library is ClientLibrary.ANGULAR:
        return _block(f"await firstValueFrom(this.http.request({_text(verb)}, {url}, {{", lines, "}));")
    if library is ClientLibrary.FETCH:
        return _block(f"await fetch({url}, {{\n  method: {_text(verb)},", lines, "});")
    function = "axios.request" if library is ClientLibrary.AXIOS else "$.ajax"
    return _block(f"await {function}({{\n  url: {url},\n  method: {_text(verb)},", lines, "});")


def _block(first: str, lines: list[str], last: str) -> str:
    return "\n".join([first, *(f"  {line}" for line in lines), last])


def _url(ask: PageRequest) -> str:
    return ask.url.partition("?")[0] or ask.path


def _text(value: str) -> str:
    return json.dumps(value)


_SNIPPETS: dict[str, Callable[[PageRequest], str]] = {
    "auth.no-token": _with_token,
    "auth.cognito-expired": _with_token,
    "auth.cognito-access-no-scope": _with_token,
    "auth.sigv4-to-cognito": _with_token,
    "auth.token-invalid": _with_token,
    "auth.api-key": _with_key,
    "client.credentials": _without_credentials,
    "acao.wildcard-credentials": _without_credentials,
    "acam.case": _upper_case,
    "client.csp": _csp,
}
