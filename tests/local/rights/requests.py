"""The needs of the requests that boto3 really sends."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

from accountsctl.localcloud.contracts.clients import answered_by
from accountsctl.localcloud.contracts.dispatch import target
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.rights.need import Need
from accountsctl.localcloud.rights.needs import needs

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"


def here(service: str, resource: str) -> str:
    return f"arn:aws:{service}:eu-west-1:123456789012:{resource}"


def found(service: str, method: str, **members: Any) -> list[Need]:
    """The needs of the one request that a client sends."""
    seen: list[Need] = []

    def handle(request: Request) -> Response:
        seen.extend(needs(request, target(request), lambda name, _: f"{SECRET}/{name}"))
        return Response(500, (("Content-Type", "text/xml"),), b"<Error/>")

    session: Any = boto3.Session("AKIAX", "x", region_name="eu-west-1")
    config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    client = session.client(service, endpoint_url="http://127.0.0.1", config=config)
    client.meta.events.register("before-send", answered_by(handle))
    with pytest.raises(client.exceptions.ClientError):
        getattr(client, method)(**members)
    return seen
