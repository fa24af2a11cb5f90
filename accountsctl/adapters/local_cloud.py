"""`ports.local_cloud.LocalCloud` over the embedded cloud, which is a product of its own."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from accountsctl.localcloud import registry
from accountsctl.localcloud.client import (
    LocalCloudClient,
    LocalCloudError,
    RunningCloud,
    running_clouds,
)
from accountsctl.localcloud.interpreters import Interpreter, interpreter_for
from accountsctl.localcloud.supported_types import SUPPORTED_TYPES
from accountsctl.localcloud.unsupported_templates import unsupported_in
from accountsctl.localcloud.user_passwords import UserPasswords
from accountsctl.model.environment import Environment
from accountsctl.model.errors import CloudError
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget
from accountsctl.model.template_body import TemplateBody, UnsupportedPart
from accountsctl.ports.local_cloud import DebuggedFunction

PYTHON_RUNTIMES = range(8, 16)
"""The minor versions of the runtimes that functions may name."""


def saved_stacks(folder: Path) -> Callable[..., Any]:
    """A hook for `adapters.aws.Session` that answers what reads stacks, from the state of a cloud that does not run.

    Nothing is started or changed. CloudError if the state cannot be read.
    """
    from accountsctl.localcloud.saved import saved_cloud

    with _in_our_words():
        return saved_cloud(folder)


class EmbeddedControls:
    """What can be changed in the embedded cloud; CloudError if it does not run."""

    def __init__(self, cloud: LocalCloudClient) -> None:
        self._cloud = cloud

    def sleep(self, seconds: float) -> Sequence[str]:
        """Let every database fall asleep; gives their clusters' names."""
        with _in_our_words():
            return self._cloud.sleep(seconds)

    def delay(self, seconds: Mapping[str, float]) -> Mapping[str, float]:
        """Let resources of these types take so long; gives what each type takes."""
        with _in_our_words():
            return self._cloud.delay(seconds)

    def debug(self, functions: Sequence[DebuggedFunction], *, on: bool) -> None:
        """Let debuggers connect to these functions, or do not any more."""
        with _in_our_words():
            self._cloud.debug(
                [
                    {
                        "name": function.physical,
                        "region": function.region,
                        "port": function.port,
                        "folder": function.name,
                        "wait": function.wait,
                    }
                    for function in functions
                ],
                on=on,
            )


class EmbeddedCloud(EmbeddedControls):
    """`ports.LocalCloud` over the product that the embedded cloud is. Only this module knows both."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        super().__init__(LocalCloudClient(folder))
        self._tell = tell

    def start(self, port: int | None = None) -> str:
        """Start it unless it runs, at a port if one is stated; returns its endpoint."""
        if self._cloud.endpoint() is None:
            self._tell("starting the embedded cloud ...")
        with _in_our_words():
            running = self._cloud.start(port=port)
        if running.before:
            self._tell(
                f"It listens at {running.url} now; the last time it was port {running.before}. Give front ends the"
                " new URLs: accountsctl export"
            )
        return running.url

    def stop_when_idle(self, minutes: float | None) -> None:
        """Stop after so many minutes without a call; None for never."""
        with _in_our_words():
            self._cloud.stop_when_idle(minutes)

    def endpoint(self) -> str | None:
        """Its endpoint where it runs."""
        return self._cloud.endpoint()

    def stop(self) -> bool:
        """Stop it and its children; False if it did not run."""
        with _in_our_words():
            return self._cloud.stop()

    def status(self) -> Mapping[str, Any]:
        """``{running, endpoint, pid, dataDir, services, contents, idleStop, trusted}``."""
        return self._cloud.status()

    def reset(self, *, keep_databases: bool = False) -> str | None:
        """Stop it and delete everything that it holds, or move its state aside and keep the databases."""
        with _in_our_words():
            aside = self._cloud.reset(keep_databases=keep_databases)
        return str(aside) if aside else None

    def credentials(self) -> tuple[str, str]:
        """Access key id and secret access key that it accepts."""
        with _in_our_words():
            return self._cloud.credentials()

    def trust(self) -> bool:
        """Mark its folder as this user's; False if there is none."""
        with _in_our_words():
            return self._cloud.trust()

    def log_files(self) -> Iterator[str]:
        """The paths of its log files."""
        return (str(path) for path in self._cloud.logs())

    def ensure_pool(self, environment: Environment, resource: ResourceId) -> None:
        """Have the pool that the environment imports, under the ids that it imports."""
        ids = environment.imported_ids(resource)
        pool = {
            "userPoolId": ids.get("UserPoolId"),
            "userPoolName": resource.name,
            "clientId": ids.get("AppClientID"),
            "webClientId": ids.get("AppClientIDWeb"),
            "identityPoolId": ids.get("IdentityPoolId"),
        }
        with _in_our_words():
            self._cloud.ensure_pool(environment.region, {key: value for key, value in pool.items() if value})

    def demo_user(self) -> tuple[str, str]:
        """The demo user's name and password."""
        with _in_our_words():
            return self._cloud.demo_user()


class KeptPasswords:
    """The passwords of users that were added to the pools of the embedded cloud in a folder; CloudError if damaged."""

    def __init__(self, folder: Path) -> None:
        self._passwords = UserPasswords(folder)

    def generate(self) -> str:
        """A new one."""
        return self._passwords.generate()

    def get(self, pool_id: str, name: str) -> str | None:
        """That of a user; None if none is kept."""
        with _in_our_words():
            return self._passwords.get(pool_id, name)

    def put(self, pool_id: str, name: str, password: str) -> None:
        """Keep one."""
        with _in_our_words():
            self._passwords.put(pool_id, name, password)

    def forget(self, pool_id: str, name: str) -> None:
        """Remove one, if it is kept."""
        with _in_our_words():
            self._passwords.forget(pool_id, name)


def supported_types() -> Sequence[str]:
    """The CloudFormation types that the embedded cloud supports, sorted."""
    return sorted(SUPPORTED_TYPES)


def list_running() -> Sequence[RunningCloud]:
    """The embedded clouds of this user that run now, of all projects."""
    return list(running_clouds())


def stop_running() -> Sequence[str]:
    """Stop them all; gives their folders."""
    with _in_our_words():
        return [str(data) for data in registry.known() if LocalCloudClient(data).stop()]


def unsupported_parts(template: TemplateBody) -> Sequence[UnsupportedPart]:
    """What the embedded cloud lacks of a template, as its transforms expand it; it need not run for that."""
    return [UnsupportedPart(*lack) for lack in unsupported_in(template)]


__all__ = ["Interpreter", "interpreter_for"]  # what runs functions here, for the check of their syntax


def runs_on(runtime: str) -> str | None:
    """What runs a Lambda runtime here (`Python 3.11`); None if it is the runtime's own version, or nothing."""
    interpreter = interpreter_for(runtime)
    return None if interpreter is None or interpreter.exact else interpreter.name


def postgresql_program() -> str | None:
    """The path of the server that local databases run on; None if there is none."""
    from accountsctl.localcloud.rds_data.postgres.binaries import PostgresError, locate

    try:
        return str(locate() / "postgres")
    except PostgresError:
        return None


def this_host() -> HostTarget:
    """This machine, as the packages of functions are installed for it."""
    pythons = [f"python3.{minor}" for minor in PYTHON_RUNTIMES]
    interpreters = {name: interpreter_for(name) for name in pythons}
    stand_ins = {
        name: f"python{'.'.join(map(str, interpreter.version))}"
        for name, interpreter in interpreters.items()
        if interpreter is not None
    }
    architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    return HostTarget(architecture, stand_ins)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """The embedded cloud is a product of its own, with an error of its own; users meet only ours."""
    try:
        yield
    except LocalCloudError as error:
        raise CloudError(error.what, hint=error.hint, code="LocalCloud") from error
