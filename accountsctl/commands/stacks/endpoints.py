"""The APIs and function URLs of an environment, by what its stacks hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accountsctl.commands.stacks.outputs import deployed_root
from accountsctl.model.endpoints import EndpointRoute, HttpEndpoint
from accountsctl.model.project import Project
from accountsctl.ports.endpoints import Endpoints
from accountsctl.ports.stack_repairs import ResourceSummary
from accountsctl.ports.stacks import Stacks
from accountsctl.ports.telemetry import ApiLog

DEFAULT_STAGE = "$default"
FUNCTION = "AWS::Lambda::Function"


class StackContents(Protocol):
    """What of `ports.StackRepairs` is needed."""

    def resources(self, stack: str) -> Sequence[ResourceSummary]:
        """The resources that a stack has."""


@dataclass(frozen=True)
class DeployedHttp:
    """What answers HTTP in the environment, and what stands behind it."""

    project: Project
    stacks: Stacks
    contents: StackContents
    endpoints: Endpoints
    log: ApiLog

    def all(self) -> tuple[HttpEndpoint, ...]:
        """Every endpoint; CloudError if the environment was never pushed, or if they may not be read."""
        return self.endpoints.find(self._stacks())

    def routes(self, endpoint: HttpEndpoint | None) -> tuple[EndpointRoute, ...]:
        """The routes of an HTTP API."""
        return self.endpoints.routes(endpoint) if endpoint else ()

    def functions(self, resource: str) -> dict[str, str]:
        """The names in Lambda of the functions that a resource's own stack holds, by ``<resource>#<logical id>``."""
        arn = self._stacks().get(resource)
        held = self.contents.resources(arn) if arn else ()
        return {f"{resource}#{part.logical_id}": part.physical_id for part in held if part.type == FUNCTION}

    def reasons(self, url: str, since: datetime) -> tuple[str, ...]:
        """Why calls of the API at `url` failed since then, by its log."""
        found = [endpoint for endpoint in self.all() if endpoint.url == url.rstrip("/")]
        return tuple(call.reason for endpoint in found for call in self.log.read(endpoint, since).failed)

    def _stacks(self) -> Mapping[str, str]:
        """The nested stacks by their resources; one of no resource goes by its logical id."""
        current = deployed_root(self.stacks, self.project.environment)
        names = {resource.id.logical_id: str(resource.id) for resource in self.project.backend}
        return {names.get(id_, id_): arn for id_, arn in current.children.items()}


def one_of_each(endpoints: Iterable[HttpEndpoint], stage: str) -> dict[str, HttpEndpoint]:
    """One endpoint of each API, by label: the resource, with the logical id if its stack holds several APIs.

    Of the stages of an API it is `stage`, or else the default stage, or else the last.
    """

    def rank(endpoint: HttpEndpoint) -> int:
        return 2 if endpoint.stage == stage else int(endpoint.stage == DEFAULT_STAGE)

    chosen: dict[tuple[str, str], HttpEndpoint] = {}
    for endpoint in endpoints:
        key = (endpoint.resource, endpoint.logical_id)
        if key not in chosen or rank(endpoint) >= rank(chosen[key]):
            chosen[key] = endpoint
    resources = [resource for resource, _ in chosen]
    return {
        f"{resource}#{logical_id}" if resources.count(resource) > 1 else resource: endpoint
        for (resource, logical_id), endpoint in chosen.items()
    }
