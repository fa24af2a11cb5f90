"""An API in the embedded cloud, which a CloudFormation template made; requests are plain HTTP."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import WaiterError


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


def wait(formation: Any, verb: str, stack: str) -> None:
    waiter = formation.get_waiter(f"stack_{verb}_complete")
    waiter.config.delay = 0.2
    try:
        waiter.wait(StackName=stack)
    except WaiterError as failed:
        events = formation.describe_stack_events(StackName=stack)["StackEvents"]
        reasons = [e.get("ResourceStatusReason") for e in events if "FAILED" in e["ResourceStatus"]]
        raise AssertionError(reasons) from failed
