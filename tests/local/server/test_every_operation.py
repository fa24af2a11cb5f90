"""No operation of any service is answered with a page of HTML, whether it is played or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from accountsctl.localcloud.contracts.dispatch import ServiceTarget
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services import apps
from accountsctl.localcloud.moto_services.service import Control

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
LEFT_OUT = {"dynamodbstreams", "ec2"}
"""The first is called under another service's scope; the second has one path, and takes long for its 700 operations."""


NAMES = {"states": "stepfunctions", "monitoring": "cloudwatch"}
"""botocore's names of services whose scope is another one."""


@pytest.fixture(scope="module")
def control() -> Control:
    made = Control(lambda _: None)
    made.prepare(None)
    return made


def requests(scope: str) -> Iterator[Request]:
    """Each operation of the service with no more than its path needs."""
    model: Any = botocore.session.get_session().get_service_model(NAMES.get(scope, scope))
    protocol, version = model.protocol, model.api_version
    for name in model.operation_names:
        http = model.operation_model(name).http
        if protocol in ("rest-json", "rest-xml"):
            path, _, query = re.sub(r"\{[^}]*\}", "x", http["requestUri"]).partition("?")
            yield Request(http["method"], path, query, (("Host", "localhost"),), b"")
        elif protocol == "json":
            target = f"{model.metadata['targetPrefix']}.{name}"
            kind = f"application/x-amz-json-{model.metadata['jsonVersion']}"
            yield Request("POST", "/", "", (("X-Amz-Target", target), ("Content-Type", kind)), b"{}")
        else:
            yield Request("POST", "/", "", FORM, f"Action={name}&Version={version}".encode())


@pytest.mark.parametrize("scope", sorted(set(apps.SCOPES) - LEFT_OUT))
def test_no_operation_is_answered_with_html(control: Control, scope: str) -> None:
    where = ServiceTarget("control", "eu-west-1", scope, "AKIDTEST")
    pages = []
    for request in requests(scope):
        response = control.handle(request, where)
        if b"<html" in response.body[:200].lower() or b"<!doctype" in response.body[:200].lower():
            pages.append((request.method, request.path, request.query, response.status))
    assert pages == []
