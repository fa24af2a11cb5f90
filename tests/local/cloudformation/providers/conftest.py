"""Providers run against moto in-process: the service APIs of the embedded cloud, without its daemon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from accountsctl.localcloud.cloudformation.providers import PROVIDERS
from accountsctl.localcloud.cloudformation.providers.base import Context, Properties, ProvidedResource
from accountsctl.localcloud.contracts.dispatch import INTERNAL
from accountsctl.localcloud.moto_services import apps, s3

REGION = "eu-central-1"


class Bench:
    """Makes, changes and deletes resources of a stack `demo`; each logical id has a context of its own."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.client_in(service, REGION)
        return self._clients[service]

    def client_in(self, service: str, region: str) -> Any:
        """A client of its own, as a part of the embedded cloud has it."""
        connect: Callable[..., Any] = boto3.client  # the stubs accept only a literal name
        return connect(
            service, region_name=region, aws_access_key_id=INTERNAL, aws_secret_access_key="internal"
        )

    def context(self, logical_id: str = "Thing") -> Context:
        return Context(
            client=self.client,
            stack_name="demo",
            stack_id=f"arn:aws:cloudformation:{REGION}:123456789012:stack/demo/1",
            logical_id=logical_id,
            region=REGION,
            account="123456789012",
            partition="aws",
            token="ABCDEFGHIJKL",
            tags={"team": "accounts", "aws:cloudformation:stack-name": "demo"},
            old_tags={"team": "accounts"},
        )

    def create(self, type_name: str, properties: Properties, logical_id: str = "Thing") -> ProvidedResource:
        return PROVIDERS[type_name].create(self.context(logical_id), properties)

    def update(
        self,
        type_name: str,
        made: ProvidedResource,
        old: Properties,
        new: Properties,
        logical_id: str = "Thing",
    ) -> ProvidedResource:
        return PROVIDERS[type_name].update(self.context(logical_id), made.physical_id, old, new)

    def delete(
        self, type_name: str, made: ProvidedResource, properties: Properties, logical_id: str = "Thing"
    ) -> None:
        """Twice: the second finds nothing, and is done."""
        for _ in range(2):
            PROVIDERS[type_name].delete(self.context(logical_id), made.physical_id, properties)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in apps.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    apps.configure()
    s3.install()
    with mock_aws():
        yield Bench()


TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
