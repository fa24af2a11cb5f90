"""`export`: what a front end needs, read from what is deployed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accountsctl.commands.stacks.outputs import never_pushed, read_outputs
from accountsctl.formats.frontend.exports import Deployed
from accountsctl.model.environment import Environment
from accountsctl.ports.projects import Projects
from accountsctl.ports.stacks import Stacks


@dataclass(frozen=True)
class ReadDeployed:
    """Gathers a `Deployed`. `endpoint` is where this machine's calls go instead of AWS, or None."""

    projects: Projects
    stacks: Stacks
    reachable: Callable[[str], str]
    endpoint: str | None

    def run(self, environment: Environment) -> Deployed:
        """The environment's outputs and its APIs' templates; CloudError where it was never pushed."""
        backend = self.projects.read(environment.name).project.backend
        current = self.stacks.current(environment.stack_name)
        if current is None:
            raise never_pushed(environment)
        apis = [
            each.id
            for each in backend
            if each.id.category == "api" and each.id.logical_id in current.children
        ]
        return Deployed(
            environment=environment.name,
            region=environment.region,
            outputs=read_outputs(self.stacks, current, [each.id for each in backend], self.reachable),
            templates={str(each): self.stacks.template(current.children[each.logical_id]) for each in apis},
            endpoint=self.endpoint,
        )
