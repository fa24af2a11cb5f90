"""The adapters of one invocation of the command line, each built when it is first used.

What is heavy (boto3, the embedded cloud) is imported inside the method that needs it, so that a command pays only
for what it uses.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast

from accountsctl.formats.layout import LOCAL_STATE
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.ports.projects import Projects

if TYPE_CHECKING:
    from accountsctl.adapters.aws.artifacts import S3Artifacts
    from accountsctl.adapters.aws.data_api import DataApiDatabase
    from accountsctl.adapters.aws.drift import CloudFormationDrift
    from accountsctl.adapters.aws.follow import Pace
    from accountsctl.adapters.aws.inspector import AwsInspector
    from accountsctl.adapters.aws.session import Session
    from accountsctl.adapters.aws.stack_repairs import CloudFormationRepairs
    from accountsctl.adapters.aws.stacks import CloudFormationStacks
    from accountsctl.adapters.cfn_lint import CfnLinter
    from accountsctl.adapters.host import ThisHost
    from accountsctl.adapters.local_cloud import EmbeddedCloud
    from accountsctl.adapters.packaging.store import PackageStore
    from accountsctl.adapters.project_files.workspace import FileWorkspace
    from accountsctl.adapters.syntax import InstalledSyntax
    from accountsctl.adapters.template_cache import CompiledFolder
    from accountsctl.model.template_body import TemplateBody, UnsupportedPart
    from accountsctl.ports.database import DatabaseAddress
    from accountsctl.ports.pools import Pools
    from accountsctl.ports.sign_in import SignIn


NOWHERE = "http://127.0.0.1:1"
"""The endpoint of a cloud that does not run: no call leaves this process."""


def _drop(_: str) -> None:
    """Drop a message that no one reads."""


Waiting = Callable[[str], AbstractContextManager[object]]


@dataclass(frozen=True)
class Settings:
    """What the command line states. `role` is the ARN of the role that CloudFormation takes on.

    `tell` takes a message (the embedded cloud is starting); `wait` shows a message while a block runs (a database
    resumes), `busy` on a terminal alone (templates are checked). `trace` takes a line for each call to AWS.
    """

    directory: Path
    environment: str | None = None
    profile: str | None = None
    region: str | None = None
    tell: Callable[[str], None] = _drop
    wait: Waiting = nullcontext
    busy: Waiting = nullcontext
    role: str | None = None
    trace: Callable[[str], None] | None = None


def _leave_out_crt() -> None:
    """Let the SDK do without the AWS runtime in C, 50 ms of every command, before it is imported.

    Only the credentials of ``aws login`` need it, and the embedded cloud has keys of its own. A module that is None
    cannot be imported: https://docs.python.org/3/library/sys.html#sys.modules
    """
    sys.modules.setdefault("awscrt", cast(ModuleType, None))


def chosen_environment(projects: Projects, name: str | None) -> Environment:
    """The environment called `name`, or the checked-out one; UsageError if there is neither."""
    name = name or projects.checked_out()
    if name is None and not projects.environments():
        raise UsageError(
            "The project has no environment yet.",
            why="This command works on the stacks of one.",
            hint="Add one: accountsctl init (it reads the environments of Amplify, if there are any).",
        )
    if name is None:
        raise UsageError(
            "No environment is checked out.",
            why=f"The project has: {', '.join(projects.environments()) or 'none'}.",
            hint="Check one out (accountsctl env checkout dev), or name it with --env.",
        )
    return projects.environment(name)


class ProjectAdapters:
    """The adapters for a project on this machine; none of them calls a cloud."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def root(self) -> Path:
        """The project's folder."""
        from accountsctl.adapters.project_files.store import find_root

        return find_root(self.settings.directory)

    @cached_property
    def projects(self) -> FileWorkspace:
        """The project on disk."""
        from accountsctl.adapters.project_files.workspace import FileWorkspace

        return FileWorkspace(self.root)

    @cached_property
    def environment(self) -> Environment:
        """The environment that the command is about: ``--env``, or the checked-out one."""
        return chosen_environment(self.projects, self.settings.environment)

    @cached_property
    def cloud(self) -> EmbeddedCloud:
        """The project's embedded cloud; not started."""
        from accountsctl.adapters.local_cloud import EmbeddedCloud

        return EmbeddedCloud(self.root / LOCAL_STATE, self.settings.tell)

    @property
    def cloud_is_new(self) -> bool:
        """Whether the environment's cloud is an embedded one that was never used: it holds nothing."""
        folder = self.root / LOCAL_STATE
        return self.environment.cloud is Cloud.LOCAL and not any(
            (folder / name).exists() for name in ("state", "state.previous", "postgres", "cloud.json")
        )

    @property
    def cache(self) -> CompiledFolder:
        """What is kept between commands of templates: their compiled form, and what cfn-lint found."""
        from accountsctl.adapters.template_cache import CompiledFolder, cache_folder

        return CompiledFolder(cache_folder())

    @property
    def linter(self) -> CfnLinter:
        """cfn-lint, in this process."""
        from accountsctl.adapters.cfn_lint import CfnLinter

        return CfnLinter(self.cache, self.settings.busy)

    @property
    def unsupported_parts(self) -> Callable[[TemplateBody], Sequence[UnsupportedPart]]:
        """What the embedded cloud lacks of a template."""
        from accountsctl.adapters.local_cloud import unsupported_parts

        return unsupported_parts

    @property
    def packages(self) -> PackageStore:
        """The packages of functions, in the user's cache."""
        from accountsctl.adapters.local_cloud import this_host
        from accountsctl.adapters.packaging.store import PackageStore
        from accountsctl.adapters.packaging.tools import Tools
        from accountsctl.adapters.template_cache import cache_folder

        return PackageStore(cache_folder() / "packages", Tools(), this_host, self.root)

    @property
    def syntax(self) -> InstalledSyntax:
        """The interpreters of this machine, for the syntax of functions' code."""
        from accountsctl.adapters.syntax import InstalledSyntax

        return InstalledSyntax()

    @property
    def host(self) -> ThisHost:
        """The machine that the command runs on."""
        from accountsctl.adapters.host import ThisHost

        return ThisHost()


class Adapters(ProjectAdapters):
    """The adapters for a project, and for the cloud of one of its environments.

    `only_reads`: the command changes nothing, so an embedded cloud that does not run is not started: what it had
    saved is read.
    """

    only_reads = False

    @cached_property
    def session(self) -> Session:
        """Credentials and clients of the environment's cloud. Starts the embedded cloud if it is that one."""
        environment = self.environment
        if environment.cloud is Cloud.LOCAL:
            _leave_out_crt()
        session = self._session(environment)
        session.trace = self.settings.trace
        return session

    def _session(self, environment: Environment) -> Session:
        from accountsctl.adapters.aws.session import Session

        region = self.settings.region or environment.region
        role = self.settings.role or environment.role_arn
        if environment.cloud is not Cloud.LOCAL:
            return Session(region, profile=self.settings.profile or environment.profile, role=role)
        if self.only_reads and self.cloud.endpoint() is None:
            from accountsctl.adapters.local_cloud import saved_stacks

            return Session(region, endpoint=NOWHERE, role=role, answers=saved_stacks(self.root / LOCAL_STATE))
        endpoint = self.cloud.start()
        for name in environment.imported.get("auth", {}):
            self.cloud.ensure_pool(environment, ResourceId("auth", name))
        return Session(region, endpoint=endpoint, key=self.cloud.credentials(), role=role)

    @cached_property
    def stacks(self) -> CloudFormationStacks:
        """CloudFormation in the environment's cloud."""
        from accountsctl.adapters.aws.stacks import CloudFormationStacks

        return CloudFormationStacks(self.session, self._pace, where=self._where)

    @cached_property
    def repairs(self) -> CloudFormationRepairs:
        """States of stacks, and the ways out of them."""
        from accountsctl.adapters.aws.stack_repairs import CloudFormationRepairs

        return CloudFormationRepairs(self.session, self._pace, where=self._where)

    @property
    def _where(self) -> str:
        """The cloud's name in sentences."""
        return "the embedded cloud" if self.environment.cloud is Cloud.LOCAL else "AWS"

    @property
    def drift_detection(self) -> CloudFormationDrift:
        """CloudFormation's comparison of what runs with its templates."""
        from accountsctl.adapters.aws.drift import CloudFormationDrift

        return CloudFormationDrift(self.session, self._pace)

    @property
    def _pace(self) -> Pace:
        """How often to poll: an endpoint of our own responds at once."""
        from accountsctl.adapters.aws.follow import Pace

        return Pace() if self.session.endpoint is None else Pace(0.1, 1.0)

    @property
    def artifacts(self) -> S3Artifacts:
        """The deployment bucket."""
        from accountsctl.adapters.aws.artifacts import S3Artifacts

        return S3Artifacts(self.session)

    def data_api(self, address: DatabaseAddress) -> DataApiDatabase:
        """The Data API of a database."""
        from accountsctl.adapters.aws.data_api import DataApiDatabase

        return DataApiDatabase(self.session.client("rds-data"), address, waiting=self.settings.wait)

    @property
    def inspector(self) -> AwsInspector:
        """What AWS reports about the environment's APIs."""
        from accountsctl.adapters.aws.inspector import AwsInspector

        return AwsInspector(self.session)

    @property
    def pools(self) -> Pools | None:
        """Cognito to import from; None in a local environment, whose pools the embedded cloud creates."""
        if self.environment.cloud is Cloud.LOCAL:
            return None
        from accountsctl.adapters.aws.pools import CognitoPools

        return CognitoPools(self.session)

    @property
    def cognito(self) -> SignIn:
        """Cognito, as an application's client."""
        from accountsctl.adapters.aws.cognito import CognitoSignIn, unsigned_client

        session = self.session
        return CognitoSignIn(lambda region: unsigned_client(session.sdk, region, session.endpoint))
