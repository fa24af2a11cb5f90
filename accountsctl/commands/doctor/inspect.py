"""What is deployed of an environment's APIs, as facts for the doctor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.stacks.outputs import never_pushed
from accountsctl.doctor.facts.deployed.reader import read
from accountsctl.doctor.facts.model import Api
from accountsctl.ports.inspector import Inspector
from accountsctl.ports.projects import Projects
from accountsctl.ports.stacks import Stacks


@dataclass(frozen=True)
class Look:
    """What the inspector reported: its JSON, and the APIs read from it."""

    seen: Mapping[str, Any]
    apis: tuple[Api, ...]


@dataclass(frozen=True)
class InspectApis:
    """The deployed layer of an environment: its stacks, looked at."""

    projects: Projects
    stacks: Stacks
    inspector: Inspector

    def run(self, environment: str | None, stage: str | None = None) -> tuple[Api, ...]:
        """The APIs, under their resources' names; raises as `look` does."""
        return self.look(environment, stage).apis

    def look(self, environment: str | None, stage: str | None = None) -> Look:
        """All that was reported; CloudError if the environment was never pushed, CouldNotLook if everything is
        refused."""
        project = self.projects.read(environment).project
        current = self.stacks.current(project.environment.stack_name)
        if current is None:
            raise never_pushed(project.environment)
        stacks = {
            str(each.id): current.children[each.id.logical_id]
            for each in project.backend
            if each.id.logical_id in current.children
        }
        pools = self._pools(stacks)
        seen = self.inspector.inspect(stacks, pools)
        return Look(seen, read(seen, stage=stage, pools=pools))

    def _pools(self, stacks: Mapping[str, str]) -> list[str]:
        """The user pools that the project means: what its auth resources put out, imported or not."""
        outputs = [self.stacks.outputs(arn) for name, arn in stacks.items() if name.startswith("auth/")]
        return [each["UserPoolId"] for each in outputs if each.get("UserPoolId")]
