"""The AWS SDK that Lambda's Node runtimes carry: there for code that names it, as on Lambda."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.lambdas import Functions
from accountsctl.localcloud.lambdas.errors import InvokeError, invalid_runtime
from accountsctl.localcloud.lambdas.node_sdk import NodeSdk, imported, npm_install
from tests.local.lambdas.conftest import FakeLookups, access

Make = Callable[..., FunctionConfig]
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

ESM = 'import { who } from "@aws-sdk/client-rds-data";\nexport const handler = async () => who;'
COMMON = 'const { who } = require("@aws-sdk/client-rds-data");\nexports.handler = async () => who;'


@dataclass
class FakeNpm:
    """Installs packages that say who they are, each beside one that it needs; or has no network."""

    offline: bool = False
    installed: list[str] = field(default_factory=list)
    called: threading.Event = field(default_factory=threading.Event)

    def __call__(self, name: str, folder: Path) -> None:
        self.installed.append(name)
        self.called.set()
        if self.offline:
            raise invalid_runtime(f"no {name} today")
        write(folder / "node_modules/@aws-sdk" / name, 'exports.who = require("tslib").who;')
        write(folder / "node_modules/tslib", 'exports.who = "the runtime\'s";')


def write(package: Path, source: str) -> None:
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"main": "index.js"}')
    (package / "index.js").write_text(source)


@pytest.fixture
def npm() -> FakeNpm:
    return FakeNpm()


@pytest.fixture
def running(
    lookups: FakeLookups, npm: FakeNpm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Functions]:
    """Functions whose npm is the fake one, and whose user has kept no package yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    service = Functions(lookups, access, tmp_path / "functions", npm)
    yield service
    service.close()


@pytest.mark.parametrize("file", ["index.mjs", "index.js"])
def test_code_finds_the_sdk_that_it_does_not_bring(
    running: Functions, make: Make, npm: FakeNpm, file: str
) -> None:
    source = {"index.mjs": ESM, "index.js": COMMON}[file]
    for letter in "ab":  # two functions: the second one needs no npm
        function = make({file: f"// {letter}\n{source}"}, runtime="nodejs24.x", code_sha256=letter)
        assert json.loads(running.invoke(function, b"{}").payload) == "the runtime's"
    assert npm.installed == ["client-rds-data"]


def test_what_code_brings_itself_comes_first_and_needs_no_npm(
    running: Functions, make: Make, npm: FakeNpm
) -> None:
    own = "node_modules/@aws-sdk/client-rds-data"
    files = {
        "index.mjs": ESM,
        f"{own}/package.json": '{"main": "index.js"}',
        f"{own}/index.js": 'exports.who = "its own";',
    }
    done = running.invoke(make(files, runtime="nodejs24.x"), b"{}")
    assert (json.loads(done.payload), npm.installed) == ("its own", [])


def test_a_machine_that_cannot_get_it_says_so_to_the_caller_and_in_the_log_and_tries_again(
    running: Functions, make: Make, npm: FakeNpm, tmp_path: Path
) -> None:
    npm.offline = True
    function = make({"index.mjs": ESM}, runtime="nodejs24.x")
    done = running.invoke(function, b"{}")
    expected = {"errorType": "InvalidRuntimeException", "errorMessage": "no client-rds-data today"}
    assert (done.error, json.loads(done.payload)) == ("Unhandled", expected)
    assert "no client-rds-data today" in (tmp_path / "functions/logs/f.log").read_text()
    npm.offline = False
    assert json.loads(running.invoke(function, b"{}").payload) == "the runtime's"


def test_new_code_has_what_it_needs_before_anybody_calls_it(
    running: Functions, make: Make, npm: FakeNpm, lookups: FakeLookups
) -> None:
    function = make({"index.mjs": ESM}, runtime="nodejs24.x")
    lookups.functions["f"] = function
    created = Response(201, (), json.dumps({"FunctionArn": function.arn}).encode())
    running.observe(Request("POST", "/2015-03-31/functions", "", (), b"{}"), created, function.region)
    assert npm.called.wait(10)
    assert npm.installed == ["client-rds-data"]


def test_a_package_that_was_thrown_away_is_got_again(tmp_path: Path, npm: FakeNpm) -> None:
    code = tmp_path / "code/one"
    code.mkdir(parents=True)
    (code / "index.mjs").write_text(ESM)
    sdk = NodeSdk(tmp_path / "kept", npm)
    sdk.provide(code)
    shutil.rmtree(tmp_path / "kept")
    sdk.provide(code)
    assert (tmp_path / "code/node_modules/@aws-sdk/client-rds-data/index.js").exists()
    assert len(npm.installed) == 2


@pytest.mark.parametrize(
    "source",
    [
        'import * as a from "@aws-sdk/client-s3"',
        "import '@aws-sdk/client-s3/dist/x.js'",
        "import{S3 as a}from'@aws-sdk/client-s3';",
        "const a = await import(`@aws-sdk/client-s3`)",
        "var a=require( '@aws-sdk/client-s3' )",
    ],
)
def test_every_way_to_import_is_seen(tmp_path: Path, source: str) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/a.js").write_text(source)
    assert imported(tmp_path) == {"client-s3"}


def test_what_packages_import_among_themselves_is_their_own_affair(tmp_path: Path) -> None:
    (tmp_path / "node_modules/x").mkdir(parents=True)
    (tmp_path / "node_modules/x/a.js").write_text('require("@aws-sdk/client-s3")')
    assert imported(tmp_path) == set()


def test_the_error_of_npm_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InvokeError, match=r"carries @aws-sdk/client-s3, .* there is no npm on PATH"):
        npm_install("client-s3", tmp_path)
    script = "#!/bin/sh\necho npm warn old >&2\necho npm error code EAI_AGAIN >&2\nexit 1\n"
    (tmp_path / "npm").write_text(script)
    (tmp_path / "npm").chmod(0o755)
    with pytest.raises(InvokeError, match=r"could not get it: npm error code EAI_AGAIN\. "):
        npm_install("client-s3", tmp_path)
