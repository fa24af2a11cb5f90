"""The composition root: builds the commands from their adapters, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from accountsctl.adapters.running_functions import RunningFunctions

if TYPE_CHECKING:
    from accountsctl.adapters.aws.data_api import DataApiDatabase
    from accountsctl.commands.doctor.checks import CheckUp
    from accountsctl.commands.doctor.inspect import InspectApis
    from accountsctl.commands.doctor.sources import ProjectFacts
    from accountsctl.commands.project.rehearse import ProjectEditor
    from accountsctl.commands.stacks.adopt import Adopt
    from accountsctl.commands.stacks.drift import DetectDrift
    from accountsctl.commands.stacks.endpoints import DeployedHttp
    from accountsctl.commands.stacks.export import ReadDeployed
    from accountsctl.commands.stacks.outputs import Outputs
    from accountsctl.commands.stacks.push import Push
    from accountsctl.commands.stacks.rendered_project import RenderedProject
    from accountsctl.commands.stacks.validate import Validate
    from accountsctl.commands.users.sign_in import Credentials
    from accountsctl.ports.projects import Reading
    from accountsctl.ports.sign_in import Tokens


class StackCommands(RunningFunctions):
    """The commands about a project's stacks, and what the others read of them."""

    @cached_property
    def rendered(self) -> RenderedProject:
        """The project, for the environment."""
        from accountsctl.commands.stacks.rendered_project import RenderedProject

        name, packages = self.environment.name, self.packages
        return RenderedProject(self.projects, name, self.cache, self.validation, packages)

    @property
    def reading(self) -> Reading:
        """The project as this command sees it: read once."""
        return self.rendered.reading

    @property
    def editor(self) -> ProjectEditor:
        """`add`, `remove` and `import` edit the project through this."""
        from accountsctl.commands.project.rehearse import ProjectEditor

        return ProjectEditor(self.projects, self.reading)

    @property
    def validation(self) -> Validate:
        """The checks of `validate` and before a push."""
        from accountsctl.commands.stacks.validate import Validate

        return Validate(self.linter, syntax=self.syntax)

    def push(self, *, watching: bool = False) -> Push:
        """`push`; `watching`: one of `push --watch`."""
        from accountsctl.commands.stacks.push import Push
        from accountsctl.commands.stacks.running_code import RunningCode

        session = self.session  # first: it decides what of the SDK is loaded
        code = RunningCode(self.repairs, self.function_codes, self.artifacts, watching)
        ports = (self.projects, self.stacks, self.artifacts, session, self.repairs, code)
        return Push(*ports, session.reachable, check=partial(self.validation.before_push, self.reading))

    def drift(self) -> DetectDrift:
        """`drift`."""
        from accountsctl.commands.stacks.drift import CodeDrift, DetectDrift, StackCheck

        code = CodeDrift(self.stacks, self.repairs, self.function_codes, self.artifacts)
        return DetectDrift(StackCheck(self.session, self.repairs), self.drift_detection, code)

    def adopt(self) -> Adopt:
        """`adopt`."""
        from accountsctl.commands.stacks.adopt import Adopt

        return Adopt(self.projects, self.stacks, self.repairs, self.session)

    @cached_property
    def deployed_outputs(self) -> Outputs:
        """The environment's outputs, read once."""
        from accountsctl.commands.stacks.outputs import ReadOutputs

        return ReadOutputs(self.reading.project, self.stacks, self.session.reachable).run()

    def read_deployed(self) -> ReadDeployed:
        """`export`."""
        from accountsctl.commands.stacks.export import ReadDeployed

        return ReadDeployed(self.reading.project, self.stacks, self.session.reachable, self.session.endpoint)


class Application(StackCommands):
    """All commands of one invocation."""

    def database(self, name: str | None) -> DataApiDatabase:
        """The Data API on the cluster of an rds resource, with the secret that RDS manages for it."""
        from accountsctl.commands.database.choose import find_database

        return self.data_api(find_database(self.reading.project, self, name))

    def sign_in(self, credentials: Credentials | None = None, auth: str | None = None) -> Tokens:
        """Sign in as a user, or as the demo user if no one is named."""
        from accountsctl.commands.users.sign_in import Credentials, sign_in

        given = replace(credentials or Credentials(), kept=self.local_users.password)
        return sign_in(self.environment, given, self.cognito, self.cloud.demo_user, auth, self)

    def inspect_apis(self) -> InspectApis:
        """Reads what is deployed of the APIs."""
        from accountsctl.commands.doctor.inspect import InspectApis

        return InspectApis(self.reading.project, self.stacks, self.inspector)

    @property
    def deployed_http(self) -> DeployedHttp:
        """The APIs and function URLs of the environment."""
        from accountsctl.commands.stacks.endpoints import DeployedHttp

        return DeployedHttp(self.reading.project, self.stacks, self.repairs, self.endpoints, self.api_log)

    def check_up(self) -> CheckUp:
        """`doctor`."""
        from accountsctl.commands.doctor.check_sources import sources_of
        from accountsctl.commands.doctor.checks import CheckUp
        from accountsctl.commands.doctor.findings import needed
        from accountsctl.commands.doctor.project.review import project_review

        review = project_review(self.rendered, self.projects, self.unsupported_parts).run
        return CheckUp(sources_of(self, review, partial(needed, self.environment.cloud, self.host)))

    def project_facts(self) -> ProjectFacts:
        """`doctor cors` on the project."""
        from accountsctl.commands.doctor.sources import ProjectFacts
        from accountsctl.commands.stacks.status import is_asleep

        return ProjectFacts(
            project=self.reading.project,
            assembly=self.rendered.assembly,
            deployed=lambda: self.inspect_apis().run(self.environment.name),
            outputs=lambda: self.deployed_outputs,
            endpoints=lambda: self.deployed_http.all(),
            token=lambda: self.sign_in().id_token,
            asleep=is_asleep(self.environment, self.cloud),
        )
