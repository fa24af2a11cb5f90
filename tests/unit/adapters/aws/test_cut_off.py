"""A response that ends in the middle of its document is tried again; everything else is left as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from accountsctl.adapters.aws.cut_off import ERRORS, mark_cut_off
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError
from tests.local.cloudformation.conftest import RawBody

XML = b"<?xml version='1.0'?><ListResponse><Result><Name>a</Name></Result></ListResponse>"
JSON = b'{"Names": ["a", "b"]}'
DOCUMENTS = {"query": XML, "rest-xml": XML, "json": JSON, "rest-json": JSON}


@dataclass
class Operation:
    """An operation, its service and its protocol in one."""

    resolved_protocol: str
    has_streaming_output: bool = False

    @property
    def service_model(self) -> Operation:
        return self


def marked(body: bytes, protocol: str, *, streaming: bool = False) -> bool:
    response: dict[str, object] = {"status_code": 200, "body": body}
    mark_cut_off(Operation(protocol, streaming), response)
    assert response["body"] in (body, ERRORS.get(protocol, "").encode())
    return response["status_code"] == 400


@pytest.mark.parametrize("protocol", DOCUMENTS)
def test_a_document_is_cut_off_wherever_it_ends_too_early(protocol: str) -> None:
    document = DOCUMENTS[protocol]
    assert all(marked(document[:length], protocol) for length in range(1, len(document)))
    for whole in (document, document + b"\n", b""):
        assert not marked(whole, protocol)


def test_what_is_no_document_of_aws_stays_what_it_is() -> None:
    assert not marked(b"<!DOCTYPE html><html><br>Sign in to the network", "query")
    assert not marked(b"<html><br>", "rest-xml")
    assert not marked(b"no document", "query")
    assert not marked(b"<cut", "ec2")
    assert not marked(b"<cut", "rest-xml", streaming=True)


@pytest.mark.parametrize(("service", "operation"), [("sts", "get_caller_identity"), ("s3", "list_buckets")])
def test_the_sdk_tries_again_and_reports_it_as_no_answer(service: str, operation: str) -> None:
    client = Session("eu-west-1", endpoint="http://127.0.0.1:1").client(service)
    client.meta.events.unregister(f"needs-retry.{service}", unique_id=f"retry-config-{service}")
    retried: list[Any] = []

    def once_more(attempts: int, **_: Any) -> float | None:
        retried.append(attempts)
        return 0.0 if attempts < 3 else None

    def send(request: Any, **_: Any) -> AWSResponse:
        headers: Any = {}
        return AWSResponse(request.url, 200, headers, RawBody(XML[:40]))

    client.meta.events.register(f"needs-retry.{service}", once_more)
    client.meta.events.register("before-send", send)
    with pytest.raises(CloudError) as lost, translated("look"):
        getattr(client, operation)()
    assert lost.value.code == "RequestTimeout"
    assert "The response was cut off." in lost.value.why
    assert len(retried) == 3
