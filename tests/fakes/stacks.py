"""Fakes of CloudFormation, the deployment bucket and STS as the push sees them. They record their calls."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from accountsctl.model.errors import ChangeSetRefused, CloudError, RefusedChange
from accountsctl.model.events import Listener, StackEvent
from accountsctl.ports.artifacts import StoredObject
from accountsctl.ports.identity import Caller
from accountsctl.ports.stacks import DeployedStack, Ending, IntendedChange, Review, accept

ACCOUNT = "123456789012"
BUCKET = "accounts-dev-deploymentbucket-fake"
WHEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def sha256(content: bytes) -> str:
    """The SHA-256 as S3 and Lambda state it: in base64."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def failed_event(*path: str, type_: str, reason: str) -> StackEvent:
    """A failure as CloudFormation's events report it."""
    return StackEvent(
        id="-".join(path), at=WHEN, stack="s", path=path, type=type_, status="CREATE_FAILED", reason=reason
    )


@dataclass
class FakeStacks:
    """`ports.Stacks` in memory. `fails_with` makes the next update fail with that cause, and roll back; `refuses_with`
    makes its change set fail, so that nothing is changed.

    `intends` is what the change set says that it would do; without it, what the root's own templates tell.

    `templates` and `child_outputs` are by ARN; a nested stack that `child_outputs` does not name has the outputs that
    its template declares.
    """

    stacks: dict[str, DeployedStack] = field(default_factory=dict)
    templates: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    child_outputs: dict[str, Mapping[str, str]] = field(default_factory=dict)
    deployed: list[str] = field(default_factory=list)
    fails_with: StackEvent | None = None
    leaves: StackEvent | None = None
    """What the rollback of that failure could not delete."""
    refuses_with: RefusedChange | None = None
    artifacts: FakeArtifacts | None = None
    intends: list[IntendedChange] = field(default_factory=list)

    def current(self, name: str) -> DeployedStack | None:
        return self.stacks.get(name)

    def template(self, stack: str) -> Mapping[str, Any]:
        if stack in self.stacks:
            return self.stacks[stack].template
        if stack not in self.templates:
            raise _refused(f"read the template of {stack}", f"Stack with id {stack} does not exist")
        return self.templates[stack]

    def outputs(self, stack: str) -> Mapping[str, str]:
        if stack in self.stacks:
            return self.stacks[stack].outputs
        declared = declared_outputs(self.templates.get(stack, {}))
        return self.child_outputs.get(stack, declared)

    def deploy(
        self,
        name: str,
        template: str,
        tags: Mapping[str, str],
        *,
        create: bool,
        listen: Listener,
        review: Review = accept,
    ) -> Ending | None:
        body = json.loads(template)
        before = self.stacks.get(name)
        if create == (before is not None):
            raise AssertionError("a create of an existing stack, or an update of a missing one")
        if before is not None and (before.template, before.tags) == (body, dict(tags)):
            return None
        if self.refuses_with:
            raise ChangeSetRefused(name, [self.refuses_with])
        review(self.intends or _intended(before, body))
        self.deployed.append(template)
        if self.fails_with and not create:
            listen(self.fails_with)
            if self.leaves:
                listen(self.leaves)
            status = "UPDATE_ROLLBACK_COMPLETE"
            self.rest_in(name, status)
            listen(_end_of(name, status))
            return Ending(status, succeeded=False, failure=self.fails_with)
        children = self._nest(body)
        status = "CREATE_COMPLETE" if create else "UPDATE_COMPLETE"
        self.stacks[name] = DeployedStack(name, status, dict(tags), body, declared_outputs(body), children)
        listen(_end_of(name, status))
        return Ending(status, succeeded=True)

    def retag(self, name: str, tags: Mapping[str, str]) -> None:
        """Someone else has tagged the stack."""
        self.stacks[name] = replace(self.stacks[name], tags=dict(tags))

    def rest_in(self, name: str, status: str) -> None:
        """The stack was left in `status`."""
        self.stacks[name] = replace(self.stacks[name], status=status)

    def _nest(self, body: Mapping[str, Any]) -> dict[str, str]:
        """Store the uploaded template of every nested stack; return the stacks' ARNs by logical id."""
        children = {}
        for logical_id, resource in body["Resources"].items():
            if resource["Type"] == "AWS::CloudFormation::Stack":
                children[logical_id] = f"arn:{logical_id}"
                self.templates[f"arn:{logical_id}"] = self._uploaded(resource)
        return children

    def _uploaded(self, resource: Mapping[str, Any]) -> Mapping[str, Any]:
        url = resource["Properties"]["TemplateURL"]["Fn::Sub"]
        assert self.artifacts is not None
        key = (
            url.split(".amazonaws.com/")[-1]
            if ".amazonaws.com/" in url
            else url.split("AWS::URLSuffix}/")[-1]
        )
        template: Mapping[str, Any] = json.loads(self.artifacts.content[key])
        return template


def _intended(before: DeployedStack | None, body: Mapping[str, Any]) -> list[IntendedChange]:
    """The root's additions and removals; which changes replace a resource only CloudFormation knows."""
    old = before.template["Resources"] if before else {}
    new = body["Resources"]
    return [
        *(IntendedChange((name,), new[name]["Type"], "Add") for name in new if name not in old),
        *(IntendedChange((name,), old[name]["Type"], "Remove") for name in old if name not in new),
    ]


def declared_outputs(template: Mapping[str, Any]) -> dict[str, str]:
    """The outputs of a template: text as it is, and in place of an intrinsic function a value that names the output."""
    return {
        name: output["Value"] if isinstance(output["Value"], str) else _resolved(name)
        for name, output in template.get("Outputs", {}).items()
    }


def _resolved(output: str) -> str:
    return BUCKET if output == "DeploymentBucketName" else f"value-of-{output}"


def _end_of(name: str, status: str) -> StackEvent:
    """The last event of an operation: the root stack itself."""
    return StackEvent(f"{name}-{status}", WHEN, name, (), "AWS::CloudFormation::Stack", status, "")


def _refused(action: str, why: str) -> CloudError:
    return CloudError(f"AWS refused to {action}.", why=why, code="ValidationError")


@dataclass
class FakeArtifacts:
    """`ports.Artifacts` in memory: a bucket without versions, whose clock is moved by one second by each upload.

    `refuses` are methods that AWS refuses.
    """

    content: dict[str, bytes] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    modified: dict[str, datetime] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    clock: datetime = WHEN

    def put(
        self,
        bucket: str,
        key: str,
        content: bytes | Callable[[], bytes],
        *,
        owner: str = "",
        renew: bool = False,
    ) -> bool:
        assert bucket == BUCKET
        new = key not in self.content
        if new:
            self.content[key] = content if isinstance(content, bytes) else content()
            self.sent.append(key)
        if new or renew:
            self.clock += timedelta(seconds=1)
            self.owners[key], self.modified[key] = owner, self.clock
        return new

    def digest(self, bucket: str, key: str) -> str | None:
        assert bucket == BUCKET
        return sha256(self.content[key]) if key in self.content else None

    def stored(self, bucket: str) -> list[StoredObject]:
        self._allow("stored", bucket)
        return [StoredObject(key, self.modified.get(key, WHEN), ("null",)) for key in self.content]

    def belongs_to(self, bucket: str, stored: StoredObject, owner: str) -> bool:
        self._allow("belongs_to", bucket)
        same = self.modified.get(stored.key, WHEN) == stored.modified
        return stored.key in self.content and same and self.owners.get(stored.key) == owner

    def delete(self, bucket: str, objects: Sequence[StoredObject]) -> int:
        self._allow("delete", bucket)
        for stored in objects:
            del self.content[stored.key]
        return len(objects)

    def empty(self, bucket: str) -> int:
        assert bucket == BUCKET
        count = len(self.content)
        self.content.clear()
        return count

    def _allow(self, method: str, bucket: str) -> None:
        assert bucket == BUCKET
        if method in self.refuses:
            raise _refused(f"call {method}", "Access Denied")


@dataclass
class FakeIdentity:
    """`ports.Identity`: these credentials, without a call."""

    account: str = ACCOUNT
    region: str = "eu-west-1"

    def caller(self) -> Caller:
        return Caller(self.account, f"arn:aws:iam::{self.account}:user/someone", self.region)
