"""The composition root: builds adapters and commands from settings, each on first use.

Everything that is heavy (boto3, the embedded cloud, jinja2) is imported here and below, inside the method
that needs it, so that a command pays only for what it uses.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accountsctl.formats.layout import LOCAL_STATE
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.model.names import ResourceId

if TYPE_CHECKING:
    from accountsctl.adapters.aws.data_api import DataApiDatabase
    from accountsctl.adapters.aws.session import Session
    from accountsctl.adapters.aws.stacks import CloudFormationStacks
    from accountsctl.adapters.local_cloud import EmbeddedCloud
    from accountsctl.adapters.project_files.templates import FileTemplates
    from accountsctl.adapters.project_files.workspace import FileWorkspace
    from accountsctl.commands.doctor.checks import CheckUp
    from accountsctl.commands.doctor.cors import Sources
    from accountsctl.commands.doctor.findings import Tool
    from accountsctl.commands.doctor.inspect import InspectApis
    from accountsctl.commands.doctor.send_probes import SendProbes
    from accountsctl.commands.stacks.delete import Teardown
    from accountsctl.commands.stacks.export_openapi import DescribeApi
    from accountsctl.commands.stacks.outputs import ReadOutputs
    from accountsctl.commands.stacks.push import Push
    from accountsctl.commands.stacks.status import ReadStatus, Render
    from accountsctl.commands.users.page import Page
    from accountsctl.doctor.facts.model import Api
    from accountsctl.formats.frontend.exports import Deployed
    from accountsctl.model.assembly import Assembly
    from accountsctl.model.project import ResourceSource
    from accountsctl.ports.page_server import PageServer
    from accountsctl.ports.pools import Pools
    from accountsctl.ports.projects import Reading
    from accountsctl.ports.sign_in import Tokens
    from accountsctl.ports.telemetry import Telemetry


def _silent(_: str) -> None:
    """Drop a message that no one reads."""


@dataclass(frozen=True)
class Settings:
    """What the command line states. `tell` takes a message (the embedded cloud is starting); `wait` shows a message
    while a block runs (a database resumes)."""

    directory: Path
    environment: str | None = None
    profile: str | None = None
    region: str | None = None
    tell: Callable[[str], None] = _silent
    wait: Callable[[str], AbstractContextManager[object]] = nullcontext


class Application:
    """Adapters and commands of one invocation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def root(self) -> Path:
        """The project's folder."""
        from accountsctl.adapters.project_files.store import find_root

        return find_root(self._settings.directory)

    @cached_property
    def projects(self) -> FileWorkspace:
        """The project on disk."""
        from accountsctl.adapters.project_files.workspace import FileWorkspace

        return FileWorkspace(self.root)

    @cached_property
    def templates(self) -> FileTemplates:
        """The package's templates, and YAML changed in place."""
        from accountsctl.adapters.project_files.templates import FileTemplates

        return FileTemplates()

    @cached_property
    def environment(self) -> Environment:
        """The environment that this invocation is about: ``--env``, or the checked-out one."""
        name = self._settings.environment or self.projects.checked_out()
        if name is None:
            raise UsageError(
                "No environment is checked out.",
                why=f"The project has: {', '.join(self.projects.environments()) or 'none'}.",
                hint="Check one out (accountsctl env checkout dev), or name it with --env.",
            )
        return self.projects.environment(name)

    @cached_property
    def reading(self) -> Reading:
        """The project as this command sees it: read once, for the environment."""
        return self.projects.read(self.environment.name)

    def install_packages(self) -> bool:
        """Have the packages of Node functions in place; False if no lock file had changed."""
        from accountsctl.adapters.npm import install_packages

        installed = install_packages(self.root, self._settings.tell)
        if installed:
            # What a function packs has changed on disk: the next use reads it again.
            self.__dict__.pop("reading", None)
        return installed

    def assembly(self) -> Assembly:
        """The environment, rendered; ProjectError with all faults of the project. Asks nothing of any cloud."""
        from accountsctl.adapters.template_cache import CompiledFolder, cache_folder
        from accountsctl.synth import assemble

        kept = CompiledFolder(cache_folder())
        return assemble(self.reading, date.today(), kept)

    @cached_property
    def cloud(self) -> EmbeddedCloud:
        """The project's embedded cloud; not started."""
        from accountsctl.adapters.local_cloud import EmbeddedCloud

        return EmbeddedCloud(self.root / LOCAL_STATE, self._settings.tell)

    @cached_property
    def session(self) -> Session:
        """Credentials and clients of the environment's cloud. Starts the embedded cloud where it is that."""
        from accountsctl.adapters.aws.session import Session

        environment = self.environment
        region = self._settings.region or environment.region
        if environment.cloud is Cloud.LOCAL:
            endpoint = self.cloud.start()
            self._have_imported_pools(environment)
            return Session(region, endpoint=endpoint)
        return Session(region, profile=self._settings.profile or environment.profile)

    @cached_property
    def stacks(self) -> CloudFormationStacks:
        """CloudFormation in the environment's cloud."""
        from accountsctl.adapters.aws.follow import Pace
        from accountsctl.adapters.aws.stacks import CloudFormationStacks

        quick = self.session.endpoint is not None
        return CloudFormationStacks(self.session, Pace(0.1, 1.0) if quick else Pace())

    def push(self) -> Push:
        """The push."""
        from accountsctl.adapters.aws.artifacts import S3Artifacts
        from accountsctl.commands.stacks.push import Push

        session = self.session
        return Push(self.projects, self.stacks, S3Artifacts(session), session, session.reachable)

    def status(self) -> ReadStatus:
        """`status`, which never starts an embedded cloud only to ask it."""
        from accountsctl.commands.stacks.status import ReadStatus

        def stacks() -> CloudFormationStacks | None:
            asleep = self.environment.cloud is Cloud.LOCAL and self.cloud.endpoint() is None
            return None if asleep else self.stacks

        return ReadStatus(stacks)

    def render(self) -> Render:
        """`render`."""
        from accountsctl.commands.stacks.status import Render

        return Render(self.projects)

    def teardown(self) -> Teardown:
        """`delete` and `recover`."""
        from accountsctl.adapters.aws.artifacts import S3Artifacts
        from accountsctl.commands.stacks.delete import Teardown

        return Teardown(self.stacks, S3Artifacts(self.session), self.session)

    def deployed(self) -> Deployed:
        """What is deployed of the environment, for `export`."""
        from accountsctl.commands.stacks.export import ReadDeployed

        session = self.session
        return ReadDeployed(self.projects, self.stacks, session.reachable, session.endpoint).run(
            self.environment
        )

    @property
    def describe_api(self) -> DescribeApi:
        """`export --format openapi`."""
        from accountsctl.adapters.aws.api_exports import AwsApiExports
        from accountsctl.commands.stacks.export_openapi import DescribeApi

        return DescribeApi(
            self.projects, lambda: self.deployed_outputs, AwsApiExports(self.session), self._settings.tell
        )

    def page(self, port: int | None) -> Page:
        """The accounts page for what is deployed, for `ui`."""
        from accountsctl.adapters.page_server import built_page
        from accountsctl.commands.users.page import first_api_origins, prepare

        return prepare(self.deployed(), built_page(), first_api_origins(self.reading.project), port)

    def page_server(self) -> PageServer:
        """What serves that page."""
        from accountsctl.adapters.page_server import LoopbackServer

        return LoopbackServer()

    def how_to_sign_in(self) -> tuple[str, ...]:
        """Who can sign in where nobody else is known; the password itself is never shown."""
        if self.environment.cloud is not Cloud.LOCAL:
            return ()
        name, _ = self.cloud.demo_user()
        return (f"Sign in as {name}; the password is in {LOCAL_STATE}/demo-user.json.",)

    def pools(self) -> Pools | None:
        """Cognito to import from; None on the embedded cloud, which makes the pools that are imported."""
        if self.environment.cloud is Cloud.LOCAL:
            return None
        from accountsctl.adapters.aws.pools import CognitoPools

        return CognitoPools(self.session)

    def import_problems(self) -> tuple[str, ...]:
        """What has drifted of the pools that the environment imports, as sentences."""
        from accountsctl.commands.project.import_auth import problems

        pools, tables = self.pools(), self.environment.imported.get("auth", {})
        return tuple(each for ids in tables.values() for each in problems(ids, pools)) if pools else ()

    def inspect_apis(self) -> InspectApis:
        """What AWS tells of the deployed APIs."""
        from accountsctl.adapters.aws.inspector import AwsInspector
        from accountsctl.commands.doctor.inspect import InspectApis

        return InspectApis(self.projects, self.stacks, AwsInspector(self.session))

    def check_up(self) -> CheckUp:
        """`doctor`: everything worth a look."""
        from datetime import UTC, datetime

        from accountsctl.commands.doctor.checks import CheckUp, Sources
        from accountsctl.commands.stacks.outputs import function_names

        local = self.environment.cloud is Cloud.LOCAL
        return CheckUp(
            Sources(
                environment=self.environment,
                assembly=self.assembly,
                tools=self._tools,
                caller=lambda: self.session.caller(),
                stacks=lambda: self.stacks,
                pool_problems=lambda: None if local else self.import_problems(),
                look=lambda: self.inspect_apis().look(self.environment.name),
                functions=lambda: function_names(self.deployed_outputs),
                telemetry=self._telemetry,
                now=lambda: datetime.now(UTC),
            )
        )

    def _tools(self, assembly: Assembly | None) -> Iterable[Tool]:
        from accountsctl.adapters import host as machine
        from accountsctl.commands.doctor.findings import needed

        return needed(assembly, self.environment.cloud, machine.python(), machine.package, machine.program)

    def _telemetry(self) -> Telemetry:
        from accountsctl.adapters.host import FunctionLogs, summary

        if self.environment.cloud is Cloud.LOCAL:
            return FunctionLogs(self.cloud.log_files)
        from accountsctl.adapters.aws.telemetry import CloudWatch

        return CloudWatch(self.session, summary)

    def probing(self) -> SendProbes:
        """Sends the doctor's requests."""
        from accountsctl.adapters.http import HttpClient, address_class
        from accountsctl.commands.doctor.send_probes import SendProbes

        return SendProbes(HttpClient(), address_class)

    def outputs(self) -> ReadOutputs:
        """`outputs`."""
        from accountsctl.commands.stacks.outputs import ReadOutputs

        return ReadOutputs(self.projects, self.stacks, self.session.reachable)

    @cached_property
    def deployed_outputs(self) -> Mapping[str, Mapping[str, str]]:
        """The environment's outputs, read once."""
        return self.outputs().run(self.environment.name)

    def database_source(self, name: str | None) -> ResourceSource:
        """The files of an rds resource: the one called `name`, or the only one."""
        from accountsctl.commands.database.choose import database_source

        return database_source(self.reading, name)

    def database(self, name: str | None) -> DataApiDatabase:
        """The Data API on that resource's cluster, with the secret that RDS manages for it."""
        from accountsctl.adapters.aws.data_api import DataApiDatabase
        from accountsctl.commands.database.choose import database_address, database_id

        # An unknown name is reported before the cloud is called.
        database_id(self.reading.project, name)
        address = database_address(self.reading.project, self.deployed_outputs, name)
        client = self.session.client("rds-data")
        return DataApiDatabase(
            client, address.cluster, address.secret, address.name, waiting=self._settings.wait
        )

    def sign_in(self, given: tuple[str | None, str | None], auth: str | None) -> Tokens:
        """Sign in with a name and a password, or as the demo user where those are None."""
        from accountsctl.adapters.aws.cognito import CognitoSignIn, unsigned_client
        from accountsctl.commands.users.sign_in import Credentials, sign_in

        environment, session = self.environment, self.session
        port = CognitoSignIn(lambda region: unsigned_client(session.boto3, region, session.endpoint))
        resource = f"auth/{auth.removeprefix('auth/')}" if auth else None
        return sign_in(environment, {}, Credentials(*given), port, self.cloud.demo_user, resource)

    def sources(self, templates: Sequence[Path], layers: frozenset[str]) -> Sources:
        """Where `doctor cors` looks: the given templates, or the project in all the layers that were asked for."""
        from accountsctl.commands.doctor.cors import Sources, page_origins
        from accountsctl.commands.stacks.outputs import root_urls
        from accountsctl.doctor.facts.places import Layer

        send = self.probing().run if "live" in layers else None
        trusted = frozenset(Layer(each) for each in layers)
        if templates:
            return Sources(static=lambda: self.given(templates), send=send, trusted=trusted)
        if not self._is_project():
            return Sources(send=send)
        local = self.environment.cloud is Cloud.LOCAL
        asleep = local and self.cloud.endpoint() is None
        return Sources(
            static=self._own_apis,
            deployed=(self._refuse_asleep if asleep else self._deployed_apis)
            if "deployed" in layers
            else None,
            roots=(lambda: root_urls(self.deployed_outputs))
            if layers & {"deployed", "live"} and not asleep
            else None,
            send=send,
            origins=page_origins(self.reading.project),
            token=self._demo_token if local and not asleep else None,
            trusted=trusted,
        )

    def _refuse_asleep(self) -> Sequence[Api]:
        raise CloudError("The embedded cloud does not run.", why="accountsctl push starts it.")

    def _is_project(self) -> bool:
        """True within a project; outside of one a URL or a recording is all there is to look at."""
        try:
            return bool(self.root)
        except UsageError:
            return False

    def _deployed_apis(self) -> Sequence[Api]:
        return self.inspect_apis().run(self.environment.name, self.environment.name)

    def _demo_token(self) -> str:
        """An ID token of the embedded cloud's demo user."""
        return self.sign_in((None, None), None).id_token

    def given(self, templates: Sequence[Path]) -> Sequence[Api]:
        """The APIs of templates that were named."""
        from accountsctl.doctor.facts.templates import read_templates

        return read_templates({str(path): path.read_text("utf-8") for path in templates})

    def _own_apis(self) -> Sequence[Api]:
        from accountsctl.doctor.facts.templates.project import read_project

        return read_project(self.assembly(), self.reading.project)

    def _have_imported_pools(self, environment: Environment) -> None:
        for name in environment.imported.get("auth", {}):
            self.cloud.ensure_pool(environment, ResourceId("auth", name))


def wire(directory: str | None, **settings: Any) -> Application:
    """A `Application` for the project in `directory` (default: here)."""
    return Application(Settings(Path(directory or os.curdir), **settings))
