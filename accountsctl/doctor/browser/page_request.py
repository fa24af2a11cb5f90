"""What a page wants of an API, and what its token says: the question that the doctor answers."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlsplit

from accountsctl.doctor.browser.client_library import ClientLibrary
from accountsctl.doctor.browser.fetch import FetchRequest, Headers, Profile
from accountsctl.doctor.browser.judge import preflight_headers
from accountsctl.model.backend_tool import NOTHING_SEEN, BackendTool

TOKEN_HEADERS = ("Authorization",)
LOCAL_ORIGIN = "http://localhost:4200"
"""The origin of a page under development, where nothing names another."""


UNSET_VALUES = frozenset({"", "undefined", "null", "none", "nan", "[object object]"})
"""How a variable without a value is written into a text by JavaScript and Python."""


class Credential(StrEnum):
    """How the page's client proves who it is."""

    NONE = "none"
    TOKEN = "token"  # noqa: S105 -- a kind, not a secret
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Token:
    """What may be shown of a token: claims, never the token. `jwt` False: it is not a JWT, so it has none.

    `unset`: a variable without a value was sent in its place (``Bearer undefined``).
    `audiences` are all of aud, or else client_id, which a user pool's access tokens have in its place.
    """

    use: str | None = None
    issuer: str | None = None
    audience: str | None = None
    audiences: tuple[str, ...] = ()
    expires: int | None = None
    scopes: tuple[str, ...] = ()
    jwt: bool = True
    bearer: bool = False
    unset: bool = False

    @property
    def pool(self) -> str | None:
        """The user pool's id, of the issuer's last part."""
        return self.issuer.rstrip("/").rpartition("/")[2] if self.issuer else None


def read_token(text: str) -> Token:
    """Decode a JWT without checking its signature: the gateway does that, and the doctor only compares."""
    bearer = text.lower().split(" ")[0] == "bearer"
    bare = text[6:].strip() if bearer else text.strip()
    claims = _claims(bare)
    if claims is None:
        return Token(jwt=False, bearer=bearer, unset=bare.lower() in UNSET_VALUES)
    audience = claims.get("aud")
    expires = claims.get("exp")
    return Token(
        use=_text(claims.get("token_use")),
        issuer=_text(claims.get("iss")),
        audience=_text(audience),
        audiences=_audiences(claims),
        expires=int(expires) if isinstance(expires, int | float) else None,
        scopes=tuple(str(claims.get("scope") or "").split()),
        bearer=bearer,
    )


def _audiences(claims: Mapping[str, object]) -> tuple[str, ...]:
    stated = claims.get("aud") or claims.get("client_id")
    every = stated if isinstance(stated, list) else [stated]
    return tuple(value for value in every if isinstance(value, str))


def _claims(bare: str) -> dict[str, object] | None:
    parts = bare.split(".")
    if len(parts) != 3:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


@dataclass(frozen=True)
class PageRequest:
    """One request of a page at `origin`. `url` is whole where it is known, else ``https://api.invalid`` and the path.

    `path` is the path within the API, without the stage; `headers` are names that the page's code sets, with
    values where they are given. `stage` is what the URL names as the stage, None if no URL was given. `token` is
    None if none was given; `now` is in seconds since 1970. `sanitized`: a recording may have left a credential out.
    `size` is that of the body in bytes, 0 if it is not known. `library` is what the page calls the API with; None if
    it was not seen. `token_headers` are those that carry the credential. `key`: the page is taken to send the API key
    that the method asks for, though nothing says so. `backend` is what is seen of what the API is made with.
    `sent_by` is what sent it, in the words of Chromium's console (``font``, ``XMLHttpRequest``); empty if not known.
    """

    origin: str
    path: str
    method: str = "GET"
    url: str = ""
    headers: Headers = ()
    credentials: bool = False
    credential: Credential = Credential.TOKEN
    token: Token | None = None
    profile: Profile = Profile.CHROMIUM
    now: int = 0
    body: bool = False
    size: int = 0
    parameters: frozenset[str] = field(default_factory=frozenset)
    stage: str | None = None
    sanitized: bool = False
    library: ClientLibrary | None = None
    token_headers: tuple[str, ...] = TOKEN_HEADERS
    key: bool = False
    backend: BackendTool = NOTHING_SEEN
    sent_by: str = ""

    @cached_property
    def request(self) -> FetchRequest:
        """The fetch as the browser's judge takes it."""
        names = {name.lower() for name, _ in self.headers}
        added: list[tuple[str, str]] = []
        if self.credential is not Credential.NONE and "authorization" not in names:
            added += [(name, "x") for name in self.token_headers]
        if self.key:
            added.append(("X-Api-Key", "x"))
        if self.body and "content-type" not in names:
            added.append(("Content-Type", "application/json"))
        return FetchRequest(
            url=self.url or f"https://api.invalid{self.path}",
            origin=self.origin,
            method=self.method,
            headers=(*self.headers, *added),
            credentials="include" if self.credentials else "same-origin",
        )

    @cached_property
    def preflight(self) -> Headers | None:
        """The headers of the preflight that the browser sends first; None if it sends none."""
        return preflight_headers(self.request, self.profile)

    def names(self) -> frozenset[str]:
        """The names of all headers that are sent, in lower case."""
        return frozenset(name.lower() for name, _ in self.request.headers)

    @property
    def target(self) -> str:
        """The request in words: ``GET /accounts``."""
        return f"{self.method} {self.url or self.path}"

    @cached_property
    def host(self) -> str:
        """The host that is called; empty where it is not known."""
        return urlsplit(self.url).hostname or ""

    @property
    def url_path(self) -> str:
        """The path of the URL, stage and all; the path within the API where no URL is known."""
        return urlsplit(self.url).path if self.url else self.path
