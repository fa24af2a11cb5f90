"""Fakes of CloudFormation, the deployment bucket and STS as the push sees them. They remember what they were asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from accountsctl.model.events import Listener, StackEvent
from accountsctl.ports.identity import Caller
from accountsctl.ports.stacks import DeployedStack, Ending

ACCOUNT = "123456789012"
BUCKET = "accounts-dev-deploymentbucket-fake"
WHEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def failed_event(*path: str, type_: str, reason: str) -> StackEvent:
    """A failure as CloudFormation's log would tell it."""
    return StackEvent(
        id="-".join(path), at=WHEN, stack="s", path=path, type=type_, status="CREATE_FAILED", reason=reason
    )


@dataclass
class FakeStacks:
    """`ports.Stacks` in memory. `fails_with` makes the next update fail with that cause, and roll back."""

    stacks: dict[str, DeployedStack] = field(default_factory=dict)
    templates: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    child_outputs: dict[str, Mapping[str, str]] = field(default_factory=dict)
    deployed: list[str] = field(default_factory=list)
    fails_with: StackEvent | None = None
    artifacts: FakeArtifacts | None = None

    def current(self, name: str) -> DeployedStack | None:
        return self.stacks.get(name)

    def template(self, stack: str) -> Mapping[str, Any]:
        return self.templates[stack]

    def outputs(self, stack: str) -> Mapping[str, str]:
        return self.child_outputs.get(stack, {})

    def deploy(
        self, name: str, template: str, tags: Mapping[str, str], *, create: bool, listen: Listener
    ) -> Ending | None:
        self.deployed.append(template)
        body = json.loads(template)
        if create == (name in self.stacks):
            raise AssertionError("a create of what is there, or an update of what is not")
        if self.fails_with and not create:
            listen(self.fails_with)
            return Ending("UPDATE_ROLLBACK_COMPLETE", succeeded=False, failure=self.fails_with)
        children = {
            logical: f"arn:{logical}"
            for logical, each in body["Resources"].items()
            if each["Type"] == "AWS::CloudFormation::Stack"
        }
        for logical in children:
            self.templates[f"arn:{logical}"] = self._uploaded(body["Resources"][logical])
        self.stacks[name] = DeployedStack(
            name=name,
            status="CREATE_COMPLETE" if create else "UPDATE_COMPLETE",
            tags=dict(tags),
            template=body,
            outputs={"DeploymentBucketName": BUCKET},
            children=children,
        )
        return Ending(self.stacks[name].status, succeeded=True)

    def delete(self, name: str, listen: Listener) -> Ending:
        self.stacks.pop(name, None)
        return Ending("DELETE_COMPLETE", succeeded=True)

    def recover(self, name: str, listen: Listener) -> Ending:
        self.rest_in(name, "UPDATE_ROLLBACK_COMPLETE")
        return Ending("UPDATE_ROLLBACK_COMPLETE", succeeded=True)

    def retag(self, name: str, tags: Mapping[str, str]) -> None:
        """Someone else has tagged the stack."""
        self.stacks[name] = replace(self.stacks[name], tags=dict(tags))

    def rest_in(self, name: str, status: str) -> None:
        """The stack was left in `status`."""
        self.stacks[name] = replace(self.stacks[name], status=status)

    def _uploaded(self, resource: Mapping[str, Any]) -> Mapping[str, Any]:
        url = resource["Properties"]["TemplateURL"]["Fn::Sub"]
        assert self.artifacts is not None
        key = (
            url.split(".amazonaws.com/")[-1]
            if ".amazonaws.com/" in url
            else url.split("AWS::URLSuffix}/")[-1]
        )
        found: Mapping[str, Any] = json.loads(self.artifacts.content[key])
        return found


@dataclass
class FakeArtifacts:
    """`ports.Artifacts` in memory."""

    content: dict[str, bytes] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def put(self, bucket: str, key: str, content: bytes) -> bool:
        assert bucket == BUCKET
        if key in self.content:
            return False
        self.content[key] = content
        self.sent.append(key)
        return True

    def empty(self, bucket: str) -> int:
        assert bucket == BUCKET
        count = len(self.content)
        self.content.clear()
        return count


@dataclass
class FakeIdentity:
    """`ports.Identity`: these credentials, without a call."""

    account: str = ACCOUNT
    region: str = "eu-west-1"

    def caller(self) -> Caller:
        return Caller(self.account, f"arn:aws:iam::{self.account}:user/someone", self.region)
