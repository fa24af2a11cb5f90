"""Every call that accountsctl makes from a first push to the deletion is allowed by the policy that it prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from accountsctl.adapters.aws.snapshots import RdsSnapshots
from accountsctl.adapters.invocation import Settings
from accountsctl.bootstrap import Application
from accountsctl.commands.stacks.delete import Teardown
from accountsctl.commands.stacks.policy import project_policy
from accountsctl.commands.stacks.recover import Recover
from accountsctl.commands.stacks.states import StackCheck
from accountsctl.commands.stacks.status import ReadStatus
from accountsctl.planning.rights.policy import PolicyRole
from tests.iam import allows
from tests.local.project import copy_sample

pytestmark = pytest.mark.slow

REGION, ACCOUNT = "eu-west-1", "123456789012"
BUCKET_ACTIONS = {
    "CopyObject": ["GetObject", "PutObject"],
    "DeleteObjects": ["DeleteObject", "DeleteObjectVersion"],
    "HeadObject": ["GetObject"],
    "ListObjectVersions": ["ListBucketVersions"],
    "ListObjectsV2": ["ListBucket"],
}
"""Operations of S3 whose actions have another name."""


@dataclass
class CallRecorder:
    """The calls of an application, as IAM sees them: action and resource."""

    seen: set[tuple[str, str]] = field(default_factory=set)

    def watch(self, app: Application) -> None:
        app.session.sdk.register("provide-client-params", self._record)

    def _record(self, **event: Any) -> None:
        params, model = event["params"], event["model"]
        service = model.service_model.signing_name
        for name in BUCKET_ACTIONS.get(model.name, [model.name]) if service == "s3" else [model.name]:
            action = "GET" if service == "apigateway" else name
            self.seen.add((f"{service}:{action}", resource(service, action, params)))


def resource(service: str, action: str, params: Mapping[str, Any]) -> str:
    """The ARN that a call is about."""
    if service == "s3":
        inside = "/key" if "Object" in action else ""
        return f"arn:aws:s3:::{params['Bucket']}{inside}"
    if service == "cloudformation" and "StackName" in params:
        name = str(params["StackName"])
        return (
            name if name.startswith("arn:") else f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/1"
        )
    if service == "cloudformation" and str(params.get("ChangeSetName")).startswith("arn:"):
        return str(params["ChangeSetName"])
    if service == "rds-data":
        return str(params["resourceArn"])
    if service == "apigateway":
        return f"arn:aws:apigateway:{REGION}::/restapis/{params.get('restApiId', '')}"
    if service == "lambda":
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{params['FunctionName']}"
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:unnamed"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Application, CallRecorder]]:
    """The sample, pushed, changed, queried and deleted in this process."""
    project = copy_sample(tmp_path_factory.mktemp("policy") / "accounts")
    app, calls = Application(Settings(project.root)), CallRecorder()
    calls.watch(app)
    check = StackCheck(app.session, app.repairs)
    app.push().run(app.rendered.assembly(), lambda _: None, lambda _: None)
    for timeout in (20, 21, 22, 23, 24, 21):  # so many that old templates are removed, and one is used again
        project.edit("amplify/backend/function/accountsAPI/parameters.json", timeout=timeout)
        again = Application(Settings(project.root))
        calls.watch(again)
        again.push().run(again.rendered.assembly(), lambda _: None, lambda _: None)
    ReadStatus(lambda: (again.stacks, check)).run(again.rendered.assembly())
    again.drift().run(again.environment, again.reading.project.backend)
    Recover(again.repairs, again.artifacts, again.session).orphans(again.environment)
    database = again.database(None)
    transaction = database.begin()
    database.execute("select 1", transaction=transaction)
    database.commit(transaction)
    database.rollback(database.begin())
    RdsSnapshots(again.session).snapshots()
    teardown = Teardown(again.stacks, again.repairs, again.artifacts, again.session)
    target = teardown.target(again.environment)
    assert target is not None
    teardown.run(target, lambda _: None)
    yield again, calls
    project.run("local", "stop")


def test_every_call_is_allowed(recorded: tuple[Application, CallRecorder]) -> None:
    app, calls = recorded
    document = json.loads(json.dumps(project_policy(app.rendered.assembly(), PolicyRole.DEPLOY).document))
    services = {action.partition(":")[0] for action, _ in calls.seen}

    assert {"cloudformation", "s3", "sts", "rds-data", "rds"} <= services
    assert len(calls.seen) > 25
    assert {"s3:DeleteObjectVersion", "s3:ListBucketVersions"} <= {action for action, _ in calls.seen}
    assert [call for call in sorted(calls.seen) if not allows(document, *call)] == []


def test_with_a_role_of_cloudformation_every_call_is_allowed_too(
    recorded: tuple[Application, CallRecorder],
) -> None:
    app, calls = recorded
    rendered, role = app.rendered.assembly(), f"arn:aws:iam::{ACCOUNT}:role/cloudformation"
    assembly = replace(rendered, environment=replace(rendered.environment, role_arn=role))
    document = json.loads(json.dumps(project_policy(assembly, PolicyRole.DEPLOY).document))

    assert [call for call in sorted(calls.seen) if not allows(document, *call)] == []
