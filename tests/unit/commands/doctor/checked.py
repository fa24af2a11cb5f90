"""A healthy environment to be examined, of which a test changes what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from accountsctl.commands.doctor.check_sources import CheckSources
from accountsctl.commands.doctor.checks import CheckUp
from accountsctl.commands.doctor.findings import Tool
from accountsctl.commands.doctor.inspect import Look
from accountsctl.commands.doctor.project.review import ProjectReview
from accountsctl.doctor.facts.deployed.reader import read
from accountsctl.model.assembly import Assembly
from accountsctl.model.endpoints import HttpEndpoint, HttpEndpointKind
from accountsctl.model.errors import CloudError
from accountsctl.model.health import Check, Health, Outcome
from accountsctl.ports.identity import Caller
from accountsctl.ports.stacks import DeployedStack
from accountsctl.ports.telemetry import ApiErrors, ApiLogged, Errors
from tests.fakes import sample
from tests.fakes.stacks import FakeStacks
from tests.unit.doctor.seen import seen

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
API = HttpEndpoint(
    HttpEndpointKind.REST, "api/orders", "Api", "abc", "orders", "https://abc.test/prod", "prod"
)
REFUSED = CloudError("AWS refused it.", why="You may not.", hint="Ask.")


@dataclass
class Measured:
    """`ports.Telemetry` in memory; an exception in place of a value is raised."""

    failures: Errors | CloudError = field(default_factory=lambda: Errors(0))
    units: float | CloudError | None = 2.0
    asked: list[str] = field(default_factory=list)

    def errors(self, function: str, since: datetime) -> Errors:
        self.asked.append(f"{function} {since:%H:%M}")
        if isinstance(self.failures, CloudError):
            raise self.failures
        return self.failures

    def capacity(self, cluster: str, /) -> float | None:
        self.asked.append(cluster)
        if isinstance(self.units, CloudError):
            raise self.units
        return self.units


@dataclass
class MeasuredApis:
    """`ports.ApiTelemetry` in memory; an exception in place of a value is raised."""

    errors: ApiErrors | CloudError = field(default_factory=lambda: ApiErrors((), ApiLogged()))
    asked: list[tuple[HttpEndpoint, datetime]] = field(default_factory=list)

    def api_errors(self, endpoint: HttpEndpoint, since: datetime) -> ApiErrors:
        self.asked.append((endpoint, since))
        if isinstance(self.errors, CloudError):
            raise self.errors
        return self.errors


def raising(error: Exception) -> Any:
    def source(*_: Any) -> Any:
        raise error

    return source


def look(told: Mapping[str, Any] | None = None) -> Look:
    what = told or seen()
    return Look(what, read(what))


def stacks(status: str = "UPDATE_COMPLETE", assembly: Assembly | None = None) -> FakeStacks:
    """A deployed `prod`, as `assembly` says."""
    made = assembly or sample.assembly("prod")
    root = DeployedStack("sample-prod", status, {}, made.root.body, {}, {})
    return FakeStacks({"sample-prod": root})


def sources(name: str = "prod", **changes: Any) -> CheckSources:
    plain: dict[str, Any] = {
        "environment": sample.environment(name),
        "review": lambda _: ProjectReview(
            sample.assembly(name), (Check("project", Outcome.OK, "All sound."),)
        ),
        "tools": lambda _: [Tool("Python", "3.13.1")],
        "caller": lambda: Caller("123456789012", "arn:aws:iam::123456789012:user/me", "eu-central-1"),
        "stacks": stacks,
        "pool_problems": lambda: (),
        "look": look,
        "outputs": lambda: {"function/work": {"Name": "work"}},
        "telemetry": Measured,
        "endpoints": lambda: (API,),
        "api_telemetry": MeasuredApis,
        "now": lambda: NOW,
    }
    return CheckSources(**{**plain, **changes})


def examined(**changes: Any) -> Health:
    return CheckUp(sources(**changes)).run()


def checks(name: str, **changes: Any) -> list[Check]:
    return [each for each in examined(**changes).checks if each.name == name]


def check(name: str, **changes: Any) -> Check:
    (found,) = checks(name, **changes)
    return found


def with_runtime(name: str) -> Assembly:
    return with_resource("AWS::Lambda::Function", Runtime=name)


def with_resource(type_: str, **properties: str) -> Assembly:
    made = sample.assembly("dev")
    body = {"Resources": {"F": {"Type": type_, "Properties": properties}}}
    children = [
        replace(each, template=replace(each.template, body=body)) if each.id == sample.WORK else each
        for each in made.children
    ]
    return replace(made, children=tuple(children))
