"""The results of `auth token`, `call` and `ui`."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.ports.http import HttpAnswer
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import Screen


@dataclass(frozen=True)
class PrintedToken:
    """An ID token or an access token, and the seconds until it expires."""

    token: str
    expires_in: int


@to_text.register
def token_text(result: PrintedToken, screen: Screen) -> None:
    """The token alone, for a script."""
    screen.line(result.token)


@to_json.register
def token_json(result: PrintedToken) -> JsonObject:
    """The token and its time."""
    return {"token": result.token, "expiresIn": result.expires_in}


@dataclass(frozen=True)
class Called:
    """What the API responded. `include`: the text has the status line and the headers before the body.

    `messages` explain a failure.
    """

    response: HttpAnswer
    include: bool
    messages: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 for a status of 2xx, else 1."""
        return 0 if 200 <= self.response.status < 300 else 1


@to_text.register
def called_text(result: Called, screen: Screen) -> None:
    """The body as data; the status as a message, or as `curl -i` prints it."""
    response = result.response
    if result.include:
        screen.line(_head(response))
    else:
        screen.say(f"{response.status} {response.reason}".rstrip())
    if response.body:
        screen.line(response.body.removesuffix("\n"))


def _head(response: HttpAnswer) -> str:
    """What stands before the body on the wire, the empty line included."""
    lines = (f"{name}: {value}" for name, value in response.headers)
    return "\n".join([f"HTTP/1.1 {response.status} {response.reason}".rstrip(), *lines, ""])


@to_json.register
def called_json(result: Called) -> JsonObject:
    """Status, headers as pairs, body as text."""
    response = result.response
    return {"status": response.status, "headers": response.headers, "body": response.body}


@dataclass(frozen=True)
class PageServed:
    """The address at which `ui` serves the page from now on, and how to use it."""

    url: str
    environment: str
    messages: tuple[str, ...]


@to_text.register
def page_text(result: PageServed, screen: Screen) -> None:
    """The URL."""
    screen.line(result.url)


@to_json.register
def page_json(result: PageServed) -> JsonObject:
    """The URL, and what it shows."""
    return {"url": result.url, "environment": result.environment}
