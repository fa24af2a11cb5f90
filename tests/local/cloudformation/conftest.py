"""A CloudFormation with fake services behind it, spoken to through a real boto3 client without sockets."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.cloudformation.providers.base import ProvidedResource, ProviderError
from accountsctl.localcloud.contracts.messages import Request
from tests.local.cloudformation.fake_schema import FakeSchema
from tests.local.cloudformation.fake_services import REGION, FakeServices


class Widgets:
    """A provider that keeps its widgets in a dict, and fails when a property asks it to."""

    SERVICE = "widgets"

    def __init__(self, log: list[str]) -> None:
        self.made: dict[str, dict[str, Any]] = {}
        self.log = log
        self.gates: dict[str, threading.Event] = {}
        self.reached = threading.Event()
        self.refuse_update: set[str] = set()
        self.refuse_delete: set[str] = set()
        self.unreadable: set[str] = set()
        self.reading: threading.Event | None = None

    def create(self, context: Any, properties: Any) -> ProvidedResource:
        self.log.append(f"create {context.logical_id}")
        self._pause(properties)
        self._fail(properties)
        name = properties.get("Name") or context.name()
        if name in self.made:
            raise ProviderError(f"{name} already exists", "AlreadyExists")
        self.made[name] = dict(properties)
        return ProvidedResource(name, self._attributes(name, properties))

    def update(self, context: Any, physical_id: str, old: Any, new: Any) -> ProvidedResource:
        self.log.append(f"update {context.logical_id}")
        self._pause(new)
        if context.logical_id in self.refuse_update:
            raise ProviderError("this widget does not let itself be changed", "GeneralServiceException")
        self._fail(new)
        self.made[physical_id] = dict(new)
        return ProvidedResource(physical_id, self._attributes(physical_id, new))

    def delete(self, context: Any, physical_id: str, properties: Any) -> None:
        self.log.append(f"delete {context.logical_id}")
        if context.logical_id in self.refuse_delete:
            raise ProviderError("the widget is not empty", "GeneralServiceException")
        self.made.pop(physical_id, None)

    def read(self, context: Any, physical_id: str, properties: Any) -> dict[str, Any]:
        if self.reading:
            assert self.reading.wait(20)
        if physical_id in self.unreadable:
            raise ProviderError("the widget is shy", "GeneralServiceException")
        if physical_id not in self.made:
            raise ProviderError("there is no such widget", "NotFound")
        return {name: self.made[physical_id].get(name) for name in properties}

    def find(self, client: Any, properties: Any) -> str | None:
        return properties.get("Name") if properties.get("Name") in self.made else None

    def adopt(self, context: Any, physical_id: str) -> ProvidedResource:
        self.log.append(f"adopt {context.logical_id}")
        return ProvidedResource(physical_id, self._attributes(physical_id, self.made[physical_id]))

    def snapshot(self, context: Any, physical_id: str, properties: Any) -> str:
        self.log.append(f"snapshot {context.logical_id}")
        return f"{physical_id}-snapshot"

    def _attributes(self, name: str, properties: Any) -> dict[str, Any]:
        return {"Arn": f"arn:widget/{name}", "Size": properties.get("Size", 1)}

    def _pause(self, properties: Any) -> None:
        gate = self.gates.get(str(properties.get("Gate")))
        if gate:
            self.reached.set()
            assert gate.wait(20)

    def _fail(self, properties: Any) -> None:
        if properties.get("Fail") == "service":
            error: Any = {"Error": {"Code": "WidgetAlreadyExists", "Message": "too many widgets"}}
            response: Any = {**error, "ResponseMetadata": {"HTTPStatusCode": 409, "RequestId": "r-1"}}
            raise ClientError(response, "CreateWidget")
        if properties.get("Fail"):
            raise ProviderError(str(properties["Fail"]), "InvalidRequest")


@dataclass
class World:
    """A cloud with its fakes, and the client that a user would hold."""

    services: FakeServices
    widgets: Widgets
    log: list[str]
    cloud: CloudFormation
    client: Any
    changes: list[int]

    def put(self, key: str, template: Any) -> str:
        """Upload a template; returns its URL."""
        self.services.objects["bucket", key] = json.dumps(template)
        return f"https://bucket.s3.{REGION}.amazonaws.com/{key}"

    def create(self, template: Any, name: str = "s", **more: Any) -> dict[str, Any]:
        self.client.create_stack(StackName=name, TemplateBody=text(template), **more)
        self.cloud.wait()
        return self.stack(name)

    def update(self, template: Any, name: str = "s", **more: Any) -> dict[str, Any]:
        self.client.update_stack(StackName=name, TemplateBody=text(template), **more)
        self.cloud.wait()
        return self.stack(name)

    def delete(self, name: str = "s") -> None:
        self.client.delete_stack(StackName=name)
        self.cloud.wait()

    def stack(self, name: str = "s") -> dict[str, Any]:
        found: dict[str, Any] = self.client.describe_stacks(StackName=name)["Stacks"][0]
        return found

    def outputs(self, name: str = "s") -> dict[str, str]:
        return {it["OutputKey"]: it["OutputValue"] for it in self.stack(name).get("Outputs", [])}

    def events(self, name: str = "s") -> list[dict[str, Any]]:
        """Oldest first."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def story(self, name: str = "s") -> list[str]:
        return [f"{it['LogicalResourceId']} {it['ResourceStatus']}" for it in self.events(name)]

    def reason(self, logical_id: str, status: str, name: str = "s") -> str:
        found = [
            it.get("ResourceStatusReason", "")
            for it in self.events(name)
            if (it["LogicalResourceId"], it["ResourceStatus"]) == (logical_id, status)
        ]
        return str(found[-1])

    def physical(self, logical_id: str, name: str = "s") -> str:
        found = self.client.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def change_set(self, template: Any, name: str = "s", kind: str = "UPDATE", **more: Any) -> dict[str, Any]:
        wanted = {"ChangeSetName": "plan", "IncludeNestedStacks": True, **more}
        self.client.create_change_set(
            StackName=name, ChangeSetType=kind, TemplateBody=text(template), **wanted
        )
        self.cloud.wait()
        return self.plan(name, wanted["ChangeSetName"])

    def plan(self, name: str | None = "s", change_set: str = "plan") -> dict[str, Any]:
        where = {"StackName": name} if name else {}
        found: dict[str, Any] = self.client.describe_change_set(
            ChangeSetName=change_set, IncludePropertyValues=True, **where
        )
        return found


def text(template: Any) -> str:
    return template if isinstance(template, str) else json.dumps(template)


def client_of(cloud: CloudFormation) -> Any:
    """A boto3 client whose requests are answered by `cloud` itself."""
    client = boto3.client(
        "cloudformation", region_name=REGION, aws_access_key_id="a", aws_secret_access_key="b"
    )

    def send(request: Any, **_: Any) -> AWSResponse:
        body = request.body or b""
        made = Request("POST", "/", body=body if isinstance(body, bytes) else body.encode())
        answer = cloud.handle(made, REGION)
        headers: Any = dict(answer.headers)
        return AWSResponse(request.url, answer.status, headers, RawBody(answer.body))

    events: Any = client.meta.events  # the stubs forget that a handler of before-send returns the response
    events.register("before-send.cloudformation", send)
    return client


class RawBody(io.BytesIO):
    """What botocore reads an answer from."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def build(
    services: FakeServices, log: list[str], change_set_pause: Callable[[], None] = lambda: None
) -> World:
    widgets = Widgets(log)
    changes: list[int] = []
    schema, untagged = FakeSchema(), FakeSchema(taggable=False)

    def schemas(name: str) -> FakeSchema | None:
        if name == "Test::Untagged":
            return untagged
        own = name.startswith("AWS::CloudFormation::Wait")
        return None if own or name == "Test::Unheard::Of" else schema

    cloud = CloudFormation(
        services,
        lambda: changes.append(1),
        {
            "Test::Widget": widgets,
            "Test::Untagged": widgets,
            "AWS::IAM::Role": widgets,
            "AWS::RDS::DBCluster": widgets,
        },
        schemas,
        change_set_pause=change_set_pause,
    )
    return World(services, widgets, log, cloud, client_of(cloud), changes)


@pytest.fixture
def world() -> Iterator[World]:
    made = build(FakeServices(), [])
    yield made
    for gate in made.widgets.gates.values():
        gate.set()
    made.cloud.close()


@pytest.fixture
def another(world: World) -> Callable[[], World]:
    """A second process over the same services and widgets, with no state yet."""

    def make() -> World:
        fresh = build(world.services, world.log)
        fresh.widgets.made = world.widgets.made
        return fresh

    return make


@pytest.fixture
def during_failure() -> Iterator[Callable[[Callable[[World], None]], World]]:
    """A world whose argument looks at it while a root change set has failed and nested ones go on."""
    made: list[World] = []

    def make(look: Callable[[World], None]) -> World:
        made.append(build(FakeServices(), [], lambda: look(made[0])))
        return made[0]

    yield make
    for world in made:
        world.cloud.close()


def widget(**properties: Any) -> dict[str, Any]:
    return {"Type": "Test::Widget", "Properties": properties}


def template(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return {"Resources": resources, **sections}
