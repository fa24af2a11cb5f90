"""Requests of functions to AWS's own hosts, which reach the embedded cloud: those of SDKs that do not read its URL."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.lambdas import Functions
from accountsctl.localcloud.lambdas.environment import CloudAccess
from accountsctl.localcloud.server.http import Server
from tests.local.lambdas.conftest import FakeLookups
from tests.local.server.serving import serving

Make = Callable[..., FunctionConfig]
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

BODY = """
const read = (answer, done) => {
  let text = ""; answer.on("data", (part) => (text += part)); answer.on("end", () => done(text));
};
exports.handler = (event, context, done) => {
  const https = require("https");
  const back = (answer) => read(answer, (text) => done(null, JSON.parse(text)));
  CALL
};
"""
URL = "https://sts.eu-west-1.amazonaws.com/a/b?c=d"
PARTS = '{ hostname: "sts.eu-west-1.amazonaws.com", port: 443, path: "/a/b?c=d", method: "GET" }'
OWN_HOST = PARTS.replace("hostname", "host").replace(" }", ', headers: { Host: "signed.amazonaws.com" } }')
WAYS = {
    "options": (f"https.request({PARTS}, back).end();", "sts.eu-west-1.amazonaws.com"),
    "an agent of its own": (
        f"https.request({{...{PARTS}, agent: new https.Agent()}}, back).end();",
        "sts.eu-west-1.amazonaws.com",
    ),
    "a host that is signed": (f"https.request({OWN_HOST}, back).end();", "signed.amazonaws.com"),
    "a URL": (f'https.request("{URL}", back).end();', "sts.eu-west-1.amazonaws.com"),
    "a URL and options": (
        f'https.request(new URL("{URL}"), {{ method: "GET" }}, back).end();',
        "sts.eu-west-1.amazonaws.com",
    ),
    "get": (f'https.get("{URL}", back);', "sts.eu-west-1.amazonaws.com"),
    "a named import": (
        f'import("https").then(({{ get }}) => get("{URL}", back));',
        "sts.eu-west-1.amazonaws.com",
    ),
    "fetch": (
        f'fetch("{URL}").then((answer) => answer.json()).then((value) => done(null, value));',
        "sts.eu-west-1.amazonaws.com",
    ),
}


def shown(request: Request) -> Response:
    """What the embedded cloud was sent."""
    sent = {
        "method": request.method,
        "host": request.header("Host"),
        "target": f"{request.path}?{request.query}",
        "body": request.body.decode(),
    }
    return Response(200, (("Content-Type", "application/json"),), json.dumps(sent).encode())


@pytest.fixture
def running(lookups: FakeLookups, tmp_path: Path) -> Iterator[Functions]:
    """Functions that reach a server which repeats what it was sent."""
    with serving(Server(shown)) as server:
        service = Functions(lookups, lambda: CloudAccess(server.endpoint), tmp_path / "functions")
        yield service
        service.close()


@pytest.mark.parametrize(("call", "host"), WAYS.values(), ids=WAYS.keys())
def test_every_way_to_send_a_request_to_aws_reaches_the_embedded_cloud(
    running: Functions, make: Make, call: str, host: str
) -> None:
    done = running.invoke(make({"index.js": BODY.replace("CALL", call)}, runtime="nodejs22.x"), b"{}")
    sent = {"method": "GET", "host": host, "target": "/a/b?c=d", "body": ""}
    assert json.loads(done.payload) == sent


def test_a_body_is_sent_on(running: Functions, make: Make) -> None:
    answered = ".then((answer) => answer.json()).then((value) => done(null, value.body));"
    call = f'fetch("{URL}", {{ method: "POST", body: "text" }}){answered}'
    done = running.invoke(make({"index.js": BODY.replace("CALL", call)}, runtime="nodejs22.x"), b"{}")
    assert json.loads(done.payload) == "text"


def test_other_hosts_are_left_alone(running: Functions, make: Make) -> None:
    failed = '.on("error", (fault) => done(null, fault.code));'
    call = f'https.get("https://127.0.0.1:1/?x=.amazonaws.com", back){failed}'
    done = running.invoke(make({"index.js": BODY.replace("CALL", call)}, runtime="nodejs22.x"), b"{}")
    assert json.loads(done.payload) == "ECONNREFUSED"
