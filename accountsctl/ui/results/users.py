"""The results of `auth token`, `auth user`, `call` and `ui`."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass

from accountsctl.formats.json_writer import pretty_text
from accountsctl.ports.http import HttpAnswer
from accountsctl.ports.local_users import LocalUser
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
class UserAdded:
    """A user who was added, with the groups; those that had to be created."""

    environment: str
    name: str
    groups: tuple[str, ...]
    created_groups: tuple[str, ...]

    @property
    def messages(self) -> tuple[str, ...]:
        """What was done, and how to sign in."""
        groups = f" to {', '.join(self.groups)}" if self.groups else ""
        created = (f"Created the group {group}." for group in self.created_groups)
        return (
            *created,
            f"Added {self.name}{groups} in {self.environment}.",
            f"Next: accountsctl call GET PATH --username {shlex.quote(self.name)}",
        )


@to_text.register
def user_added_text(_result: UserAdded, _screen: Screen) -> None:
    """Only messages."""


@to_json.register
def user_added_json(result: UserAdded) -> JsonObject:
    """The user and the groups."""
    return {
        "environment": result.environment,
        "user": result.name,
        "groups": list(result.groups),
        "createdGroups": list(result.created_groups),
    }


@dataclass(frozen=True)
class UsersListed:
    """The users of an environment's pool."""

    environment: str
    users: tuple[LocalUser, ...]

    @property
    def messages(self) -> tuple[str, ...]:
        """What to do if there are none."""
        return () if self.users else ("There are none. Add one: accountsctl auth user add NAME",)


@to_text.register
def users_text(result: UsersListed, screen: Screen) -> None:
    """A table."""
    if result.users:
        rows = [(user.name, user.status, ", ".join(user.groups)) for user in result.users]
        screen.table(("user", "status", "groups"), rows)


@to_json.register
def users_json(result: UsersListed) -> JsonObject:
    """The environment and its users."""
    users = [{"name": user.name, "status": user.status, "groups": list(user.groups)} for user in result.users]
    return {"environment": result.environment, "users": users}


@dataclass(frozen=True)
class UserRemoved:
    """A user who was removed."""

    environment: str
    name: str

    @property
    def messages(self) -> tuple[str, ...]:
        """What was done."""
        return (f"Removed {self.name} from {self.environment}.",)


@to_text.register
def user_removed_text(_result: UserRemoved, _screen: Screen) -> None:
    """Only a message."""


@to_json.register
def user_removed_json(result: UserRemoved) -> JsonObject:
    """The user."""
    return {"environment": result.environment, "user": result.name}


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
        value = _json(response)
        pretty = screen.out.isatty() and not result.include and value is not None
        screen.line(pretty_text(value) if pretty else response.body.removesuffix("\n"))


def _json(response: HttpAnswer) -> object:
    """The value of a body that is JSON; None for any other."""
    try:
        return json.loads(response.body)
    except ValueError:
        return None


def _head(response: HttpAnswer) -> str:
    """What stands before the body on the wire, the empty line included."""
    lines = (f"{name}: {value}" for name, value in response.headers)
    return "\n".join([f"HTTP/1.1 {response.status} {response.reason}".rstrip(), *lines, ""])


@to_json.register
def called_json(result: Called) -> JsonObject:
    """The status; the headers by name in small letters, those of one name joined as HTTP joins them (RFC 9110, 5.3);
    the body's value if it is JSON, else its text."""
    response = result.response
    headers: dict[str, str] = {}
    for name, value in response.headers:
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    body = _json(response)
    return {"status": response.status, "headers": headers, "body": response.body if body is None else body}


@dataclass(frozen=True)
class AddressOpened:
    """An address that was opened in a browser, or printed."""

    url: str
    messages: tuple[str, ...] = ()


@to_text.register
def address_text(result: AddressOpened, screen: Screen) -> None:
    """The address."""
    screen.line(result.url)


@to_json.register
def address_json(result: AddressOpened) -> JsonObject:
    """The address."""
    return {"url": result.url}


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
