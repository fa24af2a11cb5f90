"""The push over fakes of the cloud, on a copy of the sample project: what its tests share."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.commands.stacks.push import Push, unchecked
from accountsctl.commands.stacks.running_code import RunningCode
from accountsctl.model.assembly import Assembly
from accountsctl.model.events import Event, PushResult
from accountsctl.model.plan import Plan
from accountsctl.synth import assemble
from tests.fakes.function_codes import FakeCodes
from tests.fakes.stack_repairs import FakeRepairs
from tests.fakes.stacks import FakeArtifacts, FakeIdentity, FakeStacks
from tests.sample import copy_sample_files

SAMPLE = Path(__file__).parents[2]
STACK = "accounts-dev"
RDS = "amplify/backend/rds/accountsCluster/parameters.json"


@dataclass
class World:
    """A project on disk and a cloud in memory."""

    root: Path
    stacks: FakeStacks
    artifacts: FakeArtifacts
    identity: FakeIdentity
    repairs: FakeRepairs
    codes: FakeCodes
    heard: list[Event] = field(default_factory=list)
    check: Callable[[Plan], None] = unchecked
    watching: bool = False

    def workflow(self) -> Push:
        return Push(
            FileProjects(self.root),
            self.stacks,
            self.artifacts,
            self.identity,
            self.repairs,
            RunningCode(self.repairs, self.codes, self.artifacts, self.watching),
            lambda url: url,
            check=self.check,
        )

    def push(self, agree: Callable[[Plan], None] = lambda _: None) -> PushResult:
        return self.workflow().run(self.assembly(), agree, self.heard.append)

    def assembly(self) -> Assembly:
        return assemble(FileProjects(self.root).read("dev"))

    def plan(self) -> Plan:
        return self.workflow().plan(self.assembly())

    def edit(self, file: str, **changes: Any) -> None:
        path = self.root / file
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def sample_world(tmp_path: Path) -> World:
    """A copy of the sample, and a cloud with nothing in it."""
    root = tmp_path / "accounts"
    copy_sample_files(root)
    artifacts = FakeArtifacts()
    stacks = FakeStacks(artifacts=artifacts)
    return World(root, stacks, artifacts, FakeIdentity(), FakeRepairs(stacks), FakeCodes(artifacts.content))
