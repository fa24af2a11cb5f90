"""The commands over a cloud that fails, what they say, and what is so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.artifacts import S3Artifacts
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.function_code import LambdaCode
from accountsctl.adapters.aws.stack_repairs import CloudFormationRepairs
from accountsctl.adapters.aws.stacks import CloudFormationStacks
from accountsctl.commands.stacks.delete import Teardown
from accountsctl.commands.stacks.push import Push
from accountsctl.commands.stacks.recover import Recover
from accountsctl.commands.stacks.running_code import RunningCode
from accountsctl.commands.stacks.states import StackCheck
from accountsctl.commands.stacks.status import ReadStatus
from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import AccountsctlError
from accountsctl.model.events import Event, Listener, Note, PushResult
from accountsctl.model.reports import Status
from accountsctl.ports.stack_repairs import NestedStack
from tests.local.recovery.cloud import FaultySession, RecoveryCloud
from tests.local.recovery.faults import FaultPlan, Killed
from tests.local.recovery.project import STACK, SmallProject

PACE = Pace(1.0, 5.0)


@dataclass(frozen=True)
class Said:
    """What a command left a user with. `code` is None for a command that was killed."""

    code: int | None
    error: AccountsctlError | KeyboardInterrupt | None
    notes: Sequence[str]
    result: Any = None

    @property
    def text(self) -> str:
        """All of it."""
        error = self.error
        lines = [error.what, error.why, error.hint] if isinstance(error, AccountsctlError) else []
        return "\n".join([*self.notes, *filter(None, lines)])


@dataclass
class Shell:
    """A project, its cloud, a clock that only waiting moves, and what the last command said.

    `shows` also hears what it says; `interrupts_sleep` is Ctrl-C at its next wait.
    """

    project: SmallProject
    cloud: RecoveryCloud
    heard: list[Event] = field(default_factory=list)
    shows: Listener | None = None
    interrupts_sleep: bool = False

    def execute(self, command: Callable[[FaultySession], Any], plan: FaultPlan | None) -> Said:
        """Run a command to its end, whatever that is."""
        self.heard.clear()
        session = FaultySession(self.cloud, plan or FaultPlan())
        try:
            result = command(session)
            return Said(0, None, self._notes, result)
        except AccountsctlError as error:
            return Said(error.exit_code, error, self._notes)
        except KeyboardInterrupt as error:
            return Said(130, error, self._notes)
        except Killed:
            return Said(None, None, self._notes)

    def hear(self, event: Event) -> None:
        """Take an event in."""
        self.heard.append(event)
        if self.shows is not None:
            self.shows(event)

    def _agree(self, question: str) -> None:
        self.hear(Note(question))

    def _sleep(self, seconds: float) -> None:
        if self.interrupts_sleep:
            self.interrupts_sleep = False
            raise KeyboardInterrupt
        self.cloud.settle(seconds)

    def stacks(self, session: FaultySession) -> CloudFormationStacks:
        """CloudFormation, as a command has it."""
        return CloudFormationStacks(session, PACE, self._sleep, clock=lambda: self.now)

    def repairs(self, session: FaultySession | None = None) -> CloudFormationRepairs:
        """States of stacks; without faults if no session is given."""
        session = session or FaultySession(self.cloud, FaultPlan())
        return CloudFormationRepairs(session, PACE, self._sleep, clock=lambda: self.now)

    @property
    def now(self) -> float:
        """The seconds that have passed."""
        return self.cloud.now

    @property
    def _notes(self) -> Sequence[str]:
        return [event.text for event in self.heard if isinstance(event, Note)]


class RecoveryWorld(Shell):
    """The commands."""

    def push(self, assembly: Assembly, plan: FaultPlan | None = None) -> Said:
        """`push --yes`."""

        def run(session: FaultySession) -> PushResult:
            return self._push(session).run(assembly, lambda _: None, self.hear)

        return self.execute(run, plan)

    def _push(self, session: FaultySession) -> Push:
        artifacts, repairs = S3Artifacts(session), self.repairs(session)
        code = RunningCode(repairs, LambdaCode(session), artifacts)
        ports = (self.project.projects, self.stacks(session), artifacts, session, repairs, code)
        return Push(*ports, lambda url: url, clock=lambda: self.now)

    def delete(self, assembly: Assembly, plan: FaultPlan | None = None) -> Said:
        """`delete --yes --confirm dev`; the result is whether there was anything to delete."""

        def run(session: FaultySession) -> bool:
            artifacts = S3Artifacts(session)
            teardown = Teardown(self.stacks(session), self.repairs(session), artifacts, session)
            target = teardown.target(assembly.environment, self.hear)
            if target is not None:
                teardown.run(target, self.hear)
            return target is not None

        return self.execute(run, plan)

    def recover(self, assembly: Assembly, *skip: str, plan: FaultPlan | None = None) -> Said:
        """`recover --yes`."""

        def run(session: FaultySession) -> str:
            recover = Recover(self.repairs(session), S3Artifacts(session), session)
            return recover.run(assembly.environment, skip, self._agree, self.hear)

        return self.execute(run, plan)

    def remove_orphans(self, assembly: Assembly) -> Said:
        """`recover --orphans --yes`."""

        def run(session: FaultySession) -> Sequence[NestedStack]:
            recover = Recover(self.repairs(session), S3Artifacts(session), session)
            found = recover.orphans(assembly.environment)
            recover.remove(found, self.hear)
            return found

        return self.execute(run, None)

    def dry_run(self, assembly: Assembly) -> Said:
        """`push --dry-run`."""

        def run(session: FaultySession) -> Any:
            return self._push(session).plan(assembly)

        return self.execute(run, None)

    def status(self, assembly: Assembly) -> Status:
        """`status`, without faults."""
        session = FaultySession(self.cloud, FaultPlan())
        cloud = self.stacks(session), StackCheck(session, self.repairs(session))
        return ReadStatus(lambda: cloud).run(assembly)


class Clients(Protocol):
    """A cloud as another tool has it."""

    def client(self, service: str) -> Any:
        """A client of a service."""


@dataclass(frozen=True)
class Truth:
    """What AWS's own calls report: DescribeStacks, DescribeDBClusters and the bucket."""

    cloud: Clients

    @property
    def stack(self) -> dict[str, Any] | None:
        """The root; None if there is none."""
        try:
            found: dict[str, Any] = self._client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][
                0
            ]
        except ClientError:
            return None
        return found

    @property
    def status(self) -> str:
        """The root's status; empty if there is no root."""
        stack = self.stack
        return str(stack["StackStatus"]) if stack else ""

    @property
    def template(self) -> Any:
        """The root's template."""
        body = self._client("cloudformation").get_template(StackName=STACK, TemplateStage="Original")
        return body["TemplateBody"]

    @property
    def clusters(self) -> list[str]:
        """The clusters' identifiers."""
        return [it["DBClusterIdentifier"] for it in self._client("rds").describe_db_clusters()["DBClusters"]]

    @property
    def identity(self) -> list[str]:
        """What tells a cluster from another one of the same name: its data are those of this id."""
        return [it["DbClusterResourceId"] for it in self._client("rds").describe_db_clusters()["DBClusters"]]

    @property
    def buckets(self) -> list[str]:
        """The buckets' names."""
        return [it["Name"] for it in self._client("s3").list_buckets()["Buckets"]]

    @property
    def setting(self) -> str:
        """The value of the site's setting; empty if there is none."""
        found = self._client("ssm").describe_parameters()["Parameters"]
        if not found:
            return ""
        value = self._client("ssm").get_parameter(Name="/shop/setting")["Parameter"]["Value"]
        return str(value).partition(" ")[0]

    @property
    def objects(self) -> set[str]:
        """The keys in all buckets."""
        s3 = self._client("s3")
        return {
            it["Key"]
            for bucket in self.buckets
            for it in s3.list_objects_v2(Bucket=bucket).get("Contents", ())
        }

    def operations(self) -> list[str]:
        """The change sets that were executed on the root, in order, as the ids of the events that began them.

        The embedded cloud keeps a bounded number of events: what is compared is which of them are new.
        """
        return [
            it["EventId"]
            for it in self.events(STACK)
            if it["PhysicalResourceId"] == it["StackId"]
            and it.get("ResourceStatusReason") == "User Initiated"
            and it["ResourceStatus"] != "REVIEW_IN_PROGRESS"
        ]

    def events(self, stack: str) -> list[dict[str, Any]]:
        """A stack's events, oldest first; none if there is no such stack."""
        try:
            found = self._client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
        except ClientError:
            return []
        return list(reversed(found))

    def change_sets(self) -> list[str]:
        """The names of the root's change sets that someone could still execute."""
        if self.stack is None:
            return []
        found = self._client("cloudformation").list_change_sets(StackName=STACK)["Summaries"]
        return [it["ChangeSetName"] for it in found if it["ExecutionStatus"] == "AVAILABLE"]

    def _client(self, service: str) -> Any:
        return self.cloud.client(service)
