"""`auth token`: sign in as a user of the pool that the backend imports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import UsageError
from accountsctl.ports.sign_in import SignIn, Tokens

Outputs = Mapping[str, Mapping[str, str]]
DemoUser = Callable[[], tuple[str, str]]
_AUTH = "auth/"
_CLIENTS = ("AppClientIDWeb", "AppClientID")


@dataclass(frozen=True)
class SignInTarget:
    """A pool, and the app client through which its users sign in."""

    pool_id: str
    client_id: str


@dataclass(frozen=True)
class Credentials:
    """What the command line states; None if it states nothing. The password never leaves memory."""

    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"Credentials(username={self.username!r})"


def sign_in(
    environment: Environment,
    given: Credentials,
    port: SignIn,
    demo_user: DemoUser,
    resource: str | None = None,
) -> Tokens:
    """A user's tokens. In a local environment the demo user is the default; `demo_user` is called only there.

    `resource` is an auth resource's name, with or without ``auth/``; None for the only one.
    """
    name = f"{_AUTH}{resource.removeprefix(_AUTH)}" if resource else None
    client = app_client(environment, name)
    username, password = _who(environment, given, demo_user)
    return port.sign_in(client.pool_id, client.client_id, username, password)


def app_client(environment: Environment, resource: str | None = None) -> SignInTarget:
    """The client to sign in with: of `resource` (``auth/name``), or of the only auth resource that is imported."""
    imported = _imported(environment)
    name = _choose(imported, resource)
    ids = imported[name]
    client_id = next((ids[key] for key in _CLIENTS if ids.get(key)), "")
    if not ids.get("UserPoolId") or not client_id:
        raise UsageError(
            f"{name} does not name a user pool with an app client.",
            why="UserPoolId and one of AppClientIDWeb, AppClientID are needed.",
            hint=f"Add them to the environment {environment.name}, then push.",
        )
    return SignInTarget(ids["UserPoolId"], client_id)


def _imported(environment: Environment) -> Outputs:
    return {
        f"{_AUTH}{name}": {key: str(value) for key, value in ids.items()}
        for name, ids in environment.imported.get("auth", {}).items()
    }


def _choose(known: Outputs, resource: str | None) -> str:
    if resource is not None and resource in known:
        return resource
    if resource is None and len(known) == 1:
        return next(iter(known))
    names = ", ".join(sorted(known)) or "none"
    if resource is not None:
        raise UsageError(f"There is no {resource} in this environment.", hint=f"There is: {names}.")
    if not known:
        raise UsageError("This environment has no auth resource to sign in with.", hint="Import a user pool.")
    raise UsageError("There is more than one auth resource.", hint=f"Name one of them: {names}.")


def _who(environment: Environment, given: Credentials, demo_user: DemoUser) -> tuple[str, str]:
    if given.username is not None and given.password is not None:
        return given.username, given.password
    if environment.cloud is Cloud.LOCAL and given.password is None:
        username, password = demo_user()
        if given.username in (None, username):
            return username, password
    missing = "--username NAME" if given.username is None else "--password-stdin"
    raise UsageError(
        "Signing in needs a user's name and password.",
        why=f"{missing} is missing.",
        hint="Write `auth token --username NAME --password-stdin`, with the password on standard input.",
    )
