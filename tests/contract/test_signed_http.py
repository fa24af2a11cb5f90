"""Requests that are signed for AWS_IAM: what is sent carries the signature of what is sent."""

from __future__ import annotations

import pytest

from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.signed_http import LAMBDA, SignedHttp
from accountsctl.model.errors import CloudError
from accountsctl.ports.http import Http
from tests.fakes.http import FakeHttp

URL = "https://a.execute-api.eu-west-1.amazonaws.com/dev/items?b=1"


def test_a_request_carries_a_signature_for_its_region() -> None:
    http, session = FakeHttp(), Session("eu-west-1", endpoint="http://127.0.0.1:1", key=("AKID", "secret"))
    port: Http = SignedHttp(session, http)
    port.send("POST", URL, {"Accept": "application/json"}, b"{}")
    ((method, url, headers, body),) = http.sent
    assert (method, url, body) == ("POST", URL, b"{}")
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert "/eu-west-1/execute-api/aws4_request" in headers["Authorization"]
    assert headers["Accept"] == "application/json"
    assert "X-Amz-Date" in headers
    assert "secret" not in str(headers)


def test_a_request_to_a_function_url_is_signed_for_lambda() -> None:
    http, session = FakeHttp(), Session("eu-west-1", endpoint="http://127.0.0.1:1", key=("AKID", "secret"))
    SignedHttp(session, http, LAMBDA).send("GET", "https://a.lambda-url.eu-west-1.on.aws/", {}, None)
    assert "/eu-west-1/lambda/aws4_request" in http.sent[0][2]["Authorization"]


def test_without_credentials_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    http = FakeHttp()
    with pytest.raises(CloudError, match="no AWS credentials to sign"):
        SignedHttp(Session("eu-west-1"), http).send("GET", URL, {}, None)
    assert http.sent == []
