"""The APIs and function URLs of an environment, by what its stacks hold."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.commands.stacks.outputs import deployed_root
from accountsctl.model.endpoints import HttpEndpoint
from accountsctl.model.project import Project
from accountsctl.ports.endpoints import Endpoints
from accountsctl.ports.stacks import Stacks


@dataclass(frozen=True)
class FindEndpoints:
    """All of them, whichever resource's stack holds them; a stack of no resource goes by its logical id."""

    project: Project
    stacks: Stacks
    endpoints: Endpoints

    def run(self) -> tuple[HttpEndpoint, ...]:
        """Every endpoint; CloudError if the environment was never pushed, or if they may not be read."""
        current = deployed_root(self.stacks, self.project.environment)
        names = {resource.id.logical_id: str(resource.id) for resource in self.project.backend}
        return self.endpoints.find({names.get(id_, id_): arn for id_, arn in current.children.items()})
