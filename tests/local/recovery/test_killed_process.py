"""A command that is killed at any of its steps: `status` says what is so, and the next command converges.

The commands are real processes, the embedded cloud is one too, and the kill is SIGKILL: nothing in the command can
prepare for it. It comes when the cloud has answered one of the command's changing calls; for a push to a stack that
exists also when the cloud is about to receive it, which is the same but for the time between the two. The cloud works
on meanwhile, as AWS does, and nothing is applied twice.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.commands import run_command
from tests.local.project import Done
from tests.local.recovery.killing_proxy import KilledAt, KillingProxy, Moment, killing_proxy
from tests.local.recovery.project import CLUSTER, STACK, SmallProject
from tests.local.recovery.world import Truth

pytestmark = pytest.mark.slow

REGION = "eu-west-1"
PUSH = ("push", "--yes")
DELETE = ("delete", "--yes", "--confirm", "dev")


@dataclass(frozen=True)
class Terminal:
    """A project whose commands reach their cloud through the proxy; `truth` is what the cloud itself reports."""

    project: SmallProject
    proxy: KillingProxy
    truth: Truth
    variables: dict[str, str]

    def run(self, *words: str, plan: KilledAt | None = None) -> Done:
        """Run one command to its end, or until `plan` kills it."""
        self.proxy.begin(plan)
        variables = {"AWS_ENDPOINT_URL": self.proxy.url, "COLUMNS": "200"}
        done = run_command(
            (*words, "-e", "dev"),
            self.project.root,
            {**os.environ, **self.variables, **variables},
            started=plan.start if plan else None,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def succeed(self, *words: str) -> Done:
        """Run one command, which has to exit with 0."""
        done = self.run(*words)
        assert done.code == 0, f"{words}: {done.code}\n{done.out}\n{done.err}"
        return done

    def killed_at_each_step(self, moment: Moment, *words: str) -> Iterator[str]:
        """Kill the command at each of its changing calls in turn; yields the call. Ends when it had no such call."""
        for step in itertools.count():
            plan = KilledAt(step, moment)
            done = self.run(*words, plan=plan)
            if not plan.operation:
                assert done.code == 0, f"{done.out}\n{done.err}"
                return
            assert done.code == -signal.SIGKILL
            self.check_status()
            yield plan.operation

    def check_status(self) -> None:
        """`status` names the state that the cloud reports and every orphan; no cluster is outside of every stack."""
        while True:
            before = self.truth.status
            said = json.loads(self.succeed("status", "--json").out)
            if (
                self.truth.status == before
            ):  # else the stack has moved on meanwhile, and comes to its end some time
                break
        assert said["stackStatus"] == ("NOT_DEPLOYED" if before in ("", "REVIEW_IN_PROGRESS") else before)
        stacks = self.resources()
        assert set(self.truth.clusters) <= {resource for found in stacks.values() for resource in found}
        attached = stacks.get(STACK, ())
        nested = [name for name in stacks if name != STACK]
        if not before.endswith("_IN_PROGRESS"):
            assert [name for name in nested if not _is_in(name, attached) and name not in said["note"]] == []

    def resources(self) -> dict[str, list[str]]:
        """The physical ids of the resources of each stack, by its name."""
        client = self.truth.cloud.client("cloudformation")
        names = [each["StackName"] for each in client.describe_stacks()["Stacks"]]
        found = {
            name: client.list_stack_resources(StackName=name)["StackResourceSummaries"] for name in names
        }
        return {
            name: [each.get("PhysicalResourceId", "") for each in listed] for name, listed in found.items()
        }

    def check_pushed(self, setting: str, operations: int) -> None:
        """What is on disk runs, and `operations` were needed for it."""
        assembly = self.project.version(setting)
        assert self.truth.status == "UPDATE_COMPLETE"
        assert (self.truth.clusters, self.truth.setting) == ([CLUSTER], setting)
        assert {child.key for child in assembly.children} <= self.truth.objects
        assert len(self.truth.operations()) == operations, "applied twice"
        assert self.truth.change_sets() == []

    def check_deleted(self) -> None:
        """Nothing is left."""
        left = (self.truth.status, self.truth.clusters, self.truth.buckets, self.truth.setting)
        assert left == ("", [], [], "")


def _is_in(name: str, attached: Iterable[str]) -> bool:
    """Whether a nested stack of this name is among the resources of the root."""
    return any(f":stack/{name}/" in resource for resource in attached)


@dataclass(frozen=True)
class Daemon:
    """Clients of the embedded cloud, past the proxy."""

    endpoint: str
    keys: tuple[str, str]

    def client(self, service: str) -> Any:
        """A client of a service. To make one takes longer than all that it is asked in a test."""
        return _client(self, service)


@cache
def _client(daemon: Daemon, service: str) -> Any:
    session: Any = boto3.Session(*daemon.keys, region_name=REGION)
    return session.client(service, endpoint_url=daemon.endpoint)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("killed")
    cloud = LocalCloudClient(folder / ".local")
    endpoint, keys = cloud.start().url, cloud.credentials()
    variables = {
        "AWS_ACCESS_KEY_ID": keys[0],
        "AWS_SECRET_ACCESS_KEY": keys[1],
        "AWS_DEFAULT_REGION": REGION,
    }
    try:
        with killing_proxy(endpoint) as proxy:
            project = SmallProject(folder / "shop")
            yield Terminal(project, proxy, Truth(Daemon(endpoint, keys)), variables)
    finally:
        cloud.stop()


def test_a_first_push_that_is_killed_is_finished_by_the_next(terminal: Terminal) -> None:
    terminal.project.version("one")
    met = []
    for operation in terminal.killed_at_each_step(Moment.ANSWERED, *PUSH):
        met.append(operation)
        terminal.succeed(*PUSH)
        terminal.check_pushed("one", operations=2)
        terminal.succeed(*DELETE)
        terminal.check_deleted()
    assert {"CreateChangeSet", "ExecuteChangeSet"} <= set(met)
    assert "Nothing to push" in terminal.succeed(*PUSH).err
    terminal.succeed(*DELETE)


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.name.lower())
def test_a_push_that_is_killed_is_finished_by_the_next(terminal: Terminal, moment: Moment) -> None:
    terminal.project.version("v0")
    terminal.succeed(*PUSH)
    before, met = len(terminal.truth.operations()), []
    terminal.project.version("v1")
    for operation in terminal.killed_at_each_step(moment, *PUSH):
        met.append(operation)
        terminal.succeed(*PUSH)
        terminal.check_pushed(f"v{len(met)}", operations=before + len(met))
        terminal.project.version(f"v{len(met) + 1}")
    assert {"CreateChangeSet", "ExecuteChangeSet"} <= set(met)
    assert "Nothing to push" in terminal.succeed(*PUSH).err
    terminal.succeed(*DELETE)


@pytest.mark.parametrize("then", [DELETE, PUSH], ids=["deletes again", "pushes"])
def test_a_deletion_that_is_killed_is_finished_by_the_next_command(
    terminal: Terminal, then: tuple[str, ...]
) -> None:
    terminal.project.version("one")
    terminal.succeed(*PUSH)
    met = []
    for operation in terminal.killed_at_each_step(Moment.ANSWERED, *DELETE):
        met.append(operation)
        terminal.succeed(*then)
        if then is DELETE:
            terminal.check_deleted()
            terminal.succeed(*PUSH)
        else:
            assert (terminal.truth.clusters, terminal.truth.setting) == ([CLUSTER], "one")
    assert "DeleteStack" in met
    terminal.check_deleted()
