"""A session whose answers are scripted; botocore checks what is asked and what is answered against its models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

REGION = "eu-west-1"


@dataclass
class Scripted:
    """What is a session to an adapter: boto3's clients, their answers given here, none sent anywhere.

    `errors` are operations that AWS refuses, with the code; ``*`` stands for every one.
    """

    errors: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    region: str = REGION
    endpoint: str | None = None

    def client(self, service: str) -> Any:
        once = Config(retries={"total_max_attempts": 1})
        create: Callable[..., Any] = boto3.client  # its overloads take literals only
        client = create(service, REGION, aws_access_key_id="a", aws_secret_access_key="a", config=once)
        client.meta.events.register("before-call", self._answer)
        return client

    def _answer(self, model: Any, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        self.asked.append(model.name)
        code = self.errors.get(model.name) or self.errors.get("*")
        if code:
            raise ClientError({"Error": {"Code": code, "Message": "You may not."}}, model.name)
        answer = self.answers[model.name]
        response = answer(params) if callable(answer) else answer
        if "body" not in response:
            report = ParamValidator().validate(response, model.output_shape)
            assert not report.has_errors(), report.generate_report()
        return type("Sent", (), {"status_code": 200})(), response
