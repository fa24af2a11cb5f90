"""`auth token`: sign in as a user of a pool that the backend imports, or that one of its stacks made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from accountsctl.commands.stacks.outputs import NOT_DEPLOYED
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.ports.sign_in import NoSignIn, SignIn, SignInTarget, Tokens

Outputs = Mapping[str, Mapping[str, str]]
DemoUser = Callable[[], tuple[str, str]]
Ask = Callable[[str], str]
KeptPassword = Callable[[str, str], str | None]
"""The password of a local user by pool and name; None if none is kept."""
_SENT = {
    "SMS_MFA": "the text message",
    "SOFTWARE_TOKEN_MFA": "the authenticator app",
    "EMAIL_OTP": "the email",
}
_AUTH = "auth/"
_CLIENTS = ("AppClientIDWeb", "AppClientID")


class HasOutputs(Protocol):
    """What is deployed; the outputs are read only if they are asked for."""

    @property
    def deployed_outputs(self) -> Outputs:
        """``category/name`` -> output -> value; CloudError if the environment was never pushed."""


@dataclass(frozen=True)
class Credentials:
    """What the command line states; None if it states nothing. The passwords never leave memory.

    `ask` shows a prompt and returns what is typed; None without a terminal. `kept` is asked in local environments.
    """

    username: str | None = None
    password: str | None = None
    mfa_code: str | None = None
    new_password: str | None = None
    ask: Ask | None = None
    kept: KeptPassword | None = None

    def __repr__(self) -> str:
        return f"Credentials(username={self.username!r})"


def sign_in(
    environment: Environment,
    given: Credentials | None,
    port: SignIn,
    demo_user: DemoUser,
    resource: str | None = None,
    deployed: HasOutputs | None = None,
) -> Tokens:
    """A user's tokens. In a local environment the demo user is the default; `demo_user` is called only there.

    `resource` is an auth resource's name, with or without ``auth/``; None for the only one. A pool that is not imported
    is found by the outputs of its stack; the demo user is not in it.
    """
    given = given or Credentials()
    client = target_of(environment, resource, deployed)
    own = _is_own(environment, resource)
    username, password = _kept(environment, given, client.pool_id) or _who(
        environment, given, None if own else demo_user
    )
    return port.sign_in(client, username, password, GivenAnswers(username, given))


def target_of(
    environment: Environment, resource: str | None = None, deployed: HasOutputs | None = None
) -> SignInTarget:
    """The pool and the client of an auth resource, or of the only one: imported, or by the outputs of its stack."""
    found = _pools(deployed) if deployed and _is_own(environment, resource) else _imported(environment)
    return app_client(environment, _full_name(resource), found)


def _full_name(resource: str | None) -> str | None:
    return f"{_AUTH}{resource.removeprefix(_AUTH)}" if resource else None


def _is_own(environment: Environment, resource: str | None) -> bool:
    """Whether the pool is one that the backend made, and did not import."""
    name, imported = _full_name(resource), _imported(environment)
    return not imported if name is None else name not in imported


@dataclass(frozen=True)
class GivenAnswers:
    """`ports.ChallengeAnswers` from the command line, or else from the terminal."""

    username: str
    given: Credentials

    def code(self, challenge: str, destination: str) -> str:
        """The code of the flag or the prompt; UsageError if there is neither."""
        sent = _SENT.get(challenge, challenge)
        where = f"{sent} ({destination})" if destination else sent
        return self._answer(self.given.mfa_code, f"The code from {where}", "--mfa-code CODE")

    def new_password(self) -> str:
        """The new password of standard input or the prompt; UsageError if there is neither."""
        return self._answer(self.given.new_password, "A new, permanent password", "--new-password-stdin")

    def _answer(self, stated: str | None, prompt: str, flag: str) -> str:
        if stated is not None:
            return stated
        if self.given.ask is None:
            raise UsageError(
                f"Signing in {self.username} needs more than the password.",
                why=f"Cognito asks for this: {prompt[0].lower()}{prompt[1:]}.",
                hint=f"State it with {flag}, or run the command on a terminal.",
            )
        return self.given.ask(prompt)


def app_client(
    environment: Environment, resource: str | None = None, pools: Outputs | None = None
) -> SignInTarget:
    """The client to sign in with: of `resource` (``auth/name``), or of the only one of `pools` [those imported]."""
    known = _imported(environment) if pools is None else pools
    name = _choose(known, resource)
    ids = known[name]
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


def _pools(deployed: HasOutputs) -> Outputs:
    """The auth resources that are deployed, with the outputs by which Amplify's stacks name pool and clients."""
    try:
        outputs = deployed.deployed_outputs
    except CloudError as error:
        if error.code != NOT_DEPLOYED:
            raise
        return {}
    return {
        name: values for name, values in outputs.items() if name.startswith(_AUTH) and "UserPoolId" in values
    }


def _choose(known: Outputs, resource: str | None) -> str:
    if resource is not None and resource in known:
        return resource
    if resource is None and len(known) == 1:
        return next(iter(known))
    names = ", ".join(sorted(known)) or "none"
    if resource is not None:
        raise UsageError(
            f"There is no {resource} in this environment.",
            why="A token is of one of its user pools.",
            hint=f"There is: {names}.",
        )
    if not known:
        raise NoSignIn(
            "This environment has no auth resource to sign in with.",
            hint="Import a user pool: accountsctl import auth",
        )
    raise UsageError(
        "There is more than one auth resource.",
        why="A token is of one user pool.",
        hint=f"Name one of them: {names}.",
    )


def _kept(environment: Environment, given: Credentials, pool_id: str) -> tuple[str, str] | None:
    """A user that `auth user add` made, whose password need not be typed."""
    if environment.cloud is not Cloud.LOCAL or given.kept is None:
        return None
    if given.username is None or given.password is not None:
        return None
    password = given.kept(pool_id, given.username)
    return None if password is None else (given.username, password)


def _who(environment: Environment, given: Credentials, demo_user: DemoUser | None) -> tuple[str, str]:
    if given.username is not None and given.password is not None:
        return given.username, given.password
    if environment.cloud is Cloud.LOCAL and given.password is None and demo_user is not None:
        username, password = demo_user()
        if given.username in (None, username):
            return username, password
    if given.username is not None and given.ask is not None:
        return given.username, given.ask(f"The password of {given.username}")
    missing = "--username NAME" if given.username is None else "--password-stdin"
    raise NoSignIn(
        "Signing in needs a user's name and password.",
        why=f"{missing} is missing.",
        hint="Write `auth token --username NAME --password-stdin`, with the password on standard input.",
    )
