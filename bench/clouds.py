"""The clouds that `bench/local.py` compares: accountsctl's, that of another commit, serverless-offline, MiniStack."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ECHO = ROOT / "bench" / "echo"
SERVERLESS = ("serverless@3.40.0", "serverless-offline@13.9.0")
MINISTACK = "ministack==1.5.33"
HIGH = {"rateLimit": 10000, "burstLimit": 5000}
PATHS = {"/echo": {"function": "echo", "methods": ["GET"]}}


@dataclass(frozen=True)
class Cloud:
    """A running cloud: its process, the URL of its function without a database, and that of the accounts."""

    name: str
    process: int
    echo: str
    accounts: str = ""
    token: str = ""
    folder: Path | None = None
    environment: Mapping[str, str] | None = None


class Accountsctl:
    """accountsctl of a checkout, with a copy of the sample and one more function and API: `echo`."""

    def __init__(self, name: str, checkout: Path, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.environment = {**os.environ, "PYTHONPATH": str(checkout)}
        ignored = shutil.ignore_patterns(".local", "build", "local-*")
        shutil.copytree(ROOT / "amplify", folder / "amplify", ignore=ignored)
        self._add_echo()
        self.run("env", "checkout", "dev")

    def _add_echo(self) -> None:
        backend = json.loads((ROOT / "backend-config.json").read_text())
        on_function = {"category": "function", "resourceName": "echo", "attributes": ["Name", "Arn"]}
        backend["function"]["echo"] = {"service": "Lambda", "dependsOn": []}
        backend["api"]["echo"] = {"service": "API Gateway", "dependsOn": [on_function]}
        (self.folder / "backend-config.json").write_text(json.dumps(backend))
        resources = self.folder / "amplify" / "backend"
        shutil.copytree(ECHO, resources / "function" / "echo" / "src")
        handler = json.loads((resources / "function" / "accountsAPI" / "parameters.json").read_text())
        (resources / "function" / "echo" / "parameters.json").write_text(json.dumps(handler))
        api = resources / "api" / "accountsAPI" / "parameters.json"
        accounts = {**json.loads(api.read_text()), "throttling": HIGH}
        api.write_text(json.dumps(accounts))
        (resources / "api" / "echo").mkdir()
        echo = {**accounts, "paths": PATHS, "authorization": "NONE"}
        (resources / "api" / "echo" / "parameters.json").write_text(json.dumps(echo))

    def run(self, *words: str) -> str:
        """Standard output of one command, which has to succeed."""
        command = [sys.executable, "-m", "accountsctl", *words]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, check=False, text=True, capture_output=True
        )
        if done.returncode:
            sys.exit(f"{self.name}: {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def pushed(self) -> Cloud:
        """Push everything, and add one account."""
        self.run("push", "--yes")
        self.run("db", "init")
        account = {"nickname": "a", "balance": 1, "type": "domestic", "account_number": "AB12345678"}
        self.run("call", "POST", "/accounts", "--api", "accountsAPI", "--data", json.dumps(account))
        return self.cloud()

    def cloud(self) -> Cloud:
        """What runs now."""
        outputs = json.loads(self.run("outputs", "--json"))
        running = json.loads((self.folder / "amplify" / ".local" / "cloud.json").read_text())
        urls = {name: outputs[f"api/{name}"]["RootUrl"] for name in ("echo", "accountsAPI")}
        token = self.run("auth", "token").strip()
        return Cloud(
            self.name,
            running["pid"],
            f"{urls['echo']}/echo",
            f"{urls['accountsAPI']}/accounts",
            token,
            self.folder,
            self._access(running["endpoint"]),
        )

    def _access(self, endpoint: str) -> Mapping[str, str]:
        """How a client reaches the cloud; commits that have no `local env` take any key."""
        command = [sys.executable, "-m", "accountsctl", "local", "env", "--json"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, check=False, text=True, capture_output=True
        )
        if done.returncode == 0:
            local: Mapping[str, str] = json.loads(done.stdout)
            return local
        return {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


@contextmanager
def accountsctl(name: str, checkout: Path = ROOT) -> Iterator[Accountsctl]:
    """A copy of the sample, not pushed yet; its cloud is stopped at the end."""
    with tempfile.TemporaryDirectory() as temporary:
        subject = Accountsctl(name, checkout, Path(temporary))
        try:
            yield subject
        finally:
            subject.run("local", "stop")


@contextmanager
def checkout(revision: str) -> Iterator[Path]:
    """The files of a commit."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "checkout"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "-q", "--detach", str(folder), revision], check=True)
        try:
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)


@contextmanager
def serverless_offline(*flags: str) -> Iterator[Cloud]:
    """serverless-offline with the same handler, installed from npm on first use. `flags` are more of its own."""
    tools = Path(tempfile.gettempdir()) / "accountsctl-bench-serverless"
    command = tools / "node_modules" / ".bin" / "serverless"
    if not command.exists():
        tools.mkdir(exist_ok=True)
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tools), *SERVERLESS]
        subprocess.run(npm, check=True)
    port, other = _free_port(), _free_port()
    functions = {
        "echo": {"handler": "index.handler", "events": [{"http": {"path": "echo", "method": "get"}}]}
    }
    service = {
        "service": "bench",
        "frameworkVersion": "3",
        "provider": {"name": "aws", "runtime": "python3.11"},
        "plugins": ["serverless-offline"],
        "functions": functions,
    }
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copy(ECHO / "index.py", folder)
        (folder / "node_modules").symlink_to(tools / "node_modules")
        (folder / "serverless.json").write_text(json.dumps(service))
        words = [
            "offline",
            "--httpPort",
            str(port),
            "--lambdaPort",
            str(other),
            "--host",
            "127.0.0.1",
            *flags,
        ]
        with _running([str(command), *words], folder, {"SLS_TELEMETRY_DISABLED": "1"}) as process:
            yield Cloud("serverless-offline", process, f"http://127.0.0.1:{port}/dev/echo", folder=folder)


@contextmanager
def ministack() -> Iterator[Cloud]:
    """MiniStack with the same handler in a process (its executor `local`), installed from PyPI on first use."""
    tools = Path(tempfile.gettempdir()) / "accountsctl-bench-ministack"
    command = tools / "bin" / "ministack"
    if not command.exists():
        venv.create(tools, with_pip=True)
        subprocess.run([tools / "bin" / "pip", "install", "-qq", MINISTACK], check=True)
    port = _free_port()
    settings = {"GATEWAY_PORT": str(port), "LAMBDA_EXECUTOR": "local"}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with _running([str(command)], folder, settings) as process:
            wait(f"http://127.0.0.1:{port}/_ministack/health")
            yield Cloud("MiniStack", process, _deployed(f"http://127.0.0.1:{port}", folder))


def _deployed(endpoint: str, folder: Path) -> str:
    """Create the function and an API in front of it; its URL."""
    import boto3

    session: Any = boto3.Session("test", "test", region_name="us-east-1")
    gateway, functions = (session.client(name, endpoint_url=endpoint) for name in ("apigateway", "lambda"))
    package = Path(shutil.make_archive(str(folder / "package"), "zip", ECHO))
    arn = functions.create_function(
        FunctionName="echo",
        Runtime="python3.11",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/echo",
        Code={"ZipFile": package.read_bytes()},
    )["FunctionArn"]
    api = gateway.create_rest_api(name="echo")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    at = {"restApiId": api, "httpMethod": "GET"}
    at["resourceId"] = gateway.create_resource(restApiId=api, parentId=root, pathPart="echo")["id"]
    gateway.put_method(**at, authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    gateway.put_integration(**at, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=api, stageName="dev")
    return f"{endpoint}/restapis/{api}/dev/_user_request_/echo"


@contextmanager
def _running(command: list[str], folder: Path, settings: Mapping[str, str]) -> Iterator[int]:
    """A server for the time of the block; its process id."""
    environment = {**os.environ, **settings}
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def wait(url: str, seconds: float = 240.0) -> None:
    """Return when the URL answers with 200."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
