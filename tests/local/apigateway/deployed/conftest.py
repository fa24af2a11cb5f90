"""One embedded cloud, a real process; APIs reach it as CloudFormation templates, requests as plain HTTP."""

from __future__ import annotations

import http.client
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import WaiterError

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.apigateway.deployed.templates import REGION

NUMBERS = itertools.count()


class Answer:
    """An HTTP answer: status, headers by name, and the body as text."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: str) -> None:
        self.status = status
        self.pairs = headers
        self.body = body

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.pairs if key.lower() == name.lower()]
        return found[-1] if found else None

    @property
    def summary(self) -> tuple[int, str | None, str]:
        """What tells one fault from another: status, x-amzn-ErrorType, body."""
        return self.status, self.header("x-amzn-ErrorType"), self.body


class Api:
    """A deployed API, at its invoke URL on loopback."""

    def __init__(self, endpoint: str, stack: str, outputs: Mapping[str, str]) -> None:
        self.stack = stack
        self.outputs = outputs
        self.id = outputs["Api"]
        self._place = urlsplit(endpoint)

    @property
    def host(self) -> str:
        return self._place.netloc

    def url(self, path: str, stage: str = "dev") -> str:
        return f"http://{self.host}/_aws/execute-api/{self.id}/{stage}{path}"

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        stage: str = "dev",
    ) -> Answer:
        connection = http.client.HTTPConnection(self._place.hostname or "", self._place.port, timeout=30)
        try:
            target = f"/_aws/execute-api/{self.id}/{stage}{path}"
            connection.request(method, target, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read().decode())
        finally:
            connection.close()


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloudClient]:
    made = LocalCloudClient(tmp_path_factory.mktemp("gateway") / "amplify" / ".local")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def client(cloud: LocalCloudClient) -> Callable[[str], Any]:
    session = boto3.Session(*cloud.credentials(), region_name=REGION)
    once = Config(retries={"total_max_attempts": 1})
    make: Callable[..., Any] = session.client  # any service, where the stubs have an overload for each
    return lambda service: make(service, endpoint_url=cloud.start().url, config=once)


@pytest.fixture(scope="session")
def deploy(cloud: LocalCloudClient, client: Callable[[str], Any]) -> Callable[..., Api]:
    """Creates a stack of a template (see `templates`), or updates that of an API, and gives its API."""

    def make(template: dict[str, Any], known: Api | None = None) -> Api:
        formation = client("cloudformation")
        name = known.stack if known else f"faults-{next(NUMBERS)}"
        body = json.dumps(template)
        if known:
            formation.update_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
        else:
            formation.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
        _wait(formation, "update" if known else "create", name)
        outputs = formation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
        return Api(cloud.start().url, name, {each["OutputKey"]: each["OutputValue"] for each in outputs})

    return make


def _wait(formation: Any, verb: str, stack: str) -> None:
    waiter = formation.get_waiter(f"stack_{verb}_complete")
    waiter.config.delay = 0.2
    try:
        waiter.wait(StackName=stack)
    except WaiterError as failed:
        events = formation.describe_stack_events(StackName=stack)["StackEvents"]
        reasons = [e.get("ResourceStatusReason") for e in events if "FAILED" in e["ResourceStatus"]]
        raise AssertionError(reasons) from failed
