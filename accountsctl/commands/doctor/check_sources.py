"""Where the checks of `doctor` look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Protocol

from accountsctl.commands.doctor import findings as judging
from accountsctl.commands.doctor.inspect import InspectApis, Look
from accountsctl.commands.doctor.project.review import ProjectReview
from accountsctl.commands.functions.last_failure import DeployedFunctions, LastFailure, failure_of
from accountsctl.commands.project.imported_pools import import_problems
from accountsctl.commands.stacks.endpoints import DeployedHttp
from accountsctl.commands.stacks.outputs import Outputs
from accountsctl.model.assembly import Assembly
from accountsctl.model.endpoints import HttpEndpoint
from accountsctl.model.environment import Environment
from accountsctl.ports.identity import Caller
from accountsctl.ports.pools import Pools
from accountsctl.ports.stacks import Stacks
from accountsctl.ports.telemetry import ApiTelemetry, Telemetry


@dataclass(frozen=True)
class CheckSources:
    """Where the checks look. Everything that may fail is a callable, and fails with our own errors.

    `pool_problems` gives None if there is no pool of someone else's to look at; `outputs` are those of the deployed
    resources. `unused` is True for an embedded cloud that was never started: nothing is deployed there.
    """

    environment: Environment
    review: Callable[[date], ProjectReview]
    tools: Callable[[Assembly | None], Iterable[judging.Tool]]
    caller: Callable[[], Caller]
    stacks: Callable[[], Stacks]
    pool_problems: Callable[[], tuple[str, ...] | None]
    look: Callable[[], Look]
    outputs: Callable[[], Outputs]
    telemetry: Callable[[], Telemetry]
    endpoints: Callable[[], Sequence[HttpEndpoint]]
    api_telemetry: Callable[[], ApiTelemetry]
    failure: Callable[[str, datetime], LastFailure | None] = lambda _resource, _since: None
    """A function's last failure since then, from its log."""
    unused: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class CallerSession(Protocol):
    """Whose credentials are used."""

    def caller(self) -> Caller: ...


class DeployedEnvironment(DeployedFunctions, Protocol):
    """An environment, with what is deployed of it. Reading a property may fail with our own errors."""

    @property
    def environment(self) -> Environment: ...
    @property
    def session(self) -> CallerSession: ...
    @property
    def stacks(self) -> Stacks: ...
    @property
    def pools(self) -> Pools | None: ...
    @property
    def cloud_is_new(self) -> bool: ...
    @property
    def telemetry(self) -> Telemetry: ...
    @property
    def api_telemetry(self) -> ApiTelemetry: ...
    @property
    def deployed_http(self) -> DeployedHttp: ...

    def inspect_apis(self) -> InspectApis: ...


def sources_of(
    deployed: DeployedEnvironment,
    review: Callable[[date], ProjectReview],
    tools: Callable[[Assembly | None], Iterable[judging.Tool]],
) -> CheckSources:
    """The sources of an environment; nothing is read yet."""
    return CheckSources(
        environment=deployed.environment,
        review=review,
        tools=tools,
        caller=lambda: deployed.session.caller(),
        stacks=lambda: deployed.stacks,
        pool_problems=lambda: import_problems(deployed.environment, deployed.pools),
        look=lambda: deployed.inspect_apis().look(),
        outputs=lambda: deployed.deployed_outputs,
        telemetry=lambda: deployed.telemetry,
        endpoints=lambda: deployed.deployed_http.all(),
        api_telemetry=lambda: deployed.api_telemetry,
        failure=partial(failure_of, deployed),
        unused=deployed.cloud_is_new,
    )
