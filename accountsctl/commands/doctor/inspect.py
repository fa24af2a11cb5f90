"""What is deployed of an environment's APIs, as facts for the doctor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.stacks.outputs import deployed_root
from accountsctl.doctor.facts.deployed.reader import read
from accountsctl.doctor.facts.model import Api
from accountsctl.model.project import Project
from accountsctl.ports.inspector import Inspector
from accountsctl.ports.stacks import Stacks


@dataclass(frozen=True)
class Look:
    """What the inspector reported: its JSON, and the APIs read from it."""

    seen: Mapping[str, Any]
    apis: tuple[Api, ...]


@dataclass(frozen=True)
class InspectApis:
    """The deployed layer of the project's environment: its stacks, inspected."""

    project: Project
    stacks: Stacks
    inspector: Inspector

    def run(self, stage: str | None = None) -> tuple[Api, ...]:
        """The APIs, under their resources' names; raises as `look` does."""
        return self.look(stage).apis

    def look(self, stage: str | None = None) -> Look:
        """All that was reported; CloudError if the environment was never pushed, CouldNotLook if everything is
        refused."""
        current = deployed_root(self.stacks, self.project.environment)
        stacks = {
            str(resource.id): current.children[resource.id.logical_id]
            for resource in self.project.backend
            if resource.id.logical_id in current.children
        }
        # What its auth resources put out, imported or not: the pools that the project means.
        outputs = [self.stacks.outputs(arn) for name, arn in stacks.items() if name.startswith("auth/")]
        pools = [output["UserPoolId"] for output in outputs if output.get("UserPoolId")]
        seen = self.inspector.inspect(stacks, pools)
        identities = any(output.get("IdentityPoolId") for output in outputs)
        return Look(seen, read(seen, stage=stage, pools=pools, identities=identities))
