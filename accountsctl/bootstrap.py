"""The composition root: builds the commands from their adapters, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from accountsctl.adapters.invocation import Adapters, Settings
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import ProjectError

if TYPE_CHECKING:
    from accountsctl.adapters.aws.data_api import DataApiDatabase
    from accountsctl.commands.doctor.checks import CheckUp
    from accountsctl.commands.doctor.inspect import InspectApis
    from accountsctl.commands.doctor.send_probes import SendProbes
    from accountsctl.commands.doctor.sources import ProjectFacts
    from accountsctl.commands.project.rehearse import ProjectEditor
    from accountsctl.commands.stacks.drift import DetectDrift
    from accountsctl.commands.stacks.export import ReadDeployed
    from accountsctl.commands.stacks.outputs import Outputs
    from accountsctl.commands.stacks.push import Push
    from accountsctl.commands.stacks.validate import Validate
    from accountsctl.commands.users.sign_in import Credentials
    from accountsctl.model.assembly import Assembly
    from accountsctl.model.reports import ValidationResult
    from accountsctl.ports.projects import Reading
    from accountsctl.ports.sign_in import Tokens
    from accountsctl.synth.assembling import Rendering


class StackCommands(Adapters):
    """The commands about a project's stacks, and what the others read of them."""

    _omit: tuple[str, ...] = ()

    @cached_property
    def reading(self) -> Reading:
        """The project as this command sees it: read once, for the environment."""
        reading = self.projects.read(self.environment.name)
        if not self._omit:
            return reading
        from accountsctl.synth.omitted import omitting

        return omitting(reading, self._omit)

    @property
    def editor(self) -> ProjectEditor:
        """`add`, `remove` and `import` edit the project through this."""
        from accountsctl.commands.project.rehearse import ProjectEditor

        return ProjectEditor(self.projects, self.reading)

    def assembly(self) -> Assembly:
        """The environment, rendered; ProjectError with all faults of the project. Calls no cloud."""
        from accountsctl.synth import assemble

        return assemble(self.reading, date.today(), self.cache)

    def supported_assembly(self, omit: Sequence[str]) -> Assembly:
        """The environment, rendered; ProjectError also for what its cloud does not support.

        Resources of `omit` are left out, besides those that the environment's file omits.
        """
        from accountsctl.adapters.local_cloud import unsupported_types
        from accountsctl.commands.stacks.supported import refuse_unsupported

        self._omit = tuple(omit)
        rendering = self._rendering()
        if (
            rendering.assembly is None
        ):  # what the later checks find is reported with it, not after it is fixed
            raise ProjectError(self.validation.checked(self.reading, rendering))
        assembly = rendering.assembly
        refuse_unsupported(assembly, self.reading.project, unsupported_types)
        return assembly

    def install_packages(self, *, scripts: bool = False) -> bool:
        """Install the packages of Node functions, with their scripts or without; False if no lock file had changed."""
        from accountsctl.adapters.npm import install_packages

        installed = install_packages(self.root, self.settings.tell, scripts=scripts)
        if installed:
            # What a function packs has changed on disk: the next use reads it again.
            self.__dict__.pop("reading", None)
        return installed

    def validate(self) -> ValidationResult:
        """`validate`."""
        return self.validation.run(self.reading, self._rendering(), self.projects)

    def _rendering(self) -> Rendering:
        from accountsctl.synth.assembling import render_project

        return render_project(self.reading, date.today(), self.cache)

    @property
    def validation(self) -> Validate:
        """The checks of `validate` and before a push."""
        from accountsctl.adapters.cfn_lint import CfnLinter
        from accountsctl.commands.stacks.validate import Validate

        return Validate(CfnLinter(self.cache), date.today())

    def push(self) -> Push:
        """`push`."""
        from accountsctl.commands.stacks.push import Push

        session = self.session
        return Push(
            self.projects,
            self.stacks,
            self.artifacts,
            session,
            self.repairs,
            session.reachable,
            check=lambda intended: self.validation.before_push(self.reading, intended),
        )

    def drift(self) -> DetectDrift:
        """`drift`."""
        from accountsctl.commands.stacks.drift import DetectDrift
        from accountsctl.commands.stacks.states import StackCheck

        return DetectDrift(StackCheck(self.session, self.repairs), self.drift_detection)

    @cached_property
    def deployed_outputs(self) -> Outputs:
        """The environment's outputs, read once."""
        from accountsctl.commands.stacks.outputs import ReadOutputs

        return ReadOutputs(self.reading.project, self.stacks, self.session.reachable).run()

    def read_deployed(self) -> ReadDeployed:
        """`export`."""
        from accountsctl.commands.stacks.export import ReadDeployed

        session = self.session
        return ReadDeployed(self.reading.project, self.stacks, session.reachable, session.endpoint)


class Application(StackCommands):
    """All commands of one invocation."""

    def database(self, name: str | None) -> DataApiDatabase:
        """The Data API on the cluster of an rds resource, with the secret that RDS manages for it."""
        from accountsctl.adapters.aws.data_api import DataApiDatabase
        from accountsctl.commands.database.choose import find_database

        address = find_database(self.reading.project, lambda: self.deployed_outputs, name)
        client, wait = self.session.client("rds-data"), self.settings.wait
        return DataApiDatabase(client, address, waiting=wait)

    def sign_in(self, credentials: Credentials, auth: str | None = None) -> Tokens:
        """Sign in as a user, or as the demo user if no one is named."""
        from accountsctl.commands.users.sign_in import sign_in

        cognito, demo_user = self.cognito, self.cloud.demo_user
        return sign_in(self.environment, credentials, cognito, demo_user, auth)

    def inspect_apis(self) -> InspectApis:
        """Reads what is deployed of the APIs."""
        from accountsctl.commands.doctor.inspect import InspectApis

        return InspectApis(self.reading.project, self.stacks, self.inspector)

    def probing(self) -> SendProbes:
        """Sends the doctor's requests."""
        from accountsctl.adapters.http import HttpClient, address_class
        from accountsctl.commands.doctor.send_probes import SendProbes

        return SendProbes(HttpClient(), address_class)

    def check_up(self) -> CheckUp:
        """`doctor`."""
        from accountsctl.adapters import host
        from accountsctl.commands.doctor.checks import CheckSources, CheckUp
        from accountsctl.commands.doctor.findings import needed
        from accountsctl.commands.project.import_auth import import_problems
        from accountsctl.commands.stacks.outputs import function_names

        environment = self.environment
        return CheckUp(
            CheckSources(
                environment=environment,
                assembly=self.assembly,
                tools=lambda assembly: needed(
                    assembly, environment.cloud, host.python(), host.package, host.program
                ),
                caller=lambda: self.session.caller(),
                stacks=lambda: self.stacks,
                pool_problems=lambda: import_problems(environment, self.pools),
                look=lambda: self.inspect_apis().look(),
                functions=lambda: function_names(self.deployed_outputs),
                telemetry=lambda: self.telemetry,
                now=lambda: datetime.now(UTC),
            )
        )

    def project_facts(self) -> ProjectFacts:
        """`doctor cors` on the project."""
        from accountsctl.commands.doctor.sources import ProjectFacts
        from accountsctl.commands.users.sign_in import Credentials

        name, local = self.environment.name, self.environment.cloud is Cloud.LOCAL
        return ProjectFacts(
            project=self.reading.project,
            assembly=self.assembly,
            deployed=lambda: self.inspect_apis().run(name),
            outputs=lambda: self.deployed_outputs,
            token=lambda: self.sign_in(Credentials()).id_token,
            asleep=local and self.cloud.endpoint() is None,
        )


def wire(directory: str, environment: str | None = None) -> Application:
    """The commands for the project in `directory`."""
    return Application(Settings(Path(directory), environment))
