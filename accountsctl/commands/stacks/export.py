"""`export`: what a front end needs, read from what is deployed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accountsctl.commands.stacks.outputs import deployed_root, read_outputs
from accountsctl.formats.frontend.exports import Deployed
from accountsctl.model.project import Project
from accountsctl.ports.stacks import Stacks


@dataclass(frozen=True)
class ReadDeployed:
    """Gathers a `Deployed`. `endpoint` is where this machine's calls go instead of AWS, or None."""

    project: Project
    stacks: Stacks
    reachable: Callable[[str], str]
    endpoint: str | None

    def run(self) -> Deployed:
        """The environment's outputs and its APIs' templates; CloudError if it was never pushed."""
        environment, backend = self.project.environment, self.project.backend
        current = deployed_root(self.stacks, environment)
        apis = [
            resource.id
            for resource in backend
            if resource.id.category == "api" and resource.id.logical_id in current.children
        ]
        return Deployed(
            environment=environment.name,
            region=environment.region,
            outputs=read_outputs(self.stacks, current, [resource.id for resource in backend], self.reachable),
            templates={str(api): self.stacks.template(current.children[api.logical_id]) for api in apis},
            endpoint=self.endpoint,
        )
